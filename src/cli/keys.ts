// This file is `packetboat keys`: DKIM keys of sending domains, their rotation, and the zone file of delegated keys for those who let another
// server answer for it.
import { AppError } from '../errors.ts';
import { domainIdOf } from './named-domain.ts';
import { renderTable } from './table.ts';
import { apiCommand, type VerbContext } from './verbs.ts';

interface Key {
  readonly id: string;
  readonly selector: string;
  readonly algorithm: string;
  readonly state: string;
  readonly publish: { readonly type: string; readonly host: string; readonly value: string };
  readonly trouble: string | null;
  readonly compromised: boolean;
}

interface ZonePage {
  readonly zone: string;
  readonly name_servers: readonly string[];
  readonly data: readonly { readonly name: string; readonly type: string; readonly ttl: number; readonly value: string }[];
  readonly next: string | null;
}

const PAGE_MAX = 200;
/** A string of a TXT record holds at most 255 bytes. */
const STRING_MAX = 255;

export const keysCommand = apiCommand({
  name: 'keys',
  summary: 'Look at DKIM keys and change them.',
  preset: 'list',
  notes: 'A new key signs once every name server of the domain shows it and caches had time to forget; the old one signs until then.',
  verbs: {
    list: {
      form: 'DOMAIN [--tenant NAME|ID]',
      about: 'List the keys of a domain, newest first, with the records of those that are not over.',
      words: 1,
      run: async (context) => show(context, await context.api.ask('GET', `/v1/domains/${await domainIdOf(context)}/keys`)),
    },
    rotate: {
      form: 'DOMAIN [--algorithm rsa-sha256|ed25519-sha256] [--tenant NAME|ID]',
      about: 'Make the next key. Where the keys are delegated, nobody has to publish anything.',
      words: 1,
      options: { algorithm: { type: 'string' } },
      run: async (context) => {
        const body = { algorithm: context.option('algorithm') };
        show(context, await context.api.ask('POST', `/v1/domains/${await domainIdOf(context)}/keys/rotate`, { body }));
      },
    },
    check: {
      form: 'DOMAIN [--tenant NAME|ID]',
      about: 'Look in DNS now for keys that are on their way.',
      words: 1,
      run: async (context) => show(context, await context.api.ask('POST', `/v1/domains/${await domainIdOf(context)}/keys/check`)),
    },
    revoke: {
      form: 'DOMAIN SELECTOR [--tenant NAME|ID]',
      about:
        'End a key at once because others may have it: erased here, empty in DNS. The next one signs as soon as it is seen; there is no way back.',
      words: 2,
      run: revoke,
    },
    ed25519: {
      form: 'DOMAIN [--off] [--tenant NAME|ID]',
      about: 'Sign a second time with Ed25519, or no longer.',
      words: 1,
      options: { off: { type: 'boolean' } },
      run: async (context) => {
        const id = await domainIdOf(context);
        await context.api.ask('PATCH', `/v1/domains/${id}`, { body: { ed25519: !context.flag('off') } });
        show(context, await context.api.ask('GET', `/v1/domains/${id}/keys`));
      },
    },
    zone: {
      form: '',
      about: 'Print the zone file of the delegated keys (PACKETBOAT_DKIM_ZONE), for a server that answers for it elsewhere.',
      words: 0,
      run: async (context) => {
        const pages = await zonePages(context);
        context.print({ ...pages[0], data: pages.flatMap((page) => page.data), next: null }, zoneFile(pages));
      },
    },
  },
});

async function revoke(context: VerbContext): Promise<void> {
  const { api, positionals } = context;
  const url = `/v1/domains/${await domainIdOf(context)}/keys`;
  const wanted = positionals[1] ?? '';
  // The shape of this one address.
  const { data } = (await api.ask('GET', url)) as { data: Key[] };
  // A delegated place is used again and again: the key that lives there is meant.
  const named = data.filter(({ id, selector }) => id === wanted || selector === wanted);
  const key = named.find(({ state }) => state !== 'revoked') ?? named[0];
  if (!key)
    throw new AppError('NOT_FOUND', `The domain has no key ${wanted}.`, { hint: 'packetboat keys list DOMAIN shows the selectors.' });
  const answer = await api.ask('POST', `${url}/${key.id}/revoke`);
  // The shape of this one address.
  const { signs, stops_within_s: seconds, data: keys } = answer as { signs: string | null; stops_within_s: number; data: Key[] };
  context.print(answer, revokedText(key.id, { signs, seconds, keys }));
}

function revokedText(id: string, { signs, seconds, keys }: { signs: string | null; seconds: number; keys: readonly Key[] }): string {
  const gone = keys.find((key) => key.id === id);
  const next = keys.find(({ state }) => state === 'new');
  const lines = [`The key is erased; no node signs with it for longer than ${seconds} seconds from now.`];
  if (gone?.publish.type === 'TXT')
    lines.push(`Publish this in its place, or remove the record:\n  TXT ${gone.publish.host}\n    ${gone.publish.value}`);
  else lines.push('Its record is empty from now on; receivers may remember the old one for an hour.');
  if (signs !== null) lines.push(`${signs} signs from now on.`);
  else
    lines.push(
      'Nothing signs for the domain until the next key is seen: its mail takes ways that prove it by themselves, or is held where the policy is strict.',
    );
  if (next) lines.push(`The next key:\n  ${next.publish.type} ${next.publish.host}\n    ${next.publish.value}`);
  return `${lines.join('\n')}\n`;
}

function show({ print }: VerbContext, answer: unknown): void {
  // The answer of every verb here but zone.
  const { data } = answer as { data: Key[] };
  const table = renderTable(data as unknown as Record<string, unknown>[], [
    { title: 'selector', show: 'selector' },
    { title: 'algorithm', show: 'algorithm' },
    { title: 'state', show: 'state' },
    { title: 'since', show: 'since' },
    { title: 'next', show: 'next_at' },
  ]);
  const records = data
    .filter((key) => key.state !== 'revoked' || (key.compromised && key.publish.type === 'TXT'))
    .map(({ publish: { type, host, value }, trouble }) => `${type} ${host}\n    ${value}${trouble === null ? '' : `\n    ${trouble}`}`);
  print(answer, `${table}\n${records.join('\n')}\n`);
}

async function zonePages({ api }: VerbContext): Promise<ZonePage[]> {
  const pages: ZonePage[] = [];
  for (let after: string | undefined; ; ) {
    // The shape of this one address.
    const page = (await api.ask('GET', '/v1/dkim-zone', { query: { after, limit: String(PAGE_MAX) } })) as ZonePage;
    pages.push(page);
    if (page.next === null) return pages;
    after = page.next;
  }
}

/** RFC 1035 §5.1. The serial is left to whoever serves the file: most servers count it up by themselves. */
function zoneFile(pages: readonly ZonePage[]): string {
  const [{ zone, name_servers: servers } = { zone: '', name_servers: [] as readonly string[] }] = pages;
  const head = [
    `$ORIGIN ${zone}.`,
    `@ 300 IN SOA ${servers[0] ?? zone}. hostmaster.${zone}. 1 3600 900 604800 300`,
    ...servers.map((server) => `@ 3600 IN NS ${server}.`),
  ];
  const records = pages.flatMap((page) => page.data).map(({ name, type, ttl, value }) => `${name}. ${ttl} IN ${type} ${quoted(value)}`);
  return `${[...head, ...records].join('\n')}\n`;
}

function quoted(value: string): string {
  const strings: string[] = [];
  for (let at = 0; at < value.length; at += STRING_MAX) strings.push(`"${value.slice(at, at + STRING_MAX)}"`);
  return strings.join(' ');
}

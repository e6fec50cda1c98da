// This file is `packetboat keys`: DKIM keys of sending domains, their rotation, and the zone file of delegated keys for those who let another
// server answer for it.
import { domainIdOf } from './named-domain.ts';
import { renderTable } from './table.ts';
import { apiCommand, type VerbContext } from './verbs.ts';

interface Key {
  readonly selector: string;
  readonly algorithm: string;
  readonly state: string;
  readonly publish: { readonly type: string; readonly host: string; readonly value: string };
  readonly trouble: string | null;
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
      form: 'DOMAIN [--tenant ID]',
      about: 'List the keys of a domain, newest first, with the records of those that are not over.',
      words: 1,
      run: async (context) => show(context, await context.api.ask('GET', `/v1/domains/${await domainIdOf(context)}/keys`)),
    },
    rotate: {
      form: 'DOMAIN [--algorithm rsa-sha256|ed25519-sha256] [--tenant ID]',
      about: 'Make the next key. Where the keys are delegated, nobody has to publish anything.',
      words: 1,
      options: { algorithm: { type: 'string' } },
      run: async (context) => {
        const body = { algorithm: context.option('algorithm') };
        show(context, await context.api.ask('POST', `/v1/domains/${await domainIdOf(context)}/keys/rotate`, { body }));
      },
    },
    check: {
      form: 'DOMAIN [--tenant ID]',
      about: 'Look in DNS now for keys that are on their way.',
      words: 1,
      run: async (context) => show(context, await context.api.ask('POST', `/v1/domains/${await domainIdOf(context)}/keys/check`)),
    },
    ed25519: {
      form: 'DOMAIN [--off] [--tenant ID]',
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
    .filter((key) => key.state !== 'revoked')
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

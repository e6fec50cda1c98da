// This file is `packetboat domains`: sending domains of organisations.
import { alignmentVerb } from './domain-alignment.ts';
import { dmarcVerb, tlsVerb } from './domain-dmarc.ts';
import { removalsVerb, removeVerb } from './domain-removal.ts';
import { judgeVerb, unjudgeVerb } from './domain-sources.ts';
import { type DomainCommandWords, domainCommandWords } from './domain-words.ts';
import { domainIdOf as idOf } from './named-domain.ts';
import { apiCommand, LIST_OPTIONS, type VerbContext } from './verbs.ts';

interface DomainRecord {
  readonly id: string;
  readonly type: string;
  readonly host: string;
  readonly value: string;
  readonly needed: string;
  readonly state: string;
  readonly found: readonly string[];
  readonly mistake: { readonly message: string; readonly next: string } | null;
}

interface Domain {
  readonly id: string;
  readonly name: string;
  readonly state: keyof DomainCommandWords['states'];
  readonly authenticated: boolean;
  readonly breaks_at: string | null;
  readonly checked_at: string | null;
  readonly next_check_at: string | null;
  readonly check_note: string | null;
  readonly held_messages: number;
  readonly records: readonly DomainRecord[];
}

interface Instructions {
  readonly host: { readonly name: string };
  readonly hosts: readonly { readonly id: string }[];
  readonly steps: readonly { readonly text: string; readonly fields: readonly { readonly label: string; readonly value: string }[] }[];
  readonly zone_file: string;
  readonly message: { readonly subject: string; readonly text: string };
}

interface ProviderDomain {
  readonly id: string;
  readonly provider: string;
  readonly account?: string;
  readonly state: string;
  readonly signing: boolean;
  readonly records: readonly { readonly type: string; readonly host: string; readonly value: string; readonly needed: string }[];
  readonly spf_include: string | null;
  readonly trouble: string | null;
}

export const domainsCommand = apiCommand({
  name: 'domains',
  summary: 'Register sending domains of organisations.',
  preset: 'list',
  verbs: {
    list: {
      form: '[--tenant NAME|ID] [--state pending|verified|warning|broken] [--name PART] [--limit N]',
      about: 'List sending domains.',
      words: 0,
      options: { ...LIST_OPTIONS, state: { type: 'string' }, name: { type: 'string' } },
      run: ({ list, option }) =>
        list('/v1/domains', {
          query: { state: option('state'), name: option('name') },
          columns: [
            { title: 'id', show: 'id' },
            { title: 'name', show: 'name' },
            { title: 'state', show: 'state' },
            { title: 'proven', show: (row) => (row['authenticated'] ? 'yes' : 'no') },
            { title: 'looked at', show: 'checked_at' },
            { title: 'breaks', show: 'breaks_at' },
            { title: 'tenant', show: 'tenant_id' },
          ],
          nothing: 'No domain is registered. Add one with: packetboat domains add NAME --tenant NAME|ID',
        }),
    },
    add: {
      form: 'NAME --tenant NAME|ID [--authenticated]',
      about: 'Register a domain and show the DNS records that prove it.',
      words: 1,
      options: { authenticated: { type: 'boolean' } },
      run: async (context) => {
        const {
          api,
          positionals: [name = ''],
          flag,
          json,
          io,
        } = context;
        const body = { name, authenticated: flag('authenticated') || undefined };
        show(context, (await api.ask('POST', `/v1/tenants/${context.tenant()}/domains`, { body })) as Domain);
        if (!json) io.stdout.write(`\n${domainCommandWords(context.language).howTo(name)}\n`);
      },
    },
    show: {
      form: 'NAME|ID [--lang en|de]',
      about: 'Show a domain: its records, what was found, and what is wrong with it.',
      words: 1,
      options: { lang: { type: 'string' } },
      run: async (context) => {
        const id = await idOf(context);
        show(context, (await context.api.ask('GET', `/v1/domains/${id}`, { query: { lang: context.option('lang') } })) as Domain);
      },
    },
    check: {
      form: 'NAME|ID [--lang en|de]',
      about: 'Look at its records now.',
      words: 1,
      options: { lang: { type: 'string' } },
      run: async (context) => {
        const id = await idOf(context);
        show(context, (await context.api.ask('POST', `/v1/domains/${id}/check`, { query: { lang: context.option('lang') } })) as Domain);
      },
    },
    instructions: {
      form: 'NAME|ID [--host HOST] [--lang en|de] [--zone-file | --message]',
      about: 'Tell how its records are published: step by step, as a zone file, or as a message to forward to whoever runs the website.',
      words: 1,
      options: { host: { type: 'string' }, lang: { type: 'string' }, 'zone-file': { type: 'boolean' }, message: { type: 'boolean' } },
      run: async (context) => {
        const id = await idOf(context);
        const query = { host: context.option('host'), lang: context.option('lang') };
        const told = (await context.api.ask('GET', `/v1/domains/${id}/instructions`, { query })) as Instructions;
        if (context.flag('zone-file')) context.print(told, told.zone_file);
        else if (context.flag('message')) context.print(told, `${told.message.subject}\n\n${told.message.text}`);
        else context.print(told, stepsText(told, domainCommandWords(context.language)));
      },
    },
    prove: {
      form: 'NAME|ID',
      about: 'Say that receivers can prove mail of this domain; looks at its records never take that back.',
      words: 1,
      run: async (context) => {
        const id = await idOf(context);
        const body = { authenticated: true, state: 'verified' };
        show(context, (await context.api.ask('PATCH', `/v1/domains/${id}`, { body })) as Domain);
      },
    },
    remove: removeVerb,
    removals: removalsVerb,
    alignment: alignmentVerb,
    dmarc: dmarcVerb,
    judge: judgeVerb,
    unjudge: unjudgeVerb,
    tls: tlsVerb,
    providers: {
      form: 'DOMAIN [--register] [--account ID…] [--check] [--tenant NAME|ID]',
      about:
        'Show where a domain stands at providers; --register makes it known to accounts (all that can, or those named), --check asks them now.',
      words: 1,
      options: { register: { type: 'boolean' }, account: { type: 'string', multiple: true }, check: { type: 'boolean' } },
      run: async (context) => {
        const { api, flag, options, print, language } = context;
        const words = domainCommandWords(language);
        const url = `/v1/domains/${await idOf(context)}/provider-domains`;
        const accounts = options('account');
        if (flag('register')) await api.ask('POST', url, { body: accounts.length > 0 ? { accounts } : {} });
        // The shape of this one address.
        const read = async () => (await api.ask('GET', url)) as { data: ProviderDomain[] };
        if (flag('check')) for (const { id } of (await read()).data) await api.ask('POST', `${url}/${id}/check`);
        const answer = await read();
        print(answer, answer.data.map((each) => providerText(each, words)).join('\n') || words.noProvider);
      },
    },
  },
});

function show({ print, language }: Pick<VerbContext, 'print' | 'language'>, domain: Domain): void {
  const words = domainCommandWords(language);
  const head = `${domain.name}: ${words.states[domain.state]}, ${domain.authenticated ? words.proven : words.notProven}`;
  const times = [
    domain.breaks_at === null ? '' : words.breaks(domain.breaks_at),
    domain.checked_at === null ? words.notLooked : words.looked(domain.checked_at),
    domain.held_messages === 0 ? '' : words.held(domain.held_messages),
    domain.next_check_at === null ? (domain.check_note ?? '') : words.nextLook(domain.next_check_at),
  ];
  print(domain, `${head}\n${times.filter(Boolean).join(' ')}\n\n${domain.records.map((record) => recordText(record, words)).join('\n')}`);
}

/** The value is what has to be copied whole, so it stands on a line of its own. */
function recordText({ type, host, value, needed, state, found, mistake }: DomainRecord, words: DomainCommandWords): string {
  const lines = [`${state.padEnd(11)} ${type.padEnd(5)} ${host}  (${needed})`, `    ${value}`];
  if (state !== 'ok' && found.length > 0) lines.push(`    ${words.found}: ${found.join(' · ')}`);
  if (mistake !== null && state !== 'ok') lines.push(`    ${mistake.message} ${mistake.next}`);
  return lines.join('\n');
}

function stepsText({ steps, hosts }: Instructions, words: DomainCommandWords): string {
  const told = steps.map(({ text, fields }, index) => {
    const wide = Math.max(0, ...fields.map(({ label }) => label.length));
    return [`${index + 1}. ${text}`, ...fields.map(({ label, value }) => `     ${label.padEnd(wide)}  ${value}`)].join('\n');
  });
  return `${told.join('\n')}\n\n${words.otherHosts}: ${hosts.map(({ id }) => id).join(' ')}\n`;
}

function providerText(
  { provider, account, state, signing, records, spf_include: include, trouble }: ProviderDomain,
  words: DomainCommandWords,
): string {
  const signs = signing ? `, ${words.signs}` : '';
  const lines = [`${account === undefined ? provider : `${account} (${provider})`}: ${state}${signs}`];
  if (trouble !== null) lines.push(`    ${trouble}`);
  for (const { type, host, value, needed } of records) lines.push(`    ${type.padEnd(5)} ${host}  (${needed})`, `        ${value}`);
  if (include !== null) lines.push(`    SPF   include:${include}`);
  return lines.join('\n');
}

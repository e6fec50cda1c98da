// This file is `packetboat domains dmarc` and `packetboat domains tls`: what reports say about a domain.
import { type DomainCommandWords, domainCommandWords } from './domain-words.ts';
import { domainIdOf } from './named-domain.ts';
import { type Row, renderTable } from './table.ts';
import type { Verb, VerbContext } from './verbs.ts';

const OPTIONS = { from: { type: 'string' }, to: { type: 'string' }, lang: { type: 'string' } } as const;

export const dmarcVerb: Verb = {
  form: 'NAME [--from DAY] [--to DAY] [--lang en|de] [--csv]',
  about: 'Show who sends in the name of a domain, why some of it fails, and the next safe step of its DMARC policy.',
  words: 1,
  options: { ...OPTIONS, csv: { type: 'boolean' } },
  run: async (context) => {
    const { api, flag, print, language } = context;
    const id = await domainIdOf(context);
    if (flag('csv')) return print(await api.ask('GET', `/v1/domains/${id}/dmarc/export`, { query: queryOf(context) }));
    // The API's form.
    const view = (await api.ask('GET', `/v1/domains/${id}/dmarc`, { query: queryOf(context) })) as unknown as DmarcView;
    print(view, dmarcText(view, domainCommandWords(language)));
  },
};

export const tlsVerb: Verb = {
  form: 'NAME [--from DAY] [--to DAY] [--lang en|de]',
  about: 'Show how mail to a domain is encrypted, as its senders report.',
  words: 1,
  options: OPTIONS,
  run: async (context) => {
    const { api, print, language } = context;
    const words = domainCommandWords(language);
    // The API's form.
    const view = (await api.ask('GET', `/v1/domains/${await domainIdOf(context)}/tls`, { query: queryOf(context) })) as unknown as TlsView;
    const head = words.tlsHead(view);
    const columns = [
      { title: words.columns.failed, show: 'sessions', right: true },
      { title: words.columns.result, show: 'result_type' },
      { title: words.columns.server, show: 'mx_host' },
    ];
    const failures = view.failures.length === 0 ? '' : `\n${renderTable(view.failures, columns)}\n${advice(view.failures)}`;
    print(view, `${head}\n${failures}`);
  },
};

interface DmarcView {
  readonly from: string;
  readonly to: string;
  readonly messages: number;
  readonly aligned: number;
  readonly sources: readonly Row[];
  readonly failures: readonly Row[];
  readonly safe_path: {
    readonly policy: string | null;
    readonly testing: boolean;
    readonly next: { readonly policy: string; readonly record: string } | null;
    readonly blockers: readonly Row[];
    readonly evidence: string;
  };
}

interface TlsView {
  readonly from: string;
  readonly to: string;
  readonly sessions: number;
  readonly failed: number;
  readonly failures: readonly Row[];
}

function queryOf({ option }: VerbContext) {
  return { from: option('from'), to: option('to'), lang: option('lang') };
}

function dmarcText(view: DmarcView, words: DomainCommandWords): string {
  const { safe_path: path } = view;
  const columns = [
    { title: words.columns.source, show: 'name' },
    { title: words.columns.kind, show: 'kind' },
    { title: words.columns.messages, show: 'messages', right: true },
    { title: words.columns.aligned, show: 'aligned', right: true },
    { title: 'dkim', show: 'dkim_aligned', right: true },
    { title: 'spf', show: 'spf_aligned', right: true },
    { title: words.columns.whose, show: (row: Row) => saidOf(row['judgement'], words) },
  ];
  const policy = path.policy === null ? words.noPolicy : words.policy(`${path.policy}${path.testing ? ' (t=y)' : ''}`);
  const next =
    path.next === null
      ? path.blockers.map((blocker) => `  ${blocker['why']}\n    ${blocker['next_step']}`).join('\n')
      : `  ${words.publish(path.next.record)}`;
  return [
    words.dmarcHead({ ...view, policy }),
    renderTable(view.sources, columns, words.noReport),
    advice(view.failures),
    `${words.nextStep}: ${path.evidence}\n${next}`,
  ]
    .filter((part) => part !== '')
    .join('\n');
}

/** What somebody said about a source. */
function saidOf(judgement: unknown, words: DomainCommandWords): string {
  // The API's form.
  const { verdict = '', note = '', holds = true } = (judgement ?? {}) as { verdict?: string; note?: string; holds?: boolean };
  return [verdict, note === '' ? '' : `"${note}"`, holds ? '' : words.carriesOurs].filter((part) => part !== '').join(' ');
}

function advice(rows: readonly Row[]): string {
  return rows.map((row) => `${row['messages'] ?? row['sessions']} × ${row['why']}\n    ${row['next_step']}\n`).join('');
}

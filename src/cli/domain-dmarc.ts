// This file is `packetboat domains dmarc` and `packetboat domains tls`: what reports say about a domain.
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
    const { api, flag, print } = context;
    const id = await domainIdOf(context);
    if (flag('csv')) return print(await api.ask('GET', `/v1/domains/${id}/dmarc/export`, { query: queryOf(context) }));
    // The API's form.
    const view = (await api.ask('GET', `/v1/domains/${id}/dmarc`, { query: queryOf(context) })) as unknown as DmarcView;
    print(view, dmarcText(view));
  },
};

export const tlsVerb: Verb = {
  form: 'NAME [--from DAY] [--to DAY] [--lang en|de]',
  about: 'Show how mail to a domain is encrypted, as its senders report.',
  words: 1,
  options: OPTIONS,
  run: async (context) => {
    const { api, print } = context;
    // The API's form.
    const view = (await api.ask('GET', `/v1/domains/${await domainIdOf(context)}/tls`, { query: queryOf(context) })) as unknown as TlsView;
    const head = `${view.from} to ${view.to}: ${view.sessions} connections, ${view.failed} of them not encrypted as they should be.`;
    const columns = [
      { title: 'failed', show: 'sessions', right: true },
      { title: 'result', show: 'result_type' },
      { title: 'mail server', show: 'mx_host' },
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

function dmarcText(view: DmarcView): string {
  const { safe_path: path } = view;
  const columns = [
    { title: 'source', show: 'name' },
    { title: 'kind', show: 'kind' },
    { title: 'messages', show: 'messages', right: true },
    { title: 'aligned', show: 'aligned', right: true },
    { title: 'dkim', show: 'dkim_aligned', right: true },
    { title: 'spf', show: 'spf_aligned', right: true },
    { title: 'whose', show: (row: Row) => saidOf(row['judgement']) },
  ];
  const policy = path.policy === null ? 'no policy was reported' : `policy ${path.policy}${path.testing ? ' (t=y)' : ''}`;
  const next =
    path.next === null
      ? path.blockers.map((blocker) => `  ${blocker['why']}\n    ${blocker['next_step']}`).join('\n')
      : `  Publish at _dmarc: ${path.next.record}`;
  return [
    `${view.from} to ${view.to}: ${view.messages} messages, ${view.aligned} aligned; ${policy}.`,
    renderTable(view.sources, columns, 'No report counted.'),
    advice(view.failures),
    `Next step: ${path.evidence}\n${next}`,
  ]
    .filter((part) => part !== '')
    .join('\n');
}

/** What somebody said about a source. */
function saidOf(judgement: unknown): string {
  // The API's form.
  const { verdict = '', note = '', holds = true } = (judgement ?? {}) as { verdict?: string; note?: string; holds?: boolean };
  return [verdict, note === '' ? '' : `"${note}"`, holds ? '' : '(but it carries mail of this desk)']
    .filter((part) => part !== '')
    .join(' ');
}

function advice(rows: readonly Row[]): string {
  return rows.map((row) => `${row['messages'] ?? row['sessions']} × ${row['why']}\n    ${row['next_step']}\n`).join('');
}

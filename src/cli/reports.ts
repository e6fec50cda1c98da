// This file is `packetboat reports`: the reports about domains that a desk has, and handing in more.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { buffer as readAll } from 'node:stream/consumers';
import { AppError } from '../errors.ts';
import { type Row, renderObject, renderTable } from './table.ts';
import { apiCommand, LIST_OPTIONS } from './verbs.ts';

const FILTERS = {
  domain: { type: 'string' },
  kind: { type: 'string' },
  state: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
} as const;

interface Taken {
  readonly data: readonly Row[];
  readonly refused: readonly { readonly code: string; readonly message: string; readonly hint: string }[];
}

export const reportsCommand = apiCommand({
  name: 'reports',
  summary: 'List and hand in what receivers report about domains (DMARC, TLS).',
  preset: 'list',
  notes: '"packetboat domains dmarc NAME" says what they mean; "packetboat report parse FILE" reads a file without a desk.',
  verbs: {
    list: {
      form: '[--domain NAME] [--kind aggregate|failure|tlsrpt] [--state counted|quarantined|forged|conflict] [--from TIME] [--to TIME] [--limit N]',
      about: 'List reports, newest first.',
      words: 0,
      options: { ...LIST_OPTIONS, ...FILTERS },
      run: ({ list, option }) =>
        list('/v1/domain-reports', {
          query: { ...Object.fromEntries(Object.keys(FILTERS).map((name) => [name, option(name)])), after: option('after') },
          columns: [
            { title: 'id', show: 'id' },
            { title: 'kind', show: 'kind' },
            { title: 'domain', show: 'domain' },
            { title: 'from', show: 'org_name' },
            { title: 'first', show: 'begin_at' },
            { title: 'messages', show: 'messages', right: true },
            { title: 'passed', show: 'passed', right: true },
            { title: 'state', show: 'state' },
            { title: 'why', show: 'why' },
          ],
          nothing: 'No report came. Domains name the reporting address in their DMARC record: "packetboat domains show ID".',
        }),
    },
    show: {
      form: 'ID',
      about: 'Show a report with its records.',
      words: 1,
      run: async ({ api, positionals: [id], print }) => {
        // The API's form.
        const { rows, ...report } = (await api.ask('GET', `/v1/domain-reports/${id}`)) as Row & { rows: Row[] };
        const columns = [
          'ip',
          'ptr',
          'messages',
          'header_from',
          'dkim_domain',
          'dkim_result',
          'spf_domain',
          'spf_result',
          'disposition',
          'reasons',
        ];
        const table =
          rows.length === 0
            ? ''
            : `\n${renderTable(
                rows,
                columns.map((name) => ({ title: name, show: name })),
              )}`;
        print({ ...report, rows }, `${renderObject(report)}${table}`);
      },
    },
    import: {
      form: 'FILE…|- [--tenant NAME|ID]',
      about:
        'Hand in reports as they are: XML, JSON, zip, gzip or the whole mail. Without --tenant an operator hands them in for whoever owns the domain.',
      words: 'any',
      run: async ({ api, io, positionals, option, print }) => {
        if (positionals.length === 0) throw new AppError('CLI_USAGE', 'The form is: packetboat reports import FILE…|-');
        const lines: Row[] = [];
        for (const path of positionals) {
          const file = new Uint8Array(path === '-' ? await readAll(io.stdin) : readFileSync(resolve(io.cwd, path)));
          // The API's form.
          const taken = (await api.ask('POST', '/v1/domain-reports', {
            file,
            query: { tenant_id: option('tenant') },
            headers: { 'content-type': 'application/octet-stream' },
          })) as Taken;
          lines.push(...taken.data.map((report) => ({ file: path, ...report })));
          lines.push(...taken.refused.map(({ code, message }) => ({ file: path, outcome: 'refused', why: `${message} (${code})` })));
        }
        const columns = ['file', 'kind', 'domain', 'outcome', 'state', 'why'].map((name) => ({ title: name, show: name }));
        print({ data: lines }, renderTable(lines, columns, 'Nothing was handed in.'));
      },
    },
    accept: {
      form: 'ID',
      about: 'Take a report for genuine although its mail does not prove who wrote it.',
      words: 1,
      run: async ({ api, positionals: [id], print }) => {
        const report = (await api.ask('POST', `/v1/domain-reports/${id}/accept`)) as Row;
        print(report, report['state'] === 'counted' ? 'It counts now.' : 'It counts once its domain is verified.');
      },
    },
  },
});

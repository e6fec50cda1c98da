// This file is `packetboat suppressions`: addresses on hold, one by one and as files.
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { buffer as readAll } from 'node:stream/consumers';
import { AppError } from '../errors.ts';
import { SUPPRESSION_FILE_FORMATS } from '../feedback/suppression-files.ts';
import { apiCommand, COUNTED_LIST_OPTIONS } from './verbs.ts';

/** Rows that were not taken, on a screen; the API names the first 200. */
const REFUSED_SHOWN = 20;
const FORMATS = Object.keys(SUPPRESSION_FILE_FORMATS).join('|');

export const suppressionsCommand = apiCommand({
  name: 'suppressions',
  summary: 'List, add, end, import and export holds of addresses.',
  preset: 'list',
  verbs: {
    list: {
      form: '[--address A | --begins TEXT] [--class CLASS] [--source S] [--stream STREAM] [--expired] [--limit N] [--total]',
      about: 'List addresses on hold, newest first; --expired: holds that have ended.',
      words: 0,
      options: {
        ...COUNTED_LIST_OPTIONS,
        address: { type: 'string' },
        begins: { type: 'string' },
        class: { type: 'string' },
        reason: { type: 'string' },
        source: { type: 'string' },
        stream: { type: 'string' },
        expired: { type: 'boolean' },
      },
      run: ({ list, option, flag }) =>
        list('/v1/suppressions', {
          query: {
            address: option('address'),
            q: option('begins'),
            class: option('class') ?? option('reason'),
            source: option('source'),
            stream: option('stream'),
            expired: flag('expired') ? 'true' : undefined,
            after: option('after'),
          },
          columns: [
            { title: 'id', show: 'id' },
            { title: 'address', show: 'address' },
            { title: 'stream', show: (row) => row['stream'] ?? 'both' },
            { title: 'reason', show: 'reason' },
            { title: 'since', show: 'created_at' },
            { title: 'until', show: 'expires_at' },
            { title: 'times', show: 'holds' },
            { title: 'proof', show: 'evidence' },
          ],
          nothing: 'No address is on hold.',
        }),
    },
    add: {
      form: 'ADDRESS [--tenant NAME|ID] [--stream STREAM] [--reason WHY] [--until TIME]',
      about: 'Put an address on hold.',
      words: 1,
      options: { stream: { type: 'string' }, reason: { type: 'string' }, until: { type: 'string' } },
      run: async ({ api, positionals: [address], option, print }) =>
        print(
          await api.ask('POST', '/v1/suppressions', {
            body: {
              tenant_id: option('tenant'),
              address,
              stream: option('stream'),
              reason: option('reason'),
              expires_at: option('until')?.replace(/^\d{4}-\d\d-\d\d$/, '$&T00:00:00Z'),
            },
          }),
        ),
    },
    remove: {
      form: 'ID|ADDRESS [--tenant NAME|ID] [--stream STREAM]',
      about: 'End a hold, by its id or by its address.',
      words: 1,
      options: { stream: { type: 'string' } },
      run: async ({ api, positionals: [which = ''], option, print }) => {
        const query = { tenant_id: option('tenant'), address: which, stream: option('stream') };
        if (which.includes('@')) await api.ask('DELETE', '/v1/suppressions', { query });
        else await api.ask('DELETE', `/v1/suppressions/${which}`);
        print({ removed: which }, `${which} may be written to again.`);
      },
    },
    release: {
      form: 'ID --why TEXT [--resend] [--days N]',
      about: 'End a hold and say why; --resend hands the mail in again that it stopped.',
      words: 1,
      options: { why: { type: 'string' }, resend: { type: 'boolean' }, days: { type: 'string' } },
      run: async ({ api, positionals: [id = ''], option, flag, print }) => {
        const why = option('why');
        if (why === undefined)
          throw new AppError('CLI_USAGE', 'Say why with --why: it stands in the audit log, and the application hears it.');
        const days = option('days');
        const body = { why, resend: flag('resend'), ...(days === undefined ? {} : { days: Number(days) }) };
        // Answers of the API have this form.
        const done = (await api.ask('POST', `/v1/suppressions/${id}/release`, { body })) as {
          released: { address: string };
          resent: string[];
          not_resent: { message_id: string; message: string }[];
        };
        print(
          done,
          [
            `${done.released.address} may be written to again.`,
            ...done.resent.map((message) => `Accepted again: ${message}`),
            ...done.not_resent.map((each) => `Not taken: ${each.message_id} (${each.message})`),
          ].join('\n'),
        );
      },
    },
    import: {
      form: `FILE|- [--format ${FORMATS}] [--dry-run] [--tenant NAME|ID]`,
      about: 'Put the addresses of a file on hold; rows that cannot be taken are named with their line. --dry-run: say what would be done.',
      words: 1,
      options: { format: { type: 'string' }, 'dry-run': { type: 'boolean', default: false } },
      run: async ({ api, positionals: [path = ''], option, flag, io, print }) => {
        const file = new Uint8Array(path === '-' ? await readAll(io.stdin) : readFileSync(resolve(io.cwd, path)));
        const answer = (await api.ask('POST', '/v1/suppressions/import', {
          query: { tenant_id: option('tenant'), format: option('format'), dry_run: flag('dry-run') ? 'true' : undefined },
          file,
          headers: { 'content-type': 'application/octet-stream' },
          // Answers of the API have this form.
        })) as {
          added: number;
          already: number;
          refused: { line: number; address: string | null; message: string }[];
          refused_count: number;
          columns: { named: boolean; read: string[]; not_read: string[] } | null;
        };
        const { added, already, refused, refused_count: count } = answer;
        print(
          answer,
          [
            flag('dry-run')
              ? `${added} addresses would be put on hold, ${already} are already, ${count} rows would be refused. Nothing was written.`
              : `${added} addresses are on hold now, ${already} were before, ${count} rows were refused.`,
            ...columnsSaid(answer.columns),
            ...refused.slice(0, REFUSED_SHOWN).map((row) => `line ${row.line}: ${row.address ?? ''} ${row.message}`),
            ...(count > REFUSED_SHOWN
              ? [`… and ${count - REFUSED_SHOWN} more${count > refused.length ? '' : '; --json shows them'}.`]
              : []),
          ].join('\n'),
        );
      },
    },
    export: {
      form: `[FILE] [--format ${FORMATS}] [--tenant NAME|ID]`,
      about: 'Write every address on hold to a file, or to the standard output.',
      words: 'any',
      options: { format: { type: 'string' } },
      run: async ({ api, positionals: [path], option, io, print }) => {
        const query = { tenant_id: option('tenant'), format: option('format') };
        const text = String((await api.ask('GET', '/v1/suppressions/export', { query })) ?? '');
        if (path === undefined) io.stdout.write(text);
        else {
          writeFileSync(resolve(io.cwd, path), text);
          print({ file: path }, `${path} is written.`);
        }
      },
    },
  },
});

/** What the columns were taken for, where that may not be what was meant. */
function columnsSaid(columns: { named: boolean; read: readonly string[]; not_read: readonly string[] } | null): string[] {
  if (columns === null) return [];
  const { named, read, not_read: left } = columns;
  return [
    ...(named ? [] : [`No line names the columns; they were taken for: ${read.join(', ')}.`]),
    ...(left.length === 0 ? [] : [`Not read: ${left.join(', ')}. What can be read: address, stream, reason, evidence, expires_at.`]),
  ];
}

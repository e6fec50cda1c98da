// This file is `packetboat send`: hands in one message, from parts or as a whole.
import { readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { buffer as readAll } from 'node:stream/consumers';
import { AppError } from '../errors.ts';
import type { CommandIo } from './command.ts';
import { renderTable } from './table.ts';
import { apiCommand, type VerbContext } from './verbs.ts';

const MANY = { type: 'string', multiple: true } as const;
const ONE = { type: 'string' } as const;

export const sendCommand = apiCommand({
  name: 'send',
  summary: 'Hand in a message.',
  preset: 'message',
  notes:
    'With --text - or "send raw -" the content comes from stdin. A message handed in is accepted, not yet delivered: see "packetboat messages show".',
  verbs: {
    message: {
      form: '--from A --to A … [--cc A …] [--bcc A …] [--reply-to A] [--subject S] [--text T|-] [--html FILE] [--attach FILE …] [--header NAME=VALUE …] [--stream STREAM] [--tag T …] [--metadata NAME=VALUE …] [--send-at TIME] [--idempotency-key K]',
      about: 'Compose and hand in.',
      words: 0,
      options: {
        from: ONE,
        to: MANY,
        cc: MANY,
        bcc: MANY,
        'reply-to': ONE,
        subject: ONE,
        text: ONE,
        html: ONE,
        attach: MANY,
        stream: ONE,
        header: MANY,
        tag: MANY,
        metadata: MANY,
        'send-at': ONE,
        'idempotency-key': ONE,
      },
      run: (context) => handIn(context, composed(context)),
    },
    raw: {
      form: 'FILE|- --to A … [--mail-from A] [--stream STREAM] [--tag T …] [--metadata NAME=VALUE …] [--send-at TIME] [--idempotency-key K]',
      about: 'Hand in a whole message (RFC 5322).',
      words: 1,
      options: { to: MANY, 'mail-from': ONE, stream: ONE, tag: MANY, metadata: MANY, 'send-at': ONE, 'idempotency-key': ONE },
      run: (context) => handIn(context, whole(context)),
    },
  },
});

async function handIn(context: VerbContext, making: Promise<object>): Promise<void> {
  const { api, option, print } = context;
  const key = option('idempotency-key');
  const body = { tenant_id: option('tenant'), stream: option('stream'), ...(await making) };
  const headers: Record<string, string> = key === undefined ? {} : { 'idempotency-key': key };
  const answer = (await api.ask('POST', '/v1/messages', { body, headers })) as { id: string; recipients: Record<string, unknown>[] };
  const columns = [
    { title: 'recipient', show: 'address' },
    { title: 'state', show: 'state' },
  ];
  print(answer, `Accepted as ${answer.id}.\n${renderTable(answer.recipients, columns)}`);
}

async function composed({ option, options, io }: VerbContext): Promise<object> {
  const text = option('text');
  const html = option('html');
  const listed = (name: string) => (options(name).length > 0 ? options(name) : undefined);
  return {
    from: option('from'),
    to: listed('to'),
    cc: listed('cc'),
    bcc: listed('bcc'),
    reply_to: option('reply-to'),
    subject: option('subject'),
    text: text === '-' ? (await readAll(io.stdin)).toString('utf8') : text,
    html: html === undefined ? undefined : readFileSync(resolve(io.cwd, html), 'utf8'),
    headers: pairs(options('header')),
    attachments: listed('attach')?.map((path) => attachment(path, io)),
    ...markings({ option, options }),
  };
}

async function whole({ option, options, positionals: [file = '-'], io }: VerbContext): Promise<object> {
  const raw = file === '-' ? await readAll(io.stdin) : readFileSync(resolve(io.cwd, file));
  return { raw: crlf(raw).toString('base64'), recipients: options('to'), mail_from: option('mail-from'), ...markings({ option, options }) };
}

/** What goes beside the mail itself. */
function markings({ option, options }: Pick<VerbContext, 'option' | 'options'>): object {
  const tags = options('tag');
  return { tags: tags.length > 0 ? tags : undefined, metadata: pairs(options('metadata')), send_at: option('send-at') };
}

/** Throws CLI_USAGE for what has no name. */
function pairs(given: readonly string[]): Record<string, string> | undefined {
  if (given.length === 0) return undefined;
  return Object.fromEntries(
    given.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) throw new AppError('CLI_USAGE', `"${pair}" is not NAME=VALUE.`);
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

/** Files on this machine end their lines as the machine does; mail ends them with CR LF. */
function crlf(raw: Buffer): Buffer {
  return raw.includes('\r\n') ? raw : Buffer.from(raw.toString('latin1').replaceAll('\n', '\r\n'), 'latin1');
}

function attachment(path: string, io: CommandIo): object {
  return {
    filename: basename(path),
    content_type: TYPES[path.toLowerCase().split('.').at(-1) ?? ''] ?? 'application/octet-stream',
    content: readFileSync(resolve(io.cwd, path)).toString('base64'),
  };
}

const TYPES: Readonly<Record<string, string>> = {
  csv: 'text/csv',
  gif: 'image/gif',
  html: 'text/html',
  ics: 'text/calendar',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  pdf: 'application/pdf',
  png: 'image/png',
  txt: 'text/plain',
  zip: 'application/zip',
};

// This file reads what messages/send and messages/send-raw carry into one form. Raw mail may bring its options as X-MC-* headers, which
// Mandrill takes out again.
import { composeMime, mailboxText } from '../compose.ts';
import { type JsonRecord, list, parseRecord, record, text, textRecord, texts } from '../json.ts';
import { merge } from '../merge.ts';
import { addresses, decodeWords, firstAddress, firstLink, headerField, splitMessage, withCrLf, withoutFields } from '../mime.ts';
import { Refusal } from './errors.ts';

export interface Rcpt {
  readonly address: string;
  readonly name: string;
  readonly metadata: JsonRecord;
  readonly vars: Readonly<Record<string, string>>;
}

export interface Message {
  readonly from: string;
  readonly subject: string;
  readonly rcpts: readonly Rcpt[];
  readonly bytes: number;
  readonly async: boolean;
  readonly sendAtMs: number | null;
  readonly subaccount: string;
  readonly metadata: JsonRecord;
  readonly tags: readonly string[];
  readonly trackOpens: boolean;
  readonly trackClicks: boolean;
  readonly returnPathDomain: string;
  readonly link: string;
  readonly render: (rcpt: Rcpt, messageId: string) => Buffer;
}

/** Published: a schedule reaches one year. */
const SCHEDULE_MAX_MS = 366 * 86_400_000;
const TAG_MAX = 50;

/** Reads a messages/send body. Throws Refusal. */
export function structuredMessage(body: JsonRecord, nowMs: number): Message {
  const message = record(body['message']);
  const from = text(message['from_email']);
  const [html, plain] = [message['html'], message['text']];
  const files = (value: unknown, inline: boolean) =>
    list(value)
      .map(record)
      .map((one) => ({
        name: text(one['name']),
        type: text(one['type']),
        base64: text(one['content']),
        cid: inline ? text(one['name']) : null,
      }));
  const attachments = [...files(message['attachments'], false), ...files(message['images'], true)];
  const rcpts = list(message['to'])
    .map(record)
    .map((one) => rcptOf(message, { address: text(one['email']), name: text(one['name']) }));
  const preserves = message['preserve_recipients'] === true;
  const everybody = rcpts.map((one) => mailboxText({ email: one.address, name: one.name })).join(', ');
  const syntax = text(message['merge_language']) === 'handlebars' ? 'handlebars' : 'mailchimp';
  const headers = textRecord(message['headers']);
  const replyTo = Object.entries(headers).find(([name]) => name.toLowerCase() === 'reply-to')?.[1] ?? null;
  return {
    ...optionsOf(message),
    from,
    subject: text(message['subject']),
    rcpts,
    bytes: text(html).length + text(plain).length + attachments.reduce((sum, one) => sum + one.base64.length, 0),
    async: body['async'] === true,
    sendAtMs: sendAt(text(body['send_at']), nowMs),
    link: firstLink(text(html) || text(plain)),
    render: (rcpt, messageId) => {
      const fill = (value: unknown) => (typeof value === 'string' ? fillIn(value, { syntax, message, rcpt }) : null);
      return composeMime({
        from: { email: from, name: text(message['from_name']) },
        to: preserves ? everybody : mailboxText({ email: rcpt.address, name: rcpt.name }),
        subject: fill(message['subject']) ?? '',
        text: fill(plain),
        html: fill(html),
        replyTo,
        headers,
        attachments,
        messageId,
        atMs: nowMs,
      });
    },
  };
}

/** Reads a messages/send-raw body. Throws Refusal. */
export function rawMessage(body: JsonRecord, nowMs: number): Message {
  const raw = text(body['raw_message']);
  if (raw === '') throw new Refusal('ValidationError', 'You must specify a raw_message value');
  const mime = Buffer.from(withCrLf(raw));
  const { head, body: content } = splitMessage(mime);
  const options = headerOptions(head);
  const named = texts(body['to']);
  const fromHeaders = ['To', 'Cc', 'Bcc'].flatMap((name) => addresses(headerField(head, name) ?? ''));
  const forwarded = Buffer.concat([
    Buffer.from(`${withoutFields(head, (name) => name.startsWith('x-mc-') || name === 'bcc')}\r\n`),
    content,
  ]);
  return {
    ...options,
    returnPathDomain: text(body['return_path_domain']) || options.returnPathDomain,
    from: firstAddress(text(body['from_email'])) || firstAddress(headerField(head, 'From') ?? ''),
    subject: decodeWords(headerField(head, 'Subject') ?? ''),
    rcpts: (named.length > 0 ? named : fromHeaders).map((one) => ({ address: firstAddress(one) || one, name: '', metadata: {}, vars: {} })),
    bytes: mime.length,
    async: body['async'] === true,
    sendAtMs: sendAt(text(body['send_at']) || (headerField(head, 'X-MC-SendAt') ?? ''), nowMs),
    link: firstLink(content.toString('latin1')),
    render: () => forwarded,
  };
}

type Options = Pick<Message, 'subaccount' | 'metadata' | 'tags' | 'trackOpens' | 'trackClicks' | 'returnPathDomain'>;

function optionsOf(message: JsonRecord): Options {
  const tags = texts(message['tags']);
  const bad = tags.find((tag) => tag.length > TAG_MAX || tag.startsWith('_'));
  if (bad !== undefined)
    throw new Refusal('ValidationError', `The tag '${bad.slice(0, TAG_MAX)}' is too long or begins with an underscore`);
  return {
    subaccount: text(message['subaccount']),
    metadata: record(message['metadata']),
    tags,
    trackOpens: message['track_opens'] !== false,
    trackClicks: message['track_clicks'] !== false,
    returnPathDomain: text(message['return_path_domain']),
  };
}

function headerOptions(head: string): Options {
  const field = (name: string) => headerField(head, name);
  const track = field('X-MC-Track');
  return optionsOf({
    subaccount: field('X-MC-Subaccount') ?? '',
    metadata: parseRecord(Buffer.from(field('X-MC-Metadata') ?? '{}')) ?? {},
    tags: (field('X-MC-Tags') ?? '')
      .split(',')
      .map((tag) => tag.trim())
      .filter((tag) => tag !== ''),
    track_opens: track === null || /opens/i.test(track),
    track_clicks: track === null || /clicks/i.test(track),
    return_path_domain: field('X-MC-ReturnPathDomain') ?? '',
  });
}

function rcptOf(message: JsonRecord, to: { address: string; name: string }): Rcpt {
  const mine = (value: unknown) =>
    list(value)
      .map(record)
      .find((one) => text(one['rcpt']).toLowerCase() === to.address.toLowerCase());
  return { ...to, metadata: record(mine(message['recipient_metadata'])?.['values']), vars: varsOf(mine(message['merge_vars'])?.['vars']) };
}

/** Names of merge variables do not mind case. */
function varsOf(value: unknown): Record<string, string> {
  return Object.fromEntries(
    list(value)
      .map(record)
      .map((one) => [text(one['name']).toLowerCase(), text(one['content'])]),
  );
}

function fillIn(value: string, by: { syntax: 'handlebars' | 'mailchimp'; message: JsonRecord; rcpt: Rcpt }): string {
  const shared = varsOf(by.message['global_merge_vars']);
  const merges = by.message['merge'] === true || Object.keys(shared).length > 0 || Object.keys(by.rcpt.vars).length > 0;
  return merges ? merge(value, by.syntax, (name) => by.rcpt.vars[name.toLowerCase()] ?? shared[name.toLowerCase()]) : value;
}

function sendAt(wanted: string, nowMs: number): number | null {
  if (wanted === '') return null;
  const atMs = Date.parse(`${wanted.replace(' ', 'T')}Z`);
  if (Number.isNaN(atMs) || atMs > nowMs + SCHEDULE_MAX_MS) throw new Refusal('ValidationError', 'send_at is not a time within a year');
  return atMs > nowMs ? atMs : null;
}

// This file turns a message into Elastic Email's fields, and says why that would lose or change something. There is no endpoint for raw MIME,
// and every text is searched for merge fields `{name}`, so braces must not look like one.

import type { Mailbox } from '../../mail/address-list.ts';
import { firstField, readHeaders } from '../../mail/headers.ts';
import { type MessageParts, takeApart } from '../../mail/structure.ts';

/** `X-ElasticEmail-*` commands the provider; a tenant's message must not. */
const COMMAND_FIELDS = /^x-elasticemail-/i;
/** Date is written anew by Elastic Email; Bcc never travels. */
const LEFT_OUT = /^(date|bcc)$/i;
/** What Elastic Email might take for a merge field, in text that has no way to escape it. */
const MERGE_LIKE = /\{\s*[A-Za-z_][^{}]{0,200}\}/;
/** Inside a style sheet or script only a bare name is a merge field; declarations hold a colon. */
const BARE_NAME = /\{\s*[A-Za-z_][\w .-]{0,100}\}/;
const LINE_BREAK = /[\r\n\u0085\u2028\u2029]/;

interface BodyPart {
  readonly ContentType: 'HTML' | 'PlainText';
  readonly Charset: 'utf-8';
  readonly Content: string;
}

export interface ElasticContent {
  readonly From: string;
  readonly ReplyTo?: string;
  readonly Subject: string;
  readonly Body: readonly BodyPart[];
  readonly Headers: Readonly<Record<string, string>>;
  readonly Attachments: readonly { readonly BinaryContent: string; readonly Name: string; readonly ContentType: string }[];
}

type Fields =
  | { readonly ok: true; readonly content: ElasticContent /** The visible To, if the message has one. */; readonly to: Mailbox | null }
  | { readonly ok: false; readonly reason: string };

/** Takes a whole message apart into fields. Never throws. */
export function toFields(mime: Buffer): Fields {
  const taken = takeApart(mime);
  if (!taken.ok) return taken;
  const { parts } = taken;
  const reason = addressProblem(mime, parts) ?? partProblem(parts) ?? textProblem(parts);
  if (reason !== null) return { ok: false, reason };
  const [replyTo] = parts.replyTo;
  const content: ElasticContent = {
    From: mailboxText(parts.from),
    ...(replyTo === undefined ? {} : { ReplyTo: mailboxText(replyTo) }),
    Subject: parts.subject,
    Body: bodyOf(parts),
    Headers: Object.fromEntries(keptHeaders(parts)),
    Attachments: parts.attachments.map((file) => ({
      BinaryContent: file.content.toString('base64'),
      Name: file.filename,
      ContentType: file.contentType,
    })),
  };
  return { ok: true, content, to: parts.to[0] ?? null };
}

function keptHeaders(parts: MessageParts): (readonly [string, string])[] {
  return parts.headers.filter(([name]) => !COMMAND_FIELDS.test(name) && !LEFT_OUT.test(name));
}

/** Elastic Email writes the recipient of the call into To, and everybody in To and Cc gets the mail. */
function addressProblem(mime: Buffer, parts: MessageParts): string | null {
  if (parts.to.length > 1 || parts.cc.length > 0)
    return 'The message shows several addresses in To and Cc; Elastic Email would show only its recipient.';
  if (parts.to.length === 0 && firstField(readHeaders(mime), 'to') !== null)
    return 'The To header names a group; Elastic Email would show its recipient instead.';
  return parts.replyTo.length > 1 ? 'Reply-To holds several addresses; Elastic Email has a field for one.' : null;
}

function partProblem(parts: MessageParts): string | null {
  if (parts.text === null && parts.html === null) return 'The message has neither a text nor an html.';
  const inline = parts.html?.includes('cid:') === true && parts.attachments.some((file) => file.contentId !== null);
  return inline ? 'The html shows parts by Content-ID (inline images); Elastic Email has no field for that.' : null;
}

function textProblem(parts: MessageParts): string | null {
  const named: (readonly [string, string])[] = [
    ['Subject', parts.subject],
    ['From', mailboxText(parts.from)],
    ...parts.replyTo.map((mailbox) => ['Reply-To', mailboxText(mailbox)] as const),
    ...parts.to.map((mailbox) => ['To', mailboxText(mailbox)] as const),
    ...keptHeaders(parts),
    ...parts.attachments.map((file) => ['attachment name', file.filename] as const),
  ];
  for (const [name, value] of named) {
    if (LINE_BREAK.test(value)) return `The ${name} holds a line break.`;
    if (MERGE_LIKE.test(value)) return `The ${name} holds {…}, which Elastic Email could take for a merge field.`;
  }
  if (parts.text !== null && MERGE_LIKE.test(parts.text))
    return 'The plain text holds {…}, which Elastic Email could take for a merge field.';
  return parts.html !== null && escapedHtml(parts.html) === null
    ? 'A style sheet or script holds {name}, which Elastic Email could take for a merge field.'
    : null;
}

function bodyOf(parts: MessageParts): BodyPart[] {
  const body: BodyPart[] = [];
  if (parts.html !== null) body.push({ ContentType: 'HTML', Charset: 'utf-8', Content: escapedHtml(parts.html) ?? parts.html });
  if (parts.text !== null) body.push({ ContentType: 'PlainText', Charset: 'utf-8', Content: parts.text });
  return body;
}

/** Braces as character references, which every reader turns back; style sheets and scripts know none and stay. Null: they hold `{name}`. */
export function escapedHtml(html: string): string | null {
  if (!html.includes('{')) return html;
  const open = /<(style|script)\b/gi;
  let out = '';
  let at = 0;
  for (let opening = open.exec(html); opening !== null; opening = open.exec(html)) {
    const close = new RegExp(`</${opening[1]}`, 'gi');
    close.lastIndex = open.lastIndex;
    const end = close.exec(html)?.index ?? html.length;
    const raw = html.slice(opening.index, end);
    if (BARE_NAME.test(raw)) return null;
    out += withoutBraces(html.slice(at, opening.index)) + raw;
    at = end;
    open.lastIndex = end;
  }
  return out + withoutBraces(html.slice(at));
}

function withoutBraces(html: string): string {
  return html.replaceAll('{', '&#123;').replaceAll('}', '&#125;');
}

/** `Name <address>`, the name quoted where it needs to be (RFC 5322 §3.2.4). */
export function mailboxText(mailbox: Mailbox): string {
  if (mailbox.name === null) return mailbox.address;
  const plain = /^[\p{L}\p{N} !#$%&'*+/=?^_`|~-]+$/u.test(mailbox.name);
  return `${plain ? mailbox.name : `"${mailbox.name.replace(/["\\]/g, '\\$&')}"`} <${mailbox.address}>`;
}

// This file turns a message of the HTTP door into a submission: addresses parsed with the name of their field, mail composed or taken as it is.
import { createHash } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import type { Stream } from '../../delivery/states.ts';
import { AppError } from '../../errors.ts';
import type { Submission } from '../../flows/submission.ts';
import type { IdMint } from '../../ids.ts';
import { parseAddress } from '../../mail/address.ts';
import { type Mailbox, parseAddressList, parseMailbox } from '../../mail/address-list.ts';
import { type Attachment, parseAttachment } from '../../mail/attachment.ts';
import { composeMessage } from '../../mail/compose.ts';
import { parseIdempotencyKey, parseMetadata, parseSendAt, parseTags } from '../../mail/control.ts';
import { headerText, readHeaders } from '../../mail/headers.ts';
import type { Parsed } from '../../mail/parsed.ts';
import type { AddressInput, MessageInput } from './message-input.ts';

export interface SubmissionContext {
  readonly tenantId: string;
  readonly credentialId: string | null;
  readonly defaultStream: Stream;
  /** Key of the request or of its place in the batch; the message's own wins. */
  readonly idempotencyKey: string | null;
  readonly recipientsMax: number;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly ids: IdMint;
}

type Named = Pick<Mailbox, 'address' | 'name'>;

/** Fields that belong to a composed message only. */
const PARTS = ['from', 'to', 'cc', 'bcc', 'reply_to', 'subject', 'text', 'html', 'headers', 'attachments'] as const;

/** Rejects with AppError naming the field. */
export async function toSubmission(input: MessageInput, context: SubmissionContext): Promise<Submission> {
  const { recipients, raw, mailFrom } = input.raw === undefined ? await composed(input, context) : whole(input, input.raw, context);
  const key = input.idempotency_key ?? context.idempotencyKey;
  return {
    tenantId: context.tenantId,
    credentialId: context.credentialId,
    stream: input.stream ?? context.defaultStream,
    raw,
    mailFrom,
    recipients,
    tags: input.tags === undefined ? [] : value(parseTags(input.tags), 'tags'),
    metadata: input.metadata === undefined ? null : value(parseMetadata(input.metadata), 'metadata'),
    sendAtMs: input.send_at === undefined ? null : value(parseSendAt(input.send_at), 'send_at'),
    idempotency: key === null ? null : { key: value(parseIdempotencyKey(key), 'idempotency_key'), bodyHash: hashOf(input) },
  };
}

interface Mail {
  readonly raw: Buffer;
  readonly mailFrom: string;
  readonly recipients: readonly string[];
}

async function composed(input: MessageInput, context: SubmissionContext): Promise<Mail> {
  for (const field of ['recipients', 'mail_from'] as const) {
    if (input[field] !== undefined) throw new AppError('REQUEST_INVALID', `"${field}" goes with "raw" only.`, { field });
  }
  if (input.from === undefined) throw new AppError('MAIL_FROM_MISSING', 'The message has no "from".', { field: 'from' });
  const lists = { to: listOf(input.to), cc: listOf(input.cc), bcc: listOf(input.bcc) };
  const count = lists.to.length + lists.cc.length + lists.bcc.length;
  if (count === 0) throw new AppError('MAIL_RECIPIENTS_MISSING', 'The message has no "to", "cc" or "bcc".', { field: 'to' });
  refuseTooMany(count, context.recipientsMax);
  const from = mailbox(input.from, 'from');
  const to = mailboxes(lists.to, 'to');
  const cc = mailboxes(lists.cc, 'cc');
  const bcc = mailboxes(lists.bcc, 'bcc');
  const id = context.ids.next();
  const composition = {
    from,
    to,
    cc,
    replyTo: mailboxes(listOf(input.reply_to), 'reply_to'),
    subject: input.subject ?? '',
    text: input.text ?? null,
    html: input.html ?? null,
    headers: input.headers ?? {},
    attachments: (input.attachments ?? []).map((attachment, index): Attachment => {
      const field = `attachments[${index}]`;
      return value(parseAttachment(attachment, field), field);
    }),
  };
  const raw = await composeMessage(composition, {
    messageId: `<${id}@${from.address.slice(from.address.lastIndexOf('@') + 1)}>`,
    dateMs: context.clock.nowMs(),
    boundary: id.replaceAll('-', ''),
  });
  return { raw, mailFrom: from.address, recipients: [...to, ...cc, ...bcc].map((box) => box.address) };
}

function whole(input: MessageInput, base64: string, context: SubmissionContext): Mail {
  const stray = PARTS.find((field) => input[field] !== undefined);
  if (stray) throw new AppError('REQUEST_INVALID', `"${stray}" and "raw" exclude each other.`, { field: stray });
  const recipients = input.recipients ?? [];
  if (recipients.length === 0) throw new AppError('MAIL_RECIPIENTS_MISSING', 'A raw message needs "recipients".', { field: 'recipients' });
  refuseTooMany(recipients.length, context.recipientsMax);
  if (base64.trim() === '')
    throw new AppError('REQUEST_INVALID', 'raw is empty.', { field: 'raw', hint: 'Give the whole message (RFC 5322) in base64.' });
  const raw = decode(base64);
  return { raw, mailFrom: envelopeSender(input.mail_from, raw), recipients: mailboxes(recipients, 'recipients').map((box) => box.address) };
}

/** What the caller says, else the address in From; what is wrong with that header is said by the inspection later. */
function envelopeSender(given: string | undefined, raw: Buffer): string {
  if (given !== undefined) return given.trim() === '' ? '' : value(parseAddress(given), 'mail_from').address;
  const from = parseAddressList(headerText(readHeaders(raw), 'from') ?? '');
  return from.ok ? (from.value[0]?.address ?? '') : '';
}

function decode(base64: string): Buffer {
  const raw = Buffer.from(base64, 'base64');
  // Buffer.from leaves out what is no base64; then the lengths do not fit.
  const expected = Math.floor((base64.replace(/[\s=]/g, '').length * 3) / 4);
  if (raw.length !== expected || raw.length === 0) throw new AppError('REQUEST_INVALID', 'raw is not base64.', { field: 'raw' });
  return raw;
}

function refuseTooMany(count: number, max: number): void {
  if (count <= max) return;
  throw new AppError('MAIL_RECIPIENTS_TOO_MANY', `The message names ${count} recipients; one message takes at most ${max}.`, {
    field: 'to',
  });
}

function listOf(input: AddressInput | AddressInput[] | undefined): AddressInput[] {
  return input === undefined ? [] : Array.isArray(input) ? input : [input];
}

function mailboxes(inputs: readonly AddressInput[], field: string): Named[] {
  return inputs.map((input, index) => mailbox(input, `${field}[${index}]`));
}

/** `a@b.example`, `Name <a@b.example>` or `{"email","name"}`. */
function mailbox(input: AddressInput, field: string): Named {
  if (typeof input === 'string') {
    const plain = parseAddress(input);
    if (plain.ok) return { address: plain.value.address, name: null };
    // "a@b.example, c@d.example" is told from a mistyped address: it belongs in a list.
    const several = parseAddressList(input);
    return value(input.includes('<') || (several.ok && several.value.length > 1) ? parseMailbox(input) : plain, field);
  }
  return { address: value(parseAddress(input.email), field).address, name: input.name ?? null };
}

function value<T>(parsed: Parsed<T>, field: string): T {
  if (parsed.ok) return parsed.value;
  throw new AppError(parsed.error.code, parsed.error.message, { field: parsed.error.field ?? field, hint: parsed.error.hint });
}

/** SHA-256 of the message as canonical JSON: two requests are the same when their content is, whatever the order of their fields. */
function hashOf(input: MessageInput): Buffer {
  const { idempotency_key: _, ...content } = input;
  return createHash('sha256').update(canonical(content)).digest();
}

function canonical(part: unknown): string {
  if (Array.isArray(part)) return `[${part.map(canonical).join(',')}]`;
  if (typeof part !== 'object' || part === null) return JSON.stringify(part) ?? 'null';
  const entries = Object.entries(part)
    .filter(([, entry]) => entry !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, entry]) => `${JSON.stringify(key)}:${canonical(entry)}`).join(',')}}`;
}

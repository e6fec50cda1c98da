// This file looks at a message once, at either door: is it an e-mail that may travel, and what the house has to know about it (RFC 5322, RFC 6532).
import { isAscii, isUtf8 } from 'node:buffer';
import { AppError } from '../errors.ts';
import { type Mailbox, parseAddressList } from './address-list.ts';
import { CONTROL_HEADER_PREFIX, type MailControl, NO_CONTROL, parseControlHeader } from './control.ts';
import { fieldText, fieldValue, type HeaderBlock, type HeaderField, readHeaders } from './headers.ts';
import { MAIL_LIMITS } from './limits.ts';
import type { Parsed } from './parsed.ts';

export interface MessageFacts {
  /** Offsets of the header block, so that later steps need not search again. */
  readonly headers: HeaderBlock;
  readonly sizeBytes: number;
  /** Addresses of the one From header; at least one. */
  readonly from: readonly [Mailbox, ...Mailbox[]];
  /** What stands in Sender, Resent-From and Resent-Sender, as it was written (RFC 5322 §3.6.2, §3.6.6): nearly always nothing. */
  readonly senders: readonly SenderField[];
  /** Decoded and cut at `MAIL_LIMITS.subjectCharsMax`; empty when there is none. */
  readonly subject: string;
  /** With its angle brackets, as written; null when there is none. */
  readonly messageId: string | null;
  readonly hasDate: boolean;
  readonly hasBcc: boolean;
  readonly hasMimeVersion: boolean;
  /** Header or body holds bytes above 127. */
  readonly eightBit: boolean;
  /** A header holds UTF-8 (RFC 6532): every server on the way must know SMTPUTF8. */
  readonly smtpUtf8: boolean;
  /** The mail says that a machine wrote it in answer to another (RFC 3834); such mail never gets an automatic answer. */
  readonly autoSubmitted: boolean;
  /** What the X-Packetboat-* headers ask for. */
  readonly control: MailControl;
}

export interface SenderField {
  readonly name: 'Sender' | 'Resent-From' | 'Resent-Sender';
  readonly value: string;
}

const NO_SENDERS: readonly SenderField[] = [];
const SENDER_FIELDS = { sender: 'Sender', 'resent-from': 'Resent-From', 'resent-sender': 'Resent-Sender' } as const;

/** Inspects a whole message. Errors: MAIL_MALFORMED, MAIL_LINE_ENDING_INVALID, MAIL_LINE_TOO_LONG, MAIL_FROM_MISSING, MAIL_ADDRESS_INVALID,
 *  MAIL_HEADER_INVALID, MAIL_LOOP and those of the control headers. Never throws. */
export function inspectMessage(raw: Buffer): Parsed<MessageFacts> {
  const bad = faultOfLines(raw);
  if (bad !== null) return { ok: false, error: bad };
  const headers = readHeaders(raw);
  if (headers.truncated) return refuse('MAIL_MALFORMED', 'The message has too many headers.');
  const asciiHeaders = isAscii(raw.subarray(0, headers.headerEnd));
  if (!asciiHeaders && !isUtf8(raw.subarray(0, headers.headerEnd))) {
    return refuse('MAIL_HEADER_INVALID', 'A header holds bytes that are neither ASCII nor UTF-8; encode them as RFC 2047 says.');
  }
  const draft = readFields(headers);
  if (!draft.ok) return draft;
  const { from, control, ...rest } = draft.value;
  return {
    ok: true,
    value: {
      headers,
      sizeBytes: raw.length,
      from,
      control,
      ...rest,
      eightBit: !asciiHeaders || !isAscii(raw.subarray(headers.bodyStart)),
      smtpUtf8: !asciiHeaders,
    },
  };
}

type FieldFacts = Pick<
  MessageFacts,
  'from' | 'senders' | 'subject' | 'messageId' | 'hasDate' | 'hasBcc' | 'hasMimeVersion' | 'autoSubmitted' | 'control'
>;

function firstLine(text: string): string {
  return (/^[^\r\n]*/.exec(text)?.[0] ?? '').trim();
}

function readFields(block: HeaderBlock): Parsed<FieldFacts> {
  let from: HeaderField | null = null;
  let senders = NO_SENDERS;
  let subject = '';
  let messageId: string | null = null;
  let hasDate = false;
  let hasBcc = false;
  let hasMimeVersion = false;
  let autoSubmitted = false;
  let received = 0;
  let control: MailControl = NO_CONTROL;
  for (const field of block.fields) {
    switch (field.name) {
      case '':
        return refuse(
          'MAIL_HEADER_INVALID',
          `The line ${JSON.stringify(firstLine(block.text.slice(field.start, field.start + 40)))} among the headers is no header.`,
        );
      case 'from':
        if (from !== null) return refuse('MAIL_FROM_MISSING', 'The message has more than one From header.');
        from = field;
        break;
      case 'sender':
      case 'resent-from':
      case 'resent-sender': {
        const value = fieldValue(block, field);
        if (value !== '') senders = [...senders, { name: SENDER_FIELDS[field.name], value }];
        break;
      }
      case 'subject':
        if (subject === '') subject = fieldText(block, field).slice(0, MAIL_LIMITS.subjectCharsMax);
        break;
      case 'message-id':
        messageId ??= fieldValue(block, field) || null;
        break;
      case 'date':
        hasDate = true;
        break;
      case 'bcc':
        hasBcc = true;
        break;
      case 'mime-version':
        hasMimeVersion = true;
        break;
      case 'auto-submitted':
        autoSubmitted = fieldValue(block, field).toLowerCase() !== 'no';
        break;
      case 'received':
        received += 1;
        break;
      default:
        if (field.name.startsWith(CONTROL_HEADER_PREFIX)) {
          const read = parseControlHeader(field.name, fieldText(block, field));
          if (!read.ok) return read;
          control = { ...control, ...read.value };
        }
    }
  }
  if (received > MAIL_LIMITS.receivedMax) return refuse('MAIL_LOOP', `The message has passed ${received} servers; it goes in circles.`);
  const addresses = readFrom(block, from);
  if (!addresses.ok) return addresses;
  return {
    ok: true,
    value: { from: addresses.value, senders, subject, messageId, hasDate, hasBcc, hasMimeVersion, autoSubmitted, control },
  };
}

function readFrom(block: HeaderBlock, field: HeaderField | null): Parsed<readonly [Mailbox, ...Mailbox[]]> {
  if (field === null) return refuse('MAIL_FROM_MISSING', 'The message has no From header.');
  const list = parseAddressList(fieldValue(block, field));
  if (!list.ok) return { ok: false, error: new AppError(list.error.code, `From: ${list.error.message}`, { field: 'from' }) };
  const [first, ...more] = list.value;
  if (first === undefined) return refuse('MAIL_FROM_MISSING', 'The From header names no address.');
  return { ok: true, value: [first, ...more] };
}

const LF = 0x0a;
const CR = 0x0d;

/** Line ends, line lengths and NUL in one pass over the bytes. */
function faultOfLines(raw: Buffer): AppError | null {
  if (raw.length === 0) return new AppError('MAIL_EMPTY', 'The message is empty.');
  if (raw.includes(0)) return new AppError('MAIL_MALFORMED', 'The message holds a NUL byte.');
  let lineStart = 0;
  const length = raw.length;
  for (let i = 0; i < length; i += 1) {
    const byte = raw[i];
    if (byte === undefined || byte > CR) continue;
    if (byte === LF) return new AppError('MAIL_LINE_ENDING_INVALID', 'The message holds an LF without a CR before it.');
    if (byte !== CR) continue;
    if (raw[i + 1] !== LF) return new AppError('MAIL_LINE_ENDING_INVALID', 'The message holds a CR without an LF after it.');
    if (i - lineStart > MAIL_LIMITS.lineBytesMax) return lineTooLong(i - lineStart);
    i += 1;
    lineStart = i + 1;
  }
  return length - lineStart > MAIL_LIMITS.lineBytesMax ? lineTooLong(length - lineStart) : null;
}

function lineTooLong(bytes: number): AppError {
  return new AppError('MAIL_LINE_TOO_LONG', `A line of the message has ${bytes} bytes; ${MAIL_LIMITS.lineBytesMax} are allowed.`);
}

function refuse(code: ConstructorParameters<typeof AppError>[0], message: string): { ok: false; error: AppError } {
  return { ok: false, error: new AppError(code, message) };
}

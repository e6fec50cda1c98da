// This file makes a MIME message of a JSON submission (RFC 5322, RFC 2045 to 2047, RFC 2387). The same input gives the same bytes: boundary, date and
// Message-ID are arguments. Content is only ever what was handed in: paths and URLs are never followed.
import MailComposer from 'nodemailer/lib/mail-composer';
import { AppError } from '../errors.ts';
import type { Mailbox } from './address-list.ts';
import type { Attachment } from './attachment.ts';
import { CONTROL_HEADER_PREFIX } from './control.ts';
import { formatMailDate } from './date.ts';
import { MAIL_LIMITS } from './limits.ts';
import { writeLetter } from './write-letter.ts';
import { type MimeTree, writeMime } from './write-mime.ts';

type Named = Pick<Mailbox, 'address' | 'name'>;

/** What a message is made of. Bcc is no part of it: blind recipients exist only in the envelope. */
export interface Composition {
  readonly from: Named;
  readonly to: readonly Named[];
  readonly cc: readonly Named[];
  readonly replyTo: readonly Named[];
  readonly subject: string;
  readonly text: string | null;
  readonly html: string | null;
  /** Further headers: name → value, in this order. */
  readonly headers: Readonly<Record<string, string>>;
  readonly attachments: readonly Attachment[];
}

export interface ComposeOptions {
  /** `<id@domain>`, with its brackets. */
  readonly messageId: string;
  readonly dateMs: number;
  /** Letters and digits that make the boundaries unique, for example the message id without dashes. */
  readonly boundary: string;
}

/** Headers that have a field of their own in a submission, or that only servers write. */
const RESERVED = new Set(
  'from sender to cc bcc subject date message-id reply-to mime-version dkim-signature received return-path authentication-results arc-seal'.split(
    ' ',
  ),
);

/**
 * The message with CRLF line ends. Rejects with AppError: MAIL_EMPTY, MAIL_HEADER_LINE_BREAK, MAIL_HEADER_INVALID, MAIL_ATTACHMENT_INVALID (too many).
 */
export async function composeMessage(composition: Composition, options: ComposeOptions): Promise<Buffer> {
  const { text, html, attachments } = composition;
  if (!text && !html && attachments.length === 0) throw new AppError('MAIL_EMPTY', 'The message has no text, html or attachment.');
  if (attachments.length > MAIL_LIMITS.attachmentsMax) {
    throw new AppError('MAIL_ATTACHMENT_INVALID', `A message may have ${MAIL_LIMITS.attachmentsMax} attachments.`, {
      field: 'attachments',
    });
  }
  const checked = {
    from: named('from', composition.from),
    to: composition.to.map((box) => named('to', box)),
    cc: composition.cc.map((box) => named('cc', box)),
    replyTo: composition.replyTo.map((box) => named('reply_to', box)),
    subject: headerValue('subject', composition.subject),
    messageId: headerValue('messageId', options.messageId),
    date: formatMailDate(options.dateMs),
  };
  const custom = customHeaders(composition.headers);
  if (attachments.length === 0) {
    const letter = writeLetter({ ...checked, custom, text, html, boundary: `pb-${options.boundary}-Part_1` });
    if (letter !== null) return letter;
  }
  const composer = new MailComposer({
    disableFileAccess: true,
    disableUrlAccess: true,
    newline: 'win',
    baseBoundary: options.boundary,
    boundaryPrefix: 'pb',
    ...checked,
    headers: custom,
    // A Buffer is content and nothing else; the library would read an object with a path as a file to open.
    ...(text ? { text: Buffer.from(text) } : {}),
    ...(html ? { html: Buffer.from(html) } : {}),
    attachments: attachments.map((attachment) => ({
      filename: attachment.filename,
      contentType: attachment.contentType,
      content: attachment.content,
      ...(attachment.contentId === null ? {} : { cid: attachment.contentId, contentDisposition: 'inline' }),
    })),
  });
  // The library declares its tree less closely than it is; the test holds the bytes against its own.
  return writeMime(composer.compile() as unknown as MimeTree);
}

function named(field: string, box: Named): { name: string; address: string } {
  return { name: box.name === null ? '' : headerValue(field, box.name), address: box.address };
}

/** Checks caller's headers. Names are case-insensitive: two spellings of one name are two headers, which RFC 5322 allows for most. */
function customHeaders(headers: Readonly<Record<string, string>>): { key: string; value: string }[] {
  const entries = Object.entries(headers);
  if (entries.length > MAIL_LIMITS.customHeadersMax) {
    throw new AppError('MAIL_HEADER_INVALID', `A message may have ${MAIL_LIMITS.customHeadersMax} further headers.`, { field: 'headers' });
  }
  return entries.map(([key, value]) => {
    const field = `headers.${key.slice(0, 80)}`;
    const lower = key.toLowerCase();
    if (/[\r\n]/.test(key)) throw new AppError('MAIL_HEADER_LINE_BREAK', 'The name of a header holds a line break.', { field: 'headers' });
    if (!/^[A-Za-z0-9][A-Za-z0-9-]{0,99}$/.test(key))
      throw new AppError('MAIL_HEADER_INVALID', `${JSON.stringify(key.slice(0, 80))} is not a header name.`, { field });
    if (RESERVED.has(lower) || lower.startsWith('content-') || lower.startsWith(CONTROL_HEADER_PREFIX)) {
      throw new AppError('MAIL_HEADER_INVALID', `${key} cannot be set here.`, {
        field,
        hint: 'Use the field of the request that is made for it, if there is one.',
      });
    }
    return { key, value: headerValue(field, value) };
  });
}

/** The value as it is, or an AppError that names the field. */
function headerValue(field: string, value: string): string {
  if (/[\r\n]/.test(value)) throw new AppError('MAIL_HEADER_LINE_BREAK', `${field} holds a line break.`, { field });
  if (/\p{Cc}/u.test(value.replaceAll('\t', ' ')))
    throw new AppError('MAIL_HEADER_INVALID', `${field} holds a control character.`, { field });
  if (Buffer.byteLength(value) > MAIL_LIMITS.headerValueBytesMax) {
    throw new AppError('MAIL_HEADER_INVALID', `${field} is longer than ${MAIL_LIMITS.headerValueBytesMax} bytes.`, { field });
  }
  return value;
}

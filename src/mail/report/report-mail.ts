// This file opens a received report: what it says in words, its machine-readable parts, and the message it returns, strictly apart. Words of the returned message
// (a newsletter that says "mailbox full") must never be read as the report's own.
import { decodeCharset } from '../charset.ts';
import { decodeWords } from '../encoded-words.ts';
import { type HeaderBlock, headerText, readHeaders } from '../headers.ts';
import { type MimePart, readMime } from '../mime-tree.ts';
import { decodeBytes, decodeText } from '../transfer-encoding.ts';
import { withoutForwardMarks } from './forwarded-report.ts';
import { htmlToText } from './html-text.ts';
import { withLfEnds } from './line-ends.ts';
import { withoutQuotedSubject } from './quoted-subject.ts';
import { cutReturned } from './returned-text.ts';

export interface ReportMail {
  readonly headers: HeaderBlock;
  readonly root: MimePart;
  /** Decoded, empty when absent. */
  readonly subject: string;
  readonly from: string;
  /** The human-readable notice, decoded, LF line ends, up to where the returned message starts, without its subject. */
  readonly notice: string;
  /** Decoded bodies of message/delivery-status and message/global-delivery-status (RFC 3464, RFC 6533). */
  readonly statusParts: readonly string[];
  /** Decoded bodies of message/disposition-notification (RFC 8098). */
  readonly dispositionParts: readonly string[];
  /** Decoded bodies of message/feedback-report (RFC 5965). */
  readonly feedbackParts: readonly string[];
  /** Headers of the returned message; null when none came back. */
  readonly returned: HeaderBlock | null;
  /** The returned message where it stands in the text of the notice; null where it is a part of its own, or missing. */
  readonly returnedText: string | null;
}

/** Notices are short; what is longer is a returned message without a border. In bytes of each part. */
const NOTICE_BYTES_MAX = 64 * 1024;
/** And of all of them together, in characters. */
const NOTICE_CHARS_MAX = 2 * NOTICE_BYTES_MAX;
/** A report about a thousand recipients is about 300 KB. */
const STATUS_BYTES_MAX = 1024 * 1024;
/** All parts together: a report has one notice and one status part, a thousand of them are an attack. In characters. */
const TEXT_CHARS_MAX = 2 * STATUS_BYTES_MAX;
/** Headers of the returned message are all that is read of it. */
const RETURNED_BYTES_MAX = 128 * 1024;

/** Opens any mail. Never throws. */
export function openReport(raw: Buffer): ReportMail {
  const root = readMime(withoutMboxLine(withLfEnds(raw)));
  const found: Found = {
    plain: [],
    html: [],
    status: [],
    attached: [],
    disposition: [],
    feedback: [],
    returned: null,
    closed: false,
    charsLeft: TEXT_CHARS_MAX,
  };
  collect(root, found);
  const text = (found.plain.some((piece) => piece.trim() !== '') ? found.plain : found.html.map(htmlToText))
    .join('\n')
    .replace(/\r\n?/g, '\n');
  const subject = headerText(root.headers, 'subject') ?? '';
  const cut = cutReturned(withoutForwardMarks(subject, text.slice(0, NOTICE_CHARS_MAX)));
  return {
    headers: root.headers,
    root,
    subject,
    from: headerText(root.headers, 'from') ?? '',
    notice: withoutQuotedSubject(cut.notice),
    statusParts: found.status.length > 0 || !FROM_SYSTEM.test(headerText(root.headers, 'from') ?? '') ? found.status : found.attached,
    dispositionParts: found.disposition,
    feedbackParts: found.feedback,
    returned: found.returned ?? (cut.returned === null ? null : returnedHeaders(cut.returned)),
    returnedText: found.returned === null ? cut.returned : null,
  };
}

interface Found {
  plain: string[];
  html: string[];
  status: string[];
  /** Status parts that a server on the way has made attachments of. */
  attached: string[];
  disposition: string[];
  feedback: string[];
  returned: HeaderBlock | null;
  /** The returned message has been met: text after it is a footer or part of it. */
  closed: boolean;
  /** Characters of text that are still looked at. */
  charsLeft: number;
}

function collect(part: MimePart, found: Found): void {
  if (part.children.length > 0) {
    for (const child of part.children) collect(child, found);
    return;
  }
  if (found.charsLeft <= 0) return;
  const keep = (list: string[], text: string) => {
    list.push(text);
    found.charsLeft -= text.length;
  };
  if (/^message\/(?:global-)?delivery-status$/.test(part.type)) keep(found.status, decodeText(part, STATUS_BYTES_MAX));
  else if (/^message\/(?:global-)?disposition-notification$/.test(part.type)) keep(found.disposition, decodeText(part, STATUS_BYTES_MAX));
  else if (part.type === 'message/feedback-report') keep(found.feedback, decodeText(part, STATUS_BYTES_MAX));
  else if (RETURNED.test(part.type)) {
    found.returned ??= readReturned(part);
    found.closed = true;
  } else if (!found.closed && part.disposition !== 'attachment') {
    if (part.type.startsWith('text/html')) keep(found.html, readableText(part));
    // A multipart whose parts cannot be found is read as its text, and "text/plain charset=x" without the semicolon is plain text: broken reports still say what they say.
    else if (part.type.startsWith('text/plain') || part.type.startsWith('multipart/')) keep(found.plain, readableText(part));
  } else if (!found.closed && ATTACHED_TYPE.test(part.type)) {
    const text = decodeText(part, NOTICE_BYTES_MAX);
    if (STATUS_FIELDS.test(text)) keep(found.attached, text);
  }
}

/** Exchange passes status parts of others on as "ATT00001.txt" or "details.txt". People attach such files, too: only mail systems are believed. */
const FROM_SYSTEM = /mailer-?daemon|postmaster|mail delivery|<>/i;
const ATTACHED_TYPE = /^(?:text\/plain|application\/octet-stream)$/;
const STATUS_FIELDS = /^final-recipient[ \t]*:/im;

/** Japanese mail of old days is ISO-2022-JP whether it says so or not; the escape sequence gives it away. */
function readableText(part: MimePart): string {
  const text = decodeText(part, NOTICE_BYTES_MAX);
  return text.includes('\u001b$') ? decodeCharset(Buffer.from(text, 'latin1'), 'iso-2022-jp') : text;
}

const RETURNED = /^(?:message\/(?:rfc822(?:-headers?)?|global(?:-headers)?|partial|news)|text\/rfc822(?:-headers?)?)$/;

function readReturned(part: MimePart): HeaderBlock {
  return readHeaders(withoutMboxLine(decodeBytes(part, RETURNED_BYTES_MAX)));
}

function returnedHeaders(text: string): HeaderBlock | null {
  const block = readHeaders(withoutMboxLine(Buffer.from(text.slice(0, RETURNED_BYTES_MAX), 'utf8')));
  return block.fields.some((field) => field.name !== '') ? block : null;
}

/** Mail from mbox files starts with "From sender date", which is no header. */
function withoutMboxLine(raw: Buffer): Buffer {
  if (raw.toString('latin1', 0, 5) !== 'From ' && raw.toString('latin1', 0, 6) !== '>From ') return raw;
  const end = raw.indexOf(0x0a);
  return end < 0 ? raw : raw.subarray(end + 1);
}

/** The report that a notice in words returns instead of our message, as list servers and gateways do; null where what came back is no report. */
export function innerReport(mail: ReportMail): ReportMail | null {
  const text = mail.returnedText;
  if (text === null || !/^content-type[ \t]*:[ \t]*multipart\/report\b/im.test(text.slice(0, RETURNED_BYTES_MAX))) return null;
  return openReport(Buffer.from(text, 'utf8'));
}

/** Unfolded, decoded value of a header of the returned message, or null. */
export function returnedHeader(mail: ReportMail, name: string): string | null {
  if (mail.returned === null) return null;
  const value = headerText(mail.returned, name);
  return value === null || value === '' ? null : decodeWords(value);
}

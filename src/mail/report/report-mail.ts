// This file opens a received report: what it says in words, its machine-readable parts, and the message it returns, strictly apart. Words of the returned message
// (a newsletter that says "mailbox full") must never be read as the report's own.
import { decodeWords } from '../encoded-words.ts';
import { type HeaderBlock, headerText, readHeaders } from '../headers.ts';
import { type MimePart, readMime } from '../mime-tree.ts';
import { decodeBytes, decodeText } from '../transfer-encoding.ts';
import { htmlToText } from './html-text.ts';
import { withLfEnds } from './line-ends.ts';

export interface ReportMail {
  readonly headers: HeaderBlock;
  readonly root: MimePart;
  /** Decoded, empty when absent. */
  readonly subject: string;
  readonly from: string;
  /** The human-readable notice, decoded, LF line ends, up to where the returned message starts. */
  readonly notice: string;
  /** Decoded bodies of message/delivery-status and message/global-delivery-status (RFC 3464, RFC 6533). */
  readonly statusParts: readonly string[];
  /** Decoded bodies of message/feedback-report (RFC 5965). */
  readonly feedbackParts: readonly string[];
  /** Headers of the returned message; null when none came back. */
  readonly returned: HeaderBlock | null;
}

/** Notices are short; what is longer is a returned message without a border. In bytes of each part. */
const NOTICE_BYTES_MAX = 64 * 1024;
/** A report about a thousand recipients is about 300 KB. */
const STATUS_BYTES_MAX = 1024 * 1024;
/** Headers of the returned message are all that is read of it. */
const RETURNED_BYTES_MAX = 128 * 1024;

/** Opens any mail. Never throws. */
export function openReport(raw: Buffer): ReportMail {
  const root = readMime(withoutMboxLine(withLfEnds(raw)));
  const found: Found = { plain: [], html: [], status: [], feedback: [], returned: null, closed: false };
  collect(root, found);
  const text = (found.plain.some((piece) => piece.trim() !== '') ? found.plain : found.html.map(htmlToText))
    .join('\n')
    .replace(/\r\n?/g, '\n');
  const cut = cutReturned(text);
  return {
    headers: root.headers,
    root,
    subject: headerText(root.headers, 'subject') ?? '',
    from: headerText(root.headers, 'from') ?? '',
    notice: cut.notice,
    statusParts: found.status,
    feedbackParts: found.feedback,
    returned: found.returned ?? cut.returned,
  };
}

interface Found {
  plain: string[];
  html: string[];
  status: string[];
  feedback: string[];
  returned: HeaderBlock | null;
  /** The returned message has been met: text after it is a footer or part of it. */
  closed: boolean;
}

function collect(part: MimePart, found: Found): void {
  if (part.children.length > 0) {
    for (const child of part.children) collect(child, found);
    return;
  }
  if (/^message\/(?:global-)?delivery-status$/.test(part.type)) found.status.push(decodeText(part, STATUS_BYTES_MAX));
  else if (part.type === 'message/feedback-report') found.feedback.push(decodeText(part, STATUS_BYTES_MAX));
  else if (RETURNED.test(part.type)) {
    found.returned ??= readReturned(part);
    found.closed = true;
  } else if (!found.closed && part.disposition !== 'attachment') {
    if (part.type === 'text/html') found.html.push(decodeText(part, NOTICE_BYTES_MAX));
    // A multipart whose parts cannot be found is read as its text: broken reports still say what they say.
    else if (part.type === 'text/plain' || part.type.startsWith('multipart/')) found.plain.push(decodeText(part, NOTICE_BYTES_MAX));
  }
}

const RETURNED = /^(?:message\/(?:rfc822(?:-headers?)?|global(?:-headers)?|partial|news)|text\/rfc822(?:-headers?)?)$/;

function readReturned(part: MimePart): HeaderBlock {
  return readHeaders(withoutMboxLine(decodeBytes(part, RETURNED_BYTES_MAX)));
}

/** Mail from mbox files starts with "From sender date", which is no header. */
function withoutMboxLine(raw: Buffer): Buffer {
  if (raw.toString('latin1', 0, 5) !== 'From ' && raw.toString('latin1', 0, 6) !== '>From ') return raw;
  const end = raw.indexOf(0x0a);
  return end < 0 ? raw : raw.subarray(end + 1);
}

/** How MTAs announce the returned message in a plain text: marks around the words, or words that end the line. Each is a whole line. */
const BORDERS = new RegExp(
  [
    // "------ This is a copy of the message, including all the headers. ------", "--- Below this line is a copy of the message."
    '[ \\t>*#=_-]{0,80}(?:(?:below (?:this line )?is |this is |here is |included is )(?:a|the) copy of|a copy of (?:the|your) (?:original )?message)[^\\n]{0,120}',
    // "----- Original message -----", "------- Returned Message --------", "--- The header of the original message is following. ---"
    `[ \\t>]{0,8}[-=*#_]{2,80}[ \\t]*(?:start of |begin(?:ning)? of |text of |(?:the )?(?:header|body)s? (?:of|from) )?(?:the |your )?(?:original|returned|unsent|undelivered|rejected|bounced|forwarded|enclosed)[ -]+(?:e-?mail|message|mail)(?! was | which | could )[^\\n]{0,80}`,
    // "Original message follows.", "Message headers follow.", "Your message reads (in part):"
    '[ \\t>]{0,8}(?:the |your )?(?:original |returned |unsent |undelivered |bounced |rejected )?(?:message|mail|e-?mail)(?: text| headers?)? (?:follows?|reads(?: \\(in part\\))?|is (?:attached|included|following|returned)(?: below)?)[ \\t:.]{0,3}',
    '[ \\t>]{0,8}(?:original|returned|unsent|undelivered|bounced) (?:message|mail|e-?mail)[ \\t]{0,3}:',
    // A header block without any announcement.
    '(?:return-path|received):[ \\t]?(?:<|from|by|\\(|with)[^\\n]{0,500}',
  ]
    .map((line) => `^(?:${line})$`)
    .join('|'),
  'im',
);

function cutReturned(text: string): { notice: string; returned: HeaderBlock | null } {
  const match = BORDERS.exec(text);
  if (match === null) return { notice: text, returned: null };
  const isHeader = /^(?:return-path|received):/i.test(match[0]);
  const start = isHeader ? match.index : match.index + match[0].length;
  const rest = text
    .slice(start)
    .replace(/^[\s>*#=_-]*\n/, '')
    .trimStart();
  const returned = readHeaders(withoutMboxLine(Buffer.from(rest.slice(0, RETURNED_BYTES_MAX), 'utf8')));
  return { notice: text.slice(0, match.index), returned: returned.fields.some((field) => field.name !== '') ? returned : null };
}

/** Unfolded, decoded value of a header of the returned message, or null. */
export function returnedHeader(mail: ReportMail, name: string): string | null {
  if (mail.returned === null) return null;
  const value = headerText(mail.returned, name);
  return value === null || value === '' ? null : decodeWords(value);
}

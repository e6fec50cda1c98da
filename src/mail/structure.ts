// This file takes a MIME message apart for providers that only know fields (subject, text, html, attachments), and refuses, with the reason, where the parts put
// together again would not be the same mail. Better another route than a lost calendar invitation or a broken signature.
import { type Mailbox, parseAddressList } from './address-list.ts';
import type { Attachment } from './attachment.ts';
import { fieldText, fieldValue, type HeaderBlock, type HeaderField } from './headers.ts';
import { MIME_PARTS_MAX, type MimePart, readMime } from './mime-tree.ts';
import { decodeBytes, decodeText } from './transfer-encoding.ts';

export interface MessageParts {
  readonly from: Mailbox;
  readonly to: readonly Mailbox[];
  readonly cc: readonly Mailbox[];
  readonly replyTo: readonly Mailbox[];
  /** Decoded. */
  readonly subject: string;
  /** With CRLF line ends; null when the message has no such part. */
  readonly text: string | null;
  readonly html: string | null;
  readonly attachments: readonly Attachment[];
  /** All other headers that readers or filters look at, decoded, in order: Message-ID, Date, In-Reply-To, List-*, X-* … Names as written. */
  readonly headers: readonly (readonly [name: string, value: string])[];
}

export type TakenApart = { readonly ok: true; readonly parts: MessageParts } | { readonly ok: false; readonly reason: string };

/** Takes a whole message apart, or says in one sentence why that would lose something. Never throws. */
export function takeApart(raw: Buffer): TakenApart {
  const root = readMime(raw);
  const headers = takeHeaders(root.headers);
  if (typeof headers === 'string') return { ok: false, reason: headers };
  const draft: BodyDraft = { text: null, html: null, attachments: [], parts: 0 };
  const reason = takePart(root, draft, 'top');
  if (reason !== null) return { ok: false, reason };
  return { ok: true, parts: { ...headers, text: draft.text, html: draft.html, attachments: draft.attachments } };
}

// ── headers ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────
/** Written anew by every composer, or by the servers on the way. */
const REMADE = new Set([
  'mime-version',
  'content-type',
  'content-transfer-encoding',
  'content-disposition',
  'content-id',
  'received',
  'return-path',
]);
/** A signature over the bytes cannot survive, and a broken one is worse than none; it is left out, the route signs for itself. */
const SIGNATURES = new Set(['dkim-signature', 'domainkey-signature', 'arc-seal', 'arc-message-signature', 'arc-authentication-results']);

type HeaderParts = Pick<MessageParts, 'from' | 'to' | 'cc' | 'replyTo' | 'subject' | 'headers'>;

function takeHeaders(block: HeaderBlock): HeaderParts | string {
  if (block.truncated) return 'The message has too many headers.';
  const seen = new Set<string>();
  const lists: Record<string, readonly Mailbox[]> = { from: [], to: [], cc: [], 'reply-to': [] };
  const headers: [string, string][] = [];
  let subject = '';
  for (const field of block.fields) {
    if (field.name === '') return 'A line among the headers is no header.';
    if (REMADE.has(field.name) || SIGNATURES.has(field.name)) continue;
    // These APIs hold headers in a map: of two with one name, one would be lost.
    if (seen.has(field.name)) return `The header ${nameAsWritten(block, field)} stands there more than once.`;
    seen.add(field.name);
    if (field.name in lists) {
      const list = parseAddressList(fieldValue(block, field));
      if (!list.ok) return `The header ${nameAsWritten(block, field)} cannot be read.`;
      lists[field.name] = list.value;
    } else if (field.name === 'subject') subject = fieldText(block, field);
    else headers.push([nameAsWritten(block, field), fieldText(block, field)]);
  }
  const [from, ...more] = lists['from'] ?? [];
  if (from === undefined || more.length > 0) return 'The From header does not hold exactly one address.';
  return { from, to: lists['to'] ?? [], cc: lists['cc'] ?? [], replyTo: lists['reply-to'] ?? [], subject, headers };
}

function nameAsWritten(block: HeaderBlock, field: HeaderField): string {
  return block.text.slice(field.start, field.valueStart - 1).trimEnd();
}

// ── body ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
interface BodyDraft {
  text: string | null;
  html: string | null;
  attachments: Attachment[];
  parts: number;
}

/** Where a part stands: it decides what the part may be. */
type Place = 'top' | 'mixed' | 'alternative' | 'related';

/** Files the part in the draft; returns why it cannot, or null. */
function takePart(part: MimePart, draft: BodyDraft, place: Place): string | null {
  draft.parts += 1;
  if (draft.parts >= MIME_PARTS_MAX) return 'The message has too many parts.';
  const odd = oddityOf(part);
  if (odd !== null) return odd;
  if (part.type.startsWith('multipart/')) return takeMultipart(part, draft, place);
  if (isBodyText(part, draft, place)) return takeText(part, draft, place);
  if (place === 'alternative') return `An alternative of type ${part.type} would be lost.`;
  draft.attachments.push({
    filename: part.filename ?? `attachment-${draft.attachments.length + 1}`,
    contentType: mediaTypeOf(part),
    content: decodeBytes(part),
    contentId: contentIdOf(part),
  });
  return null;
}

const ENCODINGS = new Set(['', '7bit', '8bit', 'binary', 'base64', 'quoted-printable']);

/** What no set of fields can carry. */
function oddityOf(part: MimePart): string | null {
  if (/^multipart\/(signed|encrypted)$|^application\/(x-)?pkcs7-/.test(part.type))
    return 'The message is signed or encrypted (S/MIME or PGP); its bytes must stay as they are.';
  if (part.type === 'text/calendar') return 'The message holds a calendar invitation.';
  if (part.type === 'message/rfc822' || part.type.startsWith('message/'))
    return `A part of type ${part.type} cannot be an ordinary attachment.`;
  if (!ENCODINGS.has(part.encoding)) return `The transfer encoding ${part.encoding} is unknown.`;
  if (part.headers.fields.some((field) => field.name === 'content-location' || field.name === 'content-base'))
    return 'Parts refer to each other by Content-Location.';
  return null;
}

function takeMultipart(part: MimePart, draft: BodyDraft, place: Place): string | null {
  const kind = part.type.slice('multipart/'.length);
  if (kind !== 'mixed' && kind !== 'alternative' && kind !== 'related') return `A multipart/${kind} would be lost.`;
  if (part.children.length === 0) return `A multipart/${kind} has no readable parts.`;
  // mixed holds alternative holds related: any other nesting means something that the fields cannot say.
  if (NESTING[kind].every((allowed) => allowed !== place)) return `A multipart/${kind} stands inside a multipart/${place}.`;
  if (kind === 'related' && part.params['start'] !== undefined && part.params['start'] !== `<${contentIdOf(part.children[0])}>`) {
    return 'A multipart/related starts with a part that is not its first.';
  }
  for (const child of part.children) {
    const reason = takePart(child, draft, kind);
    if (reason !== null) return reason;
  }
  return null;
}

const NESTING: Readonly<Record<'mixed' | 'alternative' | 'related', readonly Place[]>> = {
  mixed: ['top'],
  alternative: ['top', 'mixed', 'related'],
  related: ['top', 'mixed', 'alternative'],
};

/** The first text of the message is its body; a text with a file name or of disposition attachment is a file. */
function isBodyText(part: MimePart, draft: BodyDraft, place: Place): boolean {
  if (part.type !== 'text/plain' && part.type !== 'text/html') return false;
  if (place === 'alternative') return true;
  if (part.disposition === 'attachment' || part.filename !== null) return false;
  // Inside mixed, a second text without a name is a footer that somebody appended: it has no field.
  return place !== 'related' || (part.type === 'text/html' && draft.html === null);
}

function takeText(part: MimePart, draft: BodyDraft, place: Place): string | null {
  if (part.params['format']?.toLowerCase() === 'flowed') return 'The text is format=flowed, which a plain field cannot say.';
  if (part.disposition === 'attachment') return 'An alternative is marked as an attachment.';
  const charset = (part.params['charset'] ?? 'us-ascii').toLowerCase();
  if (!isKnownCharset(charset)) return `The charset ${charset} is unknown.`;
  const text = toCrlf(decodeText(part));
  if (text.includes('\ufffd')) return `The text is not valid ${charset}.`;
  if (part.type === 'text/plain') {
    if (draft.text !== null) return 'The message has more than one plain text.';
    if (draft.html !== null)
      return place === 'alternative'
        ? 'The plain text stands behind the html, which makes it the preferred one.'
        : 'A text follows the html.';
    draft.text = text;
    return null;
  }
  if (draft.html !== null) return 'The message has more than one html.';
  if (place !== 'alternative' && place !== 'related' && draft.text !== null)
    return 'An html follows the text without being its alternative.';
  draft.html = text;
  return null;
}

function isKnownCharset(charset: string): boolean {
  if (charset === 'us-ascii' || charset === 'ascii') return true;
  try {
    return new TextDecoder(charset).encoding !== 'replacement';
  } catch {
    return false;
  }
}

function toCrlf(text: string): string {
  return text.replace(/\r\n|\r|\n/g, '\r\n');
}

/** The type with the parameters that say how to read the content (charset, method …); the names of file and boundary have places of their own. */
function mediaTypeOf(part: MimePart): string {
  let text = part.type;
  for (const [name, value] of Object.entries(part.params)) {
    if (name === 'name' || name === 'boundary' || /["\\\p{Cc}]/u.test(value)) continue;
    text += /^[\w!#$&^.+-]+$/.test(value) ? `; ${name}=${value}` : `; ${name}="${value}"`;
  }
  return text;
}

function contentIdOf(part: MimePart | undefined): string | null {
  const field = part?.headers.fields.find(({ name }) => name === 'content-id');
  if (part === undefined || field === undefined) return null;
  const value = fieldValue(part.headers, field)
    .replace(/^<(.*)>$/, '$1')
    .trim();
  return value === '' ? null : value;
}

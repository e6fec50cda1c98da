// This file writes the ordinary mail, a text, an html or both without attachments (RFC 5322, RFC 2045 to 2047), straight into bytes. The composer's
// tree costs 40 KB of short-lived objects a message, a third of all that a door allocates; this takes 4. Both give the same bytes: the test holds
// one against the other.
import { foldLines } from 'nodemailer/lib/mime-funcs';
import MimeNode from 'nodemailer/lib/mime-node';
import { base64Lines, quotedPrintableBytesMax, writeQuotedPrintable } from './write-mime.ts';

export interface Letter {
  /** Headers of the caller, in order, checked. */
  readonly custom: readonly { readonly key: string; readonly value: string }[];
  readonly from: Box;
  readonly to: readonly Box[];
  readonly cc: readonly Box[];
  readonly replyTo: readonly Box[];
  readonly subject: string;
  /** `<id@domain>`. */
  readonly messageId: string;
  /** As it stands in Date (RFC 5322 §3.3). */
  readonly date: string;
  readonly text: string | null;
  readonly html: string | null;
  /** Between the two parts of a letter that has both. */
  readonly boundary: string;
}

interface Box {
  /** Empty for none. */
  readonly name: string;
  /** In normal form. */
  readonly address: string;
}

/** RFC 5322 §2.1.1. Shorter lines are left alone by the folding, too. */
const LINE_CHARS_MAX = 76;
/** Names whose spelling the composer leaves alone: X-Campaign, but neither X-CRM, nor List-ID, nor one with a meaning of its own. */
const PLAIN_NAME = /^X(?:-[A-Z][a-z0-9]*)+$/;
const RESPELLED = /-(?:spf|fbl|id|md5)$|^x-smtpapi$/i;
/** Values that stand for themselves. A quote or "=?" might be read as something else. */
const PLAIN_TEXT = /^[\x20\x21\x23-\x7e]*$/;
const PLAIN_PHRASE = /^[\w ]*$/;
const PLAIN_ADDRESS = /^[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*@[a-z0-9.-]+$/;
/** Writes what is no plain ASCII; it keeps nothing between two values. */
const encoder = new MimeNode(false, { baseBoundary: 'none' });

/**
 * Where a letter is written before its length is known: its text, then the mail, which may be three times as long. A new piece for each would be most
 * of what is thrown away per message. A letter is written in one step, so no other comes in between. Texts up to 120 KB find room here.
 */
const SCRATCH_BYTES = 512 * 1024;
const scratch = Buffer.allocUnsafeSlow(SCRATCH_BYTES);

/** The mail with CRLF line ends; null when a header of the caller needs the composer's spelling. */
export function writeLetter(letter: Letter): Buffer | null {
  const { custom, text, html, boundary } = letter;
  if (!custom.every(({ key }) => PLAIN_NAME.test(key) && !RESPELLED.test(key))) return null;
  const parts: Part[] = [];
  if (text) parts.push(partOf('plain', text));
  if (html) parts.push(partOf('html', html));
  const [first, second] = parts;
  if (first === undefined) return null;
  const headers = headersOf(letter);
  if (second === undefined) {
    const encoding = field('Content-Transfer-Encoding', first.encoding);
    const type = field('Content-Type', first.type);
    return written([`${headers}${encoding}MIME-Version: 1.0\r\n${type}\r\n`, first, '']);
  }
  const type = field('Content-Type', `multipart/alternative; boundary=${boundary}`);
  return written([
    `${headers}MIME-Version: 1.0\r\n${type}\r\n--${boundary}\r\n${partHeaders(first)}`,
    first,
    `\r\n--${boundary}\r\n${partHeaders(second)}`,
    second,
    `\r\n--${boundary}--\r\n`,
  ]);
}

interface Part {
  readonly type: string;
  readonly encoding: 'quoted-printable' | 'base64';
  readonly content: string;
  /** Of the content in UTF-8. */
  readonly bytes: number;
}

function partOf(kind: 'plain' | 'html', content: string): Part {
  const encoding = mostlyLatin(content) ? 'quoted-printable' : 'base64';
  return { type: `text/${kind}; charset=utf-8`, encoding, content, bytes: Buffer.byteLength(content) };
}

/** Letters of the Latin alphabet outnumber what quoted-printable would have to write in three characters. */
function mostlyLatin(content: string): boolean {
  let letters = 0;
  for (let i = 0; i < content.length; i += 1) {
    const code = content.charCodeAt(i);
    const lower = code | 0x20;
    if (lower >= 0x61 && lower <= 0x7a && code < 0x80) letters += 1;
    else if (code >= 0x80 || (code < 0x20 && code !== 0x09 && code !== 0x0a && code !== 0x0d)) letters -= 1;
  }
  return letters > 0;
}

function partHeaders({ type, encoding }: Part): string {
  return `${field('Content-Type', type)}${field('Content-Transfer-Encoding', encoding)}\r\n`;
}

function headersOf(letter: Letter): string {
  let lines = '';
  for (const { key, value } of letter.custom) lines += worded(key, value);
  lines += boxes('From', [letter.from]) + boxes('To', letter.to) + boxes('Cc', letter.cc) + boxes('Reply-To', letter.replyTo);
  return `${lines}${worded('Subject', letter.subject)}${field('Message-ID', letter.messageId)}${field('Date', letter.date)}`;
}

function boxes(key: string, list: readonly Box[]): string {
  if (list.length === 0) return '';
  const plain = list.every(({ name, address }) => PLAIN_PHRASE.test(name) && PLAIN_ADDRESS.test(address) && !address.includes('xn--'));
  if (!plain) return field(key, encoder.encodeHeaderValue(key, [...list]));
  return field(key, list.map(({ name, address }) => (name === '' ? address : `${name} <${address}>`)).join(', '));
}

function worded(key: string, value: string): string {
  return field(key, PLAIN_TEXT.test(value) && !value.includes('=?') ? value : encoder.encodeHeaderValue(key, value));
}

/** The header with its line break; nothing for an empty value. */
function field(key: string, value: string): string {
  if (value.trim() === '') return '';
  const line = `${key}: ${value}`;
  return `${line.length < LINE_CHARS_MAX ? line : foldLines(line, LINE_CHARS_MAX)}\r\n`;
}

/** Strings are ASCII, or UTF-8 where an address is. */
function written(pieces: readonly (string | Part)[]): Buffer {
  const contentMax = Math.max(...pieces.map((piece) => (typeof piece === 'string' ? 0 : piece.bytes)));
  const mailMax = pieces.reduce(
    (sum, piece) => sum + (typeof piece === 'string' ? 3 * piece.length : quotedPrintableBytesMax(piece.bytes)),
    2,
  );
  const room = contentMax + mailMax <= SCRATCH_BYTES ? scratch : Buffer.allocUnsafe(contentMax + mailMax);
  const mail = room.subarray(contentMax);
  let at = 0;
  for (const piece of pieces) {
    if (typeof piece === 'string') at += mail.write(piece, at);
    else if (piece.encoding === 'base64') at += base64Lines(Buffer.from(piece.content)).copy(mail, at);
    else at = writeQuotedPrintable(room.subarray(0, room.write(piece.content, 0, piece.bytes)), mail, at);
  }
  if (mail[at - 1] !== 0x0a) at += mail.write('\r\n', at, 'latin1');
  return Buffer.from(mail.subarray(0, at));
}

// This file decodes encoded words in header values (RFC 2047, RFC 2231 §5 language suffix), and the lenient forms that real mail holds.
import { decodeCharset } from './charset.ts';

/** One word. Text may hold blanks against the rules (some mailers write them), but no `?`. */
const WORD = /=\?([^?\s*]{1,40})(?:\*[^?\s]{0,40})?\?([bq])\?([^?]*)\?=/gi;

/** Decodes every encoded word of an unfolded value; other text stays. Neighbouring words of one charset are joined before decoding, because
 *  mailers cut in the middle of a character. Never throws. */
export function decodeWords(value: string): string {
  if (!value.includes('=?')) return value;
  let text = '';
  let last = 0;
  let pending: { charset: string; bytes: Buffer[] } | null = null;
  const flush = () => {
    if (pending !== null) text += decodeCharset(Buffer.concat(pending.bytes), pending.charset);
    pending = null;
  };
  for (const match of value.matchAll(WORD)) {
    const [whole, charset = '', encoding = '', body = ''] = match;
    const between = value.slice(last, match.index);
    // Blanks between two encoded words are not part of the text (RFC 2047 §6.2).
    if (last === 0 || between.trim() !== '') {
      flush();
      text += between;
    }
    const bytes = encoding.toLowerCase() === 'b' ? Buffer.from(body, 'base64') : fromQ(body);
    if (pending !== null && pending.charset.toLowerCase() === charset.toLowerCase()) pending.bytes.push(bytes);
    else {
      flush();
      pending = { charset, bytes: [bytes] };
    }
    last = match.index + whole.length;
  }
  flush();
  return text + value.slice(last);
}

/** The Q encoding of RFC 2047 §4.2. */
function fromQ(body: string): Buffer {
  const bytes: number[] = [];
  for (let i = 0; i < body.length; i += 1) {
    const code = body.charCodeAt(i);
    if (code === 0x5f) bytes.push(0x20);
    else if (code === 0x3d && /^[0-9a-f]{2}$/i.test(body.slice(i + 1, i + 3))) {
      bytes.push(Number.parseInt(body.slice(i + 1, i + 3), 16));
      i += 2;
    } else if (code < 0x80) bytes.push(code);
    else bytes.push(...Buffer.from(body[i] ?? '', 'utf8'));
  }
  return Buffer.from(bytes);
}

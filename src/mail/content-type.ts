// This file reads header values with parameters: Content-Type and Content-Disposition (RFC 2045 §5.1, RFC 2183), with the continuations and charsets
// of RFC 2231 and the encoded words that mailers write there against the rules.
import { decodeCharset } from './charset.ts';
import { decodeWords } from './encoded-words.ts';

export interface ParameterisedValue {
  /** Lower case, without blanks: `text/plain`, `attachment`. Empty when nothing readable stands there. */
  readonly value: string;
  /** Lower-case names; decoded. */
  readonly params: Readonly<Record<string, string>>;
}

/** More parameters than this are an attack. */
const PARAMS_MAX = 50;
/** A continued parameter has at most this many pieces. */
const PIECES_MAX = 200;

/** Reads an unfolded value. Never throws; what cannot be read is left out. */
export function readParameterised(text: string): ParameterisedValue {
  const pieces = splitAtSemicolons(text);
  const raw = new Map<string, string>();
  for (const piece of pieces.slice(1)) {
    const equals = piece.indexOf('=');
    if (equals <= 0) continue;
    const name = piece.slice(0, equals).trim().toLowerCase();
    if (raw.size < PIECES_MAX && !raw.has(name)) raw.set(name, unquote(piece.slice(equals + 1).trim()));
  }
  return { value: (pieces[0] ?? '').replace(/\s+/g, '').toLowerCase(), params: joinContinuations(raw) };
}

/** Cuts at semicolons outside quotes; comments in parentheses vanish. */
function splitAtSemicolons(text: string): string[] {
  const pieces: string[] = [];
  let piece = '';
  let quoted = false;
  let depth = 0;
  for (let i = 0; i < text.length; i += 1) {
    const char = text[i];
    if (char === '\\' && (quoted || depth > 0)) {
      if (depth === 0) piece += text.slice(i, i + 2);
      i += 1;
    } else if (depth === 0 && char === '"') {
      quoted = !quoted;
      piece += char;
    } else if (!quoted && char === '(') depth += 1;
    else if (!quoted && depth > 0 && char === ')') depth -= 1;
    else if (depth > 0) continue;
    else if (!quoted && char === ';') {
      pieces.push(piece);
      piece = '';
    } else piece += char;
  }
  pieces.push(piece);
  return pieces;
}

function unquote(text: string): string {
  if (!text.startsWith('"')) return text;
  const end = text.length > 1 && text.endsWith('"') ? -1 : undefined;
  return text.slice(1, end).replace(/\\(.)/g, '$1');
}

/** `name*0*=utf-8''a; name*1=b` → `name: ab` (RFC 2231 §3 and §4). */
function joinContinuations(raw: ReadonlyMap<string, string>): Readonly<Record<string, string>> {
  const params: Record<string, string> = Object.create(null);
  let count = 0;
  for (const [key, value] of raw) {
    if (count >= PARAMS_MAX) break;
    const star = key.indexOf('*');
    const name = star < 0 ? key : key.slice(0, star);
    if (name === '' || (star >= 0 && name in params)) continue;
    if (star < 0) params[name] = decodeWords(value);
    else if (key === `${name}*`) params[name] = decodeExtended(value);
    else if (key === `${name}*0` || key === `${name}*0*`) params[name] = joinPieces(raw, name);
    else continue;
    count += 1;
  }
  return params;
}

function joinPieces(raw: ReadonlyMap<string, string>, name: string): string {
  let text = '';
  let extended = false;
  for (let n = 0; n < PIECES_MAX; n += 1) {
    const plain = raw.get(`${name}*${n}`);
    const encoded = raw.get(`${name}*${n}*`);
    if (plain === undefined && encoded === undefined) break;
    if (encoded !== undefined) extended = true;
    // A plain piece between encoded ones must not be read as percent encoding.
    text += encoded ?? (plain ?? '').replaceAll('%', '%25');
  }
  return extended ? decodeExtended(text) : text.replaceAll('%25', '%');
}

function decodeExtended(value: string): string {
  const match = /^([^']{0,40})'[^']{0,40}'(.*)$/s.exec(value);
  const [, charset = 'utf-8', body = value] = match ?? [];
  const bytes: number[] = [];
  for (let i = 0; i < body.length; i += 1) {
    const hex = body[i] === '%' ? body.slice(i + 1, i + 3) : '';
    if (/^[0-9a-f]{2}$/i.test(hex)) {
      bytes.push(Number.parseInt(hex, 16));
      i += 2;
    } else bytes.push(...Buffer.from(body[i] ?? '', 'utf8'));
  }
  return decodeCharset(Buffer.from(bytes), charset);
}

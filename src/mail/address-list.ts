// This file reads the value of an address header (From, To, Cc, Reply-To): mailboxes, groups, comments, quoted and encoded names (RFC 5322 §3.4, RFC 2047 §5).
// One pass over the characters, so that hostile headers cost no more than long ones.
import { AppError } from '../errors.ts';
import { type Address, parseAddress } from './address.ts';
import { decodeWords } from './encoded-words.ts';
import type { Parsed } from './parsed.ts';

export interface Mailbox extends Address {
  /** Display name, decoded; null when there is none. */
  readonly name: string | null;
}

/** Recipients beyond this belong into several messages; a header that names more is a fault or an attack. */
export const ADDRESSES_MAX = 10_000;
/** Comments in comments deeper than this are an attack. */
const COMMENT_DEPTH_MAX = 20;

/** Reads a whole address header value (unfolded). One bad address makes the whole list an error that names it; an empty list is ok. */
export function parseAddressList(value: string): Parsed<readonly Mailbox[]> {
  const pieces = splitMailboxes(value);
  if (pieces === null)
    return { ok: false, error: new AppError('MAIL_ADDRESS_INVALID', 'The address header has unbalanced quotes, brackets or comments.') };
  const mailboxes: Mailbox[] = [];
  for (const piece of pieces) {
    const parsed = parseAddress(piece.address);
    if (!parsed.ok) return parsed;
    mailboxes.push({ ...parsed.value, name: piece.name });
    if (mailboxes.length > ADDRESSES_MAX) {
      return { ok: false, error: new AppError('MAIL_RECIPIENTS_TOO_MANY', `A header may name ${ADDRESSES_MAX} addresses.`) };
    }
  }
  return { ok: true, value: mailboxes };
}

/** Reads exactly one mailbox: `a@b.example` or `Name <a@b.example>`. */
export function parseMailbox(text: string): Parsed<Mailbox> {
  const list = parseAddressList(text);
  if (!list.ok) return list;
  const [first, ...more] = list.value;
  if (first !== undefined && more.length === 0) return { ok: true, value: first };
  const shown = JSON.stringify(text.slice(0, 80));
  if (first === undefined) return { ok: false, error: new AppError('MAIL_ADDRESS_INVALID', `${shown} names no address.`) };
  const hint = 'Write one address in each text; where there may be several, give a list of texts.';
  return { ok: false, error: new AppError('MAIL_ADDRESS_INVALID', `${shown} names ${list.value.length} addresses.`, { hint }) };
}

interface Piece {
  readonly name: string | null;
  readonly address: string;
}

/** Cuts the list at its commas, groups opened. Null: quotes, brackets or comments do not close. */
function splitMailboxes(value: string): Piece[] | null {
  const pieces: Piece[] = [];
  let draft = emptyDraft();
  for (let i = 0; i < value.length; ) {
    const char = value[i];
    if (char === '"') {
      const end = endOfQuoted(value, i);
      if (end < 0) return null;
      draft.words += value.slice(i, end);
      i = end;
    } else if (char === '(') {
      const end = endOfComment(value, i);
      if (end < 0) return null;
      draft.comment += value.slice(i + 1, end - 1);
      draft.words += ' ';
      i = end;
    } else if (char === '<') {
      const end = endOfAngle(value, i);
      if (end < 0 || draft.angle !== null) return null;
      draft.angle = value.slice(i + 1, end - 1);
      i = end;
    } else if (char === ':') {
      // A group begins: what stood before is its name.
      draft = emptyDraft();
      i += 1;
    } else if (char === ',' || char === ';') {
      addPiece(pieces, draft);
      draft = emptyDraft();
      i += 1;
    } else {
      draft.words += char;
      i += 1;
    }
  }
  addPiece(pieces, draft);
  return pieces;
}

interface Draft {
  words: string;
  comment: string;
  angle: string | null;
}

function emptyDraft(): Draft {
  return { words: '', comment: '', angle: null };
}

function addPiece(pieces: Piece[], draft: Draft): void {
  const words = draft.words.trim();
  if (draft.angle !== null) {
    // A source route `<@a,@b:user@c>` is read past (RFC 5321 §4.1.2, appendix C).
    const address = draft.angle.trim().replace(/^@[^:]{0,500}:/, '');
    pieces.push({ name: displayName(words) ?? displayName(draft.comment), address });
  } else if (words !== '') {
    pieces.push({
      name: displayName(draft.comment),
      address: words
        .split(/([.@])/)
        .map(withoutBlanks)
        .join(''),
    });
  }
}

/** Blanks around a dot or an @ are old syntax (RFC 5322 §4.4). By hand: an expression would look at each of a thousand blanks a thousand times. */
function withoutBlanks(text: string): string {
  const isBlank = (at: number) => text[at] === ' ' || text[at] === '\t';
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(start)) start += 1;
  while (end > start && isBlank(end - 1)) end -= 1;
  return text.slice(start, end);
}

/** Quotes undone, encoded words decoded, blanks collapsed; null when nothing is left. */
function displayName(text: string): string | null {
  const name = decodeWords(withoutQuotes(text)).replace(/\s+/g, ' ').trim();
  return name === '' ? null : name;
}

/** Quoted strings bare. By hand: where a quote is never closed, an expression would look for its end again from each escaped one behind it. */
function withoutQuotes(text: string): string {
  let bare = '';
  let from = 0;
  for (;;) {
    const start = text.indexOf('"', from);
    const end = start < 0 ? -1 : endOfQuoted(text, start);
    if (end < 0) return bare + text.slice(from);
    bare += text.slice(from, start) + text.slice(start + 1, end - 1).replace(/\\(.)/g, '$1');
    from = end;
  }
}

function endOfQuoted(value: string, from: number): number {
  for (let i = from + 1; i < value.length; i += 1) {
    if (value[i] === '\\') i += 1;
    else if (value[i] === '"') return i + 1;
  }
  return -1;
}

function endOfComment(value: string, from: number): number {
  let depth = 0;
  for (let i = from; i < value.length; i += 1) {
    if (value[i] === '\\') i += 1;
    else if (value[i] === '(') {
      depth += 1;
      if (depth > COMMENT_DEPTH_MAX) return -1;
    } else if (value[i] === ')') {
      depth -= 1;
      if (depth === 0) return i + 1;
    }
  }
  return -1;
}

function endOfAngle(value: string, from: number): number {
  for (let i = from + 1; i < value.length; i += 1) {
    if (value[i] === '"') {
      const end = endOfQuoted(value, i);
      if (end < 0) return -1;
      i = end - 1;
    } else if (value[i] === '>') return i + 1;
    else if (value[i] === '<') return -1;
  }
  return -1;
}

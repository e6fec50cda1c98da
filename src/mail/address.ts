// This file reads one e-mail address (RFC 5321 §4.1.2, RFC 5322 §3.4.1, RFC 6531 for UTF-8 local parts) and gives it the one form that the house
// stores and compares: local part as written (NFC, quotes only where needed), domain in lower case with A-labels (RFC 5891).
import { domainToASCII } from 'node:url';
import { AppError } from '../errors.ts';
import type { Parsed } from './parsed.ts';

declare const brand: unique symbol;
/** An address in its normal form; made only by `parseAddress`. */
export type EmailAddress = string & { readonly [brand]: 'EmailAddress' };

export interface Address {
  readonly address: EmailAddress;
  /** As in `address`, with its quotes if it has any. */
  readonly localPart: string;
  /** Lower case, A-labels. */
  readonly domain: string;
  /** The local part holds bytes above 127: only a server with SMTPUTF8 can take it. */
  readonly needsSmtpUtf8: boolean;
}

/** RFC 5321 §4.5.3.1.1 to .3: 64 octets of local part, 255 of domain, 256 of path with its brackets. */
const LOCAL_BYTES_MAX = 64;
const DOMAIN_BYTES_MAX = 255;
const ADDRESS_BYTES_MAX = 254;

const DOT_ATOM = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const DOT_ATOM_UTF8 = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~\u0080-\u{10ffff}-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~\u0080-\u{10ffff}-]+)*$/u;
/** Underscores are no host names, but mail domains with them exist; the last label is a name, never a number. */
const DOMAIN = /^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+(?!\d+$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** Reads `local@domain`, blanks around it allowed, brackets and names not. The error is MAIL_ADDRESS_INVALID and says what is wrong. */
export function parseAddress(text: string): Parsed<Address> {
  const trimmed = text.trim();
  const at = trimmed.lastIndexOf('@');
  if (trimmed === '') return invalid(text, 'it is empty');
  if (at < 0) return invalid(text, 'the @ is missing');
  if (at === 0) return invalid(text, 'the part before the @ is missing');
  const local = readLocalPart(trimmed.slice(0, at));
  if (local === null) return invalid(text, 'the part before the @ holds a character that is not allowed there');
  if (Buffer.byteLength(local) > LOCAL_BYTES_MAX) return invalid(text, `the part before the @ is longer than ${LOCAL_BYTES_MAX} bytes`);
  const domain = normaliseDomain(trimmed.slice(at + 1));
  if (domain === null) return invalid(text, 'the part after the @ is not a domain name');
  const address = `${local}@${domain}`;
  if (Buffer.byteLength(address) > ADDRESS_BYTES_MAX) return invalid(text, `it is longer than ${ADDRESS_BYTES_MAX} bytes`);
  // The one place where the brand is given: every check above has passed.
  return { ok: true, value: { address: address as EmailAddress, localPart: local, domain, needsSmtpUtf8: !isAscii(local) } };
}

/** The form under which suppressions and look-ups compare: local parts differ in case only on paper. */
export function addressKey(address: EmailAddress): string {
  return address.toLowerCase();
}

/** A domain name in lower case with A-labels, or null when it is none. Address literals and single labels are none: mail goes to names with an MX. */
export function normaliseDomain(text: string): string | null {
  const bare = text.endsWith('.') ? text.slice(0, -1) : text;
  if (bare.length > DOMAIN_BYTES_MAX) return null;
  const lower = bare.toLowerCase();
  if (DOMAIN.test(lower)) return lower;
  // domainToASCII reads its argument as the host of a URL; characters with a meaning there must not reach it.
  if (isAscii(lower) || !/^[a-z0-9.\u0080-\u{10ffff}-]+$/u.test(lower)) return null;
  const ascii = domainToASCII(lower);
  return ascii.length <= DOMAIN_BYTES_MAX && DOMAIN.test(ascii) ? ascii : null;
}

/** The local part in its normal form, or null. */
function readLocalPart(text: string): string | null {
  if (DOT_ATOM.test(text)) return text;
  if (text.startsWith('"')) return readQuoted(text);
  return DOT_ATOM_UTF8.test(text) && isSafeUtf8(text) ? text.normalize('NFC') : null;
}

/** A quoted local part loses its quotes when it is a dot-atom without them (RFC 5321 §4.1.2: they are the same mailbox). */
function readQuoted(text: string): string | null {
  if (!/^"(?:[^"\\\p{Cc}]|\\[ -~])*"$/u.test(text) || !isSafeUtf8(text)) return null;
  const content = text.slice(1, -1).replace(/\\(.)/g, '$1').normalize('NFC');
  if (content === '') return null;
  if (DOT_ATOM_UTF8.test(content)) return content;
  return `"${content.replace(/["\\]/g, '\\$&')}"`;
}

/** No lone surrogates, C1 controls, line separators or invisible direction marks: they exist in addresses only to deceive. */
function isSafeUtf8(text: string): boolean {
  return !/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u00a0\u1680\u2000-\u200a\u202a-\u202f\u205f\u2066-\u2069\u3000\ufeff]/u.test(text);
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}

/** Longer text is cut in the message; the caller names the field. */
const SHOWN_CHARS_MAX = 80;

function invalid(text: string, reason: string): { ok: false; error: AppError } {
  const shown = JSON.stringify(text.length > SHOWN_CHARS_MAX ? `${text.slice(0, SHOWN_CHARS_MAX)}…` : text);
  return { ok: false, error: new AppError('MAIL_ADDRESS_INVALID', `${shown} is not an e-mail address: ${reason}.`) };
}

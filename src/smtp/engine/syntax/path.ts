// This file reads the paths of MAIL FROM and RCPT TO (RFC 5321 §4.1.2, RFC 6531 §3.3): it decides form only, never whether mail may go there.

export type PathProblem = 'brackets' | 'syntax' | 'literal' | 'too-long';

export type ParsedPath =
  | {
      readonly ok: true;
      /** Without brackets and source route; empty for `<>`. */
      readonly address: string;
      /** False when it needs SMTPUTF8. */
      readonly ascii: boolean;
      /** What follows the path: ESMTP parameters, without the space before them. */
      readonly rest: string;
    }
  | { readonly ok: false; readonly problem: PathProblem };

/** RFC 5321 §4.5.3.1.1: bytes of a local part. */
const LOCAL_MAX = 64;
/** RFC 5321 §4.5.3.1.2: bytes of a domain. */
const DOMAIN_MAX = 255;
/** RFC 5321 §4.5.3.1.3 says 256 for a path with its brackets; old source routes may be longer and are thrown away, so the line limit rules them. */
const MAILBOX_MAX = 254;

const DOT_STRING = /^[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*$/;
const QUOTED_STRING = /^"(?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\[\x20-\x7e])*"$/;
// Underscores are no host names, but senders have them and DNS carries them.
const DOMAIN = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*$/i;
const DOT_STRING_UTF8 = /^[\w!#$%&'*+/=?^`{|}~\u00a0-\u{10ffff}-]+(?:\.[\w!#$%&'*+/=?^`{|}~\u00a0-\u{10ffff}-]+)*$/u;
const QUOTED_STRING_UTF8 = /^"(?:[\x20\x21\x23-\x5b\x5d-\x7e\u00a0-\u{10ffff}]|\\[\x20-\x7e])*"$/u;
const DOMAIN_UTF8 = /^[\w\u00a0-\u{10ffff}][\w\u00a0-\u{10ffff}-]*(?:\.[\w\u00a0-\u{10ffff}][\w\u00a0-\u{10ffff}-]*)*$/u;
// biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is exactly this range
const ASCII = /^[\x00-\x7f]*$/;

/** Reads `<…>` at the start of `text` (what follows `FROM:` or `TO:`). Spaces before the bracket are forgiven, as everywhere. */
export function parsePath(text: string): ParsedPath {
  const start = text.charCodeAt(0) === 0x20 ? text.length - text.trimStart().length : 0;
  if (text.charCodeAt(start) !== 0x3c) return { ok: false, problem: 'brackets' };
  const end = closingBracket(text, start + 1);
  if (end < 0) return { ok: false, problem: 'brackets' };
  if (end + 1 < text.length && text.charCodeAt(end + 1) !== 0x20) return { ok: false, problem: 'syntax' };
  const mailbox = withoutSourceRoute(text.slice(start + 1, end));
  const rest = text.slice(end + 2);
  if (mailbox === '') return { ok: true, address: '', ascii: true, rest };
  return checkMailbox(mailbox, rest);
}

function checkMailbox(address: string, rest: string): ParsedPath {
  const ascii = ASCII.test(address);
  const at = address.lastIndexOf('@');
  if (at < 0) {
    // RFC 5321 §4.1.1.3: the one forward path without a domain.
    return address.toLowerCase() === 'postmaster' ? { ok: true, address, ascii, rest } : { ok: false, problem: 'syntax' };
  }
  const local = address.slice(0, at);
  const domain = address.slice(at + 1);
  if (domain.startsWith('[')) return { ok: false, problem: 'literal' };
  const bytes = ascii ? (text: string) => text.length : Buffer.byteLength;
  if (bytes(local) > LOCAL_MAX || bytes(domain) > DOMAIN_MAX || bytes(address) > MAILBOX_MAX) return { ok: false, problem: 'too-long' };
  const valid = ascii
    ? DOMAIN.test(domain) && (DOT_STRING.test(local) || QUOTED_STRING.test(local))
    : DOMAIN_UTF8.test(domain) && (DOT_STRING_UTF8.test(local) || QUOTED_STRING_UTF8.test(local));
  return valid ? { ok: true, address, ascii, rest } : { ok: false, problem: 'syntax' };
}

/** Finds the `>` that ends the path; one inside a quoted local part does not. */
function closingBracket(text: string, from: number): number {
  const plain = text.indexOf('>', from);
  const quote = text.indexOf('"', from);
  if (quote < 0 || quote > plain) return plain;
  let quoted = false;
  for (let i = from; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (quoted && code === 0x5c) i++;
    else if (code === 0x22) quoted = !quoted;
    else if (code === 0x3e && !quoted) return i;
  }
  return -1;
}

/** RFC 5321 §4.1.1.3, appendix C: `@one,@two:name@domain` is accepted and the route ignored. */
function withoutSourceRoute(path: string): string {
  if (path.charCodeAt(0) !== 0x40) return path;
  const colon = path.indexOf(':');
  // Without a colon it stays as it is and fails as an address; so does a route in front of nothing.
  return colon < 0 || colon === path.length - 1 ? path : path.slice(colon + 1);
}

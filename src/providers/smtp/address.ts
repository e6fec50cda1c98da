// This file writes addresses into SMTP commands (RFC 5321 §4.1.2): what may stand between the angle brackets, and xtext for DSN (RFC 3461 §4).

/** RFC 5321 §4.5.3.1.3 allows 256 octets; SMTPUTF8 local parts and long return paths get double. */
const PATH_MAX_BYTES = 512;

const PLAIN_PATH = /^[^\p{Cc}\p{Cs}\p{Z}<>"\\]+$/u;
const QUOTED_PATH = /^"(?:[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}"\\]|\\[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}])*"@[^\p{Cc}\p{Cs}\p{Z}<>"\\]+$/u;
const ASCII = /^[ -~]*$/;
/** Characters that stand for themselves in xtext: printable ASCII without "+" and "=". */
const XTEXT = /^[!-*,-<>-~]*$/;

/** Says why an address cannot stand in MAIL or RCPT, or null when it can. Anything that could end the command early is refused. */
export function pathFault(address: string): string | null {
  if (PLAIN_PATH.test(address) || QUOTED_PATH.test(address)) {
    return address.length <= PATH_MAX_BYTES && Buffer.byteLength(address) <= PATH_MAX_BYTES ? null : 'is longer than SMTP allows';
  }
  if (address === '') return 'is empty';
  return /[\r\n]/.test(address) ? 'holds a line break' : 'holds a character that SMTP does not allow';
}

export function isAscii(text: string): boolean {
  return ASCII.test(text);
}

/** RFC 3461 §4: bytes outside the plain ones become "+" and two hexadecimal digits. */
export function xtext(value: string): string {
  if (XTEXT.test(value)) return value;
  let out = '';
  for (const byte of Buffer.from(value)) {
    const plain = byte > 0x20 && byte < 0x7f && byte !== 0x2b && byte !== 0x3d;
    out += plain ? String.fromCharCode(byte) : `+${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return out;
}

/** The value of ORCPT: `rfc822;…` in xtext, or `utf-8;…` with embedded code points (RFC 6533 §3) when the address is not ASCII. */
export function originalRecipient(address: string): string {
  if (isAscii(address)) return `rfc822;${xtext(address)}`;
  let out = 'utf-8;';
  for (const character of address) {
    const plain = character > ' ' && character <= '~' && character !== '+' && character !== '=' && character !== '\\';
    out += plain ? character : `\\x{${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(2, '0')}}`;
  }
  return out;
}

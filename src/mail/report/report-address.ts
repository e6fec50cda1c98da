// This file finds addresses in what reports write: `rfc822;user@x`, `RFC822; <user@x>`, `utf-8; \x{65E5}@x` (RFC 6533 §3), `user@x (alias)`. Reports are written by
// others, so that nothing here is checked as strictly as an address we send to.

/** Values longer than this hold no address worth reading. */
const VALUE_CHARS_MAX = 1000;

const ADDRESS =
  /"[^"\n]{1,80}"@[^\s<>"';,()[\]:]{1,255}|[^\s<>"';,()[\]:@|\uff1a\uff0c\u3001]{1,128}@[^\s<>"';,()[\]:@|\uff0c\u3002\u3001]{1,255}/u;

/** The address in a report field, or null. The type in front (`rfc822;`) is cut; angle brackets and comments are too. */
export function addressInField(value: string): string | null {
  const typed = /^\s*([\w/. -]{1,20}?)\s*;/.exec(value.slice(0, VALUE_CHARS_MAX));
  const rest = value.slice(typed?.[0].length ?? 0, VALUE_CHARS_MAX);
  return firstAddress(unescapeUtf8(rest));
}

/** The first thing in the text that looks like an address, trailing dots cut; or null. */
export function firstAddress(text: string): string | null {
  const found = ADDRESS.exec(text.slice(0, VALUE_CHARS_MAX))?.[0];
  return found === undefined ? null : cleanAddress(found);
}

/** Punctuation of the sentence around an address is no part of it. */
export function cleanAddress(text: string): string | null {
  const clean = text.replace(/^[<"'`(]+(?=[^"]*$)/, '').replace(/[>.,;:!'`)\]]+$/, '');
  const at = clean.lastIndexOf('@');
  return at > 0 && at < clean.length - 1 ? clean : null;
}

/** RFC 6533 §3: characters outside ASCII as `\x{1F408}`. */
function unescapeUtf8(text: string): string {
  return text.replace(/\\x\{([0-9a-f]{1,6})\}/gi, (whole, hex: string) => {
    const point = Number.parseInt(hex, 16);
    return point > 0x1f && point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });
}

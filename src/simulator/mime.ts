// This file reads what a provider's door needs of a message (RFC 5322): the header block, a field, the sender's address. Deliberately
// apart from the desk's own reader: a simulator that shared its mistakes would never show them.

export interface SplitMessage {
  /** Header block with CR LF line ends, the last one included. */
  readonly head: string;
  readonly body: Buffer;
}

/** Headers beyond this are body, as far as a simulator cares. */
const HEAD_MAX_BYTES = 256 * 1024;

/** Splits a message at its first empty line; without one everything is header. */
export function splitMessage(mime: Buffer): SplitMessage {
  if (mime.subarray(0, 2).equals(Buffer.from('\r\n'))) return { head: '', body: mime.subarray(2) };
  const end = mime.subarray(0, HEAD_MAX_BYTES).indexOf('\r\n\r\n');
  if (end < 0) return { head: mime.subarray(0, HEAD_MAX_BYTES).toString('utf8'), body: Buffer.alloc(0) };
  return { head: mime.subarray(0, end + 2).toString('utf8'), body: mime.subarray(end + 4) };
}

/** Puts the two halves together again. */
export function joinMessage(split: SplitMessage): Buffer {
  return Buffer.concat([Buffer.from(`${split.head}\r\n`), split.body]);
}

/** The value of the first field of that name, unfolded; null when there is none. */
export function headerField(head: string, name: string): string | null {
  const found = new RegExp(`(?:^|\\r\\n)${name}[ \\t]*:([^\\r]*(?:\\r\\n[ \\t][^\\r]*)*)`, 'i').exec(head);
  return found?.[1]?.replaceAll('\r\n', '').trim() ?? null;
}

/** Takes fields out of a header block. */
export function withoutFields(head: string, matches: (name: string) => boolean): string {
  const fields = head.split(/\r\n(?![ \t])/);
  return fields
    .filter(
      (field) =>
        !matches(
          field
            .slice(0, Math.max(0, field.indexOf(':')))
            .trim()
            .toLowerCase(),
        ),
    )
    .join('\r\n');
}

/** Line ends as SMTP has them. */
export function withCrLf(text: string): string {
  return text.replace(/\r\n|\r|\n/g, '\r\n');
}

/** The first address of a From, To or Cc value; '' when there is none. */
export function firstAddress(value: string): string {
  return addresses(value)[0] ?? '';
}

/** Addresses of a header value, display names and groups left out. */
export function addresses(value: string): string[] {
  // Bounded: a comment of escaped quotes, as long as headers may be, would be read again from each of them.
  const bare = value.replace(/"(?:[^"\\]|\\.){0,400}"(?!@)/g, ' ').replace(/\([^()]*\)/g, ' ');
  return bare
    .split(/[,;]/)
    .map((one) => /<([^<>]*)>/.exec(one)?.[1]?.trim() ?? one.replace(/^[^:@]*:/, '').trim())
    .filter((one) => one.includes('@') && !/\s/.test(one));
}

/** True for text that can stand as an address: something before and a dotted name after the last @, nothing that breaks a line. */
export function isAddress(value: string): boolean {
  return value.length <= 320 && /^[^\s<>(),;:@"]+@[^\s<>(),;:@"]+\.[^\s<>(),;:@"]+$/.test(value);
}

export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase();
}

/** Encoded words (RFC 2047) as plain text, for the subject in events; what cannot be decoded stays as it is. */
export function decodeWords(value: string): string {
  const joined = value.replace(/(=\?[^?]+\?[bq]\?[^?]*\?=)\s+(?==\?)/gi, '$1');
  return joined.replace(/=\?([^?*]+)(?:\*[^?]*)?\?([bq])\?([^?]*)\?=/gi, (whole, charset: string, encoding: string, word: string) => {
    const bytes =
      encoding.toLowerCase() === 'b'
        ? Buffer.from(word, 'base64')
        : Buffer.from(
            word.replaceAll('_', ' ').replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
            'latin1',
          );
    try {
      return new TextDecoder(charset).decode(bytes);
    } catch {
      // A charset nobody knows.
      return whole;
    }
  });
}

/** The first web link of a message, for clicks; '' when there is none. */
export function firstLink(content: string): string {
  return /https?:\/\/[^\s"'<>)\]]+/.exec(content.slice(0, HEAD_MAX_BYTES))?.[0] ?? '';
}

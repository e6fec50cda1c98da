// This file turns bytes of a named charset into text. Mail names charsets loosely, so unknown names fall back instead of failing.

/** Names that mail uses and the WHATWG list does not know. */
const ALIASES: Readonly<Record<string, string>> = {
  cp932: 'shift_jis',
  'windows-31j': 'shift_jis',
  'x-sjis': 'shift_jis',
  cp936: 'gbk',
  ms936: 'gbk',
  'iso-8859-8-i': 'iso-8859-8-i',
  'unicode-1-1-utf-7': 'utf-8',
  utf8: 'utf-8',
  'utf-8mb4': 'utf-8',
  '8bit': 'utf-8',
  binary: 'utf-8',
  unknown: 'utf-8',
  'x-unknown': 'utf-8',
  default_charset: 'utf-8',
  'us-ascii': 'utf-8',
  ascii: 'utf-8',
  'ansi_x3.4-1968': 'utf-8',
};
/** Charset names come from strangers; only so many decoders are kept. */
const DECODERS_MAX = 64;
const decoders = new Map<string, TextDecoder>();

/** Decodes bytes. Never throws: a wrong or unknown charset is read as UTF-8 where that is valid, else as windows-1252. */
export function decodeCharset(bytes: Uint8Array, charset: string): string {
  const label = charset.trim().toLowerCase();
  const name = ALIASES[label] ?? label;
  const decoder = name === 'utf-8' || name === '' ? null : decoderOf(name);
  return decoder === null ? decodeUnlabelled(bytes) : decoder.decode(bytes);
}

/** UTF-8 where the bytes are valid UTF-8, else windows-1252: the two things that unlabelled mail is. */
export function decodeUnlabelled(bytes: Uint8Array): string {
  try {
    return UTF8_STRICT.decode(bytes);
  } catch {
    // Not UTF-8; every byte string is valid windows-1252.
    return WINDOWS_1252.decode(bytes);
  }
}

const UTF8_STRICT = new TextDecoder('utf-8', { fatal: true });
const WINDOWS_1252 = new TextDecoder('windows-1252');

function decoderOf(name: string): TextDecoder | null {
  const known = decoders.get(name);
  if (known !== undefined) return known;
  try {
    const made = new TextDecoder(name);
    if (decoders.size < DECODERS_MAX) decoders.set(name, made);
    return made;
  } catch {
    return null;
  }
}

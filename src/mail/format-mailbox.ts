// This file writes one mailbox as it stands in a header: `"Name" <address>`, the name quoted or encoded where it has to be (RFC 5322 §3.4, RFC 2047).

/** Bytes of one encoded word's text: with its frame it stays below 75 characters (RFC 2047 §2). */
const WORD_BYTES = 42;

/** The mailbox; encoded words are folded, so that the value may hold CR LF followed by a blank. Control characters of the name become blanks. */
export function formatMailbox(name: string, address: string): string {
  const clean = name.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ');
  const plain = /^[\x20-\x7e]*$/.test(clean);
  return `${plain ? `"${clean.replace(/["\\]/g, '\\$&')}"` : encodeWords(clean)} <${address}>`;
}

function encodeWords(text: string): string {
  const words: string[] = [];
  let word = '';
  for (const char of text) {
    if (Buffer.byteLength(word + char) > WORD_BYTES) {
      words.push(word);
      word = '';
    }
    word += char;
  }
  return [...words, word].map((each) => `=?utf-8?B?${Buffer.from(each).toString('base64')}?=`).join('\r\n ');
}

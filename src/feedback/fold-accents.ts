// This file takes the accents off Latin letters: servers, charsets and forwarders lose them anyway, and a rule should not need to spell each way.

const ACCENTS = /(?<=[a-z])[\u0300-\u036f]+/g;
const BEYOND_ASCII = /[^\s -~]/;
/** Letters that are no letter with an accent to Unicode. */
const LETTERS: Readonly<Record<string, string>> = { ß: 'ss', ł: 'l', ø: 'o', æ: 'ae', œ: 'oe', ı: 'i', đ: 'd' };
const SPECIAL = /[ßłøæœıđ]/g;

/** Lower-case words without accents on Latin letters; other scripts stay as they are. Pure, linear. */
export function foldAccents(words: string): string {
  if (!BEYOND_ASCII.test(words)) return words;
  return words
    .normalize('NFD')
    .replace(ACCENTS, '')
    .normalize('NFC')
    .replace(SPECIAL, (letter) => LETTERS[letter] ?? letter);
}

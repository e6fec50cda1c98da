// This file reads the description of a SparkPost suppression: "550: 550 5.1.1 no such user #55". The code stands before the words, a number of
// SparkPost's own after them.

/** The receiver's reply in it, beginning with its code; the description itself where it is not of this form. */
export function sparkpostWords(description: string | null): string | null {
  const [, code, words] = /^(\d{3}): *(.*?)(?: #\d{1,6})?$/s.exec(description ?? '') ?? [];
  if (code === undefined || words === undefined) return description;
  return words.startsWith(code) ? words : `${code} ${words}`;
}

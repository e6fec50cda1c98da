// This file is how a sentence is stored before anybody knows in which language it will be read: its code and what it speaks of. What was stored as words (by a provider, or by a
// desk before this one) stays as it was said.

export type ToldFacts = Readonly<Record<string, string>>;

export interface Told {
  readonly code: string;
  readonly facts: ToldFacts;
}

/** One line of JSON, for a column of text. */
export function tell(code: string, facts: ToldFacts = {}): string {
  return JSON.stringify({ code, ...facts });
}

/** Reads it back; null for words. */
export function readTold(text: string): Told | null {
  if (!text.startsWith('{"code":"')) return null;
  try {
    // Written by `tell`; what is no JSON, or cut off, is words.
    const { code, ...facts } = JSON.parse(text) as { code: string } & ToldFacts;
    return { code, facts };
  } catch {
    return null;
  }
}

/** Puts the facts into a sentence: `{host}` by its name. */
export function filled(sentence: string, facts: ToldFacts): string {
  return sentence.replace(/\{([a-z]+)\}/gi, (whole, name: string) => facts[name] ?? whole);
}

/** The sentence of a list for what was stored; words as they are. */
export function toldText(stored: string, words: Readonly<Record<string, string>>): string {
  const told = readTold(stored);
  const sentence = told === null || !Object.hasOwn(words, told.code) ? undefined : words[told.code];
  return told === null || sentence === undefined ? stored : filled(sentence, told.facts);
}

// This file names the mistakes people make with DNS records, and says each in plain words with what to do next, in every language we have.
import type { Language } from '../../language.ts';
import type { MistakeCode } from './mistake-codes.ts';
import { GERMAN_MISTAKE_WORDS } from './words/de.ts';
import { ENGLISH_MISTAKE_WORDS } from './words/en.ts';
import type { MistakeWordList } from './words/word-list.ts';

/** What the sentences speak of; every value is shown as it is. */
export interface MistakeFacts {
  /** Name at which the record belongs. */
  readonly host: string;
  readonly type: string;
  /** What belongs there. */
  readonly value: string;
  /** What stands there or elsewhere. */
  readonly seen: string;
  /** Name at which it stands by mistake. */
  readonly seenHost: string;
  /** A value to copy that mends it, where one can be written. */
  readonly better: string;
  /** A number, a term or a sentence of a reader that says more. */
  readonly detail: string;
}

export interface Mistake {
  readonly code: MistakeCode;
  readonly message: string;
  readonly next: string;
  /** To say the same in another language: `mistakeWords(code, facts, language)`. */
  readonly facts: MistakeFacts;
}

const WORDS: Readonly<Record<Language, MistakeWordList>> = { en: ENGLISH_MISTAKE_WORDS, de: GERMAN_MISTAKE_WORDS };

export function mistakeWords(code: MistakeCode, facts: MistakeFacts, language: Language = 'en'): Pick<Mistake, 'message' | 'next'> {
  const { message, next } = WORDS[language][code];
  return { message: filled(message, facts), next: filled(next, facts) };
}

function filled(sentence: string, facts: MistakeFacts): string {
  return sentence.replace(/\{(host|type|value|seen|seenHost|better|detail)\}/g, (_, name: keyof MistakeFacts) => facts[name]).trim();
}

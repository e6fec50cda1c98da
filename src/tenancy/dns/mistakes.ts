// This file names the mistakes people make with DNS records, and says each in plain words with what to do next, in every language we have.
import { GERMAN_MISTAKE_WORDS } from './words/de.ts';
import { ENGLISH_MISTAKE_WORDS } from './words/en.ts';
import type { MistakeWordList } from './words/word-list.ts';

export const MISTAKE_CODES = [
  // where the record stands
  'not-published',
  'no-answer',
  'doubled-domain',
  'wrong-host',
  'wrong-type',
  // how the value was pasted
  'quotes-in-value',
  'trailing-dot',
  'letter-case',
  'other-value',
  'several-records',
  // aliases
  'proxied',
  'address-instead-of-alias',
  'target-doubled',
  'other-target',
  'alias-beside-records',
  'alias-at-host',
  // DKIM
  'key-cut',
  'key-broken',
  'key-revoked',
  'key-other',
  'key-not-there',
  // SPF
  'several-spf',
  'spf-syntax',
  'spf-lookups',
  'spf-voids',
  'spf-open',
  'spf-not-included',
  'spf-after-all',
  // DMARC, TLS-RPT, MTA-STS, MX
  'several-dmarc',
  'dmarc-syntax',
  'report-address-missing',
  'record-syntax',
  'other-exchangers',
  'more-exchangers',
] as const;

export type MistakeCode = (typeof MISTAKE_CODES)[number];

export const MISTAKE_LANGUAGES = ['en', 'de'] as const;
export type MistakeLanguage = (typeof MISTAKE_LANGUAGES)[number];

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

const WORDS: Readonly<Record<MistakeLanguage, MistakeWordList>> = { en: ENGLISH_MISTAKE_WORDS, de: GERMAN_MISTAKE_WORDS };

export function mistakeWords(code: MistakeCode, facts: MistakeFacts, language: MistakeLanguage = 'en'): Pick<Mistake, 'message' | 'next'> {
  const { message, next } = WORDS[language][code];
  return { message: filled(message, facts), next: filled(next, facts) };
}

function filled(sentence: string, facts: MistakeFacts): string {
  return sentence.replace(/\{(host|type|value|seen|seenHost|better|detail)\}/g, (_, name: keyof MistakeFacts) => facts[name]).trim();
}

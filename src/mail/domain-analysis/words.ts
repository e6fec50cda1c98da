// This file says what reports mean in plain words, in every language we have.
import type { Language } from '../../language.ts';
import { type Blocker, MESSAGES_MIN, REPORTED_DAYS_MIN, type SafePath, STEP_DAYS_MIN } from './safe-path.ts';
import type { Failure, SourceGroup } from './summary.ts';
import { isTlsResult } from './tls-summary.ts';
import { GERMAN_DOMAIN_WORDS } from './words/de.ts';
import { ENGLISH_DOMAIN_WORDS } from './words/en.ts';
import type { DomainWords, WhyAndNext } from './words/word-list.ts';

const WORDS: Readonly<Record<Language, DomainWords>> = { en: ENGLISH_DOMAIN_WORDS, de: GERMAN_DOMAIN_WORDS };
/** Sources named in a sentence; more are a list, and that stands beside it. */
const NAMED_MAX = 3;

export function domainWords(language: Language): DomainWords {
  return WORDS[language];
}

export function wordsOfSource(group: SourceGroup, domain: string, language: Language): WhyAndNext {
  const { kind, name: source, cause } = group;
  return cause === null ? WORDS[language].passing(kind, source) : WORDS[language].failing(cause, kind, { source, domain });
}

export function wordsOfFailure({ cause, kind, source, headerFrom }: Failure, domain: string, language: Language): WhyAndNext {
  return WORDS[language].failing(cause, kind, { source, domain: headerFrom ?? domain });
}

export function wordsOfBlocker({ code, source, messages }: Blocker, language: Language): WhyAndNext {
  const daysMin = code === 'too-soon' ? STEP_DAYS_MIN : REPORTED_DAYS_MIN;
  const write = (value: number) => number(value, language);
  return WORDS[language].blocker(code, {
    source: source?.name ?? '',
    messages: write(messages),
    daysMin: write(daysMin),
    messagesMin: write(MESSAGES_MIN),
  });
}

/** "30 days, 12,431 messages, 99.97 % aligned; the other 4: …" */
export function evidenceText({ facts }: SafePath, language: Language): string {
  const write = (value: number) => number(value, language);
  return WORDS[language].evidence({
    days: write(facts.days),
    messages: write(facts.messages),
    share: share(facts.aligned, facts.messages, language),
    rest: write(facts.messages - facts.aligned),
    sources: facts.rest.slice(0, NAMED_MAX).map((group) => `${group.name} (${write(group.messages - group.aligned)})`),
    strangers: facts.strangers === 0 ? null : write(facts.strangers),
  });
}

export function wordsOfTls(resultType: string, language: Language): WhyAndNext {
  return WORDS[language].tls(isTlsResult(resultType) ? resultType : 'other');
}

export function number(value: number, language: Language): string {
  return new Intl.NumberFormat(language).format(value);
}

/** A share in percent that never rounds a failure away: 99.99 % is not 100 %. */
export function share(part: number, whole: number, language: Language): string {
  const percent = whole === 0 ? 0 : Math.floor((part / whole) * 10_000) / 100;
  return `${new Intl.NumberFormat(language, { maximumFractionDigits: 2 }).format(percent)} %`;
}

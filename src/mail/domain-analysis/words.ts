// This file says what reports mean in plain words, in every language we have.
import type { Language } from '../../language.ts';
import { type Blocker, MESSAGES_MIN, REPORTED_DAYS_MIN, type SafePath, STEP_DAYS_MIN } from './safe-path.ts';
import { type Failure, isNotOurs, type SourceGroup } from './summary.ts';
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

/** What a person calls the source, where somebody said it. */
export function labelOf({ name, judgement }: Pick<SourceGroup, 'name' | 'judgement'>): string {
  return judgement !== null && judgement.note !== '' ? judgement.note : name;
}

export function wordsOfSource(group: SourceGroup, domain: string, language: Language): WhyAndNext {
  const { kind, name: source, cause, judgement, aligned } = group;
  const { judged, passing, failing } = WORDS[language];
  const found = cause === null ? passing(kind, source) : failing(cause, kind, { source, domain });
  if (judgement === null) return found;
  if (judgement.verdict === 'ours') {
    if (cause !== null) return { why: found.why, next: judged.oursNext(cause, { source, domain }) };
    return kind === 'unknown' ? judged.oursPassing(source) : found;
  }
  if (!isNotOurs(group)) return { ...found, why: `${found.why} ${judged.bearsOurMarks(source)}` };
  return aligned === 0 ? judged.notOursFailing(source) : judged.notOursPassing(number(aligned, language), source);
}

export function wordsOfFailure(failure: Failure, domain: string, language: Language): WhyAndNext {
  const { cause, kind, source, headerFrom, judgement } = failure;
  const { judged, failing } = WORDS[language];
  const about = headerFrom ?? domain;
  const found = failing(cause, kind, { source, domain: about });
  if (judgement === null) return found;
  return judgement.verdict === 'ours'
    ? { why: found.why, next: judged.oursNext(cause, { source, domain: about }) }
    : judged.notOursFailing(source);
}

export function wordsOfBlocker({ code, source, messages }: Blocker, language: Language): WhyAndNext {
  const daysMin = code === 'too-soon' ? STEP_DAYS_MIN : REPORTED_DAYS_MIN;
  const write = (value: number) => number(value, language);
  return WORDS[language].blocker(code, {
    source: source === null ? '' : labelOf(source),
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
    sources: facts.rest.slice(0, NAMED_MAX).map((group) => `${labelOf(group)} (${write(group.messages - group.aligned)})`),
    strangers: facts.strangers === 0 ? null : write(facts.strangers),
    notOurs: notOursText(facts, language),
  });
}

function notOursText({ notOurs }: SafePath['facts'], language: Language) {
  if (notOurs.messages === 0) return null;
  const write = (value: number) => number(value, language);
  const { sources, messages, aligned } = notOurs;
  return { sources, written: write(sources), messages: write(messages), passing: aligned === 0 ? null : write(aligned) };
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

// This file says what a provider misses at a sending domain, in every language we have. What a provider says in its own words stays as it said it.
import type { Language } from '../language.ts';
import { type ToldFacts, tell, toldText } from '../tenancy/told.ts';

const ENGLISH = {
  'spf-not-seen': '{provider} has not seen SPF of the domain yet.',
  'dkim-not-seen': '{provider} has not seen its DKIM record yet.',
  'spf-and-dkim-not-seen': '{provider} has not seen SPF and DKIM of the domain yet.',
  'token-not-seen': '{provider} has not seen the token that proves the domain yet.',
  blocked: '{provider} has blocked this domain; its support says why.',
  reviewed: '{provider} reviews the domain; that takes up to an hour and needs a live website.',
  'platform-cares': 'The platform looks after it.',
} as const;

export type ProviderTroubleCode = keyof typeof ENGLISH;

const GERMAN: Readonly<Record<ProviderTroubleCode, string>> = {
  'spf-not-seen': '{provider} hat SPF der Domain noch nicht gesehen.',
  'dkim-not-seen': '{provider} hat den DKIM-Eintrag noch nicht gesehen.',
  'spf-and-dkim-not-seen': '{provider} hat SPF und DKIM der Domain noch nicht gesehen.',
  'token-not-seen': '{provider} hat den Eintrag noch nicht gesehen, der die Domain nachweist.',
  blocked: '{provider} hat diese Domain gesperrt; der Support dort sagt, warum.',
  reviewed: '{provider} prüft die Domain; das dauert bis zu einer Stunde und braucht eine Website, die erreichbar ist.',
  'platform-cares': 'Die Plattform kümmert sich darum.',
};

/** Every code of a language has its words, or it does not compile. */
export const PROVIDER_TROUBLE_WORDS: Readonly<Record<Language, Readonly<Record<ProviderTroubleCode, string>>>> = {
  en: ENGLISH,
  de: GERMAN,
};

export function providerTrouble(code: ProviderTroubleCode, facts: ToldFacts = {}): string {
  return tell(code, facts);
}

/** What was stored, as a sentence. */
export function providerTroubleText(stored: string, language: Language): string {
  return toldText(stored, PROVIDER_TROUBLE_WORDS[language]);
}

// This file says what a provider misses at a sending domain, or why it does not take or remove one, in every language we have. What a provider says in its
// own words is quoted as it said it.
import type { Language } from '../language.ts';
import { readTold, type ToldFacts, tell, toldText } from '../tenancy/told.ts';
import type { ListFailure } from './provider-list.ts';

const ENGLISH = {
  'spf-not-seen': '{provider} has not seen SPF of the domain yet.',
  'dkim-not-seen': '{provider} has not seen its DKIM record yet.',
  'spf-and-dkim-not-seen': '{provider} has not seen SPF and DKIM of the domain yet.',
  'token-not-seen': '{provider} has not seen the token that proves the domain yet.',
  blocked: '{provider} has blocked this domain; its support says why.',
  reviewed: '{provider} reviews the domain; that takes up to an hour and needs a live website.',
  'not-accepted': '{provider} looked and does not accept the records yet. It says: “{said}”.',
  refused: '{provider} does not take this domain. It says: “{said}”.',
  'account-refused': '{provider} refused the call: the key, the rights or the plan of the account need a look. It says: “{said}”.',
  'not-answered': '{provider} gave no answer that counts; it is asked again by itself. What came back: “{said}”.',
  'gone-there': '{provider} no longer knows the domain; it is made known again at the next look.',
  'no-domains': '{provider} offers no way to register domains.',
  'account-gone': 'The provider account is gone.',
  'removal-refused': '{provider} does not remove the domain; remove it on its pages. It says: “{said}”.',
  'no-removal': '{provider} offers no call that removes a domain; remove it on its pages.',
  'removal-account-gone': 'The provider account is gone; remove the domain at the provider.',
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
  'not-accepted': '{provider} hat nachgesehen und nimmt die Einträge noch nicht an. Die Antwort dort: „{said}“.',
  refused: '{provider} nimmt diese Domain nicht. Die Antwort dort: „{said}“.',
  'account-refused':
    '{provider} hat den Aufruf abgelehnt: Schlüssel, Rechte oder Tarif des Kontos brauchen einen Blick. Die Antwort dort: „{said}“.',
  'not-answered': '{provider} gab keine Antwort, die zählt; es wird von selbst noch einmal gefragt. Zurück kam: „{said}“.',
  'gone-there': '{provider} kennt die Domain nicht mehr; beim nächsten Blick wird sie dort neu angelegt.',
  'no-domains': 'Bei {provider} lassen sich keine Domains anmelden.',
  'account-gone': 'Das Anbieterkonto gibt es nicht mehr.',
  'removal-refused': '{provider} entfernt die Domain nicht; entfernen Sie sie auf den Seiten dort. Die Antwort dort: „{said}“.',
  'no-removal': '{provider} bietet keinen Aufruf, der eine Domain entfernt; entfernen Sie sie auf den Seiten dort.',
  'removal-account-gone': 'Das Anbieterkonto gibt es nicht mehr; entfernen Sie die Domain beim Anbieter.',
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

/** Longer answers of a provider are pages, not sentences. */
const QUOTED_CHARS_MAX = 300;

/** A sentence of ours around a provider's own words; what is a sentence of ours already stays it. */
export function providerSays(code: 'not-accepted' | FailureCode, provider: string, said: string): string {
  return readTold(said) === null ? tell(code, { provider, said: said.slice(0, QUOTED_CHARS_MAX) }) : said;
}

type FailureCode = 'refused' | 'account-refused' | 'not-answered' | 'removal-refused';
const FAILURES: Readonly<Record<ListFailure['kind'], FailureCode>> = {
  forbidden: 'refused',
  account: 'account-refused',
  later: 'not-answered',
};

/** Why a call about a domain did not work. */
export function providerFailure(asked: 'take' | 'remove', provider: string, { kind, reason }: ListFailure): string {
  return providerSays(asked === 'remove' && kind === 'forbidden' ? 'removal-refused' : FAILURES[kind], provider, reason);
}

/** What was stored, as a sentence. */
export function providerTroubleText(stored: string, language: Language): string {
  return toldText(stored, PROVIDER_TROUBLE_WORDS[language]);
}

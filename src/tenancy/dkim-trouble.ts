// This file says what a look at a DKIM key found wrong, in every language we have.
import type { Language } from '../language.ts';
import { readTold, type ToldFacts, tell, toldText } from './told.ts';

const ENGLISH = {
  'no-record': 'There is no record at {host} yet.',
  'no-answer': 'No name server answered for {host}.',
  'no-answer-because': 'No name server answered for {host} ({detail}).',
  'no-key': 'There is a TXT record under the name of the key, but it holds no key (p=).',
  'two-keys': 'Two records with keys stand under one name; receivers may take either. Remove the other one.',
  revoked: 'The record holds an empty key (p=), which says that the key is revoked.',
  'other-key': 'The record holds another key than ours; copy the value again.',
  'wrong-kind': 'The record says k={seen}, and the key is of the kind {wanted}.',
  'no-sha256': 'The record allows no sha256 (h=), which is what signs.',
  version: 'The record does not begin with "v=DKIM1"; copy the value again.',
  service: 'The record says that the key is not for mail (s=); copy the value again.',
  'not-base64': 'The key in the record holds characters that no key has; copy the value again.',
  'key-cut': 'The key in the record is cut off; copy the whole value again.',
  'key-broken': 'The key in the record cannot be read; copy the value again.',
  'key-short': 'The key in the record is too short for receivers; copy the value again.',
} as const;

export type KeyTroubleCode = keyof typeof ENGLISH;

const GERMAN: Readonly<Record<KeyTroubleCode, string>> = {
  'no-record': 'Unter {host} steht noch kein Eintrag.',
  'no-answer': 'Kein Nameserver antwortete für {host}.',
  'no-answer-because': 'Kein Nameserver antwortete für {host} ({detail}).',
  'no-key': 'Unter dem Namen des Schlüssels steht ein TXT-Eintrag, aber ohne Schlüssel (p=).',
  'two-keys': 'Unter einem Namen stehen zwei Einträge mit Schlüsseln; Empfänger nehmen irgendeinen. Entfernen Sie den anderen.',
  revoked: 'Der Eintrag enthält einen leeren Schlüssel (p=); das heißt, der Schlüssel ist widerrufen.',
  'other-key': 'Der Eintrag enthält einen anderen Schlüssel als unseren; kopieren Sie den Wert noch einmal.',
  'wrong-kind': 'Der Eintrag sagt k={seen}, der Schlüssel ist aber von der Art {wanted}.',
  'no-sha256': 'Der Eintrag erlaubt kein sha256 (h=), womit signiert wird.',
  version: 'Der Eintrag beginnt nicht mit „v=DKIM1“; kopieren Sie den Wert noch einmal.',
  service: 'Der Eintrag sagt, dass der Schlüssel nicht für Mail ist (s=); kopieren Sie den Wert noch einmal.',
  'not-base64': 'Der Schlüssel im Eintrag enthält Zeichen, die kein Schlüssel hat; kopieren Sie den Wert noch einmal.',
  'key-cut': 'Der Schlüssel im Eintrag ist abgeschnitten; kopieren Sie den ganzen Wert noch einmal.',
  'key-broken': 'Der Schlüssel im Eintrag ist nicht lesbar; kopieren Sie den Wert noch einmal.',
  'key-short': 'Der Schlüssel im Eintrag ist Empfängern zu kurz; kopieren Sie den Wert noch einmal.',
};

/** Every code of a language has its words, or it does not compile. */
export const KEY_TROUBLE_WORDS: Readonly<Record<Language, Readonly<Record<KeyTroubleCode, string>>>> = { en: ENGLISH, de: GERMAN };
const ONLY_SOME: Readonly<Record<Language, string>> = {
  en: "Some of the domain's name servers do not have the key yet.",
  de: 'Einige Nameserver der Domain haben den Schlüssel noch nicht.',
};
/** Beside the code: other servers of the domain have the key. */
const SOME = 'elsewhere';

export function keyTrouble(code: KeyTroubleCode, facts: ToldFacts = {}): string {
  return tell(code, facts);
}

/** The same trouble, at some of the servers only. */
export function atSomeServers(trouble: string): string {
  const told = readTold(trouble);
  return told === null ? trouble : tell(told.code, { ...told.facts, [SOME]: 'yes' });
}

/** What was stored, as a sentence or two. */
export function keyTroubleText(stored: string, language: Language): string {
  const sentence = toldText(stored, KEY_TROUBLE_WORDS[language]);
  return readTold(stored)?.facts[SOME] === undefined ? sentence : `${ONLY_SOME[language]} ${sentence}`;
}

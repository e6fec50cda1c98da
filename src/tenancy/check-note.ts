// This file says why nobody looks at a domain by itself any more, in every language we have.
import type { Language } from '../language.ts';
import { toldText } from './told.ts';

export type CheckNoteCode = 'gave-up';

export const CHECK_NOTE_WORDS: Readonly<Record<Language, Readonly<Record<CheckNoteCode, string>>>> = {
  en: {
    'gave-up': 'Its records were not there for {days} days, so nobody looks by itself any more. Check it again once they are published.',
  },
  de: {
    'gave-up':
      'Die Einträge waren {days} Tage lang nicht da, darum sieht niemand mehr von selbst nach. Lassen Sie noch einmal prüfen, sobald sie veröffentlicht sind.',
  },
};

export function checkNoteText(stored: string, language: Language): string {
  return toldText(stored, CHECK_NOTE_WORDS[language]);
}

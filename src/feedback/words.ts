// This file says each class in plain words, in every language we have: `packetboat explain bounce`, the API and the console take them from here.

import type { Language } from '../language.ts';
import type { FeedbackClass } from './vocabulary.ts';
import { GERMAN_CLASS_WORDS } from './words/de.ts';
import { ENGLISH_CLASS_WORDS } from './words/en.ts';
import type { ClassWordList, ClassWords } from './words/word-list.ts';

const WORDS: Readonly<Record<Language, ClassWordList>> = { en: ENGLISH_CLASS_WORDS, de: GERMAN_CLASS_WORDS };

/** The words for a class; English where no language is named. */
export function classWords(feedbackClass: FeedbackClass, language: Language = 'en'): ClassWords {
  return WORDS[language][feedbackClass];
}

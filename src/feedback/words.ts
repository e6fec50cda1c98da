// This file says each class in plain words, in every language we have: `packetboat explain bounce`, the API and the console take them from here.

import type { Language } from '../language.ts';
import type { FeedbackClass, Verdict } from './vocabulary.ts';
import { GERMAN_CLASS_WORDS } from './words/de.ts';
import { ENGLISH_CLASS_WORDS } from './words/en.ts';
import type { ClassWordList, ClassWords } from './words/word-list.ts';

const WORDS: Readonly<Record<Language, ClassWordList>> = { en: ENGLISH_CLASS_WORDS, de: GERMAN_CLASS_WORDS };

/** The words for a class; English where no language is named. */
export function classWords(feedbackClass: FeedbackClass, language: Language = 'en'): Omit<ClassWords, 'ended'> {
  const { ended: _, ...words } = WORDS[language][feedbackClass];
  return words;
}

/** The words for a class once the message has come back for good: nothing is tried again by itself then. */
export function classWordsEnded(feedbackClass: FeedbackClass, language: Language = 'en'): Omit<ClassWords, 'ended'> {
  const { ended = {}, ...words } = WORDS[language][feedbackClass];
  return { ...words, ...ended };
}

/** The words for one answer: a permanent one ends the way of a message, unless another route may still take it. */
export function answerWords(
  answer: { verdict: Verdict; code: string; enhanced: string },
  language: Language = 'en',
): Omit<ClassWords, 'ended'> {
  const { verdict, code, enhanced } = answer;
  const permanent = (code === '' ? enhanced : code).startsWith('5');
  return permanent && verdict.fault !== 'sender-reputation'
    ? classWordsEnded(verdict.class, language)
    : classWords(verdict.class, language);
}

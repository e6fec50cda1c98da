// This file says what the words of a language are: three sentences for every class.
import type { FeedbackClass } from '../vocabulary.ts';

/** One class, said three times. */
export interface ClassWords {
  /** What happened, for somebody who has never seen an SMTP reply. */
  readonly volunteer: string;
  /** What happened, for somebody who reads SMTP replies: which answers are meant, and what the desk does with them. */
  readonly developer: string;
  /** What to do next, and who does it. */
  readonly next: string;
  /** What is said instead once the message has come back for good, where the sentences above speak of trying again. */
  readonly ended?: Partial<Pick<ClassWords, 'volunteer' | 'next'>>;
}

/** A language is complete or it does not compile: every class has its words. */
export type ClassWordList = Readonly<Record<FeedbackClass, ClassWords>>;

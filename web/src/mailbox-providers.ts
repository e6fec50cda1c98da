// This file names mailbox providers as people call them.
import { answerWords } from './words/answers.words.ts';
import { type Lang, pick } from './words/words.ts';

const NAMES: Readonly<Record<string, string>> = {
  google: 'Gmail',
  microsoft: 'Outlook',
  yahoo: 'Yahoo',
  apple: 'iCloud',
  gmx: 'GMX, WEB.DE',
  't-online': 'T-Online',
  orange: 'Orange',
  comcast: 'Comcast',
  mimecast: 'Mimecast',
  proofpoint: 'Proofpoint',
};

/** One without a name stands as the API calls it. */
export function providerNameIn(key: string, lang: Lang): string {
  return key === 'other' ? pick(answerWords, lang).otherReceivers : (NAMES[key] ?? key);
}

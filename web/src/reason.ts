// This file says a class, hold reason or code in words.
import type { Format } from './format.ts';
import { classNames } from './words/classes.words.ts';
import { pick } from './words/words.ts';

/** A class, hold reason or code in words; what has no words yet stands as it came. */
export function reasonWords(reason: string | null, format: Format): string | null {
  if (reason === null || reason === '') return null;
  const names: Readonly<Record<string, string>> = pick(classNames, format.lang);
  return names[reason] ?? reason;
}

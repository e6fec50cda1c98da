// This file describes the segments of a bar of states: how wide, and as a sentence for those who do not see it.
import type { CSSProperties } from 'react';
import type { RecipientState } from '../api/model.ts';
import type { Format } from '../format.ts';
import type { stateNames } from '../words/states.words.ts';
import type { barWords } from '../words/table.words.ts';
import type { Words } from '../words/words.ts';

export type Segment = readonly [state: RecipientState, count: number];

/** A segment grows with its count. */
export function weight(count: number): CSSProperties {
  // React's types do not know custom properties.
  return { '--v': count } as CSSProperties;
}

/** "19 delivered, 3 handed over; 24 in all". */
export function barSentence(
  segments: readonly Segment[],
  total: number,
  names: Words<typeof stateNames>,
  words: Words<typeof barWords>,
  format: Format,
): string {
  const parts = segments.map(([state, count]) => `${format.int(count)} ${names[state].toLowerCase()}`).join(', ');
  return words.barSentence(parts, format.int(total));
}

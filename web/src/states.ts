// This file counts and names the thirteen states, and knows the faults.
import { FAULTS, type Fault, RECIPIENT_STATES, type RecipientState, type StateCounts } from './api/model.ts';
import type { Format } from './format.ts';
import { stateNames } from './words/states.words.ts';
import { pick } from './words/words.ts';

export function isState(text: string): text is RecipientState {
  // Widening to strings so that any text may be asked about.
  return (RECIPIENT_STATES as readonly string[]).includes(text);
}

export function isFault(text: string): text is Fault {
  // Widening to strings so that any text may be asked about.
  return (FAULTS as readonly string[]).includes(text);
}

/** The fault as one of ours; null for none, and for one this console does not know. */
export function faultOf(text: string | null): Fault | null {
  return text !== null && isFault(text) ? text : null;
}

/** All thirteen counts, zero where the API left one out. */
export function fullCounts(counts: Partial<StateCounts>): StateCounts {
  const full: Record<string, number> = {};
  for (const state of RECIPIENT_STATES) full[state] = counts[state] ?? 0;
  // Every state was just set.
  return full as StateCounts;
}

/** One word for a state. */
export function stateWord(state: RecipientState, format: Format): string {
  return pick(stateNames, format.lang)[state];
}

// This file writes the log line of On hold.
import type { Hold } from '../api/feedback-model.ts';
import type { Page } from '../api/model.ts';
import type { Format } from '../format.ts';
import type { HoldFilters } from '../paths.ts';
import { reasonWords } from '../reason.ts';
import { holdsWords } from '../words/holds.words.ts';
import { pick, plain } from '../words/words.ts';

export interface HoldsData {
  readonly page: Page<Hold>;
  readonly filters: HoldFilters;
  readonly nowMs: number;
}

/** Whom do we not write to, on what proof, until when? */
export function logLine({ page, filters, nowMs }: HoldsData, format: Format): string {
  const say = pick(holdsWords, format.lang);
  const [first] = page.data;
  if (first === undefined) {
    if (filters.address !== undefined) return say.notThis(plain(filters.address));
    return Object.keys(filters).length === 0 ? say.nobody : say.noMatch;
  }
  if (filters.address !== undefined && page.data.length === 1) {
    const why = reasonWords(first.reason, format) ?? first.reason;
    if (first.expires_at === null) return say.oneForGood(plain(first.address), why);
    return say.oneUntil(plain(first.address), format.day(Date.parse(first.expires_at), nowMs), why);
  }
  return page.next === null && filters.after === undefined ? say.some(page.data.length) : say.more(format.int(page.data.length));
}

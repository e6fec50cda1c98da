// This file reads rates as the API gives them.
import type { ApiRate } from './api/feedback-model.ts';
import type { Rate } from './format.ts';

/** The rate, where anything is known; else null. */
export function knownRate(rate: Omit<ApiRate, 'shrunk'> | null | undefined): Rate | null {
  if (rate === null || rate === undefined || rate.n === 0) return null;
  const { value, low, high, n } = rate;
  return value === null || low === null || high === null ? null : { value, low, high, n };
}

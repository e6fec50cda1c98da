// This file states the delivered rate with its range: how many of the recipients whose fate is known were delivered.
import type { RecipientState } from '../delivery/states.ts';

export interface DeliveredRate {
  /** 0 to 1; null when no fate is known yet. */
  readonly value: number | null;
  /** Wilson bounds, 90 % sure. */
  readonly low: number | null;
  readonly high: number | null;
  readonly n: number;
  readonly definition: string;
}

/** Two-sided 90 %. */
const Z = 1.645;
const DEFINITION = 'Delivered, of those delivered, bounced, failed or expired. Handed over without an answer yet does not count.';

export function deliveredRate(states: Partial<Record<RecipientState, number>>): DeliveredRate {
  const delivered = states.delivered ?? 0;
  const n = delivered + (states.bounced ?? 0) + (states.failed ?? 0) + (states.expired ?? 0);
  if (n === 0) return { value: null, low: null, high: null, n, definition: DEFINITION };
  const p = delivered / n;
  const spread = Z * Math.sqrt((p * (1 - p)) / n + (Z * Z) / (4 * n * n));
  const centre = p + (Z * Z) / (2 * n);
  const scale = 1 + (Z * Z) / n;
  return { value: p, low: Math.max(0, (centre - spread) / scale), high: Math.min(1, (centre + spread) / scale), n, definition: DEFINITION };
}

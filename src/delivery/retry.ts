// This file says when a deferred recipient is tried again, and when its lifetime is over. Times follow docs/ARCHITECTURE.md and the
// measured schedules of the field: short steps for a password reset, long ones for a newsletter.
import type { FeedbackClass } from '../feedback/vocabulary.ts';
import type { Stream } from './states.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

export interface RetryLadder {
  /** Waits between tries; the last one repeats. Milliseconds. */
  readonly stepsMs: readonly number[];
  /** From acceptance (or send_at) until we give up; milliseconds. */
  readonly lifetimeMs: number;
}

export const RETRY_LADDERS: Readonly<Record<Stream, RetryLadder>> = {
  transactional: { stepsMs: [1, 5, 15, 30, 60, 120, 240].map((minutes) => minutes * MINUTE_MS), lifetimeMs: 24 * HOUR_MS },
  bulk: { stepsMs: [0.25, 1, 2, 4, 8, 16, 24].map((hours) => hours * HOUR_MS), lifetimeMs: 72 * HOUR_MS },
};

/** Greylisting servers let the second try in after 5 minutes as a rule; a ladder's first step would be too early or too late. */
const GREYLIST_MS = 6 * MINUTE_MS;
/** Spread of ±20 %, so that a thousand recipients deferred together do not come back together. */
const JITTER = 0.2;

/**
 * Milliseconds from now until the next try. `tries` counts the ones made, this one included; `random` is 0 ≤ n < 1.
 * A time the receiver named (`retryAfterMs`) is never undercut.
 */
export function retryDelayMs(options: {
  ladder: RetryLadder;
  tries: number;
  class: FeedbackClass | null;
  random: number;
  retryAfterMs?: number;
}): number {
  const { ladder, tries, random } = options;
  const step =
    options.class === 'greylist' && tries <= 2 ? GREYLIST_MS : (ladder.stepsMs[Math.min(tries, ladder.stepsMs.length) - 1] ?? HOUR_MS);
  const spread = step * (1 - JITTER + 2 * JITTER * random);
  return Math.round(Math.max(spread, options.retryAfterMs ?? 0));
}

/** A hand-over that never reached the wire costs no step: it comes back within seconds, spread over `random`. */
export function requeueDelayMs(random: number): number {
  return Math.round(1_000 + 4_000 * random);
}

/** How long an uncertain recipient waits for news before policy decides; milliseconds. */
export const UNCERTAIN_WAIT_MS: Readonly<Record<Stream, number>> = { transactional: 2 * MINUTE_MS, bulk: 60 * MINUTE_MS };

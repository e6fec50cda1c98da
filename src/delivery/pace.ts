// This file decides when mail to a mailbox provider pauses because the provider of a route reports, after the hand-over, that the receiver takes no more
// for now. The reporting provider goes on trying what it has; the pause keeps us from giving it more than gets through. Pure.

/** What was reported of one route at one mailbox provider since the window began. */
export interface Pace {
  readonly sinceMs: number;
  /** Recipients that were put off. */
  readonly putOff: ReadonlySet<string>;
  readonly delivered: number;
  /** The pause that runs, or the last one; 0: none yet. */
  readonly pausedUntilMs: number;
  /** Pauses so far without a quiet time in between; each is twice as long as the one before. */
  readonly pauses: number;
}

export interface PaceNews {
  /** Recipients put off for the pace (class `rate-limited`). */
  readonly putOff: readonly string[];
  readonly delivered: number;
}

const MINUTE_MS = 60_000;
const WINDOW_MS = 5 * MINUTE_MS;
/** Every large mailing has a few recipients put off, which the provider's own second try settles. */
const RECIPIENTS_MIN = 5;
/** A tenth of the answers: less is no reason to keep the others waiting. */
const SHARE_MIN = 0.1;
const PAUSE_FIRST_MS = 30_000;
/** Receivers count by the minute or the hour; after this a few are let through to see. */
const PAUSE_MAX_MS = 8 * MINUTE_MS;
/** After so long without a new pause the next one is a first again. */
const FORGOTTEN_MS = 15 * MINUTE_MS;
/** Recipients remembered; a window with more of them has long led to a pause. */
const REMEMBERED_MAX = 1_000;

/** The pace after a page of news; `pauseMs` is set when a pause begins now. What comes during a pause is about mail from before it. */
export function advancePace(before: Pace | null, news: PaceNews, nowMs: number): { readonly pace: Pace; readonly pauseMs: number | null } {
  if (before !== null && nowMs < before.pausedUntilMs) return { pace: before, pauseMs: null };
  const base = before === null || nowMs - before.sinceMs > WINDOW_MS ? { ...fresh(nowMs), ...lastPause(before, nowMs) } : before;
  const putOff = new Set([...base.putOff, ...news.putOff].slice(0, REMEMBERED_MAX));
  const delivered = base.delivered + news.delivered;
  if (putOff.size < RECIPIENTS_MIN || putOff.size < SHARE_MIN * (putOff.size + delivered)) {
    return { pace: { ...base, putOff, delivered }, pauseMs: null };
  }
  const { pauses } = lastPause(base, nowMs);
  const pauseMs = Math.min(PAUSE_MAX_MS, PAUSE_FIRST_MS * 2 ** pauses);
  const until = nowMs + pauseMs;
  return { pace: { ...fresh(until), pausedUntilMs: until, pauses: pauses + 1 }, pauseMs };
}

/** True when nothing of it matters any more. */
export function isPaceForgotten(pace: Pace, nowMs: number): boolean {
  return nowMs - Math.max(pace.pausedUntilMs + FORGOTTEN_MS, pace.sinceMs + WINDOW_MS) > 0;
}

function fresh(sinceMs: number): Pace {
  return { sinceMs, putOff: new Set(), delivered: 0, pausedUntilMs: 0, pauses: 0 };
}

function lastPause(pace: Pace | null, nowMs: number): Pick<Pace, 'pausedUntilMs' | 'pauses'> {
  if (pace === null || nowMs - pace.pausedUntilMs > FORGOTTEN_MS) return { pausedUntilMs: 0, pauses: 0 };
  return { pausedUntilMs: pace.pausedUntilMs, pauses: pace.pauses };
}

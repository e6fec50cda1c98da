// This file spreads what a report counted over the days (UTC) of its own range. Reporters count a day at a time; a report of more than 24 hours must not stand on one day.

export interface DayShare {
  /** `2026-03-01`. */
  readonly day: string;
  /** Seconds of the range before this day and up to its end: with `totalS` they make cumulative shares, so that whole numbers add up to the whole. */
  readonly fromS: number;
  readonly toS: number;
}

export interface ReportDays {
  readonly shares: readonly DayShare[];
  readonly totalS: number;
}

const DAY_S = 86_400;
/** A month: weekly reports are seen, and what covers more says nothing about days. */
const RANGE_S_MAX = 31 * DAY_S;
/** Clocks of reporters differ. */
const AHEAD_S_MAX = 2 * DAY_S;
/** 2012: nobody reported before. */
const EARLIEST_S = 1_325_376_000;

/**
 * The days of a report from `beginS` to `endS` (seconds since 1970). Null when the times make no sense: then the report cannot count. Without times it counts on the
 * day it came, `nowS`.
 */
export function reportDays(range: { beginS: number | null; endS: number | null }, nowS: number): ReportDays | null {
  const [first, last] = [range.beginS ?? range.endS ?? nowS, range.endS ?? range.beginS ?? nowS];
  // Some reporters swap them.
  const [beginS, endS] = [Math.min(first, last), Math.max(first, last)];
  if (endS - beginS > RANGE_S_MAX || endS > nowS + AHEAD_S_MAX || beginS < EARLIEST_S) return null;
  // The end is the last second in most reports, and the first of the next day in some.
  if (endS - beginS <= DAY_S) return { shares: [{ day: dayOf(Math.floor((beginS + endS) / 2)), fromS: 0, toS: 1 }], totalS: 1 };
  const shares: DayShare[] = [];
  for (let at = beginS; at < endS; ) {
    const next = Math.min(endS, (Math.floor(at / DAY_S) + 1) * DAY_S);
    shares.push({ day: dayOf(at), fromS: at - beginS, toS: next - beginS });
    at = next;
  }
  return { shares, totalS: endS - beginS };
}

/** The part of a count that falls on one day; over all days the parts add up exactly. Reports are counted in the database in the same way. */
export function shareOf(count: bigint, { fromS, toS }: DayShare, totalS: number): bigint {
  const upTo = (seconds: number) => (count * BigInt(seconds)) / BigInt(totalS);
  return upTo(toS) - upTo(fromS);
}

export function dayOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 10);
}

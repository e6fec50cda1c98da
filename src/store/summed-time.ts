// This file says what of the time of a question about everybody is read from sums made ahead (store/sum-rollups.ts), and what from the rollups.
import type { Queryable } from './scope.ts';

/** Milliseconds since 1970; the end is left out. */
export interface TimeRange {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface SummedTime {
  /**
   * `days` are summed over organisations and domains; `months` keep both apart; `tenants` reads the rollups of those organisations alone that
   * had mail of the domain by the months.
   */
  readonly from: 'days' | 'months' | 'tenants';
  readonly summed: readonly TimeRange[];
  /** What lies between. */
  readonly rest: readonly TimeRange[];
}

/** The part of a question that decides. */
interface Asked extends TimeRange {
  readonly by: string | null;
  readonly domain?: string | undefined;
  readonly settledBeforeMs: number;
}

/** Ranges of a statement. What changed since it was summed makes a hole until it is summed again; few days of a year have one. */
const RANGES_MAX = 16;

/** Sums that can answer a question of everybody; null: the rollups alone can. */
export function sumsFor({ by, domain }: Pick<Asked, 'by' | 'domain'>): SummedTime['from'] | null {
  if (by === 'hour') return null;
  if (by !== 'tenant' && by !== 'domain' && domain === undefined) return 'days';
  return by === 'day' ? 'tenants' : 'months';
}

const MONTHS =
  "select month as begins, (month at time zone 'UTC' + interval '1 month') at time zone 'UTC' as ends from rollup_months_summed";
const MARKS: Readonly<Record<SummedTime['from'], string>> = {
  days: "select day as begins, day + interval '24 hours' as ends from rollup_days_summed",
  months: MONTHS,
  tenants: MONTHS,
};

/**
 * What of a question of everybody is read from sums: days or months that lie wholly in its time, are settled, and whose sums are what their rollups
 * say; null: nothing. For a transaction of one snapshot (`oneSnapshot`), so that the sums are still right when they are read.
 */
export async function readSummedTime(db: Queryable, question: Asked): Promise<SummedTime | null> {
  const from = sumsFor(question);
  if (from === null) return null;
  const { fromMs, toMs, settledBeforeMs } = question;
  const { rows } = await db.query<TimeRange>(
    `select extract(epoch from begins)::float8 * 1000 as "fromMs", extract(epoch from ends)::float8 * 1000 as "toMs" from (${MARKS[from]}) marks
     where begins >= to_timestamp($1::float8 / 1000) and ends <= to_timestamp($2::float8 / 1000) order by begins`,
    [fromMs, Math.min(toMs, settledBeforeMs)],
  );
  const summed = longest(joined(rows));
  return summed.length === 0 ? null : { from, summed, rest: between({ fromMs, toMs }, summed) };
}

/** Ranges that follow each other without a hole become one. */
function joined(ranges: readonly TimeRange[]): TimeRange[] {
  const found: TimeRange[] = [];
  for (const range of ranges) {
    const last = found.at(-1);
    if (last?.toMs === range.fromMs) found[found.length - 1] = { fromMs: last.fromMs, toMs: range.toMs };
    else found.push(range);
  }
  return found;
}

function longest(ranges: readonly TimeRange[]): TimeRange[] {
  const length = (range: TimeRange) => range.toMs - range.fromMs;
  return ranges
    .toSorted((a, b) => length(b) - length(a))
    .slice(0, RANGES_MAX)
    .toSorted((a, b) => a.fromMs - b.fromMs);
}

function between(whole: TimeRange, taken: readonly TimeRange[]): TimeRange[] {
  const starts = [whole.fromMs, ...taken.map((range) => range.toMs)];
  return starts.map((fromMs, index) => ({ fromMs, toMs: taken[index]?.fromMs ?? whole.toMs })).filter((range) => range.fromMs < range.toMs);
}

/** Lets all statements of a transaction see one moment; to be called before the first of them. */
export async function oneSnapshot(db: Queryable): Promise<void> {
  await db.query('set transaction isolation level repeatable read');
}

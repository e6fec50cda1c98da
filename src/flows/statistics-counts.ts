// This file adds up rows of the rollups into the counts of an answer, and into the fates its rates are made from.
import { faultOfClass, MEASURES } from '../delivery/counting.ts';
import type { FateCounts } from '../reputation/rates.ts';
import type { ClassRow, CountName, CountRow } from '../store/statistics.ts';

export interface StatisticsCounts {
  readonly accepted: number;
  /** Handed over, and no answer yet. */
  readonly handed_over: number;
  readonly delivered: number;
  readonly bounced: number;
  readonly failed: number;
  readonly expired: number;
  readonly suppressed: number;
  readonly cancelled: number;
  /** Accepted, and nothing became of it yet. */
  readonly under_way: number;
  /** Of handed_over: on routes that never report deliveries, and not refused: their messages were accepted five days ago or earlier. */
  readonly not_refused: number;
  /** Of handed_over: the rest. */
  readonly unknown: number;
  readonly complained: number;
  readonly unsubscribed: number;
  /** Bounced, failed and expired by whose turn it is; `none` is nobody's. */
  readonly by_fault: Readonly<Record<string, number>>;
  /** Failed by a fault of the operator: in none of the other counts. Null for organisations. */
  readonly operator_failed: number | null;
}

export interface Counted {
  readonly counts: StatisticsCounts;
  readonly fates: FateCounts;
}

/** What narrows classes. */
export interface CauseFilter {
  readonly class?: string | undefined;
  readonly fault?: string | undefined;
}

export interface CountOptions extends CauseFilter {
  /** A class or a fault was asked for: bounced, failed and expired are theirs only. */
  readonly narrowed: boolean;
  readonly operator: boolean;
}

/** True when a class is asked for. */
export function wanted(row: { readonly class: string }, { class: cls, fault }: CauseFilter): boolean {
  if (cls !== undefined && row.class !== cls) return false;
  return fault === undefined || (faultOfClass(row.class) ?? 'none') === fault;
}

/** Adds rows up. Class rows are those wanted. */
export function countsOf(
  rows: readonly CountRow[],
  classes: readonly ClassRow[],
  options: CountOptions = { narrowed: false, operator: true },
): Counted {
  const sum = { ...ZERO };
  const silent = { ...NO_FATES };
  const young = { ...NO_FATES };
  let notRefused = 0;
  let fresh = 0;
  for (const row of rows) {
    for (const name of NAMES) sum[name] += row.counts[name];
    if (!row.silent) continue;
    for (const name of FATES) silent[name] += row.counts[name];
    if (row.settled) notRefused += row.counts.handed_over;
    else {
      fresh += row.counts.handed_over;
      for (const name of FATES) young[name] += row.counts[name];
    }
  }
  if (options.narrowed) {
    for (const name of ['bounced', 'failed'] as const) {
      sum[name] = 0;
      silent[name] = 0;
      young[name] = 0;
      for (const row of classes.filter((each) => each.measure === name)) {
        sum[name] += row.recipients;
        if (row.silent) silent[name] += row.recipients;
        if (row.silent && !row.settled) young[name] += row.recipients;
      }
    }
    if (!wanted({ class: 'expired' }, options)) {
      sum.expired = 0;
      silent.expired = 0;
      young.expired = 0;
    }
  }
  const byFault: Record<string, number> = sum.expired === 0 ? {} : { receiver: sum.expired };
  let own = 0;
  for (const row of classes) {
    const fault = faultOfClass(row.class) ?? 'none';
    if (fault === 'operator') {
      own += row.recipients;
      sum[row.measure] -= row.recipients;
      sum.accepted -= row.recipients;
      if (row.silent) silent[row.measure] -= row.recipients;
      if (row.silent && !row.settled) young[row.measure] -= row.recipients;
    } else byFault[fault] = (byFault[fault] ?? 0) + row.recipients;
  }
  const { accepted, handed_over: handedOver, delivered, bounced, failed, expired, suppressed, cancelled, complained, unsubscribed } = sum;
  const became = handedOver + delivered + bounced + failed + expired + suppressed + cancelled;
  return {
    counts: {
      ...{ accepted: Math.max(accepted, 0), handed_over: handedOver, delivered, bounced, failed, expired, suppressed, cancelled },
      under_way: options.narrowed ? 0 : Math.max(0, accepted - became),
      not_refused: notRefused,
      unknown: handedOver - notRefused,
      complained,
      unsubscribed,
      by_fault: Object.fromEntries(Object.entries(byFault).filter(([, n]) => n !== 0)),
      operator_failed: options.operator ? own : null,
    },
    fates: { delivered, bounced, failed, expired, complained, not_refused: notRefused, silent_fresh: fresh, silent, silent_young: young },
  };
}

/** Bounced, failed and expired by class or by fault. Organisations are not shown those of the operator. */
export function sumClasses(
  by: 'class' | 'fault',
  from: { readonly classes: readonly ClassRow[]; readonly expired: number; readonly operator: boolean },
): Map<string, Counted> {
  const groups = Map.groupBy(from.classes, (row) => (by === 'class' ? row.class : (faultOfClass(row.class) ?? 'none')));
  const expiredKey = by === 'class' ? 'expired' : 'receiver';
  if (from.expired > 0 && !groups.has(expiredKey)) groups.set(expiredKey, []);
  const found = new Map<string, Counted>();
  for (const [key, rows] of groups) {
    const fault = by === 'fault' ? key : (faultOfClass(key) ?? 'none');
    if (fault === 'operator' && !from.operator) continue;
    const of = (measure: 'bounced' | 'failed') => rows.reduce((n, row) => n + (row.measure === measure ? row.recipients : 0), 0);
    const counts = { ...NOTHING.counts, bounced: of('bounced'), failed: of('failed'), expired: key === expiredKey ? from.expired : 0 };
    const sum = counts.bounced + counts.failed + counts.expired;
    if (sum === 0) continue;
    const own = fault === 'operator' ? sum : 0;
    found.set(key, {
      counts: { ...counts, by_fault: { [fault]: sum }, operator_failed: from.operator ? own : null },
      fates: NOTHING.fates,
    });
  }
  return found;
}

const FATES = ['delivered', 'bounced', 'failed', 'expired'] as const;
const NO_FATES = { delivered: 0, bounced: 0, failed: 0, expired: 0 };
const NAMES: readonly CountName[] = ['accepted', ...MEASURES];
// Every name stands in NAMES, so the record is complete.
const ZERO = Object.fromEntries(NAMES.map((name) => [name, 0])) as Record<CountName, number>;
const NOTHING: Counted = {
  counts: {
    ...ZERO,
    under_way: 0,
    not_refused: 0,
    unknown: 0,
    by_fault: {},
    operator_failed: null,
  },
  fates: {
    ...{ delivered: 0, bounced: 0, failed: 0, expired: 0, complained: 0, not_refused: 0, silent_fresh: 0 },
    silent: NO_FATES,
    silent_young: NO_FATES,
  },
};

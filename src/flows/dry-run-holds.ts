// This file says what a hold policy would have done with what really happened: how many addresses it would have held, and how many of those took mail
// afterwards, which is how a policy that is too eager shows.
import { decideHold, type Hold, NO_STRIKES } from '../feedback/decide-hold.ts';
import { type HoldClass, type HoldPolicy, isHoldClass } from '../feedback/hold-policy.ts';
import { type Mark, type MarkKind, mergeMarks } from '../feedback/marks.ts';
import { idFloor } from '../ids.ts';
import { type HistoryRow, readHoldHistory } from '../store/hold-history.ts';
import type { Queryable, Scope } from '../store/scope.ts';

export interface DryRunExample {
  readonly tenant_id: string;
  readonly address: string;
  readonly class: string;
  readonly held_at: string;
  /** Null: for good. */
  readonly expires_at: string | null;
  readonly evidence: string | null;
  /** First delivery after the hold would have begun. */
  readonly later_delivered_at: string | null;
}

export interface DryRun {
  readonly held: number;
  readonly of_addresses: number;
  readonly later_delivered: number;
  readonly by_class: { readonly class: string; readonly held: number; readonly later_delivered: number }[];
  readonly examples: DryRunExample[];
  readonly days: number;
  readonly events_read: number;
  /** Only the newest events were read, back to `read_since`. */
  readonly sampled: boolean;
  readonly read_since: string | null;
}

const DAY_MS = 86_400_000;
/** Addresses shown; those that were delivered later come first, because they are what a person wants to look at. */
const EXAMPLES_MAX = 20;

const KINDS: Readonly<Record<string, MarkKind>> = {
  delivered: 'delivered',
  bounced: 'bounced',
  failed: 'failed',
  rejected: 'failed',
  expired: 'failed',
  complained: 'complained',
  unsubscribed: 'unsubscribed',
};

export async function dryRunHolds(db: Queryable, scope: Scope, run: { policy: HoldPolicy; days: number; nowMs: number }): Promise<DryRun> {
  const history = await readHoldHistory(db, scope, idFloor(run.nowMs - run.days * DAY_MS));
  const held: DryRunExample[] = [];
  for (const rows of byAddress(history.rows)) {
    const example = judged(rows, run);
    if (example !== null) held.push(example);
  }
  const wrong = held.filter((each) => each.later_delivered_at !== null);
  const classes = [...new Set(held.map((each) => each.class))].sort();
  const count = (list: readonly DryRunExample[], cls: string) => list.filter((each) => each.class === cls).length;
  return {
    held: held.length,
    of_addresses: history.addresses,
    later_delivered: wrong.length,
    by_class: classes.map((cls) => ({ class: cls, held: count(held, cls), later_delivered: count(wrong, cls) })),
    examples: [...wrong, ...held.filter((each) => each.later_delivered_at === null)].slice(0, EXAMPLES_MAX),
    days: run.days,
    events_read: history.events,
    sampled: history.sampled,
    read_since: history.oldestMs === null ? null : isoTime(history.oldestMs),
  };
}

function byAddress(rows: readonly HistoryRow[]): Iterable<HistoryRow[]> {
  const groups = new Map<string, HistoryRow[]>();
  for (const row of rows) {
    const key = `${row.tenantId} ${row.address}`;
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return groups.values();
}

/** The first hold of an address, or null. */
function judged(rows: readonly HistoryRow[], run: { policy: HoldPolicy; nowMs: number }): DryRunExample | null {
  const [about] = rows;
  const marks = mergeMarks([], rows.flatMap(markOfRow));
  let strikes = NO_STRIKES;
  let first: Hold | null = null;
  for (const mark of marks) {
    const decided = decideHold(run.policy, strikes, mark, run.nowMs);
    strikes = decided.strikes;
    first ??= decided.hold;
  }
  if (first === null || !about) return null;
  const { fromMs } = first;
  const later = marks.find((mark) => mark.kind === 'delivered' && mark.atMs > fromMs);
  return {
    tenant_id: about.tenantId,
    address: about.address,
    class: first.class,
    held_at: isoTime(fromMs),
    expires_at: first.untilMs === null ? null : isoTime(first.untilMs),
    evidence: first.evidence,
    later_delivered_at: later ? isoTime(later.atMs) : null,
  };
}

function markOfRow(row: HistoryRow): Mark[] {
  const kind = KINDS[row.type];
  if (kind === undefined) return [];
  const { recipientId: id, atMs, suppress, evidence } = row;
  return [{ kind, id, atMs, class: classOf(kind, row.class), suppress, source: '', evidence, stream: '' }];
}

function classOf(kind: MarkKind, named: string | null): HoldClass | null {
  if (kind === 'complained') return 'complaint';
  if (kind === 'unsubscribed') return 'unsubscribed';
  return kind !== 'delivered' && named !== null && isHoldClass(named) ? named : null;
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}

// This file decides holds: happenings of one address in the order in which they happened, one policy, and out comes what is on hold and until when.
// Failures count per rule. A hold that ended was a test: the next failure of the same rule holds again at once, and longer. A delivery clears every
// count and ends what it disproves; a release by a person clears the counts of its hold.
import { HOLD_DAYS_CAP, type HoldClass, type HoldPolicy, type HoldRule, ruleFor } from './hold-policy.ts';
import type { HoldStream, Mark } from './marks.ts';

export interface Hold {
  readonly stream: HoldStream;
  readonly class: HoldClass;
  readonly fromMs: number;
  /** Null: for good. */
  readonly untilMs: number | null;
  /** How many holds by this rule there were without a delivery in between, this one among them. */
  readonly holds: number;
  /** Recipient whose answer decided. */
  readonly recipientId: string;
  readonly source: string;
  readonly evidence: string | null;
}

interface Count {
  /** When the failures happened that count toward the next hold; milliseconds, oldest first. */
  readonly failedMs: readonly number[];
  readonly holds: number;
  readonly hold: Hold | null;
}

/** Counts by the place of the rule in the policy. */
export type Strikes = ReadonlyMap<number, Count>;

export const NO_STRIKES: Strikes = new Map();

const DAY_MS = 86_400_000;
/**
 * A failure counts for 90 days. Routes without delivery events prove no deliveries, so without an end three failures in three years would hold an
 * address that got a hundred mails in between.
 */
const FAILURE_COUNTS_MS = 90 * DAY_MS;
/** A hold that ended a year ago is forgotten for the same reason: the next one is as long as a first. */
const REPEAT_COUNTS_MS = 365 * DAY_MS;
/**
 * An answer too vague to hold alone ("550 rejected, user unknown or blocked") counts like a failed look-up: where one clear answer would do, it takes
 * two of these, three days apart.
 */
const VAGUE_FAILURES = 2;
const VAGUE_OVER_MS = 3 * DAY_MS;
/** Classes whose answers are told apart into proofs (`suppress`) and vague ones. Any other answer says what it says: a policy of one failure means one. */
const PROVABLE: ReadonlySet<HoldClass> = new Set<HoldClass>(['invalid-recipient', 'inactive-mailbox']);
/** A delivery to another mail's recipient does not disprove these: receivers that take everything first and refuse later report both. */
const OUTLIVES_DELIVERY: ReadonlySet<HoldClass> = new Set<HoldClass>([
  'invalid-recipient',
  'inactive-mailbox',
  'complaint',
  'unsubscribed',
]);

const NOTHING: Count = { failedMs: [], holds: 0, hold: null };

/** What follows from one more happening; `hold` is set when it begins one. A happening of the future counts as now. */
export function decideHold(policy: HoldPolicy, strikes: Strikes, happening: Mark, nowMs: number): { strikes: Strikes; hold: Hold | null } {
  const mark = happening.atMs > nowMs ? { ...happening, atMs: nowMs } : happening;
  switch (mark.kind) {
    case 'delivered':
      return { strikes: afterDelivery(strikes, mark.atMs), hold: null };
    case 'released':
      return { strikes: new Map([...strikes].filter(([index]) => streamOf(policy.rules[index]) !== mark.stream)), hold: null };
    case 'complained':
    case 'unsubscribed':
    case 'bounced':
    case 'failed':
      return afterFailure(policy, strikes, mark);
  }
}

/** Every hold of an address that stands at `nowMs`, the longest per stream, after all its marks (oldest first). */
export function standingHolds(policy: HoldPolicy, marks: readonly Mark[], nowMs: number): ReadonlyMap<HoldStream, Hold> {
  let strikes = NO_STRIKES;
  for (const mark of marks) strikes = decideHold(policy, strikes, mark, nowMs).strikes;
  const standing = new Map<HoldStream, Hold>();
  for (const { hold } of strikes.values()) {
    if (hold === null || (hold.untilMs !== null && hold.untilMs <= nowMs)) continue;
    const other = standing.get(hold.stream);
    if (other === undefined || lastsLonger(hold.untilMs, other.untilMs)) standing.set(hold.stream, hold);
  }
  return standing;
}

/** True when `a` ends after `b`; null never ends. */
export function lastsLonger(a: number | null, b: number | null): boolean {
  if (b === null) return false;
  return a === null || a > b;
}

function afterDelivery(strikes: Strikes, atMs: number): Strikes {
  const left = new Map<number, Count>();
  for (const [index, { hold }] of strikes) {
    const stands = hold !== null && OUTLIVES_DELIVERY.has(hold.class) && (hold.untilMs === null || hold.untilMs > atMs);
    if (stands) left.set(index, { ...NOTHING, hold });
  }
  return left;
}

function afterFailure(policy: HoldPolicy, strikes: Strikes, mark: Mark): { strikes: Strikes; hold: Hold | null } {
  const found = mark.class === null ? null : ruleFor(policy, mark.class);
  if (found === null || mark.class === null) return { strikes, hold: null };
  const { rule, index } = found;
  const before = forgotten(strikes.get(index) ?? NOTHING, mark.atMs);
  // What fails while the address is on hold was on its way already, or was let through: the hold knows it.
  if (before.hold !== null && (before.hold.untilMs === null || before.hold.untilMs > mark.atMs)) return { strikes, hold: null };
  const failedMs = [...before.failedMs.filter((at) => mark.atMs - at <= FAILURE_COUNTS_MS), mark.atMs];
  if (!enough(rule, { failedMs, proves: mark.suppress || !PROVABLE.has(mark.class), repeat: before.holds > 0 })) {
    return { strikes: new Map(strikes).set(index, { ...before, failedMs }), hold: null };
  }
  const holds = before.holds + 1;
  const hold: Hold = {
    stream: streamOf(rule),
    class: mark.class,
    fromMs: mark.atMs,
    untilMs: rule.holdDays === null ? null : mark.atMs + holdDays(rule, holds) * DAY_MS,
    holds,
    recipientId: mark.id,
    source: mark.source,
    evidence: mark.evidence,
  };
  return { strikes: new Map(strikes).set(index, { failedMs: [], holds, hold }), hold };
}

function enough(rule: HoldRule, { failedMs, proves, repeat }: { failedMs: readonly number[]; proves: boolean; repeat: boolean }): boolean {
  if (repeat) return true;
  const vague = rule.failures === 1 && !proves;
  const [first = 0] = failedMs;
  const span = (failedMs.at(-1) ?? 0) - first;
  return vague
    ? failedMs.length >= VAGUE_FAILURES && span >= VAGUE_OVER_MS
    : failedMs.length >= rule.failures && span >= rule.overDays * DAY_MS;
}

function forgotten(count: Count, atMs: number): Count {
  const { hold } = count;
  return hold !== null && hold.untilMs !== null && atMs - hold.untilMs > REPEAT_COUNTS_MS ? NOTHING : count;
}

/** Days of the n-th hold in a row by a rule that is not for good. */
export function holdDays(rule: HoldRule, holds: number): number {
  const first = rule.holdDays ?? HOLD_DAYS_CAP;
  if (!rule.doubles) return first;
  return Math.max(first, Math.min(HOLD_DAYS_CAP, first * 2 ** (holds - 1)));
}

function streamOf(rule: HoldRule | undefined): HoldStream {
  return rule?.streams === 'bulk' ? 'bulk' : '';
}

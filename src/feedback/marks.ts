// This file is what is remembered of an address: one mark per mail (or wish, or release), however often and in whatever order the world told it.
// Putting marks together gives the same list for every order of arrival, which is what makes late and repeated events harmless.
import type { HoldClass } from './hold-policy.ts';

/**
 * `bounced` a receiver refused the mail for good · `failed` we could not hand it over, or its lifetime ran out · `delivered` · `complained`,
 * `unsubscribed` wishes · `released` a person ended a hold.
 */
export type MarkKind = 'bounced' | 'failed' | 'delivered' | 'complained' | 'unsubscribed' | 'released';

/** Which mail a hold stops: '' all of it. */
export type HoldStream = '' | 'bulk';

export interface Mark {
  readonly kind: MarkKind;
  /** Id of the recipient; of the hold for `released`. */
  readonly id: string;
  /** When it happened, milliseconds since 1970. */
  readonly atMs: number;
  readonly class: HoldClass | null;
  /** This one answer proves it: the verdict said `suppress`. */
  readonly suppress: boolean;
  /** Who said so: the account's name, 'return-path', 'hand-over'. */
  readonly source: string;
  /** The words that proved it, cut. */
  readonly evidence: string | null;
  /** For `released`: which hold ended. */
  readonly stream: HoldStream;
}

/** Marks kept of one address. A hold needs a few; with 32 the oldest that is dropped lies behind several holds or a delivery. */
export const MARKS_MAX = 32;
/** Characters of the evidence that is kept with a mark: enough for a reply and its link. */
export const EVIDENCE_CHARS_MAX = 500;

/** What says more about one mail: a refusal by the receiver stands against a delivery report, a delivery against our own giving up. */
const RANK: Readonly<Record<MarkKind, number>> = { bounced: 3, delivered: 2, failed: 1, complained: 0, unsubscribed: 0, released: 0 };
/** At the same moment a release or delivery comes first: what speaks against the address then counts after it. */
const ORDER: readonly MarkKind[] = ['released', 'delivered', 'failed', 'bounced', 'unsubscribed', 'complained'];

/** Adds marks to those that stand: one per mail, the newest MARKS_MAX, oldest first. Commutative and idempotent up to that bound. */
export function mergeMarks(standing: readonly Mark[], added: readonly Mark[]): readonly Mark[] {
  const byMail = new Map<string, Mark>();
  for (const mark of [...standing, ...added]) {
    const key = RANK[mark.kind] > 0 ? `mail ${mark.id}` : `${mark.kind} ${mark.id}`;
    const other = byMail.get(key);
    byMail.set(key, other ? stronger(other, mark) : mark);
  }
  return [...byMail.values()].sort(inOrder).slice(-MARKS_MAX);
}

/** True when both lists say the same, in the same order. */
export function sameMarks(a: readonly Mark[], b: readonly Mark[]): boolean {
  return (
    a.length === b.length &&
    a.every((mark, n) => {
      const other = b[n];
      return other !== undefined && keyOf(mark) === keyOf(other);
    })
  );
}

export function isFailure(mark: Mark): boolean {
  return mark.kind === 'bounced' || mark.kind === 'failed';
}

/** A later delivery would change something: the last word about this address was a failure. */
export function heedsDelivery(marks: readonly Mark[]): boolean {
  const last = marks.findLast((mark) => isFailure(mark) || mark.kind === 'delivered');
  return last !== undefined && isFailure(last);
}

function stronger(a: Mark, b: Mark): Mark {
  if (RANK[a.kind] !== RANK[b.kind]) return RANK[a.kind] > RANK[b.kind] ? a : b;
  if (a.suppress !== b.suppress) return a.suppress ? a : b;
  if (a.atMs !== b.atMs) return a.atMs < b.atMs ? a : b;
  return keyOf(a) <= keyOf(b) ? a : b;
}

function inOrder(a: Mark, b: Mark): number {
  if (a.atMs !== b.atMs) return a.atMs - b.atMs;
  if (a.kind !== b.kind) return ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind);
  return a.id < b.id ? -1 : 1;
}

function keyOf(mark: Mark): string {
  return JSON.stringify([mark.kind, mark.id, mark.atMs, mark.class, mark.suppress, mark.source, mark.evidence, mark.stream]);
}

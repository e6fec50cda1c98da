// This file is the closed list of a recipient's states (docs/ARCHITECTURE.md §4) and the marks beside them.

export const RECIPIENT_STATES = [
  'scheduled',
  'queued',
  'submitting',
  'uncertain',
  'deferred',
  'held',
  'handed_over',
  'delivered',
  'bounced',
  'failed',
  'expired',
  'suppressed',
  'cancelled',
] as const;

export type RecipientState = (typeof RECIPIENT_STATES)[number];
export type Stream = 'transactional' | 'bulk';

/** Bits of `recipients.marks`: things that are true beside the state. */
export const MARKS = {
  complained: 1,
  opened: 2,
  clicked: 4,
  unsubscribed: 8,
  /** Handed over a second time because nobody could tell what became of the first. */
  resent: 16,
  /** The route gives no delivery events: `handed_over` is the last we hear unless it bounces. */
  silent: 32,
} as const;

export type Mark = keyof typeof MARKS;

/** Names of the marks set in a bit field, in the order of MARKS. */
export function marksOf(bits: number): Mark[] {
  // Object.keys of a const object are exactly its keys.
  return (Object.keys(MARKS) as Mark[]).filter((mark) => (bits & MARKS[mark]) !== 0);
}

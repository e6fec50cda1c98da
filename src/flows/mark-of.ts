// This file says what an event leaves in the memory of its address: what counts for it, what counts against it, and what counts for nothing.
import { type HoldClass, mayHold } from '../feedback/hold-policy.ts';
import { EVIDENCE_CHARS_MAX, type MarkKind } from '../feedback/marks.ts';
import type { EventType, FeedbackEvent } from '../feedback/vocabulary.ts';
import type { LockedRecipient } from '../store/feedback.ts';
import type { GivenMark } from '../store/strikes.ts';

const EVENT_KINDS: Readonly<Partial<Record<EventType, MarkKind>>> = {
  delivered: 'delivered',
  bounced: 'bounced',
  rejected: 'failed',
  failed: 'failed',
  complained: 'complained',
  unsubscribed: 'unsubscribed',
};

/** Null for what says nothing about the address. `trusted`: proven, or named by the provider's own message id; the rest counts for nothing. */
export function markOf(
  heard: { readonly event: FeedbackEvent; readonly source: string },
  row: LockedRecipient,
  how: { readonly atMs: number; readonly trusted: boolean },
): GivenMark | null {
  const { event, source } = heard;
  const kind = EVENT_KINDS[event.type];
  if (kind === undefined || !how.trusted) return null;
  const mark = { kind, id: row.id, atMs: how.atMs, source, stream: '' } as const;
  const about = { tenantId: row.tenantId, address: row.address.toLowerCase() };
  if (kind === 'delivered') return { ...about, mark: { ...mark, class: null, suppress: false, evidence: null } };
  const cls = classOf(event);
  if (cls === null || !mayHold(cls)) return null;
  const evidence = event.diagnostic?.slice(0, EVIDENCE_CHARS_MAX) ?? null;
  return { ...about, mark: { ...mark, class: cls, suppress: event.suppress, evidence } };
}

function classOf(event: FeedbackEvent): HoldClass | null {
  if (event.type === 'complained') return 'complaint';
  return event.type === 'unsubscribed' ? 'unsubscribed' : event.class;
}

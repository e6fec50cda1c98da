// This file makes one event of what a mail says about one recipient of ours. A report may name other addresses (forwarding, lists); the address we mailed is
// the only one that is ever touched.
import type { FeedbackMail, MailedVerdict } from './from-mail.ts';
import type { EventType, FeedbackEvent } from './vocabulary.ts';

export interface AboutWhom {
  readonly recipientId: string;
  /** As we mailed it. */
  readonly address: string;
  /** False: the report proves which message it is about, but not which of its recipients; then this answer alone holds nothing. */
  readonly proven: boolean;
}

const TYPES: Readonly<Record<FeedbackMail['kind'], EventType>> = {
  bounce: 'bounced',
  delayed: 'deferred',
  delivered: 'delivered',
  complaint: 'complained',
  'auto-reply': 'autoresponded',
  other: 'inbound',
};
const TYPE_OF_ACTION: Readonly<Record<MailedVerdict['action'], EventType>> = {
  failed: 'bounced',
  delayed: 'deferred',
  delivered: 'delivered',
  relayed: 'delivered',
  expanded: 'delivered',
};

/** The event. `key` tells repetitions of the same mail apart from news. */
export function eventAbout(read: FeedbackMail, whom: AboutWhom, mail: { readonly id: string; readonly key: string }): FeedbackEvent {
  const { verdict, alone } = verdictFor(read, whom.address);
  const type = verdict && TYPES[read.kind] !== 'complained' ? TYPE_OF_ACTION[verdict.action] : typeOf(read);
  const certain = whom.proven && alone;
  const cls = read.kind === 'complaint' ? 'complaint' : (verdict?.class ?? null);
  const event: FeedbackEvent = {
    type,
    recipient: verdict?.address ?? null,
    atMs: null,
    // Read again by better rules, a mail may say something else than before; that counts, the same verdict does not.
    providerEventId: `${mail.key}/${type}/${cls ?? ''}`,
    providerMessageId: null,
    recipientId: whom.recipientId,
    class: cls,
    fault: verdict?.fault ?? null,
    rule: verdict?.rule ?? null,
    hard: (verdict?.hard ?? false) && certain,
    suppress: (verdict?.suppress ?? false) && certain,
    diagnostic: verdict?.diagnostic ?? null,
    providerLabel: verdict?.status ? `status ${verdict.status}` : null,
    detail: { mail: mail.id, ...(read.complaint?.type ? { complaint: read.complaint.type } : {}) },
  };
  return event;
}

/**
 * Of several verdicts the one that names our address; else the failed one. Where others behind the same address got the mail (a list), a failure of one of
 * them is not the address's.
 */
function verdictFor(read: FeedbackMail, address: string): { verdict: MailedVerdict | null; alone: boolean } {
  const ours = address.toLowerCase();
  const named = read.recipients.filter((each) => each.address.toLowerCase() === ours || each.originalAddress?.toLowerCase() === ours);
  const among = named.length > 0 ? named : read.recipients;
  const verdict = among.find((each) => each.action === 'failed') ?? among[0] ?? null;
  return { verdict, alone: named.length > 0 || among.every((each) => each.action === 'failed') };
}

/** A complaint of type auth-failure or not-spam is no complaint about the mail (RFC 6591, RFC 5965 §3.3). */
function typeOf(read: FeedbackMail): EventType {
  if (read.kind !== 'complaint') return TYPES[read.kind];
  if (read.complaint?.type === 'opt-out') return 'unsubscribed';
  return read.complaint?.type === 'auth-failure' || read.complaint?.type === 'not-spam' ? 'unknown' : 'complained';
}

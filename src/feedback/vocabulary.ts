// This file holds the words for what the world says about one recipient: classes, faults and event types (docs/ARCHITECTURE.md §6a).

/** Whose turn it is. Only `recipient` may put an address on hold (and `receiver` by its slow rule). */
export type Fault = 'recipient' | 'receiver' | 'content' | 'sender-reputation' | 'authentication' | 'policy' | 'capacity' | 'operator';

export const FAULTS = [
  'recipient',
  'receiver',
  'content',
  'sender-reputation',
  'authentication',
  'policy',
  'capacity',
  'operator',
] as const satisfies readonly Fault[];

/** Coarse class of an answer → the fault it proves. `null`: nobody is at fault, or too little was said. */
export const CLASS_FAULT = {
  'invalid-recipient': 'recipient',
  'inactive-mailbox': 'recipient',
  'mailbox-full': 'recipient',
  'bad-domain': 'recipient',
  'domain-not-accepting': 'recipient',
  greylist: 'receiver',
  network: 'receiver',
  expired: 'receiver',
  system: 'receiver',
  protocol: 'receiver',
  tls: 'receiver',
  'relay-denied': 'receiver',
  'spam-content': 'content',
  content: 'content',
  virus: 'content',
  'message-too-large': 'content',
  'ip-reputation': 'sender-reputation',
  'auth-failure': 'authentication',
  'rate-limited': 'capacity',
  policy: 'policy',
  'sender-rejected': 'policy',
  'recipient-filtered': 'policy',
  operator: 'operator',
  complaint: null,
  'auto-reply': null,
  delivered: null,
  unclassified: null,
} as const satisfies Record<string, Fault | null>;

export type FeedbackClass = keyof typeof CLASS_FAULT;

/** How final an answer is, and about whom: `hard` the address, `block` us or this mail, `soft` the moment. */
export type BounceType = 'hard' | 'soft' | 'block';

/** What the classifier made of one answer. */
export interface Verdict {
  readonly class: FeedbackClass;
  readonly fault: Fault | null;
  readonly bounceType: BounceType;
  /** The address itself is wrong for good. */
  readonly hard: boolean;
  /** This one answer alone holds the address by the default policy. */
  readonly suppress: boolean;
}

export const EVENT_TYPES = [
  'queued',
  'sent',
  'deferred',
  'delivered',
  'bounced',
  'rejected',
  'failed',
  'complained',
  'unsubscribed',
  'subscribed',
  'opened',
  'clicked',
  'autoresponded',
  'inbound',
  'unknown',
] as const;

/** What a provider or a mail told us, in one vocabulary for all of them. */
export type EventType = (typeof EVENT_TYPES)[number];

/** One thing the world said about one recipient. */
export interface FeedbackEvent {
  readonly type: EventType;
  /** Address the event is about, as the provider wrote it; null when it did not say. */
  readonly recipient: string | null;
  /** When it happened, milliseconds since 1970; null when the provider did not say. */
  readonly atMs: number | null;
  /** Unique within the account; made by hashing where the provider gives none. The same event sent twice has the same id. */
  readonly providerEventId: string;
  readonly providerMessageId: string | null;
  /** Our own recipient id, when the provider carried it back in metadata. */
  readonly recipientId: string | null;
  readonly class: FeedbackClass | null;
  readonly fault: Fault | null;
  readonly hard: boolean;
  readonly suppress: boolean;
  /** The remote server's or the provider's own words. */
  readonly diagnostic: string | null;
  /** The provider's own label ("bounce_class 10"), kept beside ours. */
  readonly providerLabel: string | null;
  /** Id of the rule that decided the class; null where the provider's label alone decided, or nothing had to be decided. */
  readonly rule: string | null;
  /** Link, user agent, address of the reader: only what the event itself carried. */
  readonly detail: Readonly<Record<string, string>>;
}

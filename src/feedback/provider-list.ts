// This file says what an entry of a provider's own suppression list means here: whether it holds an address, for which stream and why. A
// provider's label alone never makes a recipient guilty: its words are read first, and what is ours or the receiver's fault holds nobody.
import { classifyReply } from './classify.ts';
import { CLASS_FAULT, type Fault, type FeedbackClass, type FeedbackEvent } from './vocabulary.ts';

/**
 * Name in an event's details that says: the provider dropped the mail because the address stands on its own list. No receiver was asked, so it
 * is no bounce and counts against nobody; the value is the provider's label.
 */
export const ON_PROVIDER_LIST = 'provider_list';
/** What such a recipient is stopped by, beside its state. */
export const PROVIDER_LIST_REASON = 'provider-list';

/** True when the provider itself dropped the mail for its list; entries that pass by themselves are charged to the account instead. */
export function isDroppedByList(event: Pick<FeedbackEvent, 'class' | 'detail'>): boolean {
  return event.class === null && event.detail[ON_PROVIDER_LIST] !== undefined;
}

/** How the provider came to list the address, in words that no provider owns. `provider`: its own rules, which nobody here can change. */
export type ListedWhy = 'bounce' | 'complaint' | 'unsubscribe' | 'manual' | 'provider';

/** One address on a provider's own list, as its adapter read it. */
export interface ListedAddress {
  /** As the provider writes it. */
  readonly address: string;
  /** Mail that the entry stops there; null: all of it. */
  readonly stream: 'transactional' | 'bulk' | null;
  readonly why: ListedWhy;
  /** The provider's own label, unchanged. */
  readonly label: string;
  /** Of a bounce, by the provider's words; null for the other kinds. */
  readonly class: FeedbackClass | null;
  /** When it was listed or last changed, milliseconds since 1970; null when the provider does not say. */
  readonly atMs: number | null;
  /** When it falls off by itself; null: never. */
  readonly expiresAtMs: number | null;
  /** The receiver's or the provider's words. */
  readonly diagnostic: string | null;
  /** We put it there. */
  readonly ours: boolean;
}

/** What became of an entry, for one organisation whose mail went to that address over that account. */
export type ListVerdict =
  | {
      readonly kind: 'hold';
      readonly stream: 'bulk' | null;
      readonly reason: FeedbackClass | 'unsubscribed' | 'manual' | typeof PROVIDER_LIST_REASON;
    }
  | { readonly kind: 'leave'; readonly because: LeaveReason };

/** Everything that can become of an entry, for those who look for it. */
export const LIST_VERDICTS = [
  'hold',
  'not-the-recipient',
  'passing',
  'provider-rule',
  'ours',
  'delivered-since',
  'released-since',
] as const satisfies readonly ('hold' | LeaveReason)[];

export type LeaveReason =
  /** The words prove a fault of the sender, the content or the receiver: it goes into the report, and nobody is on hold. */
  | 'not-the-recipient'
  /** It falls off by itself within days. */
  | 'passing'
  /** The provider's own rules. */
  | 'provider-rule'
  /** We put it there ourselves. */
  | 'ours'
  /** Mail was delivered to the address after it was listed. */
  | 'delivered-since'
  /** The hold was released here after the address was listed; the entry is being taken off. */
  | 'released-since';

export interface ListFacts {
  /** Organisations whose mail went to the address over this account. */
  readonly tenants: number;
  /** Last delivery to the address that this organisation knows of, by whatever account; milliseconds since 1970. */
  readonly deliveredAtMs: number | null;
  /** Last release of a hold of the address by this organisation. */
  readonly releasedAtMs: number | null;
  /** Somebody marked one of this organisation's own mails as unwanted, or unsubscribed from one. */
  readonly marked: boolean;
}

/** A bounce entry whose words say nothing: what the label stands for by itself. */
export function listedBounceClass(words: string | null, fallback: FeedbackClass): FeedbackClass {
  const spoken = words === null || words.trim() === '' ? 'unclassified' : classifyReply(words).class;
  return spoken === 'unclassified' ? fallback : spoken;
}

/**
 * What the entry means for one organisation; the newest knowledge wins. Total and pure. A complaint or unsubscription is somebody's word
 * about one sender: where several organisations share the list and none of them was named, each hold says only that the provider lists the
 * address, and stops bulk mail alone.
 */
export function judgeListed(entry: ListedAddress, facts: ListFacts): ListVerdict {
  if (entry.ours) return leave('ours');
  if (entry.why === 'provider') return leave('provider-rule');
  if (entry.expiresAtMs !== null) return leave('passing');
  const listedMs = entry.atMs;
  if (listedMs !== null && facts.releasedAtMs !== null && facts.releasedAtMs >= listedMs) return leave('released-since');
  switch (entry.why) {
    case 'complaint':
    case 'unsubscribe': {
      if (facts.tenants > 1 && !facts.marked) return { kind: 'hold', stream: 'bulk', reason: PROVIDER_LIST_REASON };
      return { kind: 'hold', stream: 'bulk', reason: entry.why === 'complaint' ? 'complaint' : 'unsubscribed' };
    }
    case 'manual':
      return { kind: 'hold', stream: entry.stream === 'bulk' ? 'bulk' : null, reason: 'manual' };
    case 'bounce': {
      const reason = entry.class ?? 'unclassified';
      if (faultOf(reason) !== 'recipient') return leave('not-the-recipient');
      if (listedMs !== null && facts.deliveredAtMs !== null && facts.deliveredAtMs > listedMs) return leave('delivered-since');
      return { kind: 'hold', stream: null, reason };
    }
  }
}

function leave(because: LeaveReason): ListVerdict {
  return { kind: 'leave', because };
}

function faultOf(name: FeedbackClass): Fault | null {
  return CLASS_FAULT[name];
}

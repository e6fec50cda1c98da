// This file is the part of the provider port that reads and changes a provider's own suppression list. Every call may be repeated: adding
// twice and removing twice are one.
import type { ListedAddress } from '../feedback/provider-list.ts';

/** What a provider's list can do, as data: the flow paces itself by it, the docs print it. */
export interface ListCapabilities {
  /** Can be asked for what changed since a moment; else the whole list is read every time. */
  readonly since: boolean;
  /** Entries of one page. */
  readonly pageMax: number;
  /** Entries that can be read at all; null: the whole list. */
  readonly listMax: number | null;
  /** Keeps transactional and bulk mail apart. */
  readonly perStream: boolean;
  /** How the account can have a list of its own, apart from the platform's other accounts there; null: it cannot. */
  readonly ownListBy: string | null;
  /** Seconds between two readings where the account does not say. */
  readonly everyS: number;
  /** A change there takes effect this much later, seconds. */
  readonly delayS: number;
}

/** Why we put an address on a provider's list. */
export interface ListAddition {
  readonly address: string;
  readonly stream: 'transactional' | 'bulk' | null;
  readonly why: 'complaint' | 'unsubscribe' | 'manual';
}

export interface ListPage {
  readonly entries: readonly ListedAddress[];
  /** Where the next page begins, in the adapter's own words; null: this was the last. */
  readonly next: string | null;
  /** The provider has more than it lets us read. */
  readonly truncated: boolean;
}

export type ListFailure = {
  readonly ok: false;
  /**
   * `later`: the provider or the line failed, or we were too fast; nothing is proven. `account`: key, permission or settings, a person has to
   * act. `forbidden`: this entry cannot be changed.
   */
  readonly kind: 'later' | 'account' | 'forbidden';
  /** The provider's own words; about a domain also ours, as `providerTrouble` makes them. */
  readonly reason: string;
  readonly retryAfterMs?: number;
};

export type ListAnswer<T> = { readonly ok: true; readonly value: T } | ListFailure;

/** The suppression list behind one account. Never rejects for what the network or the provider does. */
export interface ProviderSuppressions {
  /** False: other accounts of the platform, and so other organisations, are stopped by the same entries. */
  readonly ownList: boolean;
  /** One page of what changed since `sinceMs` (null, or where the list cannot be asked so: everything). `cursor` null begins. */
  list(sinceMs: number | null, cursor: string | null): Promise<ListAnswer<ListPage>>;
  /** The entries of one address. */
  look(address: string): Promise<ListAnswer<readonly ListedAddress[]>>;
  add(addition: ListAddition): Promise<ListAnswer<'added'>>;
  remove(address: string): Promise<ListAnswer<'removed' | 'absent'>>;
}

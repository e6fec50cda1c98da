// This file is the part of the provider port that makes a sending domain known to a provider and lets it look at the domain's records. Every call may
// be repeated: creating twice is one, and so is removing.
import type { ListAnswer } from './provider-list.ts';

/** Where a domain stands at a provider. `blocked`: its people or its rules refuse it, and publishing records changes nothing. */
export type ProviderDomainState = 'pending' | 'verified' | 'blocked';

/** A record the provider asks for. */
export interface ProviderRecord {
  readonly type: 'TXT' | 'CNAME';
  /** Full name, without a dot at its end. */
  readonly host: string;
  readonly value: string;
  /** required: it takes no mail of the domain without it. */
  readonly needed: 'required' | 'recommended';
}

export interface ProviderDomain {
  readonly state: ProviderDomainState;
  /** It signs mail of the domain with the domain's own DKIM key. */
  readonly signing: boolean;
  readonly records: readonly ProviderRecord[];
  /** What has to be included by the one SPF record of the domain (RFC 7208 §3.2 allows no second one); null: nothing. */
  readonly spfInclude: string | null;
  /** What it says is missing, as `providerTrouble` makes it; null: nothing. */
  readonly trouble: string | null;
}

/** The sending domains of one account. Never rejects for what the network or the provider does; `forbidden`: it will not have this domain. */
export interface ProviderDomains {
  /** Makes the domain known, or finds that it is. */
  create(domain: string): Promise<ListAnswer<ProviderDomain>>;
  /** How it stands without a new look; null: the account does not know it. */
  find(domain: string): Promise<ListAnswer<ProviderDomain | null>>;
  /** Lets the provider look at the domain's records now. */
  verify(domain: string): Promise<ListAnswer<ProviderDomain>>;
  /** Takes the domain away there; one that the account does not know is gone already. */
  remove(domain: string): Promise<ListAnswer<null>>;
}

// This file decides whether a tenant may write an address into From: a domain registered for it (or a domain below that), or a sender address
// it has shown to be its own. A free mailbox (gmail.com …) can only be such a sender, never a domain.
import { isFreeMailboxDomain } from '../mail/free-mailbox.ts';
import { type DomainIdentity, domainIdentity, type SeenDomain } from './domain-identity.ts';
import type { Rewriting } from './rewriting.ts';

export type DomainState = 'pending' | 'verified' | 'warning' | 'broken';

/** What is known about one From address of one tenant. */
export interface SendingFacts {
  /** The tenant's domains among `domainsCovering(address)`. */
  readonly domains: readonly (SeenDomain & { readonly id: string; readonly authenticated: boolean; readonly state: DomainState })[];
  /** The tenant's sender with exactly this address. */
  readonly sender: { readonly verified: boolean } | null;
}

export type MaySend =
  | {
      readonly allowed: true;
      /** Receivers can prove that we may speak for this domain. */
      readonly domainAuthenticated: boolean;
      /** The registered domain that covers the address; null for a single sender address. */
      readonly domainId: string | null;
      readonly domainName: string | null;
      readonly freeMailbox: boolean;
      /** What receivers learn about the domain, where it asks them to act on mail that cannot be proven. */
      readonly identity?: DomainIdentity;
      /** For a single sender address, where this desk or its operator settled something about it. */
      readonly rewriting?: Rewriting;
    }
  /** `reason` and `hint` (what to do next) are sentences for people, in English; `code` says it in every language. */
  | { readonly allowed: false; readonly code: MayNotCode; readonly reason: string; readonly hint: string };

/** pending, unverified: it waits for a proof · registered: a free mailbox nobody registered · ours: a domain of nobody here. */
export type MayNotCode = 'pending' | 'unverified' | 'registered' | 'ours';

/** A name has at most this many parents worth asking for; deeper ones are nobody's sending domain. */
const LABELS_MAX = 10;

/** The address in the form in which senders are stored and compared: lower case, no white space around it. */
export function senderKey(address: string): string {
  return address.trim().toLowerCase();
}

/** The domain part of an address, in lower case; '' when there is none. */
export function domainOf(address: string): string {
  return senderKey(address).split('@').at(-1)?.replace(/\.$/, '') ?? '';
}

/** The domain of an address and its parents down to two labels, nearest first. */
export function domainsCovering(address: string): string[] {
  const labels = domainOf(address).split('.').slice(-LABELS_MAX);
  return labels.slice(0, -1).map((_, index) => labels.slice(index).join('.'));
}

/**
 * Decides. The nearest registered domain counts; its authentication covers the names below it, because DMARC aligns them by default
 * (relaxed, RFC 9989). A domain that a tenant registered by itself and nobody has verified yet (`pending`) does not count: otherwise
 * anybody could claim a bank.
 */
export function maySend(address: string, facts: SendingFacts): MaySend {
  const byName = new Map(facts.domains.map((domain) => [domain.name, domain]));
  const covering = domainsCovering(address).flatMap((name) => byName.get(name) ?? []);
  const usable = covering.find((domain) => domain.authenticated || domain.state !== 'pending');
  if (usable) {
    const { id, name, authenticated } = usable;
    const identity = domainIdentity(domainOf(address), { ...usable, signs: authenticated && usable.signs });
    const asks = identity.policy !== null && identity.policy.p !== 'none';
    const may = { allowed: true as const, domainAuthenticated: authenticated, domainId: id, domainName: name, freeMailbox: false };
    return asks ? { ...may, identity } : may;
  }
  if (facts.sender?.verified) {
    return {
      allowed: true,
      domainAuthenticated: false,
      domainId: null,
      domainName: null,
      freeMailbox: isFreeMailboxDomain(domainOf(address)),
    };
  }
  return { allowed: false, ...refusal(address, { pending: covering.length > 0, unverified: facts.sender !== null }) };
}

interface Waiting {
  readonly pending: boolean;
  readonly unverified: boolean;
}

function refusal(address: string, facts: Waiting) {
  const { code, reason } = reasonOf(address, facts);
  return { code, reason, hint: HINTS[code] };
}

const HINTS: Readonly<Record<MayNotCode, string>> = {
  pending: 'Publish its records and have it looked at, or use a From address of a domain or sender that is verified.',
  unverified: 'Have its owner open the link in the confirmation mail (another can be asked for), or use a From address that is verified.',
  registered: 'Register it as a sender, or use a From address of a domain registered for this organisation.',
  ours: 'Use a From address of a domain or sender registered for this organisation.',
};

function reasonOf(address: string, { pending, unverified }: Waiting): { code: MayNotCode; reason: string } {
  const domain = domainOf(address);
  if (pending) return { code: 'pending', reason: `The domain of ${address} is registered but not verified yet.` };
  if (unverified) return { code: 'unverified', reason: `The sender ${address} is registered but not verified yet.` };
  if (isFreeMailboxDomain(domain)) {
    const reason = `${address} is a mailbox at ${domain}; it has to be registered as a sender of this organisation first.`;
    return { code: 'registered', reason };
  }
  return { code: 'ours', reason: `${domain || address} is not a sending domain of this organisation.` };
}

// This file says what receivers will find when mail of a domain takes a route: whether SPF and DKIM speak for the domain in From (RFC 9989 §3.2.10), what
// DMARC makes of it, and which records would change that. Computed from the DNS; reports of receivers say later whether it is true.
import type { Alignment } from '../tenancy/dns/dmarc-record.ts';
import { organisationalDomain } from '../tenancy/dns/organisational-domain.ts';
import type { DomainIdentity } from '../tenancy/domain-identity.ts';
import type { Capabilities } from './provider.ts';
import type { ProviderDomainState } from './provider-domain.ts';

/** What a route does with the two proofs. */
export interface RouteIdentity {
  readonly capabilities: Pick<Capabilities, 'preservesMime' | 'returnPath'>;
  /** Where From is written anew: the domain it is then of, whose records are this desk's; null: From stays as it is. */
  readonly rewrittenDomain: string | null;
  /** How the domain stands at a provider that signs by itself; null: it was never made known there, or it does not sign by itself. */
  readonly atProvider: { readonly state: ProviderDomainState; readonly signing: boolean } | null;
  /** Return paths where the domain has none of its own; null: they are of no interest, as they are not of the domain. */
  readonly platformReturnPathHost: string | null;
  /** The domain of return paths at a provider that writes its own, where the account names one; null: one of the provider's. */
  readonly accountReturnPathDomain: string | null;
}

export type ProofCode =
  | 'our-signature'
  | 'no-key'
  | 'provider-signs'
  | 'provider-waits'
  | 'provider-does-not-know'
  | 'own-return-path'
  | 'platform-return-path'
  | 'provider-return-path'
  | 'strict-name'
  | 'rewritten';

/** One of the two proofs. */
export interface Proof {
  readonly aligned: boolean;
  /** The domain it speaks for; null: it is not known, the provider uses one of its own. */
  readonly domain: string | null;
  readonly code: ProofCode;
}

/** Records of `expected-records.ts` that would make it better, by purpose. */
export type AdvicePurpose = 'dkim' | 'return-path' | 'dmarc' | 'provider';

export interface AlignmentVerdict {
  readonly spf: Proof;
  readonly dkim: Proof;
  /** One aligned proof is enough (RFC 9989 §3.1). `none`: there is no policy, so there is nothing to pass. */
  readonly dmarc: 'pass' | 'fail' | 'none';
  /** What the domain asks receivers to do with this mail. */
  readonly asks: 'nothing' | 'spam-folder' | 'refusal';
  /** Rules for senders of 5,000 messages a day and more: who has them, and whether this mail keeps them. */
  readonly bulk: { readonly kept: boolean; readonly at: readonly ('google' | 'yahoo' | 'microsoft')[] };
  /** What to publish, the most effective first; empty: nothing is missing. */
  readonly publish: readonly AdvicePurpose[];
}

/** All three ask for SPF, DKIM and a DMARC record of whoever sends 5,000 messages a day to them (Gmail and Yahoo since 2024, Microsoft since May 2025). */
const BULK_RULES_AT = ['google', 'yahoo', 'microsoft'] as const;

/** Judges one route for one domain. */
export function judgeAlignment(identity: DomainIdentity, route: RouteIdentity): AlignmentVerdict {
  if (route.rewrittenDomain !== null) return rewritten(route.rewrittenDomain);
  const dkim = dkimProof(identity, route);
  const spf = spfProof(identity, route);
  const aligned = dkim.aligned || spf.aligned;
  const { policy } = identity;
  const dmarc = policy === null ? 'none' : aligned ? 'pass' : 'fail';
  return {
    spf,
    dkim,
    dmarc,
    asks: dmarc !== 'fail' || policy === null ? 'nothing' : CONSEQUENCES[policy.p],
    // Both proofs have to pass, one of them for the domain in From. SPF passes for the return path's own domain in any case.
    bulk: { kept: aligned && policy !== null && dkim.code !== 'no-key', at: BULK_RULES_AT },
    publish: missing(identity, route, { dkim, spf }),
  };
}

const CONSEQUENCES = { none: 'nothing', quarantine: 'spam-folder', reject: 'refusal' } as const;

/** Whether a proof for `name` counts for `from`: the same name, or (relaxed) the same organisational domain. */
export function aligns(from: string, name: string, alignment: Alignment): boolean {
  const [one, other] = [from.toLowerCase(), name.toLowerCase()];
  return one === other || (alignment === 'relaxed' && organisationalDomain(one) === organisationalDomain(other));
}

function dkimProof(identity: DomainIdentity, { capabilities, atProvider }: RouteIdentity): Proof {
  const { from, domain, policy } = identity;
  const signedFor = (code: ProofCode): Proof => {
    const aligned = aligns(from, domain, policy?.adkim ?? 'relaxed');
    return { aligned, domain, code: aligned ? code : 'strict-name' };
  };
  if (capabilities.preservesMime) return identity.signs ? signedFor('our-signature') : { aligned: false, domain: null, code: 'no-key' };
  if (atProvider === null) return { aligned: false, domain: null, code: 'provider-does-not-know' };
  if (atProvider.state !== 'verified' || !atProvider.signing) return { aligned: false, domain: null, code: 'provider-waits' };
  return signedFor('provider-signs');
}

function spfProof({ from, policy, returnPathHost }: DomainIdentity, route: RouteIdentity): Proof {
  const alignment = policy?.aspf ?? 'relaxed';
  const { platformReturnPathHost, accountReturnPathDomain: named } = route;
  if (route.capabilities.returnPath !== 'address') {
    return { aligned: named !== null && aligns(from, named, alignment), domain: named, code: 'provider-return-path' };
  }
  if (returnPathHost === null) {
    const aligned = platformReturnPathHost !== null && aligns(from, platformReturnPathHost, alignment);
    return { aligned, domain: platformReturnPathHost, code: 'platform-return-path' };
  }
  const aligned = aligns(from, returnPathHost, alignment);
  return { aligned, domain: returnPathHost, code: aligned ? 'own-return-path' : 'strict-name' };
}

/** Our own domain: key, return path and policy are the platform's care. */
function rewritten(domain: string): AlignmentVerdict {
  const proof: Proof = { aligned: true, domain, code: 'rewritten' };
  return { spf: proof, dkim: proof, dmarc: 'pass', asks: 'nothing', bulk: { kept: true, at: BULK_RULES_AT }, publish: [] };
}

function missing(
  { policy }: DomainIdentity,
  { capabilities }: RouteIdentity,
  { dkim, spf }: { readonly dkim: Proof; readonly spf: Proof },
): AdvicePurpose[] {
  const wanted: AdvicePurpose[] = [];
  if (!dkim.aligned && dkim.code !== 'strict-name') wanted.push(capabilities.preservesMime ? 'dkim' : 'provider');
  // A strict policy asks for equal names; no other host would satisfy it.
  if (!spf.aligned && spf.code === 'platform-return-path' && policy?.aspf !== 'strict') wanted.push('return-path');
  if (policy === null) wanted.push('dmarc');
  return wanted;
}

// This file is the part of the route decision that is about proof: where the domain in From asks receivers to act on mail that cannot be proven, ways
// that prove it come before those that do not. None is refused for it: a provider may sign although nobody told this desk.
import type { DomainIdentity } from '../tenancy/domain-identity.ts';
import { judgeAlignment } from './alignment.ts';
import type { Capabilities } from './provider.ts';

interface ProofCandidate {
  readonly accountId: string;
  readonly capabilities: Capabilities;
  readonly treatment: 'as-is' | 'rewritten';
}

interface ProofQuestion {
  readonly fromDomain: string;
  readonly identity?: DomainIdentity;
  readonly atAccounts?: ReadonlyMap<string, boolean> | undefined;
  readonly domainAuthenticated: boolean;
}

/** True where receivers would not find the mail proven, and the domain asks them to act on that. */
export function failsProof(candidate: ProofCandidate, question: ProofQuestion): boolean {
  return asks(candidate, question) !== 'nothing';
}

/** Why a way is closed until the next key of the domain is seen; null: it is not. Other ways that prove the mail stay open. */
export function whyKeyRevoked(candidate: ProofCandidate, question: ProofQuestion) {
  const { identity, fromDomain: domain } = question;
  const wish = identity?.keyRevoked ? wishOf(candidate, question) : null;
  if (wish === null || !identity) return null;
  const { because, asks } = wish;
  return {
    because: `The signing key of ${identity.domain} was revoked, and the next one is not seen in the DNS yet. ${because}`,
    code: 'key-revoked' as const,
    facts: { domain, asks, ...(identity.domain === domain ? {} : { key: identity.domain }) },
  };
}

/** Why a way that proves nothing is taken; null: it proves the mail, or nobody asks for it. */
export function whyOnlyUnproven(candidate: ProofCandidate, question: ProofQuestion) {
  const wish = wishOf(candidate, question);
  if (wish === null) return null;
  const { because, asks } = wish;
  return {
    because: `${because} No way that is open can prove it, so it tries.`,
    code: 'only-way-unproven' as const,
    facts: { domain: question.fromDomain, asks },
  };
}

/** Why a way was passed over for `first`; null: not for this. */
export function whyUnproven(candidate: ProofCandidate, question: ProofQuestion, first: string) {
  const wish = wishOf(candidate, question);
  if (wish === null) return null;
  const { because, asks } = wish;
  return {
    because: `${because} This way cannot prove it; ${first} can.`,
    code: 'unproven' as const,
    facts: { domain: question.fromDomain, asks, first },
  };
}

/** What would help. */
export function provenWay(domain: string) {
  return { better: `Publish the records of ${domain}: then every way can prove this mail.`, betterCode: 'publish-records' as const };
}

function wishOf(candidate: ProofCandidate, question: ProofQuestion) {
  const wish = asks(candidate, question);
  if (wish === 'nothing') return null;
  const deed = wish === 'refusal' ? 'to refuse mail that cannot be proven' : 'to put mail that cannot be proven into the spam folder';
  return { asks: wish, because: `${question.fromDomain} asks receivers ${deed}.` };
}

/** What the From domain asks receivers to do with mail on this way, as far as the DNS and the provider tell. */
function asks(candidate: ProofCandidate, { identity, atAccounts, domainAuthenticated }: ProofQuestion) {
  const { accountId, capabilities, treatment } = candidate;
  if (!identity || treatment === 'rewritten') return 'nothing';
  // A provider that insists on proof and takes the mail signs it; another one does where it told that it knows the domain.
  const verified = atAccounts?.get(accountId) ?? (capabilities.needsAuthenticatedDomain && domainAuthenticated);
  return judgeAlignment(identity, {
    capabilities,
    rewrittenDomain: null,
    atProvider: { state: verified ? 'verified' : 'pending', signing: verified },
    platformReturnPathHost: null,
    accountReturnPathDomain: null,
  }).asks;
}

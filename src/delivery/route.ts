// This file decides which route a recipient takes. Four gates in order — may it, is it well, has it room, is it preferred — and every
// route that fell out says at which gate and why, so the decision can be stored and explained.
import type { DomainIdentity } from '../tenancy/domain-identity.ts';
import { isUnwell } from './health-gate.ts';
import { type HeldCode, heldBecause } from './held-because.ts';
import { failsProof, provenWay, whyKeyRevoked, whyOnlyUnproven, whyUnproven } from './proof-gate.ts';
import type { AccountSignal, Capabilities, ProviderKind } from './provider.ts';
import {
  betterDomain,
  betterFrom,
  type RewritingBetter,
  type RewritingCode,
  type RewritingQuestion,
  whyNotRewritten,
  whyRewritten,
} from './rewriting-gate.ts';
import type { Stream } from './states.ts';

export type Health = 'well' | AccountSignal['kind'];

/** What a route does to From: nothing, or it is written anew on the rewriting domain and signed by its key. */
export type Treatment = 'as-is' | 'rewritten';

/** A route with everything the decision needs to know about its account. */
export interface RouteCandidate {
  readonly routeId: number;
  readonly accountId: string;
  readonly accountName: string;
  readonly provider: ProviderKind;
  readonly pool: string;
  readonly treatment: Treatment;
  readonly capabilities: Capabilities;
  readonly paused: boolean;
  readonly health: Health;
  readonly healthReason: string | null;
  /** Until when an unwell account is left alone, milliseconds since 1970. */
  readonly healthUntilMs: number | null;
  /** The recipient's mailbox provider refuses this route now: others come first, and it is taken when there is no other. */
  readonly dent?: RouteDent | null;
}

/** Why a route comes last for one mailbox provider. */
export interface RouteDent {
  /** A whole sentence. */
  readonly because: string;
  /** The open incident. */
  readonly incident: string;
}

export interface RouteQuestion {
  readonly stream: Stream;
  readonly fromDomain: string;
  /** Receivers can prove that we may speak for the From domain. */
  readonly domainAuthenticated: boolean;
  /** By account, whether it takes mail of the From domain, where it has told; the others go by `domainAuthenticated`. */
  readonly atAccounts?: ReadonlyMap<string, boolean> | undefined;
  /** From is an address of Gmail, Yahoo, GMX …, whose rules forbid others to use it. */
  readonly freeMailbox: boolean;
  /** What receivers learn about the From domain, where it asks them to act on mail that cannot be proven; ways that prove it come first then. */
  readonly identity?: DomainIdentity;
  /** For a sender without a domain, where that can be treated in a way of its own. */
  readonly rewriting?: RewritingQuestion;
  readonly sizeBytes: number;
  /** Accounts that provably refused this recipient already. */
  readonly refusedBy: readonly string[];
  /** Why an adapter cannot carry this MIME, by account id; only asked where an account does not forward our bytes unchanged. */
  readonly carries: (candidate: RouteCandidate) => string | null;
  readonly nowMs: number;
}

export type Gate = 'may' | 'well' | 'room' | 'preferred';

/** Why a route fell out, or that it did not: for programs and for other languages; `because` says it in English. */
export type JudgementCode =
  | 'chosen'
  | 'paused'
  | 'refused-already'
  | 'domain-not-authenticated'
  | 'free-mailbox'
  | 'too-large'
  | 'cannot-carry'
  | 'unwell'
  | 'after-another'
  | 'ip-blocked'
  | 'only-way'
  | 'unproven'
  | 'only-way-unproven'
  | 'as-is-not-allowed'
  | 'key-revoked'
  | 'rewritten'
  | 'rewritten-unseen'
  | RewritingCode;
/** What the sentence of a code speaks of. */
export interface JudgementFacts {
  readonly domain?: string;
  readonly bytes?: number;
  readonly bytesMax?: number;
  /** What an account told about the domain, and not the DNS. */
  readonly told?: true;
  /** What the domain asks receivers to do with mail that cannot be proven. */
  readonly asks?: 'refusal' | 'spam-folder';
  /** The domain whose signing key was revoked, where it is not the one in From. */
  readonly key?: string;
  readonly health?: Health;
  /** What the provider said of our account; for operators. */
  readonly words?: string;
  /** The incident of a route that a receiver refuses; for operators. */
  readonly incident?: string;
  /** Name of the account that comes first; for operators. */
  readonly first?: string;
  /** What From becomes, or would. */
  readonly address?: string;
  readonly signedWith?: string;
}

export interface RouteJudgement {
  readonly routeId: number;
  readonly account: string;
  readonly provider: ProviderKind;
  readonly pool: string;
  /** Only where From is written anew. */
  readonly treatment?: 'rewritten';
  readonly chosen: boolean;
  /** The gate where it stopped; null for the chosen one. */
  readonly stoppedAt: Gate | null;
  readonly because: string;
  readonly code: JudgementCode;
  readonly facts: JudgementFacts;
}

type Reason = Pick<RouteJudgement, 'because' | 'code' | 'facts'>;

export interface RouteDecision {
  readonly routeId: number | null;
  /** True when the only thing wrong is time: an eligible account is unwell now. */
  readonly waits: boolean;
  /** Why nothing is eligible, in a sentence with its way out; null when a route was chosen or will be. */
  readonly heldBecause: string | null;
  readonly heldCode: HeldCode | null;
  readonly judgements: readonly RouteJudgement[];
  /** The cheapest change that would open a better way; null when there is none to name. */
  readonly better: string | null;
  readonly betterCode: 'authenticate-domain' | 'publish-records' | RewritingBetter | null;
  /** What From becomes on the route that was chosen or is waited for; only where it is written anew. */
  readonly rewrittenFrom?: string;
  /** What `heldBecause` and `better` speak of: the From domain, and the account that would open. */
  readonly facts: { readonly domain?: string; readonly account?: string };
}

/** Decides among candidates in their order of preference. Pure; the same question gives the same answer. */
export function decideRoute(candidates: readonly RouteCandidate[], question: RouteQuestion): RouteDecision {
  let waits = false;
  const chosen = choose(candidates, question);
  const judgements = candidates.map((candidate): RouteJudgement => {
    const base = baseOf(candidate);
    const may = mayNot(candidate, question);
    if (may !== null) return { ...base, chosen: false, stoppedAt: 'may', ...may };
    const unwell = isUnwell(candidate, question.nowMs);
    if (unwell !== null) {
      waits = true;
      return { ...base, chosen: false, stoppedAt: 'well', ...unwell };
    }
    if (candidate === chosen) return { ...base, chosen: true, stoppedAt: null, ...whyChosen(candidate, question) };
    return { ...base, chosen: false, stoppedAt: 'preferred', ...whyNotChosen(candidate, { candidates, chosen, question }) };
  });
  const route = chosen;
  const held = route === null && !waits ? heldCode(candidates, question) : null;
  const taken = route ?? candidates[judgements.findIndex(({ stoppedAt }) => stoppedAt === 'well')];
  const { account, ...better } = whatWouldHelp(judgements, question, taken);
  const named =
    (held !== null && held !== 'no-account' && held !== 'every-account-out') ||
    account !== undefined ||
    better.betterCode === 'publish-records';
  return {
    routeId: route?.routeId ?? null,
    waits: route === null && waits,
    heldBecause: held && heldBecause(held, question),
    heldCode: held,
    judgements,
    ...better,
    ...(taken?.treatment === 'rewritten' && question.rewriting?.address ? { rewrittenFrom: question.rewriting.address } : {}),
    facts: { ...(named ? { domain: question.fromDomain } : {}), ...(account === undefined ? {} : { account }) },
  };
}

function baseOf({ routeId, accountName, provider, pool, treatment }: RouteCandidate) {
  const base = { routeId, account: accountName, provider, pool };
  return treatment === 'rewritten' ? { ...base, treatment } : base;
}

/**
 * The first that may, is well, has no dent, and proves the mail where the domain asks receivers to act on mail that is not proven. One that proves
 * nothing, then one with a dent, when there is no other, so that nothing is stranded.
 */
function choose(candidates: readonly RouteCandidate[], question: RouteQuestion): RouteCandidate | null {
  let dented: RouteCandidate | null = null;
  let unproven: RouteCandidate | null = null;
  for (const candidate of candidates) {
    if (mayNot(candidate, question) !== null || isUnwell(candidate, question.nowMs) !== null) continue;
    if (candidate.dent) dented ??= candidate;
    else if (failsProof(candidate, question)) unproven ??= candidate;
    else return candidate;
  }
  return unproven ?? dented;
}

function whyChosen(candidate: RouteCandidate, question: RouteQuestion): Reason {
  const { dent, treatment } = candidate;
  if (!dent && treatment === 'rewritten' && question.rewriting) return whyRewritten(question.rewriting);
  const unproven = dent ? null : whyOnlyUnproven(candidate, question);
  if (unproven) return unproven;
  if (!dent) return { because: 'First in the order that is eligible and well.', code: 'chosen', facts: {} };
  return { because: `${dent.because} No other account can take it, so it tries.`, code: 'only-way', facts: { incident: dent.incident } };
}

/** Gate 4, for a route that passed the others. */
function whyNotChosen(
  candidate: RouteCandidate,
  { candidates, chosen, question }: { candidates: readonly RouteCandidate[]; chosen: RouteCandidate | null; question: RouteQuestion },
): Reason {
  const first = chosen?.accountName ?? 'Another';
  const { dent } = candidate;
  const passedOver = chosen !== null && candidates.indexOf(candidate) < candidates.indexOf(chosen);
  if (dent && passedOver) {
    return { because: `${dent.because} ${first} takes it meanwhile.`, code: 'ip-blocked', facts: { incident: dent.incident, first } };
  }
  const unproven = passedOver ? whyUnproven(candidate, question, first) : null;
  return unproven ?? { because: `${first} comes first in the order.`, code: 'after-another', facts: { first } };
}

/** Gate 1: may this account carry it at all? Null: yes. */
function mayNot(candidate: RouteCandidate, question: RouteQuestion): Reason | null {
  const { capabilities } = candidate;
  if (candidate.paused) return { because: 'The account is paused.', code: 'paused', facts: {} };
  if (question.refusedBy.includes(candidate.accountId))
    return { because: 'This account refused this recipient already.', code: 'refused-already', facts: {} };
  const identity = candidate.treatment === 'rewritten' ? whyNotRewritten(question.rewriting) : asIsMayNot(candidate, question);
  if (identity !== null) return identity;
  if (capabilities.sizeMaxBytes !== null && question.sizeBytes > capabilities.sizeMaxBytes) {
    const because = `The message has ${question.sizeBytes} bytes; this provider takes ${capabilities.sizeMaxBytes}.`;
    return { because, code: 'too-large', facts: { bytes: question.sizeBytes, bytesMax: capabilities.sizeMaxBytes } };
  }
  const cannot = question.carries(candidate);
  return cannot === null ? null : { because: cannot, code: 'cannot-carry', facts: {} };
}

/** May it carry From as it is? */
function asIsMayNot(candidate: RouteCandidate, question: RouteQuestion): Reason | null {
  const { capabilities, provider } = candidate;
  const domain = question.fromDomain;
  if (question.freeMailbox && !capabilities.acceptsVerifiedAddress)
    return { because: `${domain} forbids others to send in its name.`, code: 'free-mailbox', facts: { domain } };
  if (!isProven(candidate, question)) {
    const told = question.atAccounts?.get(candidate.accountId) === false;
    const because = told
      ? `${provider} has not verified ${domain}.`
      : `${provider} insists on SPF and DKIM, and ${domain} is not authenticated.`;
    return { because, code: 'domain-not-authenticated', facts: told ? { domain, told } : { domain } };
  }
  const revoked = whyKeyRevoked(candidate, question);
  if (revoked !== null || question.rewriting?.asIs !== false) return revoked;
  const because = `The operator has not allowed that mail from ${domain} goes out as it is.`;
  return { because, code: 'as-is-not-allowed', facts: { domain } };
}

/** What an account has told about the domain counts more than what DNS says. */
function isProven({ accountId, capabilities }: RouteCandidate, { atAccounts, domainAuthenticated }: RouteQuestion): boolean {
  return !capabilities.needsAuthenticatedDomain || (atAccounts?.get(accountId) ?? domainAuthenticated);
}

function heldCode(candidates: readonly RouteCandidate[], question: RouteQuestion): HeldCode {
  if (candidates.length === 0) return 'no-account';
  const rewrites = question.rewriting && candidates.some(({ treatment, paused }) => treatment === 'rewritten' && !paused);
  const why = rewrites ? whyNotRewritten(question.rewriting)?.code : undefined;
  if (why === 'rewriting-not-agreed' || why === 'signed-by-author') return why;
  if (question.freeMailbox) return 'free-mailbox';
  if (candidates.some((candidate) => !candidate.paused && whyKeyRevoked(candidate, question) !== null)) return 'key-revoked';
  return candidates.some((candidate) => !isProven(candidate, question)) ? 'domain-not-authenticated' : 'every-account-out';
}

/** The better way that an authenticated domain, or another From, would open. */
function whatWouldHelp(
  judgements: readonly RouteJudgement[],
  question: RouteQuestion,
  taken: RouteCandidate | undefined,
): Pick<RouteDecision, 'better' | 'betterCode'> & { readonly account?: string } {
  const { fromDomain: domain, freeMailbox, rewriting } = question;
  const now = { domain, freeMailbox, rewritten: taken?.treatment === 'rewritten', open: taken !== undefined };
  const from = rewriting ? betterFrom(rewriting, now) : freeMailbox ? betterDomain(domain) : null;
  if (from) return { better: from.better, betterCode: from.code };
  const chosenAt = judgements.findIndex((judgement) => judgement.chosen);
  const before = chosenAt === -1 ? judgements : judgements.slice(0, chosenAt);
  const closed = before.find((judgement) => judgement.code === 'domain-not-authenticated');
  if (!closed) {
    const unproven = judgements.some(({ code }) => code === 'unproven' || code === 'only-way-unproven' || code === 'key-revoked');
    return unproven ? provenWay(domain) : { better: null, betterCode: null };
  }
  const better = `Authenticate ${domain} (SPF and DKIM) and this mail can take ${closed.account}.`;
  return { better, betterCode: 'authenticate-domain', account: closed.account };
}

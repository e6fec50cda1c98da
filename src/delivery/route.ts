// This file decides which route a recipient takes. Four gates in order — may it, is it well, has it room, is it preferred — and every
// route that fell out says at which gate and why, so the decision can be stored and explained.
import type { AccountSignal, Capabilities, ProviderKind } from './provider.ts';
import type { Stream } from './states.ts';

export type Health = 'well' | AccountSignal['kind'];

/** A route with everything the decision needs to know about its account. */
export interface RouteCandidate {
  readonly routeId: number;
  readonly accountId: string;
  readonly accountName: string;
  readonly provider: ProviderKind;
  readonly pool: string;
  readonly treatment: 'as-is';
  readonly capabilities: Capabilities;
  readonly paused: boolean;
  readonly health: Health;
  readonly healthReason: string | null;
  /** Until when an unwell account is left alone, milliseconds since 1970. */
  readonly healthUntilMs: number | null;
}

export interface RouteQuestion {
  readonly stream: Stream;
  readonly fromDomain: string;
  /** Receivers can prove that we may speak for the From domain. */
  readonly domainAuthenticated: boolean;
  /** From is an address of Gmail, Yahoo, GMX …, whose rules forbid others to use it. */
  readonly freeMailbox: boolean;
  readonly sizeBytes: number;
  /** Accounts that provably refused this recipient already. */
  readonly refusedBy: readonly string[];
  /** Why an adapter cannot carry this MIME, by account id; only asked where an account does not forward our bytes unchanged. */
  readonly carries: (candidate: RouteCandidate) => string | null;
  readonly nowMs: number;
}

export type Gate = 'may' | 'well' | 'room' | 'preferred';

export interface RouteJudgement {
  readonly routeId: number;
  readonly account: string;
  readonly provider: ProviderKind;
  readonly pool: string;
  readonly chosen: boolean;
  /** The gate where it stopped; null for the chosen one. */
  readonly stoppedAt: Gate | null;
  readonly because: string;
}

export interface RouteDecision {
  readonly routeId: number | null;
  /** True when the only thing wrong is time: an eligible account is unwell now. */
  readonly waits: boolean;
  /** Why nothing is eligible, in a sentence with its way out; null when a route was chosen or will be. */
  readonly heldBecause: string | null;
  readonly judgements: readonly RouteJudgement[];
  /** The cheapest change that would open a better way; null when there is none to name. */
  readonly better: string | null;
}

/** Decides among candidates in their order of preference. Pure; the same question gives the same answer. */
export function decideRoute(candidates: readonly RouteCandidate[], question: RouteQuestion): RouteDecision {
  let chosen: RouteCandidate | null = null;
  let waits = false;
  const judgements = candidates.map((candidate): RouteJudgement => {
    const base = { routeId: candidate.routeId, account: candidate.accountName, provider: candidate.provider, pool: candidate.pool };
    const may = mayNot(candidate, question);
    if (may !== null) return { ...base, chosen: false, stoppedAt: 'may', because: may };
    const unwell = isUnwell(candidate, question.nowMs);
    if (unwell !== null) {
      waits = true;
      return { ...base, chosen: false, stoppedAt: 'well', because: unwell };
    }
    if (chosen !== null)
      return { ...base, chosen: false, stoppedAt: 'preferred', because: `${chosen.accountName} comes first in the order.` };
    chosen = candidate;
    return { ...base, chosen: true, stoppedAt: null, because: 'First in the order that is eligible and well.' };
  });
  // Assigned inside the callback, which the compiler does not follow.
  const route = chosen as RouteCandidate | null;
  return {
    routeId: route?.routeId ?? null,
    waits: route === null && waits,
    heldBecause: route === null && !waits ? heldBecause(candidates, question) : null,
    judgements,
    better: whatWouldHelp(judgements, question),
  };
}

/** Gate 1: may this account carry it at all? Null: yes. */
function mayNot(candidate: RouteCandidate, question: RouteQuestion): string | null {
  const { capabilities } = candidate;
  if (candidate.paused) return 'The account is paused.';
  if (question.refusedBy.includes(candidate.accountId)) return 'This account refused this recipient already.';
  if (capabilities.needsAuthenticatedDomain && !question.domainAuthenticated) {
    return `${candidate.provider} insists on SPF and DKIM, and ${question.fromDomain} is not authenticated.`;
  }
  if (question.freeMailbox && !capabilities.acceptsVerifiedAddress) return `${question.fromDomain} forbids others to send in its name.`;
  if (capabilities.sizeMaxBytes !== null && question.sizeBytes > capabilities.sizeMaxBytes) {
    return `The message has ${question.sizeBytes} bytes; this provider takes ${capabilities.sizeMaxBytes}.`;
  }
  return question.carries(candidate);
}

/** Gate 2: is the account well? An unwell one is probed by the first message after its rest. */
function isUnwell(candidate: RouteCandidate, nowMs: number): string | null {
  if (candidate.health === 'well') return null;
  if (candidate.healthUntilMs !== null && candidate.healthUntilMs <= nowMs) return null;
  const words = candidate.healthReason === null ? '' : `: ${candidate.healthReason}`;
  return `The account is ${candidate.health}${words}`;
}

function heldBecause(candidates: readonly RouteCandidate[], question: RouteQuestion): string {
  if (candidates.length === 0) return 'No provider account is set for this mail. Add one, or name one in the routing.';
  if (question.freeMailbox) {
    return `From is an address at ${question.fromDomain}, which forbids others to send in its name. Use an address of a domain of your own.`;
  }
  if (!question.domainAuthenticated && candidates.some((candidate) => candidate.capabilities.needsAuthenticatedDomain)) {
    return `${question.fromDomain} is not authenticated, and every account of the order insists on it. Publish its records, or add an account that takes verified addresses.`;
  }
  return 'Every account of the order is paused or has refused this message. Look at the decision, then release it.';
}

function whatWouldHelp(judgements: readonly RouteJudgement[], question: RouteQuestion): string | null {
  const chosenAt = judgements.findIndex((judgement) => judgement.chosen);
  const before = chosenAt === -1 ? judgements : judgements.slice(0, chosenAt);
  const missed = before.find((judgement) => judgement.stoppedAt === 'may' && judgement.because.includes('not authenticated'));
  if (!missed) return null;
  return `Authenticate ${question.fromDomain} (SPF and DKIM) and this mail can take ${missed.account}.`;
}

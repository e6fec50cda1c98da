// This file says whether a refusal that was reported after the hand-over sends the recipient another way. Such a report proves that this copy
// did not arrive; a second hand-over duplicates nothing as long as no other copy may be out.
import type { Fault } from '../feedback/vocabulary.ts';
import { MARKS, type RecipientState } from './states.ts';
import { transition } from './transition.ts';

/** Accounts that may refuse one recipient before its last refusal stands: whoever is refused by three servers is not helped by a fourth. */
export const REROUTES_MAX = 3;

/** Faults of ours that another account may not share. Authentication counts only where the domain's own records are right. */
const OURS: ReadonlySet<Fault | null> = new Set<Fault | null>(['sender-reputation', 'operator', 'authentication']);
/** Somebody stopped it at the provider, or the provider knows that the person does not want it: going round that would be wrong. */
const STOPPED_ON_PURPOSE = /cancel|unsubscri|suppress|complain|\bopt(?:ed)?[- ]?out/i;

/** A hand-over that may have been accepted. */
export interface OpenHandOver {
  readonly accountId: string | null;
}

export interface RefusalFacts {
  readonly fault: Fault | null;
  /** The provider's or receiver's words and the provider's label. */
  readonly words: string;
  /** Proven by signature or return path, or correlated by the provider's own message id. */
  readonly trusted: boolean;
  readonly state: RecipientState;
  readonly marks: number;
  /** The account that gave it back; null when it cannot be told. */
  readonly accountId: string | null;
  /** Hand-overs of this recipient that were accepted, or nobody knows. */
  readonly handOvers: readonly OpenHandOver[];
  /** Accounts whose reported refusal rerouted it before. */
  readonly gaveBack: readonly string[];
  /** The report came by status mail, which does not say which hand-over it answers. */
  readonly byMail: boolean;
  readonly domainAuthenticated: boolean;
  /** Since its lifetime began, and how long it is; milliseconds. */
  readonly ageMs: number;
  readonly lifetimeMs: number;
}

/** A first look without the store: false for almost everything that is reported. */
export function mayLieWithUs(fault: Fault | null): boolean {
  return OURS.has(fault);
}

/** Why the refusal stands, or null when another account may take the recipient. */
export function whyRefusalStands(facts: RefusalFacts): string | null {
  if (!mayLieWithUs(facts.fault)) return 'another route would fare no better';
  if (facts.fault === 'authentication' && !facts.domainAuthenticated) return 'the records of the domain fail on every route';
  if (STOPPED_ON_PURPOSE.test(facts.words)) return 'it was stopped on purpose';
  if (!facts.trusted) return 'anybody could have said so';
  if ('ignore' in transition(facts.state, 'rerouted')) return 'it is not open';
  if (facts.ageMs > facts.lifetimeMs) return 'its lifetime is over';
  if (facts.gaveBack.length >= REROUTES_MAX) return 'enough accounts were tried';
  return whyAnotherCopyMayBeOut(facts);
}

/** Every hand-over but the reported one must be known to have been refused. */
function whyAnotherCopyMayBeOut({ marks, accountId, handOvers, gaveBack, byMail }: RefusalFacts): string | null {
  if ((marks & MARKS.resent) !== 0) return 'it was handed over twice, and one copy may have arrived';
  if (accountId === null) return 'nobody can tell which account gave it back';
  if (byMail && gaveBack.length > 0) return 'the status mail may answer an earlier hand-over';
  const open = handOvers.filter((each) => each.accountId === null || !gaveBack.includes(each.accountId));
  if (open.length > 1) return 'another copy may be out';
  if (open.some((each) => each.accountId !== accountId)) return 'another account may have delivered it';
  return null;
}

/** True when a report speaks of a hand-over that was given back before: it says nothing about where the recipient is now. */
export function isStaleReport(facts: {
  readonly accountId: string | null;
  readonly byMail: boolean;
  readonly gaveBack: readonly string[];
  readonly state: RecipientState;
}): boolean {
  if (facts.gaveBack.length === 0) return false;
  if (!facts.byMail) return facts.accountId !== null && facts.gaveBack.includes(facts.accountId);
  // Nothing is out while it waits for its next hand-over, so the mail can only repeat what was said.
  return facts.state === 'queued' || facts.state === 'deferred';
}

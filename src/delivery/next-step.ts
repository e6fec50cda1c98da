// This file decides what follows from the outcome of a hand-over for one recipient: its next state, when it is tried again, whether another
// route may try, whether the address is put on hold. Pure: the flow hands in time and chance.
import { PROVIDER_LIST_REASON } from '../feedback/provider-list.ts';
import { CLASS_FAULT, type FeedbackClass } from '../feedback/vocabulary.ts';
import type { Outcome } from './provider.ts';
import { type RetryLadder, requeueDelayMs, retryDelayMs } from './retry.ts';
import { MARKS, type RecipientState } from './states.ts';
import { type Happening, transition } from './transition.ts';

export interface StepFacts {
  /** Tries made before this one. */
  readonly attempts: number;
  readonly ladder: RetryLadder;
  /** Milliseconds since 1970 at which the recipient's lifetime began: acceptance, or send_at. */
  readonly bornMs: number;
  readonly nowMs: number;
  /** 0 ≤ n < 1. */
  readonly random: number;
  /** Another account could carry it, were this one to refuse. */
  readonly anotherRoute: boolean;
  /** The router would take another route now: what never reached the wire need not wait for this one. */
  readonly elsewhere: boolean;
  /** The account tells by webhook what became of its mail. */
  readonly deliveryEvents: boolean;
  /** The answer said that the account itself is in trouble: out of quota, suspended, not reachable. */
  readonly accountInTrouble: boolean;
}

export interface NextStep {
  readonly state: RecipientState;
  readonly dueAtMs: number | null;
  readonly reason: string | null;
  readonly class: FeedbackClass | null;
  readonly marks: number;
  readonly suppress: boolean;
  /** Waits in a lane of another route from now on. */
  readonly reroute: boolean;
  /** What the recipient's event log says. */
  readonly event: 'handed_over' | 'bounced' | 'failed' | 'rerouted' | 'deferred' | 'expired' | 'requeued' | 'uncertain';
}

/** A refusal that says something about the address, so no other route would fare better. */
function aboutRecipient(cls: FeedbackClass): boolean {
  return CLASS_FAULT[cls] === 'recipient' || cls === 'recipient-filtered';
}

/** Faults that lie with us, our account or our name: another route can do better. Content fails everywhere. */
function anotherRouteMayDo(cls: FeedbackClass): boolean {
  const fault = CLASS_FAULT[cls];
  return fault !== 'content' || cls === 'message-too-large';
}

/** The step that follows. Total over all outcomes. */
export function nextStep(outcome: Outcome, facts: StepFacts): NextStep {
  const base = { dueAtMs: null, reason: null, class: null, marks: 0, suppress: false, reroute: false } as const;
  switch (outcome.kind) {
    case 'handed_over':
      return { ...base, state: after('handed-over'), marks: facts.deliveryEvents ? 0 : MARKS.silent, event: 'handed_over' };
    case 'unknown':
      return { ...base, state: after('lost'), reason: 'line-broke', event: 'uncertain' };
    case 'not_sent':
      return {
        ...base,
        state: after('not-sent'),
        dueAtMs: facts.nowMs + (facts.elsewhere ? 0 : requeueDelayMs(facts.random)),
        // Our own account is the reason: whoever asks is told that we work on it, not that something broke.
        ...(facts.accountInTrouble ? { reason: 'operator', class: 'operator' } : { reason: 'not-sent' }),
        event: 'requeued',
      };
    case 'refused':
      return refused(outcome, facts);
    case 'deferred':
      return later(outcome, facts);
  }
}

function refused(outcome: Outcome & { kind: 'refused' }, facts: StepFacts): NextStep {
  const base = {
    dueAtMs: null,
    reason: outcome.class,
    class: outcome.class,
    marks: 0,
    suppress: outcome.suppress,
    reroute: false,
  } as const;
  // Nobody asked the receiver, and going round the list of a provider that knows why it listed the address would be wrong. Entries that
  // pass by themselves are charged to the account (fault `operator`) and may take another route.
  const onList = outcome.listed !== undefined && CLASS_FAULT[outcome.class] === null;
  if (onList)
    return { ...base, reason: PROVIDER_LIST_REASON, class: null, suppress: false, state: after('refused-by-provider'), event: 'failed' };
  if (aboutRecipient(outcome.class)) return { ...base, state: after('refused-by-receiver'), event: 'bounced' };
  if (facts.anotherRoute && anotherRouteMayDo(outcome.class)) {
    // A 5xx proves non-acceptance, so trying elsewhere cannot duplicate.
    return { ...base, suppress: false, state: after('not-sent'), dueAtMs: facts.nowMs, reroute: true, event: 'rerouted' };
  }
  // Our account is not set up for it, which we can mend: it is no failure of whoever sent it, so it waits.
  if (CLASS_FAULT[outcome.class] === 'operator' && outcome.lasting !== true) return later(outcome, facts);
  return { ...base, suppress: false, state: after('refused-by-provider'), event: 'failed' };
}

/** Tried again by the ladder, until the lifetime is over. */
function later(outcome: { readonly class: FeedbackClass; readonly retryAfterMs?: number }, facts: StepFacts): NextStep {
  const tries = facts.attempts + 1;
  const wait = retryDelayMs({
    ladder: facts.ladder,
    tries,
    class: outcome.class,
    random: facts.random,
    ...(outcome.retryAfterMs === undefined ? {} : { retryAfterMs: outcome.retryAfterMs }),
  });
  const base = { class: outcome.class, marks: 0, suppress: false, reroute: false } as const;
  const dueAtMs = facts.nowMs + wait;
  if (dueAtMs - facts.bornMs > facts.ladder.lifetimeMs)
    return { ...base, state: 'expired', dueAtMs: null, reason: 'expired', event: 'expired' };
  return { ...base, state: after('deferred'), dueAtMs, reason: outcome.class, event: 'deferred' };
}

/** The table of transitions stays the one place that names states; outcomes only happen to recipients on the wire. */
function after(happening: Happening): RecipientState {
  const move = transition('submitting', happening);
  if ('ignore' in move) throw new Error(`a hand-over cannot end in "${happening}"`);
  return move.next;
}

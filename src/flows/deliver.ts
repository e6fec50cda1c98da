// This file hands recipients over: claimed or hot, they arrive as jobs that are `submitting` in the database already; the wire comes next, then
// the outcome of each recipient is committed. No transaction is open while the wire is used.
import type { Clock } from '../clock.ts';
import { nextStep } from '../delivery/next-step.ts';
import type { AccountSignal, HandOver, Outcome, SendResult } from '../delivery/provider.ts';
import { REROUTES_MAX } from '../delivery/reroute.ts';
import { RETRY_LADDERS, type RetryLadder } from '../delivery/retry.ts';
import { makeReturnPath } from '../delivery/return-path.ts';
import type { RouteDecision } from '../delivery/route.ts';
import type { IdMint } from '../ids.ts';
import type { Log } from '../log.ts';
import type { Batcher } from '../store/batcher.ts';
import { isDatabaseAway, isOutage } from '../store/db.ts';
import type { OutcomeRow } from '../store/outcomes.ts';
import type { HoldPolicies } from './hold-policies.ts';
import type { Line } from './lines.ts';
import { eventData, REPLY_CHARS_MAX, withoutWords } from './outcome-words.ts';
import { type Outgoing, SignatureGone } from './outgoing.ts';
import { requiresSmtpUtf8 } from './recipient-list.ts';
import { strikeOf, strikes } from './strike-of.ts';

export interface DeliveryRecipient {
  readonly id: string;
  readonly address: string;
  readonly attempts: number;
  readonly lease: bigint;
  readonly refusedBy: readonly string[];
}

/** Recipients of one message that travel together; one for most routes. */
export interface DeliveryJob {
  readonly cost: number;
  readonly laneId: number;
  readonly routeId: number;
  readonly decisionId: string | null;
  readonly message: Outgoing;
  readonly recipients: readonly DeliveryRecipient[];
}

export interface DeliverDeps {
  readonly clock: Clock;
  readonly ids: IdMint;
  readonly log: Log;
  readonly random: () => number;
  readonly outcomes: Batcher<OutcomeRow, boolean>;
  readonly lineOf: (routeId: number) => Line | null;
  /** `hostOf`: the host of a message's return paths. */
  readonly returnPath: { readonly secretKey: Buffer; readonly hostOf: (message: Outgoing) => string };
  readonly ladders?: Readonly<Record<'transactional' | 'bulk', RetryLadder>>;
  /** The route another try would take, given who refused; null when nobody else could. */
  readonly otherRoute: (
    job: DeliveryJob,
    recipient: { readonly address: string; readonly refusedBy: readonly string[] },
  ) => Promise<RouteDecision>;
  /** The lane for a rerouted recipient, once its route is chosen. */
  readonly laneFor: (job: DeliveryJob, address: string, routeId: number) => Promise<number>;
  /** Reports health; null is good news. */
  readonly signal: (accountId: string, signal: AccountSignal | null) => void;
  /** The receiver asked us to slow down: the lane rests until then. */
  readonly slowDown: (job: DeliveryJob, address: string, untilMs: number, reason: string) => void;
  /** A recipient waits in a lane until `dueAtMs`. */
  readonly waiting: (laneId: number, dueAtMs: number) => void;
  /** The wire is done with a job: its body is not needed any more. */
  readonly carried: (job: DeliveryJob) => void;
  /** A recipient's outcome is committed (or its row was no longer ours): its lease is closed. */
  readonly settled: (recipient: DeliveryRecipient) => void;
  /** When which class of answer holds an address. */
  readonly policies: HoldPolicies;
  /** Something that counts against an address was committed. */
  readonly struck: () => void;
  /** True once the desk has ended: nobody is left to write an outcome down. */
  readonly ended: () => boolean;
  /** What the operator's own rules make of refusals and delays. */
  readonly judged?: (result: SendResult) => SendResult;
  readonly measure?: (measured: { outcome: Outcome['kind']; provider: string; seconds: number }) => void;
}

/**
 * Outcomes waiting to be committed above which places on the wire are not given back: the database is slower than the wire, and each of them is a
 * doubt should the node die. Two statements' worth, so that the wire never waits for a database that keeps up.
 */
const OUTCOMES_WAITING_MAX = 400;
/** A dead database is asked again this often with the outcomes in hand; they are kept until it answers. */
const OUTCOME_RETRY_MS = 500;

/** Makes the function that carries one job. It never rejects; its promise gives the place on the wire back. */
export function makeDeliver(deps: DeliverDeps): (job: DeliveryJob) => Promise<void> {
  return async (job) => {
    const line = deps.lineOf(job.routeId);
    const startedMs = deps.clock.nowMs();
    const result = line ? await carry(deps, job, line) : lost(job, 'The provider account is gone.');
    const endedMs = deps.clock.nowMs();
    deps.carried(job);
    if (line) judgeAccount(deps, line, result);
    const pending = job.recipients.map((recipient, index) => {
      const outcome = result.outcomes[index] ?? { kind: 'unknown', reply: 'The adapter gave no outcome for this recipient.' };
      deps.measure?.({ outcome: outcome.kind, provider: line?.adapter.kind ?? 'none', seconds: (endedMs - startedMs) / 1000 });
      const about = { recipient, outcome, signal: result.account?.kind ?? null, startedMs, endedMs };
      return settle(deps, job, line, about).catch((error: unknown) => {
        deps.log.error({ event: 'outcome_not_stored', recipient: recipient.id, outcome: outcome.kind, err: error });
        // Provably not accepted: nobody holds it any more, so the sweep for orphans gives it back to its lane. Whatever may have been accepted
        // stays in our hands; after this node's end it is settled as a doubt.
        if (outcome.kind !== 'handed_over' && outcome.kind !== 'unknown') deps.settled(recipient);
      });
    });
    if (deps.outcomes.waiting > OUTCOMES_WAITING_MAX) await Promise.allSettled(pending);
  };
}

async function carry(deps: DeliverDeps, job: DeliveryJob, line: Line): Promise<SendResult> {
  try {
    const { message } = job;
    const ready = line.treatment === 'rewritten' ? message.rewritten() : message.mime(line.adapter.capabilities.preservesMime);
    const mime = ready instanceof Promise ? await ready : ready;
    const result = await line.client.send(handOverOf(deps, job, line, mime));
    return deps.judged?.(result) ?? result;
  } catch (error) {
    if (error instanceof SignatureGone) return lost(job, error.message);
    // Whose key signs, and whether it still may, is read there.
    if (isDatabaseAway(error)) {
      deps.log.warn({
        event: 'hand_over_put_off',
        message: job.message.id,
        reason: error instanceof Error ? error.message : String(error),
      });
      return lost(job, 'The database did not answer; nothing was written to the wire.');
    }
    // Ports never reject, and settling was tried at the door; what comes here is a defect, and nothing reached the wire before it.
    deps.log.error({ event: 'hand_over_broke', message: job.message.id, err: error });
    return lost(job, 'An error of ours stopped the hand-over before the wire.');
  }
}

function handOverOf(deps: DeliverDeps, job: DeliveryJob, line: Line, mime: Buffer): HandOver {
  const { message } = job;
  const { secretKey } = deps.returnPath;
  const host = deps.returnPath.hostOf(message);
  const first = job.recipients[0];
  return {
    messageId: message.id,
    tenantId: message.tenantId,
    stream: message.stream,
    mime,
    recipients: job.recipients.map((recipient) => ({
      id: recipient.id,
      address: recipient.address,
      returnPath: makeReturnPath({ secretKey, host, tenantNumber: message.tenantNumber, recipientId: recipient.id }),
    })),
    smtpUtf8: message.smtpUtf8 || job.recipients.some((recipient) => requiresSmtpUtf8(recipient.address)),
    eightBit: message.eightBit,
    idempotencyKey: `${first?.id ?? message.id}-${(first?.attempts ?? 0) + 1}`,
    pool: line.pool,
    tags: message.tags,
  };
}

function lost(job: DeliveryJob, reply: string): SendResult {
  return { outcomes: job.recipients.map(() => ({ kind: 'not_sent', reply })) };
}

function judgeAccount(deps: DeliverDeps, line: Line, result: SendResult): void {
  if (result.account) deps.signal(line.account.id, result.account);
  else if (result.outcomes.some((outcome) => outcome.kind === 'handed_over')) deps.signal(line.account.id, null);
}

/** What came of one recipient's hand-over. */
interface Settled {
  readonly recipient: DeliveryRecipient;
  readonly outcome: Outcome;
  /** What the answer said about our account. */
  readonly signal: AccountSignal['kind'] | null;
  readonly startedMs: number;
  readonly endedMs: number;
}

async function settle(deps: DeliverDeps, job: DeliveryJob, line: Line | null, settled: Settled): Promise<void> {
  const { recipient, outcome, signal, startedMs, endedMs } = settled;
  const { message } = job;
  const refusedBy = outcome.kind === 'refused' && line ? [...recipient.refusedBy, line.account.id] : recipient.refusedBy;
  const asks = (outcome.kind === 'refused' && refusedBy.length <= REROUTES_MAX) || outcome.kind === 'not_sent';
  const other = asks ? await answered(deps, () => deps.otherRoute(job, { address: recipient.address, refusedBy })) : null;
  const step = nextStep(outcome, {
    attempts: recipient.attempts,
    ladder: (deps.ladders ?? RETRY_LADDERS)[message.stream],
    bornMs: message.bornMs,
    nowMs: endedMs,
    random: deps.random(),
    anotherRoute: other !== null && (other.routeId !== null || other.waits),
    elsewhere: other !== null && other.routeId !== null && other.routeId !== job.routeId,
    deliveryEvents: line?.adapter.capabilities.deliveryEvents ?? false,
    accountInTrouble: signal !== null,
  });
  const rerouteTo = step.reroute ? (other?.routeId ?? null) : null;
  const laneId = rerouteTo === null ? null : await answered(deps, () => deps.laneFor(job, recipient.address, rerouteTo));
  if (step.class === 'rate-limited' && step.dueAtMs !== null) deps.slowDown(job, recipient.address, step.dueAtMs, outcome.reply);
  const about = { tenantId: message.tenantId, recipientId: recipient.id };
  const row: OutcomeRow = {
    ...about,
    messageId: message.id,
    lease: recipient.lease,
    nextState: step.state,
    dueAtMs: step.dueAtMs,
    laneId,
    reason: step.reason,
    marks: step.marks,
    attemptId: deps.ids.next(),
    attemptNumber: recipient.attempts + 1,
    routeId: job.routeId,
    decisionId: job.decisionId,
    outcome: outcome.kind,
    class: step.class,
    reply: outcome.reply.slice(0, REPLY_CHARS_MAX),
    providerMessageId: outcome.kind === 'handed_over' ? outcome.providerMessageId : null,
    startedMs,
    endedMs,
    eventId: deps.ids.next(),
    eventType: step.event,
    eventData: eventData(line, outcome, { step, signal, routeId: job.routeId }),
    accountId: correlationAccount(line, outcome),
    address: recipient.address,
    strike: strikes(step) ? await answered(deps, () => strikeOf(deps, step, { ...about, endedMs, reply: outcome.reply })) : null,
  };
  await commit(deps, row);
  deps.settled(recipient);
  if (row.strike !== null) deps.struck();
  if (step.dueAtMs !== null) deps.waiting(laneId ?? job.laneId, step.dueAtMs);
}

/** Asks the store until it answers: an outcome must not be lost because nobody could say what follows from it. */
async function answered<T>(deps: DeliverDeps, ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!isDatabaseAway(error) || deps.ended()) throw error;
      await new Promise((resolve) => setTimeout(resolve, OUTCOME_RETRY_MS));
    }
  }
}

/**
 * An outcome is known only here: it is kept and offered again until the database takes it. What it refuses as data is offered once more without
 * the other side's words: better a fate without words than mail that goes out again. Rejects when that is refused, too.
 */
async function commit(deps: DeliverDeps, given: OutcomeRow): Promise<void> {
  let row = given;
  let worded = true;
  for (;;) {
    try {
      const moved = await deps.outcomes.submit(row);
      if (!moved) deps.log.info({ event: 'outcome_late', recipient: row.recipientId, outcome: row.outcome });
      return;
    } catch (error) {
      if (!isOutage(error)) {
        if (!worded) throw error;
        worded = false;
        deps.log.error({ event: 'outcome_words_refused', recipient: row.recipientId, outcome: row.outcome, err: error });
        row = { ...withoutWords(given), ...(row.again ? { again: true } : {}) };
        continue;
      }
      row = { ...row, again: true };
      await new Promise((resolve) => setTimeout(resolve, OUTCOME_RETRY_MS));
    }
    if (deps.ended()) {
      // The row stands `submitting` under a lease that runs out: the next node asks, and settles it as a doubt.
      deps.log.warn({ event: 'outcome_left_behind', recipient: row.recipientId, outcome: row.outcome });
      return;
    }
  }
}

/** Providers that answer by webhook are correlated by their own message id. */
function correlationAccount(line: Line | null, outcome: Outcome): string | null {
  if (!line?.adapter.capabilities.deliveryEvents) return null;
  return outcome.kind === 'handed_over' && outcome.providerMessageId !== null ? line.account.id : null;
}

// This file turns ready rows of a lane into jobs for a gate: claims them, loads their messages, and sorts out those that cannot go this way —
// too old, no way left, or another way than the gate's.
import type pg from 'pg';
import type { Clock } from '../clock.ts';
import { classOfReason } from '../delivery/reason.ts';
import { RETRY_LADDERS, type RetryLadder } from '../delivery/retry.ts';
import type { RouteDecision } from '../delivery/route.ts';
import type { Stream } from '../delivery/states.ts';
import { CLASS_FAULT, type Fault, type FeedbackClass } from '../feedback/vocabulary.ts';
import type { IdMint } from '../ids.ts';
import type { Log } from '../log.ts';
import { type ClaimAnswer, type ClaimedRecipient, claimLane, endClaims, returnClaims } from '../store/claims.ts';
import { loadSomeMessages, type Refusals, refusals, type StoredMessage } from '../store/messages-for-delivery.ts';
import type { BodiesInHand } from './bodies-in-hand.ts';
import { costOf } from './cost.ts';
import type { DeliveryJob, DeliveryRecipient } from './deliver.ts';
import type { Gates } from './gates.ts';
import type { LaneDirectory } from './lane-directory.ts';
import type { Outgoing } from './outgoing.ts';
import { routeQuestion } from './route-question.ts';
import type { RoutingTable } from './routing-table.ts';
import type { SendingRights } from './sending-rights.ts';

export interface ClaimJobsDeps {
  readonly hot: pg.Pool;
  readonly clock: Clock;
  readonly ids: IdMint;
  readonly log: Log;
  /** The lease for what is claimed next; it counts as open until `released`. */
  readonly lease: () => bigint;
  readonly released: (lease: bigint) => void;
  readonly bodies: Pick<BodiesInHand, 'enter'>;
  readonly opened: (lease: bigint, ids: readonly string[]) => void;
  readonly closed: (lease: bigint, ids: readonly string[]) => void;
  readonly lanes: Pick<LaneDirectory, 'byId' | 'ensure'>;
  readonly routing: Pick<RoutingTable, 'decide' | 'decisionId' | 'route'>;
  readonly rights: Pick<SendingRights, 'check'>;
  readonly prepare: (stored: StoredMessage) => Outgoing;
  readonly poke: (laneId: number, dueAtMs?: number) => void;
  readonly gates: Pick<Gates, 'routeOf'>;
  readonly ladders?: Readonly<Record<Stream, RetryLadder>>;
}

/** Prepared messages kept for the recipients that come in later claims of a mailing, and the bytes they may hold. */
const KEPT_MESSAGES = 200;
const KEPT_BYTES_MAX = 64 * 1024 * 1024;
/** A row that can only go by an account that rests is looked at again after this, at least. */
const REST_MIN_MS = 5_000;
/** A row that waits until an account of ours is mended is looked at again after this. */
const MENDING_MS = 5 * 60_000;
const NO_IDS: ReadonlySet<string> = new Set();
const NO_REFUSALS: Refusals = { accounts: [], mayMend: false };

type Fate =
  | { readonly kind: 'go'; readonly decision: RouteDecision; readonly routeId: number }
  | {
      readonly kind: 'end';
      readonly state: 'expired' | 'held' | 'failed';
      readonly reason: string;
      /** For the event: the class of the last answer, where that is why, and whose turn it is. */
      readonly class: FeedbackClass | null;
      readonly fault: Fault | null;
      readonly decision: RouteDecision | null;
    }
  | { readonly kind: 'wait'; readonly dueAtMs: number };

/** Makes the dispatcher's claim function. */
export function makeClaimJobs(
  deps: ClaimJobsDeps,
): (laneId: number, limit: number, gate: number) => Promise<{ jobs: DeliveryJob[]; found: number }> {
  const kept = new Map<string, Outgoing>();
  let keptBytes = 0;

  /** The messages of claimed rows; `later`: those for which the memory has no room at the moment. */
  async function messagesOf(
    claimed: readonly ClaimedRecipient[],
  ): Promise<{ readonly messages: ReadonlyMap<string, Outgoing>; readonly later: ReadonlySet<string> }> {
    const messages = new Map<string, Outgoing>();
    const missing: string[] = [];
    // Taken out of what is kept before anything is waited for: another claim may empty it meanwhile.
    for (const id of new Set(claimed.map((row) => row.messageId))) {
      const known = kept.get(id);
      if (known) messages.set(id, known);
      else missing.push(id);
    }
    if (missing.length === 0) return { messages, later: NO_IDS };
    const loaded = await loadSomeMessages(deps.hot, missing);
    for (const stored of loaded.messages) {
      const outgoing = kept.get(stored.id) ?? deps.prepare(stored);
      if (!kept.has(stored.id)) keptBytes += stored.raw.length;
      kept.set(stored.id, outgoing);
      messages.set(stored.id, outgoing);
    }
    if (kept.size > KEPT_MESSAGES || keptBytes > KEPT_BYTES_MAX) {
      kept.clear();
      keptBytes = 0;
    }
    return { messages, later: loaded.later };
  }

  async function fateOf(row: ClaimedRecipient, message: Outgoing | undefined, refused: Refusals): Promise<Fate> {
    if (!message) return { kind: 'end', state: 'failed', reason: 'message-gone', class: null, fault: 'operator', decision: null };
    const nowMs = deps.clock.nowMs();
    if (nowMs - message.bornMs > (deps.ladders ?? RETRY_LADDERS)[message.stream].lifetimeMs) {
      return { kind: 'end', state: 'expired', reason: 'expired', ...lastAnswer(row), decision: null };
    }
    const may = await deps.rights.check(message.tenantId, message.fromAddress);
    const lane = deps.lanes.byId(row.laneId);
    const home = lane?.routeId ?? null;
    const recipient = { refusedBy: refused.accounts, mailboxProvider: lane?.mailboxProvider ?? 'other' };
    const question = routeQuestion(message, may, recipient);
    const decision = deps.routing.decide(question, home);
    if (decision.routeId !== null) return { kind: 'go', decision, routeId: decision.routeId };
    if (decision.waits) return { kind: 'wait', dueAtMs: nowMs + REST_MIN_MS };
    if (refused.mayMend) return { kind: 'wait', dueAtMs: nowMs + MENDING_MS };
    const end = { kind: 'end', reason: 'no-route', class: null, fault: 'operator' } as const;
    if (refused.accounts.length === 0) return { ...end, state: 'held', decision };
    // What closes the way for everybody (a revoked key, every account paused) may end, and holds this one like the others.
    const forEverybody = deps.routing.decide({ ...question, refusedBy: [] }, home);
    if (forEverybody.routeId === null && !forEverybody.waits) return { ...end, state: 'held', decision: forEverybody };
    if (waitsForPaused(decision, refused)) return { kind: 'wait', dueAtMs: nowMs + MENDING_MS };
    return { ...end, state: 'failed', decision };
  }

  /** True when an account that did not refuse is only paused: after a refusal it was on its way there, and a pause ends. */
  function waitsForPaused({ judgements }: RouteDecision, refused: Refusals): boolean {
    return judgements.some(({ code, routeId }) => {
      const accountId = code === 'paused' ? deps.routing.route(routeId)?.account.id : undefined;
      return accountId !== undefined && !refused.accounts.includes(accountId);
    });
  }

  return async (laneId, limit, gate) => {
    const lease = deps.lease();
    const routeId = deps.gates.routeOf(gate);
    const { taken, found } = await claim({ laneId, limit, lease, routeId });
    if (taken.length === 0) return { jobs: [], found };
    try {
      return { jobs: await toJobs(taken, routeId), found };
    } catch (error) {
      // Nothing of it reached the wire; whatever could not be sorted out goes back as it was.
      deps.log.warn({ event: 'claim_returned', lane: laneId, reason: error instanceof Error ? error.message : String(error) });
      await giveBack(deps, taken);
      return { jobs: [], found: 0 };
    }
  };

  async function claim(asked: { laneId: number; limit: number; lease: bigint; routeId: number }): Promise<ClaimAnswer> {
    const { lease } = asked;
    try {
      const eventIds = Array.from({ length: asked.limit }, () => deps.ids.next());
      const answer = await claimLane(deps.hot, { ...asked, eventIds });
      deps.opened(
        lease,
        answer.taken.map((row) => row.id),
      );
      return answer;
    } finally {
      deps.released(lease);
    }
  }

  async function toJobs(taken: readonly ClaimedRecipient[], routeId: number): Promise<DeliveryJob[]> {
    const { messages, later } = await messagesOf(taken);
    const tried = taken.filter((row) => row.attempts > 0);
    const refused =
      tried.length > 0 ? await refusals(deps.hot, [...new Set(tried.map((row) => row.messageId))]) : new Map<string, Refusals>();
    const jobs = new Map<string, { -readonly [K in keyof DeliveryJob]: DeliveryJob[K] } & { recipients: DeliveryRecipient[] }>();
    const ends: { row: ClaimedRecipient; fate: Fate & { kind: 'end' } }[] = [];
    const back: { row: ClaimedRecipient; laneId?: number; dueAtMs?: number }[] = [];
    for (const row of taken) {
      if (later.has(row.messageId)) {
        back.push({ row });
        continue;
      }
      const gaveUp = refused.get(row.id) ?? NO_REFUSALS;
      const message = messages.get(row.messageId);
      const fate = await fateOf(row, message, gaveUp);
      if (fate.kind === 'end') ends.push({ row, fate });
      else if (fate.kind === 'wait') back.push({ row, dueAtMs: fate.dueAtMs });
      else if (fate.routeId !== routeId) back.push({ row, laneId: (await laneOf(row, fate.routeId)).id });
      else if (message) {
        const batchMax = deps.routing.route(routeId)?.adapter.capabilities.batchMax ?? 1;
        const recipient = { id: row.id, address: row.address, attempts: row.attempts, lease: row.lease, refusedBy: gaveUp.accounts };
        const open = jobs.get(row.messageId);
        if (open && open.recipients.length < batchMax) {
          open.recipients.push(recipient);
          continue;
        }
        if (open) jobs.set(`${row.messageId} ${row.id}`, open);
        const decisionId = await deps.routing.decisionId(fate.decision);
        jobs.set(row.messageId, {
          cost: costOf(message.raw.length),
          laneId: row.laneId,
          routeId,
          decisionId,
          message,
          recipients: [recipient],
        });
      }
    }
    await endAll(ends);
    if (back.length > 0) await giveBackTo(deps, back);
    for (const job of jobs.values()) {
      job.cost *= job.recipients.length;
      deps.bodies.enter(job.message);
    }
    return [...jobs.values()];
  }

  function laneOf(row: ClaimedRecipient, routeId: number) {
    const mailboxProvider = deps.lanes.byId(row.laneId)?.mailboxProvider ?? 'other';
    return deps.lanes.ensure({ tenantId: row.tenantId, stream: row.stream, mailboxProvider, routeId });
  }

  async function endAll(ends: readonly { row: ClaimedRecipient; fate: Fate & { kind: 'end' } }[]): Promise<void> {
    if (ends.length === 0) return;
    const rows = [];
    for (const { row, fate } of ends) {
      const decisionId = fate.decision ? await deps.routing.decisionId(fate.decision) : null;
      const { state, reason, class: cls, fault } = fate;
      rows.push({ id: row.id, lease: row.lease, state, reason, class: cls, fault, decisionId, eventId: deps.ids.next() });
    }
    await endClaims(deps.hot, rows);
    for (const { row } of ends) deps.closed(row.lease, [row.id]);
  }
}

/** What the last answer said; when there was none, it waited for us. */
function lastAnswer(row: ClaimedRecipient): { class: FeedbackClass; fault: Fault | null } {
  const cls = classOfReason(row.reason);
  return { class: cls, fault: CLASS_FAULT[cls] };
}

/** Gives claimed rows back to their own lane, due at once. */
export async function giveBack(
  deps: Pick<ClaimJobsDeps, 'hot' | 'closed' | 'poke' | 'log'>,
  rows: readonly { id: string; lease: bigint; laneId: number }[],
): Promise<void> {
  await giveBackTo(
    deps,
    rows.map((row) => ({ row })),
  );
}

async function giveBackTo(
  deps: Pick<ClaimJobsDeps, 'hot' | 'closed' | 'poke' | 'log'>,
  back: readonly { row: { id: string; lease: bigint; laneId: number }; laneId?: number; dueAtMs?: number }[],
): Promise<void> {
  try {
    await returnClaims(
      deps.hot,
      back.map(({ row, laneId, dueAtMs }) => ({
        id: row.id,
        lease: row.lease,
        ...(laneId === undefined ? {} : { laneId }),
        ...(dueAtMs === undefined ? {} : { dueAtMs }),
      })),
    );
    for (const { row, laneId, dueAtMs } of back) deps.poke(laneId ?? row.laneId, dueAtMs);
  } catch (error) {
    // They stay `submitting` under our lease without being held in memory: the orphan sweep returns them when the database answers.
    deps.log.warn({ event: 'give_back_failed', rows: back.length, reason: error instanceof Error ? error.message : String(error) });
  } finally {
    for (const { row } of back) deps.closed(row.lease, [row.id]);
  }
}

// This file lets held mail go when what held it ended: the sender is confirmed, consent is given, a domain is proven, a way opens, a new day has room. It asks the question
// that held it, kind by kind, all the time, so that no news can be missed. A batch moves in one transaction, from `held` only, so a crash repeats nothing and several nodes
// share the work. The messages go into their lanes, which keep the pace; what is past its lifetime expires, as elsewhere.
import {
  forgetSettled,
  type HeldKind,
  type HeldMessage,
  type HeldRecipient,
  heldKinds,
  heldOfKind,
  heldRecipients,
  lockHeld,
  moveHeld,
  renameHeld,
} from '../store/held-messages.ts';
import { loadSomeMessages } from '../store/messages-for-delivery.ts';
import { rewritingPlacesLeft, takeSomeRewritingPlaces } from '../store/rewriting.ts';
import { withOwner } from '../store/scope.ts';
import { type AskHeld, type AskHeldDeps, askHeld, type HeldAnswer } from './ask-held.ts';
import { type ExpireHeldDeps, expireHeld, firstOf } from './expire-held.ts';
import { planHeld, wantsPlace } from './held-moves.ts';
import type { Chore } from './housekeeping.ts';
import type { LaneDirectory } from './lane-directory.ts';
import type { RoutingTable } from './routing-table.ts';

export interface ReleaseHeldDeps extends AskHeldDeps, ExpireHeldDeps {
  readonly routing: () => Pick<RoutingTable, 'decide' | 'route' | 'decisionId'>;
  readonly lanes: () => Pick<LaneDirectory, 'load' | 'ensure'>;
  readonly poke: (laneId: number, dueAtMs?: number) => void;
  /** Recipients a day of an organisation for which the operator set nothing else; null: this desk writes no From anew. */
  readonly presetCap: number | null;
  readonly limits?: Partial<ReleaseLimits>;
}

export interface ReleaseLimits {
  /** Kinds asked in one run, a memory look-up and a short question each; the next run goes on behind them. */
  readonly kinds: number;
  /** Messages of one transaction. */
  readonly batchMessages: number;
  /** Recipients of one run: a thousand a second, well within what lanes are filled with from the doors. */
  readonly recipients: number;
}

const LIMITS: ReleaseLimits = { kinds: 500, batchMessages: 200, recipients: 5_000 };
/** A person who just agreed waits about this long. */
const RELEASE_EVERY_MS = 5_000;

/** Mail of one kind that is to be moved. */
interface Work {
  readonly kind: HeldKind;
  readonly ask: AskHeld;
  readonly answer: HeldAnswer;
}

/** The chore of the jobs role. */
export function releaseHeldChore(deps: ReleaseHeldDeps): Chore {
  const limits = { ...LIMITS, ...deps.limits };
  let after: HeldKind | null = null;

  /** The next kinds, and what is to be done about each: nothing where the answer is the old one. */
  async function newsOfKinds(): Promise<Work[]> {
    const kinds = await heldKinds(deps.pool, after, limits.kinds);
    after = kinds.length < limits.kinds ? null : (kinds.at(-1) ?? null);
    const work: Work[] = [];
    for (const { active, ...kind } of kinds) {
      // A suspended organisation's mail stays where a person put it.
      if (!active) continue;
      const ask = await askHeld(deps, kind);
      const answer = await withinTheDay(deps, kind, ask(null));
      if (answer.kind === 'open' || answer.code !== kind.code) work.push({ kind, ask, answer });
    }
    return work.sort((a, b) => Number(a.kind.stream === 'bulk') - Number(b.kind.stream === 'bulk'));
  }

  return {
    name: 'release-held',
    everyMs: RELEASE_EVERY_MS,
    async run() {
      await expireHeld(deps);
      let left = limits.recipients;
      let work = await newsOfKinds();
      // A batch of each kind in turn, so that one large mailing does not keep the others waiting.
      while (work.length > 0) {
        const unfinished: Work[] = [];
        for (const each of work) {
          if (left <= 0 || deps.signal.aborted) return;
          const { moved, more } = await step(deps, each, limits.batchMessages);
          left -= moved;
          if (more) unfinished.push(each);
        }
        work = unfinished;
      }
    },
  };
}

/** An answer that needs places of the organisation's day, when there are none. */
async function withinTheDay(deps: ReleaseHeldDeps, kind: HeldKind, answer: HeldAnswer): Promise<HeldAnswer> {
  if (answer.kind === 'held' || answer.decision.rewrittenFrom === undefined || deps.presetCap === null) return answer;
  if ((await rewritingPlacesLeft(deps.pool, kind.tenantId, deps.presetCap)) > 0) return answer;
  return { kind: 'held', code: 'rewriting-cap', reason: 'rewriting-cap', decision: answer.decision };
}

/** One batch of a kind. `more`: there are more of it, and something came of this one. */
async function step(deps: ReleaseHeldDeps, { kind, ask, answer }: Work, limit: number): Promise<{ moved: number; more: boolean }> {
  const found = await heldOfKind(deps.pool, kind, limit);
  const batch = firstOf(found);
  if (batch.length === 0) return { moved: 0, more: false };
  const recipients = Map.groupBy(await heldRecipients(deps.pool, batch), (each) => each.messageId);
  const answers = await answersFor(deps, batch, { ask, answer });
  const lanes = await lanesFor(deps, kind, { answers, recipients });
  const decisions = await decisionsOf(deps, answers);
  const done = await withOwner(deps.pool, async (db) => {
    const locked = await lockHeld(db, plainIds(batch));
    const messages = batch.filter(({ messageId }) => locked.has(messageId));
    const wanting = messages.flatMap(({ messageId, needsPlace }) =>
      needsPlace ? wantsPlace(answers.get(messageId), recipients.get(messageId) ?? []) : [],
    );
    const presetCap = deps.presetCap ?? 0;
    const places = wanting.length === 0 ? 0 : await takeSomeRewritingPlaces(db, kind.tenantId, { recipients: wanting.length, presetCap });
    const plan = planHeld(deps, kind, { messages, answers, recipients, lanes, decisions, wanting, places });
    const { moved, lanes: ready } = await moveHeld(db, plan.moves);
    await renameHeld(db, plan.renamed);
    return { moved, ready, forgotten: await forgetSettled(db, [...locked]) };
  });
  for (const { laneId, dueAtMs } of done.ready) deps.poke(laneId, dueAtMs);
  const { moved, forgotten } = done;
  if (moved > 0) deps.log.info({ event: 'held_asked', tenant: kind.tenantId, held_for: kind.code, answer: answer.kind, recipients: moved });
  return { moved, more: moved + forgotten > 0 && (found.length === limit || batch.length < found.length) };
}

/** What is true of each message. Where its like stays, it stays; where its like may go, its own bytes are asked about. */
async function answersFor(
  deps: ReleaseHeldDeps,
  batch: readonly HeldMessage[],
  { ask, answer }: Pick<Work, 'ask' | 'answer'>,
): Promise<Map<string, HeldAnswer>> {
  const stays = ({ needsPlace }: HeldMessage) => answer.kind === 'held' && (answer.code !== 'rewriting-cap' || needsPlace);
  const answers = new Map<string, HeldAnswer>();
  for (const message of batch) if (stays(message)) answers.set(message.messageId, answer);
  for (let unread = plainIds(batch.filter((message) => !stays(message))); unread.length > 0; ) {
    const { messages, later } = await loadSomeMessages(deps.pool, unread);
    for (const { id, raw } of messages) answers.set(id, ask(raw));
    unread = [...later];
  }
  return answers;
}

/** The lanes in which recipients wait for the way that opened, by the lane they stand in and the route. */
async function lanesFor(
  deps: ReleaseHeldDeps,
  kind: HeldKind,
  { answers, recipients }: { answers: ReadonlyMap<string, HeldAnswer>; recipients: ReadonlyMap<string, readonly HeldRecipient[]> },
): Promise<Map<string, number>> {
  const wanted = new Map<string, { laneId: number; routeId: number }>();
  for (const [messageId, answer] of answers) {
    if (answer.kind === 'held') continue;
    const { routeId } = answer;
    for (const { laneId } of recipients.get(messageId) ?? []) wanted.set(`${laneId}/${routeId}`, { laneId, routeId });
  }
  const old = new Map(
    (await deps.lanes().load([...new Set([...wanted.values()].map((each) => each.laneId))])).map((lane) => [lane.id, lane]),
  );
  const lanes = new Map<string, number>();
  for (const [key, { laneId, routeId }] of wanted) {
    const mailboxProvider = old.get(laneId)?.mailboxProvider ?? 'other';
    lanes.set(key, (await deps.lanes().ensure({ tenantId: kind.tenantId, stream: kind.stream, mailboxProvider, routeId })).id);
  }
  return lanes;
}

/** Where each answer's decision is stored; null: the router was not asked. */
async function decisionsOf(deps: ReleaseHeldDeps, answers: ReadonlyMap<string, HeldAnswer>): Promise<Map<HeldAnswer, string | null>> {
  const decisions = new Map<HeldAnswer, string | null>();
  for (const answer of new Set(answers.values())) {
    decisions.set(answer, answer.decision && (await deps.routing().decisionId(answer.decision)));
  }
  return decisions;
}

function plainIds(messages: readonly HeldMessage[]): string[] {
  return messages.map(({ messageId }) => messageId);
}

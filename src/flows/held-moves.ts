// This file plans what becomes of a batch of held mail, given the answers: who goes, by which lane and why; who stays, and for what from now on.
import type { Clock } from '../clock.ts';
import type { HeldFor } from '../delivery/held-because.ts';
import { LET_GO_SENTENCES } from '../delivery/let-go.ts';
import { transition } from '../delivery/transition.ts';
import type { IdMint } from '../ids.ts';
import type { HeldKind, HeldMessage, HeldMove, HeldRecipient } from '../store/held-messages.ts';
import type { HeldAnswer } from './ask-held.ts';

export interface HeldPlan {
  readonly moves: HeldMove[];
  readonly renamed: { messageId: string; code: HeldFor; lookAtMs: number }[];
}

interface PlanDeps {
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly ids: IdMint;
}

/** A message that stays although its like may go (too large for every way that is open) is asked again after this. */
const LOOK_AGAIN_MS = 10 * 60_000;
/** Mail for which the day has no place any more. */
const NO_PLACE = { code: 'rewriting-cap', reason: 'rewriting-cap' } as const;

/** Ids of the recipients that take a place of the organisation's day when they go. */
export function wantsPlace(answer: HeldAnswer | undefined, recipients: readonly HeldRecipient[]): string[] {
  if (answer?.kind !== 'open' || answer.decision.rewrittenFrom === undefined) return [];
  return recipients.filter(({ placed }) => !placed).map(({ id }) => id);
}

/** `wanting` recipients need a place of the day, the first `places` of them got one. `lanes`: by the lane they stand in and the route. */
export function planHeld(
  deps: PlanDeps,
  kind: HeldKind,
  given: {
    readonly messages: readonly HeldMessage[];
    readonly answers: ReadonlyMap<string, HeldAnswer>;
    readonly recipients: ReadonlyMap<string, readonly HeldRecipient[]>;
    readonly lanes: ReadonlyMap<string, number>;
    readonly decisions: ReadonlyMap<HeldAnswer, string | null>;
    readonly wanting: readonly string[];
    readonly places: number;
  },
): HeldPlan {
  const nowMs = deps.clock.nowMs();
  const placed = new Set(given.wanting.slice(0, given.places));
  const without = new Set(given.wanting.slice(given.places));
  const plan: HeldPlan = { moves: [], renamed: [] };
  for (const message of given.messages) {
    const { messageId } = message;
    const answer = given.answers.get(messageId);
    const waiting = given.recipients.get(messageId) ?? [];
    if (!answer || waiting.length === 0) continue;
    const decisionId = given.decisions.get(answer) ?? null;
    if (answer.kind === 'open') {
      for (const recipient of waiting.filter(({ id }) => !without.has(id))) {
        const laneId = given.lanes.get(`${recipient.laneId}/${answer.routeId}`) ?? null;
        plan.moves.push(letGo(deps, kind, { message, recipient, answer, laneId, decisionId, nowMs, place: placed.has(recipient.id) }));
      }
    }
    const stays = answer.kind === 'open' ? waiting.filter(({ id }) => without.has(id)) : waiting;
    if (stays.length === 0) continue;
    const now = answer.kind === 'open' ? NO_PLACE : answer;
    // Asked too often, one that stays alone would keep the others waiting. A day that has room again is seen before anything is read.
    const special = now.code === kind.code && now.code !== 'rewriting-cap';
    plan.renamed.push({ messageId, code: now.code, lookAtMs: special ? nowMs + LOOK_AGAIN_MS : nowMs });
    if (now.code !== kind.code)
      plan.moves.push(...stays.map((recipient) => staysHeld(deps, { recipient, was: kind.code, now, decisionId })));
  }
  return plan;
}

interface Going {
  readonly message: HeldMessage;
  readonly recipient: HeldRecipient;
  readonly answer: HeldAnswer & { readonly kind: 'open' };
  readonly laneId: number | null;
  readonly decisionId: string | null;
  readonly nowMs: number;
  /** It took a place of the day. */
  readonly place: boolean;
}

function letGo(deps: PlanDeps, kind: HeldKind, { message, recipient, answer, laneId, decisionId, nowMs, place }: Going): HeldMove {
  const ahead = message.sendAtMs !== null && message.sendAtMs > nowMs;
  const move = transition('held', ahead ? 'released-ahead' : 'released');
  const data = {
    by: 'desk',
    why: answer.why,
    says: LET_GO_SENTENCES[answer.why],
    held_for: kind.code || recipient.reason,
    ...(place ? { place } : {}),
  };
  return {
    id: recipient.id,
    state: 'next' in move && move.next === 'scheduled' ? 'scheduled' : 'queued',
    dueAtMs: ahead ? message.sendAtMs : nowMs,
    laneId,
    reason: null,
    decisionId,
    event: { id: deps.ids.next(), type: 'released', data },
  };
}

/** Held on, for another reason. That the first answer says what everybody knew is no news. */
function staysHeld(
  { ids }: PlanDeps,
  about: { recipient: HeldRecipient; was: HeldFor; now: Pick<HeldAnswer & { kind: 'held' }, 'code' | 'reason'>; decisionId: string | null },
): HeldMove {
  const { recipient, was, now, decisionId } = about;
  const event =
    was === '' && recipient.reason === now.reason
      ? null
      : { id: ids.next(), type: 'held' as const, data: { reason: now.reason, code: now.code } };
  return { id: recipient.id, state: 'held', dueAtMs: null, laneId: null, reason: now.reason, decisionId, event };
}

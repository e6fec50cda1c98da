// This file records what the world said about recipients, whoever said it: each event once, in any order, with its effect on state, marks,
// suppressions and the event log in one transaction.
import type pg from 'pg';
import { MARKS, type RecipientState } from '../delivery/states.ts';
import { type Happening, transition } from '../delivery/transition.ts';
import { isDroppedByList, PROVIDER_LIST_REASON } from '../feedback/provider-list.ts';
import type { EventType, FeedbackEvent } from '../feedback/vocabulary.ts';
import { idTimeMs } from '../ids.ts';
import {
  correlate,
  inTransaction,
  type LockedRecipient,
  lockRecipients,
  type RecordedEvent,
  type RecordedMove,
  takeEventKeys,
  writeFeedback,
} from '../store/feedback.ts';
import { jsonText } from '../store/json-text.ts';
import type { GivenMark } from '../store/strikes.ts';
import { type JudgeDeps, judgeAddresses } from './judge-addresses.ts';
import { markOf } from './mark-of.ts';
import type { RefusalReport, RerouteReported, Rerouting } from './reroute-reported.ts';

/** One event with where it came from. */
export interface Heard {
  readonly event: FeedbackEvent;
  /** Account it came from; our own inbound door uses INBOUND_ACCOUNT. */
  readonly accountId: string;
  /** How it came, which organisations may read: `webhook`, `return-path`, `report`. */
  readonly source: string;
  /** Name of the account it came from, which only operators read; left out for our own inbound door. */
  readonly account?: string;
  /**
   * The words are proven to come from the provider (signature, signed return path). Unproven bounces and complaints hold an address only
   * when they name the provider's own message id.
   */
  readonly proven: boolean;
  /** The recipient is known already (return path); else it is looked up. */
  readonly recipientId: string | null;
}

/** Stands for our inbound door in event keys. */
export const INBOUND_ACCOUNT = '00000000-0000-0000-0000-000000000000';

export interface RecordAnswer {
  /** Events that named nobody we handed to that account, by index. They may be early: the outcome of the hand-over is not committed yet. */
  readonly unknown: readonly number[];
  /** Events that were new and concerned a recipient. */
  readonly recorded: number;
}

const HAPPENINGS: Readonly<Partial<Record<EventType, Happening>>> = {
  delivered: 'said-delivered',
  bounced: 'said-bounced',
  rejected: 'said-rejected',
  failed: 'said-rejected',
  deferred: 'said-deferred',
};

/** What a provider says only of mail that it has. */
const TAKEN: ReadonlySet<EventType> = new Set(['queued', 'sent', 'deferred', 'opened', 'clicked', 'complained']);

const EVENT_MARKS: Readonly<Partial<Record<EventType, number>>> = {
  complained: MARKS.complained,
  opened: MARKS.opened,
  clicked: MARKS.clicked,
  unsubscribed: MARKS.unsubscribed,
};

/** The clock of a provider that tells whole seconds, milliseconds. */
const COARSE_MS = 1_000;
const REFUSED: ReadonlySet<RecipientState> = new Set(['bounced', 'failed']);
const DIAGNOSTIC_MAX = 2_000;
const FOUND = 'found-at-provider';

export interface RecordFeedbackDeps extends JudgeDeps {
  readonly hot: pg.Pool;
  /** Sends recipients another way whose reported refusal lies with us; without it every refusal stands. */
  readonly reroute?: RerouteReported;
}

/** Makes the flow. `finish` runs inside the transaction: it takes the raw answers out of their queue. */
export function makeRecordFeedback(
  deps: RecordFeedbackDeps,
): (heard: readonly Heard[], finish?: (client: pg.PoolClient, answer: RecordAnswer) => Promise<void>) => Promise<RecordAnswer> {
  return async (heard, finish) => {
    const { answer, reroutings } = await inTransaction(deps.hot, async (client) => {
      const found = await whoIsMeant(client, heard);
      const known = heard.flatMap((each, index) => {
        const match = found[index];
        return match ? [{ ...each, match }] : [];
      });
      const fresh = await takeEventKeys(
        client,
        known.map((each) => ({ accountId: each.accountId, key: keyOf(each) })),
      );
      const news = known.filter((each) => fresh.delete(`${each.accountId} ${keyOf(each)}`));
      const rows = await lockRecipients(
        client,
        news.map((each) => each.match.recipientId),
      );
      const decided = decide(deps, news, rows, await planReroutes(deps, client, news, rows));
      await writeFeedback(client, decided);
      await deps.reroute?.write(client, decided.reroutings);
      await judgeAddresses(deps, client, decided.marks);
      const unknown = heard.flatMap((_, index) => (found[index] ? [] : [index]));
      const recorded = { unknown, recorded: news.length };
      await finish?.(client, recorded);
      return { answer: recorded, reroutings: decided.reroutings };
    });
    deps.reroute?.done(reroutings);
    return answer;
  };
}

interface News extends Heard {
  readonly match: { readonly recipientId: string; readonly byMessageId: boolean };
}

async function whoIsMeant(client: pg.PoolClient, heard: readonly Heard[]): Promise<(News['match'] | null)[]> {
  const asked = heard.flatMap((each, index) => (each.recipientId === null ? [{ each, index }] : []));
  const answers = await correlate(
    client,
    asked.map(({ each }) => ({
      accountId: each.accountId,
      recipientId: each.event.recipientId,
      providerMessageId: each.event.providerMessageId,
      address: each.event.recipient,
    })),
  );
  const found: (News['match'] | null)[] = heard.map((each) =>
    each.recipientId === null ? null : { recipientId: each.recipientId, byMessageId: each.proven },
  );
  for (const [n, { index }] of asked.entries()) found[index] = answers[n] ?? null;
  return found;
}

/** The key under which an event counts once; per recipient, because some providers repeat an id over the recipients of one message. */
function keyOf(each: News): string {
  return `${each.event.providerEventId}/${each.match.recipientId}`;
}

const REFUSALS: ReadonlySet<EventType> = new Set(['bounced', 'rejected', 'failed']);

/** What becomes of the reported refusals, by piece of news; those that stand are not in it. */
async function planReroutes(
  deps: RecordFeedbackDeps,
  client: pg.PoolClient,
  news: readonly News[],
  rows: ReadonlyMap<string, LockedRecipient>,
): Promise<Map<News, Rerouting>> {
  const asked = news.flatMap((each): { each: News; report: RefusalReport }[] => {
    const recipient = rows.get(each.match.recipientId);
    if (!recipient || !REFUSALS.has(each.event.type)) return [];
    const accountId = each.accountId === INBOUND_ACCOUNT ? null : each.accountId;
    // Who was named by us and not by the provider's own id is believed only with proof.
    const trusted = each.proven || (each.recipientId === null && each.match.byMessageId);
    return [{ each, report: { event: each.event, recipient, accountId, trusted } }];
  });
  const plans = await deps.reroute?.plan(
    client,
    asked.map(({ report }) => report),
  );
  return new Map(asked.flatMap(({ each }, index) => (plans?.[index] ? [[each, plans[index]] as const] : [])));
}

function decide(
  deps: RecordFeedbackDeps,
  news: readonly News[],
  rows: ReadonlyMap<string, LockedRecipient>,
  planned: ReadonlyMap<News, Rerouting>,
): { moves: RecordedMove[]; events: RecordedEvent[]; marks: GivenMark[]; reroutings: Rerouting[] } {
  const reroutings = new Map<string, Rerouting>();
  const nowMs = deps.nowMs();
  const now = new Map<string, Standing>();
  const events: RecordedEvent[] = [];
  const marks: GivenMark[] = [];
  for (const each of news.toSorted((a, b) => (a.event.atMs ?? nowMs) - (b.event.atMs ?? nowMs))) {
    const row = rows.get(each.match.recipientId);
    if (!row) continue;
    const atMs = placed(Math.min(each.event.atMs ?? nowMs, nowMs), row);
    const known = now.get(row.id) ?? { state: row.state, marks: row.marks, reason: row.reason, atMs };
    const before = withoutDoubt(known, each, row, atMs) ?? known;
    const rerouting = planned.get(each);
    // It repeats what sent the recipient another way, and says nothing about where it is now.
    if (rerouting?.kind === 'stale' || (rerouting && reroutings.has(row.id))) continue;
    const another = rerouting && anotherWay(before, each.event, atMs);
    if (another) reroutings.set(row.id, rerouting);
    const after = another ?? apply(before, each.event, atMs);
    now.set(row.id, after);
    if (before !== known) events.push(doubtEnded(deps, row, atMs));
    events.push({
      id: deps.ids.next(),
      tenantId: row.tenantId,
      recipientId: row.id,
      messageId: row.messageId,
      type: another ? 'rerouted' : each.event.type,
      data: dataOf(each, { before, after, routeId: row.routeId }, another ? rerouting.told : wayOf(each, row)),
      atMs: each.event.atMs ?? nowMs,
    });
    const mark = another ? null : markOf(each, row, { atMs, trusted: each.proven || each.match.byMessageId });
    if (mark) marks.push(mark);
  }
  const moves = [...now].flatMap(([id, after]) => {
    const row = rows.get(id);
    return row && (row.state !== after.state || row.marks !== after.marks) ? [{ id, ...after }] : [];
  });
  return { moves, events, marks, reroutings: [...reroutings.values()] };
}

/**
 * Providers tell whole seconds, so what became of a recipient can seem to have been before the desk took it in or handed it over: within one second what we
 * know came first. A person who releases a hold would else excuse the failure of the mail that follows at once.
 */
function placed(toldMs: number, row: Pick<LockedRecipient, 'id' | 'stateAtMs'>): number {
  if (toldMs % COARSE_MS !== 0) return toldMs;
  return Math.max(toldMs, ...[idTimeMs(row.id), row.stateAtMs].filter((ms) => ms < toldMs + COARSE_MS));
}

/** The state that follows when another route takes it; null when what came before in this very transaction forbids it. */
function anotherWay(before: Standing, event: FeedbackEvent, atMs: number): Standing | null {
  const move = transition(before.state, 'rerouted');
  return 'next' in move ? { state: move.next, marks: before.marks, reason: event.class, atMs } : null;
}

/** Whoever goes on with a hand-over of unknown fate has it. Null: nothing was in doubt, or another account speaks of an earlier hand-over. */
function withoutDoubt(before: Standing, { event, accountId }: Heard, row: LockedRecipient, atMs: number): Standing | null {
  const move = TAKEN.has(event.type) && accountId === row.accountId ? transition(before.state, 'said-taken') : null;
  return move && 'next' in move ? { ...before, state: move.next, reason: FOUND, atMs } : null;
}

/** As if the provider had been asked (settle-uncertain.ts): it counts as our own move, so it names no source. */
function doubtEnded(deps: RecordFeedbackDeps, row: LockedRecipient, atMs: number): RecordedEvent {
  const { id: recipientId, tenantId, messageId } = row;
  return { id: deps.ids.next(), tenantId, recipientId, messageId, type: 'handed_over', data: jsonText({ reason: FOUND }), atMs };
}

interface Standing {
  readonly state: RecipientState;
  readonly marks: number;
  readonly reason: string | null;
  /** When it came to this state, milliseconds. */
  readonly atMs: number;
}

function apply(before: Standing, event: FeedbackEvent, atMs: number): Standing {
  const marks = before.marks | (EVENT_MARKS[event.type] ?? 0);
  const happening = HAPPENINGS[event.type];
  const move = happening ? transition(before.state, happening) : null;
  if (!move || 'ignore' in move) return { ...before, marks };
  if (isDroppedByList(event)) return { state: move.next, marks, reason: PROVIDER_LIST_REASON, atMs };
  // A refusal nobody classified must not go by the reason of an earlier delay.
  return { state: move.next, marks, reason: event.class ?? (REFUSED.has(move.next) ? 'unclassified' : before.reason), atMs };
}

/** A delay moves nobody, and yet it speaks of a route: incidents and the pace look at it. Of the one before a reroute it says so. */
function wayOf({ event, accountId }: Heard, row: LockedRecipient): Readonly<Record<string, unknown>> {
  if (event.type !== 'deferred') return {};
  return accountId === INBOUND_ACCOUNT || accountId === row.accountId ? { route: row.routeId } : { earlier_route: true };
}

interface Passage {
  readonly before: { readonly state: RecipientState; readonly marks: number; readonly reason: string | null };
  readonly after: { readonly state: RecipientState; readonly marks: number };
  readonly routeId: number | null;
}

/**
 * `was`, `was_reason` and `route` are there when the event moved the recipient, `again` when its mark was set before: by them, readers of the
 * event log count each move and each mark once (delivery/counting.ts).
 */
function dataOf({ event, source, account }: Heard, { before, after, routeId }: Passage, more: Readonly<Record<string, unknown>>): string {
  const moved = after.state !== before.state;
  const mark = EVENT_MARKS[event.type] ?? 0;
  return jsonText({
    ...event.detail,
    ...more,
    source,
    ...(account === undefined ? {} : { account }),
    ...(moved ? { was: before.state, was_reason: before.reason, route: routeId } : {}),
    ...((before.marks & mark) !== 0 ? { again: true } : {}),
    ...(event.class === null ? {} : { class: event.class, fault: event.fault, hard: event.hard }),
    ...(isDroppedByList(event) ? { reason: PROVIDER_LIST_REASON } : {}),
    ...(event.suppress ? { suppress: true } : {}),
    ...(event.diagnostic === null ? {} : { diagnostic: event.diagnostic.slice(0, DIAGNOSTIC_MAX) }),
    ...(event.providerLabel === null ? {} : { provider_label: event.providerLabel }),
    ...(event.rule === null ? {} : { rule: event.rule }),
  });
}

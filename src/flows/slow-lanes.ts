// This file pauses bulk mail of a route to a mailbox provider when the route's provider reports that the receiver takes no more for now: a consumer of
// the event log. What a receiver says at our own hand-over pauses its lanes there and then (deliver.ts). No address is held for either.
//
// Transactional mail goes on: it is a trickle, and what bulk leaves free is its room.
import type pg from 'pg';
import type { Clock } from '../clock.ts';
import { advancePace, isPaceForgotten, type Pace } from '../delivery/pace.ts';
import type { Log } from '../log.ts';
import type { ConsumedEvent } from '../store/event-consumers.ts';
import { notifyBlocked } from '../store/hints.ts';
import { blockRouteLanes } from '../store/lanes.ts';
import type { EventConsumer } from './consume-events.ts';

export interface SlowLanesDeps {
  readonly clock: Clock;
  readonly log: Log;
}

interface Reported {
  readonly routeId: number;
  readonly mailboxProvider: string;
  readonly putOff: string[];
  delivered: number;
  words: string | null;
}

/** Routes × mailbox providers that are watched; beyond it those that are quiet are forgotten first. */
const WATCHED_MAX = 5_000;
const REASON_CHARS_MAX = 200;

/** Makes the consumer. What it knows is lost with the process: the next five reports tell it again. */
export function makeSlowLanes(deps: SlowLanesDeps): EventConsumer {
  const paces = new Map<string, Pace>();

  function forget(nowMs: number): void {
    if (paces.size < WATCHED_MAX) return;
    for (const [key, pace] of paces) if (isPaceForgotten(pace, nowMs)) paces.delete(key);
  }

  return {
    name: 'slow-lanes',
    types: ['deferred', 'delivered'],
    start: 'present',
    async consume(client: pg.PoolClient, page) {
      const nowMs = deps.clock.nowMs();
      let slowed = false;
      for (const [key, news] of gather(page)) {
        // Deliveries alone are everyday: only where something was put off lately do they count.
        if (news.putOff.length === 0 && !paces.has(key)) continue;
        const { pace, pauseMs } = advancePace(paces.get(key) ?? null, news, nowMs);
        forget(nowMs);
        if (isPaceForgotten(pace, nowMs)) paces.delete(key);
        else paces.set(key, pace);
        if (pauseMs === null) continue;
        const { routeId, mailboxProvider, words } = news;
        const reason = (words ?? 'rate-limited').slice(0, REASON_CHARS_MAX);
        const lanes = await blockRouteLanes(client, { routeId, mailboxProvider, stream: 'bulk' }, { untilMs: nowMs + pauseMs, reason });
        slowed ||= lanes > 0;
        deps.log.info({ event: 'lanes_slowed', route: routeId, receiver: mailboxProvider, seconds: pauseMs / 1_000, lanes });
      }
      // Heard when this commits.
      if (slowed) await notifyBlocked(client);
    },
  };
}

/** What a page says about each route at each mailbox provider. */
function gather(page: readonly ConsumedEvent[]): Map<string, Reported> {
  const byPlace = new Map<string, Reported>();
  for (const { data, type, recipientId, mailboxProvider, routeId: routeNow } of page) {
    // Without a source it was said at our own hand-over; of an earlier route it says nothing about this one.
    if (typeof data['source'] !== 'string' || data['earlier_route'] === true) continue;
    const routeId = typeof data['route'] === 'number' ? data['route'] : routeNow;
    if (routeId === null || (type === 'deferred' && data['fault'] !== 'capacity')) continue;
    const key = `${routeId} ${mailboxProvider}`;
    const entry = byPlace.get(key) ?? { routeId, mailboxProvider, putOff: [], delivered: 0, words: null };
    byPlace.set(key, entry);
    if (type === 'delivered') entry.delivered += 1;
    else {
      entry.putOff.push(recipientId);
      entry.words = typeof data['diagnostic'] === 'string' ? data['diagnostic'] : entry.words;
    }
  }
  return byPlace;
}

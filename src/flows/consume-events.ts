// This file lets consumers read the event log of all tenants, each event exactly once: a page is consumed and the places of its consumers move
// in one transaction, so a crash between or within pages neither repeats nor skips. Consumers that stand at the same place share one read
// of the log; one that is behind is read for alone until it meets the next. Of two runners each place has one, by a row lock.
import type pg from 'pg';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import {
  type ConsumedEvent,
  type ConsumerPlace,
  type ConsumerStart,
  enlistConsumers,
  lockConsumers,
  moveConsumers,
  readLogPage,
} from '../store/event-consumers.ts';
import type { EventPlace } from '../store/events-read.ts';
import { withOwner } from '../store/scope.ts';
import { committedSoFar } from '../store/webhook-deliveries.ts';
import type { Chore } from './housekeeping.ts';

export interface EventConsumer {
  /** Its place is kept under this name: another name is a new consumer. */
  readonly name: string;
  /** The types it is given; of others it costs nothing. */
  readonly types: readonly string[];
  /** Where it begins when its name is new. */
  readonly start: ConsumerStart;
  /**
   * Takes a page, never empty, in the order of the log. What it writes with `client` is committed together with its place, so each event has its
   * effect exactly once; what it does elsewhere may happen twice. When it throws, only its own writes are undone, and the page comes again.
   */
  consume(client: pg.PoolClient, page: readonly ConsumedEvent[]): Promise<void>;
}

/** A consumer that is given no events but the range of the log, to count it where it lies: a quarter of the cost per event. */
export interface RangeConsumer {
  readonly name: string;
  readonly start: ConsumerStart;
  /** As `consume`, for everything behind `after` up to and with `upTo`, of any type. */
  consumeRange(client: pg.PoolClient, range: { readonly after: EventPlace; readonly upTo: EventPlace }): Promise<void>;
}

export type AnyConsumer = EventConsumer | RangeConsumer;

export interface ConsumeEventsDeps {
  readonly pool: pg.Pool;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly log: Log;
  readonly consumers: readonly AnyConsumer[];
  /** Ends the work between two pages. */
  readonly signal?: AbortSignal;
  readonly limits?: Partial<ConsumeLimits>;
}

export interface ConsumeLimits {
  /** Rows of the log in one transaction: about 1 KB each in memory, and few enough that the locks of a page are short. */
  readonly pageRows: number;
  /** Pages of one call; the rest waits for the next. */
  readonly pages: number;
}

const LIMITS: ConsumeLimits = { pageRows: 2_000, pages: 100 };
/** A consumer that failed is left alone for this long, doubled with each failure in a row up to the longest. */
const REST_MS = 1_000;
const REST_MAX_MS = 60_000;
/** Its next page is smaller by this, until the event that it cannot take stands alone and is named in the log. */
const SHRINK = 8;
/** Consumers look for news this often; a nudge is faster. */
const CONSUME_EVERY_MS = 1_000;

const NOTHING_NEW = { seen: 0, end: true } as const;

/** What is known about a consumer that failed; gone once it consumed again. */
interface Trouble {
  readonly untilMs: number;
  readonly failures: number;
  readonly pageRows: number;
}

/** Makes the reader. A call reads what is new, a bounded number of pages, and answers how many rows of the log it moved over. */
export function makeConsumeEvents(deps: ConsumeEventsDeps): () => Promise<number> {
  const { pool, clock, log, consumers } = deps;
  const limits = { ...LIMITS, ...deps.limits };
  const byName = new Map(consumers.map((each) => [each.name, each]));
  const troubles = new Map<string, Trouble>();
  let enlisted = false;
  /** What had been committed when nothing was left to read. */
  let quietAt = '';

  /**
   * One page for the consumers furthest behind. `end`: what the log held when it was read is read by everybody who may work. While mail flows there
   * is always something newer; that waits for the next call, in one page instead of a hundred small ones.
   */
  async function step(): Promise<{ readonly seen: number; readonly end: boolean }> {
    const now = clock.monotonicMs();
    const able = consumers.filter((each) => (troubles.get(each.name)?.untilMs ?? 0) <= now).map((each) => each.name);
    if (able.length === 0) return NOTHING_NEW;
    return withOwner(pool, async (client) => {
      const places = await lockConsumers(client, able);
      const group = furthestBehind(places);
      const after = group[0];
      if (!after) return NOTHING_NEW;
      // Those who are behind read up to the next place, so that they meet there and go on together.
      const next = places[group.length];
      const upTo = next ? { txid: next.txid, id: next.id } : null;
      const names = group.map((each) => each.name);
      const types = [...new Set(names.flatMap((name) => typesOf(byName.get(name))))];
      const limit = Math.min(limits.pageRows, ...names.map((name) => troubles.get(name)?.pageRows ?? limits.pageRows));
      const page = await readLogPage(client, { after, upTo, types, limit });
      const end = page.seen < limit && upTo ? upTo : page.last;
      if (!end) return NOTHING_NEW;
      const done = await consumeAll(client, names, { events: page.events, seen: page.seen, range: { after, upTo: end } });
      if (done.length > 0) await moveConsumers(client, done, end);
      return { seen: page.seen, end: page.seen < limit && !upTo };
    });
  }

  /** Gives each its events; answers the names of those who took them. */
  async function consumeAll(client: pg.PoolClient, names: readonly string[], page: Portion): Promise<string[]> {
    const done: string[] = [];
    for (const name of names) {
      const consumer = byName.get(name);
      const wanted = page.events.filter((event) => typesOf(consumer).includes(event.type));
      const portion = { ...page, events: wanted };
      if (!consumer || isNothing(consumer, portion) || (await tookIt(client, consumer, portion))) done.push(name);
    }
    return done;
  }

  async function tookIt(client: pg.PoolClient, consumer: AnyConsumer, { events, seen, range }: Portion): Promise<boolean> {
    await client.query('savepoint consumer');
    try {
      if ('consumeRange' in consumer) await consumer.consumeRange(client, range);
      else await consumer.consume(client, events);
      await client.query('release savepoint consumer');
      troubles.delete(consumer.name);
      return true;
    } catch (error) {
      // Lost with the connection: the whole page is undone, and nobody is to blame.
      await client.query('rollback to savepoint consumer; release savepoint consumer').catch(() => {
        throw error;
      });
      const failures = (troubles.get(consumer.name)?.failures ?? 0) + 1;
      const restMs = Math.min(REST_MAX_MS, REST_MS * 2 ** (failures - 1));
      troubles.set(consumer.name, {
        failures,
        untilMs: clock.monotonicMs() + restMs,
        pageRows: Math.max(1, Math.floor(('consumeRange' in consumer ? seen : events.length) / SHRINK)),
      });
      const one = events.length === 1 ? events[0] : null;
      log.error({
        event: 'consumer_failed',
        consumer: consumer.name,
        events: events.length,
        ...(one ? { event_id: one.id } : {}),
        err: error,
      });
      return false;
    }
  }

  return async () => {
    if (consumers.length === 0) return 0;
    if (!enlisted) {
      await enlistConsumers(pool, consumers);
      enlisted = true;
    }
    const seenBefore = await committedSoFar(pool);
    if (seenBefore === quietAt && troubles.size === 0) return 0;
    let rows = 0;
    for (let pages = 0; pages < limits.pages && !deps.signal?.aborted; pages += 1) {
      const { seen, end } = await step();
      rows += seen;
      if (end) {
        quietAt = seenBefore;
        break;
      }
    }
    return rows;
  };
}

/** What one consumer gets of a page. */
interface Portion {
  readonly events: readonly ConsumedEvent[];
  readonly seen: number;
  readonly range: { readonly after: EventPlace; readonly upTo: EventPlace };
}

function typesOf(consumer: AnyConsumer | undefined): readonly string[] {
  return consumer && 'types' in consumer ? consumer.types : [];
}

function isNothing(consumer: AnyConsumer, { events, seen }: Portion): boolean {
  return 'consumeRange' in consumer ? seen === 0 : events.length === 0;
}

/** The chore of the jobs role that keeps consumers up with the log. */
export function consumeEventsChore(deps: ConsumeEventsDeps): Chore {
  const consume = makeConsumeEvents(deps);
  return {
    name: 'consume-events',
    everyMs: CONSUME_EVERY_MS,
    async run() {
      await consume();
    },
  };
}

/** The first places, which are the same; they come in order. */
function furthestBehind(places: readonly ConsumerPlace[]): readonly ConsumerPlace[] {
  const first: EventPlace | undefined = places[0];
  return places.filter((place) => place.txid === first?.txid && place.id === first.id);
}

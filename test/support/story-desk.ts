// This file tells a story to the real flow on a database of its own, and reads what came of it: states and marks of every mail, holds and counts of every
// address.
import type pg from 'pg';
import type { FeedbackEvent } from '../../src/feedback/vocabulary.ts';
import { makeCountStrikes } from '../../src/flows/count-strikes.ts';
import { type Heard, makeRecordFeedback } from '../../src/flows/record-feedback.ts';
import { silentLog } from '../../src/log.ts';
import type { Db } from '../../src/store/db.ts';
import { DEFAULT_HOLD_POLICIES } from './hold-policies.ts';
import { ids } from './mail-rows.ts';
import type { Story, StoryEvent } from './shuffled-story.ts';

export interface StoryWorld {
  readonly db: Db;
  readonly pool: pg.Pool;
  readonly tenantId: string;
  readonly accountId: string;
  readonly routeId: number;
  readonly laneId: number;
}

/** Rows of one insert. */
const ROWS = 20_000;
const DAY_MS = 86_400_000;
/** The story ends today. */
const STORY_MS = 100 * DAY_MS;

/** Stores every mail of a story as handed over, a message for a thousand of them; answers their recipient ids by place. */
export async function handOverStory(world: StoryWorld, story: Story, startMs: number): Promise<string[]> {
  const recipients = story.mails.map(() => ids.next());
  const messageId = ids.next();
  for (let from = 0; from < recipients.length; from += ROWS) {
    const part = story.mails.slice(from, from + ROWS);
    await world.pool.query(
      `insert into recipients (tenant_id, id, message_id, address, stream, state, lane_id, route_id, state_at)
       select $1, id, $2, address, 'bulk', 'handed_over', $3, $4, to_timestamp(at / 1000) from unnest($5::uuid[], $6::text[], $7::float8[]) as t(id, address, at)`,
      [
        world.tenantId,
        messageId,
        world.laneId,
        world.routeId,
        recipients.slice(from, from + ROWS),
        part.map(({ address }) => `member${address}@mailbox.test`),
        part.map(({ atMs }) => startMs + atMs),
      ],
    );
  }
  await world.pool.query(
    "insert into intake_counters (tenant_id, stream, hour, injected) values ($1, 'bulk', date_trunc('hour', now()), $2)",
    [world.tenantId, recipients.length],
  );
  return recipients;
}

/** Tells events in batches, several at a time, and lets the chores end. Answers how many were new. */
export async function tellStory(
  world: StoryWorld,
  told: readonly StoryEvent[],
  how: { recipients: readonly string[]; startMs: number; batch: number; atOnce: number },
): Promise<number> {
  const judging = {
    hot: world.db.hot,
    pool: world.pool,
    log: silentLog,
    ids,
    nowMs: () => how.startMs + STORY_MS + DAY_MS,
    policies: DEFAULT_HOLD_POLICIES,
  };
  const record = makeRecordFeedback(judging);
  let at = 0;
  let recorded = 0;
  const caller = async (): Promise<void> => {
    for (let from = at; from < told.length; from = at) {
      at = from + how.batch;
      const answer = await record(told.slice(from, at).map((event) => heardOf(event, world.accountId, how)));
      recorded += answer.recorded;
    }
  };
  await Promise.all(Array.from({ length: how.atOnce }, caller));
  const settle = makeCountStrikes(judging);
  for (;;) {
    await settle();
    const { rowCount } = await world.pool.query('select from address_strikes where look_again limit 1');
    if (rowCount === 0) return recorded;
  }
}

function heardOf(event: StoryEvent, accountId: string, how: { recipients: readonly string[]; startMs: number }): Heard {
  const whole: FeedbackEvent = {
    type: event.type,
    recipient: null,
    atMs: how.startMs + event.atMs,
    providerEventId: event.id,
    providerMessageId: null,
    recipientId: null,
    class: event.class,
    fault: null,
    hard: event.suppress,
    suppress: event.suppress,
    diagnostic: null,
    providerLabel: null,
    rule: null,
    detail: {},
  };
  return { event: whole, accountId, source: 'host', proven: true, recipientId: how.recipients[event.mail] ?? null };
}

/** What came of it by a moment, as lines that are the same when nothing differs: a checksum per kind, computed in the database. */
export async function endOfStory(world: StoryWorld, recipients: readonly string[], atMs: number): Promise<Record<string, unknown>> {
  const { rows } = await world.pool.query(
    `select
       (select md5(string_agg(r.state || ' ' || r.marks, ',' order by t.place)) from unnest($1::uuid[]) with ordinality as t(id, place)
          join recipients r on r.id = t.id) as mails,
       (select md5(coalesce(string_agg(concat_ws(' ', address, stream, reason, holds, expires_at), ',' order by address, stream), '')) from suppressions
          where expires_at is null or expires_at > to_timestamp($2::float8 / 1000)) as holds,
       (select count(*)::int from suppressions where expires_at is null or expires_at > to_timestamp($2::float8 / 1000)) as held`,
    [recipients, atMs],
  );
  return rows[0] ?? {};
}

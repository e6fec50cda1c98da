// This file tells the story of one address day by day to the real store and flows: answers as providers report them, what stands on hold, what the door
// says to its next mail, and what applications hear. Day 0 lies three weeks back, so that holds of a month still stand for the door.
import assert from 'node:assert/strict';
import type { FeedbackEvent } from '../../src/feedback/vocabulary.ts';
import { makeCountStrikes } from '../../src/flows/count-strikes.ts';
import { makeRecordFeedback } from '../../src/flows/record-feedback.ts';
import { releaseHold } from '../../src/flows/release-hold.ts';
import { silentLog } from '../../src/log.ts';
import { makeIntake } from '../../src/store/intake.ts';
import { ensureLane } from '../../src/store/lanes.ts';
import { withOwner } from '../../src/store/scope.ts';
import { findSuppressionsOf, type Suppression } from '../../src/store/suppressions.ts';
import type { Teardown } from './database.ts';
import { DEFAULT_HOLD_POLICIES } from './hold-policies.ts';
import { ids, mailRows } from './mail-rows.ts';

/** An event on a day, about a mail of its own; events with the same `id` are the same event of the same mail. */
export type Told = Partial<FeedbackEvent> & { readonly type: FeedbackEvent['type']; readonly day: number; readonly id?: string };

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const DAYS_BACK = 21;

export async function heldAddress(t: Teardown, address: string) {
  const rows = await mailRows(t);
  t.after(() => rows.db.close());
  const { db, pool, tenantId, accountId, routeId } = rows;
  const startMs = Date.now() - DAYS_BACK * DAY_MS;
  let nowMs = startMs;
  const judging = { hot: db.hot, pool, log: silentLog, ids, nowMs: () => nowMs, policies: DEFAULT_HOLD_POLICIES };
  const record = makeRecordFeedback(judging);
  const lookAgain = makeCountStrikes(judging);
  const intake = makeIntake(db.hot);
  const mails = new Map<string, string>();
  const bulkLane = await ensureLane(pool, { tenantId, stream: 'bulk', mailboxProvider: 'other', routeId });

  async function mailOn(day: number): Promise<string> {
    const message = rows.message({}, [{ state: 'handed_over', dueAtMs: null, address }]);
    await intake.submit(message);
    const id = message.recipients[0]?.id ?? '';
    // It was handed over an hour before the world spoke, whatever stood on hold meanwhile.
    await pool.query("update recipients set state = 'handed_over', state_at = to_timestamp($2::float8 / 1000) where id = $1", [
      id,
      startMs + day * DAY_MS - HOUR_MS,
    ]);
    return id;
  }

  const standing = async (): Promise<Suppression[]> =>
    (await findSuppressionsOf(pool, tenantId, { address })).filter(
      (hold) => hold.expires_at === null || Date.parse(hold.expires_at) > nowMs,
    );

  return {
    ...rows,
    goTo(day: number): void {
      nowMs = Math.max(nowMs, startMs + day * DAY_MS);
    },
    /** Tells events in one request, then lets the chores run. */
    async hear(...told: Told[]): Promise<void> {
      const heard = [];
      for (const { day, id = ids.next(), ...event } of told) {
        nowMs = Math.max(nowMs, startMs + day * DAY_MS);
        const recipientId = mails.get(id) ?? (await mailOn(day));
        mails.set(id, recipientId);
        const whole: FeedbackEvent = {
          recipient: address,
          atMs: startMs + day * DAY_MS,
          providerEventId: id,
          providerMessageId: null,
          recipientId: null,
          class: null,
          fault: null,
          hard: false,
          suppress: false,
          diagnostic: null,
          providerLabel: null,
          rule: null,
          detail: {},
          ...event,
        };
        heard.push({ event: whole, accountId, source: 'host', proven: true, recipientId });
      }
      await record(heard);
      await lookAgain();
    },
    /** What stands; `days` is the length of a hold from the answer that made it, null for good. */
    async holds() {
      return (await standing()).map(({ stream, reason, holds, expires_at: end }) => {
        const lastDay = end === null ? null : Math.round((Date.parse(end) - startMs) / DAY_MS);
        return { stream, reason, holds, days: lastDay === null ? null : lastDay - beginOf(lastDay) };
      });

      /** Holds of these stories begin on the day of their answer: the newest failure before the end by one of the agreed lengths. */
      function beginOf(lastDay: number): number {
        const lengths = [30, 60, 180, 360, 365];
        const today = Math.round((nowMs - startMs) / DAY_MS);
        return lastDay - (lengths.find((length) => lastDay - length <= today) ?? 0);
      }
    },
    /** Holds that have ended and are remembered. */
    async ended(): Promise<number> {
      return (await findSuppressionsOf(pool, tenantId, { address })).length - (await standing()).length;
    },
    /** What becomes of the next mail to the address. */
    async door(stream: 'transactional' | 'bulk'): Promise<'queued' | 'suppressed'> {
      const laneId = stream === 'bulk' ? bulkLane.id : rows.lane.id;
      const answer = await intake.submit(rows.message({ stream }, [{ address, laneId }]));
      assert.equal(answer.kind, 'accepted');
      return answer.kind === 'accepted' && answer.suppressed.size > 0 ? 'suppressed' : 'queued';
    },
    async release(): Promise<void> {
      for (const hold of await standing()) {
        await withOwner(pool, (client) => releaseHold(judging, client, hold, { why: 'She wrote to us', by: 'person:test' }));
      }
    },
    /** Events of holds, oldest first. */
    async told(): Promise<string[]> {
      const { rows: events } = await pool.query<{ line: string }>(
        `select concat_ws(' ', type, data ->> 'class', data ->> 'why') as line from events where tenant_id = $1 and type like 'hold.%' order by txid, id`,
        [tenantId],
      );
      return events.map(({ line }) => line);
    },
  };
}

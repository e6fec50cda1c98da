// This file stores how the suppression lists of provider accounts are read: settings, who reads just now, how far, and what came of it. One
// process reads a list at a time; a reading that was interrupted goes on at its cursor.
import { firstRow, type Plain } from './rows.ts';
import type { Queryable } from './scope.ts';

export type PushHolds = 'never' | 'own-list' | 'always';

export interface ListSyncRow {
  readonly account_id: string;
  readonly every_s: number | null;
  readonly push_holds: PushHolds;
  readonly follow_removals: boolean;
  readonly due_at: Date;
  readonly running: boolean;
  readonly run_since: Date | null;
  readonly run_started_at: Date | null;
  readonly run_ended_at: Date | null;
  /** Where it stands; null before the first page and after the last. */
  readonly cursor: string | null;
  readonly counts: Readonly<Record<string, number>>;
  readonly read_to: Date | null;
  readonly full_at: Date | null;
  readonly failures: number;
  readonly last_error: string | null;
  readonly last_error_kind: 'later' | 'account' | null;
  readonly last_error_at: Date | null;
}

export type ListSync = Plain<ListSyncRow>;

const COLUMNS = `account_id, every_s, push_holds, follow_removals, due_at, coalesce(runner_until > now(), false) as running, run_since, run_started_at,
  run_ended_at, cursor, counts, read_to, full_at, failures, last_error, last_error_kind, last_error_at`;

/** Makes the rows of accounts that have none yet: their first reading is due at once. */
export async function ensureListSyncs(db: Queryable, providers: readonly string[]): Promise<void> {
  await db.query(
    `insert into list_syncs (account_id) select id from provider_accounts where provider = any($1::text[]) and state <> 'removed'
     on conflict (account_id) do nothing`,
    [providers],
  );
}

export async function readListSync(db: Queryable, accountId: string): Promise<ListSync | null> {
  const { rows } = await db.query<ListSyncRow>(`select ${COLUMNS} from list_syncs where account_id = $1`, [accountId]);
  return firstRow(rows);
}

/** Changes what is given. */
export async function updateListSync(
  db: Queryable,
  accountId: string,
  change: { everyS?: number | null | undefined; pushHolds?: PushHolds | undefined; followRemovals?: boolean | undefined },
): Promise<ListSync | null> {
  const { rows } = await db.query<ListSyncRow>(
    `update list_syncs set every_s = case when $2 then $3::int else every_s end, push_holds = coalesce($4, push_holds),
       follow_removals = coalesce($5, follow_removals)
     where account_id = $1 returning ${COLUMNS}`,
    [accountId, change.everyS !== undefined, change.everyS ?? null, change.pushHolds ?? null, change.followRemovals ?? null],
  );
  return firstRow(rows);
}

/** Asks for a reading now, of the whole list where wished. One that is under way goes on, and another follows it. */
export async function requestListSync(db: Queryable, accountId: string, whole: boolean): Promise<ListSync | null> {
  const { rows } = await db.query<ListSyncRow>(
    `update list_syncs set due_at = now(), failures = 0, full_wanted = full_wanted or $2 where account_id = $1 returning ${COLUMNS}`,
    [accountId, whole],
  );
  return firstRow(rows);
}

/** Active accounts with something to do on their lists: a reading, a change, a look-up. */
export async function dueLists(db: Queryable, providers: readonly string[]): Promise<string[]> {
  const { rows } = await db.query<{ account_id: string }>(
    `select s.account_id from list_syncs s join provider_accounts a on a.id = s.account_id
     where a.state = 'active' and a.provider = any($1::text[]) and coalesce(s.runner_until < now(), true)
       and (s.due_at <= now()
         or exists (select from list_changes c where c.account_id = s.account_id and c.state = 'due' and c.due_at <= now())
         or exists (select from list_looks l where l.account_id = s.account_id and l.due_at <= now()))
     order by s.due_at limit 100`,
    [providers],
  );
  return rows.map((row) => row.account_id);
}

/** What a runner works with. */
export interface ListRun {
  readonly runId: string | null;
  readonly sinceMs: number | null;
  readonly startedMs: number | null;
  readonly cursor: string | null;
  readonly everyS: number | null;
  readonly pushHolds: PushHolds;
  readonly pushedTo: string | null;
  readonly followRemovals: boolean;
  readonly readToMs: number | null;
  readonly fullAtMs: number | null;
  readonly fullWanted: boolean;
  readonly due: boolean;
  readonly failures: number;
}

/** Takes the list of an account for `seconds`; null when somebody else has it. */
export async function takeList(db: Queryable, accountId: string, runner: string, seconds: number): Promise<ListRun | null> {
  const { rows } = await db.query<ListRun>(
    `update list_syncs set runner = $2, runner_until = now() + $3 * interval '1 second'
     where account_id = $1 and coalesce(runner_until < now(), true)
     returning case when run_ended_at is null then run_id end as "runId", extract(epoch from run_since)::float8 * 1000 as "sinceMs",
       extract(epoch from run_started_at)::float8 * 1000 as "startedMs", cursor, every_s as "everyS", push_holds as "pushHolds",
       pushed_to as "pushedTo", follow_removals as "followRemovals", extract(epoch from read_to)::float8 * 1000 as "readToMs",
       extract(epoch from full_at)::float8 * 1000 as "fullAtMs", full_wanted as "fullWanted", due_at <= now() as due, failures`,
    [accountId, runner, seconds],
  );
  return rows[0] ?? null;
}

/** Begins a reading. False when the list is no longer ours. */
export async function beginRun(
  db: Queryable,
  mine: Runner,
  run: { runId: string; sinceMs: number | null; nowMs: number },
): Promise<boolean> {
  const { rowCount } = await db.query(
    `update list_syncs set run_id = $3, run_since = to_timestamp($4::float8 / 1000), run_started_at = to_timestamp($5::float8 / 1000), run_ended_at = null,
       cursor = null, counts = '{}', full_wanted = false
     where account_id = $1 and runner = $2`,
    [mine.accountId, mine.runner, run.runId, run.sinceMs, run.nowMs],
  );
  return rowCount === 1;
}

export interface Runner {
  readonly accountId: string;
  readonly runner: string;
  readonly seconds: number;
}

/** Notes a page as read, in the transaction that applied it. False when the list is no longer ours: then the page is undone by the caller. */
export async function notePage(
  db: Queryable,
  mine: Runner,
  page: { cursor: string | null; counts: Readonly<Record<string, number>> },
): Promise<boolean> {
  const { rowCount } = await db.query(
    `update list_syncs s set cursor = $3, failures = 0, last_error = null, last_error_kind = null, runner_until = now() + $5 * interval '1 second',
       counts = (select coalesce(jsonb_object_agg(key, n), '{}') from (
         select key, sum(value::bigint) as n from (select * from jsonb_each_text(s.counts) union all select * from jsonb_each_text($4::jsonb)) both_counts
         group by key) summed)
     where account_id = $1 and runner = $2`,
    [mine.accountId, mine.runner, page.cursor, JSON.stringify(page.counts), mine.seconds],
  );
  return rowCount === 1;
}

/** Ends a reading that came to the end of the list. */
export async function endRun(
  db: Queryable,
  mine: Runner,
  end: { nowMs: number; readToMs: number; whole: boolean; everyS: number },
): Promise<boolean> {
  const { rowCount } = await db.query(
    `update list_syncs set run_ended_at = to_timestamp($3::float8 / 1000), cursor = null, read_to = to_timestamp($4::float8 / 1000),
       full_at = case when $5 then run_started_at else full_at end, failures = 0, last_error = null, last_error_kind = null,
       due_at = case when full_wanted then now() else to_timestamp($3::float8 / 1000) + $6 * interval '1 second' end
     where account_id = $1 and runner = $2`,
    [mine.accountId, mine.runner, end.nowMs, end.readToMs, end.whole, end.everyS],
  );
  return rowCount === 1;
}

/** Notes that the provider or the line failed; everything is tried again later. */
export async function noteListFailure(
  db: Queryable,
  mine: Runner,
  failure: { kind: 'later' | 'account'; reason: string; waitMs: number; reading: boolean },
): Promise<void> {
  await db.query(
    `update list_syncs set failures = failures + 1, last_error = $3, last_error_kind = $4, last_error_at = now(),
       due_at = case when $6 then now() + $5 * interval '1 millisecond' else due_at end
     where account_id = $1 and runner = $2`,
    [mine.accountId, mine.runner, failure.reason, failure.kind, failure.waitMs, failure.reading],
  );
}

export async function noteGoodCall(db: Queryable, mine: Runner): Promise<void> {
  await db.query(
    'update list_syncs set failures = 0, last_error = null, last_error_kind = null where account_id = $1 and runner = $2 and failures > 0',
    [mine.accountId, mine.runner],
  );
}

/** Remembers up to where holds were looked at for the provider's list. */
export async function notePushed(db: Queryable, mine: Runner, pushedTo: string): Promise<void> {
  await db.query('update list_syncs set pushed_to = $3 where account_id = $1 and runner = $2', [mine.accountId, mine.runner, pushedTo]);
}

/** Gives the list free. */
export async function leaveList(db: Queryable, mine: Runner): Promise<void> {
  await db.query('update list_syncs set runner = null, runner_until = null where account_id = $1 and runner = $2', [
    mine.accountId,
    mine.runner,
  ]);
}

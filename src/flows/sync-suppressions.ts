// This file keeps the suppression lists of providers and our holds in step, account by account, in turns of bounded length: first what became
// known here goes there, then what stands there is read, a page and its cursor in one transaction. A process that dies in the middle leaves
// a cursor behind; whoever comes next goes on there. Whatever fails is tried again later; nothing is dropped.
import type pg from 'pg';
import type { Clock } from '../clock.ts';
import type { ProviderAdapter, ProviderKind } from '../delivery/provider.ts';
import type { ListCapabilities, ListFailure } from '../delivery/provider-list.ts';
import type { IdMint } from '../ids.ts';
import type { Log } from '../log.ts';
import { type HoldEvent, writeHoldEvents } from '../store/holds.ts';
import type { Keys } from '../store/keys.ts';
import { forgetOldChanges, spreadReleases } from '../store/list-changes.ts';
import { type ReleasedHold, releaseFollowed, takeVanished } from '../store/list-entries.ts';
import {
  beginRun,
  dueLists,
  endRun,
  ensureListSyncs,
  type ListRun,
  leaveList,
  noteGoodCall,
  noteListFailure,
  notePage,
  type Runner,
  takeList,
} from '../store/list-syncs.ts';
import { openProviderAccount } from '../store/provider-accounts.ts';
import { withOwner } from '../store/scope.ts';
import { applyListEntries, listSource } from './apply-list-page.ts';
import { applyChanges, applyLooks, backOffMs, type OpenList, wishPushes } from './change-lists.ts';
import type { Chore } from './housekeeping.ts';

export interface SyncSuppressionsDeps {
  readonly pool: pg.Pool;
  readonly keys: Keys;
  readonly clock: Clock;
  readonly ids: IdMint;
  readonly log: Log;
  /** 0 ≤ n < 1. */
  readonly random: () => number;
  readonly registry: ReadonlyMap<ProviderKind, ProviderAdapter>;
  /** Ends the work between two calls. */
  readonly signal?: AbortSignal;
  readonly limits?: Partial<SyncLimits>;
}

export interface SyncLimits {
  /** One turn at one account; the next turn goes on at its cursor. Milliseconds. */
  readonly turnMs: number;
  /** Pages of one turn. */
  readonly pages: number;
}

const LIMITS: SyncLimits = { turnMs: 30_000, pages: 1_000 };
/** Nobody else touches the list meanwhile: one call with a page (300 s at the longest) and its transaction. */
const LEASE_S = 420;
const ACCOUNTS_AT_ONCE = 4;
const RELEASES_AT_ONCE = 500;
const RELEASE_PAGES_MAX = 200;
const VANISHED_AT_ONCE = 1_000;
/** Searches over several lists are up to 20 minutes behind (SparkPost); what changed then is read again. Milliseconds. */
const OVERLAP_MS = 30 * 60_000;
/** What left a list shows only in a whole reading; once a day is what the slowest list bears. Milliseconds. */
const WHOLE_EVERY_MS = 24 * 3_600_000;
/** A removal that shows no effect is repeated no sooner than this, seconds. */
const QUIET_S = 1_800;
/** Closed changes stay visible for this long; releases are remembered for the age of the oldest entries that providers keep. */
const REMEMBER_DAYS = 400;
/** A person has to act; looking more often only fills logs. Milliseconds. */
const ACCOUNT_WAIT_MS = 15 * 60_000;
/** A change there follows one here within seconds. */
const SYNC_EVERY_MS = 2_000;
const FORGET_EVERY_MS = 3_600_000;

/** Somebody else has the list: what this turn did in its last transaction is undone. */
class ListLost extends Error {}

/** Makes the runner. A call gives every account with something to do one turn; answers how many accounts had one. */
export function makeSyncSuppressions(deps: SyncSuppressionsDeps): () => Promise<number> {
  const kinds = listingKinds(deps.registry);
  return async () => {
    if (kinds.length === 0) return 0;
    await ensureListSyncs(deps.pool, kinds);
    for (let pages = 0; pages < RELEASE_PAGES_MAX && deps.signal?.aborted !== true; pages += 1) {
      if ((await spreadReleases(deps.pool, kinds, RELEASES_AT_ONCE)) < RELEASES_AT_ONCE) break;
    }
    const due = await dueLists(deps.pool, kinds);
    let worked = 0;
    for (let at = 0; at < due.length && deps.signal?.aborted !== true; at += ACCOUNTS_AT_ONCE) {
      const turns = await Promise.all(due.slice(at, at + ACCOUNTS_AT_ONCE).map((accountId) => takeTurn(deps, accountId)));
      worked += turns.filter(Boolean).length;
    }
    return worked;
  };
}

/** Kinds of providers whose list can be read and changed. */
export function listingKinds(registry: ReadonlyMap<ProviderKind, ProviderAdapter>): ProviderKind[] {
  return [...registry.values()].filter((adapter) => adapter.capabilities.suppressions !== null).map((adapter) => adapter.kind);
}

/** The chores of the jobs role. */
export function syncSuppressionsChores(deps: SyncSuppressionsDeps): Chore[] {
  const sync = makeSyncSuppressions(deps);
  return [
    {
      name: 'sync-suppressions',
      everyMs: SYNC_EVERY_MS,
      async run() {
        await sync();
      },
    },
    { name: 'forget-list-changes', everyMs: FORGET_EVERY_MS, run: () => forgetOldChanges(deps.pool, REMEMBER_DAYS) },
  ];
}

async function takeTurn(deps: SyncSuppressionsDeps, accountId: string): Promise<boolean> {
  const { pool, log, clock } = deps;
  const account = await openProviderAccount(pool, deps.keys, accountId);
  const adapter = account && deps.registry.get(account.provider);
  const can = adapter?.capabilities.suppressions;
  if (!account || !adapter || !can) return false;
  const mine: Runner = { accountId, runner: deps.ids.next(), seconds: LEASE_S };
  const run = await takeList(pool, accountId, mine.runner, LEASE_S);
  if (!run) return false;
  const untilMs = clock.monotonicMs() + (deps.limits?.turnMs ?? LIMITS.turnMs);
  const over = () => deps.signal?.aborted === true || clock.monotonicMs() >= untilMs;
  try {
    const client = adapter.connect(account, { clock, log, random: deps.random });
    try {
      if (!client.suppressions) throw new Error(`${adapter.kind} declares a list and has none`);
      const open: OpenList = { mine, list: client.suppressions, source: { account, quietS: QUIET_S }, over };
      await work(deps, open, { run, can });
    } finally {
      await client.close();
    }
  } catch (error) {
    if (error instanceof ListLost) log.warn({ event: 'list_lost', account: accountId });
    else {
      log.error({ event: 'list_sync_failed', account: accountId, err: error });
      const reason = 'An error of ours stopped it; the log names it.';
      await noteListFailure(pool, mine, { kind: 'later', reason, waitMs: backOffMs(run.failures), reading: true });
    }
  } finally {
    await leaveList(pool, mine);
  }
  return true;
}

async function work(deps: SyncSuppressionsDeps, open: OpenList, of: { run: ListRun; can: ListCapabilities }): Promise<void> {
  await wishPushes(deps, open, of.run);
  const stopped = (await applyChanges(deps, open)) ?? (await applyLooks(deps, open));
  if (stopped) return giveWay(deps, open, stopped, { failures: of.run.failures, reading: false });
  if (of.run.due && !open.over()) await read(deps, open, of);
}

/** Notes a failure; what was to be done stays to be done. */
async function giveWay(
  deps: SyncSuppressionsDeps,
  open: OpenList,
  failure: ListFailure,
  of: { failures: number; reading: boolean },
): Promise<void> {
  const kind = failure.kind === 'later' ? 'later' : 'account';
  const spread = 0.75 + deps.random() / 2;
  const waitMs = kind === 'account' ? ACCOUNT_WAIT_MS : Math.round(backOffMs(of.failures, failure.retryAfterMs) * spread);
  deps.log.warn({
    event: 'list_sync_put_off',
    account: open.mine.accountId,
    kind,
    reason: failure.reason,
    wait_s: Math.round(waitMs / 1000),
  });
  await noteListFailure(deps.pool, open.mine, { kind, reason: failure.reason, waitMs, reading: of.reading });
}

async function read(deps: SyncSuppressionsDeps, open: OpenList, { run, can }: { run: ListRun; can: ListCapabilities }): Promise<void> {
  const { pool, clock, ids } = deps;
  const { mine } = open;
  const running =
    run.runId !== null && run.startedMs !== null ? { runId: run.runId, sinceMs: run.sinceMs, startedMs: run.startedMs } : null;
  const now = running ?? (await begin(deps, mine, { run, can }));
  let cursor = running === null ? null : run.cursor;
  for (let pages = 0; pages < (deps.limits?.pages ?? LIMITS.pages) && !open.over(); pages += 1) {
    const answer = await open.list.list(now.sinceMs, cursor);
    if (!answer.ok) return giveWay(deps, open, answer, { failures: run.failures, reading: true });
    const { entries, next, truncated } = answer.value;
    // A provider that names the same place again would be asked for ever.
    const ended = next === null || next === cursor;
    const whole = now.sinceMs === null && !truncated && next === null;
    await withOwner(pool, async (db) => {
      const counts = await applyListEntries(ids, db, { ...open.source, runId: now.runId }, entries);
      const noted = { ...counts, pages: 1, ...(truncated || (ended && next !== null) ? { truncated: 1 } : {}) };
      // The place is kept until the reading has ended, so that a crash in between reads the last page again.
      if (!(await notePage(db, mine, { cursor: ended ? cursor : next, counts: noted }))) throw new ListLost();
    });
    if (ended) {
      if (whole) await settleVanished(deps, open, { ...now, follow: run.followRemovals });
      const readToMs = now.startedMs - OVERLAP_MS;
      await endRun(pool, mine, { nowMs: clock.nowMs(), readToMs, whole: now.sinceMs === null, everyS: run.everyS ?? can.everyS });
      return;
    }
    cursor = next;
  }
  await noteGoodCall(pool, mine);
}

interface Reading {
  readonly runId: string;
  readonly sinceMs: number | null;
  readonly startedMs: number;
}

async function begin(deps: SyncSuppressionsDeps, mine: Runner, { run, can }: { run: ListRun; can: ListCapabilities }): Promise<Reading> {
  const nowMs = deps.clock.nowMs();
  const whole = !can.since || run.fullWanted || run.readToMs === null || run.fullAtMs === null || nowMs - run.fullAtMs > WHOLE_EVERY_MS;
  const reading = { runId: deps.ids.next(), sinceMs: whole ? null : run.readToMs, startedMs: nowMs };
  if (!(await beginRun(deps.pool, mine, { ...reading, nowMs }))) throw new ListLost();
  return reading;
}

/** Entries that a whole reading did not see are gone there. That releases nobody here, unless the account's setting says so. */
async function settleVanished(deps: SyncSuppressionsDeps, open: OpenList, of: Reading & { follow: boolean }): Promise<void> {
  for (let more = true; more; ) {
    more = await withOwner(deps.pool, async (db) => {
      const { accountId } = open.mine;
      const gone = await takeVanished(db, accountId, { runId: of.runId, startedMs: of.startedMs, limit: VANISHED_AT_ONCE });
      if (gone.length === 0) return false;
      const released = of.follow ? await releaseFollowed(db, listSource(open.source.account), gone) : [];
      await writeHoldEvents(
        db,
        released.map((hold) => endedHold(deps.ids, hold, listSource(open.source.account))),
      );
      const counts = { vanished: gone.length, ...(released.length > 0 ? { released: released.length } : {}) };
      if (!(await notePage(db, open.mine, { cursor: null, counts }))) throw new ListLost();
      return true;
    });
  }
}

function endedHold(ids: IdMint, hold: ReleasedHold, source: string): HoldEvent {
  const { id, tenantId, address, stream, reason, evidence, recipientId } = hold;
  const data = { hold_id: id, address, stream, class: reason, source, evidence, recipient_id: recipientId, expires_at: null };
  return { id: ids.next(), tenantId, type: 'hold.released', data: { ...data, why: 'The provider took it off its list.', by: 'answers' } };
}

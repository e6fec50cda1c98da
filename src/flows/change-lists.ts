// This file brings to a provider's suppression list what became known here: releases take entries off, holds go on it where that is wished, and
// entries for which mail was dropped are looked up. Every step may be repeated; a wish that failed stays until the provider has answered.
import type pg from 'pg';
import type { Clock } from '../clock.ts';
import type { ListFailure, ProviderSuppressions } from '../delivery/provider-list.ts';
import { type IdMint, idFloor } from '../ids.ts';
import {
  closeChange,
  closeLook,
  dueChanges,
  dueLooks,
  holdsToPush,
  type ListChange,
  postponeChange,
  postponeLook,
  wishAdditions,
} from '../store/list-changes.ts';
import { dropListEntries } from '../store/list-entries.ts';
import { type ListRun, notePushed, type Runner } from '../store/list-syncs.ts';
import { withOwner } from '../store/scope.ts';
import { applyListEntries, type ListSource } from './apply-list-page.ts';

export interface ChangeListsDeps {
  readonly pool: pg.Pool;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly ids: IdMint;
}

export interface OpenList {
  readonly mine: Runner;
  readonly list: ProviderSuppressions;
  readonly source: Omit<ListSource, 'runId'>;
  /** True when there is no more time for another call. */
  readonly over: () => boolean;
}

/** Calls of one turn; the rest waits for the next, so that reading the list gets its turn too. */
const CHANGES_AT_ONCE = 200;
const LOOKS_AT_ONCE = 100;
/** Holds looked at for the provider's list in one turn. */
const PUSH_AT_ONCE = 500;
/** A hold whose transaction took this long to commit is still found; milliseconds. */
const PUSH_OVERLAP_MS = 10 * 60_000;
/** A look-up that fails is given up after this many tries: the next dropped mail asks again. */
const LOOK_TRIES_MAX = 20;
const WAIT_MS = 15_000;
const WAIT_MAX_MS = 3_600_000;

const WHY = { complaint: 'complaint', unsubscribed: 'unsubscribe', manual: 'manual' } as const;

/** Longer with every failure. */
export function backOffMs(failures: number, atLeastMs = 0): number {
  return Math.max(atLeastMs, Math.min(WAIT_MAX_MS, WAIT_MS * 2 ** Math.min(failures, 20)));
}

/** Notes which holds belong on the list, where the account's setting wants them there. */
export async function wishPushes(deps: ChangeListsDeps, open: OpenList, run: Pick<ListRun, 'pushHolds' | 'pushedTo'>): Promise<void> {
  const wanted = run.pushHolds === 'always' || (run.pushHolds === 'own-list' && open.list.ownList);
  if (!wanted) return;
  const { accountId } = open.mine;
  const holds = await holdsToPush(deps.pool, accountId, { after: run.pushedTo ?? idFloor(0), limit: PUSH_AT_ONCE });
  const wishes = holds.flatMap(({ tenantId, address, stream, reason, createdMs }) => {
    const why = reason === 'complaint' || reason === 'unsubscribed' || reason === 'manual' ? WHY[reason] : null;
    return why === null ? [] : [{ tenantId, address, stream, why, createdMs }];
  });
  const last = holds.length < PUSH_AT_ONCE ? idFloor(deps.clock.nowMs() - PUSH_OVERLAP_MS) : holds.at(-1)?.id;
  await withOwner(deps.pool, async (db) => {
    await wishAdditions(db, accountId, wishes);
    if (last !== undefined) await notePushed(db, open.mine, last);
  });
}

/** Carries out what is wished. Answers the failure that stopped it, or null. */
export async function applyChanges(deps: ChangeListsDeps, open: OpenList): Promise<ListFailure | null> {
  for (const change of await dueChanges(deps.pool, open.mine.accountId, CHANGES_AT_ONCE)) {
    if (open.over()) return null;
    const failure = await applyChange(deps, open, change);
    if (failure !== null) return failure;
  }
  return null;
}

async function applyChange(deps: ChangeListsDeps, { mine, list }: OpenList, change: ListChange): Promise<ListFailure | null> {
  const { pool } = deps;
  if (change.overtaken) {
    await closeChange(pool, mine.accountId, change, { state: 'overtaken' });
    return null;
  }
  const answer = await callFor(list, change);
  if (answer.ok) {
    await withOwner(pool, async (db) => {
      await closeChange(db, mine.accountId, change, { state: 'done' });
      if (change.action === 'remove') await dropListEntries(db, mine.accountId, change.address);
    });
    return null;
  }
  if (answer.kind === 'forbidden') {
    await closeChange(pool, mine.accountId, change, { state: 'refused', error: answer.reason });
    return null;
  }
  await postponeChange(pool, mine.accountId, change, { error: answer.reason, waitMs: backOffMs(change.tries, answer.retryAfterMs) });
  return answer;
}

function callFor(list: ProviderSuppressions, change: ListChange) {
  if (change.action === 'remove' || change.why === 'release') return list.remove(change.address);
  return list.add({ address: change.address, stream: change.stream === '' ? null : change.stream, why: change.why });
}

/** Looks up entries for which mail was dropped, and applies what they say. Answers the failure that stopped it, or null. */
export async function applyLooks(deps: ChangeListsDeps, open: OpenList): Promise<ListFailure | null> {
  const { pool, ids } = deps;
  const { accountId } = open.mine;
  for (const look of await dueLooks(pool, accountId, LOOKS_AT_ONCE)) {
    if (open.over()) return null;
    const answer = await open.list.look(look.address);
    if (!answer.ok && answer.kind !== 'forbidden') {
      if (look.tries + 1 >= LOOK_TRIES_MAX) await closeLook(pool, accountId, look.address);
      else await postponeLook(pool, accountId, look.address, backOffMs(look.tries, answer.retryAfterMs));
      return answer;
    }
    const entries = answer.ok ? answer.value : [];
    await withOwner(pool, async (db) => {
      if (entries.length === 0) await dropListEntries(db, accountId, look.address);
      else await applyListEntries(ids, db, { ...open.source, runId: ids.next() }, entries);
      await closeLook(db, accountId, look.address);
    });
  }
  return null;
}

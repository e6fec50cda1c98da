// This file gathers the numbers of the first page. It counts again only after a rest that is twenty times as long as the counting took, so that
// a desk with ten million recipients spends at most a twentieth of one connection on being looked at; until then the last numbers stand.
import type pg from 'pg';
import type { Clock } from '../clock.ts';
import type { Language } from '../language.ts';
import type { Log } from '../log.ts';
import { RATE_DEFINITIONS } from '../reputation/rate-words.ts';
import { countOpenIncidents } from '../store/incident-lists.ts';
import { type FailingMailbox, failingMailboxes } from '../store/mailbox-health.ts';
import { answerSeconds, countStates, countTroubles, type MinuteFlow, oldestWaiting, readMinuteFlow } from '../store/overview.ts';
import { type Account, listProviderAccounts } from '../store/provider-accounts.ts';
import { inScope, type Scope } from '../store/scope.ts';
import { readSetting } from '../store/settings.ts';
import { readSelfChecks } from './check-ourselves.ts';
import { needsOf } from './needs-person.ts';
import type { ReadStatistics } from './statistics.ts';

export interface OverviewDeps {
  readonly pool: pg.Pool;
  readonly clock: Clock;
  readonly log: Log;
  readonly ledger: (tenantId: string | null, range: Record<string, never>) => Promise<{ difference: number }>;
  /** No account takes mail of anybody, whatever accounts there are. */
  readonly noWayOut: () => boolean;
  /** The rates of the first page are those of the statistics. */
  readonly statistics: ReadStatistics;
}

type Counts = Awaited<ReturnType<typeof count>>;

const MINUTE_MS = 60_000;
const FLOW_MINUTES = 60;
const DAY_MS = 24 * 60 * MINUTE_MS;
const REST_MIN_MS = 5_000;
/** Counting may take this part of the time. */
const REST_FACTOR = 20;
/** Tenants whose last numbers are kept. */
const SCOPES_MAX = 500;
const ACCOUNTS_MAX = 200;
/** A server that restarts is no trouble; a mailbox that cannot be read for a quarter of an hour is. */
const MAILBOX_FAILS_S = 15 * 60;
/** More of them have one cause, and one line each would hide the rest. */
const MAILBOXES_MAX = 5;

interface Kept {
  readonly counts: Promise<Counts>;
  readonly atMs: number;
  restMs: number;
}

/** Makes the function that answers the overview of a tenant (null: of everybody). */
export function makeOverview(deps: OverviewDeps) {
  const kept = new Map<string, Kept>();

  function counts(scope: Scope): Promise<Counts> {
    const key = scope ?? '';
    const now = deps.clock.monotonicMs();
    const last = kept.get(key);
    if (last && now - last.atMs < last.restMs) return last.counts;
    const entry: Kept = { counts: count(deps, scope), atMs: now, restMs: Number.POSITIVE_INFINITY };
    kept.delete(key);
    kept.set(key, entry);
    if (kept.size > SCOPES_MAX) kept.delete(kept.keys().next().value ?? '');
    entry.counts.then(
      () => {
        entry.restMs = Math.max(REST_MIN_MS, (deps.clock.monotonicMs() - now) * REST_FACTOR);
      },
      () => kept.delete(key),
    );
    // While it is counted again, the numbers from before are better than waiting.
    return last ? last.counts.catch(() => entry.counts) : entry.counts;
  }

  return async (scope: Scope, language: Language) => {
    const { flow, waiting, states, heldSince, messages, rates, answers, accounts, ledger, bootstrapDone, asOf, ...rest } =
      await counts(scope);
    const defined = RATE_DEFINITIONS[language];
    const recipients = Object.values(states).reduce((sum, n) => sum + n, 0);
    // The minute that is running would always look too small.
    const lastMinute = flow.at(-2);
    return {
      now: iso(deps.clock.nowMs()),
      taken_in_last_minute: (lastMinute?.transactional ?? 0) + (lastMinute?.bulk ?? 0),
      handed_over_last_minute: lastMinute?.handedOver ?? 0,
      oldest_waiting: { transactional_s: waiting.transactional, bulk_s: waiting.bulk },
      ledger,
      flow: flow.map((minute) => ({ ...pick(minute), minute: iso(minute.minuteMs), handed_over: minute.handedOver })),
      states,
      last_24h: {
        as_of: asOf,
        messages,
        recipients,
        delivered_rate: { ...rates.delivered_rate, definition: defined.delivered_rate },
        not_refused_rate: { ...rates.not_refused_rate, definition: defined.not_refused_rate },
        answer_seconds: answers,
      },
      needs_person: needsOf(
        { ...rest, accounts, noWayOut: deps.noWayOut(), states, heldSince, ledgerDifference: ledger.difference, operator: scope === null },
        language,
      ),
      accounts: accounts.map(accountHealth),
      // By the accounts, not by what runs in this process: the simulator lives in one of several. Between two real accounts it plays nothing.
      simulator: accounts.length > 0 && accounts.every((account) => account.simulated) && !deps.noWayOut(),
      bootstrap_done: bootstrapDone,
    };
  };
}

async function count(deps: OverviewDeps, scope: Scope) {
  const nowMs = deps.clock.nowMs();
  const dayAgo = nowMs - DAY_MS;
  const counted = await inScope(deps.pool, scope, async (db) => ({
    flow: await readMinuteFlow(db, scope, { fromMs: nowMs - (FLOW_MINUTES - 1) * MINUTE_MS, toMs: nowMs }),
    waiting: await oldestWaiting(db, scope),
    ...(await countStates(db, scope, dayAgo)),
    answers: await answerSeconds(db, scope, dayAgo),
    troubles: await countTroubles(db, scope),
    incidents: await countOpenIncidents(db, scope),
  }));
  const accounts: Account[] = scope === null ? await listProviderAccounts(deps.pool, { after: null, limit: ACCOUNTS_MAX }) : [];
  const bootstrapDone = (await readSetting<unknown>(deps.pool, 'first_start')) !== null;
  const mailboxes: FailingMailbox[] =
    scope === null ? await failingMailboxes(deps.pool, { forS: MAILBOX_FAILS_S, limit: MAILBOXES_MAX }) : [];
  const selfChecks = scope === null ? ((await readSelfChecks(deps.pool))?.checks ?? []) : [];
  const { total: rates } = await deps.statistics(scope, { fromMs: dayAgo });
  return { ...counted, rates, accounts, mailboxes, selfChecks, bootstrapDone, ledger: await checkLedger(deps, scope), asOf: iso(nowMs) };
}

/** A ledger that cannot be read now is not one that does not balance. */
async function checkLedger(deps: OverviewDeps, scope: Scope): Promise<{ difference: number | null; checked_at: string | null }> {
  try {
    const { difference } = await deps.ledger(scope, {});
    return { difference, checked_at: iso(deps.clock.nowMs()) };
  } catch (error) {
    deps.log.warn({ event: 'ledger_not_read', err: error });
    return { difference: null, checked_at: null };
  }
}

function accountHealth({ id, name, provider, state, simulated, health, health_reason, health_until }: Account) {
  return { id, name, provider, state, simulated, health, health_reason, health_until };
}

function pick({ transactional, bulk }: MinuteFlow): { transactional: number; bulk: number } {
  return { transactional, bulk };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

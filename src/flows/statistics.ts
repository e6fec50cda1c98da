// This file answers questions about many recipients at once: how many were accepted, delivered, refused and why, by one dimension, with rates.
// What failed by a fault of the operator is no organisation's failure: it is left out of their figures and counted apart for operators.
import type pg from 'pg';
import type { Clock } from '../clock.ts';
import type { ProviderAdapter, ProviderKind } from '../delivery/provider.ts';
import type { Stream } from '../delivery/states.ts';
import { type Priors, priorsOf, type Rate, rate, ratesOf, SETTLED_AFTER_MS, USUAL } from '../reputation/rates.ts';
import { NO_ACCOUNT } from '../store/rollups.ts';
import { inScope, type Scope } from '../store/scope.ts';
import {
  accountsOfKinds,
  type ClassRow,
  type CountRow,
  countActiveTenants,
  type Dimension,
  namesOf,
  readClassCounts,
  readCounts,
  type StatisticsQuestion,
} from '../store/statistics.ts';
import { oneSnapshot, readSummedTime } from '../store/summed-time.ts';
import { countsOf, type StatisticsCounts, sumClasses, wanted } from './statistics-counts.ts';

export type By = Dimension | 'class' | 'fault';

export interface StatisticsInput {
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
  readonly by?: By | undefined;
  readonly stream?: Stream | undefined;
  readonly domain?: string | undefined;
  readonly mailboxProvider?: string | undefined;
  readonly accountId?: string | undefined;
  readonly class?: string | undefined;
  readonly fault?: string | undefined;
}

export interface StatisticsRow extends StatisticsCounts {
  readonly key: string;
  readonly label: string;
  readonly delivered_rate: Rate;
  readonly not_refused_rate: Rate;
  readonly bounce_rate: Rate;
  readonly complaint_rate: Rate;
}

export interface Statistics {
  readonly fromMs: number;
  readonly toMs: number;
  readonly total: StatisticsRow;
  readonly rows: StatisticsRow[];
  /** Keys with the least mail that were left out. */
  readonly more: number;
}

export interface StatisticsDeps {
  readonly pool: pg.Pool;
  readonly clock: Clock;
  /** Kinds of provider that never report deliveries. */
  readonly silentProviders: readonly string[];
}

export type ReadStatistics = (scope: Scope, input: StatisticsInput) => Promise<Statistics>;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const DEFAULT_DAYS = 30;
/** The fleet's rates are those of this long, and are counted again this often. */
const FLEET_DAYS = 30;
const FLEET_KEPT_MS = 10 * 60_000;
/** Of fewer organisations, the fleet's rate would tell one about another. */
const FLEET_TENANTS_MIN = 5;
/** Rows of an answer: hours of a month, or the organisations with the most mail. */
const ROWS_MAX = 1_000;

/** Kinds of provider that never report deliveries. */
export function silentKinds(registry: ReadonlyMap<ProviderKind, ProviderAdapter>): string[] {
  return [...registry].filter(([, adapter]) => !adapter.capabilities.deliveryEvents).map(([kind]) => kind);
}

/** Makes the function that answers, for one tenant or (null) all of them. */
export function makeStatistics(deps: StatisticsDeps): ReadStatistics {
  const { pool, clock } = deps;
  let fleet: { readonly untilMs: number; readonly priors: Promise<Priors> } | null = null;

  async function question(input: StatisticsInput): Promise<StatisticsQuestion> {
    const now = clock.nowMs();
    const toMs = Math.ceil((input.toMs ?? now + 1) / HOUR_MS) * HOUR_MS;
    const fromMs = Math.floor((input.fromMs ?? toMs - DEFAULT_DAYS * DAY_MS) / HOUR_MS) * HOUR_MS;
    const by = input.by === undefined || input.by === 'class' || input.by === 'fault' ? null : input.by;
    const { stream, domain, mailboxProvider, accountId } = input;
    const silentAccounts = await accountsOfKinds(pool, deps.silentProviders);
    const settledBeforeMs = now - SETTLED_AFTER_MS;
    return { fromMs, toMs, by, stream, domain: domain?.toLowerCase(), mailboxProvider, accountId, silentAccounts, settledBeforeMs };
  }

  /** Counts of one moment. Everybody's year is read from sums made ahead; an organisation's is short. */
  function read(scope: Scope, asked: StatisticsQuestion): Promise<{ counts: CountRow[]; classes: ClassRow[] }> {
    return inScope(pool, scope, async (db) => {
      if (scope === null) await oneSnapshot(db);
      const whole = { ...asked, summed: scope === null ? await readSummedTime(db, asked) : null };
      return { counts: await readCounts(db, scope, whole), classes: await readClassCounts(db, scope, whole) };
    });
  }

  async function fleetPriors(): Promise<Priors> {
    const sinceMs = clock.nowMs() - FLEET_DAYS * DAY_MS;
    if ((await countActiveTenants(pool, { sinceMs, most: FLEET_TENANTS_MIN })) < FLEET_TENANTS_MIN) return USUAL;
    const asked = await question({ fromMs: sinceMs });
    const { counts, classes } = await read(null, asked);
    return priorsOf(countsOf(counts, classes).fates);
  }

  function priors(): Promise<Priors> {
    const now = clock.monotonicMs();
    if (fleet !== null && fleet.untilMs > now) return fleet.priors;
    const counting = fleetPriors();
    const before = fleet?.priors;
    fleet = { untilMs: now + FLEET_KEPT_MS, priors: before ?? counting };
    counting.then(
      (priors) => {
        fleet = { untilMs: now + FLEET_KEPT_MS, priors: Promise.resolve(priors) };
      },
      () => {
        fleet = null;
      },
    );
    // Nobody waits for them to be counted again: those from before still say what is usual.
    return before ?? counting;
  }

  return async (scope, input) => {
    const asked = await question(input);
    const known = await priors();
    const operator = scope === null;
    const { counts, classes: all } = await read(scope, asked);
    const classes = all.filter((row) => wanted(row, input));
    const narrow = { narrowed: input.class !== undefined || input.fault !== undefined, ...input, operator };
    const total = rowOf({ key: 'total', label: 'Total' }, countsOf(counts, classes, narrow), known);
    const groups =
      input.by === 'class' || input.by === 'fault'
        ? causes(input.by, { counts, classes, total, known, narrow })
        : keyed(counts, classes, { narrow, known });
    if (input.by === 'account') shareAccepted(groups, total);
    const rows = input.by === undefined ? [] : sorted(groups, input.by).slice(0, ROWS_MAX);
    await label(rows, input.by);
    return { fromMs: asked.fromMs, toMs: asked.toMs, total, rows, more: input.by === undefined ? 0 : groups.length - rows.length };
  };

  /** Ids get the names people know. */
  async function label(rows: (StatisticsRow & { label: string })[], by: By | undefined): Promise<void> {
    if (by !== 'account' && by !== 'tenant') return;
    const names = await namesOf(
      pool,
      by,
      rows.map((row) => row.key),
    );
    for (const row of rows) row.label = row.key === NO_ACCOUNT ? 'No account' : (names.get(row.key) ?? row.key);
  }
}

type Narrow = Parameters<typeof countsOf>[2] & object;
type MutableRow = { -readonly [Name in keyof StatisticsRow]: StatisticsRow[Name] };

function keyed(counts: readonly CountRow[], classes: readonly ClassRow[], by: { narrow: Narrow; known: Priors }): MutableRow[] {
  const countsBy = Map.groupBy(counts, (row) => row.key);
  const classesBy = Map.groupBy(classes, (row) => row.key);
  return [...countsBy].map(([key, some]) => rowOf({ key, label: key }, countsOf(some, classesBy.get(key) ?? [], by.narrow), by.known));
}

/** One row per class or fault; its bounce rate is measured on all recipients of the answer. */
function causes(
  by: 'class' | 'fault',
  from: { counts: readonly CountRow[]; classes: readonly ClassRow[]; total: StatisticsRow; known: Priors; narrow: Narrow },
): MutableRow[] {
  const expired = wanted({ class: 'expired' }, from.narrow) ? from.total.expired : 0;
  return [...sumClasses(by, { classes: from.classes, expired, operator: from.narrow.operator === true })].map(([key, counts]) => ({
    ...rowOf({ key, label: key }, counts, from.known),
    bounce_rate: rate('bounce_rate', counts.counts.bounced, from.total.bounce_rate.n, from.known),
  }));
}

function rowOf(name: { key: string; label: string }, { counts, fates }: ReturnType<typeof countsOf>, known: Priors): MutableRow {
  return { ...name, ...counts, ...ratesOf(fates, known) };
}

/** Nothing is accepted for an account: what it took counts as accepted there, the rest where no account is named. */
function shareAccepted(rows: MutableRow[], total: StatisticsRow): void {
  let shared = 0;
  for (const row of rows) {
    if (row.key === NO_ACCOUNT) continue;
    row.accepted = row.handed_over + row.delivered + row.bounced + row.failed + row.expired + row.suppressed + row.cancelled;
    row.under_way = 0;
    shared += row.accepted;
  }
  const none = rows.find((row) => row.key === NO_ACCOUNT);
  if (none) none.accepted = Math.max(0, total.accepted - shared);
}

function sorted(rows: MutableRow[], by: By): MutableRow[] {
  if (by === 'hour' || by === 'day') return rows.toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const weight = (row: MutableRow) => row.accepted + row.bounced + row.failed + row.expired;
  return rows.toSorted((a, b) => weight(b) - weight(a) || (a.key < b.key ? -1 : 1));
}

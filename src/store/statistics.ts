// This file reads statistics: sums of the rollups (and of what was accepted in this hour, which compaction has not moved there yet), by one
// dimension, narrowed by any of them. A tenant's question is a range of the primary key, an operator's a range of hours.
import { MEASURES, type Measure } from '../delivery/counting.ts';
import type { Stream } from '../delivery/states.ts';
import { plainArray, textArray } from './arrays.ts';
import { type Filters, makeFilters } from './filters.ts';
import { NO_ACCOUNT } from './rollups.ts';
import type { Queryable, Scope } from './scope.ts';
import type { SummedTime, TimeRange } from './summed-time.ts';

export const DIMENSIONS = ['tenant', 'domain', 'stream', 'mailbox_provider', 'account', 'hour', 'day'] as const;
export type Dimension = (typeof DIMENSIONS)[number];

export interface StatisticsQuestion {
  /** Whole hours of acceptance, milliseconds since 1970; the end is left out. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Null: one sum. */
  readonly by: Dimension | null;
  readonly stream?: Stream | undefined;
  readonly domain?: string | undefined;
  readonly mailboxProvider?: string | undefined;
  readonly accountId?: string | undefined;
  /** Accounts whose provider never reports deliveries. */
  readonly silentAccounts: readonly string[];
  /** Hand-overs of messages accepted before this are settled. */
  readonly settledBeforeMs: number;
  /** What of the time is read from sums made ahead (`readSummedTime`, in the same snapshot); left out: nothing. */
  readonly summed?: SummedTime | null;
}

export type CountName = 'accepted' | Measure;

export interface CountRow {
  readonly key: string;
  readonly silent: boolean;
  /** Of messages accepted before `settledBeforeMs`. */
  readonly settled: boolean;
  readonly counts: Readonly<Record<CountName, number>>;
}

export interface ClassRow {
  readonly key: string;
  readonly silent: boolean;
  /** Of messages accepted before `settledBeforeMs`. */
  readonly settled: boolean;
  readonly measure: 'bounced' | 'failed';
  readonly class: string;
  readonly recipients: number;
}

/** What rows are grouped by, and how the group is named; the naming is done once per group, because it costs more than the sum. */
const KEYS: Readonly<Record<Dimension | 'total', { readonly group: string; readonly name: string }>> = {
  total: { group: 'null::text', name: "''" },
  tenant: { group: 'tenant_id', name: 'key::text' },
  domain: { group: 'domain', name: 'key' },
  stream: { group: 'stream', name: 'key::text' },
  mailbox_provider: { group: 'mailbox_provider', name: 'key' },
  account: { group: 'account_id', name: 'key::text' },
  // Buckets of time are named by their beginning.
  hour: { group: 'hour', name: `to_char(key at time zone 'UTC', 'YYYY-MM-DD"T"HH24:00:00"Z"')` },
  // Hours are summed to days per hour and account, not per row: cutting a time to its day costs more than the sums of a row.
  day: { group: 'hour', name: `to_char(key at time zone 'UTC', 'YYYY-MM-DD"T"00:00:00"Z"')` },
};

const NAMES = ['accepted', ...MEASURES];
const SUMS = NAMES.map((name) => `sum(${name}) as ${name}`).join(', ');
const SUMMED = NAMES.map((name) => `${name}::float8`).join(', ');
const REST = `mailbox_provider, account_id, accepted, ${MEASURES.join(', ')}`;
const COLUMNS = `tenant_id, hour, stream, domain, ${REST}`;
/** This hour's intake in the form of the rollups. */
const INTAKE = `select c.tenant_id, c.hour, c.stream, coalesce(c.domain, '') as domain, l.mailbox_provider, '${NO_ACCOUNT}'::uuid as account_id,
    c.injected as accepted, ${MEASURES.map((measure) => `0 as ${measure}`).join(', ')}
  from intake_counters c join lanes l on l.id = c.lane_id where c.lane_id is not null`;

/** Counts by key, those of silent accounts apart, and what is settled apart from what is not. */
export async function readCounts(db: Queryable, tenantId: Scope, question: StatisticsQuestion): Promise<CountRow[]> {
  const filters = narrowed(tenantId, question);
  const { where } = filters;
  const { group, name } = KEYS[question.by ?? 'total'];
  const { rows } = await db.query<Record<CountName, number> & { key: string; silent: boolean; settled: boolean }>(
    `select ${name} as key, account_id = any (${filters.param(plainArray(question.silentAccounts))}::uuid[]) as silent, settled, ${SUMMED}
     from (
       select ${group} as key, account_id, ${settledBy(filters, question)} as settled, ${SUMS}
       from (${rollupsOf(filters, question)} union all ${INTAKE}) facts ${where} group by 1, 2, 3
     ) sums`,
    filters.values,
  );
  return rows.map(({ key, silent, settled, ...counts }) => ({ key, silent, settled, counts }));
}

/** The rollups, with sums made ahead in the place of what was summed; what those do not keep apart is not asked for (`sumsFor`). */
function rollupsOf(filters: Filters, { summed, domain }: Pick<StatisticsQuestion, 'summed' | 'domain'>): string {
  const whole = `select ${COLUMNS} from rollups`;
  if (!summed) return whole;
  const ahead = {
    days: (range: TimeRange) =>
      `select null::uuid as tenant_id, day as hour, stream, '' as domain, ${REST} from rollup_days where ${within(filters, 'day', range)}`,
    months: (range: TimeRange) =>
      `select tenant_id, month as hour, stream, domain, ${REST} from rollup_months where ${within(filters, 'month', range)}`,
    tenants: (range: TimeRange) => `${whole} where ${ofTenants(filters, range, domain)}`,
  }[summed.from];
  return [...summed.rest.map((range) => `${whole} where ${within(filters, 'hour', range)}`), ...summed.summed.map(ahead)].join(
    ' union all ',
  );
}

/** The classes, with sums of days in the place of what was summed; of months there are none. */
function classesOf(filters: Filters, { summed, domain }: Pick<StatisticsQuestion, 'summed' | 'domain'>): string {
  if (!summed || summed.from === 'months') return 'rollup_classes';
  const columns = 'stream, domain, mailbox_provider, account_id, measure, class, recipients';
  const whole = `select hour, ${columns} from rollup_classes`;
  const ahead = (range: TimeRange) =>
    summed.from === 'tenants'
      ? `${whole} where ${ofTenants(filters, range, domain)}`
      : `select day as hour, ${columns.replace('domain', "''")} from rollup_class_days where ${within(filters, 'day', range)}`;
  return `(${[...summed.rest.map((range) => `${whole} where ${within(filters, 'hour', range)}`), ...summed.summed.map(ahead)].join(' union all ')})`;
}

/** Rows of the organisations that had mail of a domain in these months: ranges of the primary key, where the whole time would have to be looked through. */
function ofTenants(filters: Filters, range: TimeRange, domain: string | undefined): string {
  return `tenant_id = any (array(
      select distinct tenant_id from rollup_months where ${within(filters, 'month', range)} and domain = ${filters.param(domain ?? '')}
    )) and ${within(filters, 'hour', range)}`;
}

function within(filters: Filters, column: string, range: TimeRange): string {
  const [from, to] = [range.fromMs, range.toMs].map((ms) => `to_timestamp(${filters.param(ms)}::float8 / 1000)`);
  return `${column} >= ${from} and ${column} < ${to}`;
}

/** True of hours before the line of what is settled; sums made ahead lie wholly before it. */
function settledBy(filters: Filters, { settledBeforeMs }: StatisticsQuestion): string {
  return `hour < to_timestamp(${filters.param(settledBeforeMs)}::float8 / 1000)`;
}

/** Bounced and failed by class, for every key. */
export async function readClassCounts(db: Queryable, tenantId: Scope, question: StatisticsQuestion): Promise<ClassRow[]> {
  const filters = narrowed(tenantId, question);
  const { group, name } = KEYS[question.by ?? 'total'];
  const { rows } = await db.query<ClassRow>(
    `select ${name} as key, account_id = any (${filters.param(plainArray(question.silentAccounts))}::uuid[]) as silent, settled, measure, class,
       recipients::float8
     from (
       select ${group} as key, account_id, ${settledBy(filters, question)} as settled, measure, class, sum(recipients) as recipients
       from ${classesOf(filters, question)} facts ${filters.where} group by 1, 2, 3, 4, 5
     ) sums`,
    filters.values,
  );
  return rows;
}

function narrowed(tenantId: Scope, question: StatisticsQuestion): Filters {
  return makeFilters()
    .add('tenant_id = ?', tenantId)
    .add('hour >= to_timestamp(?::float8 / 1000)', question.fromMs)
    .add('hour < to_timestamp(?::float8 / 1000)', question.toMs)
    .add('stream = ?', question.stream)
    .add('domain = ?', question.domain)
    .add('mailbox_provider = ?', question.mailboxProvider)
    .add('account_id = ?', question.accountId);
}

/** Organisations that something was accepted for since a time, counted up to `most`. */
export async function countActiveTenants(db: Queryable, since: { sinceMs: number; most: number }): Promise<number> {
  const { rows } = await db.query<{ n: number }>(
    `select count(*)::int as n from (
       select from tenants t where exists (select from rollups r where r.tenant_id = t.id and r.hour >= to_timestamp($1::float8 / 1000)) limit $2
     ) active`,
    [since.sinceMs, since.most],
  );
  return rows[0]?.n ?? 0;
}

/** Accounts of these kinds of provider. */
export async function accountsOfKinds(db: Queryable, kinds: readonly string[]): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>('select id from provider_accounts where provider = any ($1::text[])', [textArray(kinds)]);
  return rows.map((row) => row.id);
}

/** Names of accounts and organisations, by id. */
export async function namesOf(db: Queryable, of: 'account' | 'tenant', ids: readonly string[]): Promise<Map<string, string>> {
  const text =
    of === 'account'
      ? 'select id, name from provider_accounts where id = any ($1::uuid[])'
      : 'select id, name from tenants where id = any ($1::uuid[])';
  const { rows } = await db.query<{ id: string; name: string }>(text, [plainArray(ids)]);
  return new Map(rows.map((row) => [row.id, row.name]));
}

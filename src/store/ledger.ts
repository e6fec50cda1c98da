// This file balances the ledger: what was ever taken in (append-only counters of the intake commit) against where every recipient stands
// now (counted from the rows, plus the closing counters of dropped weeks), both in one snapshot.
import type pg from 'pg';
import { RECIPIENT_STATES, type RecipientState, type Stream } from '../delivery/states.ts';
import { idFloor } from '../ids.ts';
import { NO_ACCOUNT } from './rollups.ts';

export interface Ledger {
  readonly injected: number;
  readonly states: Readonly<Record<RecipientState, number>>;
  /** injected − Σ states. Anything but 0 is a defect of ours. */
  readonly difference: number;
  /** The range after rounding to whole hours, milliseconds; null is open. */
  readonly fromMs: number | null;
  readonly toMs: number | null;
}

const HOUR_MS = 3_600_000;

/**
 * The ledger of a tenant (null: of all), of a stream, of a time. Counters are kept by the hour, so `fromMs` is rounded down and `toMs` up.
 * One statement, so one snapshot: no hand-over can slip between the two counts.
 */
export async function readLedger(
  pool: Pick<pg.Pool | pg.PoolClient, 'query'>,
  tenantId: string | null,
  range: { stream?: Stream; fromMs?: number; toMs?: number } = {},
): Promise<Ledger> {
  const fromMs = range.fromMs === undefined ? null : Math.floor(range.fromMs / HOUR_MS) * HOUR_MS;
  const toMs = range.toMs === undefined ? null : Math.ceil(range.toMs / HOUR_MS) * HOUR_MS;
  const { rows } = await pool.query<{ state: RecipientState | null; n: string }>(
    `select null as state, coalesce(sum(injected), 0)::text as n from intake_counters
     where ($1::uuid is null or tenant_id = $1) and ($2::stream is null or stream = $2)
       and ($3::float8 is null or hour >= to_timestamp($3 / 1000)) and ($4::float8 is null or hour < to_timestamp($4 / 1000))
     union all
     select state, count(*)::text from recipients
     where ($1::uuid is null or tenant_id = $1) and ($2::stream is null or stream = $2) and ($5::uuid is null or id >= $5) and ($6::uuid is null or id < $6)
     group by state
     union all
     select state, sum(recipients)::text from closing_counters
     where ($1::uuid is null or tenant_id = $1) and ($2::stream is null or stream = $2)
       and ($3::float8 is null or hour >= to_timestamp($3 / 1000)) and ($4::float8 is null or hour < to_timestamp($4 / 1000))
     group by state`,
    [tenantId, range.stream ?? null, fromMs, toMs, fromMs === null ? null : idFloor(fromMs), toMs === null ? null : idFloor(toMs)],
  );
  // Every state is named below, so the record is complete.
  const states = Object.fromEntries(RECIPIENT_STATES.map((state) => [state, 0])) as Record<RecipientState, number>;
  let injected = 0;
  for (const row of rows) {
    if (row.state === null) injected += Number(row.n);
    else states[row.state] += Number(row.n);
  }
  const counted = Object.values(states).reduce((sum, n) => sum + n, 0);
  return { injected, states, difference: injected - counted, fromMs, toMs };
}

/**
 * Sums counter rows of past hours into one per tenant, stream and hour, and their detail into the rollups; one statement, so no reader sees
 * half. Returns rows removed.
 */
export async function compactCounters(pool: pg.Pool): Promise<number> {
  const { rowCount } = await pool.query(
    `with old as (
       delete from intake_counters where hour < date_trunc('hour', now(), 'UTC') and (tenant_id, stream, hour) in (
         select tenant_id, stream, hour from intake_counters where hour < date_trunc('hour', now(), 'UTC')
         group by 1, 2, 3 having count(*) > 1 or count(lane_id) > 0
       ) returning tenant_id, stream, hour, injected, domain, lane_id
     ), summed as (
       insert into intake_counters (tenant_id, stream, hour, injected) select tenant_id, stream, hour, sum(injected) from old group by 1, 2, 3
     ), rolled_up as (
       insert into rollups as r (tenant_id, hour, stream, domain, mailbox_provider, account_id, accepted)
       select o.tenant_id, o.hour, o.stream, coalesce(o.domain, ''), l.mailbox_provider, '${NO_ACCOUNT}', sum(o.injected)
       from old o join lanes l on l.id = o.lane_id group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5
       on conflict (tenant_id, hour, stream, domain, mailbox_provider, account_id) do update set accepted = r.accepted + excluded.accepted
     )
     select from old`,
  );
  return rowCount ?? 0;
}

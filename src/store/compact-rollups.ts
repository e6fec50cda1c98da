// This file keeps the rollups small: hours become days after two weeks, of a day with very many sending domains the busiest keep their names, and
// days end after three years. What comes late for an old hour is summed into its day the next time. Sums made ahead stand in sum-rollups.ts.
import type pg from 'pg';
import { MEASURES } from '../delivery/counting.ts';
import { plainArray, textArray } from './arrays.ts';
import { NO_ACCOUNT } from './rollups.ts';
import { withOwner } from './scope.ts';
import { dropOldSums } from './sum-rollups.ts';

/** Sending domains of one organisation and day that keep their names; the others are its rest. A club has one or two. */
const DOMAINS_MAX = 200;

const DAY = `date_trunc('day', hour at time zone 'UTC') at time zone 'UTC'`;
const SUMS = ['accepted', ...MEASURES];

/** Days that still stand as hours; one at a time is summed, so no transaction is long. */
async function nextDay(pool: pg.Pool, beforeMs: number, after: Date | null): Promise<Date | null> {
  const { rows } = await pool.query<{ day: Date }>(
    `select ${DAY} as day from rollups
     where hour < to_timestamp($1::float8 / 1000) and hour > coalesce($2, '-infinity'::timestamptz) and hour <> ${DAY} order by hour limit 1`,
    [beforeMs, after],
  );
  return rows[0]?.day ?? null;
}

/** Sums the hours before a time into days. Returns the number of days. */
export async function compactRollups(pool: pg.Pool, beforeMs: number): Promise<number> {
  let days = 0;
  for (let day = await nextDay(pool, beforeMs, null); day; day = await nextDay(pool, beforeMs, lastHourOf(day))) {
    await compactDay(pool, day);
    days += 1;
  }
  return days;
}

const DAY_MS = 24 * 3_600_000;

function lastHourOf(day: Date): Date {
  return new Date(day.getTime() + DAY_MS - 1);
}

async function compactDay(pool: pg.Pool, day: Date): Promise<void> {
  await withOwner(pool, async (db) => {
    // Whoever adds to rollups waits for the moment; of two nodes the second finds nothing left.
    await db.query('lock table rollups, rollup_classes in share row exclusive mode');
    const { rows: small } = await db.query<{ tenant_id: string; domain: string }>(
      `select tenant_id, domain from (
         select tenant_id, domain, row_number() over (partition by tenant_id order by sum(accepted) desc, domain) as place
         from rollups where hour >= $1 and hour < $1::timestamptz + interval '24 hours' and domain <> '' group by 1, 2
       ) ranked where place > ${DOMAINS_MAX}`,
      [day],
    );
    const values = [day, plainArray(small.map((row) => row.tenant_id)), textArray(small.map((row) => row.domain))];
    await db.query(dayText('rollups', '', SUMS), values);
    await db.query(SHARE_ACCEPTED, [day]);
    await db.query(EMPTY, [day]);
    await db.query(dayText('rollup_classes', ', measure, class', ['recipients']), values);
  });
}

/**
 * Moves `accepted` from where no account is named to the accounts that took it, as far as something became of it: nearly nothing is left
 * there, and rows in which nothing is left disappear. That halves what a year is. The sum over accounts stays the same.
 */
const BECAME = MEASURES.filter((measure) => measure !== 'complained' && measure !== 'unsubscribed').join(' + ');
const SHARE_ACCEPTED = `with taken as materialized (
    select tenant_id, stream, domain, mailbox_provider, account_id, ${BECAME} - accepted as moved from rollups
    where hour = $1 and account_id <> '${NO_ACCOUNT}'
  ), given as (
    update rollups r set accepted = r.accepted + t.moved from taken t
    where r.hour = $1 and (r.tenant_id, r.stream, r.domain, r.mailbox_provider, r.account_id)
      = (t.tenant_id, t.stream, t.domain, t.mailbox_provider, t.account_id)
  ), rest as (
    select tenant_id, stream, domain, mailbox_provider, sum(moved) as moved from taken group by 1, 2, 3, 4
  ), kept as (
    insert into rollups as r (tenant_id, hour, stream, domain, mailbox_provider, account_id, accepted)
    select tenant_id, $1, stream, domain, mailbox_provider, '${NO_ACCOUNT}', -moved from rest where moved <> 0
    on conflict (tenant_id, hour, stream, domain, mailbox_provider, account_id) do update set accepted = r.accepted + excluded.accepted
  )
  select`;
const EMPTY = `delete from rollups where hour = $1 and account_id = '${NO_ACCOUNT}' and ${SUMS.map((sum) => `${sum} = 0`).join(' and ')}`;

/** Replaces the hours of a day by their sum; rows in which nothing is left disappear. */
function dayText(table: string, extra: string, sums: readonly string[]): string {
  const domain = "case when s.domain is null then o.domain else '' end";
  const key = `o.tenant_id, o.stream, ${domain}, o.mailbox_provider, o.account_id${extra}`;
  return `with old as (
      delete from ${table} where hour >= $1 and hour < $1::timestamptz + interval '24 hours' returning *
    )
    insert into ${table} (tenant_id, stream, domain, mailbox_provider, account_id${extra}, hour, ${sums.join(', ')})
    select ${key}, $1, ${sums.map((sum) => `sum(${sum})`).join(', ')}
    from old o left join unnest($2::uuid[], $3::text[]) as s(tenant_id, domain) on s.tenant_id = o.tenant_id and s.domain = o.domain
    group by ${key} having ${sums.map((sum) => `sum(${sum}) <> 0`).join(' or ')}`;
}

/** Forgets days that ended before a time. Returns the rows removed. */
export async function dropOldRollups(pool: pg.Pool, beforeMs: number): Promise<number> {
  const { rowCount } = await pool.query('delete from rollups where hour < to_timestamp($1::float8 / 1000)', [beforeMs]);
  await pool.query('delete from rollup_classes where hour < to_timestamp($1::float8 / 1000)', [beforeMs]);
  await dropOldSums(pool);
  return rowCount ?? 0;
}

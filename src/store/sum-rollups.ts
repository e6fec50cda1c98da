// This file sums rollups ahead for questions about everybody: whole days over all organisations, whole months of each. A sum is read only while its
// day or month is marked as summed; whoever changes a rollup takes the mark off in the same transaction (migrations/0056), so a sum is exact or not
// used, whenever this is killed. Each day and month is a transaction of its own.
import type pg from 'pg';
import { MEASURES } from '../delivery/counting.ts';
import { withOwner } from './scope.ts';

const SUMS = ['accepted', ...MEASURES];
const SUMMED = SUMS.map((sum) => `sum(${sum})`).join(', ');
const DAY_KEY = 'stream, mailbox_provider, account_id';
const MONTH_KEY = `tenant_id, domain, ${DAY_KEY}`;

/** Sums whole days that ended before a time over all organisations, those anew that were changed since. Returns the number of days. */
export async function sumDays(pool: pg.Pool, beforeMs: number): Promise<number> {
  const { rows } = await pool.query<{ day: Date }>(
    `select day from generate_series(date_trunc('day', (select min(hour) from rollups), 'UTC'),
       to_timestamp($1::float8 / 1000) - interval '24 hours', interval '24 hours') day
     where not exists (select from rollup_days_summed s where s.day = day.day) order by 1`,
    [beforeMs],
  );
  for (const { day } of rows) await sumDay(pool, day);
  return rows.length;
}

async function sumDay(pool: pg.Pool, day: Date): Promise<void> {
  await withOwner(pool, async (db) => {
    // Whoever changes a rollup waits for the moment, and takes the day off again behind us.
    await db.query('lock table rollups, rollup_classes in share row exclusive mode');
    await db.query('delete from rollup_days where day = $1', [day]);
    await db.query('delete from rollup_class_days where day = $1', [day]);
    await db.query(
      `insert into rollup_days (day, ${DAY_KEY}, ${SUMS.join(', ')}) select $1, ${DAY_KEY}, ${SUMMED} from rollups
       where hour >= $1 and hour < $1::timestamptz + interval '24 hours' group by ${DAY_KEY}`,
      [day],
    );
    await db.query(
      `insert into rollup_class_days (day, ${DAY_KEY}, measure, class, recipients)
       select $1, ${DAY_KEY}, measure, class, sum(recipients) from rollup_classes
       where hour >= $1 and hour < $1::timestamptz + interval '24 hours' group by ${DAY_KEY}, measure, class`,
      [day],
    );
    await db.query('insert into rollup_days_summed (day) values ($1) on conflict do nothing', [day]);
  });
}

/** Sums whole months that ended before a time, those anew that were changed since. Returns the number of months. */
export async function sumMonths(pool: pg.Pool, beforeMs: number): Promise<number> {
  const { rows } = await pool.query<{ month: Date }>(
    `select m at time zone 'UTC' as month from generate_series(date_trunc('month', (select min(hour) from rollups) at time zone 'UTC'),
       to_timestamp($1::float8 / 1000) at time zone 'UTC' - interval '1 month', interval '1 month') m
     where not exists (select from rollup_months_summed s where s.month = m at time zone 'UTC') order by 1`,
    [beforeMs],
  );
  for (const { month } of rows) await sumMonth(pool, month);
  return rows.length;
}

async function sumMonth(pool: pg.Pool, month: Date): Promise<void> {
  await withOwner(pool, async (db) => {
    // As with days.
    await db.query('lock table rollups in share row exclusive mode');
    await db.query('delete from rollup_months where month = $1', [month]);
    await db.query(
      `insert into rollup_months (month, ${MONTH_KEY}, ${SUMS.join(', ')}) select $1, ${MONTH_KEY}, ${SUMMED} from rollups
       where hour >= $1 and hour < ($1::timestamptz at time zone 'UTC' + interval '1 month') at time zone 'UTC' group by ${MONTH_KEY}`,
      [month],
    );
    await db.query('insert into rollup_months_summed (month) values ($1) on conflict do nothing', [month]);
  });
}

/** Forgets the sums of days and months before the first rollup. A month that lost its first days is summed again while it has others. */
export async function dropOldSums(pool: pg.Pool): Promise<void> {
  await pool.query(
    `with first as materialized (select coalesce((select min(hour) from rollups), 'infinity') as hour),
       marks as (delete from rollup_days_summed using first where day < first.hour - interval '24 hours'),
       classes as (delete from rollup_class_days using first where day < first.hour - interval '24 hours')
     delete from rollup_days using first where day < first.hour - interval '24 hours'`,
  );
  await pool.query(
    `with first as materialized (select coalesce((select min(hour) from rollups), 'infinity') as hour),
       marks as (delete from rollup_months_summed using first where month < first.hour - interval '744 hours')
     delete from rollup_months using first where month < first.hour - interval '744 hours'`,
  );
}

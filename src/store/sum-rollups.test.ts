import assert from 'node:assert/strict';
import { test } from 'node:test';
import pg from 'pg';
import { testDatabase } from '../../test/support/database.ts';
import { fc } from '../../test/support/property.ts';
import { compactRollups, dropOldRollups } from './compact-rollups.ts';
import { addRollups, NO_ACCOUNT, type RollupKey } from './rollups.ts';
import { withOwner } from './scope.ts';
import { type ClassRow, type CountRow, DIMENSIONS, type Dimension, readClassCounts, readCounts } from './statistics.ts';
import { sumDays, sumMonths } from './sum-rollups.ts';
import { oneSnapshot, readSummedTime, type SummedTime } from './summed-time.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const FIRST_MS = Date.UTC(2026, 1, 20);
const TENANT = '01900000-0000-7000-8000-000000000001';
const OTHER = '01900000-0000-7000-8000-000000000002';
const ACCOUNT = '01900000-0000-7000-8000-00000000000a';
const BY = [null, ...DIMENSIONS] as const;
const DOMAINS = [undefined, 'club.test', 'both.test'];

interface Range {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Reads a time by its sums and by its rollups in one moment, holds them against each other, and answers what was read from sums. */
function readBoth(
  pool: pg.Pool,
  range: Range,
  by: Dimension | null,
  domain?: string,
): Promise<{ summed: SummedTime | null; delivered: number }> {
  const question = { ...range, by, domain, silentAccounts: [ACCOUNT], settledBeforeMs: range.toMs };
  return withOwner(pool, async (db) => {
    await oneSnapshot(db);
    const summed = await readSummedTime(db, question);
    const [counts, plainCounts] = [await readCounts(db, null, { ...question, summed }), await readCounts(db, null, question)];
    assert.deepEqual(added(counts), added(plainCounts), `by ${by}`);
    const [classes, plainClasses] = [await readClassCounts(db, null, { ...question, summed }), await readClassCounts(db, null, question)];
    assert.deepEqual(added(classes), added(plainClasses), `classes by ${by}`);
    return { summed, delivered: plainCounts.reduce((sum, row) => sum + row.counts.delivered, 0) };
  });
}

/** Rows of one key added up: hours of a day come one by one. */
function added(rows: readonly (CountRow | ClassRow)[]): Record<string, Record<string, number>> {
  const sums: Record<string, Record<string, number>> = {};
  for (const { key, silent, settled, ...row } of rows) {
    const [name, numbers] =
      'counts' in row
        ? [`${key} ${silent} ${settled}`, row.counts]
        : [`${key} ${silent} ${settled} ${row.measure} ${row.class}`, { recipients: row.recipients }];
    const sum = sums[name] ?? {};
    for (const [of, n] of Object.entries(numbers)) sum[of] = (sum[of] ?? 0) + n;
    sums[name] = sum;
  }
  return sums;
}

/** Days or months that were read from sums, as YYYY-MM-DD. */
function ranges(summed: SummedTime | null): string[][] {
  return (summed?.summed ?? []).map((range) => [range.fromMs, range.toMs].map((ms) => new Date(ms).toISOString().slice(0, 10)));
}

const day = fc.nat(69);
/** Few days and hours, so that what is summed already is changed again. */
const written = { day: fc.nat(4).map((n) => n * 13 + 4), hour: fc.constantFrom(0, 23), which: fc.constantFrom(0, 5, 10, 15) };
const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('add' as const),
      ...written,
      delivered: fc.integer({ min: -3, max: 9 }),
      times: fc.integer({ min: 1, max: 2 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('sum' as const), day }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('sum, killed' as const), day, last: day }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('sum and add at once' as const), ...written }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('compact' as const), day }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('drop' as const), day: fc.nat(30) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('forget a tenant' as const), day }) },
);

test('Sums say what the rollups say, whatever comes late, twice or at the same moment, and wherever the one who sums is killed', async (t) => {
  const { pool } = await testDatabase(t);
  await killsAt(pool);
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25, size: 'max' }), fc.nat(23), async (steps, hour) => {
      // What was summed of the rollups before stays behind, and must not be read.
      await pool.query('truncate rollups, rollup_classes');
      const range = { fromMs: FIRST_MS + 3 * DAY_MS + hour * HOUR_MS, toMs: FIRST_MS + 66 * DAY_MS + hour * HOUR_MS };
      for (const [index, each] of steps.entries()) {
        const beforeMs = FIRST_MS + each.day * DAY_MS;
        if (each.do === 'add') {
          for (let time = 0; time < each.times; time += 1) await add(pool, each.which, beforeMs + each.hour * HOUR_MS, each.delivered);
        } else if (each.do === 'sum') {
          await sumDays(pool, beforeMs);
          await sumMonths(pool, beforeMs);
        } else if (each.do === 'sum, killed') {
          await pool.query('insert into kills values (to_timestamp($1::float8 / 1000))', [FIRST_MS + each.last * DAY_MS]);
          await sumDays(pool, beforeMs).catch((error: { code?: string }) => assert.equal(error.code, '57P01'));
          await pool.query('delete from kills');
        } else if (each.do === 'sum and add at once') {
          await Promise.all([sumDays(pool, beforeMs + DAY_MS), add(pool, each.which, beforeMs, 1), sumMonths(pool, beforeMs)]);
        } else if (each.do === 'compact') await compactRollups(pool, beforeMs);
        else if (each.do === 'drop') await dropOldRollups(pool, beforeMs);
        else for (const table of ['rollups', 'rollup_classes']) await pool.query(`delete from ${table} where tenant_id = $1`, [OTHER]);
        await readBoth(pool, range, BY[index % BY.length] ?? null, DOMAINS[index % DOMAINS.length]);
      }
      await sumDays(pool, FIRST_MS + 60 * DAY_MS);
      await sumMonths(pool, FIRST_MS + 60 * DAY_MS);
      for (const [index, by] of BY.entries()) await readBoth(pool, range, by, DOMAINS[index % DOMAINS.length]);
    }),
    { numRuns: 15 },
  );
});

/** Ends the connection that marks one of these days as summed. */
async function killsAt(pool: pg.Pool): Promise<void> {
  await pool.query(
    `create table kills (day timestamptz);
     create function kill() returns trigger language plpgsql as $$ begin
       if exists (select from kills k where k.day = new.day) then perform pg_terminate_backend(pg_backend_pid()), pg_sleep(60); end if;
       return new;
     end $$;
     create trigger kill before insert on rollup_days_summed for each row execute function kill();`,
  );
}

/** One of sixteen keys; what is delivered was accepted, and its opposite bounced. */
async function add(pool: pg.Pool, which: number, hourMs: number, delivered: number): Promise<void> {
  const key = {
    tenantId: which & 1 ? TENANT : OTHER,
    hourMs,
    stream: which & 2 ? 'bulk' : 'transactional',
    domain: which & 2 ? 'both.test' : which & 1 ? 'club.test' : 'other.test',
    mailboxProvider: which & 4 ? 'google' : 'yahoo',
    accountId: which & 8 ? ACCOUNT : NO_ACCOUNT,
  } as const;
  await withOwner(pool, async (db) => {
    const counts = { delivered, bounced: -delivered };
    const classes = delivered % 2 === 0 ? [] : [{ ...key, measure: 'bounced', class: 'policy', recipients: -delivered } as const];
    await addRollups(db, [{ ...key, counts }], classes);
  });
}

const KEY: RollupKey = {
  tenantId: TENANT,
  hourMs: FIRST_MS,
  stream: 'bulk',
  domain: 'club.test',
  mailboxProvider: 'google',
  accountId: NO_ACCOUNT,
};
const add1 = (pool: pg.Pool, change: Partial<RollupKey>, delivered: number) =>
  addRollups(pool, [{ ...KEY, ...change, counts: { delivered } }], []);

test('A day that changed is read from its rollups, and the others from their sums, until it is summed again', async (t) => {
  const { pool } = await testDatabase(t);
  const range = { fromMs: Date.UTC(2026, 0, 1, 7), toMs: Date.UTC(2026, 1, 1) };
  for (const tenantId of [TENANT, OTHER]) {
    for (let n = 1; n <= 31; n += 1) await add1(pool, { tenantId, hourMs: Date.UTC(2026, 0, n, 20) }, 1);
  }
  assert.equal((await readBoth(pool, range, 'day')).summed, null);
  assert.equal(await sumDays(pool, Date.UTC(2026, 0, 25)), 24);
  const { rows } = await pool.query<{ n: number }>('select count(*)::int as n from rollup_days');
  assert.equal(rows[0]?.n, 24, 'organisations are summed up');
  const before = await readBoth(pool, range, 'day');
  assert.deepEqual(ranges(before.summed), [['2026-01-02', '2026-01-25']], 'the first day is asked for in part');
  assert.equal(await sumDays(pool, Date.UTC(2026, 0, 25)), 0);

  await add1(pool, { tenantId: OTHER, hourMs: Date.UTC(2026, 0, 10, 23) }, 5);
  await add1(pool, { hourMs: Date.UTC(2026, 0, 30) }, 5);
  const late = await readBoth(pool, range, 'day');
  assert.equal(late.delivered, before.delivered + 10);
  assert.deepEqual(ranges(late.summed), [
    ['2026-01-02', '2026-01-10'],
    ['2026-01-11', '2026-01-25'],
  ]);
  for (const by of ['stream', 'mailbox_provider', 'account', null] as const) {
    assert.equal((await readBoth(pool, range, by)).summed?.from, 'days');
  }
  assert.equal((await readBoth(pool, range, 'hour')).summed, null);
  const within = { fromMs: Date.UTC(2026, 0, 12), toMs: Date.UTC(2026, 0, 20) };
  assert.deepEqual((await readBoth(pool, within, 'stream')).summed?.rest, [], 'a time that is read from sums alone');
  assert.equal(await sumDays(pool, Date.UTC(2026, 0, 25)), 1);
  assert.deepEqual(ranges((await readBoth(pool, range, 'day')).summed), [['2026-01-02', '2026-01-25']]);

  // Each way to change a row: added to, new, removed, and a class of the answers alone.
  await add1(pool, { tenantId: OTHER, hourMs: Date.UTC(2026, 0, 4, 20) }, 5);
  await add1(pool, { tenantId: OTHER, hourMs: Date.UTC(2026, 0, 6, 1) }, 5);
  await pool.query("delete from rollups where hour = '2026-01-08T20:00Z' and tenant_id = $1", [OTHER]);
  const classes = { ...KEY, hourMs: Date.UTC(2026, 0, 10, 20), measure: 'bounced', class: 'policy', recipients: 1 } as const;
  await addRollups(pool, [], [classes]);
  const holes = [
    ['2026-01-02', '2026-01-04'],
    ['2026-01-05', '2026-01-06'],
    ['2026-01-07', '2026-01-08'],
    ['2026-01-09', '2026-01-10'],
    ['2026-01-11', '2026-01-25'],
  ];
  assert.deepEqual(ranges((await readBoth(pool, range, 'day')).summed), holes);
  assert.equal(await sumDays(pool, Date.UTC(2026, 0, 25)), 4);
  await addRollups(pool, [], [classes]);
  assert.deepEqual(ranges((await readBoth(pool, range, 'day')).summed), [
    ['2026-01-02', '2026-01-10'],
    ['2026-01-11', '2026-01-25'],
  ]);
  await pool.query('truncate rollups');
  assert.equal((await readBoth(pool, range, 'day')).summed, null);
});

test('However many days changed, few ranges are asked for, the longest', async (t) => {
  const { pool } = await testDatabase(t);
  const range = { fromMs: FIRST_MS, toMs: FIRST_MS + 90 * DAY_MS };
  for (let n = 0; n < 90; n += 1) await add1(pool, { hourMs: FIRST_MS + n * DAY_MS }, 1);
  await sumDays(pool, range.toMs);
  for (let n = 1; n < 60; n += 2) await add1(pool, { hourMs: FIRST_MS + n * DAY_MS }, 1);
  const { summed, delivered } = await readBoth(pool, range, 'day');
  assert.equal(delivered, 120);
  assert.equal(summed?.summed.length, 16);
  assert.deepEqual(summed?.summed.at(-1), { fromMs: FIRST_MS + 60 * DAY_MS, toMs: range.toMs });
});

test('A year read by months is the year read by days, also when something old changes', async (t) => {
  const { pool } = await testDatabase(t);
  const range = { fromMs: Date.UTC(2025, 11, 15), toMs: Date.UTC(2026, 6, 1) };
  for (let month = -1; month < 6; month += 1) {
    await add1(pool, { hourMs: Date.UTC(2026, month, 1) }, 1);
    await add1(pool, { hourMs: Date.UTC(2026, month, 20) }, 10);
    await add1(pool, { hourMs: Date.UTC(2026, month + 1, 1) - HOUR_MS, mailboxProvider: 'yahoo' }, 100);
  }
  const read = async () => {
    const { summed, delivered } = await readBoth(pool, range, 'tenant');
    return { months: ranges(summed), delivered };
  };
  assert.deepEqual((await read()).months, []);
  assert.equal(await sumMonths(pool, Date.UTC(2026, 4, 15)), 5, 'December to April; May is not over');
  const before = await read();
  assert.deepEqual(before.months, [['2026-01-01', '2026-05-01']], 'December is asked for in part');
  assert.equal(await sumMonths(pool, Date.UTC(2026, 4, 15)), 0);
  await add1(pool, { hourMs: Date.UTC(2026, 1, 20) }, 7);
  const around = [
    ['2026-01-01', '2026-02-01'],
    ['2026-03-01', '2026-05-01'],
  ];
  assert.deepEqual(await read(), { months: around, delivered: before.delivered + 7 }, 'February has to be summed again');
  assert.equal(await sumMonths(pool, Date.UTC(2026, 4, 15)), 1);
  assert.deepEqual((await read()).months, [['2026-01-01', '2026-05-01']]);
  await compactRollups(pool, Date.UTC(2026, 3, 1));
  assert.equal((await read()).delivered, before.delivered + 7);
  await dropOldRollups(pool, Date.UTC(2026, 2, 15));
  await sumMonths(pool, Date.UTC(2026, 4, 15));
  await read();
  const { rows } = await pool.query<{ months: number }>('select count(distinct month)::int as months from rollup_months');
  assert.equal(rows[0]?.months, 2, 'what is left of March, and April');
});

test('Where the clocks of the database’s time zone change, days and months are those of UTC', async (t) => {
  const { pool, url } = await testDatabase(t);
  const name = new URL(url).pathname.slice(1);
  await pool.query(`alter database ${name} set timezone = 'Europe/Berlin'`);
  const elsewhere = new pg.Pool({ connectionString: url, max: 2 });
  t.after(() => elsewhere.end());
  const hours = [
    Date.UTC(2026, 2, 29, 0),
    Date.UTC(2026, 2, 29, 23),
    Date.UTC(2026, 2, 31, 23),
    Date.UTC(2026, 9, 25, 23),
    Date.UTC(2026, 9, 26, 0),
  ];
  for (const hourMs of hours) await add1(elsewhere, { hourMs }, 1);
  await compactRollups(elsewhere, Date.UTC(2026, 10, 1));
  const { rows } = await elsewhere.query<{ day: string; delivered: number }>(
    "select to_char(hour at time zone 'UTC', 'MM-DD HH24') as day, delivered from rollups order by hour",
  );
  assert.deepEqual(
    rows.map(({ day: text, delivered }) => [text, delivered]),
    [
      ['03-29 00', 2],
      ['03-31 00', 1],
      ['10-25 00', 1],
      ['10-26 00', 1],
    ],
  );
  const range = { fromMs: Date.UTC(2026, 2, 1), toMs: Date.UTC(2026, 10, 1) };
  await sumMonths(elsewhere, Date.UTC(2026, 3, 1));
  await add1(elsewhere, { hourMs: Date.UTC(2026, 2, 31, 23) }, 1);
  assert.equal((await readBoth(elsewhere, range, 'tenant')).delivered, 6);
  await sumDays(elsewhere, range.toMs);
  assert.equal((await readBoth(elsewhere, range, 'day')).summed?.summed.length, 1);
});

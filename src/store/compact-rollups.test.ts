import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../test/support/database.ts';
import { compactRollups, dropOldRollups } from './compact-rollups.ts';
import { addRollups, NO_ACCOUNT, type RollupKey } from './rollups.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const DAY = Date.UTC(2026, 0, 10);
const TENANT = '01900000-0000-7000-8000-000000000001';
const key = (change: Partial<RollupKey>): RollupKey => ({
  ...{ tenantId: TENANT, hourMs: DAY, stream: 'bulk', domain: 'club.test', mailboxProvider: 'google', accountId: NO_ACCOUNT },
  ...change,
});

test('What was accepted moves to the account that took it, so that a finished day has no rows without one', async (t) => {
  const { pool } = await testDatabase(t);
  const accountId = '01900000-0000-7000-8000-00000000000a';
  await addRollups(pool, [{ ...key({ accountId, hourMs: DAY + HOUR_MS }), counts: { delivered: 7, bounced: 1, complained: 2 } }], []);
  await pool.query(
    `insert into rollups (tenant_id, hour, stream, domain, mailbox_provider, account_id, accepted)
     select $1, to_timestamp($2::float8 / 1000), 'bulk', 'club.test', 'google', $3, 9`,
    [TENANT, DAY + HOUR_MS, NO_ACCOUNT],
  );
  const look = async () => (await pool.query('select account_id, accepted, delivered from rollups order by account_id')).rows;
  await compactRollups(pool, DAY + DAY_MS);
  assert.deepEqual(await look(), [
    { account_id: NO_ACCOUNT, accepted: 1, delivered: 0 },
    { account_id: accountId, accepted: 8, delivered: 7 },
  ]);
  // The one that was held for weeks is delivered at last.
  await addRollups(pool, [{ ...key({ accountId, hourMs: DAY + HOUR_MS }), counts: { delivered: 1 } }], []);
  await compactRollups(pool, DAY + DAY_MS);
  assert.deepEqual(await look(), [{ account_id: accountId, accepted: 9, delivered: 8 }]);
});

test('Hours become days, whatever comes late; nothing is gained or lost, and small domains of a crowded day lose their names', async (t) => {
  const { pool } = await testDatabase(t);
  const late = { ...key({ hourMs: DAY + 5 * HOUR_MS }), counts: { delivered: -1, bounced: 1 } };
  const cls = { ...key({ hourMs: DAY + 5 * HOUR_MS }), measure: 'bounced', class: 'bad-domain', recipients: 1 } as const;
  await addRollups(
    pool,
    [
      { ...key({ hourMs: DAY + 5 * HOUR_MS }), counts: { delivered: 4 } },
      { ...key({ hourMs: DAY + 7 * HOUR_MS }), counts: { delivered: 3 } },
    ],
    [],
  );
  await addRollups(pool, [{ ...key({ hourMs: DAY + DAY_MS + HOUR_MS }), counts: { delivered: 9 } }], []);
  const look = async () =>
    (
      await pool.query<[string, number, number]>({
        rowMode: 'array',
        text: 'select hour::text, delivered, bounced from rollups order by hour',
      })
    ).rows;
  await pool.query("set timezone = 'UTC'");
  assert.equal(await compactRollups(pool, DAY + DAY_MS), 1);
  assert.deepEqual(
    (await look()).map(([, delivered]) => delivered),
    [7, 9],
    'the younger day keeps its hours',
  );
  await addRollups(pool, [late], [cls]);
  assert.equal(await compactRollups(pool, DAY + DAY_MS), 1);
  assert.deepEqual(
    (await look()).map(([, delivered, bounced]) => [delivered, bounced]),
    [
      [6, 1],
      [9, 0],
    ],
  );
  assert.equal(await compactRollups(pool, DAY + DAY_MS), 0);
  const classes = await pool.query('select extract(hour from hour at time zone $1)::int as hour, class, recipients from rollup_classes', [
    'UTC',
  ]);
  assert.deepEqual(classes.rows, [{ hour: 0, class: 'bad-domain', recipients: 1 }]);

  await addRollups(
    pool,
    Array.from({ length: 250 }, (_, n) => ({
      ...key({ domain: `d${String(n).padStart(3, '0')}.test`, hourMs: DAY + HOUR_MS }),
      counts: { delivered: 1 },
    })),
    [],
  );
  await pool.query("update rollups set accepted = 5 where domain = 'd249.test'");
  await compactRollups(pool, DAY + DAY_MS);
  const { rows } = await pool.query<{ n: number; rest: number; sum: number; busy: number }>(
    `select count(*)::int as n, sum(delivered) filter (where domain = '')::int as rest, sum(delivered)::int as sum,
       count(*) filter (where domain = 'd249.test')::int as busy from rollups where hour < to_timestamp($1::float8 / 1000)`,
    [DAY + DAY_MS],
  );
  assert.equal(rows[0]?.n, 201);
  assert.equal(rows[0]?.sum, 256);
  assert.equal(rows[0]?.busy, 1, 'the busiest keep their names');
  assert.ok((rows[0]?.rest ?? 0) >= 50);
  assert.equal(await dropOldRollups(pool, DAY + HOUR_MS), 201);
});

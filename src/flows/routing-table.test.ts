import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mailRows } from '../../test/support/mail-rows.ts';
import { until } from '../../test/support/until.ts';
import { systemClock } from '../clock.ts';
import { silentLog } from '../log.ts';
import { providerRegistry } from '../providers/registry.ts';
import { makeRoutingTable } from './routing-table.ts';

test('Many hand-overs that fail together are one failure of the account; a probe after its rest is the next', async (t) => {
  const { db, pool, accountId, routeId } = await mailRows(t);
  let now = Date.now();
  const clock = { ...systemClock, nowMs: () => now };
  const table = makeRoutingTable({ pool, clock, log: silentLog, registry: providerRegistry, unseal: () => '{}', onChange: () => {} });
  t.after(async () => {
    table.stop();
    await db.close();
  });
  await table.start();
  const rest = async () => {
    const { rows } = await pool.query<{ health: string; failures: number; until: number | null }>(
      'select health, health_failures as failures, extract(epoch from health_until)::float8 * 1000 as until from provider_accounts where id = $1',
      [accountId],
    );
    const [row] = rows;
    return row && { health: row.health, failures: row.failures, restMs: row.until === null ? null : Math.round(row.until - now) };
  };
  const refused = { kind: 'unreachable', reason: 'connect ECONNREFUSED' } as const;
  for (const [failures, restMs] of [
    [1, 5_000],
    [2, 10_000],
    [3, 20_000],
  ] as const) {
    assert.ok(table.isOpen(routeId));
    for (let n = 0; n < 20; n += 1) table.signal(accountId, refused);
    assert.ok(!table.isOpen(routeId));
    await until(async () => (await rest())?.failures === failures, { what: 'the failure to be stored' });
    assert.deepEqual(await rest(), { health: 'unreachable', failures, restMs });
    now += restMs + 1;
  }
  table.signal(accountId, refused);
  table.signal(accountId, { ...refused, retryAfterMs: 600_000 });
  await until(async () => (await rest())?.restMs === 600_000, { what: 'the wait that the provider asked for' });
  assert.equal((await rest())?.failures, 4);
  table.signal(accountId, null);
  await until(async () => (await rest())?.health === 'well', { what: 'the account to be well again' });
  assert.deepEqual(await rest(), { health: 'well', failures: 0, restMs: null });
});

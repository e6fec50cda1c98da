import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type pg from 'pg';
import { ids, mailRows } from '../../test/support/mail-rows.ts';
import { until } from '../../test/support/until.ts';
import { systemClock } from '../clock.ts';
import { silentLog } from '../log.ts';
import { providerRegistry } from '../providers/registry.ts';
import { makeRoutingTable } from './routing-table.ts';

const QUESTION = {
  stream: 'transactional',
  fromDomain: 'club.test',
  domainAuthenticated: true,
  freeMailbox: false,
  sizeBytes: 500,
  refusedBy: [],
  mime: null,
} as const;

/** A table on a database of its own with one real account; its clock stands until time `passes`. */
async function openTable(t: TestContext, unseal: (id: string, own: string) => string = () => '{}') {
  const { db, pool, tenantId, accountId, routeId } = await mailRows(t);
  let now = Date.now();
  const table = makeRoutingTable({
    ...{ pool, log: silentLog, registry: providerRegistry, onChange: () => {} },
    clock: { ...systemClock, nowMs: () => now },
    unseal: (id) => unseal(id, accountId),
  });
  t.after(async () => {
    table.stop();
    await db.close();
  });
  const passes = (ms: number) => {
    now += ms;
  };
  return { pool, tenantId, accountId, routeId, table, passes, nowMs: () => now };
}

/** One more account, with its pool and route. */
async function addAccount(
  pool: pg.Pool,
  account: { name: string; simulated: boolean },
): Promise<{ id: string; routeId: number | undefined }> {
  const id = ids.next();
  const { rows } = await pool.query<{ id: number }>(
    `with a as (
       insert into provider_accounts (id, name, provider, secret, webhook_token, webhook_password, simulated)
       values ($1::uuid, $2, 'smtp', '', $1::uuid::text, '', $3) returning id
     ), p as (insert into pools (id, account_id) select $4, id from a returning id, account_id)
     insert into routes (account_id, pool_id) select account_id, id from p returning id`,
    [id, account.name, account.simulated, ids.next()],
  );
  return { id, routeId: rows[0]?.id };
}

test('Many hand-overs that fail together are one failure of the account; a probe after its rest is the next', async (t) => {
  const { pool, accountId, routeId, table, passes, nowMs } = await openTable(t);
  await table.start();
  const rest = async () => {
    const { rows } = await pool.query<{ health: string; failures: number; until: number | null }>(
      'select health, health_failures as failures, extract(epoch from health_until)::float8 * 1000 as until from provider_accounts where id = $1',
      [accountId],
    );
    const [row] = rows;
    return row && { health: row.health, failures: row.failures, restMs: row.until === null ? null : Math.round(row.until - nowMs()) };
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
    passes(restMs + 1);
  }
  table.signal(accountId, refused);
  table.signal(accountId, { ...refused, retryAfterMs: 600_000 });
  await until(async () => (await rest())?.restMs === 600_000, { what: 'the wait that the provider asked for' });
  assert.equal((await rest())?.failures, 4);
  table.signal(accountId, null);
  await until(async () => (await rest())?.health === 'well', { what: 'the account to be well again' });
  assert.deepEqual(await rest(), { health: 'well', failures: 0, restMs: null });
});

test('Between the last real account and the next, mail of a desk in use is held; the simulator takes it only where nothing ever went out', async (t) => {
  const { pool, tenantId, accountId, routeId, table, passes } = await openTable(t);
  const simulated = await addAccount(pool, { name: 'sim', simulated: true });
  const openRoute = async () => {
    passes(2_000);
    await table.refresh();
    return table.openRoute(tenantId, 'transactional');
  };
  assert.equal(await openRoute(), routeId);
  await pool.query(`update provider_accounts set state = 'removed' where id = $1`, [accountId]);
  assert.equal(await openRoute(), simulated.routeId);
  const { judgements } = table.decide({ ...QUESTION, tenantId });
  assert.deepEqual(
    judgements.map(({ account }) => account),
    ['sim'],
    'a removed account is not judged any more',
  );
  await pool.query(`update provider_accounts set health = 'unreachable', health_failures = 1 where id = $1`, [accountId]);
  assert.equal(await openRoute(), null, 'mail was offered to it and waits for another try');
  await pool.query(`update provider_accounts set health = 'well', health_failures = 0 where id = $1`, [accountId]);
  assert.equal(await openRoute(), simulated.routeId);
  await pool.query(
    `insert into rollups (tenant_id, hour, stream, domain, mailbox_provider, account_id, handed_over) values ($1, now(), 'bulk', 'club.test', 'other', $2, 1)`,
    [tenantId, accountId],
  );
  assert.equal(await openRoute(), null);
  await pool.query('insert into routing (id, tenant_id, stream, accounts) values ($1, null, null, array[$1::uuid])', [simulated.id]);
  assert.equal(await openRoute(), simulated.routeId);
});

test('Mail that came while the only real account was paused waits for another one when that is removed without having carried any', async (t) => {
  const { pool, tenantId, accountId, routeId, table, passes } = await openTable(t);
  await addAccount(pool, { name: 'sim', simulated: true });
  const decided = async () => {
    passes(2_000);
    await table.refresh();
    return table.decide({ ...QUESTION, tenantId });
  };
  await pool.query(`update provider_accounts set state = 'paused' where id = $1`, [accountId]);
  const held = await decided();
  assert.deepEqual([held.heldCode, held.judgements.map((each) => each.routeId)], ['every-account-out', [routeId]]);
  await pool.query(`update provider_accounts set state = 'removed' where id = $1`, [accountId]);
  assert.ok((await decided()).routeId !== null, 'no mail came: the desk goes on rehearsing');
  await table.decisionId(held);
  assert.ok(!table.noWayOut());
  assert.deepEqual([(await decided()).heldCode, table.playsWorld(), table.noWayOut()], ['no-account', false, true]);
});

test('An account whose secret does not open is left alone, and the others carry the mail', async (t) => {
  const { pool, tenantId, routeId, table } = await openTable(t, (id, own) => {
    if (id === own) throw new Error('a stored secret does not open');
    return '{}';
  });
  await addAccount(pool, { name: 'spare', simulated: false });
  await table.start();
  assert.ok(!table.isOpen(routeId));
  const { routeId: chosen, judgements } = table.decide({ ...QUESTION, tenantId });
  assert.ok(chosen !== null && chosen !== routeId);
  assert.match(judgements.find((each) => each.routeId === routeId)?.because ?? '', /secret does not open/);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { httpDesk } from '../../test/support/http-desk.ts';
import { hasRole, withTenant } from './scope.ts';

test("Behind the second wall a statement sees one tenant's rows only, whatever it asks for", async (t) => {
  const desk = await httpDesk(t);
  const [one, two] = [await desk.tenant('One'), await desk.tenant('Two')];
  for (const club of [one, two]) {
    await desk.ask('POST', '/v1/messages', { key: club.key, body: { from: `a@${club.domain}`, to: 'x@mailbox.test', text: 'x' } });
    await desk.ask('POST', '/v1/suppressions', { key: club.key, body: { address: 'held@mailbox.test' } });
    await desk.ask('POST', '/v1/webhook-endpoints', { key: club.key, body: { url: 'https://a.example/' } });
    await desk.ask('POST', `/v1/tenants/${club.id}/senders`, { key: club.key, body: { address: 'a@b.example' } });
  }
  assert.equal(await hasRole(desk.pool), true);
  const tables = [
    'credentials',
    'sending_domains',
    'dkim_keys',
    'senders',
    'bodies',
    'messages',
    'recipients',
    'suppressions',
    'webhook_endpoints',
  ];
  for (const table of [...tables, 'lanes', 'intake_counters', 'audit_log']) {
    const rows = await withTenant(desk.pool, one.id, async (db) => (await db.query(`select tenant_id from ${table}`)).rows);
    assert.ok(rows.length > 0, `${table} has rows of the tenant`);
    assert.deepEqual(new Set(rows.map((row) => row.tenant_id)), new Set([one.id]), table);
  }
  const tenants = await withTenant(desk.pool, one.id, async (db) => (await db.query('select id from tenants')).rows);
  assert.deepEqual(tenants, [{ id: one.id }]);
  const moved = await withTenant(desk.pool, one.id, (db) => db.query("update suppressions set reason = 'mine'"));
  assert.equal(moved.rowCount, 1);
  const forbidden = [
    `insert into suppressions (tenant_id, id, address, reason, source) values ('${two.id}', gen_random_uuid(), 'a@b.example', 'x', 'x')`,
    'select * from provider_accounts',
    'select * from operators',
    'select * from sessions',
    'update tenants set name = name',
    'delete from audit_log',
  ];
  for (const sql of forbidden) {
    await assert.rejects(
      withTenant(desk.pool, one.id, (db) => db.query(sql)),
      { code: '42501' },
      sql,
    );
  }
  await assert.rejects(
    withTenant(desk.pool, "x' or true", async () => {}),
    /needs the id/,
  );
});

test('What fails is rolled back, and the connection that comes back to the pool is the owner again', async (t) => {
  const desk = await httpDesk(t);
  const { id } = await desk.tenant('Club');
  const boom = new Error('boom');
  await assert.rejects(
    withTenant(desk.pool, id, async (db) => {
      await db.query("insert into suppressions (tenant_id, id, address, reason, source) values ($1, $1, 'a@b.example', 'x', 'x')", [id]);
      throw boom;
    }),
    boom,
  );
  assert.equal((await desk.pool.query('select from suppressions')).rowCount, 0);
  const users = await Promise.all(Array.from({ length: 8 }, () => desk.pool.query('select current_user as name')));
  for (const { rows } of users) assert.notEqual(rows[0].name, 'packetboat_tenant');
});

// This file tests that both ways to look up whose addresses a list names give the same answer.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ids, mailRows } from '../../test/support/mail-rows.ts';
import { whoseAddresses } from './list-entries.ts';
import { withOwner } from './scope.ts';

test('few organisations are probed, many are hashed, and both know the same', async (t) => {
  const { pool, db, tenantId, accountId, routeId, lane } = await mailRows(t);
  t.after(() => db.close());
  const put = (address: string, state: string, marks = 0, route: number | null = routeId) =>
    pool.query(
      `insert into recipients (tenant_id, id, message_id, address, stream, state, lane_id, route_id, marks, state_at)
       values ($1, $2, $2, $3, 'bulk', $4, $5, $6, $7, '2026-10-01T10:00:00Z')`,
      [tenantId, ids.next(), address, state, lane.id, route, marks],
    );
  await put('One@mailbox.test', 'bounced');
  await put('one@mailbox.test', 'handed_over', 1);
  await put('two@mailbox.test', 'delivered', 0, null);
  await put('two@mailbox.test', 'failed');
  await put('elsewhere@mailbox.test', 'delivered', 0, null);
  await put('waits@mailbox.test', 'queued');
  await pool.query("insert into released_holds (tenant_id, address, released_at) values ($1, 'two@mailbox.test', '2026-10-02T10:00:00Z')", [
    tenantId,
  ]);
  const asked = [
    'one@mailbox.test',
    'two@mailbox.test',
    'elsewhere@mailbox.test',
    'waits@mailbox.test',
    'nobody@mailbox.test',
    'one@mailbox.test',
  ];
  const look = async () => {
    const facts = await withOwner(pool, (client) => whoseAddresses(client, accountId, asked));
    return facts.toSorted((a, b) => (a.address < b.address ? -1 : 1));
  };
  const probed = await look();
  assert.deepEqual(
    probed.map((each) => [each.address, each.tenantId, each.marked, each.deliveredAtMs, each.releasedAtMs]),
    [
      ['one@mailbox.test', tenantId, true, null, null],
      ['two@mailbox.test', tenantId, false, Date.UTC(2026, 9, 1, 10), Date.UTC(2026, 9, 2, 10)],
    ],
  );
  await pool.query("insert into tenants (id, name) select gen_random_uuid(), 'Club ' || n from generate_series(1, 12000) n");
  assert.deepEqual(await look(), probed);
});

// This file loses the answer to a claim: its row stands on the wire, and the desk knows nothing of it. Before the desk finds it, the desk is
// killed. Its successor finds it, as long as the dead one's life was.
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { leaseOf } from '../../src/store/nodes.ts';
import { startSmtpHost } from '../fakes/smtp-host.ts';
import { testDatabase } from '../support/database.ts';
import { inReverse, startDesk } from '../support/desk.ts';
import { until } from '../support/until.ts';

it('goes out all the same, once', { timeout: 600_000 }, async () => {
  const end = inReverse({ after });
  const host = await startSmtpHost();
  end.after(() => host.close());
  const { url, pool } = await testDatabase(end);
  const desk = await startDesk(end, { database: { url } });
  await desk.route([await desk.smarthost(host.port)]);
  const { from } = desk.bootstrap.demo_tenant;
  const sendAt = new Date(Date.now() + 3_600_000).toISOString();
  const { id } = await desk.hand({ from, to: 'a@club.test', subject: 'Lost', text: 'x', send_at: sendAt });
  const node = async () => (await pool.query<{ epoch: number; alive: Date }>('select epoch, alive_until as alive from nodes')).rows[0];
  // What a claim leaves whose commit arrived and whose answer did not.
  const first = await node();
  await pool.query("update recipients set state = 'submitting', due_at = null, lease = $2, state_at = now() where message_id = $1", [
    id,
    String(leaseOf(first?.epoch ?? 0, 0)),
  ]);
  let renewals = 0;
  let alive = first?.alive.getTime();
  await until(
    async () => {
      const now = (await node())?.alive.getTime();
      if (now !== alive) renewals += 1;
      alive = now;
      return renewals >= 2;
    },
    { what: 'two renewals of the lease' },
  );
  const { rows } = await pool.query<{ state: string }>('select state from recipients where message_id = $1', [id]);
  // On a slow machine the desk has had the time to find it by itself.
  if (rows[0]?.state === 'submitting' && host.accepted.length === 0) {
    await desk.kill('SIGKILL');
    await desk.start();
  }
  await desk.settled(id, ['handed_over']);
  assert.equal(host.accepted.length, 1);
  await desk.quiet();
});

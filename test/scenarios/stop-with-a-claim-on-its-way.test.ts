// This file stops a desk (SIGTERM) while the database is slow with a claim: what the claim brings goes back into its lane, and nobody has to doubt
// after the next start whether it went out.
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { startSmtpHost } from '../fakes/smtp-host.ts';
import { testDatabase } from '../support/database.ts';
import { inReverse, startDesk } from '../support/desk.ts';
import { until } from '../support/until.ts';

it('gives back what it brings', { timeout: 600_000 }, async () => {
  const end = inReverse({ after });
  const host = await startSmtpHost();
  end.after(() => host.close());
  const { url, pool } = await testDatabase(end);
  const desk = await startDesk(end, { database: { url }, env: { PACKETBOAT_SHUTDOWN_GRACE_S: '20' } });
  await desk.route([await desk.smarthost(host.port)]);
  const { from } = desk.bootstrap.demo_tenant;
  // By then the lock below is taken, on a slow machine too.
  const sendAt = new Date(Date.now() + 12_000).toISOString();
  const { id } = await desk.hand({ from, to: 'a@club.test', subject: 'Soon', text: 'x', send_at: sendAt });
  const slow = await pool.connect();
  await slow.query('begin');
  // Every write to recipients waits for it.
  await slow.query('lock table recipients in share mode');
  await until(
    async () => {
      const { rows } = await pool.query<{ n: number }>(
        `select count(*)::int as n from pg_stat_activity
         where datname = current_database() and wait_event_type = 'Lock' and query like '%for update skip locked%judged as%'`,
      );
      return (rows[0]?.n ?? 0) > 0;
    },
    { what: 'a claim that waits' },
  );
  const stopped = desk.kill('SIGTERM');
  // Long enough for a desk that does not wait for the claim to end.
  await delay(1_500);
  await slow.query('rollback');
  slow.release();
  assert.equal(await stopped, 0);
  const { rows } = await pool.query<{ state: string }>('select state from recipients where message_id = $1', [id]);
  assert.equal(rows[0]?.state, 'queued');
  assert.equal(host.accepted.length, 0);
  await desk.start();
  const message = await desk.settled(id, ['handed_over']);
  assert.deepEqual(message.recipients[0]?.marks.includes('resent'), false);
  assert.equal(host.accepted.length, 1);
});

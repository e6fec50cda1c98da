// This file makes the database read only (a failover whose new server is not promoted yet, a full disk) while the answer of the smarthost is on its way:
// the answer is kept until it can be written down, and nobody gets the mail twice.
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { holdDots } from '../fakes/held-dots.ts';
import { startSmtpHost } from '../fakes/smtp-host.ts';
import { testDatabase } from '../support/database.ts';
import { inReverse, openDesk } from '../support/desk.ts';
import { until } from '../support/until.ts';

it('keeps the answer until it can be written down', { timeout: 600_000 }, async () => {
  const end = inReverse({ after });
  const host = await startSmtpHost();
  end.after(() => host.close());
  const { url } = await testDatabase(end);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  end.after(() => client.end());
  const desk = await openDesk(end, { database: { url } });
  await desk.route([await desk.smarthost(host.port)]);
  /** For connections from now on; the others end, and this waits until the desk has heard it. */
  const readOnly = async (value: 'on' | 'off') => {
    await client.query(
      `do $$ begin execute format('alter database %I set default_transaction_read_only = ${value}', current_database()); end $$`,
    );
    const { rows } = await client.query<{ pid: number }>(
      `select pid, pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()`,
    );
    const ended = rows.map(({ pid }) => pid);
    await until(async () => (await client.query('select from pg_stat_activity where pid = any ($1::int[])', [ended])).rowCount === 0, {
      what: 'the connections to end',
    });
  };
  const dots = holdDots(host);
  const { from } = desk.bootstrap.demo_tenant;
  const { id } = await desk.hand({ from, to: 'a@club.test', subject: 'Once', text: 'x' });
  await until(() => dots.count === 1, { what: 'the message on the wire' });
  await readOnly('on');
  dots.answer();
  await until(() => host.accepted.length === 1, { what: 'the smarthost to take it' });
  // The point is that the desk tries in vain to write it down.
  await delay(1_000);
  const refused = await desk.api(
    'POST',
    '/v1/messages',
    { from, to: 'b@club.test', subject: 'Not now', text: 'x' },
    desk.bootstrap.demo_tenant.api_key,
  );
  assert.deepEqual([refused.status, refused.body.code], [503, 'STORE_UNAVAILABLE']);
  await readOnly('off');
  // A connection that was cut may still be asked once.
  await until(async () => (await desk.api('GET', `/v1/messages/${id}`)).body.recipients?.[0]?.state === 'handed_over', {
    what: 'the outcome to be written down',
  });
  const message = await desk.settled(id, ['handed_over']);
  assert.deepEqual(
    message.recipients[0]?.attempts.map((attempt) => attempt.outcome),
    ['handed_over'],
  );
  assert.equal(host.accepted.length, 1);
  await desk.quiet();
  await desk.close();
});

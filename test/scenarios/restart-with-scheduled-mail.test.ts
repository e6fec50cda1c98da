// This file schedules mail, stops the desk before it is due and starts it after: it leaves once, on the first occasion, and what is due later
// still waits its time.
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import pg from 'pg';
import { startSmtpHost } from '../fakes/smtp-host.ts';
import { startDesk } from '../support/desk.ts';

it('hands over what came due meanwhile, and nothing before its time', { timeout: 600_000 }, async () => {
  const host = await startSmtpHost();
  after(() => host.close());
  const desk = await startDesk({ after });
  await desk.smarthost(host.port);
  const { from } = desk.bootstrap.demo_tenant;
  const hand = (to: string, send_at: string) => desk.hand({ from, to, subject: to, text: 'We start at nine.', send_at });
  const inAnHour = new Date(Date.now() + 3_600_000).toISOString();
  const soon = await hand('soon@club.test', inAnHour);
  const later = await hand('later@club.test', inAnHour);
  assert.deepEqual([soon.recipients[0]?.state, later.recipients[0]?.state], ['scheduled', 'scheduled']);
  assert.equal(await desk.kill('SIGKILL'), 'SIGKILL');
  // The time of one passes while nobody is there.
  const database = new pg.Client({ connectionString: desk.databaseUrl });
  await database.connect();
  await database.query("update messages set send_at = now() - interval '1 second' where id = $1", [soon.id]);
  await database.query("update recipients set due_at = now() - interval '1 second' where message_id = $1", [soon.id]);
  await database.end();
  assert.equal(host.accepted.length, 0);
  await desk.start();
  const message = await desk.settled(soon.id, ['handed_over']);
  assert.deepEqual(
    message.recipients[0]?.attempts.map((attempt) => attempt.outcome),
    ['handed_over'],
  );
  assert.deepEqual(
    host.accepted.map((mail) => mail.rcptTo),
    [['soon@club.test']],
  );
  const ledger = await desk.ledger();
  assert.equal(ledger.states.scheduled, 1);
});

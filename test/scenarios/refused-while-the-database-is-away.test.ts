// This file lets a smarthost refuse a message while the database cannot be reached, so that nobody can look up whether another route may try: the
// answer is kept, and acted on as soon as the database is back. The desk lives on.
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { startSmtpHost } from '../fakes/smtp-host.ts';
import { tcpRelay } from '../fakes/tcp-relay.ts';
import { testDatabase } from '../support/database.ts';
import { inReverse, startDesk } from '../support/desk.ts';
import { until } from '../support/until.ts';

/** What is remembered of a sender's rights is asked again after this. */
const RIGHTS_TTL_MS = 5_000;

it('keeps the answer until it can act on it', { timeout: 600_000 }, async () => {
  const end = inReverse({ after });
  const [first, second] = [await startSmtpHost(), await startSmtpHost()];
  end.after(async () => void (await Promise.all([first.close(), second.close()])));
  const database = await testDatabase(end);
  const relay = await tcpRelay(Number(new URL(database.url).port));
  end.after(() => relay.close());
  const url = new URL(database.url);
  url.port = String(relay.port);
  const desk = await startDesk(end, { database: { url: url.href } });
  await desk.route([await desk.smarthost(first.port), await desk.smarthost(second.port)]);
  let answer = () => {};
  const held = new Promise<void>((resolve) => {
    answer = resolve;
  });
  let dots = 0;
  first.answer = (stage, { rcptTo }) => {
    if (stage !== 'dot') return undefined;
    dots += 1;
    const reply = rcptTo.includes('gone@club.test')
      ? '550 5.1.1 User unknown'
      : '554 5.7.1 Service unavailable; Client host [192.0.2.7] blocked using zen.spamhaus.org';
    return { hold: held, reply };
  };
  const { from } = desk.bootstrap.demo_tenant;
  const hand = (to: string) => desk.hand({ from, to, subject: to, text: 'x' });
  // One after the other: two that wait for the same session to open share it, and the second would wait for the answer to the first.
  const listed = await hand('listed@club.test');
  await until(() => dots === 1, { what: 'the first message on the wire' });
  const gone = await hand('gone@club.test');
  await until(() => dots === 2, { what: 'both messages on the wire' });
  // The point is that what was remembered is forgotten.
  await delay(RIGHTS_TTL_MS);
  relay.refuse();
  answer();
  await delay(1_000);
  relay.open();
  const [rerouted] = (await desk.settled(listed.id, ['handed_over'])).recipients;
  assert.deepEqual(
    rerouted?.attempts.map((attempt) => attempt.outcome),
    ['refused', 'handed_over'],
  );
  assert.equal((await desk.settled(gone.id, ['bounced'])).recipients[0]?.reason, 'invalid-recipient');
  assert.equal(second.accepted.length, 1);
  await desk.quiet();
  await desk.stop();
});

// This file stops a desk (SIGTERM) while its database cannot be reached and answers of the smarthost wait to be written down: it ends all the same,
// and the next start settles what it could not.
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { holdDots } from '../fakes/held-dots.ts';
import { startSmtpHost } from '../fakes/smtp-host.ts';
import { tcpRelay } from '../fakes/tcp-relay.ts';
import { testDatabase } from '../support/database.ts';
import { inReverse, startDesk } from '../support/desk.ts';
import { until } from '../support/until.ts';

it('ends, and its successor settles the rest', { timeout: 600_000 }, async () => {
  const end = inReverse({ after });
  const host = await startSmtpHost();
  end.after(() => host.close());
  const database = await testDatabase(end);
  const relay = await tcpRelay(Number(new URL(database.url).port));
  end.after(() => relay.close());
  const url = new URL(database.url);
  url.port = String(relay.port);
  const desk = await startDesk(end, { database: { url: url.href } });
  await desk.smarthost(host.port, { connections: 1 });
  const dots = holdDots(host);
  const { from } = desk.bootstrap.demo_tenant;
  for (const to of ['a@club.test', 'b@club.test', 'c@club.test']) await desk.hand({ from, to, subject: to, text: 'x' });
  await until(() => dots.count === 1, { what: 'a message on the wire' });
  relay.refuse();
  dots.answer();
  await until(() => host.accepted.length > 0, { what: 'the smarthost to take it' });
  assert.equal(await desk.kill('SIGTERM'), 0);
  relay.open();
  await desk.start();
  const ledger = await desk.quiet();
  assert.equal(ledger.states.handed_over, 3, JSON.stringify(ledger.states));
});

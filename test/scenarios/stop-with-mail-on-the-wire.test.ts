// This file stops a desk (SIGTERM) while hand-overs are on the wire and more wait behind them: what was answered in time counts, what waited
// goes back to its lane, nothing becomes uncertain, and the next start carries on.
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { holdDots } from '../fakes/held-dots.ts';
import { startSmtpHost } from '../fakes/smtp-host.ts';
import { startDesk } from '../support/desk.ts';
import { until } from '../support/until.ts';

it('hands leases back and leaves nothing uncertain', { timeout: 600_000 }, async () => {
  const host = await startSmtpHost();
  after(() => host.close());
  const dots = holdDots(host);
  // It ends as soon as it can; how long the database takes to write down the answers is no question here.
  const desk = await startDesk({ after }, { env: { PACKETBOAT_SHUTDOWN_GRACE_S: '40' } });
  await desk.smarthost(host.port, { connections: 2 });
  const from = desk.bootstrap.demo_tenant.from;
  const ids: string[] = [];
  for (let n = 0; n < 30; n += 1) ids.push((await desk.hand({ from, to: `m${n}@club.test`, subject: `${n}`, text: 'on the wire' })).id);
  await until(() => dots.count >= 2, { what: 'two messages on the wire' });
  const stopping = desk.stop();
  await until(() => desk.log.some((line) => line.event === 'stopping'), { what: 'the desk to be stopping' });
  dots.answer();
  await stopping;
  await desk.start();
  const ledger = await desk.quiet();
  assert.equal(ledger.states.handed_over, 30);
  const addresses = host.accepted.flatMap((mail) => mail.rcptTo);
  assert.equal(addresses.length, 30, 'each once');
  assert.equal(new Set(addresses).size, 30);
  for (const id of ids) {
    const [recipient] = (await desk.message(id)).recipients;
    assert.ok(!recipient?.events.some((event) => event.type === 'uncertain'));
  }
});

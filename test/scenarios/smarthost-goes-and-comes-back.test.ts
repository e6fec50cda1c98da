// This file takes the only smarthost away while mail comes in, and brings it back: the doors go on taking mail, it waits and says why, nothing fails,
// and it leaves soon after the host is back. An address put on hold meanwhile gets nothing.
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { startSmtpHost } from '../fakes/smtp-host.ts';
import { tcpRelay } from '../fakes/tcp-relay.ts';
import { inReverse, openDesk } from '../support/desk.ts';
import { until } from '../support/until.ts';

const MAILS = 30;

it('waits for it, and loses nothing', { timeout: 600_000 }, async () => {
  const end = inReverse({ after });
  const host = await startSmtpHost();
  end.after(() => host.close());
  const relay = await tcpRelay(host.port);
  end.after(() => relay.close());
  const desk = await openDesk(end);
  const account = await desk.smarthost(relay.port);
  const { from, api_key: key } = desk.bootstrap.demo_tenant;
  const hand = (to: string) => desk.hand({ from, to, subject: to, text: 'x' });
  await desk.settled((await hand('first@club.test')).id, ['handed_over']);

  relay.refuse();
  for (let n = 0; n < MAILS; n += 1) await hand(`m${n}@club.test`);
  const { id: unlucky } = await hand('unlucky@club.test');
  const { body: hold } = await desk.api('POST', '/v1/suppressions', { address: 'unlucky@club.test' }, key);
  assert.ok(hold.id, JSON.stringify(hold));
  const health = async () => (await desk.api('GET', `/v1/provider-accounts/${account}`)).body.health;
  await until(async () => (await health()) === 'unreachable', { what: 'the account to be known as unreachable' });
  const { body: overview } = await desk.api('GET', '/v1/overview');
  assert.ok(Array.isArray(overview.needs_person));
  assert.equal(host.accepted.length, 1);

  relay.open();
  const ledger = await desk.quiet();
  assert.deepEqual([ledger.states.handed_over, ledger.states.suppressed], [MAILS + 1, 1], JSON.stringify(ledger.states));
  const arrived = host.accepted.flatMap((mail) => mail.rcptTo);
  assert.equal(arrived.length, MAILS + 1);
  assert.equal(new Set(arrived).size, MAILS + 1);
  const [recipient] = (await desk.message(unlucky)).recipients;
  assert.equal(recipient?.state, 'suppressed');
  await until(async () => (await health()) === 'well', { what: 'the account to be known as well' });
});

// This file freezes one of two nodes (SIGSTOP) with mail on the wire until its lease is over, and thaws it after the other has taken its rows: it
// finds that it was declared dead, keeps off what is no longer its own, and works on under a new epoch. It stands with the system tests because it
// waits for the real times of leases.
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { startSmtpHost } from '../fakes/smtp-host.ts';
import { testDatabase } from '../support/database.ts';
import { inReverse, startDesk } from '../support/desk.ts';
import { besideNode } from '../support/second-node.ts';
import { until } from '../support/until.ts';

it('finds that it was declared dead, and works on', { timeout: 600_000 }, async () => {
  const end = inReverse({ after });
  const host = await startSmtpHost();
  end.after(() => host.close());
  const database = await testDatabase(end);
  const first = await startDesk(end, { database });
  await first.smarthost(host.port, { connections: 2 });
  // The second does not dispatch what it takes until the first is gone: it only comes into play then.
  const second = await startDesk(end, { database, env: besideNode(end, first) });

  let answer = () => {};
  const held = new Promise<void>((resolve) => {
    answer = resolve;
  });
  let holding = true;
  host.answer = (stage) => (stage === 'dot' && holding ? { hold: held } : undefined);
  const { from, api_key: apiKey } = first.bootstrap.demo_tenant;
  const hand = (desk: typeof first, to: string) => desk.hand({ from, to, subject: to, text: 'x' }, apiKey);
  for (let n = 0; n < 12; n += 1) await hand(first, `frozen${n}@club.test`);
  await until(() => host.heard.filter(({ line }) => line === 'DATA').length >= 2, { what: 'mail on the wire' });
  process.kill(first.pid, 'SIGSTOP');
  // What stands on the wire is answered while nobody listens.
  holding = false;
  answer();
  await until(() => second.log.some((line) => line.event === 'dead_node_settled'), {
    what: 'the second to bury the first',
  });
  await until(async () => (await second.ledger()).states.handed_over === 12, { what: 'the second to hand over what the first held' });
  process.kill(first.pid, 'SIGCONT');
  await until(() => first.log.some((line) => line.event === 'node_lease_lost'), { what: 'the first to find out' });
  await until(async () => (await fetch(`${first.bootstrap.http_url}/health`)).status === 200, { what: 'the first to be well' });
  await hand(first, 'thawed@club.test');
  const ledger = await second.quiet();
  assert.equal(ledger.states.handed_over, 13, JSON.stringify(ledger.states));
  const times = new Map<string, number>();
  for (const { rcptTo } of host.accepted) for (const address of rcptTo) times.set(address, (times.get(address) ?? 0) + 1);
  assert.equal(times.size, 13);
  for (const [address, n] of times) {
    if (n === 1) continue;
    assert.equal(n, 2, `${address} arrived ${n} times`);
    const { body } = await second.api('GET', `/v1/recipients?address=${encodeURIComponent(address)}`);
    assert.ok(body.data[0]?.marks.includes('resent'), `${address} arrived twice without a mark`);
  }
});

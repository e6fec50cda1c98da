// This file runs two desks on one PostgreSQL: both take mail and hand it over, each knows the other's accounts, and when one is killed the other
// takes over what it left. Nothing is lost, and only what was in the dead node's hands may arrive twice.
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { startSmtpHost } from '../fakes/smtp-host.ts';
import { testDatabase } from '../support/database.ts';
import { inReverse, startDesk } from '../support/desk.ts';
import { startLoad } from '../support/load.ts';
import { besideNode } from '../support/second-node.ts';
import { until } from '../support/until.ts';

it('share the work; one survives the other', { timeout: 600_000 }, async () => {
  const end = inReverse({ after });
  const host = await startSmtpHost();
  end.after(() => host.close());
  const database = await testDatabase(end);
  const first = await startDesk(end, { database });
  await first.smarthost(host.port);
  const second = await startDesk(end, { database, env: besideNode(end, first) });

  // The second node has keys of its own; it knows no password and must not set one.
  assert.equal((await second.api('GET', '/v1/tenants')).status, 200);
  const { console_login: login, console_password: password } = first.bootstrap;
  assert.equal((await first.api('POST', '/v1/session', { login, password }, null)).status, 200, 'the first console log-in still works');

  const tenant = first.bootstrap.demo_tenant;
  const loads = [first, second].map((desk, n) =>
    startLoad({ bootstrap: () => ({ ...desk.bootstrap, demo_tenant: tenant }), domain: `club${n}.test`, sessions: 2 }),
  );
  await until(() => loads.every((load) => load.accepted.size > 40), { what: 'both nodes to take mail' });
  const handedOver = async (url: string) => {
    const text = await (await fetch(`${url}/metrics`)).text();
    return Number(/packetboat_hand_over_outcomes_total\{provider="smtp",outcome="handed_over"\} (\d+)/.exec(text)?.[1] ?? 0);
  };
  for (const desk of [first, second])
    await until(async () => (await handedOver(desk.bootstrap.http_url)) > 0, { what: 'each to hand over' });

  assert.equal(await second.kill('SIGKILL'), 'SIGKILL');
  await loads[1]?.stop();
  await loads[0]?.stop();
  const ledger = await first.quiet();
  assert.equal(ledger.states.handed_over, ledger.injected, JSON.stringify(ledger.states));
  const times = new Map<string, number>();
  for (const { rcptTo } of host.accepted) for (const address of rcptTo) times.set(address, (times.get(address) ?? 0) + 1);
  for (const load of loads)
    assert.deepEqual(
      [...load.accepted].filter((address) => !times.has(address)),
      [],
    );
  for (const [address, n] of times) {
    if (n === 1) continue;
    const { body } = await first.api('GET', `/v1/recipients?address=${encodeURIComponent(address)}`);
    assert.ok(body.data[0]?.marks.includes('resent'), `${address} arrived ${n} times without a mark`);
  }
});

// This file kills the embedded database server (SIGKILL of its first process) while mail comes in over both doors and goes out. It comes back by
// itself; the doors say "not now" meanwhile and lie to nobody; what was accepted arrives.
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { startSmtpHost } from '../fakes/smtp-host.ts';
import { startDesk } from '../support/desk.ts';
import { startLoad } from '../support/load.ts';
import { until } from '../support/until.ts';

const KILLS = 2;

it('loses nothing that was accepted', { timeout: 600_000 }, async () => {
  const host = await startSmtpHost();
  after(() => host.close());
  const desk = await startDesk({ after }, { database: 'embedded' });
  await desk.smarthost(host.port);
  const load = startLoad({ bootstrap: () => desk.bootstrap });
  for (let kill = 0; kill < KILLS; kill += 1) {
    const before = load.accepted.size;
    await until(() => load.accepted.size > before + 20, { what: 'mail to flow' });
    // Not a wait for anything: the moment of the kill is meant to be any.
    await delay(Math.random() * 300);
    const pid = desk.postgresPid;
    assert.ok(pid);
    process.kill(pid, 'SIGKILL');
    await until(() => desk.postgresPid !== null && desk.postgresPid !== pid, { what: 'the server to come back' });
  }
  const before = load.accepted.size;
  await until(() => load.accepted.size > before + 20, { what: 'mail to flow again' });
  await load.stop();
  const codes = [...load.refused.keys()].filter((code) => ![0, 421, 451, 503].includes(code));
  assert.deepEqual(codes, [], `refusals were ${JSON.stringify([...load.refused])}`);
  const ledger = await desk.quiet();
  const arrived = new Map<string, number>();
  for (const { rcptTo } of host.accepted) for (const address of rcptTo) arrived.set(address, (arrived.get(address) ?? 0) + 1);
  assert.deepEqual(
    [...load.accepted].filter((address) => !arrived.has(address)),
    [],
  );
  assert.equal(ledger.states.handed_over, ledger.injected, JSON.stringify(ledger.states));
  // The node lived on and kept its outcomes, so nothing was in doubt and nothing went twice. Where the database was away for longer than a node's
  // lease lasts, what was on the wire then is in doubt all the same, and says so.
  const lapsed = desk.log.some((line) => line.event === 'node_lease_lost');
  for (const [address, n] of arrived) {
    if (n === 1) continue;
    assert.ok(lapsed && n === 2, `${address} arrived ${n} times`);
    const { body } = await desk.api('GET', `/v1/recipients?address=${encodeURIComponent(address)}`);
    assert.ok(body.data[0]?.marks.includes('resent'), `${address} arrived twice without a mark: ${JSON.stringify(body.data)}`);
  }
});

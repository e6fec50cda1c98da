// This file runs one desk as several processes: a first start makes one demo organisation, every process answers on the shared ports, one that is
// killed comes back, and SIGTERM ends them all.
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { startDesk } from '../support/desk.ts';
import { until } from '../support/until.ts';

it('start together, replace a dead one and stop together', { timeout: 600_000 }, async () => {
  const desk = await startDesk({ after }, { args: ['--processes', '2'] });
  const readyPids = () => new Set(desk.log.filter((line) => line.event === 'ready').map((line) => Number(line['pid'])));
  await until(() => readyPids().size === 2, { what: 'both processes to be ready' });
  assert.ok(!desk.log.some((line) => line.event === 'process_ended'), 'nobody stumbled over the other');
  const { body } = await desk.api('GET', '/v1/tenants');
  assert.equal(body.data.length, 1, JSON.stringify(body.data));

  const { from } = desk.bootstrap.demo_tenant;
  const hand = (n: number) => desk.hand({ from, to: `member+${n}@mailbox.test`, subject: `${n}`, text: 'x' });
  await Promise.all(Array.from({ length: 20 }, (_, n) => hand(n)));
  const [killed = 0] = [...readyPids()];
  process.kill(killed, 'SIGKILL');
  await until(() => readyPids().size === 3, { what: 'a new process' });
  await Promise.all(Array.from({ length: 20 }, (_, n) => hand(100 + n)));
  const ledger = await desk.quiet();
  assert.equal(ledger.injected, 40);
  assert.equal(ledger.states.handed_over + ledger.states.delivered, 40, JSON.stringify(ledger.states));
  await desk.stop();
  for (const pid of readyPids()) assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
});

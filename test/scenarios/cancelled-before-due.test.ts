// This file calls messages back: before they are due they never leave, afterwards it is too late and the answer says so. A race between
// the call and the due time has one winner per recipient.
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { startSmtpHost } from '../fakes/smtp-host.ts';
import { openDesk } from '../support/desk.ts';

const RACERS = 40;

it('never hands over what was cancelled in time', { timeout: 600_000 }, async () => {
  const host = await startSmtpHost();
  after(() => host.close());
  const desk = await openDesk({ after });
  await desk.smarthost(host.port);
  const { from, api_key: key } = desk.bootstrap.demo_tenant;
  const at = (ms: number) => new Date(Date.now() + ms).toISOString();
  const called = await desk.hand({ from, to: ['a@club.test', 'b@club.test'], subject: 'Off', text: 'x', send_at: at(3_600_000) });
  const cancel = (id: string) => desk.api('POST', `/v1/messages/${id}/cancel`, undefined, key);
  assert.deepEqual((await cancel(called.id)).body, { id: called.id, cancelled: 2, unchanged: 0 });
  assert.deepEqual((await cancel(called.id)).body, { id: called.id, cancelled: 0, unchanged: 2 });

  const left = await desk.hand({ from, to: 'left@club.test', subject: 'On', text: 'x' });
  await desk.settled(left.id, ['handed_over']);
  assert.deepEqual((await cancel(left.id)).body, { id: left.id, cancelled: 0, unchanged: 1 });

  const due = at(400);
  const racers = await Promise.all(
    Array.from({ length: RACERS }, (_, n) => desk.hand({ from, to: `r${n}@club.test`, subject: 'Race', text: 'x', send_at: due })),
  );
  // Some are called back before their time, some around it, some after it.
  for (const { id } of racers) await cancel(id);
  const ledger = await desk.quiet();
  const cancelled = new Set<string>();
  for (const { id } of racers)
    for (const { state, address } of (await desk.message(id)).recipients) if (state === 'cancelled') cancelled.add(address);
  const arrived = host.accepted.flatMap((mail) => mail.rcptTo);
  assert.deepEqual(
    arrived.filter((address) => cancelled.has(address)),
    [],
  );
  assert.equal(new Set(arrived).size, arrived.length);
  assert.equal(arrived.length + cancelled.size, RACERS + 1);
  assert.equal(ledger.states.cancelled, cancelled.size + 2);
});

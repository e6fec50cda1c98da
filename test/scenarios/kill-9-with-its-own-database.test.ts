// This file kills a desk that runs on its own database: the node alone, then node and server in the same moment. No server is left behind, the next
// start finds everything as it was committed, and what waited goes out.
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { startDesk } from '../support/desk.ts';
import { until } from '../support/until.ts';

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

it('leaves no server behind and comes back by itself', { timeout: 600_000 }, async () => {
  const desk = await startDesk({ after }, { database: 'embedded' });
  const { from } = desk.bootstrap.demo_tenant;
  const scheduled = new Date(Date.now() + 3_600_000).toISOString();
  for (const both of [false, true]) {
    const waiting = await desk.hand({ from, to: 'later@mailbox.test', subject: 'later', text: 'x', send_at: scheduled });
    const server = desk.postgresPid;
    assert.ok(server);
    if (both) process.kill(server, 'SIGKILL');
    assert.equal(await desk.kill('SIGKILL'), 'SIGKILL');
    await until(() => !runs(server), { what: 'the server to end with its desk' });
    await desk.start();
    assert.notEqual(desk.postgresPid, server);
    assert.equal((await desk.message(waiting.id)).recipients[0]?.state, 'scheduled');
    const { id } = await desk.hand({ from, to: 'member@mailbox.test', subject: 'now', text: 'x' });
    await desk.settled(id, ['delivered']);
  }
  const ledger = await desk.ledger();
  assert.equal(ledger.states.scheduled, 2);
  await desk.stop();
  assert.equal(desk.postgresPid, null);
});

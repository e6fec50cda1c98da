// This file sets the machine's clock ahead and back while mail waits for its next try: nothing expires for it, and nothing waits for it. The time
// of the desk is the database's.
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { startSmtpHost } from '../fakes/smtp-host.ts';
import { inReverse, openDesk } from '../support/desk.ts';

const DAY_MS = 86_400_000;

for (const [name, jumpMs] of [
  ['ahead', 30 * DAY_MS],
  ['back', -30 * DAY_MS],
] as const) {
  it(`${name}: mail is tried again as if nothing had happened`, { timeout: 600_000 }, async (t) => {
    const end = inReverse({ after });
    const host = await startSmtpHost();
    end.after(() => host.close());
    const desk = await openDesk(end, { env: { PACKETBOAT_RETRY_TRANSACTIONAL: '1s 2s; max 600s' } });
    await desk.route([await desk.smarthost(host.port)]);
    let tries = 0;
    host.answer = (stage) => {
      if (stage !== 'dot') return undefined;
      tries += 1;
      return tries === 1 ? '451 4.3.0 Not now' : undefined;
    };
    const { from } = desk.bootstrap.demo_tenant;
    const { id } = await desk.hand({ from, to: 'a@club.test', subject: 'Later', text: 'x' });
    await desk.settled(id, ['deferred', 'handed_over']);
    const { now } = Date;
    t.mock.method(Date, 'now', () => now.call(Date) + jumpMs);
    const message = await desk.settled(id, ['handed_over']);
    assert.equal(message.recipients[0]?.attempts.length, 2);
    assert.equal(host.accepted.length, 1);
    await desk.quiet();
    await desk.close();
  });
}

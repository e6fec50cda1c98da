// This file hands mail in without a pause while a desk starts again: what its doors take in their first moment goes its way like all other mail.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { startSmtpHost } from '../fakes/smtp-host.ts';
import { testDatabase } from '../support/database.ts';
import { inReverse, openDesk, testFolder } from '../support/desk.ts';
import { freePort } from '../support/free-port.ts';
import { until } from '../support/until.ts';

const CALLERS = 8;

it('holds nothing back that came early', { timeout: 600_000 }, async () => {
  const end = inReverse({ after });
  const host = await startSmtpHost();
  end.after(() => host.close());
  const { url } = await testDatabase(end);
  // The same port for both, from where nobody else is given one while neither listens.
  const env = { PACKETBOAT_SECRET_KEY_FILE: join(testFolder(end), 'secret.key'), PACKETBOAT_HTTP_PORT: String(await freePort()) };
  const first = await openDesk(end, { database: { url }, env });
  await first.smarthost(host.port);
  const { http_url: origin, demo_tenant: tenant } = first.bootstrap;
  await first.close();

  const states: string[] = [];
  let open = true;
  const caller = async (number: number) => {
    for (let n = 0; open; n += 1) {
      const body = JSON.stringify({ from: tenant.from, to: `m${number}-${n}@club.test`, text: 'x' });
      const headers = { authorization: `Bearer ${tenant.api_key}`, 'content-type': 'application/json' };
      const answer = await fetch(`${origin}/v1/messages`, { method: 'POST', headers, body }).catch(() => null);
      // Nobody listens yet.
      if (answer === null) await new Promise((resolve) => setTimeout(resolve, 1));
      else if (answer.status === 202)
        states.push(((await answer.json()) as { recipients: { state: string }[] }).recipients[0]?.state ?? '');
      else assert.equal(answer.status, 503, await answer.text());
    }
  };
  const callers = Array.from({ length: CALLERS }, (_, number) => caller(number));
  const second = await openDesk(end, { database: { url }, env });
  await until(() => states.length >= CALLERS, { what: 'the door to take mail' });
  open = false;
  await Promise.all(callers);
  assert.deepEqual([...new Set(states)], ['queued'], `${states.length} were taken`);
  await second.quiet();
  assert.equal(host.accepted.length, states.length);
});

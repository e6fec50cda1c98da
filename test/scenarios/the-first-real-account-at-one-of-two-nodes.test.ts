// This file gives a desk of two nodes its first real account at one of them, while the simulator plays the world, and hands mail in at the other in the
// same moment: the simulator must not swallow what was meant for the account.
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { startSmtpHost } from '../fakes/smtp-host.ts';
import { testDatabase } from '../support/database.ts';
import { inReverse, startDesk } from '../support/desk.ts';
import { besideNode } from '../support/second-node.ts';

it('takes mail at both from then on', { timeout: 600_000 }, async () => {
  const end = inReverse({ after });
  const host = await startSmtpHost();
  end.after(() => host.close());
  const database = await testDatabase(end);
  const first = await startDesk(end, { database });
  const second = await startDesk(end, { database, env: besideNode(end, first) });
  const tenant = first.bootstrap.demo_tenant;
  const hand = (address: string) =>
    second.hand({ from: tenant.from, to: address, subject: 'Regatta', text: 'We start at nine.' }, tenant.api_key);

  await hand('before@club.test');
  await first.smarthost(host.port);
  const later = await Promise.all(Array.from({ length: 20 }, (_, n) => hand(`m${n}@club.test`)));
  for (const { id } of later) await first.settled(id, ['handed_over']);
  assert.deepEqual(host.accepted.flatMap(({ rcptTo }) => rcptTo).toSorted(), later.map((_, n) => `m${n}@club.test`).toSorted());
});

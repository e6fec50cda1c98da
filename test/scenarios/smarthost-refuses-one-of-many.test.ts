// This file lets a smarthost refuse single recipients of one message, for good and for now: the others get theirs once and at once, each
// recipient has its own fate, and the refused address is on hold from then on.
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { startSmtpHost } from '../fakes/smtp-host.ts';
import { openDesk } from '../support/desk.ts';

const MEMBERS = 40;

it('gives each recipient its own fate', { timeout: 600_000 }, async () => {
  const host = await startSmtpHost();
  after(() => host.close());
  let busyTries = 0;
  host.answer = (stage, { line }) => {
    if (stage !== 'rcpt') return undefined;
    if (line.includes('<gone@club.test>')) return '550 5.1.1 <gone@club.test>: Recipient address rejected: User unknown';
    if (!line.includes('<busy@club.test>')) return undefined;
    busyTries += 1;
    return busyTries < 3 ? '451 4.3.0 try again later' : undefined;
  };
  const desk = await openDesk({ after });
  await desk.smarthost(host.port);
  const members = Array.from({ length: MEMBERS }, (_, n) => `m${n}@club.test`);
  const to = [...members, 'gone@club.test', 'busy@club.test'];
  const { from } = desk.bootstrap.demo_tenant;
  const { id } = await desk.hand({ from, to, subject: 'Regatta', text: 'We start at nine.' });
  const message = await desk.settled(id, ['handed_over', 'bounced']);
  const fate = (address: string) => message.recipients.find((recipient) => recipient.address === address);
  assert.equal(fate('gone@club.test')?.state, 'bounced');
  assert.equal(fate('gone@club.test')?.reason, 'invalid-recipient');
  assert.match(fate('gone@club.test')?.attempts[0]?.reply ?? '', /User unknown/);
  assert.equal(fate('busy@club.test')?.state, 'handed_over');
  assert.deepEqual(
    fate('busy@club.test')?.attempts.map((attempt) => attempt.outcome),
    ['deferred', 'deferred', 'handed_over'],
  );
  const arrived = host.accepted.flatMap((mail) => mail.rcptTo).sort();
  assert.deepEqual(arrived, [...members, 'busy@club.test'].sort());
  for (const mail of host.accepted) assert.equal(mail.rcptTo.length, 1, 'each return path belongs to one recipient');
  assert.equal(new Set(host.accepted.map((mail) => mail.mailFrom)).size, host.accepted.length);

  const again = await desk.hand({ from, to: 'gone@club.test', subject: 'Again', text: 'Are you there?' });
  assert.equal(again.recipients[0]?.state, 'suppressed');
  const { body } = await desk.api('GET', '/v1/suppressions?address=gone@club.test');
  assert.equal(body.data[0]?.reason, 'invalid-recipient');
  await desk.quiet();
});

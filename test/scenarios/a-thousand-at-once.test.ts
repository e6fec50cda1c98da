// This file hands in the largest things there may be: a message with a thousand recipients, and a batch of a thousand messages with bad ones among
// them. Each item has its own verdict, each recipient its own fate, and the ledger knows them all.
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { startSmtpHost } from '../fakes/smtp-host.ts';
import { openDesk } from '../support/desk.ts';

const THOUSAND = 1_000;

it('are taken, judged and handed over one by one', { timeout: 600_000 }, async () => {
  const host = await startSmtpHost();
  after(() => host.close());
  host.answer = (stage, { line }) => (stage === 'rcpt' && /<gone\d+@/.test(line) ? '550 5.1.1 User unknown' : undefined);
  const desk = await openDesk({ after });
  await desk.smarthost(host.port);
  const { from, api_key: key } = desk.bootstrap.demo_tenant;
  const to = Array.from({ length: THOUSAND }, (_, n) => (n % 100 === 0 ? `gone${n}@club.test` : `m${n}@club.test`));
  const one = await desk.hand({ from, to, subject: 'Everybody', text: 'x' });
  assert.equal(one.recipients.length, THOUSAND);
  const tooMany = await desk.api('POST', '/v1/messages', { from, to: [...to, 'one-more@club.test'], subject: 'x', text: 'x' }, key);
  assert.deepEqual([tooMany.status, tooMany.body.code], [422, 'MAIL_RECIPIENTS_TOO_MANY']);

  const messages = Array.from({ length: THOUSAND }, (_, n) => {
    const message = { from, to: `b${n}@club.test`, subject: `${n}`, text: 'x' };
    if (n % 250 === 7) return { ...message, to: 'nonsense' };
    if (n % 250 === 8) return { ...message, from: 'boss@bank.test' };
    return message;
  });
  const { status, body: verdicts } = await desk.api('POST', '/v1/messages/batch', { messages }, key, { 'idempotency-key': 'mailing-1' });
  assert.equal(status, 202);
  assert.deepEqual([verdicts.accepted, verdicts.refused], [THOUSAND - 8, 8]);
  for (const { index, status: verdict, error, id } of verdicts.data) {
    const bad = index % 250 === 7 ? 'MAIL_ADDRESS_INVALID' : index % 250 === 8 ? 'SENDER_NOT_ALLOWED' : null;
    assert.deepEqual([verdict, error?.code ?? null], [bad ? 'refused' : 'accepted', bad]);
    assert.equal(typeof id, bad ? 'undefined' : 'string');
  }
  // The application did not get the answer and asks again: nobody gets anything twice.
  const again = await desk.api('POST', '/v1/messages/batch', { messages }, key, { 'idempotency-key': 'mailing-1' });
  const idsOf = (data: { id?: string }[]) => data.map((verdict) => verdict.id);
  assert.deepEqual(idsOf(again.body.data), idsOf(verdicts.data));

  const ledger = await desk.quiet();
  assert.deepEqual([ledger.injected, ledger.states.bounced, ledger.states.handed_over], [2 * THOUSAND - 8, 10, 2 * THOUSAND - 18]);
  const arrived = host.accepted.flatMap((mail) => mail.rcptTo);
  assert.equal(arrived.length, 2 * THOUSAND - 18);
  assert.equal(new Set(arrived).size, arrived.length);
});

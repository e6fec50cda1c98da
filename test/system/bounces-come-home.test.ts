// This file lets a real Postfix write real delivery status mails: no such mailbox, a host that cannot be reached, a full mailbox, a refusal by policy.
// They come back to the signed return path and settle the one recipient they are about; only the address that does not exist goes on hold.
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { createTransport } from 'nodemailer';
import { startSmtpHost } from '../fakes/smtp-host.ts';
import { postalWorld, postalWorldMissing, RETURN_PATH_HOST } from '../support/postal-world.ts';
import { until } from '../support/until.ts';

const skip = postalWorldMissing();

/** What receivers say to the smarthost, which tells us by mail. */
const REFUSALS = [
  {
    domain: 'full.test',
    reply: '552 5.2.2 The email account that you tried to reach is over quota.',
    reason: 'mailbox-full',
    fault: 'recipient',
    hold: false,
  },
  {
    domain: 'listed.test',
    reply: '554 5.7.1 Service unavailable; Client host [192.0.2.7] blocked using zen.spamhaus.org',
    reason: 'ip-reputation',
    fault: 'sender-reputation',
    hold: false,
  },
  {
    domain: 'unproven.test',
    reply: '550 5.7.26 This mail has been blocked because the sender is unauthenticated. DKIM = did not pass SPF = did not pass',
    reason: 'auth-failure',
    fault: 'authentication',
    hold: false,
  },
  {
    domain: 'gone.test',
    reply: '550 5.1.1 The email account that you tried to reach does not exist.',
    reason: 'invalid-recipient',
    fault: 'recipient',
    hold: true,
  },
] as const;

describe('bounces come home', { skip }, async () => {
  if (skip) return;
  const receiver = await startSmtpHost({
    answer: (stage, { line }) => (stage === 'rcpt' ? REFUSALS.find(({ domain }) => line.includes(`@${domain}>`))?.reply : undefined),
  });
  after(() => receiver.close());
  const world = await postalWorld(
    { after },
    {
      mailboxes: ['member@seed.test'],
      // The smarthost tries every second or two; however slow the machine is, it tries once between the first and the last of these times.
      main: { delay_warning_time: '1s', maximal_queue_lifetime: '25s', bounce_queue_lifetime: '60s', confirm_delay_cleared: 'no' },
      transports: {
        'unreachable.test': 'smtp:[127.0.0.1]:1',
        ...Object.fromEntries(REFUSALS.map(({ domain }) => [domain, `smtp:[127.0.0.1]:${receiver.port}`])),
        'refused.test': 'error:5.1.2 domain does not exist',
      },
    },
  );
  const { desk, club, dovecot, postfix } = world;
  const from = `office@${club.domain}`;
  const hand = (to: string | string[], subject = 'Regatta') => desk.hand({ from, to, subject, text: 'We start at nine.' }, club.key);
  const holds = async (address: string) =>
    (await desk.api('GET', `/v1/suppressions?address=${encodeURIComponent(address)}`, undefined, club.key)).body.data;

  it('a mailbox that does not exist bounces and goes on hold; its neighbour in the same message does not', {
    timeout: 600_000,
  }, async () => {
    const { id } = await hand(['nobody@seed.test', 'member@seed.test']);
    const one = (address: string, state: string) =>
      until(
        async () => {
          const found = (await desk.message(id)).recipients.find((recipient) => recipient.address === address);
          return found?.state === state ? found : null;
        },
        { what: `${address} to be ${state}` },
      );
    const bounced = await one('nobody@seed.test', 'bounced');
    assert.equal(bounced.reason, 'invalid-recipient');
    assert.equal(bounced.attempts[0]?.outcome, 'handed_over', 'the smarthost took it first');
    const event = bounced.events.find((each) => each.type === 'bounced');
    assert.match(String(event?.data?.['diagnostic']), /User doesn't exist/);
    assert.equal(event?.data?.['fault'], 'recipient');
    assert.equal(event?.data?.['source'], 'return-path');
    const [hold] = await holds('nobody@seed.test');
    assert.deepEqual([hold?.reason, hold?.stream ?? ''], ['invalid-recipient', '']);
    assert.equal((await dovecot.arrived('member@seed.test')).length, 1);
    assert.equal(
      (await one('member@seed.test', 'handed_over')).events.some((each) => each.type === 'bounced'),
      false,
    );
    const again = await hand('nobody@seed.test', 'Again');
    assert.equal(again.recipients[0]?.state, 'suppressed');
  });

  it('a delay is told and changes nothing; when the smarthost gives up it is a bounce that is not the recipient’s fault', {
    timeout: 600_000,
  }, async () => {
    const { id } = await hand('member@unreachable.test');
    const delayed = await until(
      async () => {
        const [recipient] = (await desk.message(id)).recipients;
        return recipient?.events.some((event) => event.type === 'deferred') ? recipient : null;
      },
      { what: 'news of the delay' },
    );
    // Whoever looks late sees the end, too; before it, nothing has changed.
    const over = delayed.events.some((event) => event.type === 'bounced');
    assert.equal(delayed.state, over ? 'bounced' : 'handed_over');
    const [recipient] = (await desk.settled(id, ['bounced'])).recipients;
    assert.ok(['network', 'expired'].includes(recipient?.reason ?? ''), `${recipient?.reason}`);
    assert.equal(recipient?.events.find((event) => event.type === 'bounced')?.data?.['fault'], 'receiver');
    assert.deepEqual(await holds('member@unreachable.test'), []);
  });

  for (const { domain, reply, reason, fault, hold } of REFUSALS) {
    it(`${domain} is ${reason}`, { timeout: 600_000 }, async () => {
      const { id } = await hand(`member@${domain}`);
      const [recipient] = (await desk.settled(id, ['bounced'])).recipients;
      assert.equal(recipient?.reason, reason);
      const event = recipient?.events.find((each) => each.type === 'bounced');
      assert.equal(event?.data?.['fault'], fault);
      assert.ok(String(event?.data?.['diagnostic']).includes(reply.slice(0, 30)), 'the receiver’s own words are kept');
      assert.equal((await holds(`member@${domain}`)).length > 0, hold);
    });
  }

  it('what the smarthost refuses at RCPT needs no report', { timeout: 600_000 }, async () => {
    const { id } = await hand('member@refused.test');
    const [recipient] = (await desk.settled(id, ['bounced'])).recipients;
    assert.deepEqual([recipient?.reason, recipient?.attempts[0]?.outcome], ['bad-domain', 'refused']);
  });

  it('the inbound door refuses tokens it never made, and what is no return path at all', { timeout: 600_000 }, async () => {
    const transport = createTransport({ host: '127.0.0.1', port: desk.bootstrap.inbound_port, ignoreTLS: true });
    const report = 'From: MAILER-DAEMON@evil.test\r\nSubject: Undelivered\r\n\r\nx\r\n';
    for (const to of [`b-${'a'.repeat(48)}@${RETURN_PATH_HOST}`, `info@${RETURN_PATH_HOST}`, 'member@seed.test']) {
      await assert.rejects(
        transport.sendMail({ envelope: { from: '', to: [to] }, raw: report }),
        { responseCode: 550, message: /RETURN_PATH_UNKNOWN/ },
        to,
      );
    }
    transport.close();
  });

  it('the ledger balances, and nothing waits anywhere', { timeout: 600_000 }, async () => {
    await desk.quiet();
    await until(async () => (await postfix.queued()).length === 0, { what: 'the smarthost to have an empty queue' });
  });
});

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, test } from 'node:test';
import { DEFAULT_HOLD_POLICIES } from '../../test/support/hold-policies.ts';
import { closeRows, ids, mailRows } from '../../test/support/mail-rows.ts';
import { systemClock } from '../clock.ts';
import { makeReference, REFERENCE_HEADER } from '../delivery/report-reference.ts';
import { makeReturnPath } from '../delivery/return-path.ts';
import { NO_OWN_RULES } from '../feedback/own-rules.ts';
import { silentLog } from '../log.ts';
import { findInboundMail, listInboundMails, replayInboundMail } from '../store/inbound-mails.ts';
import { makeIntake } from '../store/intake.ts';
import { makeInboundStore } from '../store/webhook-intake.ts';
import { makeInboundReader } from './read-inbound.ts';
import { makeRecordFeedback } from './record-feedback.ts';

const rows = await mailRows();
after(() => closeRows(rows));
const { db, pool, tenantId } = rows;
const secretKey = randomBytes(32);
const host = 'returns.test';
const intake = makeIntake(db.hot);
const store = makeInboundStore(db.hot);
const read = makeInboundReader({
  pool,
  hot: db.hot,
  clock: systemClock,
  log: silentLog,
  returnPath: { secretKeys: [secretKey], host },
  record: makeRecordFeedback({ hot: db.hot, ids, nowMs: () => Date.now(), policies: DEFAULT_HOLD_POLICIES }),
  ownRules: () => NO_OWN_RULES,
  forward: async () => null,
});
const { rows: numbers } = await pool.query<{ number: number }>('select number from tenants where id = $1', [tenantId]);
const tenantNumber = numbers[0]?.number ?? 0;

interface Sent {
  readonly messageId: string;
  readonly recipients: readonly { readonly id: string; readonly address: string }[];
  readonly headerMessageId: string;
}

/** A message that was handed over to so many. */
async function sent(count = 1, change: { headerMessageId?: string } = {}): Promise<Sent> {
  const message = rows.message(
    change,
    Array.from({ length: count }, (_, n) => ({ state: 'handed_over', dueAtMs: null, address: `Member${n}-${ids.next()}@mailbox.test` })),
  );
  await intake.submit(message);
  return { messageId: message.id, recipients: message.recipients, headerMessageId: message.headerMessageId };
}

const tokenOf = (recipientId: string) => makeReturnPath({ secretKey, host, tenantNumber, recipientId });
const referenceOf = (messageId: string) => `${REFERENCE_HEADER}: ${makeReference(secretKey, { tenantNumber, id: messageId })}`;

interface Verdict {
  readonly address: string;
  readonly action?: string;
  readonly status?: string;
  readonly words?: string;
}

function dsn(verdicts: readonly Verdict[], returned: readonly string[] = []): string {
  const blocks = verdicts.map(({ address, action = 'failed', status = '5.1.1', words = '550 5.1.1 no such user here' }) =>
    [`Final-Recipient: rfc822; ${address}`, `Action: ${action}`, `Status: ${status}`, `Diagnostic-Code: smtp; ${words}`].join('\r\n'),
  );
  const part = (type: string, body: string) => `--x\r\nContent-Type: ${type}\r\n\r\n${body}\r\n`;
  return [
    'From: MAILER-DAEMON@mx.test\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n',
    `Content-Type: multipart/report; report-type=delivery-status; boundary=x\r\n\r\n`,
    part('text/plain', 'It could not be delivered.'),
    part('message/delivery-status', `Reporting-MTA: dns; mx.test\r\n\r\n${blocks.join('\r\n\r\n')}\r\n`),
    part('text/rfc822-headers', ['Subject: Regatta', ...returned, ''].join('\r\n')),
    `--x-- ${ids.next()}\r\n`,
  ].join('');
}

function complaint(fields: readonly string[], returned: readonly string[]): string {
  const part = (type: string, body: string) => `--x\r\nContent-Type: ${type}\r\n\r\n${body}\r\n`;
  return [
    'From: fbl@mx.test\r\nSubject: FW: Regatta\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=feedback-report; boundary=x\r\n\r\n',
    part('text/plain', 'An abuse report.'),
    part('message/feedback-report', ['Feedback-Type: abuse', 'Version: 1', 'User-Agent: x', ...fields, ''].join('\r\n')),
    part('text/rfc822-headers', ['Subject: Regatta', ...returned, ''].join('\r\n')),
    `--x-- ${ids.next()}\r\n`,
  ].join('');
}

/** Stores a mail, to the return path of a recipient or (null) as one from a mailbox, has it read, and answers what it was read as. */
async function came(mail: string, to: string | null, mailFrom = '') {
  const id = ids.next();
  await store.submit({
    id,
    tenantId: to === null ? null : tenantId,
    recipientId: to,
    mailFrom,
    rcptTo: to === null ? '' : tokenOf(to),
    remoteAddress: '192.0.2.1',
    raw: Buffer.from(mail),
  });
  await read();
  const found = await findInboundMail(pool, null, id);
  assert.ok(found);
  return found;
}

async function stateOf(id: string): Promise<string> {
  const { rows: found } = await pool.query<{ state: string }>('select state from recipients where id = $1', [id]);
  return found[0]?.state ?? '';
}

async function heldAddresses(): Promise<string[]> {
  const { rows: found } = await pool.query<{ address: string }>('select address from suppressions');
  return found.map(({ address }) => address);
}

const only = (message: Sent) => {
  const [recipient] = message.recipients;
  assert.ok(recipient);
  return recipient;
};

test('a report to a return path is about its recipient, and what it was read as can be looked up', async () => {
  const message = await sent();
  const { id, address } = only(message);
  const mail = await came(dsn([{ address }]), id);
  assert.deepEqual(
    [mail.kind, mail.class, mail.fault, mail.outcome, mail.matched_by, mail.recipient_id, mail.message_id, mail.subject, mail.times],
    ['bounce', 'invalid-recipient', 'recipient', 'recorded', 'return-path', id, message.messageId, 'Undelivered', 1],
  );
  assert.equal(await stateOf(id), 'bounced');
  assert.ok((await heldAddresses()).includes(address.toLowerCase()));
});

test('a report that hides everything but the Message-ID we composed finds its message, and nobody else’s', async () => {
  const headerMessageId = `<${ids.next()}@club.test>`;
  const { id } = only(await sent(1, { headerMessageId }));
  const returned = [`Message-ID: ${headerMessageId}`, 'To: redacted', `Feedback-ID: news:t${tenantNumber}:bulk:packetboat`];
  const mail = await came(complaint(['Original-Rcpt-To: redacted'], returned), null);
  assert.deepEqual([mail.outcome, mail.matched_by, mail.recipient_id], ['recorded', 'message-id', id]);
  const foreign = await came(
    complaint([], [`Message-ID: ${headerMessageId}`, `Feedback-ID: news:t${tenantNumber + 1}:bulk:packetboat`]),
    null,
  );
  assert.equal(foreign.outcome, 'unmatched');
});

test('a bounce of the address a mail was forwarded to counts for the address we mailed, and touches no other', async () => {
  const { id, address } = only(await sent());
  await came(dsn([{ address: 'private@elsewhere.test' }]), id);
  assert.equal(await stateOf(id), 'bounced');
  const held = await heldAddresses();
  assert.ok(held.includes(address.toLowerCase()) && !held.includes('private@elsewhere.test'));
});

test('where a list took the mail for others, the failure of one member holds nobody', async () => {
  const { id, address } = only(await sent());
  const mail = await came(
    dsn([{ address: 'a@elsewhere.test', action: 'delivered', status: '2.0.0', words: '250 ok' }, { address: 'b@elsewhere.test' }]),
    id,
  );
  assert.equal(mail.kind, 'bounce');
  assert.ok(!(await heldAddresses()).includes(address.toLowerCase()));
});

test('of several verdicts the one that names our address counts', async () => {
  const { id, address } = only(await sent());
  await came(
    dsn([{ address: 'other@elsewhere.test' }, { address: address.toUpperCase(), action: 'delivered', status: '2.0.0', words: '250 ok' }]),
    id,
  );
  assert.equal(await stateOf(id), 'delivered');
});

test('a report that brings back another recipient’s return path is about that one', async () => {
  const [wrong, right] = [only(await sent()), only(await sent())];
  const mail = await came(dsn([{ address: right.address }], [`Return-Path: <${tokenOf(right.id).toUpperCase()}>`]), wrong.id);
  assert.deepEqual([mail.matched_by, mail.recipient_id], ['returned-path', right.id]);
  assert.deepEqual([await stateOf(wrong.id), await stateOf(right.id)], ['handed_over', 'bounced']);
});

test('a report from a mailbox is matched by our reference, whatever it calls the one recipient', async () => {
  const message = await sent();
  const mail = await came(dsn([{ address: 'alias@elsewhere.test' }], [referenceOf(message.messageId)]), null);
  assert.deepEqual([mail.matched_by, mail.tenant_id, mail.recipient_id], ['reference', tenantId, only(message).id]);
  assert.equal(await stateOf(only(message).id), 'bounced');
});

test('a reference that nobody signed, and a Message-ID that is not the message’s, prove nothing', async () => {
  const { messageId, recipients } = await sent();
  const forged = makeReference(randomBytes(32), { tenantNumber, id: messageId });
  const one = await came(
    dsn([{ address: only({ messageId, recipients, headerMessageId: '' }).address }], [`${REFERENCE_HEADER}: ${forged}`]),
    null,
  );
  assert.deepEqual([one.outcome, one.tenant_id, one.matched_by], ['unmatched', null, null]);
  const two = await came(dsn([{ address: 'x@mailbox.test' }], [`Message-ID: <${messageId}@elsewhere.test>`]), null);
  assert.equal(two.outcome, 'unmatched');
  assert.equal(await stateOf(recipients[0]?.id ?? ''), 'handed_over');
});

test('a complaint with a redacted recipient is matched by our Message-ID', async () => {
  const message = await sent();
  const mail = await came(complaint(['Original-Rcpt-To: redacted'], [`Message-ID: ${message.headerMessageId}`]), null);
  assert.deepEqual([mail.kind, mail.matched_by, mail.recipient_id], ['complaint', 'message-id', only(message).id]);
});

test('a complaint that names our return path as its original sender is about that recipient', async () => {
  const { id } = only(await sent(3));
  const mail = await came(complaint([`Original-Mail-From: <${tokenOf(id)}>`], []), null);
  assert.deepEqual([mail.matched_by, mail.recipient_id], ['returned-path', id]);
});

test('an application’s own Message-ID is found by the organisation that Feedback-ID names', async () => {
  const message = await sent(1, { headerMessageId: `<crm-${ids.next()}@crm.example>` });
  const mail = await came(
    dsn(
      [{ address: only(message).address }],
      [`Message-ID: ${message.headerMessageId}`, `Feedback-ID: mail:t${tenantNumber}:bulk:packetboat`],
    ),
    null,
  );
  assert.deepEqual([mail.matched_by, mail.message_id], ['message-id', message.messageId]);
});

test('of a message to many, a report without a return path moves only whom it names, and holds nobody by itself', async () => {
  const message = await sent(3);
  const [, second, third] = message.recipients;
  assert.ok(second && third);
  await came(dsn([{ address: second.address }, { address: 'never@mailed.test' }], [referenceOf(message.messageId)]), null);
  assert.deepEqual([await stateOf(second.id), await stateOf(third.id)], ['bounced', 'handed_over']);
  await came(complaint([`Original-Rcpt-To: ${third.address}`], [referenceOf(message.messageId)]), null);
  const held = await heldAddresses();
  for (const address of [second.address.toLowerCase(), third.address.toLowerCase(), 'never@mailed.test'])
    assert.ok(!held.includes(address));
});

test('a mail is read again by today’s rules; the same verdict counts once, and the list finds it', async () => {
  const { id, address } = only(await sent());
  const mail = await came(dsn([{ address }]), id);
  assert.equal(await replayInboundMail(pool, tenantId, mail.id), true);
  assert.equal(await replayInboundMail(pool, ids.next(), mail.id), false, 'not for another organisation');
  await read();
  const again = await findInboundMail(pool, tenantId, mail.id);
  assert.equal(again?.times, 2);
  const { rows: events } = await pool.query(`select from events where recipient_id = $1 and type = 'bounced'`, [id]);
  assert.equal(events.length, 1);
  const listed = await listInboundMails(pool, tenantId, { before: null, limit: 10, kind: 'bounce', recipientId: id, outcome: 'recorded' });
  assert.deepEqual(
    listed.map((each) => each.id),
    [mail.id],
  );
  assert.deepEqual(await listInboundMails(pool, null, { before: null, limit: 10, outcome: 'waiting' }), []);
});

test('a complaint that hides everything but Feedback-ID is shown to the organisation it names, and counts nowhere', async () => {
  const mail = await came(complaint([], [`Feedback-ID: spring:t${tenantNumber}:bulk:packetboat`]), null);
  assert.deepEqual([mail.kind, mail.outcome, mail.recipient_id, mail.tenant_id], ['complaint', 'unmatched', null, tenantId]);
  assert.equal((await findInboundMail(pool, tenantId, mail.id))?.id, mail.id);
  const unknown = await came(complaint([], ['Feedback-ID: spring:t999999:bulk:packetboat']), null);
  assert.equal(unknown.tenant_id, null);
});

test('a mail that nobody can be found for is kept, shown to operators only', async () => {
  const mail = await came('From: a@b.test\r\nSubject: Hello\r\n\r\nHow are you?\r\n', null, 'a@b.test');
  assert.deepEqual([mail.kind, mail.outcome, mail.tenant_id, mail.from], ['other', 'unmatched', null, 'a@b.test']);
  assert.equal(await findInboundMail(pool, tenantId, mail.id), null);
});

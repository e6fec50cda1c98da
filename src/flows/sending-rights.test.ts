import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { testDatabase } from '../../test/support/database.ts';
import { systemClock } from '../clock.ts';
import { idMint } from '../ids.ts';
import { inspectMessage } from '../mail/inspect.ts';
import { createDomain, deleteDomain, makeDkimKey } from '../store/domains.ts';
import { makeKeys } from '../store/keys.ts';
import { createSender } from '../store/senders.ts';
import { createTenant } from '../store/tenants.ts';
import { checkAuthors, makeSendingRights } from './sending-rights.ts';

const ids = idMint(systemClock);

test('A yes is remembered for five seconds and answered plainly; a no is asked again', async (t) => {
  const { pool } = await testDatabase(t);
  let nowMs = 0;
  const rights = makeSendingRights({ pool, clock: { monotonicMs: () => nowMs } });
  const { id: tenantId } = await createTenant(pool, { id: ids.next(), name: 'Club' });
  const keys = makeKeys(randomBytes(32));
  assert.equal((await rights.check(tenantId, 'a@club.example')).allowed, false);
  const domain = {
    id: ids.next(),
    keyId: ids.next(),
    name: 'club.example',
    authenticated: true,
    state: 'verified' as const,
    key: await makeDkimKey(),
  };
  await createDomain(pool, tenantId, keys, domain);
  const [one, two] = [rights.check(tenantId, 'a@club.example'), rights.check(tenantId, 'A@Club.example ')];
  assert.equal(one, two, 'asked once for both');
  const expected = { allowed: true, domainAuthenticated: true, domainId: domain.id, domainName: 'club.example', freeMailbox: false };
  assert.deepEqual(await one, expected);
  assert.deepEqual(rights.check(tenantId, 'b@club.example'), expected, 'every address of the domain is known now');
  assert.equal((await rights.check(ids.next(), 'a@club.example')).allowed, false, 'of this tenant alone');
  await deleteDomain(pool, tenantId, domain.id);
  assert.deepEqual(rights.check(tenantId, 'a@club.example'), expected);
  nowMs = 5_001;
  assert.equal((await rights.check(tenantId, 'a@club.example')).allowed, false);
});

test('A yes in use is asked for anew before its time is over, and nobody waits for it; a no counts at once', async (t) => {
  const { pool } = await testDatabase(t);
  let nowMs = 0;
  const rights = makeSendingRights({ pool, clock: { monotonicMs: () => nowMs } });
  const { id: tenantId } = await createTenant(pool, { id: ids.next(), name: 'Club' });
  await createSender(pool, tenantId, { id: ids.next(), address: 'club@gmail.com', verified: true });
  const asked = t.mock.method(pool, 'query');
  const yes = await rights.check(tenantId, 'club@gmail.com');
  assert.ok(yes.allowed);
  for (nowMs = 3_000; nowMs < 12_000; nowMs += 3_000) {
    assert.deepEqual(rights.check(tenantId, 'club@gmail.com'), yes);
    await renewed();
  }
  await pool.query('delete from senders');
  assert.deepEqual(rights.check(tenantId, 'club@gmail.com'), yes);
  await renewed();
  assert.equal((await rights.check(tenantId, 'club@gmail.com')).allowed, false);

  /** Waits for what is being asked, and for what is made of the answer. */
  async function renewed(): Promise<void> {
    for (let seen = -1; seen !== asked.mock.callCount(); ) {
      seen = asked.mock.callCount();
      await Promise.all(asked.mock.calls.map((call) => call.result));
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
});

test('A sender address stands for itself only, and is forgotten on request', async (t) => {
  const { pool } = await testDatabase(t);
  const rights = makeSendingRights({ pool, clock: systemClock });
  const { id: tenantId } = await createTenant(pool, { id: ids.next(), name: 'Club' });
  await createSender(pool, tenantId, { id: ids.next(), address: 'club@gmail.com', verified: true });
  assert.deepEqual(await rights.check(tenantId, 'Club@gmail.com'), {
    allowed: true,
    domainAuthenticated: false,
    domainId: null,
    domainName: null,
    freeMailbox: true,
  });
  assert.equal((await rights.check(tenantId, 'other@gmail.com')).allowed, false);
  await pool.query('delete from senders');
  rights.forget(tenantId);
  assert.equal((await rights.check(tenantId, 'club@gmail.com')).allowed, false);
});

test('Every author in From, and whoever Sender and Resent-* name, has to be allowed', async (t) => {
  const { pool } = await testDatabase(t);
  const rights = makeSendingRights({ pool, clock: systemClock });
  const { id: tenantId } = await createTenant(pool, { id: ids.next(), name: 'Club' });
  for (const address of ['one@club.example', 'two@club.example'])
    await createSender(pool, tenantId, { id: ids.next(), address, verified: true });
  const check = async (headers: string) => {
    const inspected = inspectMessage(Buffer.from(`${headers}\r\n\r\nx\r\n`));
    assert.ok(inspected.ok);
    return checkAuthors(rights, tenantId, inspected.value);
  };
  const [one, two, other] = ['one@club.example', 'two@club.example', 'Chair <chair@bank.example>'];
  for (const allowed of [
    `From: ${one}`,
    `From: ${one}, ${two}`,
    `From: ${one}\r\nSender: Two <${two.toUpperCase()}>`,
    `From: ${one}, ${two}\r\nSender: ${one}`,
    `Resent-From: ${two}\r\nResent-Sender: ${one}\r\nFrom: ${one}`,
    `From: ${one}\r\nSender:\r\nResent-From:  `,
  ])
    assert.equal((await check(allowed)).allowed, true, allowed);
  for (const from of [`${one}, ${other}`, `${other}, ${one}`, `${one}, ${two}, ${other}`]) {
    const may = await check(`From: ${from}\r\nSender: ${one}`);
    assert.ok(!may.allowed && may.reason.includes('bank.example'));
  }
  for (const name of ['Sender', 'Resent-From', 'Resent-Sender']) {
    const refused = { code: 'SENDER_NOT_ALLOWED', field: 'sender', message: new RegExp(`^${name}: .*bank\\.example`) };
    await assert.rejects(check(`From: ${one}\r\n${name}: ${other}`), refused);
    await assert.rejects(check(`From: ${one}\r\n${name}: ${two}\r\n${name}: ${other}`), refused, 'the second one too');
    await assert.rejects(check(`From: ${one}\r\n${name}: nobody`), { code: 'MAIL_ADDRESS_INVALID', field: 'sender' });
  }
  const many = Array.from({ length: 11 }, () => two).join(', ');
  for (const headers of [`From: ${many}`, `From: ${one}\r\nResent-From: ${many}`])
    await assert.rejects(check(headers), { code: 'SENDER_NOT_ALLOWED' });
});

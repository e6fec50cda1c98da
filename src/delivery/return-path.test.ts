// This file checks the signed return paths of src/delivery/return-path.ts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fc } from '../../test/support/property.ts';
import { readFeedbackMail } from '../feedback/from-mail.ts';
import { looksLikeReturnPath, makeReturnPath, readReturnPath } from './return-path.ts';

const secretKey = Buffer.alloc(32, 7);
const otherKey = Buffer.alloc(32, 8);
const host = 'bounce.desk.example';
const parts = { secretKey, host, tenantNumber: 42, recipientId: '0190a5f2-7c1e-7abc-8def-0123456789ab' };

test('a return path reads back as the tenant and recipient it was made for', () => {
  fc.assert(
    fc.property(fc.uuid(), fc.integer({ min: 0, max: 0xffffffff }), (recipientId, tenantNumber) => {
      const address = makeReturnPath({ secretKey, host, tenantNumber, recipientId });
      assert.deepEqual(readReturnPath(address, { secretKeys: [secretKey] }), { tenantNumber, recipientId });
      assert.ok(address.indexOf('@') <= 64);
      assert.match(address, /^b-[a-z2-7]{48}@bounce\.desk\.example$/);
    }),
  );
});

test('a return path is found wherever a report carries it', () => {
  const address = makeReturnPath(parts);
  for (const mail of [
    `From: fbl@example.com\n\nReturn-Path: <${address.toUpperCase()}>\nSubject: news\n`,
    `From: fbl@example.com\nDelivered-To: ${address}\n\nhello\n`,
    `From: fbl@example.com\nContent-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\nOriginal-Mail-From: <${address}>\n\n--b--\n`,
  ])
    assert.deepEqual(readFeedbackMail(Buffer.from(mail)).ourIdentifiers.returnPaths, [address], mail);
});

test('capitals and angle brackets on the way back change nothing', () => {
  const address = makeReturnPath(parts);
  const expected = { tenantNumber: 42, recipientId: parts.recipientId };
  assert.deepEqual(readReturnPath(address.toUpperCase(), { secretKeys: [secretKey] }), expected);
  assert.deepEqual(readReturnPath(`<${address}>`, { secretKeys: [secretKey] }), expected);
  assert.deepEqual(readReturnPath(address, { secretKeys: [secretKey] }), expected);
});

test('the own host of a sending domain is as good as ours, and stays so when it is gone', () => {
  const own = makeReturnPath({ ...parts, host: 'bounce.club.example' });
  assert.deepEqual(readReturnPath(own, { secretKeys: [secretKey] }), { tenantNumber: 42, recipientId: parts.recipientId });
  assert.ok(looksLikeReturnPath(own) && looksLikeReturnPath(`<${own.toUpperCase()}>`));
  assert.ok(!looksLikeReturnPath('b-team@club.example') && !looksLikeReturnPath('club@club.example'));
});

test('a key that was replaced still opens its old return paths, an unknown key does not', () => {
  const address = makeReturnPath(parts);
  assert.ok(readReturnPath(address, { secretKeys: [otherKey, secretKey] }));
  assert.equal(readReturnPath(address, { secretKeys: [otherKey] }), null);
  assert.equal(readReturnPath(address, { secretKeys: [] }), null);
});

test('no changed character of the token is accepted', () => {
  const address = makeReturnPath(parts);
  for (let i = 2; i < 50; i += 1) {
    const changed = address.slice(0, i) + (address[i] === 'a' ? 'b' : 'a') + address.slice(i + 1);
    assert.equal(readReturnPath(changed, { secretKeys: [secretKey] }), null, changed);
  }
});

test('anything else is refused without an exception', () => {
  const address = makeReturnPath(parts);
  for (const odd of [
    '',
    '<>',
    'b-@x',
    address.replace(host, ''),
    address.replace(host, 'two hosts'),
    address.replace('b-', 'c-'),
    `${address}@x`,
    address.replace('@', '%'),
  ]) {
    assert.equal(readReturnPath(odd, { secretKeys: [secretKey] }), null, odd);
  }
  fc.assert(fc.property(fc.string(), (text) => readReturnPath(text, { secretKeys: [secretKey] }) === null));
  fc.assert(
    fc.property(
      fc.string({ minLength: 50, maxLength: 50 }),
      (text) => readReturnPath(`${text}@${host}`, { secretKeys: [secretKey] }) === null,
    ),
  );
});

test('an id that is no UUID is a bug and says so', () => {
  assert.throws(() => makeReturnPath({ ...parts, recipientId: 'nonsense' }), RangeError);
  assert.throws(() => makeReturnPath({ ...parts, recipientId: 'z'.repeat(32) }), RangeError);
  assert.throws(() => makeReturnPath({ ...parts, tenantNumber: -1 }), RangeError);
});

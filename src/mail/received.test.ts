import assert from 'node:assert/strict';
import { test } from 'node:test';
import { receivedField } from './received.ts';

const facts = {
  helo: 'crm.example',
  remoteAddress: '127.0.0.1',
  hostname: 'desk.example',
  esmtp: true,
  secure: true,
  authenticated: true,
  atMs: 0,
};

test('the field names peer, host, protocol and time', () => {
  assert.equal(
    receivedField(facts),
    'Received: from crm.example ([127.0.0.1])\r\n by desk.example with ESMTPSA; Thu, 01 Jan 1970 00:00:00 +0000\r\n',
  );
  assert.match(receivedField({ ...facts, remoteAddress: '::1', secure: false, authenticated: false }), /\[IPv6:::1\].* with ESMTP;/s);
  assert.match(receivedField({ ...facts, esmtp: false }), / with SMTP;/);
});

test('a peer cannot write a header of its own through its name', () => {
  const field = receivedField({ ...facts, helo: 'x\r\nBcc: all@example\r\n (' });
  assert.equal(field.split('\r\n').length, 3);
  assert.ok(!field.includes('Bcc:') || field.includes('x??Bcc:'));
});

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { NO_EXTENSIONS, readExtensions } from './extensions.ts';

it('reads what Postfix offers', () => {
  const lines = [
    'mail.example',
    'PIPELINING',
    'SIZE 10240000',
    'VRFY',
    'STARTTLS',
    'AUTH PLAIN LOGIN',
    'AUTH=PLAIN LOGIN',
    '8BITMIME',
    'DSN',
    'SMTPUTF8',
  ];
  const reply = lines.map((line, at) => `250${at === lines.length - 1 ? ' ' : '-'}${line}`).join('\n');
  const auth = new Set(['PLAIN', 'LOGIN']);
  assert.deepEqual(readExtensions(reply), {
    pipelining: true,
    size: 10_240_000,
    eightBitMime: true,
    smtpUtf8: true,
    dsn: true,
    startTls: true,
    auth,
  });
});

it('takes keywords in any case, and SIZE with no or an odd number as no limit', () => {
  assert.deepEqual(readExtensions('250-x\n250-size\n250 pipelining'), { ...NO_EXTENSIONS, size: 0, pipelining: true });
  assert.equal(readExtensions('250-x\n250 SIZE lots').size, 0);
  assert.equal(readExtensions('250-x\n250 SIZE 0').size, 0);
});

it('does not take the name of the server for an extension', () => {
  assert.deepEqual(readExtensions('250 PIPELINING'), NO_EXTENSIONS);
  assert.deepEqual(readExtensions('250'), NO_EXTENSIONS);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseWebhookTarget } from './webhook-target.ts';

test('Webhooks go to public https addresses only', () => {
  const good = [
    'https://example.org/hook',
    'https://example.org:8443/hook?x=1',
    'https://93.184.216.34/',
    'https://[2606:2800:220:1::1]/x',
  ];
  for (const url of good) assert.equal(parseWebhookTarget(url, false), new URL(url).href);
  assert.equal(parseWebhookTarget('https://example.org/hook#part', false), 'https://example.org/hook');
  const bad = [
    'http://example.org/hook',
    'ftp://example.org/',
    'https://localhost/',
    'https://desk.localhost/',
    'https://intranet/',
    'https://printer.local/',
    'https://db.internal/',
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://10.0.0.1/',
    'https://169.254.169.254/latest/meta-data',
    'https://192.168.0.1/',
    'https://0.0.0.0/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[fe80::1]/',
    'https://[fd00::1]/',
    'https://100.64.0.1/',
    'https://[::a00:1]/',
    'https://[64:ff9b::a00:1]/',
    'https://[64:ff9b:1::a00:1]/',
    'https://[2002:a00:1::]/',
    'https://[fec0::1]/',
    'https://[5f00::1]/',
    'https://[100::1]/',
    'https://224.0.0.1/',
    'https://localhost./',
  ];
  for (const url of bad) assert.throws(() => parseWebhookTarget(url, false), { code: 'WEBHOOK_TARGET_FORBIDDEN' }, url);
  for (const url of ['', 'example.org', 'https://user:pw@example.org/', `https://example.org/${'x'.repeat(2000)}`]) {
    assert.throws(() => parseWebhookTarget(url, false), { code: 'REQUEST_INVALID' }, url);
  }
});

test('Where the platform allows it, private addresses and http are taken', () => {
  assert.equal(parseWebhookTarget('http://127.0.0.1:9999/in', true), 'http://127.0.0.1:9999/in');
});

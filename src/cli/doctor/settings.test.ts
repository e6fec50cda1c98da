// This file asks the doctor whether it looks with the settings of the desk that runs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkSettings } from './settings.ts';

const FILE = { PACKETBOAT_CONFIG: '/etc/packetboat.env' };

test('What the doctor looks with is said', () => {
  assert.match(checkSettings({ HOME: '/root', PACKETBOAT_TEST_X: '1' }, null).says, /^defaults/);
  assert.equal(
    checkSettings({ ...FILE, DATABASE_URL: 'postgresql://u:secret@h/d' }, null).says,
    'the file /etc/packetboat.env, DATABASE_URL',
  );
});

test('A desk that was started with other settings is looked at with its own', () => {
  const finding = checkSettings({ PACKETBOAT_HTTP_PORT: '1' }, 7, () => ({ ...FILE, PACKETBOAT_METRICS_TOKEN: 'hush', PATH: '/bin' }));
  assert.equal(finding.state, 'warn');
  assert.match(finding.says, /process 7\) was started with other ones: PACKETBOAT_CONFIG, PACKETBOAT_HTTP_PORT, PACKETBOAT_METRICS_TOKEN$/);
  assert.match(finding.next ?? '', /PACKETBOAT_CONFIG=\/etc\/packetboat\.env packetboat doctor$/);
  assert.doesNotMatch(JSON.stringify(finding), /hush/);
});

test('The same settings are no difference, nor is a desk that this system tells nothing about', () => {
  assert.equal(checkSettings(FILE, 7, () => ({ ...FILE, PATH: '/bin' })).state, 'ok');
  assert.equal(checkSettings(FILE, 7, () => null).state, 'ok');
});

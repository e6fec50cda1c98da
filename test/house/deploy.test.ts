// This file holds what lies in deploy/ against the truth: the unit is one that systemd understands, the sample settings are settings, and what the
// image must not hold is left out of it.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadConfig } from '../../src/config.ts';

const ROOT = join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const analyze = spawnSync('systemd-analyze', ['--version']);

test('systemd understands the unit', { skip: analyze.error !== undefined && 'systemd-analyze is not here' }, (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'packetboat-unit-'));
  t.after(() => rmSync(folder, { recursive: true }));
  // It looks whether the program is there; here it is in this checkout.
  const unit = join(folder, 'packetboat.service');
  writeFileSync(unit, read('deploy/packetboat.service').replaceAll('/opt/packetboat', ROOT));
  const { status, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', unit], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  assert.ok(!stderr.includes('packetboat.service'), stderr);
});

test('every line of the sample settings is a setting, also those that are commented out', () => {
  const text = read('deploy/packetboat.env');
  const config = loadConfig({ PACKETBOAT_CONFIG: '/etc/packetboat.env' }, () => text.replaceAll(/^#(PACKETBOAT_)/gm, '$1'));
  assert.deepEqual([config.submissionPort, config.inboundPort, config.simulator], [587, 25, 'off']);
  assert.match(read('deploy/packetboat.service'), /^Environment=PACKETBOAT_CONFIG=\/etc\/packetboat\.env$/m);
});

test('the image is made of files that exist, and holds no keys of whoever builds it', () => {
  const ignored = read('.dockerignore').split('\n');
  for (const name of ['data', '.tools', 'node_modules', '.git']) assert.ok(ignored.includes(name), `${name} would go into the image`);
  const dockerfile = read('deploy/Dockerfile');
  for (const [, file = ''] of dockerfile.matchAll(/"?(?:node"?,? "?)((?:scripts|bin)\/[\w.-]+)/g))
    assert.ok(existsSync(join(ROOT, file)), file);
  assert.match(dockerfile, /\/health'/);
});

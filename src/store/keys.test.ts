import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { testDatabase } from '../../test/support/database.ts';
import { checkKeyFingerprint, loadMasterKey, makeKeys } from './keys.ts';

test('What is sealed opens only for its purpose, its row and its key, and never twice the same', () => {
  const keys = makeKeys(randomBytes(32));
  const sealed = keys.seal('dkim-key', 'row', 'secret text ü');
  assert.equal(keys.open('dkim-key', 'row', sealed), 'secret text ü');
  assert.ok(!sealed.includes('secret'));
  assert.notDeepEqual(keys.seal('dkim-key', 'row', 'secret text ü'), sealed);
  const wrong = { code: 'SECRET_KEY_INVALID' };
  assert.throws(() => keys.open('dkim-key', 'other', sealed), wrong);
  assert.throws(() => keys.open('webhook-secret', 'row', sealed), wrong);
  assert.throws(() => makeKeys(randomBytes(32)).open('dkim-key', 'row', sealed), wrong);
  for (let at = 0; at < sealed.length; at += 1) {
    const bent = Buffer.from(sealed);
    bent[at] = (bent[at] ?? 0) ^ 1;
    assert.throws(() => keys.open('dkim-key', 'row', bent), wrong);
  }
  assert.throws(() => keys.open('dkim-key', 'row', Buffer.alloc(5)), wrong);
});

test('Hashes, return-path key and fingerprint follow from the master key alone', () => {
  const master = randomBytes(32);
  const [one, two] = [makeKeys(master), makeKeys(master)];
  assert.deepEqual(one.hash('x'), two.hash('x'));
  assert.deepEqual(one.returnPathKey, two.returnPathKey);
  assert.equal(one.fingerprint, two.fingerprint);
  assert.notDeepEqual(one.hash('x'), makeKeys(randomBytes(32)).hash('x'));
  assert.throws(() => makeKeys(Buffer.alloc(16)), { code: 'SECRET_KEY_INVALID' });
});

test('The key file is made once, readable for its owner only, and two starts agree on it', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'packetboat-keys-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'deep', 'secret.key');
  const first = loadMasterKey(path);
  assert.equal(first.length, 32);
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.deepEqual(loadMasterKey(path), first);
  writeFileSync(path, 'not a key');
  assert.throws(() => loadMasterKey(path), { code: 'SECRET_KEY_INVALID' });
});

test('A database refuses the key of another one', async (t) => {
  const { pool } = await testDatabase(t);
  const keys = makeKeys(randomBytes(32));
  await checkKeyFingerprint(pool, keys);
  await checkKeyFingerprint(pool, keys);
  await assert.rejects(checkKeyFingerprint(pool, makeKeys(randomBytes(32))), { code: 'SECRET_KEY_INVALID' });
});

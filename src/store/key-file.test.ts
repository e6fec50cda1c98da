import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { addKey, keepKeys, loadKeyFile, readKeyFile } from './key-file.ts';

function keyFile(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'packetboat-keys-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'deep', 'secret.key');
}

test('The key file is made once, readable for its owner only, and two starts agree on it', (t) => {
  const path = keyFile(t);
  assert.equal(readKeyFile(path), null);
  const [first, ...others] = loadKeyFile(path);
  assert.equal(first?.length, 32);
  assert.deepEqual(others, []);
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.deepEqual(loadKeyFile(path), [first]);
  for (const text of ['not a key', '', '\n \n', `${readFileSync(path, 'utf8')}half a ke`]) {
    writeFileSync(path, text);
    assert.throws(() => loadKeyFile(path), { code: 'SECRET_KEY_INVALID' }, JSON.stringify(text));
  }
});

test('A key is added behind the others and taken out again; the last one stays, and nothing lies beside the file', (t) => {
  const path = keyFile(t);
  const [first] = loadKeyFile(path);
  const second = addKey(path);
  assert.deepEqual(readKeyFile(path), [first, second]);
  assert.equal(statSync(path).mode & 0o777, 0o600);
  keepKeys(path, (key) => key.equals(second));
  assert.deepEqual(readKeyFile(path), [second]);
  keepKeys(path, () => false);
  assert.deepEqual(readKeyFile(path), [second]);
  writeFileSync(path, `\r\n${readFileSync(path, 'utf8').trim()}\r\n\n`);
  assert.deepEqual(readKeyFile(path), [second], 'as an editor of another system writes it');
  assert.deepEqual(readdirSync(join(path, '..')), ['secret.key']);
});

// This file tests the replacement of the key that encrypts stored secrets, on a real database with several processes' rings side by side.
import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type pg from 'pg';
import { testDatabase } from '../../test/support/database.ts';
import { systemClock } from '../clock.ts';
import { idMint } from '../ids.ts';
import { silentLog } from '../log.ts';
import { readKeyFile } from '../store/key-file.ts';
import { idOfKey, makeKeys } from '../store/keys.ts';
import { createMailbox, holdMailboxes } from '../store/mailboxes.ts';
import { endNode, registerNode } from '../store/nodes.ts';
import { findUnreadable, readSecretKeyStatus, reencryptSecretsChore } from './reencrypt-secrets.ts';
import { openSecretKeys, type SecretKeys } from './secret-keys.ts';

const ids = idMint(systemClock);

async function world(t: TestContext) {
  const { pool } = await testDatabase(t);
  const folder = mkdtempSync(join(tmpdir(), 'packetboat-ring-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const process = (name: string) => openProcess(pool, join(folder, name));
  return { pool, folder, process };
}

async function openProcess(pool: pg.Pool, path: string) {
  const epoch = await registerNode(pool, { name: path, pid: 1, roles: ['jobs'] });
  // Nobody renews it here, and the machine may be slow.
  await pool.query(`update nodes set alive_until = now() + interval '1 day' where epoch = $1`, [epoch]);
  const secretKeys = await openSecretKeys({ pool, log: silentLog, path, epoch: () => epoch });
  const signal = new AbortController().signal;
  const turn = () => reencryptSecretsChore({ pool, log: silentLog, secretKeys, signal }).run();
  return { secretKeys, turn, path, ids: () => (readKeyFile(path) ?? []).map(idOfKey), end: () => endNode(pool, epoch) };
}

async function addMailbox(pool: pg.Pool, { ring }: SecretKeys, name: string): Promise<void> {
  const settings = { host: 'imap.club.test', username: name };
  await createMailbox(pool, ring, { id: ids.next(), name, settings, secret: { password: `password of ${name}` } });
}

/** Every password as this process reads it. */
async function passwords(pool: pg.Pool, { ring }: SecretKeys): Promise<string[]> {
  await pool.query('update mailboxes set holder = null, held_until = null, due_at = now()');
  return (await holdMailboxes(pool, ring, ids.next(), 60)).map(({ secret }) => secret['password'] ?? '').sort();
}

const states = async (pool: pg.Pool) => (await readSecretKeyStatus(pool)).keys.map(({ state, secrets }) => `${state} ${secrets}`);

test('The new key writes once every process has it; then everything is encrypted with it, and the old one is retired and forgotten', async (t) => {
  const { pool, folder, process } = await world(t);
  const one = await process('one.key');
  copyFileSync(one.path, join(folder, 'two.key'));
  const two = await process('two.key');
  for (const name of ['a', 'b', 'c']) await addMailbox(pool, one.secretKeys, name);
  for (const each of [one, two]) await each.secretKeys.learn();
  const hashed = one.secretKeys.ring.hash('a credential');
  const [oldId = ''] = one.ids();

  const newId = await one.secretKeys.rotate(pool);
  assert.deepEqual(one.ids(), [oldId, newId]);
  await assert.rejects(two.secretKeys.rotate(pool), { code: 'SECRET_KEY_ROTATING' });
  await one.turn();
  assert.deepEqual(await states(pool), ['writing 3', 'coming 0'], 'it waits for the other machine');
  const { replacement } = await readSecretKeyStatus(pool);
  assert.deepEqual(
    [replacement?.step, replacement?.left, replacement?.waits_for],
    ['waiting', 3, [{ process: two.path, pid: 1, lacks: 'key' }]],
  );

  copyFileSync(one.path, two.path);
  await two.secretKeys.learn();
  await one.turn();
  assert.deepEqual(await states(pool), ['reading 0', 'writing 3'], 'the other process does not know yet that it writes');
  await addMailbox(pool, two.secretKeys, 'd');
  assert.deepEqual(await states(pool), ['reading 1', 'writing 3']);
  assert.equal((await readSecretKeyStatus(pool)).replacement?.step, 'encrypting');
  await assert.rejects(one.secretKeys.forget(pool, oldId), { code: 'SECRET_KEY_IN_USE' });
  await two.turn();
  assert.deepEqual(await states(pool), ['retired 0', 'writing 4']);
  for (const each of [one, two]) {
    assert.deepEqual(
      await passwords(pool, each.secretKeys),
      ['a', 'b', 'c', 'd'].map((name) => `password of ${name}`),
    );
    assert.deepEqual(each.secretKeys.ring.hash('a credential'), hashed);
  }

  await one.secretKeys.forget(pool, oldId);
  await one.secretKeys.forget(pool, oldId);
  await one.secretKeys.learn();
  assert.deepEqual(one.ids(), [newId]);
  assert.deepEqual((await readSecretKeyStatus(pool)).still_in_files, [{ process: two.path, pid: 1, key: oldId }]);
  await two.secretKeys.learn();
  assert.deepEqual(await readSecretKeyStatus(pool).then(({ still_in_files: still }) => still), []);
  await assert.rejects(one.secretKeys.forget(pool, '0'.repeat(16)), { code: 'NOT_FOUND' });

  await one.end();
  const again = await process('two.key');
  assert.deepEqual(again.secretKeys.ring.hash('a credential'), hashed);
  await again.secretKeys.learn();
  const third = await again.secretKeys.rotate(pool);
  await two.secretKeys.learn();
  await again.turn();
  await two.secretKeys.learn();
  await again.turn();
  assert.deepEqual(await states(pool), ['forgotten 0', 'retired 0', 'writing 4']);
  assert.equal(again.secretKeys.ring.writing(), third);
  assert.equal((await passwords(pool, two.secretKeys)).length, 4);
});

test('Who slept through a replacement cannot store anything with a key that is out of use', async (t) => {
  const { pool, folder, process } = await world(t);
  const one = await process('one.key');
  copyFileSync(one.path, join(folder, 'two.key'));
  const sleeper = await process('two.key');
  await sleeper.secretKeys.learn();
  await one.secretKeys.learn();
  await sleeper.end();
  await one.secretKeys.rotate(pool);
  await one.turn();
  await one.turn();
  assert.deepEqual(await states(pool), ['retired 0', 'writing 0']);
  await assert.rejects(addMailbox(pool, sleeper.secretKeys, 'late'), /a key that is not in use/);
  await assert.rejects(sleeper.secretKeys.learn(), { code: 'SECRET_KEY_INVALID' });
  await assert.rejects(process('two.key'), { code: 'SECRET_KEY_INVALID' }, 'nor does a process start without the key that writes');
  copyFileSync(one.path, sleeper.path);
  await sleeper.secretKeys.learn();
  await addMailbox(pool, sleeper.secretKeys, 'late');
  assert.deepEqual(await states(pool), ['retired 0', 'writing 1']);
});

test('A secret that does not open is named, keeps the old key, and ends when it is given anew', async (t) => {
  const { pool, process } = await world(t);
  const one = await process('one.key');
  await one.secretKeys.learn();
  await addMailbox(pool, one.secretKeys, 'good');
  await addMailbox(pool, { ...one.secretKeys, ring: makeKeys(Buffer.alloc(32, 9)) }, 'lost');
  const { ring } = one.secretKeys;
  assert.deepEqual(
    (await findUnreadable(pool, ring)).map(({ kind, name }) => `${kind} ${name}`),
    ['mailbox-secret lost'],
  );
  await one.secretKeys.rotate(pool);
  await one.turn();
  await one.turn();
  assert.deepEqual(await states(pool), ['reading 1', 'writing 1']);
  const { rows } = await pool.query<{ id: string }>(`select id from mailboxes where name = 'lost'`);
  const id = rows[0]?.id ?? '';
  await pool.query('update mailboxes set secret = $2 where id = $1', [id, ring.seal('mailbox-secret', id, '{"password":"anew"}')]);
  await one.turn();
  assert.deepEqual(await states(pool), ['retired 0', 'writing 2']);
  assert.deepEqual(await findUnreadable(pool, ring), []);
});

test('A key that a person put into the file is taken; a desk of an older version goes on with the key it has', async (t) => {
  const { pool, folder, process } = await world(t);
  const before = Buffer.alloc(32, 5);
  const path = join(folder, 'one.key');
  writeFileSync(path, `${before.toString('base64')}\n`);
  await pool.query(`insert into secret_keys (id, state, original) values ($1, 'writing', true)`, [idOfKey(before)]);
  const one = await process('one.key');
  assert.deepEqual(one.secretKeys.ring.hash('x'), makeKeys(before).hash('x'));
  assert.deepEqual(one.secretKeys.ring.returnPathKey, makeKeys(before).returnPathKey);
  const prepared = Buffer.alloc(32, 6);
  writeFileSync(path, `${before.toString('base64')}\n${prepared.toString('base64')}\n`);
  assert.equal(await one.secretKeys.rotate(pool), idOfKey(prepared));
  assert.equal((await readSecretKeyStatus(pool)).replacement?.waits_for.length, 0);
  const older = await registerNode(pool, { name: 'an older one', pid: 2, roles: [] });
  await pool.query(`update nodes set alive_until = now() + interval '1 day' where epoch = $1`, [older]);
  await one.turn();
  assert.deepEqual((await readSecretKeyStatus(pool)).replacement?.waits_for, [{ process: 'an older one', pid: 2, lacks: 'version' }]);
  await endNode(pool, older);
  await one.turn();
  await one.turn();
  assert.deepEqual(await states(pool), ['retired 0', 'writing 0']);
});

// This file tests what doctor says of stored secrets, with a real key file and a real database.
import assert from 'node:assert/strict';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { testDatabase } from '../../../test/support/database.ts';
import { systemClock } from '../../clock.ts';
import { openSecretKeys } from '../../flows/secret-keys.ts';
import { idMint } from '../../ids.ts';
import { silentLog } from '../../log.ts';
import { makeKeys } from '../../store/keys.ts';
import { createMailbox } from '../../store/mailboxes.ts';
import { checkSecrets } from './secrets.ts';

const ids = idMint(systemClock);

test('Doctor names secrets that do not open, a key that the file lacks, and a file that is gone', async (t) => {
  const { pool, url } = await testDatabase(t);
  const folder = mkdtempSync(join(tmpdir(), 'packetboat-doctor-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'secret.key');
  const look = async () => (await checkSecrets(url, path)).map(({ state, says }) => `${state} ${says}`).join();
  assert.match(await look(), /^ok there are none yet/);
  const { ring, rotate } = await openSecretKeys({ pool, log: silentLog, path, epoch: () => 0 });
  const add = (name: string, keys: Parameters<typeof createMailbox>[1]) =>
    createMailbox(pool, keys, { id: ids.next(), name, settings: {}, secret: { password: 'a secret' } });
  await add('good', ring);
  assert.match(await look(), /^ok all can be read/);
  await add('Bounces of Club', makeKeys(Buffer.alloc(32, 3)));
  assert.equal(await look(), 'fail some cannot be read: mailbox-secret of Bounces of Club');
  await pool.query(`delete from mailboxes where name = 'Bounces of Club'`);
  await rotate(pool);
  assert.equal(await look(), 'warn the key is being replaced');
  renameSync(path, `${path}.away`);
  assert.match(await look(), /^fail there is no key file/);
  writeFileSync(path, `${Buffer.alloc(32, 4).toString('base64')}\n`);
  assert.match(await look(), new RegExp(`^fail the key file .* lacks the key ${ring.writing()}$`));
  writeFileSync(path, 'something else');
  assert.match(await look(), /^fail the key file .* cannot be read: A master key is not 32 bytes/);
});

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { testDatabase } from '../../../test/support/database.ts';
import { systemClock } from '../../clock.ts';
import { idMint } from '../../ids.ts';
import { writeSimulatorFile } from '../../simulator/ports.ts';
import { makeKeys } from '../../store/keys.ts';
import { createProviderAccount } from '../../store/provider-accounts.ts';
import { simulatorIsNeeded } from './simulated.ts';

test('The simulator stays while nothing real is configured, and while own accounts point at it', async (t) => {
  const { pool } = await testDatabase(t);
  const dataDir = mkdtempSync(join(tmpdir(), 'packetboat-simulated-'));
  t.after(async () => rmSync(dataDir, { recursive: true, force: true }));
  const ids = idMint(systemClock);
  const keys = makeKeys(randomBytes(32));
  let number = 0;
  const account = async (settings: Record<string, unknown>, simulated = false) => {
    number += 1;
    const id = ids.next();
    await createProviderAccount(pool, keys, {
      id,
      poolId: ids.next(),
      name: `a${number}`,
      provider: 'smtp',
      settings,
      secret: {},
      simulated,
    });
    return () => pool.query("update provider_accounts set state = 'removed' where id = $1", [id]);
  };
  assert.ok(await simulatorIsNeeded(pool, dataDir), 'a first start');
  writeSimulatorFile(dataDir, {
    httpUrl: 'http://127.0.0.1:4000',
    smtpPort: 4001,
    controlToken: 'x',
    ports: { http: 4000, smtp: 4001, sparkpost: 4002 },
  });
  await account({ host: '127.0.0.1', port: 4001 }, true);
  assert.ok(await simulatorIsNeeded(pool, dataDir), 'its own accounts only');
  await account({ host: 'smtp.example.org', port: 4001 });
  await account({ host: '127.0.0.1', port: 2500 });
  await account({ region: 'us' });
  await account({ base_url: 'https://api.example.org/v4' });
  assert.ok(!(await simulatorIsNeeded(pool, dataDir)), 'real ones');
  for (const settings of [
    { host: 'localhost', port: 4001 },
    { base_url: 'http://127.0.0.1:4002/sparkpost/api/v1' },
    { base_url: 'http://[::1]:4000/mandrill/api/1.0' },
  ]) {
    const remove = await account(settings);
    assert.ok(await simulatorIsNeeded(pool, dataDir), JSON.stringify(settings));
    await remove();
    assert.ok(!(await simulatorIsNeeded(pool, dataDir)), 'removed again');
  }
});

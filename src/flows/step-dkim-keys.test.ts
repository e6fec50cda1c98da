// This file walks DKIM keys through rotation on a real database, with a zone that the test writes: seen, settled, switched, ended; not seen, seen by
// some only, gone again; two runners at once; by age.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { testDatabase } from '../../test/support/database.ts';
import { systemClock } from '../clock.ts';
import { idMint } from '../ids.ts';
import { silentLog } from '../log.ts';
import { listDkimKeys, readSigningKeys } from '../store/dkim-keys.ts';
import { retireAlgorithm } from '../store/dkim-steps.ts';
import { createDomain, makeDkimKey, updateDomain } from '../store/domains.ts';
import { makeKeys as makeVault } from '../store/keys.ts';
import { withOwner, withTenant } from '../store/scope.ts';
import { createTenant } from '../store/tenants.ts';
import { keyRecordText } from '../tenancy/dkim-keys.ts';
import { keyRecord } from '../tenancy/dkim-records.ts';
import type { DnsAnswer } from '../tenancy/dns/lookup.ts';
import { makeKeys, rotateAgedKeysChore, rotateDkimKey } from './rotate-dkim-key.ts';
import { makeStepKeys } from './step-dkim-keys.ts';

type Teardown = Parameters<typeof testDatabase>[0];
const ids = idMint(systemClock);
const vault = makeVault(randomBytes(32));
const DAY_MS = 86_400_000;
const MISSING: DnsAnswer<string> = { ok: false, why: 'missing', detail: 'there is no such name' };
const AWAY: DnsAnswer<string> = { ok: false, why: 'unreachable', detail: 'no answer' };

async function world(t: Teardown, { authenticated = true, dkimZone = null as string | null } = {}) {
  const { pool } = await testDatabase(t);
  const { id: tenantId } = await createTenant(pool, { id: ids.next(), name: 'Club' });
  const domainId = ids.next();
  const state = authenticated ? ('verified' as const) : ('pending' as const);
  const first = { id: domainId, keyId: ids.next(), name: 'club.example', authenticated, state, key: await makeDkimKey(), dkimZone };
  await createDomain(pool, tenantId, vault, first);
  /** What stands at each name, one answer for each server. */
  const zone = new Map<string, DnsAnswer<string>[]>();
  const lookup = { everyTxt: async (name: string) => zone.get(name) ?? [MISSING] };
  const deps = { pool, clock: systemClock, log: silentLog, lookup, policy: { settleMs: 2 * DAY_MS, retireMs: 7 * DAY_MS } };
  const keysOf = async () => (await listDkimKeys(pool, tenantId, domainId)).toReversed();
  return {
    pool,
    tenantId,
    domainId,
    zone,
    steps: makeStepKeys(deps),
    keysOf,
    states: async () => (await keysOf()).map((key) => `${key.selector} ${key.algorithm === 'rsa-sha256' ? '' : 'ed '}${key.state}`),
    signs: async () => (await readSigningKeys(pool, tenantId, vault, domainId)).map((key) => key.selector),
    rotate: async (algorithm: 'rsa-sha256' | 'ed25519-sha256' = 'rsa-sha256') => {
      const made = await makeKeys([algorithm]);
      return withTenant(pool, tenantId, (db) => rotateDkimKey(db, { ids, keys: vault, dkimZone }, { scope: tenantId, domainId, made }));
    },
    /** Publishes the keys as they are now; `servers` of them have it. */
    async publish(servers = 1) {
      for (const key of await keysOf()) {
        const answer: DnsAnswer<string> = { ok: true, values: [keyRecordText(key)], ttlS: 300 };
        zone.set(
          keyRecord('club.example', key).host,
          Array.from({ length: 2 }, (_, n) => (n < servers ? answer : MISSING)),
        );
      }
    },
    later: (days: number) =>
      pool.query(`update dkim_keys set state_since = state_since - $1 * interval '1 day', due_at = due_at - $1 * interval '1 day'`, [days]),
  };
}

test('the first key signs as soon as it is seen, not before', async (t) => {
  const desk = await world(t, { authenticated: false });
  await desk.steps.turn();
  assert.deepEqual(await desk.signs(), []);
  assert.match((await desk.keysOf())[0]?.trouble ?? '', /"no-record","host":"pb\d+\._domainkey\.club\.example"/);
  await desk.publish(2);
  await desk.steps.domain(desk.domainId);
  assert.equal((await desk.signs()).length, 1);
  assert.equal((await desk.keysOf())[0]?.trouble, null);
});

test('a rotation waits to be seen everywhere and for caches, then switches, and a week later the old key is gone', async (t) => {
  const desk = await world(t);
  const [old] = await desk.signs();
  await desk.rotate();
  await assert.rejects(desk.rotate(), /is on its way already/);
  await desk.steps.turn();
  assert.deepEqual(await desk.signs(), [old], 'not seen: the old one signs');
  await desk.publish(1);
  await desk.steps.domain(desk.domainId);
  assert.match((await desk.keysOf())[1]?.trouble ?? '', /"elsewhere"/);
  await desk.publish(2);
  await desk.steps.domain(desk.domainId);
  assert.deepEqual(await desk.states(), [`${old} active`, `${old}-2 published`]);
  await desk.later(1.9);
  await desk.steps.turn();
  assert.deepEqual(await desk.signs(), [old], 'caches may still say that there is nothing');
  await desk.later(0.2);
  await desk.steps.turn();
  assert.deepEqual(await desk.states(), [`${old} retiring`, `${old}-2 active`]);
  assert.deepEqual(await desk.signs(), [`${old}-2`]);
  await desk.later(6.9);
  await desk.steps.turn();
  assert.deepEqual(await desk.states(), [`${old} retiring`, `${old}-2 active`]);
  await desk.later(0.2);
  await desk.steps.turn();
  assert.deepEqual(await desk.states(), [`${old} revoked`, `${old}-2 active`]);
  const { rows } = await desk.pool.query('select private_key is null as gone from dkim_keys order by id');
  assert.deepEqual(rows, [{ gone: true }, { gone: false }], 'nobody can sign with a revoked key');
});

test('a record that goes away before the switch stops it; a server that is away only delays it', async (t) => {
  const desk = await world(t);
  const [old] = await desk.signs();
  await desk.rotate();
  await desk.publish(2);
  await desk.steps.turn();
  await desk.later(3);
  const host = `${old}-2._domainkey.club.example`;
  desk.zone.set(host, [AWAY]);
  await desk.steps.turn();
  assert.deepEqual(await desk.states(), [`${old} active`, `${old}-2 published`]);
  desk.zone.set(host, [MISSING]);
  await desk.steps.domain(desk.domainId);
  assert.deepEqual(await desk.states(), [`${old} active`, `${old}-2 new`]);
  await desk.publish(2);
  await desk.steps.domain(desk.domainId);
  assert.deepEqual(await desk.states(), [`${old} active`, `${old}-2 published`], 'and the wait begins again');
  assert.deepEqual(await desk.signs(), [old]);
});

test('two runners, and one that died in the middle, end in one switch', async (t) => {
  const desk = await world(t);
  await desk.rotate();
  await desk.publish(2);
  await desk.steps.turn();
  await desk.later(3);
  // A runner took the keys and died: they are due again once its time is over.
  await desk.pool.query(`update dkim_keys set due_at = now() - interval '1 second' where state = 'published'`);
  await Promise.all([desk.steps.turn(), desk.steps.turn(), desk.steps.domain(desk.domainId), desk.steps.domain(desk.domainId)]);
  assert.equal((await desk.signs()).length, 1);
  assert.deepEqual(
    (await desk.keysOf()).map((key) => key.state),
    ['retiring', 'active'],
  );
});

test('delegated keys take turns behind two names; the third waits until a place is free', async (t) => {
  const desk = await world(t, { dkimZone: 'dkim.desk.example' });
  const [one] = await desk.signs();
  assert.match(one ?? '', /^pb\d+r1$/);
  for (const expected of ['r2', 'r1', 'r2']) {
    await desk.rotate();
    await desk.publish(2);
    await desk.steps.domain(desk.domainId);
    await desk.later(2.1);
    await desk.steps.turn();
    assert.match((await desk.signs())[0] ?? '', new RegExp(`${expected}$`));
    await assert.rejects(desk.rotate(), /is kept for mail on its way/);
    await desk.later(7);
    await desk.steps.turn();
  }
  const states = (await desk.keysOf()).map((key) => key.state);
  assert.deepEqual(states, ['revoked', 'revoked', 'revoked', 'active']);
});

test('Ed25519 comes beside RSA, once seen, and goes without a trace of its private half', async (t) => {
  const desk = await world(t);
  const [rsa] = await desk.signs();
  await desk.rotate('ed25519-sha256');
  await updateDomain(desk.pool, desk.tenantId, { id: desk.domainId, ed25519: true });
  await desk.steps.turn();
  assert.deepEqual(await desk.signs(), [rsa]);
  await desk.publish(2);
  await desk.steps.domain(desk.domainId);
  assert.deepEqual(await desk.signs(), [rsa, `${rsa}-2`], 'RSA first');
  const off = { domainId: desk.domainId, algorithm: 'ed25519-sha256', retireMs: 7 * DAY_MS } as const;
  await withOwner(desk.pool, (db) => retireAlgorithm(db, desk.tenantId, off));
  assert.deepEqual(await desk.signs(), [rsa]);
  assert.deepEqual(await desk.states(), [`${rsa} active`, `${rsa}-2 ed retiring`]);
});

test('old keys get a successor by themselves, one each, and only where the settings say so', async (t) => {
  const desk = await world(t, { dkimZone: 'dkim.desk.example' });
  const chore = (delegatedDays: number | null) =>
    rotateAgedKeysChore({
      pool: desk.pool,
      ids,
      keys: vault,
      log: silentLog,
      dkimZone: 'dkim.desk.example',
      ages: { delegatedDays, txtDays: null },
    }).run();
  await desk.later(179);
  await chore(180);
  assert.equal((await desk.keysOf()).length, 1);
  await desk.later(2);
  await chore(null);
  assert.equal((await desk.keysOf()).length, 1);
  await Promise.all([chore(180), chore(180)]);
  await chore(180);
  assert.deepEqual(
    (await desk.keysOf()).map((key) => key.state),
    ['active', 'new'],
  );
});

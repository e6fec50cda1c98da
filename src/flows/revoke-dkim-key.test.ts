// This file revokes DKIM keys on a real database: nothing of the key is left, what is seen already takes over, what is missing is made again, and a
// process that still holds the parsed key stops using it in time.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { testDatabase } from '../../test/support/database.ts';
import { systemClock } from '../clock.ts';
import { idMint } from '../ids.ts';
import { silentLog } from '../log.ts';
import { listDkimKeys, readSigningKeys } from '../store/dkim-keys.ts';
import { readZoneDomain } from '../store/dkim-zone.ts';
import { createDomain, findDomain, makeDkimKey } from '../store/domains.ts';
import { makeKeys as makeVault } from '../store/keys.ts';
import { withTenant } from '../store/scope.ts';
import { createTenant } from '../store/tenants.ts';
import { zoneRecords } from '../tenancy/dkim-records.ts';
import { makeKeyFence, REVOKED_WITHIN_S } from './key-fence.ts';
import { makeOutgoing, SignatureGone } from './outgoing.ts';
import { mintMissingKeys, mintMissingKeysChore, revokeKeyNow } from './revoke-dkim-key.ts';
import { makeKeys, rotateDkimKey } from './rotate-dkim-key.ts';
import { makeSendingRights } from './sending-rights.ts';
import { makeSigners } from './signers.ts';

type Teardown = Parameters<typeof testDatabase>[0];
const ids = idMint(systemClock);
const vault = makeVault(randomBytes(32));
const FROM = 'info@club.example';

async function world(t: Teardown, dkimZone: string | null = null) {
  const { pool } = await testDatabase(t);
  const { id: tenantId } = await createTenant(pool, { id: ids.next(), name: 'Club' });
  const domainId = ids.next();
  const first = { id: domainId, keyId: ids.next(), name: 'club.example', authenticated: true, state: 'verified' as const, dkimZone };
  await createDomain(pool, tenantId, vault, { ...first, key: await makeDkimKey() });
  const deps = { pool, ids, keys: vault, log: silentLog, dkimZone };
  return {
    pool,
    tenantId,
    domainId,
    deps,
    keysOf: async () => (await listDkimKeys(pool, tenantId, domainId)).toReversed(),
    states: async () => (await listDkimKeys(pool, tenantId, domainId)).toReversed().map((key) => key.state),
    signs: async () => (await readSigningKeys(pool, tenantId, vault, domainId)).map((key) => key.selector),
    domain: async () => {
      const domain = await findDomain(pool, tenantId, domainId);
      assert.ok(domain);
      return domain;
    },
    rotate: async () => {
      const made = await makeKeys(['rsa-sha256']);
      return withTenant(pool, tenantId, (db) => rotateDkimKey(db, deps, { scope: tenantId, domainId, made }));
    },
    revoke: (keyId: string) => withTenant(pool, tenantId, (db) => revokeKeyNow(db, deps, { scope: tenantId, domainId, keyId })),
    events: async () =>
      (await pool.query("select data from events where tenant_id = $1 and type = 'domain.key-revoked'", [tenantId])).rows.map(
        (row) => row.data,
      ),
  };
}

test('a revoked key leaves nothing to sign with, and the domain is proven no longer, whoever vouched for it', async (t) => {
  const desk = await world(t);
  const [stolen] = await desk.keysOf();
  assert.ok(stolen);
  const revoked = await desk.revoke(stolen.id);
  assert.deepEqual([revoked?.was, revoked?.signs], ['active', null]);
  const { rows } = await desk.pool.query('select private_key, state, compromised from dkim_keys');
  assert.deepEqual(rows, [{ private_key: null, state: 'revoked', compromised: true }]);
  assert.deepEqual(await desk.signs(), []);
  const { authenticated, vouched_authenticated: vouched, dkim } = await desk.domain();
  assert.deepEqual([authenticated, vouched], [false, false]);
  assert.deepEqual(
    dkim.map((key) => [key.selector, key.state]),
    [[stolen.selector, 'revoked']],
    'its owner is told to empty the record',
  );
  const [event] = await desk.events();
  assert.equal(event.selector, stolen.selector);
  assert.deepEqual(event.publish, { type: 'TXT', host: `${stolen.selector}._domainkey.club.example`, value: 'v=DKIM1; p=' });
});

test('revoking twice is one, and a key of nobody is not found', async (t) => {
  const desk = await world(t);
  const [stolen] = await desk.keysOf();
  await desk.revoke(stolen?.id ?? '');
  assert.equal((await desk.revoke(stolen?.id ?? ''))?.before, true);
  assert.equal((await desk.events()).length, 1);
  await assert.rejects(desk.revoke(ids.next()), { code: 'NOT_FOUND' });
});

test('a next key that is seen in DNS signs at once', async (t) => {
  const desk = await world(t);
  await desk.rotate();
  await desk.pool.query("update dkim_keys set state = 'published' where state = 'new'");
  const [stolen, next] = await desk.keysOf();
  const revoked = await desk.revoke(stolen?.id ?? '');
  assert.equal(revoked?.signs, next?.selector);
  assert.deepEqual(await desk.signs(), [next?.selector]);
  assert.equal((await desk.domain()).authenticated, true);
  await mintMissingKeys(desk.deps, null);
  assert.deepEqual(await desk.states(), ['revoked', 'active'], 'nothing is missing');
});

test('a key that is not seen yet stays the next; one that only was on its way is made anew', async (t) => {
  const desk = await world(t);
  await desk.rotate();
  const [first, second] = await desk.keysOf();
  await desk.revoke(first?.id ?? '');
  await mintMissingKeys(desk.deps, desk.domainId);
  assert.deepEqual(await desk.states(), ['revoked', 'new']);
  await desk.revoke(second?.id ?? '');
  await mintMissingKeys(desk.deps, desk.domainId);
  assert.deepEqual(await desk.states(), ['revoked', 'revoked', 'new']);
  const selectors = (await desk.keysOf()).map((key) => key.selector);
  assert.equal(new Set(selectors).size, 3, 'a selector that people publish never comes twice');
});

test('the next key is made by the chore where a process died before that, and by one of two only', async (t) => {
  const desk = await world(t);
  const [stolen] = await desk.keysOf();
  await desk.revoke(stolen?.id ?? '');
  assert.deepEqual(await desk.states(), ['revoked']);
  const chore = mintMissingKeysChore(desk.deps);
  await Promise.all([chore.run(), chore.run()]);
  assert.deepEqual(await desk.states(), ['revoked', 'new']);
});

test('a delegated key answers empty, and the next one stands at the other place', async (t) => {
  const desk = await world(t, 'dkim.desk.example');
  const { number, tenant_number: tenantNumber } = await desk.domain();
  const owner = { domainNumber: number, tenantNumber };
  const empty = async () => {
    const domain = await readZoneDomain(desk.pool, owner);
    assert.ok(domain);
    return zoneRecords(domain, 'dkim.desk.example').flatMap(({ name, value }) => (value === 'v=DKIM1; p=' ? [name.split('.')[0]] : []));
  };
  const [stolen] = await desk.keysOf();
  assert.ok(!(await empty()).includes(stolen?.selector));
  await desk.revoke(stolen?.id ?? '');
  assert.ok((await empty()).includes(stolen?.selector));
  await mintMissingKeys(desk.deps, desk.domainId);
  const next = (await desk.keysOf())[1];
  assert.notEqual(next?.selector, stolen?.selector);
  assert.ok((await empty()).includes(stolen?.selector), 'receivers remember the stolen one there');
  // Again, while the other place still keeps a key for mail on its way.
  await desk.pool.query("update dkim_keys set state = 'active' where state = 'new'");
  await desk.rotate();
  await desk.pool.query("update dkim_keys set state = 'retiring' where state = 'active'");
  await desk.pool.query("update dkim_keys set state = 'active' where state = 'new'");
  const third = (await desk.keysOf())[2];
  await desk.revoke(third?.id ?? '');
  await mintMissingKeys(desk.deps, desk.domainId);
  const last = (await desk.keysOf()).at(-1);
  assert.deepEqual([last?.state, last?.selector], ['new', next?.selector]);
});

test('a process that holds the parsed key stops signing with it within the bound, and asks what else it knew anew', async (t) => {
  const desk = await world(t);
  let now = 0;
  const clock = { monotonicMs: () => now };
  const rights = makeSendingRights({ pool: desk.pool, clock });
  const fence = makeKeyFence({ pool: desk.pool, clock, changed: () => rights.forget(null) });
  const signers = makeSigners({ pool: desk.pool, keys: vault, clock, rights, fence });
  const before = await signers(desk.tenantId, FROM);
  assert.ok(before);
  assert.equal(await signers(desk.tenantId, FROM), before, 'parsed once');
  const [stolen] = await desk.keysOf();
  const version = fence.version();
  await desk.revoke(stolen?.id ?? '');
  now = REVOKED_WITHIN_S * 1_000;
  assert.equal(await signers(desk.tenantId, FROM), null);
  assert.notEqual(fence.version(), version);
});

test('a process that cannot ask signs nothing', async () => {
  let now = 0;
  let away = false;
  // As much of a pool as the question uses.
  const pool = { query: async () => (away ? Promise.reject(new Error('away')) : { rows: [{ version: '1' }] }) } as never;
  const fence = makeKeyFence({ pool, clock: { monotonicMs: () => now } });
  await fence.fresh();
  assert.equal(fence.fresh(), undefined);
  away = true;
  now = 2_000;
  assert.equal(fence.fresh(), undefined, 'what was heard two seconds ago still counts');
  now = REVOKED_WITHIN_S * 1_000;
  await assert.rejects(async () => fence.fresh(), /away/);
  away = false;
  await fence.fresh();
});

test('what was signed with the key and has not left is not handed over; its way is chosen anew, and then it goes unsigned', async (t) => {
  const desk = await world(t);
  let now = 0;
  const clock = { monotonicMs: () => now };
  const rights = makeSendingRights({ pool: desk.pool, clock });
  const fence = makeKeyFence({ pool: desk.pool, clock, changed: () => rights.forget(null) });
  const signerFor = makeSigners({ pool: desk.pool, keys: vault, clock, rights, fence });
  const raw = Buffer.from(`From: ${FROM}\r\nTo: a@b.example\r\nSubject: x\r\n\r\nx\r\n`);
  const stored = {
    tenantId: desk.tenantId,
    tenantNumber: 1,
    stream: 'bulk',
    mailFrom: FROM,
    fromAddress: FROM,
    flags: 0,
    tags: [],
  } as const;
  const prepare = () =>
    makeOutgoing(
      { ...stored, id: ids.next(), sendAtMs: null, raw },
      { signerFor, keyVersion: fence.version, nowMs: () => systemClock.nowMs(), platform: 'desk' },
    );
  const [signed, leased] = [prepare(), prepare()];
  const text = async (outgoing: typeof signed) => (await outgoing.mime(true)).toString('latin1');
  const first = await text(signed);
  assert.match(first, /^DKIM-Signature:/);
  assert.equal(await text(signed), first, 'signed once for all its recipients');
  const [stolen] = await desk.keysOf();
  await desk.revoke(stolen?.id ?? '');
  now = REVOKED_WITHIN_S * 1_000;
  for (const outgoing of [signed, leased]) {
    await assert.rejects(async () => outgoing.mime(true), SignatureGone);
    assert.doesNotMatch(await text(outgoing), /^DKIM-Signature:/m);
  }
  assert.doesNotMatch(await text(prepare()), /^DKIM-Signature:/m, 'what is prepared later knows already');
});

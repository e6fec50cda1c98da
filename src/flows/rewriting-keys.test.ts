// This file walks the key of the rewriting domain through rotation and revocation on a real database, with a zone that the test writes.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { testDatabase } from '../../test/support/database.ts';
import { systemClock } from '../clock.ts';
import { idMint } from '../ids.ts';
import { silentLog } from '../log.ts';
import { makeKeys as makeVault } from '../store/keys.ts';
import { withOwner } from '../store/scope.ts';
import { keyRecordText } from '../tenancy/dkim-keys.ts';
import type { DnsAnswer } from '../tenancy/dns/lookup.ts';
import { makeKeyFence, REVOKED_WITHIN_S } from './key-fence.ts';
import { SignatureGone } from './outgoing.ts';
import { makeRewritingKeys } from './rewriting-keys.ts';

const DAY_MS = 86_400_000;
const DOMAIN = 'club-mail.example';
const MAIL = Buffer.from('From: a@b.club-mail.example\r\nSubject: x\r\n\r\nx\r\n');
const MISSING: DnsAnswer<string> = { ok: false, why: 'missing', detail: 'there is no such name' };

async function world(t: Parameters<typeof testDatabase>[0], rotateDays: number | null = null) {
  const { pool } = await testDatabase(t);
  const zone = new Map<string, DnsAnswer<string>>();
  const vault = makeVault(randomBytes(32));
  let monotonicMs = 0;
  /** A node: it has a memory of its own. */
  const node = () => {
    const clock = { nowMs: () => systemClock.nowMs(), monotonicMs: () => monotonicMs };
    return makeRewritingKeys({
      ...{ pool, keys: vault, ids: idMint(systemClock), clock, log: silentLog, domain: DOMAIN, rotateDays },
      fence: makeKeyFence({ pool, clock }),
      lookup: { everyTxt: async (name) => [zone.get(name) ?? MISSING] },
      policy: { settleMs: 2 * DAY_MS, retireMs: 7 * DAY_MS },
    });
  };
  const keys = node();
  return {
    pool,
    keys,
    node,
    states: async () => (await keys.list()).toReversed().map(({ selector, state }) => `${selector} ${state}`),
    rotate: () => withOwner(pool, (db) => keys.rotate(db)),
    revoke: (id: string) => withOwner(pool, (db) => keys.revoke(db, id)),
    idOf: async (selector: string) => (await keys.list()).find((key) => key.selector === selector)?.id ?? '',
    async publish() {
      for (const key of await keys.list()) {
        const value = keyRecordText({ algorithm: 'rsa-sha256', state: key.state, public_key: key.public_key });
        zone.set(`${key.selector}._domainkey.${DOMAIN}`, { ok: true, values: [value], ttlS: 300 });
      }
    },
    later: (days: number) =>
      pool.query(`update rewriting_keys set state_since = state_since - $1 * interval '1 day', due_at = due_at - $1 * interval '1 day'`, [
        days,
      ]),
    pass: (ms: number) => {
      monotonicMs += ms;
    },
  };
}

async function selectorOf(keys: { signer(): Promise<{ sign(mime: Buffer, nowMs: number): Promise<Buffer> }> }): Promise<string> {
  const signed = await (await keys.signer()).sign(MAIL, 0);
  return /\bs=(\w+);/.exec(signed.toString('latin1'))?.[1] ?? '';
}

test('the first key signs at once; two nodes make one', async (t) => {
  const { keys, node, states } = await world(t);
  const selectors = await Promise.all([selectorOf(keys), selectorOf(node())]);
  assert.deepEqual(selectors, ['pbr1', 'pbr1']);
  assert.deepEqual(await states(), ['pbr1 active']);
});

test('the first key signs before its record is seen, and says so on every node until it is', async (t) => {
  const desk = await world(t);
  const other = desk.node();
  for (const node of [desk.keys, other]) assert.equal(await selectorOf(node), 'pbr1');
  assert.deepEqual([desk.keys.seen(), other.seen()], [false, false]);
  await desk.keys.chore.run();
  const [missing] = await desk.keys.list();
  assert.match(missing?.trouble ?? '', /no-record/);
  assert.ok(missing?.next_at, 'it is looked for again');
  assert.equal(desk.keys.seen(), false);
  await desk.publish();
  await desk.keys.look();
  assert.equal(await selectorOf(desk.keys), 'pbr1');
  desk.pass(60_000);
  assert.equal(await selectorOf(other), 'pbr1');
  assert.deepEqual([desk.keys.seen(), other.seen()], [true, true]);
  const [seen] = await desk.keys.list();
  assert.deepEqual([seen?.state, seen?.trouble, seen?.next_at], ['active', null, null], 'nobody looks again');
});

test('the next key is seen, waits for caches, takes over, and a week later the old one is gone', async (t) => {
  const desk = await world(t);
  assert.equal(await selectorOf(desk.keys), 'pbr1');
  await desk.rotate();
  await assert.rejects(desk.rotate(), { code: 'DKIM_KEY_WAITS' });
  await desk.keys.look();
  assert.match((await desk.keys.list())[0]?.trouble ?? '', /"no-record","host":"pbr2\._domainkey\.club-mail\.example"/);
  await desk.publish();
  await desk.keys.look();
  assert.deepEqual(await desk.states(), ['pbr1 active', 'pbr2 published']);
  await desk.later(2);
  await desk.keys.chore.run();
  assert.deepEqual(await desk.states(), ['pbr1 retiring', 'pbr2 active']);
  assert.equal(await selectorOf(desk.keys), 'pbr2');
  await desk.later(8);
  await desk.keys.chore.run();
  assert.deepEqual(await desk.states(), ['pbr1 revoked', 'pbr2 active']);
  const { rows } = await desk.pool.query("select private_key from rewriting_keys where state = 'revoked'");
  assert.deepEqual(rows, [{ private_key: null }]);
});

test('a revoked key signs nowhere within the bound, mail waits, and the next key signs as soon as it is seen', async (t) => {
  const desk = await world(t);
  const other = desk.node();
  assert.equal(await selectorOf(other), 'pbr1');
  assert.equal(other.signs(), true);
  const id = await desk.idOf('pbr1');
  assert.deepEqual(await desk.revoke(id), { selector: 'pbr1', before: false });
  desk.pass(REVOKED_WITHIN_S * 1_000);
  await assert.rejects(other.signer(), SignatureGone);
  assert.equal(other.signs(), false);
  // The process died here: the next turn of any node makes what is missing.
  await Promise.all([desk.keys.chore.run(), other.chore.run()]);
  assert.deepEqual(await desk.states(), ['pbr1 revoked', 'pbr2 new']);
  assert.equal((await desk.revoke(id)).before, true, 'twice is one');
  await desk.publish();
  await desk.keys.look();
  desk.pass(REVOKED_WITHIN_S * 1_000);
  assert.equal(await selectorOf(other), 'pbr2');
  await assert.rejects(desk.revoke(idMint(systemClock).next()), { code: 'NOT_FOUND' });
});

test('a next key that is seen already takes over from a revoked one', async (t) => {
  const desk = await world(t);
  await desk.keys.list();
  await desk.rotate();
  await desk.publish();
  await desk.keys.look();
  await desk.revoke(await desk.idOf('pbr1'));
  await desk.keys.mint();
  assert.deepEqual(await desk.states(), ['pbr1 revoked', 'pbr2 active']);
  assert.equal(await selectorOf(desk.keys), 'pbr2');
});

test('by age the next key comes by itself, once', async (t) => {
  const desk = await world(t, 180);
  await desk.keys.list();
  await desk.keys.chore.run();
  assert.deepEqual(await desk.states(), ['pbr1 active']);
  await desk.later(181);
  await desk.keys.chore.run();
  await desk.keys.chore.run();
  assert.deepEqual(await desk.states(), ['pbr1 active', 'pbr2 new']);
});

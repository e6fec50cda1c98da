import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { closeRows, ids, mailRows } from '../../test/support/mail-rows.ts';
import {
  dropUnwanted,
  keepNotice,
  noticesTo,
  queueNotices,
  readNotices,
  settleNotice,
  takeNotices,
  whyUnwanted,
  writeNoticeSettings,
} from './bounce-notices.ts';
import { withOwner } from './scope.ts';

const rows = await mailRows();
after(() => closeRows(rows));
const { pool, tenantId } = rows;

async function tenant(name: string): Promise<string> {
  const id = ids.next();
  await pool.query('insert into tenants (id, name) values ($1, $2)', [id, name]);
  await writeNoticeSettings(pool, id, { enabled: true, classes: null, complaints: false, account_id: null });
  return id;
}

const notice = (owner: string, n: number, recipientId = ids.next()) => ({
  tenantId: owner,
  id: ids.next(),
  recipientId,
  messageId: ids.next(),
  kind: 'failed' as const,
  to: `b.${n}@club.test`,
  address: `m${n}@mailbox.test`,
  class: 'mailbox-full',
  atMs: Date.now(),
});
const queue = (notices: Parameters<typeof queueNotices>[1]) => withOwner(pool, (client) => queueNotices(client, notices));

test('one organisation with many does not keep another waiting, and none goes beyond its minute', async () => {
  const [many, few] = [await tenant('Many'), await tenant('Few')];
  await queue(Array.from({ length: 300 }, (_, n) => notice(many, n)));
  await queue([notice(few, 0)]);
  const first = await takeNotices(pool, { rows: 20, perTenantMinute: 30 });
  assert.equal(first.length, 20);
  assert.equal(first.filter((each) => each.tenantId === few).length, 1, 'the newest of all is among them');
  for (const { id } of first) await settleNotice(pool, id, { state: 'handed_over', reply: '250', dueAtMs: null });
  const second = await takeNotices(pool, { rows: 20, perTenantMinute: 30 });
  assert.equal(second.length, 11, '19 of 30 went in this minute');
  assert.deepEqual(new Set(second.map(({ tries }) => tries)), new Set([1]));
  assert.deepEqual(await takeNotices(pool, { rows: 20, perTenantMinute: 11 }), [], 'what is taken is not taken again');
});

test('a notice that another sender took meanwhile is not handed over twice', async () => {
  const owner = await tenant('Slow');
  await queue([notice(owner, 1)]);
  const take = async () => (await takeNotices(pool, { rows: 1_000, perTenantMinute: 1_000 })).find((each) => each.tenantId === owner);
  const slow = await take();
  assert.ok(slow);
  await pool.query('update bounce_notices set due_at = now() where id = $1', [slow.id]);
  const quick = await take();
  assert.ok(quick);
  assert.equal(await keepNotice(pool, slow), false);
  assert.equal(await keepNotice(pool, quick), true);
  await settleNotice(pool, quick.id, { state: 'handed_over', reply: '250', dueAtMs: null });
  assert.equal(await keepNotice(pool, quick), false, 'it is over');
});

test('a recipient is told of once', async () => {
  const owner = await tenant('Once');
  const recipientId = ids.next();
  await queue([notice(owner, 1, recipientId)]);
  await queue([notice(owner, 1, recipientId)]);
  const { last } = await readNotices(pool, owner, 10);
  assert.equal(last.length, 1);
  await settleNotice(pool, last[0]?.id ?? '', { state: 'handed_over', reply: '250', dueAtMs: null });
  assert.equal(await noticesTo(pool, owner, 'b.1@club.test'), 1);
  assert.equal(await noticesTo(pool, tenantId, 'b.1@club.test'), 0);
});

test('what waits and is wanted no longer ends with the reason, in the database as in the sender', async () => {
  const wishes = [
    { enabled: false, classes: null, complaints: true },
    { enabled: true, classes: null, complaints: true },
    { enabled: true, classes: null, complaints: false },
    { enabled: true, classes: ['mailbox-full'], complaints: true },
    { enabled: true, classes: [], complaints: false },
  ];
  const waiting = [
    { kind: 'failed', class: 'mailbox-full' },
    { kind: 'failed', class: 'invalid-recipient' },
    { kind: 'failed', class: null },
    { kind: 'complaint', class: 'complaint' },
  ] as const;
  for (const [n, wish] of wishes.entries()) {
    const owner = await tenant(`Wishes ${n}`);
    const settings = { ...wish, account_id: null };
    await queue(waiting.map((each, place) => ({ ...notice(owner, place), ...each })));
    const expected = waiting.map((each) => whyUnwanted(each, settings));
    assert.equal(await dropUnwanted(pool, owner, settings), expected.filter((why) => why !== null).length, JSON.stringify(wish));
    const { last } = await readNotices(pool, owner, 9);
    assert.deepEqual(
      last.toReversed().map(({ reply }) => reply),
      expected,
      JSON.stringify(wish),
    );
    assert.deepEqual(new Set(last.filter(({ reply }) => reply !== null).map(({ state }) => state)).size <= 1, true);
  }
});

test('a notice that was ended while it was on the wire is not put off again, but what became of it is said', async () => {
  const owner = await tenant('Wire');
  await queue([notice(owner, 1)]);
  const taken = await takeNotices(pool, { rows: 1_000, perTenantMinute: 1_000 });
  const id = taken.find((each) => each.tenantId === owner)?.id ?? '';
  await dropUnwanted(pool, owner, { enabled: false, classes: null, complaints: false, account_id: null });
  await settleNotice(pool, id, { state: 'due', reply: '451 later', dueAtMs: Date.now() });
  const state = async () => (await readNotices(pool, owner, 1)).last[0]?.state;
  assert.equal(await state(), 'dropped');
  await settleNotice(pool, id, { state: 'handed_over', reply: '250', dueAtMs: null });
  assert.equal(await state(), 'handed_over');
});

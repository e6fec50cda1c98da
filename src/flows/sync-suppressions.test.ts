// This file tests the sync of suppression lists against real PostgreSQL and the simulated providers over real sockets.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LABELS, LONG_AGO, listWorld, release, WORDS } from '../../test/support/list-world.ts';
import { ids } from '../../test/support/mail-rows.ts';
import { listListEntries } from '../store/list-entries.ts';
import { updateListSync } from '../store/list-syncs.ts';
import { createSuppression } from '../store/suppressions.ts';

for (const kind of ['sparkpost', 'elastic-email', 'mandrill'] as const) {
  test(`${kind}: addresses of ours become holds by our own reading, strangers are counted`, async (t) => {
    const world = await listWorld(t, kind);
    const other = await world.tenant('Choir');
    await world.went('gone@mailbox.test');
    await world.went('cross@mailbox.test');
    await world.went('left@mailbox.test');
    await world.went('fine@mailbox.test');
    await world.went('shared@mailbox.test');
    await world.went('shared@mailbox.test', { tenantId: other });
    await world.went('well@mailbox.test', { state: 'delivered', atMs: Date.now() });
    const label = LABELS[kind];
    const bounce = { reason: label.bounce, atMs: LONG_AGO, detail: WORDS[kind], code: 550 };
    const blocked = WORDS[kind].replace('5.1.1 user unknown', '5.7.1 client host [198.51.100.7] blocked using dnsbl.example');
    world.there.fillList([
      ['Gone@mailbox.test', bounce],
      ['cross@mailbox.test', { reason: label.complaint, atMs: LONG_AGO }],
      ['left@mailbox.test', { reason: label.unsubscribe, atMs: LONG_AGO }],
      ['fine@mailbox.test', { ...bounce, detail: blocked }],
      ['shared@mailbox.test', { reason: label.complaint, atMs: LONG_AGO }],
      ['well@mailbox.test', bounce],
      ['stranger@mailbox.test', bounce],
    ]);
    assert.equal(await world.run(), 1);
    assert.deepEqual(await world.holds(), [
      ['cross@mailbox.test', 'bulk', 'complaint'],
      ['gone@mailbox.test', '', 'invalid-recipient'],
      ['left@mailbox.test', 'bulk', 'unsubscribed'],
      ['shared@mailbox.test', 'bulk', 'provider-list'],
      ['shared@mailbox.test', 'bulk', 'provider-list'],
    ]);
    const status = await world.status();
    assert.ok(status.run_ended_at !== null && status.cursor === null && status.last_error === null, JSON.stringify(status));
    const rows = kind === 'sparkpost' ? 2 : 1;
    assert.equal(status.counts['entries'], 7 * rows);
    assert.equal(status.counts['strangers'], rows);
    assert.equal(status.counts['held'], 5);
    assert.equal(status.counts['left:not-the-recipient'], rows);
    assert.equal(status.counts['left:delivered-since'], rows);
    const report = await listListEntries(world.pool, world.accountId, { after: null, limit: 50, verdict: 'not-the-recipient' });
    assert.equal(report[0]?.address, 'fine@mailbox.test');
    assert.equal(report[0]?.class, 'ip-reputation');
    const { rows: events } = await world.pool.query("select data->>'source' as source from events where type = 'hold.created'");
    assert.deepEqual(new Set(events.map((each) => each.source)), new Set(['list of There']));
    // The same list again changes nothing.
    await world.again();
    await world.run();
    assert.equal((await world.holds()).length, 5);
    assert.equal((await world.status()).counts['held'] ?? 0, 0);
  });

  test(`${kind}: a release takes the entry off there, and the entry does not come back as a hold`, async (t) => {
    const world = await listWorld(t, kind);
    await world.went('gone@mailbox.test');
    world.there.fillList([['gone@mailbox.test', { reason: LABELS[kind].bounce, atMs: LONG_AGO, detail: WORDS[kind], code: 550 }]]);
    await world.run();
    assert.equal((await world.holds()).length, 1);
    await release(world, 'gone@mailbox.test');
    // The provider fails at first; nothing is lost.
    world.there.failList({ after: 0, kind: 'throttle', times: 1 });
    await world.run();
    assert.equal(world.there.listed('gone@mailbox.test'), LABELS[kind].bounce);
    assert.match((await world.status()).last_error ?? '', /429/);
    await world.pool.query('update list_changes set due_at = now()');
    await world.run();
    assert.equal(world.there.listed('gone@mailbox.test'), null);
    assert.deepEqual(await listListEntries(world.pool, world.accountId, { after: null, limit: 5 }), []);
    await world.again();
    await world.run();
    assert.deepEqual(await world.holds(), []);
  });
}

test('an entry that outlives its removal is taken off again and holds nobody', async (t) => {
  const world = await listWorld(t);
  await world.went('gone@mailbox.test');
  const entry = { reason: 'Bounce Rule', atMs: LONG_AGO, detail: WORDS.sparkpost };
  world.there.fillList([['gone@mailbox.test', entry]]);
  await world.run();
  await release(world, 'gone@mailbox.test');
  await world.run();
  world.there.fillList([['gone@mailbox.test', entry]]);
  await world.pool.query("update list_changes set done_at = now() - interval '1 hour'");
  await world.again();
  await world.run();
  assert.deepEqual(await world.holds(), []);
  assert.equal((await world.status()).counts['left:released-since'], 2);
  await world.run();
  assert.equal(world.there.listed('gone@mailbox.test'), null);
});

test('a release that races with a new bounce: the newer knowledge wins, in both orders', async (t) => {
  const world = await listWorld(t);
  await world.went('gone@mailbox.test');
  world.there.fillList([['gone@mailbox.test', { reason: 'Bounce Rule', atMs: LONG_AGO, detail: WORDS.sparkpost }]]);
  await world.run();
  await release(world, 'gone@mailbox.test');
  // Before the removal went out, the address bounced again.
  await createSuppression(world.pool, world.tenantId, {
    id: ids.next(),
    address: 'gone@mailbox.test',
    stream: null,
    reason: 'invalid-recipient',
    source: 'There',
    evidence: null,
    expiresAtMs: null,
  });
  world.there.fillList([['gone@mailbox.test', { reason: 'Bounce Rule', atMs: Date.now(), detail: WORDS.sparkpost }]]);
  await world.run();
  assert.equal(world.there.listed('gone@mailbox.test'), 'Bounce Rule', 'the newer bounce stands there');
  assert.equal((await world.holds()).length, 1);
  const { rows } = await world.pool.query('select state from list_changes');
  assert.deepEqual(rows, [{ state: 'overtaken' }]);
  // The other order: released after all that, and the provider lists it for a bounce that is newer than the release.
  await release(world, 'gone@mailbox.test');
  await world.run();
  assert.equal(world.there.listed('gone@mailbox.test'), null);
  world.there.fillList([['gone@mailbox.test', { reason: 'Bounce Rule', atMs: Date.now() + 1_000, detail: WORDS.sparkpost }]]);
  await world.again();
  await world.run();
  assert.deepEqual(await world.holds(), [['gone@mailbox.test', '', 'invalid-recipient']]);
});

test('holds stay here unless the setting puts them there; a platform-wide list is not touched for one organisation', async (t) => {
  const world = await listWorld(t, 'sparkpost');
  await world.went('cross@mailbox.test');
  const hold = (address: string, reason: string) =>
    createSuppression(world.pool, world.tenantId, {
      id: ids.next(),
      address,
      stream: 'bulk',
      reason,
      source: 'api',
      evidence: null,
      expiresAtMs: null,
    });
  await hold('cross@mailbox.test', 'complaint');
  await world.run();
  assert.equal(world.there.listed('cross@mailbox.test'), null);
  await updateListSync(world.pool, world.accountId, { pushHolds: 'own-list' });
  await world.again();
  await world.run();
  assert.equal(world.there.listed('cross@mailbox.test'), null, 'this account shares its list with the platform');
  await updateListSync(world.pool, world.accountId, { pushHolds: 'always' });
  await world.went('gone@mailbox.test');
  await hold('gone@mailbox.test', 'invalid-recipient');
  await hold('stranger@mailbox.test', 'complaint');
  await world.again();
  await world.run();
  assert.equal(world.there.listed('cross@mailbox.test'), 'Manually Added');
  assert.equal(world.there.listed('gone@mailbox.test'), null, 'a bounce is the provider’s own affair');
  assert.equal(world.there.listed('stranger@mailbox.test'), null, 'nothing of ours went there');
  // What we put there is known as ours, and a release takes it off again.
  await world.again();
  await world.run();
  assert.ok(((await world.status()).counts['left:ours'] ?? 0) > 0);
  await release(world, 'cross@mailbox.test');
  await world.run();
  assert.equal(world.there.listed('cross@mailbox.test'), null);
});

test('what leaves the list releases nobody, unless the setting says so', async (t) => {
  const world = await listWorld(t, 'elastic-email');
  const entry = { reason: 'Bounce', atMs: LONG_AGO, detail: WORDS['elastic-email'], code: 550 };
  for (const name of ['one', 'two']) await world.went(`${name}@mailbox.test`);
  world.there.fillList([
    ['one@mailbox.test', entry],
    ['two@mailbox.test', entry],
  ]);
  await world.run();
  await fetch(`${world.there.settings['base_url']}/suppressions/one@mailbox.test`, {
    method: 'DELETE',
    headers: { 'x-elasticemail-apikey': world.there.key },
  });
  await world.again();
  await world.run();
  assert.equal((await world.holds()).length, 2);
  assert.equal((await world.status()).counts['vanished'], 1);
  await updateListSync(world.pool, world.accountId, { followRemovals: true });
  await fetch(`${world.there.settings['base_url']}/suppressions/two@mailbox.test`, {
    method: 'DELETE',
    headers: { 'x-elasticemail-apikey': world.there.key },
  });
  await world.again();
  await world.run();
  assert.deepEqual(await world.holds(), [['one@mailbox.test', '', 'invalid-recipient']]);
  const { rows } = await world.pool.query("select data->>'address' as address from events where type = 'hold.released'");
  assert.deepEqual(rows, [{ address: 'two@mailbox.test' }]);
});

test('a wrong key is told to the operator and tried no more than now and then', async (t) => {
  const world = await listWorld(t, 'mandrill', { subaccount: 'nobody' });
  await world.run();
  const status = await world.status();
  assert.equal(status.last_error_kind, 'account');
  assert.match(status.last_error ?? '', /Unknown_Subaccount/);
  assert.ok(Date.parse(status.due_at) > Date.now() + 60_000);
  assert.equal(status.run_ended_at, null);
});

test('two runners never read one list at the same time', async (t) => {
  const world = await listWorld(t);
  world.there.fillList(
    Array.from({ length: 5_000 }, (_, n) => [`m${n}@mailbox.test`, { reason: 'Manually Added', atMs: LONG_AGO }] as const),
  );
  const worked = await Promise.all([world.run(), world.run(), world.run()]);
  assert.equal(worked.reduce((sum, each) => sum + each, 0) >= 1, true);
  const status = await world.status();
  assert.equal(status.counts['entries'], 10_000);
});

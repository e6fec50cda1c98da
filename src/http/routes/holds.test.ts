// This file tests the ways in and out for holds over the API: the policy, lists as files, filters, release with its mail, and what applications hear.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type HttpDesk, httpDesk } from '../../../test/support/http-desk.ts';

const importFile = (desk: HttpDesk, key: string, text: string, query = '') =>
  desk.ask('POST', `/v1/suppressions/import${query}`, { key, body: text, headers: { 'content-type': 'text/csv' } });

async function club(t: TestContext) {
  const desk = await httpDesk(t);
  return { desk, ...(await desk.tenant('Rowing Club')) };
}

test('the policy of the platform is inherited, an organisation can have its own, and DELETE goes back', async (t) => {
  const { desk, id, key } = await club(t);
  const show = async (asKey: string, query = '') => (await desk.ask('GET', `/v1/hold-policy${query}`, { key: asKey })).body;
  const preset = await show(key);
  assert.deepEqual([preset.tenant_id, preset.inherited, preset.cap_days], [id, true, 365]);
  assert.deepEqual(preset.rules[1], {
    classes: ['invalid-recipient'],
    failures: 1,
    over_days: 0,
    hold_days: 180,
    streams: 'all',
    doubles: true,
  });
  const rules = [{ classes: ['mailbox-full'], failures: 5, over_days: 20, hold_days: 10, streams: 'bulk', doubles: true }];
  assert.equal((await desk.ask('PUT', '/v1/hold-policy', { key, body: { rules } })).status, 403, 'the platform decides');
  const put = await desk.ask('PUT', '/v1/hold-policy', { body: { tenant_id: id, rules } });
  assert.equal(put.status, 200, JSON.stringify(put.body));
  const own = await show(key);
  assert.equal(own.inherited, false);
  assert.deepEqual(
    own.rules.map((rule: { classes: string[] }) => rule.classes),
    [['complaint', 'unsubscribed'], ['mailbox-full']],
  );
  assert.equal((await show(desk.operatorKey)).tenant_id, null);
  assert.equal((await desk.ask('DELETE', `/v1/hold-policy?tenant_id=${id}`)).status, 204);
  assert.deepEqual(await show(key), preset);
});

test('a rule about a fault that is not the address’s is refused with a sentence', async (t) => {
  const { desk } = await club(t);
  const rule = { failures: 1, over_days: 0, hold_days: 30, streams: 'all', doubles: true };
  const refused = await desk.ask('PUT', '/v1/hold-policy', { body: { rules: [{ ...rule, classes: ['ip-reputation'] }] } });
  assert.equal(refused.status, 422);
  assert.equal(refused.body.field, 'rules[0]');
  assert.match(refused.body.detail, /ip-reputation never holds an address: .*our fault/);
  const unknown = await desk.ask('PUT', '/v1/hold-policy', { body: { rules: [{ ...rule, classes: ['hard'] }] } });
  assert.match(unknown.body.detail, /no class "hard"/);
});

test('a file puts addresses on hold, tells the line of every refusal, and can be handed in again', async (t) => {
  const { desk, key } = await club(t);
  const text =
    'address,reason,stream\nA@mailbox.test,invalid-recipient,\nno address,,\nb@mailbox.test,complaint,bulk\na@mailbox.test,manual,\nc@mailbox.test,spam-content,\n';
  const first = await importFile(desk, key, text);
  assert.equal(first.status, 200, JSON.stringify(first.body));
  assert.deepEqual([first.body.added, first.body.already, first.body.refused_count], [2, 1, 2]);
  assert.deepEqual(
    first.body.refused.map(({ line, code }: { line: number; code: string }) => [line, code]),
    [
      [3, 'MAIL_ADDRESS_INVALID'],
      [6, 'REQUEST_INVALID'],
    ],
  );
  const again = await importFile(desk, key, text);
  assert.deepEqual([again.body.added, again.body.already], [0, 3]);
  const { body: events } = await desk.ask('GET', '/v1/events?type=hold.created', { key });
  assert.deepEqual(events.data.map((event: { address: string; message_id: null }) => [event.address, event.message_id]).sort(), [
    ['a@mailbox.test', null],
    ['b@mailbox.test', null],
  ]);
  const file = await desk.ask('GET', '/v1/suppressions/export?format=csv', { key });
  assert.equal(file.status, 200);
  assert.match(file.headers['content-type'] ?? '', /text\/csv/);
  const lines = String(file.body).trim().split('\r\n');
  assert.match(lines[1] ?? '', /^a@mailbox\.test,,invalid-recipient,,,import csv,20/);
  assert.equal(lines.length, 3);
  const other = await desk.tenant('Choir');
  assert.deepEqual((await importFile(desk, other.key, String(file.body))).body.added, 2, 'an export is an import');
  assert.equal((await importFile(desk, key, text, '?format=xls')).status, 422);
  const latin1 = await desk.ask('POST', '/v1/suppressions/import', {
    key,
    body: Buffer.from('address\nm\xfcller@x.test\n', 'latin1'),
    headers: { 'content-type': 'text/csv' },
  });
  assert.equal(latin1.body.code, 'REQUEST_MALFORMED');
});

test('an export comes back as the holds it was made of, in every form', async (t) => {
  const { desk, key } = await club(t);
  const other = await desk.tenant('Choir');
  await importFile(
    desk,
    key,
    'address,reason,stream,evidence\nboth@mailbox.test,manual,,\nbulk@mailbox.test,complaint,bulk,\ngone@mailbox.test,invalid-recipient,,550 5.1.1 no such user\n',
  );
  const list = async (as: string) =>
    (await desk.ask('GET', '/v1/suppressions', { key: as })).body.data
      .map((row: { address: string; stream: string | null; reason: string }) => `${row.address} ${row.stream ?? 'all'} ${row.reason}`)
      .sort();
  const before = await list(key);
  for (const format of ['csv', 'sparkpost', 'elastic-email', 'mandrill']) {
    const file = String((await desk.ask('GET', `/v1/suppressions/export?format=${format}`, { key })).body);
    const again = await importFile(desk, key, file, `?format=${format}`);
    assert.deepEqual([again.body.added, again.body.refused_count], [0, 0], `${format}: ${file}`);
    assert.deepEqual(await list(key), before, format);
    assert.deepEqual((await importFile(desk, other.key, file, `?format=${format}`)).body.refused_count, 0, format);
    assert.deepEqual(await list(other.key), before, `${format} elsewhere`);
    for (const row of (await desk.ask('GET', '/v1/suppressions', { key: other.key })).body.data)
      await desk.ask('DELETE', `/v1/suppressions/${row.id}`, { key: other.key });
  }
});

test('a wish is kept beside a hold of all mail for another reason, and a shorter hold is not', async (t) => {
  const { desk, key } = await club(t);
  const head = 'address,reason,stream,expires_at\n';
  await importFile(desk, key, `${head}anna@mailbox.test,manual,,\n`);
  const rows = 'anna@mailbox.test,complaint,bulk,\nanna@mailbox.test,manual,transactional,2099-01-01T00:00:00Z\n';
  for (const dry of ['?dry_run=true', '']) assert.deepEqual((await importFile(desk, key, head + rows, dry)).body.added, 1, dry);
});

test('a dry run of a file answers what the file would do, and writes nothing', async (t) => {
  const { desk, key } = await club(t);
  await importFile(desk, key, 'address,reason,stream\nmember1@mailbox.test,manual,\nended@mailbox.test,manual,\n');
  await desk.pool.query("update suppressions set expires_at = now() - interval '1 day' where address = 'ended@mailbox.test'");
  // The same addresses stand in two batches of the import, and one is on hold for bulk only.
  const rows = Array.from({ length: 1_500 }, (_, n) => `member${n % 1_200}@mailbox.test,${n % 7 === 0 ? 'complaint,bulk' : 'manual,'}`);
  const text = `address,reason,stream\n${rows.join('\n')}\nended@mailbox.test,manual,\nno address,,\n`;
  const counts = async () => (await desk.pool.query('select count(*)::int as n from suppressions')).rows[0]?.n;
  const before = await counts();
  const tried = await importFile(desk, key, text, '?dry_run=true');
  assert.equal(tried.body.dry_run, true);
  assert.equal(await counts(), before);
  assert.equal((await desk.ask('GET', '/v1/events?type=hold.created', { key })).body.data.length, 2, 'nobody hears of a dry run');
  const done = await importFile(desk, key, text);
  assert.ok(done.body.added > 1_200 && done.body.already > 1);
  assert.deepEqual(tried.body, { ...done.body, dry_run: true });
  const again = await importFile(desk, key, text, '?dry_run=true');
  assert.equal(again.body.added, 0);
});

test('the list is filtered by class, source, beginning of the address and end, page by page', async (t) => {
  const { desk, id, key } = await club(t);
  const rows = Array.from(
    { length: 25 },
    (_, n) => `member${String(n).padStart(2, '0')}@mailbox.test,${n % 2 ? 'complaint,bulk' : 'manual,'}`,
  );
  await importFile(desk, key, `address,reason,stream\n${rows.join('\n')}\nzoe@mailbox.test,manual,\n`);
  await desk.ask('POST', '/v1/suppressions', { key, body: { address: 'old@mailbox.test' } });
  await desk.pool.query("update suppressions set expires_at = now() - interval '1 day' where address = 'old@mailbox.test'");
  const all = async (query: string, asKey = key) => {
    const found: string[] = [];
    for (let after = ''; ; ) {
      const { body } = await desk.ask('GET', `/v1/suppressions?limit=4&${query}${after}`, { key: asKey });
      found.push(...body.data.map((row: { address: string }) => row.address.split('@')[0]));
      if (body.next === null) return found;
      after = `&after=${body.next}`;
    }
  };
  const members = rows.map((row) => row.slice(0, 8));
  assert.deepEqual(await all('q=MEMBER'), members);
  assert.deepEqual(await all('q=member1'), members.slice(10, 20));
  assert.deepEqual(await all(`q=member1&tenant_id=${id}`, desk.operatorKey), members.slice(10, 20));
  assert.deepEqual(await all('q=member', desk.operatorKey), members);
  assert.deepEqual(
    await all('q=member&class=complaint'),
    members.filter((_, n) => n % 2),
  );
  assert.equal((await all('class=complaint')).length, 12);
  assert.deepEqual(await all('source=api'), []);
  assert.deepEqual(await all('expired=true'), ['old']);
  assert.equal((await all('')).length, 26);
});

test('a release ends the hold, says why, and hands the mail in again that it had stopped', async (t) => {
  const { desk, key, domain, id } = await club(t);
  const hold = (await desk.ask('POST', '/v1/suppressions', { key, body: { address: 'anna@mailbox.test' } })).body;
  const mail = {
    from: `office@${domain}`,
    to: ['anna@mailbox.test', 'bert@mailbox.test'],
    subject: 'Regatta',
    text: 'We start at nine.',
    tags: ['regatta'],
  };
  const stopped = (await desk.ask('POST', '/v1/messages', { key, body: mail })).body;
  assert.equal(stopped.recipients[0].state, 'suppressed');
  const path = `/v1/suppressions/${hold.id}/release`;
  assert.equal((await desk.ask('POST', path, { key, body: {} })).status, 422, 'a reason is needed');
  const done = await desk.ask('POST', path, { key, body: { why: 'She wrote to us', resend: true } });
  assert.equal(done.status, 200, JSON.stringify(done.body));
  assert.equal(done.body.released.address, 'anna@mailbox.test');
  assert.equal(done.body.resent.length, 1);
  const again = (await desk.ask('GET', `/v1/messages/${done.body.resent[0]}`, { key })).body;
  assert.equal(again.subject, 'Regatta');
  assert.deepEqual(again.tags, ['regatta']);
  assert.deepEqual(
    again.recipients.map((each: { address: string }) => each.address),
    ['anna@mailbox.test'],
  );
  assert.notEqual(again.recipients[0].state, 'suppressed');
  assert.equal((await desk.ask('POST', path, { key, body: { why: 'twice' } })).status, 404);
  const { body: events } = await desk.ask('GET', '/v1/events?type=hold.released', { key });
  assert.deepEqual([events.data[0].address, events.data[0].data.why], ['anna@mailbox.test', 'She wrote to us']);
  const audit = await desk.pool.query(
    "select detail ->> 'why' as why from audit_log where tenant_id = $1 and action = 'suppression.release'",
    [id],
  );
  assert.deepEqual(audit.rows, [{ why: 'She wrote to us' }]);
});

test('a dry run counts what the log holds, and who would have been held wrongly', async (t) => {
  const { desk, key, domain, id } = await club(t);
  const sent = async (address: string) => {
    const { body } = await desk.ask('POST', '/v1/messages', { key, body: { from: `office@${domain}`, to: address, text: 'x' } });
    return { message: body.id, recipient: body.recipients[0].id };
  };
  const say = async (mail: { message: string; recipient: string }, type: string, day: number, data: object = {}) =>
    desk.pool.query(
      `insert into events (tenant_id, id, recipient_id, message_id, type, data, at) values ($1, $2, $3, $4, $5, $6, now() - make_interval(days => $7))`,
      [id, desk.deps.ids.next(), mail.recipient, mail.message, type, JSON.stringify(data), day],
    );
  const proof = { class: 'invalid-recipient', hard: true, suppress: true, diagnostic: '550 5.1.1 no such user' };
  await say(await sent('gone@mailbox.test'), 'bounced', 9, proof);
  await say(await sent('back@mailbox.test'), 'bounced', 9, proof);
  await say(await sent('back@mailbox.test'), 'delivered', 3);
  await say(await sent('fine@mailbox.test'), 'delivered', 3);
  await say(await sent('blocked@mailbox.test'), 'bounced', 3, { class: 'ip-reputation', hard: false });
  // Hard, yet no proof: what happened did not hold it, so the dry run of the same rules must not either.
  await say(await sent('vague@mailbox.test'), 'bounced', 3, { class: 'invalid-recipient', hard: true });
  await say(await sent('nowhere@mailbox.test'), 'bounced', 3, { class: 'bad-domain', hard: true });
  const { body, status } = await desk.ask('POST', '/v1/hold-policy/dry-run', { key, body: {} });
  assert.equal(status, 200, JSON.stringify(body));
  assert.deepEqual([body.held, body.of_addresses, body.later_delivered, body.sampled], [2, 6, 1, false]);
  assert.deepEqual(body.by_class, [{ class: 'invalid-recipient', held: 2, later_delivered: 1 }]);
  assert.equal(body.examples[0].address, 'back@mailbox.test');
  assert.equal(body.examples[1].evidence, '550 5.1.1 no such user');
  const rules = [{ classes: ['invalid-recipient'], failures: 2, over_days: 1, hold_days: 30, streams: 'all', doubles: true }];
  assert.equal((await desk.ask('POST', '/v1/hold-policy/dry-run', { body: { tenant_id: id, rules } })).body.held, 0);
  assert.equal(
    (await desk.ask('POST', '/v1/hold-policy/dry-run', { body: { days: 5 } })).body.held,
    2,
    'the id decides how far back, the event when',
  );
  const once = [{ classes: ['bad-domain'], failures: 1, over_days: 0, hold_days: 30, streams: 'all', doubles: true }];
  const eager = await desk.ask('POST', '/v1/hold-policy/dry-run', { body: { tenant_id: id, rules: once } });
  assert.deepEqual(eager.body.by_class, [{ class: 'bad-domain', held: 1, later_delivered: 0 }]);
  const other = await desk.tenant('Choir');
  assert.equal((await desk.ask('POST', '/v1/hold-policy/dry-run', { key: other.key, body: {} })).body.of_addresses, 0);
});

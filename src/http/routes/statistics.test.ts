import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type HttpDesk, httpDesk } from '../../../test/support/http-desk.ts';
import type { Measure } from '../../delivery/counting.ts';
import { idFloor } from '../../ids.ts';
import { addRollups, NO_ACCOUNT, type RollupKey } from '../../store/rollups.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

async function furnished(t: TestContext) {
  const desk = await httpDesk(t);
  const club = await desk.tenant('Club');
  const other = await desk.tenant('Other');
  const account = async (name: string, provider: string) => {
    const id = desk.deps.ids.next();
    const text = `insert into provider_accounts (id, name, provider, secret, webhook_token, webhook_password) values ($1, $2, $3, '', $2, '')`;
    await desk.pool.query(text, [id, name, provider]);
    return id;
  };
  const accounts = { talks: await account('talks', 'sparkpost'), silent: await account('silent', 'smtp') };
  const hourMs = Math.floor(desk.deps.clock.nowMs() / HOUR_MS) * HOUR_MS - HOUR_MS;
  const key = { tenantId: club.id, hourMs, stream: 'bulk', domain: club.domain, mailboxProvider: 'google' } as const;
  const add = async (change: Partial<RollupKey>, counts: Partial<Record<Measure, number>>, classes: Record<string, number> = {}) => {
    const whole = { ...key, accountId: accounts.talks, ...change };
    const rows = Object.entries(classes).map(([name, recipients]) => {
      const [measure = '', cls = ''] = name.split(' ');
      return { ...whole, measure: measure as Measure, class: cls, recipients };
    });
    await addRollups(desk.pool, [{ ...whole, counts }], rows);
  };
  const accepted = (tenantId: string, n: number) =>
    desk.pool.query(
      `insert into rollups (tenant_id, hour, stream, domain, mailbox_provider, account_id, accepted) values ($1, to_timestamp($2::float8 / 1000), 'bulk', $3, 'google', $4, $5)`,
      [tenantId, hourMs, club.domain, NO_ACCOUNT, n],
    );
  return { desk, club, other, accounts, hourMs, add, accepted };
}

test('Statistics count by any dimension, leave the operator’s faults out of an organisation’s figures, and define their rates', async (t) => {
  const { desk, club, other, accounts, hourMs, add, accepted } = await furnished(t);
  await accepted(club.id, 140);
  await add(
    {},
    { delivered: 90, bounced: 10, failed: 6, complained: 1 },
    { 'bounced invalid-recipient': 8, 'bounced policy': 2, 'failed operator': 5, 'failed content': 1 },
  );
  await add({ mailboxProvider: 'microsoft', accountId: accounts.silent }, { handed_over: 20, expired: 2 });
  await add(
    { mailboxProvider: 'microsoft', accountId: accounts.silent, hourMs: hourMs - 6 * DAY_MS },
    { handed_over: 7, bounced: 1 },
    { 'bounced bad-domain': 1 },
  );
  await add({ tenantId: other.id }, { delivered: 1_000 });
  const ask = async (query: string, key: string | null = club.key) => (await desk.ask('GET', `/v1/statistics?${query}`, { key })).body;

  const { total, definitions, data, from, to } = await ask('');
  assert.deepEqual(data, []);
  assert.equal(Date.parse(to) - Date.parse(from), 30 * DAY_MS);
  assert.deepEqual(
    [
      total.accepted,
      total.delivered,
      total.bounced,
      total.failed,
      total.expired,
      total.handed_over,
      total.not_refused,
      total.unknown,
      total.complained,
    ],
    [135, 90, 11, 1, 2, 27, 7, 20, 1],
  );
  assert.deepEqual(total.by_fault, { recipient: 9, policy: 2, content: 1, receiver: 2 });
  assert.equal(total.operator_failed, null);
  assert.deepEqual([total.delivered_rate.n, total.bounce_rate.n, total.not_refused_rate.n], [101, 128, 109]);
  const silent = await ask('mailbox_provider=microsoft');
  assert.deepEqual(
    [silent.total.not_refused_rate.value, silent.total.not_refused_rate.n, silent.total.expired],
    [7 / 8, 8, 2],
    'what is younger than five days counts with nothing',
  );
  const refused = await ask('mailbox_provider=microsoft&fault=receiver');
  assert.equal(refused.total.not_refused_rate.n, 7, 'also where causes are asked for');
  assert.match(definitions.delivered_rate, /^Delivered, of those delivered, bounced, failed or expired/);

  const operators = await ask(`tenant_id=${club.id}&by=tenant`, desk.operatorKey);
  assert.equal(operators.total.operator_failed, null, 'for one organisation they are its figures');
  const all = await ask('by=tenant', desk.operatorKey);
  assert.deepEqual([all.total.delivered, all.total.operator_failed], [1_090, 5]);
  assert.deepEqual(all.data.map((row: { label: string }) => row.label).toSorted(), ['Club', 'Other']);

  const by = async (what: string) =>
    (await ask(`by=${what}`)).data as { key: string; label: string; accepted: number; bounced: number; bounce_rate: { n: number } }[];
  assert.deepEqual(
    (await by('mailbox_provider')).map((row) => [row.key, row.bounced]),
    [
      ['google', 10],
      ['microsoft', 1],
    ],
  );
  assert.deepEqual(
    (await ask(`by=account&tenant_id=${club.id}`, desk.operatorKey)).data.map((row: { label: string; accepted: number }) => [
      row.label,
      row.accepted,
    ]),
    [
      ['talks', 101],
      ['silent', 30],
      ['No account', 4],
    ],
  );
  assert.deepEqual(
    (await by('class')).map((row) => [row.key, row.bounced, row.bounce_rate.n]),
    [
      ['invalid-recipient', 8, 128],
      ['expired', 0, 128],
      ['policy', 2, 128],
      ['bad-domain', 1, 128],
      ['content', 0, 128],
    ],
  );
  assert.deepEqual(
    (await by('fault')).map((row) => row.key),
    ['recipient', 'policy', 'receiver', 'content'],
  );
  assert.deepEqual((await by('day')).length, 2);
  assert.deepEqual((await by('hour'))[1]?.key, new Date(hourMs).toISOString().replace('.000', ''));
  assert.equal((await ask('class=policy')).total.bounced, 2);
  assert.equal((await ask('fault=recipient')).total.bounced, 9);
  assert.equal((await ask('mailbox_provider=google&stream=bulk')).total.delivered, 90);
  assert.equal((await ask('stream=transactional')).total.accepted, 0);
  assert.equal((await ask(`tenant_id=${other.id}`)).total.delivered, 0, 'a foreign organisation looks empty');
  assert.equal(
    (await desk.ask('GET', '/v1/statistics?by=account', { key: club.key })).body.code,
    'SCOPE_MISSING',
    'accounts are the operators’ affair',
  );
  assert.equal((await desk.ask('GET', '/v1/statistics?from=2026-02-01&to=2026-01-01', { key: club.key })).status, 422);
  assert.equal((await desk.ask('GET', '/v1/statistics?by=hour&from=2025-01-01&to=2026-01-01', { key: club.key })).body.field, 'by');
});

test('What was accepted a moment ago counts at once', async (t) => {
  const desk = await httpDesk(t);
  const club = await desk.tenant('Club');
  const body = { from: `a@${club.domain}`, to: ['x@mailbox.test', 'y@mailbox.test'], text: 'x' };
  assert.equal((await desk.ask('POST', '/v1/messages', { key: club.key, body })).status, 202);
  const { body: found } = await desk.ask('GET', '/v1/statistics?by=domain', { key: club.key });
  assert.deepEqual([found.total.accepted, found.total.under_way, found.data[0].key], [2, 2, club.domain]);
});

test('Complaint rates stand against the lines, by mailbox provider', async (t) => {
  const { desk, club, add } = await furnished(t);
  await add({}, { delivered: 10_000, complained: 4 });
  await add({ mailboxProvider: 'yahoo' }, { delivered: 1_000, complained: 9 });
  await add({ mailboxProvider: 'other' }, { delivered: 20, complained: 1 });
  const { body } = await desk.ask('GET', '/v1/complaints/rates', { key: club.key });
  assert.deepEqual(body.lines, { good: 0.001, stop: 0.003 });
  assert.deepEqual(
    body.data
      .map((row: { mailbox_provider: string; verdict: string; rate: { n: number } }) => [row.mailbox_provider, row.rate.n, row.verdict])
      .toSorted(),
    [
      ['google', 10_000, 'good'],
      ['other', 20, 'too-little'],
      ['yahoo', 1_000, 'stop'],
    ],
  );
});

/** Messages to a few addresses with answers; the newest last. */
async function answered(desk: HttpDesk, tenant: { id: string; key: string; domain: string }) {
  const body = {
    from: `a@${tenant.domain}`,
    to: ['full@mailbox.test', 'gone@mailbox.test'],
    subject: 'Regatta',
    text: 'x',
    tags: ['spring'],
    stream: 'bulk',
  };
  const { body: message } = await desk.ask('POST', '/v1/messages', { key: tenant.key, body });
  const [full, gone] = message.recipients as { id: string }[];
  const say = async (recipient: { id: string } | undefined, type: string, data: object, idMs?: number) => {
    const id = idMs === undefined ? desk.deps.ids.next() : idFloor(idMs);
    await desk.pool.query(
      `insert into events (tenant_id, id, recipient_id, message_id, type, data, at) values ($1, $2, $3, $4, $5, $6, now())`,
      [tenant.id, id, recipient?.id, message.id, type, data],
    );
    return id;
  };
  return { message, full, gone, say };
}

test('Bounces are found by class, fault, address and more, with the receiver’s words; complaints with their mailing', async (t) => {
  const desk = await httpDesk(t);
  const club = await desk.tenant('Club');
  const { message, full, gone, say } = await answered(desk, club);
  await say(full, 'delivered', { source: 'x', was: 'handed_over' });
  const first = await say(full, 'bounced', {
    source: 'x',
    class: 'mailbox-full',
    fault: 'recipient',
    hard: false,
    diagnostic: '452 full',
    provider_label: 'soft',
    rule: 'r1',
  });
  const second = await say(gone, 'bounced', { account: 'x', class: 'invalid-recipient', fault: 'recipient', reply: '550 no such user' });
  const third = await say(gone, 'failed', { reason: 'no-route' });
  const complaint = await say(full, 'complained', { source: 'x', complaint: 'fraud' });
  await desk.ask('POST', '/v1/suppressions', { key: club.key, body: { address: 'gone@mailbox.test' } });
  const list = async (query: string, path = 'bounces') => (await desk.ask('GET', `/v1/${path}?${query}`, { key: club.key })).body;

  const { data } = await list('');
  assert.deepEqual(
    data.map((row: { id: string }) => row.id),
    [third, second, first],
  );
  const { at, ...shown } = data[2];
  assert.ok(Date.parse(at) > 0);
  assert.deepEqual(shown, {
    id: first,
    tenant_id: club.id,
    tenant_name: 'Club',
    message_id: message.id,
    recipient_id: full?.id,
    address: 'full@mailbox.test',
    subject: 'Regatta',
    stream: 'bulk',
    type: 'bounced',
    class: 'mailbox-full',
    fault: 'recipient',
    hard: false,
    diagnostic: '452 full',
    provider_label: 'soft',
    rule: 'r1',
    mailbox_provider: data[0].mailbox_provider,
    domain: club.domain,
    account: null,
    account_id: null,
    state: 'held',
    held: false,
  });
  assert.deepEqual([data[1].hard, data[1].diagnostic, data[1].held], [true, '550 no such user', true], 'an answer at the hand-over');
  assert.equal(data[0].fault, 'operator', 'a reason of our own');
  const found = async (query: string) => (await list(query)).data.map((row: { id: string }) => row.id);
  assert.deepEqual(await found('class=mailbox-full'), [first]);
  assert.deepEqual(await found('fault=recipient'), [second, first]);
  assert.deepEqual(await found('fault=operator'), [third]);
  assert.deepEqual(await found('hard=true'), [second]);
  assert.deepEqual(await found('type=failed'), [third]);
  assert.deepEqual(await found('address=GONE@mailbox.test'), [third, second]);
  assert.deepEqual(await found(`domain=${club.domain}&stream=bulk`), [third, second, first]);
  assert.deepEqual(await found('domain=elsewhere.example'), []);
  assert.deepEqual(await found('from=2001-01-01&to=2002-01-01'), []);
  assert.deepEqual(
    (await desk.ask('GET', '/v1/bounces?address=gone@mailbox.test')).body.data.length,
    2,
    'an operator names no organisation',
  );

  const complaints = await list('', 'complaints');
  assert.deepEqual(
    complaints.data.map((row: Record<string, unknown>) => [row['id'], row['type'], row['tags']]),
    [[complaint, 'fraud', ['spring']]],
  );
  assert.ok(!('class' in complaints.data[0]));
});

test('A page that ended because enough was looked at says where it stopped', async (t) => {
  const desk = await httpDesk(t);
  const club = await desk.tenant('Club');
  const { message, full, say } = await answered(desk, club);
  const wanted = await say(full, 'bounced', { class: 'policy' });
  await desk.pool.query(
    `insert into events (tenant_id, id, recipient_id, message_id, type, data, at)
     select $1, ($2 || lpad(to_hex(n), 12, '0'))::uuid, $3, $4, 'bounced', '{"class": "content"}', now() from generate_series(1, 6000) n`,
    [club.id, `${desk.deps.ids.next().slice(0, 23)}-`, full?.id, message.id],
  );
  const first = (await desk.ask('GET', '/v1/bounces?class=policy', { key: club.key })).body;
  assert.deepEqual(first.data, []);
  assert.ok(first.next);
  const second = (await desk.ask('GET', `/v1/bounces?class=policy&after=${first.next}`, { key: club.key })).body;
  assert.deepEqual([second.data[0].id, second.next], [wanted, null]);
  const pages = (await desk.ask('GET', '/v1/bounces?limit=3', { key: club.key })).body;
  assert.equal(pages.data.length, 3);
  const next = (await desk.ask('GET', `/v1/bounces?limit=3&after=${pages.next}`, { key: club.key })).body;
  assert.ok(next.data[0].id < pages.data[2].id);
  assert.equal((await desk.ask('GET', `/v1/complaints?after=${pages.next}`, { key: club.key })).body.code, 'CURSOR_INVALID');
});

// This file checks that the lists that can be counted say as many rows as their pages have, under every filter, and to nobody who does not ask.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { httpDesk } from '../../test/support/http-desk.ts';
import { TOTAL_MAX, totalOf } from '../store/total.ts';

const PEOPLE = 23;

test('a list says how many rows its pages have, only when asked', async (t) => {
  const desk = await httpDesk(t);
  const [club, other] = [await desk.tenant('Club'), await desk.tenant('Other')];
  for (let n = 0; n < PEOPLE; n += 1) {
    const message = {
      from: `office@${club.domain}`,
      to: [`m${n}@mailbox.test`, 'shared@mailbox.test'],
      subject: n % 2 ? 'Regatta' : 'Newsletter',
      text: 'x',
      stream: n % 3 ? 'bulk' : 'transactional',
    };
    assert.equal((await desk.ask('POST', '/v1/messages', { key: club.key, body: message })).status, 202);
    await desk.ask('POST', '/v1/suppressions', {
      key: club.key,
      body: { address: `m${n}@mailbox.test`, reason: n % 2 ? 'manual' : 'complaint' },
    });
  }
  await desk.pool.query("update suppressions set expires_at = now() - interval '1 day' where address like 'm1%'");
  await desk.pool.query(
    `insert into events (tenant_id, id, recipient_id, message_id, type, data, at)
     select tenant_id, gen_random_uuid(), id, message_id, case when n % 4 = 0 then 'complained' else 'bounced' end,
       jsonb_build_object('class', case when n % 3 = 0 then 'mailbox-full' else 'invalid-recipient' end, 'hard', n % 3 <> 0), now()
     from (select *, row_number() over (order by id) as n from recipients) r where address <> 'shared@mailbox.test'`,
  );
  const lists = [
    '/v1/messages?',
    '/v1/messages?subject=regatta',
    '/v1/messages?stream=bulk',
    '/v1/messages?state=queued',
    '/v1/messages?address=m7@mailbox.test',
    '/v1/messages?address=shared@mailbox.test&state=queued&stream=bulk',
    '/v1/recipients?',
    '/v1/recipients?state=bounced',
    '/v1/recipients?address=shared@mailbox.test',
    '/v1/bounces?',
    '/v1/bounces?class=mailbox-full',
    '/v1/bounces?hard=true&stream=bulk',
    '/v1/bounces?address=m5@mailbox.test',
    '/v1/complaints?',
    '/v1/complaints?mailbox_provider=other',
    '/v1/suppressions?',
    '/v1/suppressions?class=manual',
    '/v1/suppressions?expired=true',
    '/v1/suppressions?q=m2',
    '/v1/suppressions?address=m2@mailbox.test',
  ];
  for (const list of lists) {
    for (const key of [club.key, desk.operatorKey]) {
      let rows = 0;
      let after = '';
      do {
        const { body, status } = await desk.ask('GET', `${list}&limit=4${after}`, { key });
        assert.equal(status, 200, JSON.stringify(body));
        assert.ok(!('total' in body), 'nobody asked');
        rows += body.data.length;
        after = body.next === null ? '' : `&after=${encodeURIComponent(body.next)}`;
      } while (after !== '');
      const { body } = await desk.ask('GET', `${list}&limit=1&total=true`, { key });
      assert.deepEqual([body.total, body.total_is_lower_bound], [rows, false], list);
    }
    const { body: foreign } = await desk.ask('GET', `${list}&total=true`, { key: other.key });
    assert.deepEqual([foreign.total, foreign.data], [0, []], `${list}, by somebody else`);
    const { body: named } = await desk.ask('GET', `${list}&total=true&tenant_id=${club.id}`, { key: other.key });
    assert.deepEqual([named.total, named.data], [0, []], `${list}, of a foreign organisation`);
  }
  const { body: exact } = await desk.ask('GET', '/v1/messages?limit=1', { key: club.key });
  const byId = await desk.ask('GET', `/v1/messages?id=${exact.data[0].id}&total=true`, { key: club.key });
  assert.equal(byId.body.total, 1);
});

test('what is more than is counted, or not all looked through, is said to be at least that', () => {
  assert.deepEqual(totalOf({ n: TOTAL_MAX, cut: false }), { total: TOTAL_MAX, total_is_lower_bound: false });
  assert.deepEqual(totalOf({ n: TOTAL_MAX + 1, cut: false }), { total: TOTAL_MAX, total_is_lower_bound: true });
  assert.deepEqual(totalOf({ n: 7, cut: true }), { total: 7, total_is_lower_bound: true });
});

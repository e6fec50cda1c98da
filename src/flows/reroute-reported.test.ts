// This file reports refusals in every order and number: each recipient goes another way once per account, and whatever is repeated changes nothing.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { ids, mailRows } from '../../test/support/mail-rows.ts';
import { systemClock } from '../clock.ts';
import { CLASS_FAULT, type FeedbackEvent } from '../feedback/vocabulary.ts';
import { silentLog } from '../log.ts';
import { providerRegistry } from '../providers/registry.ts';
import { makeIntake } from '../store/intake.ts';
import { makeHoldPolicies } from './hold-policies.ts';
import { makeLaneDirectory } from './lane-directory.ts';
import { type Heard, makeRecordFeedback } from './record-feedback.ts';
import { makeRerouteReported } from './reroute-reported.ts';
import { makeRoutingTable } from './routing-table.ts';

async function world(t: TestContext) {
  const rows = await mailRows(t);
  const { db, pool, tenantId, accountId: first, routeId } = rows;
  t.after(() => db.close());
  const second = ids.next();
  await pool.query(
    `insert into provider_accounts (id, name, provider, secret, webhook_token, webhook_password) values ($1, 'second', 'smtp', '', $2, '')`,
    [second, second],
  );
  const made = await pool.query<{ id: number }>(
    `with p as (insert into pools (id, account_id) values ($1, $2) returning id, account_id)
     insert into routes (account_id, pool_id) select account_id, id from p returning id`,
    [ids.next(), second],
  );
  const secondRoute = made.rows[0]?.id ?? 0;
  const routing = makeRoutingTable({
    pool,
    clock: systemClock,
    log: silentLog,
    registry: providerRegistry,
    unseal: () => '{}',
    onChange: () => {},
  });
  await routing.refresh();
  const poked: number[] = [];
  const lanes = makeLaneDirectory(pool, () => {});
  const may = { allowed: true, domainAuthenticated: true, freeMailbox: false, domainId: null, domainName: null } as const;
  const reroute = makeRerouteReported({
    clock: systemClock,
    log: silentLog,
    routing: () => routing,
    lanes: () => lanes,
    rights: { check: () => may },
    poke: (laneId) => poked.push(laneId),
  });
  const policies = makeHoldPolicies({ pool, clock: systemClock });
  const record = makeRecordFeedback({ hot: db.hot, ids, nowMs: () => Date.now(), policies, reroute });
  const message = rows.message({}, [{ state: 'handed_over', dueAtMs: null }]);
  await makeIntake(db.hot).submit(message);
  const recipientId = message.recipients[0]?.id ?? '';

  async function attempt(account: string, route: number, outcome = 'handed_over') {
    await pool.query(
      `insert into attempts (tenant_id, id, recipient_id, message_id, number, route_id, outcome, started_at, ended_at) values ($1, $2, $3, $4, 1, $5, $6, now(), now())`,
      [tenantId, ids.next(), recipientId, message.id, route, outcome],
    );
    await pool.query(
      'insert into provider_messages (tenant_id, recipient_id, account_id, provider_message_id, message_id, address) values ($1, $2, $3, $4, $5, $6)',
      [tenantId, recipientId, account, `p-${account}`, message.id, 'member0@mailbox.test'],
    );
    await pool.query(`update recipients set state = 'handed_over', due_at = null, route_id = $2 where id = $1`, [recipientId, route]);
  }
  await attempt(first, routeId);

  const heard = (change: Partial<FeedbackEvent>, account = first, more: Partial<Heard> = {}): Heard => ({
    event: {
      ...{
        type: 'bounced',
        recipient: null,
        atMs: Date.now(),
        providerEventId: ids.next(),
        providerMessageId: `p-${account}`,
        recipientId: null,
      },
      ...{ class: 'ip-reputation', fault: CLASS_FAULT['ip-reputation'], hard: false, suppress: false, diagnostic: '554 5.7.1 blocked' },
      ...{ providerLabel: null, rule: null, detail: {} },
      ...change,
    },
    ...{ accountId: account, source: 'webhook', proven: false, recipientId: null },
    ...more,
  });
  return {
    ...{ pool, first, second, routeId, secondRoute, record, heard, attempt, poked, messageId: message.id },
    async look() {
      const { rows: found } = await pool.query(
        `select r.state, r.reason, l.route_id as lane, r.due_at is not null as due from recipients r join lanes l on l.id = r.lane_id where r.id = $1`,
        [recipientId],
      );
      const { rows: events } = await pool.query('select type, data from events where recipient_id = $1 order by txid, id', [recipientId]);
      return { ...found[0], events: events.map((each) => each.type).filter((type: string) => type !== 'accepted') };
    },
  };
}

const GOOD_NEWS = { type: 'delivered', class: 'delivered', fault: null, diagnostic: null } as const;

test('a correlated refusal of our IP makes the recipient due in a lane of the other route', async (t) => {
  const { record, heard, look, secondRoute, poked } = await world(t);
  await record([heard({})]);
  const { state, reason, lane, due, events } = await look();
  assert.deepEqual({ state, reason, lane, due }, { state: 'queued', reason: 'ip-reputation', lane: secondRoute, due: true });
  assert.deepEqual(events, ['rerouted']);
  assert.equal(poked.length, 1);
});

test('the same refusal under another id says nothing new, in the same batch, while it waits, and after the next hand-over', async (t) => {
  const { record, heard, look, attempt, second, secondRoute } = await world(t);
  await record([heard({}), heard({})]);
  await record([heard({ diagnostic: '554 once more' })]);
  assert.deepEqual((await look()).events, ['rerouted']);
  await attempt(second, secondRoute);
  await record([heard({ type: 'rejected' })]);
  const { state, events } = await look();
  assert.equal(state, 'handed_over', 'the second account has it');
  assert.deepEqual(events, ['rerouted']);
});

test('when the last account refuses as well, the refusal stands', async (t) => {
  const { record, heard, look, attempt, second, secondRoute } = await world(t);
  await record([heard({})]);
  await attempt(second, secondRoute);
  await record([heard({}, second)]);
  const { state, events } = await look();
  assert.equal(state, 'bounced');
  assert.deepEqual(events, ['rerouted', 'bounced']);
});

test('a delivery that comes after all ends the wait; one that came before forbids the detour', async (t) => {
  const late = await world(t);
  await late.record([late.heard({})]);
  await late.record([late.heard(GOOD_NEWS)]);
  const { state, due } = await late.look();
  assert.deepEqual({ state, due }, { state: 'delivered', due: false });
  const early = await world(t);
  await early.record([early.heard({ ...GOOD_NEWS, atMs: Date.now() - 1_000 }), early.heard({})]);
  assert.deepEqual((await early.look()).events, ['delivered', 'bounced']);
  assert.equal((await early.look()).state, 'bounced');
});

for (const [what, prepare] of [
  [
    'anybody could have said so',
    async ({ record, heard, pool, look }: Awaited<ReturnType<typeof world>>) => {
      const { rows } = await pool.query<{ id: string }>('select id from recipients');
      await record([heard({ providerMessageId: null, recipientId: rows[0]?.id ?? null })]);
      return look();
    },
  ],
  [
    'the body has left the store',
    async ({ record, heard, pool, look }: Awaited<ReturnType<typeof world>>) => {
      await pool.query('delete from bodies');
      await record([heard({})]);
      return look();
    },
  ],
  [
    'another copy may be out',
    async ({ record, heard, attempt, first, second, routeId, secondRoute, look }: Awaited<ReturnType<typeof world>>) => {
      await attempt(second, secondRoute, 'unknown');
      await attempt(first, routeId);
      await record([heard({})]);
      return look();
    },
  ],
  [
    'the mailbox does not exist',
    async ({ record, heard, look }: Awaited<ReturnType<typeof world>>) => {
      await record([heard({ class: 'invalid-recipient', fault: 'recipient' })]);
      return look();
    },
  ],
] as const) {
  test(`the refusal stands when ${what}`, async (t) => {
    const { state, events } = await prepare(await world(t));
    assert.equal(state, 'bounced');
    assert.deepEqual(events, ['bounced']);
  });
}

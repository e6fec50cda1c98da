// The walk of recipients through the store: intake, claim, outcome, ledger, on a real database.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { closeRows, ids, mailRows } from '../../test/support/mail-rows.ts';
import { claimLane, endClaims, readyLanes, returnClaims } from './claims.ts';
import { makeIntake } from './intake.ts';
import { ensureLane } from './lanes.ts';
import { readLedger } from './ledger.ts';
import { makeOutcomes, type OutcomeRow } from './outcomes.ts';

const rows = await mailRows();
after(() => closeRows(rows));
const { db, pool, lane, routeId, tenantId } = rows;
const intake = makeIntake(db.hot);
const outcomes = makeOutcomes(db.hot);
const eventIds = (count: number) => Array.from({ length: count }, () => ids.next());

function outcome(recipient: { id: string; address: string }, messageId: string, change: Partial<OutcomeRow> = {}): OutcomeRow {
  return {
    tenantId,
    recipientId: recipient.id,
    messageId,
    lease: 7n,
    nextState: 'handed_over',
    dueAtMs: null,
    laneId: null,
    reason: null,
    marks: 0,
    attemptId: ids.next(),
    attemptNumber: 1,
    routeId,
    decisionId: null,
    outcome: 'handed_over',
    class: null,
    reply: '250 2.0.0 Ok: queued as 4711',
    providerMessageId: '4711',
    startedMs: Date.now(),
    endedMs: Date.now(),
    eventId: ids.next(),
    eventType: 'handed_over',
    eventData: '{}',
    accountId: null,
    address: recipient.address,
    strike: null,
    ...change,
  };
}

const stateOf = async (id: string) =>
  (await pool.query<{ state: string }>('select state from recipients where id = $1', [id])).rows[0]?.state;

test('a message and its recipients are one commit, with the bytes as they came', async () => {
  const raw = Buffer.from(Array.from({ length: 3_000 }, (_, n) => n % 256));
  const messages = [rows.message({ raw }), rows.message({ tags: ['a,b', '"c"'], metadata: { member: '17' } }, [{}, {}])];
  const answers = await Promise.all(messages.map((message) => intake.submit(message)));
  assert.ok(answers.every((answer) => answer.kind === 'accepted' && answer.suppressed.size === 0));
  const bodies = await pool.query<{ data: Buffer }>('select data from bodies where id = $1', [messages[0]?.id]);
  assert.deepEqual(bodies.rows[0]?.data, raw);
  const stored = await pool.query('select tags, metadata, recipient_count from messages where id = $1', [messages[1]?.id]);
  assert.deepEqual(stored.rows[0], { tags: ['a,b', '"c"'], metadata: { member: '17' }, recipient_count: 2 });
});

test('one message that cannot be stored does not take its neighbours along', async () => {
  const good = [rows.message(), rows.message(), rows.message()];
  const bad = { ...rows.message(), tenantId: 'no-uuid' };
  const results = await Promise.allSettled([good[0], bad, good[1], good[2]].map((message) => intake.submit(message ?? bad)));
  assert.deepEqual(
    results.map((result) => result.status),
    ['fulfilled', 'rejected', 'fulfilled', 'fulfilled'],
  );
});

test('an address on hold never becomes ready, and its event is there at once', async () => {
  await pool.query(
    "insert into suppressions (tenant_id, id, address, reason, source) values ($1, $2, 'gone@mailbox.test', 'invalid-recipient', 'api')",
    [tenantId, ids.next()],
  );
  const message = rows.message({}, [{ address: 'Gone@mailbox.test' }, { address: 'well@mailbox.test' }]);
  const answer = await intake.submit(message);
  const [gone, well] = message.recipients;
  assert.ok(answer.kind === 'accepted' && gone && well);
  assert.deepEqual([...answer.suppressed], [gone.id]);
  assert.equal(await stateOf(gone.id), 'suppressed');
  assert.equal(await stateOf(well.id), 'queued');
  const events = await pool.query('select type from events where recipient_id = $1', [gone.id]);
  assert.deepEqual(events.rows, [{ type: 'suppressed' }]);
});

test('a hold on bulk mail lets transactional mail through', async () => {
  await pool.query(
    "insert into suppressions (tenant_id, id, address, stream, reason, source) values ($1, $2, 'busy@mailbox.test', 'bulk', 'complaint', 'api')",
    [tenantId, ids.next()],
  );
  const receipt = rows.message({}, [{ address: 'busy@mailbox.test' }]);
  const newsletter = rows.message({ stream: 'bulk' }, [{ address: 'busy@mailbox.test' }]);
  await Promise.all([intake.submit(receipt), intake.submit(newsletter)]);
  assert.equal(await stateOf(receipt.recipients[0]?.id ?? ''), 'queued');
  assert.equal(await stateOf(newsletter.recipients[0]?.id ?? ''), 'suppressed');
});

test('an idempotency key counts once, even when its repetitions arrive together', async () => {
  const bodyHash = Buffer.from('same');
  const same = Array.from({ length: 5 }, () => rows.message({ idempotency: { key: 'invoice-1', bodyHash } }));
  const other = rows.message({ idempotency: { key: 'invoice-1', bodyHash: Buffer.from('other') } });
  const fresh = rows.message({ idempotency: { key: 'invoice-2', bodyHash } });
  const answers = await Promise.all([...same, other, fresh].map((message) => intake.submit(message)));
  const accepted = answers.filter((answer) => answer.kind === 'accepted');
  assert.equal(accepted.length, 2);
  const repeated = answers.flatMap((answer) => (answer.kind === 'repeated' ? [answer] : []));
  assert.equal(repeated.length, 5);
  assert.equal(repeated.filter((answer) => answer.sameBody).length, 4);
  assert.equal(new Set(repeated.map((answer) => answer.messageId)).size, 1);
});

test('two claims of one lane never take the same row', async () => {
  await intake.submit(
    rows.message(
      {},
      Array.from({ length: 40 }, (_, n) => ({ address: `crew${n}@mailbox.test` })),
    ),
  );
  const [one, two] = await Promise.all([
    claimLane(db.hot, { laneId: lane.id, limit: 25, lease: 1n, routeId, eventIds: eventIds(25) }),
    claimLane(db.hot, { laneId: lane.id, limit: 25, lease: 2n, routeId, eventIds: eventIds(25) }),
  ]);
  const taken = [...one.taken, ...two.taken].map((row) => row.id);
  assert.equal(new Set(taken).size, taken.length);
  await returnClaims(db.hot, [...one.taken, ...two.taken]);
});

test('a claim decides about holds in the statement that takes the row', async () => {
  const message = rows.message({}, [{ address: 'late-hold@mailbox.test', dueAtMs: Date.now() - 3_600_000 }]);
  await intake.submit(message);
  await pool.query(
    "insert into suppressions (tenant_id, id, address, reason, source) values ($1, $2, 'late-hold@mailbox.test', 'manual', 'api')",
    [tenantId, ids.next()],
  );
  const { taken } = await claimLane(db.hot, { laneId: lane.id, limit: 100, lease: 3n, routeId, eventIds: eventIds(100) });
  const id = message.recipients[0]?.id ?? '';
  assert.ok(!taken.some((row) => row.id === id));
  assert.equal(await stateOf(id), 'suppressed');
  await returnClaims(db.hot, taken);
});

test('a claim writes down the route its rows take, which may be another than the last one', async () => {
  const there = await ensureLane(pool, { tenantId, stream: 'transactional', mailboxProvider: 'yahoo', routeId });
  const message = rows.message({}, [{ laneId: there.id, routeId: null }]);
  await intake.submit(message);
  const { taken } = await claimLane(db.hot, { laneId: there.id, limit: 5, lease: 4n, routeId, eventIds: eventIds(5) });
  const { rows: stored } = await pool.query('select route_id from recipients where id = $1', [message.recipients[0]?.id]);
  assert.deepEqual(stored, [{ route_id: routeId }]);
  await returnClaims(db.hot, taken);
});

test('a lane with rows that are due later says when', async () => {
  const dueAtMs = Date.now() + 60_000;
  const other = await ensureLane(pool, { tenantId, stream: 'bulk', mailboxProvider: 'google', routeId });
  await intake.submit(rows.message({ stream: 'bulk', sendAtMs: dueAtMs }, [{ laneId: other.id, state: 'scheduled', dueAtMs }]));
  const found = (await readyLanes(db.hot)).find((each) => each.laneId === other.id);
  assert.ok(found && Math.abs(found.dueAtMs - dueAtMs) < 5);
  const { found: ready } = await claimLane(db.hot, { laneId: other.id, limit: 5, lease: 1n, routeId, eventIds: eventIds(5) });
  assert.equal(ready, 0);
});

test('an outcome that is offered again because its answer was lost counts once, whatever became of the row since', async () => {
  const message = rows.message({}, [{ state: 'submitting', lease: 7n, dueAtMs: null }]);
  await intake.submit(message);
  const [recipient] = message.recipients;
  assert.ok(recipient);
  const first = outcome(recipient, message.id, { nextState: 'queued', dueAtMs: Date.now(), outcome: 'not_sent', eventType: 'requeued' });
  assert.equal(await outcomes.submit(first), true);
  // Taken again within the tick of the same lease: it is on the wire a second time.
  await pool.query("update recipients set state = 'submitting', due_at = null where id = $1", [recipient.id]);
  assert.equal(await outcomes.submit({ ...first, again: true }), true);
  assert.equal(await stateOf(recipient.id), 'submitting');
  const { rows: attempts } = await pool.query('select id from attempts where message_id = $1', [message.id]);
  assert.deepEqual(attempts, [{ id: first.attemptId }]);
  const lost = outcome(recipient, message.id, { again: true });
  assert.equal(await outcomes.submit(lost), true, 'one that is not stored is stored now');
  assert.equal(await stateOf(recipient.id), 'handed_over');
});

test('an outcome moves the row that is still ours, and no other; the attempt is recorded either way', async () => {
  const message = rows.message({}, [
    { state: 'submitting', lease: 7n, dueAtMs: null },
    { state: 'submitting', lease: 8n, dueAtMs: null },
  ]);
  await intake.submit(message);
  const [ours, foreign] = message.recipients;
  assert.ok(ours && foreign);
  const moved = await Promise.all([outcomes.submit(outcome(ours, message.id)), outcomes.submit(outcome(foreign, message.id))]);
  assert.deepEqual(moved, [true, false]);
  assert.equal(await stateOf(ours.id), 'handed_over');
  assert.equal(await stateOf(foreign.id), 'submitting');
  const attempts = await pool.query('select from attempts where message_id = $1', [message.id]);
  assert.equal(attempts.rowCount, 2);
});

test('late knowledge ends a doubt, and the doubt leaves its queue', async () => {
  const message = rows.message({}, [{ state: 'submitting', lease: 9n, dueAtMs: null }]);
  await intake.submit(message);
  const recipient = message.recipients[0];
  assert.ok(recipient);
  await outcomes.submit(outcome(recipient, message.id, { lease: 9n, nextState: 'uncertain', outcome: 'unknown', eventType: 'uncertain' }));
  const waiting = () => pool.query('select from uncertain_recipients where recipient_id = $1', [recipient.id]);
  assert.equal((await waiting()).rowCount, 1);
  assert.equal(await outcomes.submit(outcome(recipient, message.id, { lease: 9n })), true);
  assert.equal((await waiting()).rowCount, 0);
  assert.equal(await stateOf(recipient.id), 'handed_over');
});

test('a refusal for good, the hold on its address, its event and its strike are one commit; repeated, it changes nothing', async () => {
  const refused = async () => {
    const message = rows.message({}, [{ state: 'submitting', lease: 7n, dueAtMs: null, address: 'Nobody@mailbox.test' }]);
    const until = Date.now() + 86_400_000;
    const [recipient] = message.recipients;
    assert.ok(recipient);
    const hold = { id: ids.next(), event: ids.next(), stream: '', until };
    const strike = JSON.stringify({
      kind: 'bounced',
      id: recipient.id,
      class: 'invalid-recipient',
      source: 'hand-over',
      evidence: '550 5.1.1 no',
      hold,
    });
    const row = { nextState: 'bounced', outcome: 'refused', class: 'invalid-recipient', strike, eventType: 'bounced' } as const;
    await intake.submit(message);
    const given = outcome(recipient, message.id, row);
    await outcomes.submit(given);
    return { given, hold };
  };
  const { given, hold } = await refused();
  const standing = async () =>
    (await pool.query('select id, reason, holds, by_answers, evidence from suppressions where address = $1', ['nobody@mailbox.test'])).rows;
  const first = { id: hold.id, reason: 'invalid-recipient', holds: 1, by_answers: true, evidence: '550 5.1.1 no' };
  assert.deepEqual(await standing(), [first]);
  const told = await pool.query(
    "select id, data ->> 'hold_id' as hold, data ->> 'address' as address from events where type = 'hold.created'",
  );
  assert.deepEqual(told.rows, [{ id: hold.event, hold: hold.id, address: 'nobody@mailbox.test' }]);
  await outcomes.submit(given);
  assert.deepEqual((await pool.query('select id from strike_queue')).rows, [{ id: given.eventId }]);
  // A hold that ended is renewed by the next refusal.
  await pool.query("update suppressions set expires_at = now() - interval '1 day' where address = 'nobody@mailbox.test'");
  await pool.query('delete from strike_queue');
  const next = await refusedAgain(first.id);
  assert.equal(next, 2);

  async function refusedAgain(before: string): Promise<unknown> {
    // The door takes what is not on hold any more.
    await refused();
    const [renewed] = await standing();
    assert.notEqual(renewed?.id, before);
    return renewed?.holds;
  }
});

test('rows that end without a hand-over keep their reason', async () => {
  const message = rows.message({}, [{ state: 'submitting', lease: 7n, dueAtMs: null }]);
  await intake.submit(message);
  const id = message.recipients[0]?.id ?? '';
  await endClaims(db.hot, [{ id, lease: 7n, state: 'held', reason: 'no-route', decisionId: null, eventId: ids.next() }]);
  const { rows: found } = await pool.query('select state, reason from recipients where id = $1', [id]);
  assert.deepEqual(found, [{ state: 'held', reason: 'no-route' }]);
});

test('the ledger balances, sees a single lost row, and keeps to its stream and time', async () => {
  const before = await readLedger(pool, tenantId);
  assert.equal(before.difference, 0);
  assert.ok(before.injected > 50 && before.states.queued > 0);
  const bulk = await readLedger(pool, tenantId, { stream: 'bulk' });
  assert.equal(bulk.difference, 0);
  assert.ok(bulk.injected > 0 && bulk.injected < before.injected);
  const nothing = await readLedger(pool, tenantId, { fromMs: Date.now() + 7_200_000 });
  assert.deepEqual([nothing.injected, nothing.difference], [0, 0]);
  assert.equal((await readLedger(pool, ids.next())).injected, 0);
  await pool.query("delete from recipients where id = (select id from recipients where state = 'queued' limit 1)");
  assert.equal((await readLedger(pool, tenantId)).difference, 1);
  assert.equal((await readLedger(pool, null)).difference, 1);
});

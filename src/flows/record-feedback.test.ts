import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { closeRows, ids, mailRows } from '../../test/support/mail-rows.ts';
import { systemClock } from '../clock.ts';
import type { FeedbackEvent } from '../feedback/vocabulary.ts';
import { idTimeMs } from '../ids.ts';
import { makeIntake } from '../store/intake.ts';
import { readLedger } from '../store/ledger.ts';
import { withOwner } from '../store/scope.ts';
import { findSuppressionsOf } from '../store/suppressions.ts';
import { makeHoldPolicies } from './hold-policies.ts';
import { type Heard, makeRecordFeedback } from './record-feedback.ts';
import { releaseHold } from './release-hold.ts';

const rows = await mailRows();
after(() => closeRows(rows));
const { db, pool, accountId, tenantId } = rows;
const intake = makeIntake(db.hot);
const policies = makeHoldPolicies({ pool, clock: systemClock });
const record = makeRecordFeedback({ hot: db.hot, ids, nowMs: () => Date.now(), policies });

function event(change: Partial<FeedbackEvent>): FeedbackEvent {
  return {
    type: 'delivered',
    recipient: null,
    atMs: Date.now(),
    providerEventId: ids.next(),
    providerMessageId: null,
    recipientId: null,
    class: null,
    fault: null,
    hard: false,
    suppress: false,
    diagnostic: null,
    providerLabel: null,
    rule: null,
    detail: {},
    ...change,
  };
}

const heard = (change: Partial<FeedbackEvent>, more: Partial<Heard> = {}): Heard => ({
  event: event(change),
  accountId,
  source: 'host',
  proven: false,
  recipientId: null,
  ...more,
});

/** Recipients that were handed over by the account, with a provider's message id each. */
async function handedOver(count: number): Promise<{ id: string; address: string; messageId: string; providerMessageId: string }[]> {
  const message = rows.message(
    {},
    Array.from({ length: count }, (_, n) => ({ state: 'handed_over', dueAtMs: null, address: `r${n}-${ids.next()}@mailbox.test` })),
  );
  await intake.submit(message);
  const made = message.recipients.map((recipient) => ({
    id: recipient.id,
    address: recipient.address,
    messageId: message.id,
    providerMessageId: `p-${recipient.id}`,
  }));
  for (const each of made) {
    await pool.query(
      'insert into provider_messages (tenant_id, recipient_id, account_id, provider_message_id, message_id, address) values ($1, $2, $3, $4, $5, $6)',
      [tenantId, each.id, accountId, each.providerMessageId, each.messageId, each.address],
    );
  }
  return made;
}

const look = async (id: string) =>
  (
    await pool.query<{ state: string; marks: number; reason: string | null }>('select state, marks, reason from recipients where id = $1', [
      id,
    ])
  ).rows[0];
const holds = async (address: string) =>
  (
    await pool.query<{ stream: string; reason: string }>('select stream, reason from suppressions where address = $1', [
      address.toLowerCase(),
    ])
  ).rows;

test('an event finds its recipient by our own id, or by the provider’s id and the address', async () => {
  const [one, two] = await handedOver(2);
  assert.ok(one && two);
  const answer = await record([
    heard({ recipientId: one.id }),
    heard({ providerMessageId: two.providerMessageId, recipient: two.address.toUpperCase() }),
    heard({ providerMessageId: 'never-seen' }),
  ]);
  assert.deepEqual(answer, { unknown: [2], recorded: 2 });
  assert.equal((await look(one.id))?.state, 'delivered');
  assert.equal((await look(two.id))?.state, 'delivered');
});

test('a doubt ends when the account it is about speaks of the mail as its own, and not when another one does', async () => {
  const message = rows.message(
    {},
    ['queued', 'deferred', 'stranger'].map((name) => ({ state: 'uncertain' as const, dueAtMs: null, address: `${name}@mailbox.test` })),
  );
  await intake.submit(message);
  const [queued, deferred, stranger] = message.recipients;
  assert.ok(queued && deferred && stranger);
  for (const { id } of message.recipients) {
    await pool.query('insert into uncertain_recipients (tenant_id, recipient_id, message_id, settle_at) values ($1, $2, $3, now())', [
      tenantId,
      id,
      message.id,
    ]);
  }
  await record([
    heard({ type: 'queued', recipientId: queued.id }),
    heard({ type: 'deferred', class: 'greylist', fault: 'receiver', recipientId: deferred.id }),
    // Speaks of an earlier hand-over; this one is in doubt all the same.
    heard({ type: 'queued' }, { accountId: ids.next(), recipientId: stranger.id }),
  ]);
  for (const { id } of [queued, deferred]) {
    assert.deepEqual(await look(id), { state: 'handed_over', marks: 0, reason: 'found-at-provider' });
  }
  assert.equal((await look(stranger.id))?.state, 'uncertain');
  const { rows: left } = await pool.query('select recipient_id from uncertain_recipients where message_id = $1', [message.id]);
  assert.deepEqual(left, [{ recipient_id: stranger.id }]);
  const { rows: told } = await pool.query('select type, data from events where recipient_id = $1 order by id', [queued.id]);
  assert.deepEqual(told.map(({ type }) => type).toSorted(), ['handed_over', 'queued']);
  assert.equal((await readLedger(pool, null)).difference, 0);
});

test('odd letters in one report refuse neither it nor those that came with it', async () => {
  const [odd, other] = await handedOver(2);
  assert.ok(odd && other);
  // A provider cut the words in the middle of a letter; a receiver wrote an escape into its answer.
  const diagnostic = `550 5.1.1 User \\u0000 unknown \0 ${'x'.repeat(1_968)}\u{1f6a3}`;
  const bounce = { type: 'bounced', class: 'invalid-recipient', fault: 'recipient', hard: true, suppress: true } as const;
  const detail = { user_agent: 'cut \ud83d' };
  const answer = await record([
    heard({ ...bounce, diagnostic, detail, recipientId: odd.id, providerMessageId: odd.providerMessageId }),
    heard({ recipientId: other.id }),
  ]);
  assert.equal(answer.recorded, 2);
  assert.equal((await look(odd.id))?.state, 'bounced');
  assert.equal((await look(other.id))?.state, 'delivered');
  const { rows: told } = await pool.query<{ diagnostic: string }>(
    "select data ->> 'diagnostic' as diagnostic from events where recipient_id = $1",
    [odd.id],
  );
  assert.match(told[0]?.diagnostic ?? '', /^550 5\.1\.1 User \\u0000 unknown/);
});

test('an account cannot speak about what it was not handed', async () => {
  const [one] = await handedOver(1);
  assert.ok(one);
  const foreign = ids.next();
  const answer = await record([heard({ recipientId: one.id, type: 'bounced' }, { accountId: foreign })]);
  assert.deepEqual(answer.unknown, [0]);
  assert.equal((await look(one.id))?.state, 'handed_over');
});

test('an unsigned bounce holds the address only when it names the provider’s message id; a proven one always', async () => {
  const [guess, named, proven] = await handedOver(3);
  assert.ok(guess && named && proven);
  const bounce = { type: 'bounced', class: 'invalid-recipient', fault: 'recipient', hard: true, suppress: true } as const;
  await record([
    heard({ ...bounce, recipientId: guess.id }),
    heard({ ...bounce, recipientId: named.id, providerMessageId: named.providerMessageId }),
    heard({ ...bounce, recipientId: proven.id }, { proven: true }),
  ]);
  for (const each of [guess, named, proven]) assert.equal((await look(each.id))?.state, 'bounced');
  assert.deepEqual(await holds(guess.address), []);
  assert.deepEqual(await holds(named.address), [{ stream: '', reason: 'invalid-recipient' }]);
  assert.deepEqual(await holds(proven.address), [{ stream: '', reason: 'invalid-recipient' }]);
});

test('a complaint stops bulk mail and leaves its mark; the state stays', async () => {
  const [one] = await handedOver(1);
  assert.ok(one);
  await record([heard({ recipientId: one.id, type: 'complained', class: 'complaint' }, { proven: true }), heard({ recipientId: one.id })]);
  assert.deepEqual(await look(one.id), { state: 'delivered', marks: 1, reason: null });
  assert.deepEqual(await holds(one.address), [{ stream: 'bulk', reason: 'complaint' }]);
});

test('an event that moved its recipient says from where; one that did not, does not; hardness stands beside the class', async () => {
  const [one] = await handedOver(1);
  assert.ok(one);
  const dataOf = async (type: string) =>
    (
      await pool.query<{ data: Record<string, unknown> }>('select data from events where recipient_id = $1 and type = $2 order by id', [
        one.id,
        type,
      ])
    ).rows;
  await record([heard({ recipientId: one.id, atMs: 1_000 })]);
  await record([heard({ recipientId: one.id, atMs: 1_500 })]);
  await record([heard({ recipientId: one.id, atMs: 2_000, type: 'bounced', class: 'invalid-recipient', fault: 'recipient', hard: true })]);
  assert.deepEqual(
    (await dataOf('delivered')).map(({ data }) => data['was']),
    ['handed_over', undefined],
  );
  const [bounce] = await dataOf('bounced');
  assert.equal(bounce?.data['was'], 'delivered');
  assert.equal(bounce?.data['hard'], true);
});

test('the same event twice, in one request or in two, counts once', async () => {
  const [one] = await handedOver(1);
  assert.ok(one);
  const same = heard({ recipientId: one.id, providerEventId: 'again' });
  assert.equal((await record([same, same])).recorded, 1);
  assert.equal((await record([same])).recorded, 0);
  const events = await pool.query('select from events where recipient_id = $1', [one.id]);
  assert.equal(events.rowCount, 1);
});

test('a delay names the route it is about, and says so when it is about an earlier one', async () => {
  const [one] = await handedOver(1);
  assert.ok(one);
  const other = ids.next();
  await pool.query(
    'insert into provider_messages (tenant_id, account_id, provider_message_id, recipient_id, message_id, address) values ($1, $2, $3, $4, $5, $6)',
    [tenantId, other, 'earlier-1', one.id, one.messageId, one.address],
  );
  const delay = { type: 'deferred', class: 'rate-limited', fault: 'capacity' } as const;
  await record([heard({ ...delay, recipientId: one.id })]);
  await record([heard({ ...delay, providerMessageId: 'earlier-1' }, { accountId: other })]);
  const { rows: told } = await pool.query('select data from events where recipient_id = $1 order by id', [one.id]);
  assert.deepEqual(
    told.map(({ data }) => [data.route ?? null, data.earlier_route ?? false]),
    [
      [rows.routeId, false],
      [null, true],
    ],
  );
});

test('duplicated and shuffled events end in the same states as in order, and the ledger balances', async () => {
  const inOrder = await handedOver(60);
  const shuffled = await handedOver(60);
  const stories: FeedbackEvent['type'][][] = [
    ['delivered'],
    ['deferred', 'delivered'],
    ['delivered', 'bounced'],
    ['delivered', 'opened', 'complained'],
    ['bounced'],
  ];
  const tell = (to: typeof inOrder) =>
    to.flatMap((recipient, n) =>
      (stories[n % stories.length] ?? []).map((type, step) =>
        heard(
          { type, recipientId: recipient.id, atMs: 1_000_000 + step * 1_000, class: type === 'bounced' ? 'invalid-recipient' : null },
          { proven: true },
        ),
      ),
    );
  for (const each of tell(inOrder)) await record([each]);
  const told = tell(shuffled);
  const disorder = [...told, ...told.filter((_, n) => n % 3 === 0)].toSorted((a, b) =>
    a.event.providerEventId.slice(-4) < b.event.providerEventId.slice(-4) ? -1 : 1,
  );
  await Promise.all([record(disorder.slice(0, 50)), record(disorder.slice(50)), record(disorder.slice(20, 70))]);
  for (const [n, recipient] of inOrder.entries()) {
    const twin = shuffled[n];
    assert.ok(twin);
    const [a, b] = [await look(recipient.id), await look(twin.id)];
    assert.deepEqual([b?.state, b?.marks], [a?.state, a?.marks], `story ${stories[n % stories.length]}`);
  }
  assert.equal((await readLedger(pool, null)).difference, 0);
});

test('when the work after it fails, nothing of it happened', async () => {
  const [one] = await handedOver(1);
  assert.ok(one);
  const once = heard({ recipientId: one.id });
  await assert.rejects(
    record([once], async () => {
      throw new Error('disk full');
    }),
  );
  assert.equal((await look(one.id))?.state, 'handed_over');
  assert.equal((await record([once])).recorded, 1);
});

test('a failure that is told in whole seconds counts after the release of its address in that second, if its mail was taken in since', async () => {
  const [first] = await handedOver(1);
  assert.ok(first);
  const { address } = first;
  const bounced = { type: 'bounced', class: 'invalid-recipient', fault: 'recipient', hard: true, suppress: true } as const;
  await record([heard({ ...bounced, atMs: idTimeMs(first.id) }, { recipientId: first.id, proven: true })]);
  const [hold] = await findSuppressionsOf(pool, tenantId, { address: address.toLowerCase() });
  assert.ok(hold);
  const again = rows.message({}, [{ state: 'handed_over', dueAtMs: null, address }]);
  await intake.submit(again);
  const [second] = again.recipients;
  assert.ok(second);
  const takenMs = idTimeMs(second.id);
  await withOwner(pool, (client) => releaseHold({ ids, nowMs: () => takenMs - 1 }, client, hold, { why: 'removed', by: 'person:anna' }));
  assert.deepEqual(await holds(address), []);
  const told = Math.floor(takenMs / 1_000) * 1_000;
  await record([heard({ ...bounced, atMs: told }, { recipientId: second.id, proven: true })]);
  assert.deepEqual(await holds(address), [{ stream: '', reason: 'invalid-recipient' }]);
});

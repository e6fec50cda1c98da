import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { closeRows, ids, mailRows } from '../../test/support/mail-rows.ts';
import { postponeAnswer, takeWebhooks } from './answer-queues.ts';
import { makeIntake } from './intake.ts';
import { postponeUncertain, takeUncertain } from './uncertain.ts';
import { makeWebhookStore } from './webhook-intake.ts';

const rows = await mailRows();
after(() => closeRows(rows));

// Times of the database have fractions of a millisecond, and milliseconds since 1970 do not fit an integer.
const LATER_MS = Date.now() + 3_600_000.25;
const EARLIER_MS = Date.now() - 1_000.25;

test('A doubt that was put off comes back at its time, not before', async () => {
  const message = rows.message({}, [{ state: 'uncertain', dueAtMs: null }]);
  await makeIntake(rows.db.hot).submit(message);
  const recipientId = message.recipients[0]?.id ?? '';
  await rows.pool.query('insert into uncertain_recipients (tenant_id, recipient_id, message_id, settle_at) values ($1, $2, $3, now())', [
    rows.tenantId,
    recipientId,
    message.id,
  ]);
  const taken = await takeUncertain(rows.pool, 10);
  assert.deepEqual(
    taken.map((row) => row.recipientId),
    [recipientId],
  );
  await postponeUncertain(rows.pool, recipientId, LATER_MS);
  assert.equal((await takeUncertain(rows.pool, 10)).length, 0);
  await postponeUncertain(rows.pool, recipientId, EARLIER_MS);
  const [again] = await takeUncertain(rows.pool, 10);
  assert.equal(again?.asked, true);
});

test('A webhook that was put off comes back at its time; a parked one never by itself', async () => {
  const id = ids.next();
  await makeWebhookStore(rows.db.hot).submit({
    id,
    accountId: rows.accountId,
    method: 'POST',
    url: '/hooks/x',
    headers: {},
    body: Buffer.from('[]'),
  });
  assert.equal((await takeWebhooks(rows.db.hot, 10)).length, 1);
  await postponeAnswer(rows.db.hot, 'webhook_queue', id, { dueAtMs: LATER_MS, error: 'early' });
  assert.equal((await takeWebhooks(rows.db.hot, 10)).length, 0);
  await postponeAnswer(rows.db.hot, 'webhook_queue', id, { dueAtMs: EARLIER_MS, error: 'early' });
  assert.equal((await takeWebhooks(rows.db.hot, 10))[0]?.tries, 2);
  await postponeAnswer(rows.db.hot, 'webhook_queue', id, { dueAtMs: null, error: 'unreadable' });
  assert.equal((await takeWebhooks(rows.db.hot, 10)).length, 0);
});

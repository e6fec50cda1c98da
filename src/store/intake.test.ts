// Batches that are too large for one statement, or hold a key twice, are stored in parts: what becomes of the others when a part fails.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { closeRows, mailRows } from '../../test/support/mail-rows.ts';
import { type IntakeMessage, makeIntake } from './intake.ts';

const rows = await mailRows();
after(() => closeRows(rows));
const { db, pool } = rows;
const LARGE = Buffer.alloc(5 * 1024 * 1024, 'x');
/** Half a letter, which no jsonb holds. */
const GUILTY = { a: '\ud83d' };

const stored = async (message: IntakeMessage) => (await pool.query('select from messages where id = $1', [message.id])).rowCount === 1;

test('One guilty message among large ones fails alone: who is stored hears it', async () => {
  const intake = makeIntake(db.hot);
  const messages = [
    rows.message({ raw: LARGE }),
    rows.message({ raw: LARGE }),
    rows.message({ raw: LARGE }),
    rows.message({ raw: LARGE, metadata: GUILTY }),
  ];
  const answers = await Promise.allSettled(messages.map((message) => intake.submit(message)));
  assert.deepEqual(
    answers.map(({ status }) => status),
    ['fulfilled', 'fulfilled', 'fulfilled', 'rejected'],
  );
  for (const [index, message] of messages.entries()) assert.equal(await stored(message), index < 3);
});

test('A key that stands twice in a batch with a guilty message: the first is accepted, the second a repetition', async () => {
  const intake = makeIntake(db.hot);
  const idempotency = { key: 'once', bodyHash: Buffer.alloc(32) };
  const messages = [rows.message({ idempotency }), rows.message(), rows.message({ idempotency }), rows.message({ metadata: GUILTY })];
  const answers = await Promise.allSettled(messages.map((message) => intake.submit(message)));
  assert.deepEqual(
    answers.map((answer) => (answer.status === 'fulfilled' ? answer.value.kind : answer.status)),
    ['accepted', 'accepted', 'repeated', 'rejected'],
  );
});

test('A database that goes away between two parts: who is stored hears it, the others may try again', async () => {
  let statements = 0;
  const flaky = new Proxy(db.hot, {
    get(target, name) {
      if (name !== 'query') return Reflect.get(target, name, target);
      return async (query: { name?: string }) => {
        if (query.name === 'intake') statements += 1;
        if (statements > 1) throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
        return Reflect.apply(target.query, target, [query]);
      };
    },
  });
  const intake = makeIntake(flaky);
  const messages = [rows.message({ raw: LARGE }), rows.message({ raw: LARGE })];
  const answers = await Promise.allSettled(messages.map((message) => intake.submit(message)));
  assert.deepEqual(
    answers.map((answer) => (answer.status === 'fulfilled' ? answer.value.kind : answer.reason.code)),
    ['accepted', 'STORE_UNAVAILABLE'],
  );
  assert.deepEqual([await stored(messages[0] ?? rows.message()), await stored(messages[1] ?? rows.message())], [true, false]);
});

test('An answer that was lost after the commit: who is stored hears it, and a repetition beside it is one', async () => {
  const idempotency = { key: 'lost', bodyHash: Buffer.alloc(32) };
  const before = rows.message({ idempotency });
  await makeIntake(db.hot).submit(before);
  const forgetful = new Proxy(db.hot, {
    get(target, name) {
      if (name !== 'query') return Reflect.get(target, name, target);
      return async (...query: [{ name?: string }]) => {
        const answer = await Reflect.apply(target.query, target, query);
        if (query[0].name === 'intake-keyed') throw Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
        return answer;
      };
    },
  });
  const intake = makeIntake(forgetful);
  const answers = await Promise.all([rows.message(), rows.message({ idempotency })].map((message) => intake.submit(message)));
  assert.deepEqual(
    answers.map((answer) => (answer.kind === 'repeated' ? answer.messageId : answer.kind)),
    ['accepted', before.id],
  );
});

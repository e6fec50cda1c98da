// This file hands in mail of the desk itself while things go wrong: a door that is shut, a crash after the message was accepted, an address nobody can mail.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { testDatabase } from '../../test/support/database.ts';
import { systemClock } from '../clock.ts';
import { AppError } from '../errors.ts';
import { idMint } from '../ids.ts';
import { silentLog } from '../log.ts';
import { makeKeys } from '../store/keys.ts';
import { queueSystemMail } from '../store/system-mails.ts';
import { systemMailChores } from './send-system-mails.ts';
import type { Submission } from './submission.ts';

const ids = idMint(systemClock);

test('A mail of the desk is handed in under one key until it is accepted, and its content goes', async (t) => {
  const { pool } = await testDatabase(t);
  const keys = makeKeys(randomBytes(32));
  const tenantId = ids.next();
  const submissions: Submission[] = [];
  const answers: (AppError | string)[] = [];
  const [send] = systemMailChores({
    pool,
    keys,
    clock: systemClock,
    log: silentLog,
    tenant: async () => tenantId,
    from: 'Clubhouse <desk@clubhouse.example>',
    retentionDays: 30,
    async accept(submission) {
      submissions.push(submission);
      const answer = answers.shift() ?? ids.next();
      if (typeof answer !== 'string') throw answer;
      return { id: answer, recipients: [], repeated: false };
    },
  });
  assert.ok(send);
  const mail = {
    id: ids.next(),
    tenantId: null,
    kind: 'test',
    to: 'board@club.example',
    subject: 'Grüße',
    text: 'The link: secret',
    html: null,
  };
  await queueSystemMail(pool, keys, mail);
  const row = async () => (await pool.query('select state, sealed, message_id, note from system_mails where id = $1', [mail.id])).rows[0];
  const again = () => pool.query(`update system_mails set due_at = now() where state = 'due'`);
  assert.doesNotMatch((await row()).sealed.toString('latin1'), /secret/, 'what waits cannot be read');

  answers.push(new AppError('STORE_UNAVAILABLE', 'away'));
  await send.run();
  assert.equal((await row()).state, 'due', 'a shut door is tried again');
  await send.run();
  assert.equal(submissions.length, 1, 'but not at once');
  await again();
  const messageId = ids.next();
  answers.push(messageId);
  // The process dies between the two steps: nobody wrote down that it was accepted.
  const before = await row();
  await send.run();
  await pool.query(`update system_mails set state = 'due', sealed = $2, message_id = null, due_at = now() where id = $1`, [
    mail.id,
    before.sealed,
  ]);
  answers.push(messageId);
  await send.run();
  assert.deepEqual(
    [...new Set(submissions.map(({ idempotency }) => `${idempotency?.key} ${idempotency?.bodyHash.toString('hex')}`))].length,
    1,
    'the same bytes under the same key, so it is one message',
  );
  assert.deepEqual(await row(), { state: 'accepted', sealed: null, message_id: messageId, note: null });
  assert.match(submissions[0]?.raw.toString() ?? '', /^Auto-Submitted: auto-generated\r$/m);
  assert.equal(submissions[0]?.mailFrom, '', 'nobody is told by mail when it fails');

  await queueSystemMail(pool, keys, { ...mail, id: ids.next(), to: 'no address' });
  await send.run();
  const { rows } = await pool.query(`select state, sealed, note from system_mails where to_address = 'no address'`);
  assert.deepEqual([rows[0]?.state, rows[0]?.sealed], ['dropped', null]);
  assert.match(rows[0]?.note, /not an e-mail address/);

  await assert.rejects(
    (async () => {
      const client = await pool.connect();
      try {
        await client.query('begin');
        await queueSystemMail(client, keys, { ...mail, id: ids.next() });
        throw new Error('the change failed');
      } finally {
        await client.query('rollback');
        client.release();
      }
    })(),
    /the change failed/,
  );
  await send.run();
  assert.equal(submissions.length, 3, 'a mail leaves only with the change that is its reason');
});

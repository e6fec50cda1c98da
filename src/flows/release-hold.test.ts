// This file hands mail in again that a hold had stopped, on a real database: one body at a time, and what stops one message stops no other.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closeRows, ids, mailRows } from '../../test/support/mail-rows.ts';
import { makeIntake } from '../store/intake.ts';
import { readSource } from '../store/message-detail.ts';
import { withTenant } from '../store/scope.ts';
import { createSuppression } from '../store/suppressions.ts';
import { mailStoppedBy, resendStopped } from './release-hold.ts';
import type { Submission } from './submission.ts';

const ADDRESS = 'anna@mailbox.test';
const MESSAGES = 3;

test('stopped mail is read one message after the other, as it is handed in again', async (t) => {
  const rows = await mailRows(t);
  t.after(() => closeRows(rows));
  const { tenantId, pool } = rows;
  const intake = makeIntake(rows.db.hot);
  const raws = Array.from({ length: MESSAGES }, (_, n) =>
    Buffer.from(`From: office@club.test\r\nSubject: Regatta ${n}\r\n\r\nWe start at nine.\r\n`),
  );
  for (const raw of raws) {
    await intake.submit(rows.message({ raw }, [{ address: ADDRESS, state: 'suppressed', dueAtMs: null, reason: 'manual' }]));
  }
  const releasing = { ids, nowMs: () => Date.now() };
  const { hold, stopped } = await withTenant(pool, tenantId, async (db) => {
    const { suppression } = await createSuppression(db, tenantId, {
      id: ids.next(),
      address: ADDRESS,
      stream: null,
      reason: 'manual',
      source: 'api',
      evidence: null,
      expiresAtMs: null,
    });
    return { hold: suppression, stopped: await mailStoppedBy(releasing, db, suppression, 7) };
  });
  assert.equal(stopped.length, MESSAGES);
  // A hundred letters with attachments are more than memory holds: the list names them, and each is read when its turn comes.
  assert.ok(!stopped.some((mail) => Object.values(mail).some((value) => Buffer.isBuffer(value))));

  const story: string[] = [];
  let away = true;
  const done = await resendStopped(
    {
      read: async (tenant, messageId) => {
        story.push('read');
        return withTenant(pool, tenant, (db) => readSource(db, tenant, messageId));
      },
      accept: async ({ raw, recipients, ...submission }: Submission) => {
        story.push(`taken ${/Subject: (.*)\r/.exec(raw.toString())?.[1]} ${recipients}`);
        assert.equal(submission.tenantId, tenantId);
        if (away) {
          away = false;
          throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
        }
        return { id: ids.next(), recipients: [], repeated: false };
      },
    },
    hold,
    stopped,
    null,
  );
  assert.deepEqual(story, [
    'read',
    `taken Regatta 2 ${ADDRESS}`,
    'read',
    `taken Regatta 1 ${ADDRESS}`,
    'read',
    `taken Regatta 0 ${ADDRESS}`,
  ]);
  assert.equal(done.resent.length, 2);
  assert.deepEqual(
    done.refused.map(({ message_id: id, code }) => [id, code]),
    [[stopped[0]?.messageId, 'STORE_UNAVAILABLE']],
  );
});

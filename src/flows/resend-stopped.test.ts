// This file hands mail in again that a hold had stopped, on a real database: one body at a time, what stops one message stops no other, and what a crash left
// over is done later, once.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { closeRows, ids, mailRows } from '../../test/support/mail-rows.ts';
import { systemClock } from '../clock.ts';
import { AppError } from '../errors.ts';
import { silentLog } from '../log.ts';
import { makeIntake } from '../store/intake.ts';
import { readSource } from '../store/message-detail.ts';
import { withTenant } from '../store/scope.ts';
import { noteResends } from '../store/stopped-resends.ts';
import { createSuppression } from '../store/suppressions.ts';
import { mailStoppedBy, releaseHold } from './release-hold.ts';
import { resendChore, resendStopped } from './resend-stopped.ts';
import type { Submission } from './submission.ts';

const ADDRESS = 'anna@mailbox.test';
const MESSAGES = 3;

/** Mail that a hold stopped, and the hold's end, as one commit. */
async function released(t: TestContext) {
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
    const mail = await mailStoppedBy(releasing, db, suppression, 7);
    await noteResends(db, { tenantId, holdId: suppression.id, credentialId: null }, mail);
    await releaseHold(releasing, db, suppression, { why: 'She wrote to us', by: 'person:anna' });
    return { hold: { tenantId, holdId: suppression.id, credentialId: null }, stopped: mail };
  });
  const read = (tenant: string, messageId: string) => withTenant(pool, tenant, (db) => readSource(db, tenant, messageId));
  const left = async () => (await pool.query<{ n: number }>('select count(*)::int as n from stopped_resends')).rows[0]?.n;
  return { pool, tenantId, hold, stopped, read, left };
}

test('stopped mail is read one message after the other, as it is handed in again', async (t) => {
  const { pool, tenantId, hold, stopped, read, left } = await released(t);
  assert.equal(stopped.length, MESSAGES);
  // A hundred letters with attachments are more than memory holds: the list names them, and each is read when its turn comes.
  assert.ok(!stopped.some((mail) => Object.values(mail).some((value) => Buffer.isBuffer(value))));

  const story: string[] = [];
  let away = true;
  const done = await resendStopped(
    {
      pool,
      read: async (tenant, messageId) => {
        story.push('read');
        return read(tenant, messageId);
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
  assert.match(done.refused[0]?.message ?? '', /by itself/);
  assert.equal(await left(), 1, 'the one that met a database away is to be done still');
});

test('what a crash left between the release and its mail is handed in later, once; what is refused for good stands in the audit log', async (t) => {
  const { pool, tenantId, hold, stopped, read, left } = await released(t);
  const taken = new Map<string, string>();
  const problems: (AppError | null)[] = [];
  const accept = async ({ idempotency, recipients }: Submission) => {
    const problem = problems.shift();
    if (problem) throw problem;
    const key = idempotency?.key ?? '';
    const id = taken.get(key) ?? ids.next();
    taken.set(key, id);
    assert.deepEqual(recipients, [ADDRESS]);
    return { id, recipients: [], repeated: false };
  };
  const { signal } = new AbortController();
  const chore = resendChore({ pool, accept, read, clock: systemClock, ids, log: silentLog, signal });
  const due = () => pool.query('update stopped_resends set due_at = now()');
  await chore.run();
  assert.equal(taken.size, 0, 'whoever released the hold is at it');

  await due();
  problems.push(new AppError('STORE_UNAVAILABLE', 'The database does not answer.'), new AppError('TENANT_SUSPENDED', 'Suspended.'));
  await chore.run();
  assert.equal(taken.size, 1);
  assert.equal(await left(), 1);
  await due();
  await chore.run();
  assert.equal(taken.size, 2);
  assert.equal(await left(), 0);
  await due();
  await chore.run();
  const { rows } = await pool.query<{ resent: string[]; refused: { message_id: string; code: string }[] }>(
    `select detail -> 'resent' as resent, detail -> 'not_resent' as refused from audit_log
     where tenant_id = $1 and action = 'suppression.resend' and subject = $2 order by id`,
    [tenantId, hold.holdId],
  );
  assert.deepEqual(
    rows.map(({ refused }) => refused),
    [[{ message_id: stopped[1]?.messageId, code: 'TENANT_SUSPENDED' }], []],
  );
  assert.deepEqual(rows.flatMap(({ resent }) => resent).toSorted(), [...taken.values()].toSorted());
});

test('what was left over for a day is not handed in: it might be a copy by now, and the audit log names it', async (t) => {
  const { pool, read, left } = await released(t);
  const accept = () => assert.fail('nothing is handed in');
  const { signal } = new AbortController();
  const chore = resendChore({ pool, accept, read, clock: systemClock, ids, log: silentLog, signal });
  await pool.query("update stopped_resends set due_at = now(), asked_at = now() - interval '24 hours'");
  await chore.run();
  assert.equal(await left(), 0);
  const { rows } = await pool.query<{ codes: string[] }>(
    "select array(select jsonb_array_elements(detail -> 'not_resent') ->> 'code') as codes from audit_log where action = 'suppression.resend'",
  );
  assert.deepEqual(rows, [{ codes: ['too-late', 'too-late', 'too-late'] }]);
});

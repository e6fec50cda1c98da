// This file checks what becomes of report mails that cannot be read or proven yet: they wait, and in the end a person sees why.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../test/support/database.ts';
import { mailWith, REPORT } from '../../test/support/reports.ts';
import { systemClock } from '../clock.ts';
import { idMint } from '../ids.ts';
import { silentLog } from '../log.ts';
import { queueReportMails } from '../store/report-queue.ts';
import { readReportMailsChore } from './read-report-mails.ts';

const ids = idMint(systemClock);

test('a mail whose sender DNS does not tell waits four times, and is then kept as not proven', async (t) => {
  const { pool } = await testDatabase(t);
  const id = ids.next();
  const raw = mailWith(REPORT).replace(
    'From:',
    'DKIM-Signature: v=1; a=rsa-sha256; d=receiver.example; s=x; h=From; bh=YQ==; b=YQ==\r\nFrom:',
  );
  await pool.query(`insert into inbound_mails (id, mail_from, rcpt_to, raw) values ($1, '', '', $2)`, [id, Buffer.from(raw)]);
  await pool.query(`insert into inbound_readings (id, kind, outcome) values ($1, 'other', 'unmatched')`, [id]);
  await queueReportMails(pool, [id]);
  const chore = readReportMailsChore({
    pool,
    ids,
    clock: systemClock,
    log: silentLog,
    reportAddresses: { secretKeys: [Buffer.alloc(32)], host: 'reports.desk.example' },
    hostname: 'desk.example',
    resolve: async (name) => {
      throw Object.assign(new Error(`no answer for ${name}`), { code: 'ETIMEOUT' });
    },
    signal: new AbortController().signal,
  });
  for (let turn = 1; turn <= 4; turn += 1) {
    await chore.run();
    const { rows } = await pool.query('select tries, due_at > now() as waits, error from report_queue');
    assert.deepEqual(rows, [{ tries: turn, waits: true, error: 'The sender could not be looked up in DNS.' }]);
    await pool.query('update report_queue set due_at = now()');
  }
  await chore.run();
  assert.equal((await pool.query('select from report_queue')).rowCount, 0);
  const { rows } = await pool.query('select state, why from domain_reports');
  assert.deepEqual(rows, [{ state: 'forged', why: 'mail-unreachable' }]);
  const { rows: readings } = await pool.query('select kind, outcome from inbound_readings');
  assert.deepEqual(readings, [{ kind: 'report', outcome: 'recorded' }]);
});

test('a mail that breaks its reader is parked with the reason', async (t) => {
  const { pool } = await testDatabase(t);
  const id = ids.next();
  await pool.query(`insert into inbound_mails (id, mail_from, rcpt_to, raw) values ($1, '', '', $2)`, [id, Buffer.from(mailWith(REPORT))]);
  await pool.query(`insert into inbound_readings (id, kind, outcome) values ($1, 'other', 'unmatched')`, [id]);
  await queueReportMails(pool, [id]);
  await pool.query('alter table domain_reports rename to domain_reports_away');
  const resolve = async () => {
    throw Object.assign(new Error('nothing'), { code: 'ENOTFOUND' });
  };
  const deps = { pool, ids, clock: systemClock, log: silentLog, hostname: 'desk.example', resolve, signal: new AbortController().signal };
  const chore = readReportMailsChore({ ...deps, reportAddresses: { secretKeys: [Buffer.alloc(32)], host: 'reports.desk.example' } });
  for (let turn = 1; turn <= 5; turn += 1) {
    await chore.run();
    if (turn < 5) await pool.query('update report_queue set due_at = now()');
  }
  const { rows } = await pool.query(`select due_at = 'infinity' as parked from report_queue`);
  assert.deepEqual(rows, [{ parked: true }]);
  const { rows: readings } = await pool.query('select kind, outcome, note from inbound_readings');
  assert.equal(readings[0].outcome, 'unreadable');
  assert.match(readings[0].note, /domain_reports/);
});

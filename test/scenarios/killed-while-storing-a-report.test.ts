// This file kills the node in the middle of storing a large report that came by mail. Nothing of it is there afterwards; read again, it counts once and exactly.
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { createTransport } from 'nodemailer';
import pg from 'pg';
import { startDesk } from '../support/desk.ts';
import { reporterWorld } from '../support/report-mails.ts';
import { feedback, METADATA, POLICY, RECORD } from '../support/reports.ts';
import { until } from '../support/until.ts';

const CLUB = 'rowers.example';
const RECORDS = 20_000;

it('stores it whole or not at all', { timeout: 600_000 }, async () => {
  const world = await reporterWorld({ after });
  const env = { PACKETBOAT_DNS_SERVERS: `127.0.0.1:${world.dns.port}`, PACKETBOAT_REPORT_HOST: 'reports.desk.example' };
  const desk = await startDesk({ after }, { env });
  const club = await desk.tenant('Club', { name: CLUB });
  const { body: domains } = await desk.api('GET', `/v1/domains?name=${CLUB}`);
  const path = `/v1/domains/${domains.data[0].id}/dmarc?from=2025-01-01&to=2025-01-31`;
  const { report_address: address } = (await desk.api('GET', path, undefined, club.key)).body;
  const rows = Array.from({ length: RECORDS }, (_, i) => RECORD.replace('192.0.2.10', `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`)).join(
    '',
  );
  const xml = feedback((METADATA + POLICY + rows).replaceAll('verein.example', CLUB));
  const db = new pg.Client({ connectionString: desk.databaseUrl });
  // A test that fails leaves it to the end of the database.
  db.on('error', () => {});
  await db.connect();
  // The records are in when their messages are to be counted; there a lock of ours makes the process stand in the middle of its transaction.
  await db.query('begin');
  await db.query('lock table dmarc_sources in exclusive mode');
  const transport = createTransport({ host: '127.0.0.1', port: desk.bootstrap.inbound_port, ignoreTLS: true });
  await transport.sendMail({ envelope: { from: 'bounces@receiver.example', to: [address] }, raw: await world.mail(xml) });
  transport.close();

  const counting = `select pid from pg_locks where relation = 'dmarc_sources'::regclass and not granted`;
  const pid = await until(async () => (await db.query<{ pid: number }>(counting)).rows[0]?.pid, { what: 'the records to be counted' });
  assert.equal(await desk.kill('SIGKILL'), 'SIGKILL');
  await db.query('rollback');
  const alive = 'select from pg_stat_activity where pid = $1';
  await until(async () => (await db.query(alive, [pid])).rowCount === 0, { what: 'the database to notice' });
  for (const table of ['domain_reports', 'domain_report_records', 'dmarc_days', 'dmarc_sources']) {
    assert.equal((await db.query(`select from ${table} limit 1`)).rowCount, 0, table);
  }

  // A reader that died gives its mail back after a quarter of an hour; nobody waits for that here.
  await db.query('update report_queue set due_at = now()');
  await desk.start(env);
  await until(async () => ((await db.query('select from report_queue')).rowCount ? null : true), {
    what: 'the mail to be read',
  });
  const { body: view } = await desk.api('GET', path, undefined, club.key);
  assert.deepEqual([view.messages, view.aligned], [RECORDS * 7, RECORDS * 7]);
  const { rows: heads } = await db.query('select state, duplicates, records from domain_reports');
  assert.deepEqual(heads, [{ state: 'counted', duplicates: 0, records: RECORDS }]);
  await db.end();
});

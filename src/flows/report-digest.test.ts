// This file checks the weekly mail about reports: once, in the language of the organisation, and only when there was something to tell.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../test/support/database.ts';
import { systemClock } from '../clock.ts';
import { idMint } from '../ids.ts';
import { silentLog } from '../log.ts';
import { listDomains } from '../store/domains.ts';
import { makeKeys } from '../store/keys.ts';
import { writeReportDigest } from '../store/report-digests.ts';
import { takeSystemMails } from '../store/system-mails.ts';
import { makeReportDesk } from './report-desk.ts';
import { lastWeek, reportDigestChore } from './report-digest.ts';

const ids = idMint(systemClock);
const keys = makeKeys(Buffer.alloc(32, 7));
/** Wednesday. */
const NOW_MS = Date.UTC(2026, 2, 11, 12);

test('a week is told once its Sunday has been reported', () => {
  const at = (day: number, hour: number) => lastWeek(Date.UTC(2026, 2, day, hour) / 1000);
  assert.deepEqual(at(11, 12), { from: '2026-03-02', to: '2026-03-08', before: { from: '2026-02-23', to: '2026-03-01' } });
  assert.equal(at(9, 17).from, '2026-02-23', 'on Monday afternoon reports of Sunday still come');
  assert.equal(at(9, 18).from, '2026-03-02');
});

test('those with something to tell get one mail, the others none', async (t) => {
  const { pool } = await testDatabase(t);
  const clock = { nowMs: () => NOW_MS };
  const reports = makeReportDesk({ pool, ids, clock, returnPathHost: 'returns.desk.example', address: () => null });
  const chore = reportDigestChore({ pool, keys, ids, clock, log: silentLog, reports });
  const organisation = async (name: string, contact: string | null, language = 'en') => {
    const id = ids.next();
    await pool.query('insert into tenants (id, name, contact_email, language) values ($1, $2, $3, $4)', [id, name, contact, language]);
    await pool.query(`insert into sending_domains (tenant_id, id, name, state) values ($1, $2, $3, 'verified')`, [
      id,
      ids.next(),
      `${name.toLowerCase()}.example`,
    ]);
    return id;
  };
  const report = (domain: string, ip = '203.0.113.5') =>
    `<feedback><report_metadata><org_name>r.example</org_name><report_id>${domain}</report_id><date_range><begin>1772496000</begin><end>1772582399</end></date_range></report_metadata>` +
    `<policy_published><domain>${domain}</domain><p>none</p></policy_published><record><row><source_ip>${ip}</source_ip><count>1234</count><policy_evaluated><disposition>none</disposition>` +
    `<dkim>fail</dkim><spf>fail</spf></policy_evaluated></row><identifiers><header_from>${domain}</header_from></identifiers></record></feedback>`;
  const english = await organisation('Rowers', 'office@rowers.example');
  const german = await organisation('Ruderer', 'amt@ruderer.example', 'de');
  await organisation('Quiet', 'office@quiet.example');
  const silent = await organisation('Silent', null);
  const off = await organisation('Off', 'office@off.example');
  await writeReportDigest(pool, off, { enabled: false });
  for (const [id, name] of [
    [english, 'rowers'],
    [german, 'ruderer'],
    [silent, 'silent'],
    [off, 'off'],
  ] as const) {
    await reports.take(id, Buffer.from(report(`${name}.example`)));
  }
  // Their scanner and somebody else's server, told apart by a person.
  const judged = await organisation('Judged', 'office@judged.example');
  const rows = [
    ['203.0.113.5', 234],
    ['198.51.100.9', 1000],
  ] as const;
  for (const [ip, count] of rows)
    await reports.take(
      judged,
      Buffer.from(report('judged.example', ip).replace('1234', String(count)).replace('<report_id>', `<report_id>${ip}`)),
    );
  const domain = (await listDomains(pool, judged, { after: null, limit: 1 }))[0];
  assert.ok(domain);
  const { sources } = await reports.dmarc(pool, domain, { from: '2026-03-02', to: '2026-03-08', language: 'en' });
  for (const { id, messages } of sources) {
    const said = messages === 234 ? { verdict: 'ours', note: 'the scanner' } : { verdict: 'not-ours', note: '' };
    // The verdicts above.
    await reports.judge(
      pool,
      domain,
      { source: id ?? '', by: 'person:x', ...(said as { verdict: 'ours' | 'not-ours'; note: string }) },
      {},
    );
  }
  await chore.run();
  await chore.run();
  const mails = (await takeSystemMails(pool, keys, 20)).toSorted((a, b) => (a.to < b.to ? -1 : 1));
  assert.deepEqual(
    mails.map(({ to, kind }) => [to, kind]),
    [
      ['amt@ruderer.example', 'report-digest'],
      ['office@judged.example', 'report-digest'],
      ['office@rowers.example', 'report-digest'],
    ],
  );
  const told = mails[1]?.text ?? '';
  assert.match(
    told,
    /judged\.example: 234 messages, 0 % proven to be yours\.\n1,000 more are from a source you marked as not yours; they are not counted here\./,
  );
  assert.match(told, /- 234 messages from the scanner: Nothing proves/);
  assert.doesNotMatch(told, /198\.51\.100/);
  assert.equal(mails[2]?.subject, 'Mail in the name of rowers.example: week of 2026-03-02');
  assert.match(mails[2]?.text ?? '', /rowers\.example: 1,234 messages, 0 % proven to be yours\./);
  assert.match(mails[0]?.text ?? '', /1\.234 Nachrichten von 203\.0\.113\.0\/24: Nichts zeigt/);
});

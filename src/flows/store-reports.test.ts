// This file checks storing of reports on a real database: whose they are, what counts, what came twice, what contradicts, and that counts stay exact.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type pg from 'pg';
import { testDatabase } from '../../test/support/database.ts';
import { feedback, METADATA, POLICY, RECORD, REPORT, zip } from '../../test/support/reports.ts';
import { systemClock } from '../clock.ts';
import { idMint } from '../ids.ts';
import { acceptReport, dropOldReports, releaseReports } from '../store/report-release.ts';
import { withOwner } from '../store/scope.ts';
import { type ReportOrigin, type ReportsTaken, storeReports } from './store-reports.ts';

const ids = idMint(systemClock);
const UPLOADED = { proven: true, authentication: 'uploaded', submitter: null };
const BY_NOBODY: ReportOrigin = {
  source: 'mailbox',
  tenantId: null,
  inboundMailId: null,
  authenticate: () => ({ ...UPLOADED, authentication: 'pass' }),
};

async function world(t: { after(fn: () => Promise<void>): void }) {
  const { pool } = await testDatabase(t);
  const deps = { pool, ids, clock: systemClock };
  return {
    pool,
    take: (content: string | Buffer, origin: Partial<ReportOrigin> = {}): Promise<ReportsTaken> =>
      storeReports(deps, Buffer.from(content), { ...BY_NOBODY, ...origin }),
    days: async () => (await pool.query(`select day::text, messages::int, aligned::int from dmarc_days order by tenant_id, day`)).rows,
    sources: async (monthly: boolean) =>
      (
        await pool.query(
          `select day::text, host(ip) as ip, messages::int from dmarc_sources where monthly = $1 order by tenant_id, day, ip`,
          [monthly],
        )
      ).rows,
  };
}

async function tenant(pool: pg.Pool, domain: string, state = 'verified'): Promise<{ id: string; domainId: string }> {
  const [id, domainId] = [ids.next(), ids.next()];
  await pool.query(`insert into tenants (id, name) values ($1, $2)`, [id, domain]);
  await pool.query(`insert into sending_domains (tenant_id, id, name, state) values ($1, $2, $3, $4)`, [id, domainId, domain, state]);
  return { id, domainId };
}

test('a report counts for everybody who owns its domain, or one above it, and for nobody else', async (t) => {
  const { pool, take, days, sources } = await world(t);
  const [one, other] = [await tenant(pool, 'verein.example'), await tenant(pool, 'verein.example')];
  await tenant(pool, 'example.org');
  await tenant(pool, 'in.verein.example');
  const pending = await tenant(pool, 'verein.example', 'pending');
  const { stored } = await take(REPORT);
  assert.deepEqual(new Set(stored.map(({ tenantId }) => tenantId)), new Set([one.id, other.id]));
  assert.deepEqual(await days(), [
    { day: '2025-01-01', messages: 7, aligned: 7 },
    { day: '2025-01-01', messages: 7, aligned: 7 },
  ]);
  assert.deepEqual((await sources(true))[0], { day: '2025-01-01', ip: '192.0.2.10', messages: 7 });
  assert.ok(!stored.some(({ tenantId }) => tenantId === pending.id));
  const below = await take(REPORT.replace('<domain>verein.example', '<domain>news.verein.example'));
  assert.deepEqual(
    below.stored.map(({ state }) => state),
    ['counted', 'counted'],
  );
});

test('the same report counts once, however it is packed; other numbers under its key are a conflict and change nothing', async (t) => {
  const { pool, take, days } = await world(t);
  const { id } = await tenant(pool, 'verein.example');
  await take(REPORT);
  const again = await take(zip([{ name: 'x', content: `\n${REPORT.replace('<feedback>', '<feedback >')}` }]));
  assert.deepEqual(
    again.stored.map(({ outcome }) => outcome),
    ['duplicate'],
  );
  const other = await take(REPORT.replace('<count>7', '<count>900'));
  assert.deepEqual(
    other.stored.map(({ outcome, state }) => [outcome, state]),
    [['conflict', 'conflict']],
  );
  assert.equal((await take(REPORT.replace('<count>7', '<count>900'))).stored[0]?.outcome, 'duplicate');
  assert.deepEqual(await days(), [{ day: '2025-01-01', messages: 7, aligned: 7 }]);
  const { rows } = await pool.query(
    `select state, duplicates, conflict_of is not null as named from domain_reports where tenant_id = $1 order by id`,
    [id],
  );
  assert.deepEqual(rows, [
    { state: 'counted', duplicates: 1, named: false },
    { state: 'conflict', duplicates: 0, named: true },
  ]);
  // Another reporter may use the same id.
  assert.equal((await take(REPORT.replace('Receiver', 'Somebody else'))).stored[0]?.outcome, 'stored');
});

test('a forged report is shown apart, counts nowhere, and does not keep the genuine one out', async (t) => {
  const { pool, take, days } = await world(t);
  const { id } = await tenant(pool, 'verein.example');
  const forged = { authenticate: () => ({ proven: false, authentication: 'fail', submitter: 'evil.example' }) };
  const first = await take(REPORT.replace('<count>7', '<count>5000'), forged);
  assert.deepEqual(
    first.stored.map(({ state, why }) => [state, why]),
    [['forged', 'mail-fail']],
  );
  assert.deepEqual(await days(), []);
  assert.equal((await take(REPORT.replace('<count>7', '<count>5000'), forged)).stored[0]?.outcome, 'duplicate');
  assert.equal((await take(REPORT)).stored[0]?.state, 'counted');
  const forgedId = first.stored[0]?.id ?? '';
  assert.equal(await withOwner(pool, (client) => acceptReport(client, id, forgedId)), 'taken');
  const third = await take(REPORT.replace('r-1', 'r-3'), forged);
  assert.equal(
    await withOwner(pool, (client) => acceptReport(client, ids.next(), third.stored[0]?.id ?? '')),
    null,
    'another organisation finds nothing',
  );
  assert.equal(await withOwner(pool, (client) => acceptReport(client, id, third.stored[0]?.id ?? '')), 'counted');
  assert.deepEqual(await days(), [{ day: '2025-01-01', messages: 14, aligned: 14 }]);
});

test('a report about a domain of nobody waits, and counts once the domain is verified', async (t) => {
  const { pool, take, days } = await world(t);
  const { stored } = await take(REPORT);
  assert.deepEqual(
    stored.map(({ tenantId, state, why }) => [tenantId, state, why]),
    [[null, 'quarantined', 'domain-unverified']],
  );
  const owner = await tenant(pool, 'verein.example', 'pending');
  const addressed = await take(REPORT.replace('r-1', 'r-2'), { tenantId: owner.id, source: 'mail' });
  assert.deepEqual(
    addressed.stored.map(({ tenantId, state }) => [tenantId, state]),
    [[owner.id, 'quarantined']],
  );
  assert.equal(await releaseReports(pool, () => ids.next()), 0);
  await pool.query(`update sending_domains set state = 'verified'`);
  const second = await tenant(pool, 'verein.example');
  assert.equal(await releaseReports(pool, () => ids.next()), 3, 'one of two organisations and one of nobody for both');
  assert.equal(await releaseReports(pool, () => ids.next()), 0);
  assert.deepEqual((await days()).map(({ messages }) => messages).sort(), [14, 7]);
  const { rows } = await pool.query(`select count(*)::int as n from domain_reports where tenant_id = $1`, [second.id]);
  assert.equal(rows[0].n, 1);
});

test('what covers more than a day is spread over its days exactly; what covers a year, or the future, does not count', async (t) => {
  const { pool, take, days } = await world(t);
  await tenant(pool, 'verein.example');
  const ranged = (begin: number, end: number, id: string) =>
    REPORT.replace('1735689600', String(begin)).replace('1735775999', String(end)).replace('r-1', id).replace('<count>7', '<count>100');
  await take(ranged(1735689600, 1735689600 + 3 * 86_400, 'a'));
  const spread = await days();
  assert.deepEqual(
    spread.map(({ messages }) => messages),
    [33, 33, 34],
  );
  assert.deepEqual(
    spread.map(({ day }) => day),
    ['2025-01-01', '2025-01-02', '2025-01-03'],
  );
  for (const [begin, end] of [
    [1704067200, 1735689600],
    [4102444800, 4102531199],
    [1735689600, 1735689000],
  ] as const) {
    const { stored } = await take(ranged(begin, end, `b${begin}-${end}`));
    // Swapped dates are put right by the reader.
    assert.equal(stored[0]?.state, end < begin ? 'counted' : 'quarantined', `${begin} to ${end}`);
  }
});

test('a zip of several reports, damaged ones among them, is stored report by report', async (t) => {
  const { pool, take, days } = await world(t);
  await tenant(pool, 'verein.example');
  const many = Array.from({ length: 2_500 }, (_, i) => RECORD.replace('192.0.2.10', `192.0.${i >> 8}.${i & 255}`)).join('');
  const taken = await take(
    zip([
      { name: 'a', content: feedback(METADATA + POLICY + many) },
      { name: 'b', content: REPORT.slice(0, -30) },
      { name: 'c', content: REPORT.replace('r-1', 'r-3') },
    ]),
  );
  assert.deepEqual(
    taken.stored.map(({ state }) => state),
    ['counted', 'counted'],
  );
  assert.deepEqual(
    taken.refused.map(({ code }) => code),
    ['REPORT_MALFORMED'],
  );
  assert.deepEqual(await days(), [{ day: '2025-01-01', messages: 2_501 * 7, aligned: 2_501 * 7 }]);
  const { rows } = await pool.query(`select count(*)::int as records, max(line) as last from domain_report_records`);
  assert.deepEqual(rows[0], { records: 2_501, last: 2_500 });
  assert.equal((await pool.query('select from ip_names')).rowCount, 2_500);
});

test('old reports go, failure reports first', async (t) => {
  const { pool, take } = await world(t);
  await tenant(pool, 'verein.example');
  await take(REPORT);
  await pool.query(`update domain_reports set stored_at = now() - interval '500 days'`);
  assert.equal(await dropOldReports(pool, { days: 400, failureDays: 14 }), 1);
  for (const table of ['domain_report_records', 'dmarc_days', 'dmarc_sources']) {
    assert.equal((await pool.query(`select from ${table}`)).rowCount, 0, table);
  }
});

const CORPUS = join(import.meta.dirname, '../../../shared/corpus/dmarc');

test('every report of the corpus is stored or refused, and the days hold what the reports say', {
  skip: existsSync(CORPUS) ? false : 'no corpus here',
}, async (t) => {
  const { pool, take } = await world(t);
  const owner = await tenant(pool, 'owner.example');
  // biome-ignore lint/suspicious/noExplicitAny: lines of the corpus have the fields that are read here.
  const index: any[] = readFileSync(join(CORPUS, 'index.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const domains = new Set(index.flatMap(({ domain }) => (typeof domain === 'string' && /^[a-z0-9.-]+$/.test(domain) ? [domain] : [])));
  for (const domain of domains) {
    await pool.query(`insert into sending_domains (tenant_id, id, name, state) values ($1, $2, $3, 'verified') on conflict do nothing`, [
      owner.id,
      ids.next(),
      domain,
    ]);
  }
  const heads = new Map<string, string>();
  for (const folder of ['samples', 'synthetic']) {
    for (const file of readdirSync(join(CORPUS, folder))) {
      const taken = await take(readFileSync(join(CORPUS, folder, file)), { tenantId: owner.id, source: 'upload' });
      assert.ok(taken.stored.length + taken.refused.length > 0, file);
      for (const { id } of taken.stored) heads.set(id, `${folder}/${file}`);
    }
  }
  const { rows: wrong } = await pool.query(
    `select r.id, r.total::text as said, coalesce(sum(c.messages), 0)::text as held from domain_reports r left join domain_report_records c on c.report_id = r.id
     where r.kind = 'aggregate' and r.records_kept group by r.id, r.total having r.total <> coalesce(sum(c.messages), 0)`,
  );
  assert.deepEqual(
    wrong.map((row) => ({ ...row, file: heads.get(row.id) })),
    [],
  );
  const { rows } = await pool.query(
    `select (select sum(total) from domain_reports where kind = 'aggregate' and state = 'counted')::text as said, (select sum(messages) from dmarc_days)::text as held,
       (select sum(messages) from dmarc_sources where not monthly)::text as daily, (select sum(messages) from dmarc_sources where monthly)::text as monthly`,
  );
  assert.deepEqual(new Set(Object.values(rows[0])).size, 1, JSON.stringify(rows[0]));
});

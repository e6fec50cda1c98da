// This file is the second half of `bench reports`: a year of reports with a million records of one domain, stored as they come by mail, and how long it takes to say what they mean;
// and what storing the largest report costs in memory.
import { resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import pg from 'pg';
import { systemClock } from '../src/clock.ts';
import { makeReportDesk } from '../src/flows/report-desk.ts';
import type { ReportsTaken } from '../src/flows/store-reports.ts';
import { idMint } from '../src/ids.ts';
import { silentLog } from '../src/log.ts';
import { findDomain } from '../src/store/domains.ts';
import { startEmbeddedPostgres } from '../src/store/embedded/supervisor.ts';
import { migrate } from '../src/store/migrate.ts';
import { inScope } from '../src/store/scope.ts';
import { treeCpu } from './kit/cpu.ts';
import { count, median, quantile, round, table } from './kit/figures.ts';
import type { BenchReport } from './kit/report.ts';
import { type Workshop, withWorkshop } from './kit/workshop.ts';

interface Sizes {
  readonly days: number;
  readonly reporters: number;
  readonly recordsPerReport: number;
  /** Records of the one large report, some 440 bytes of XML each: below the limit of 100 MB. */
  readonly large: number;
  readonly runs: number;
}

const FULL: Sizes = { days: 365, reporters: 30, recordsPerReport: 92, large: 200_000, runs: 21 };
const QUICK: Sizes = { days: 60, reporters: 10, recordsPerReport: 92, large: 20_000, runs: 5 };
/** Agreed in issue 4. */
const AIM_MS = 300;
const DOMAIN = 'verein.example';
const DAY_S = 86_400;
/** Addresses that write all the time, and the share of records from addresses seen once: forwarders, abuse. */
const STEADY_IPS = 3_000;
const STRAY_SHARE = 0.05;
const SEED = 5;

export function benchStored(quick: boolean): Promise<BenchReport> {
  return withWorkshop('reports', (shop) => measure(shop, quick ? QUICK : FULL));
}

async function measure(shop: Workshop, sizes: Sizes): Promise<BenchReport> {
  const server = await startEmbeddedPostgres({ dataDir: shop.folder, log: silentLog });
  shop.defer(() => server.stop());
  const pool = new pg.Pool({ connectionString: server.url, max: 4 });
  shop.defer(() => pool.end());
  await migrate(pool, { directory: resolve(import.meta.dirname, '../migrations'), log: silentLog });
  const ids = idMint(systemClock);
  const desk = makeReportDesk({ pool, ids, clock: systemClock, returnPathHost: 'returns.desk.example', address: () => null });
  const [tenantId, domainId] = [ids.next(), ids.next()];
  await pool.query('insert into tenants (id, name) values ($1, $2)', [tenantId, 'Club']);
  await pool.query(`insert into sending_domains (tenant_id, id, name, state) values ($1, $2, $3, 'verified')`, [
    tenantId,
    domainId,
    DOMAIN,
  ]);
  shop.say('a year of reports');
  const stored = await fillYear((bytes) => desk.take(tenantId, bytes), sizes);
  await pool.query(
    `update ip_names set name = 'mail.' || (get_byte(uuid_send(md5(ip::text)::uuid), 0)) || '.host.example', due_at = now() + interval '1 day'`,
  );
  await pool.query('vacuum analyze');
  const todayS = Math.floor(Date.now() / 1000 / DAY_S) * DAY_S;
  const day = (ago: number) => new Date((todayS - ago * DAY_S) * 1000).toISOString().slice(0, 10);
  const ask = (from: string, to: string) =>
    inScope(pool, tenantId, async (db) => {
      const domain = await findDomain(db, tenantId, domainId);
      if (domain === null) throw new Error('the domain is gone');
      return desk.dmarc(db, domain, { from, to, language: 'en' });
    });
  const questions = [
    { what: 'the whole year', from: day(sizes.days), to: day(0) },
    { what: 'a year from the middle of a month', from: day(sizes.days - 17), to: day(9) },
    { what: '30 days', from: day(30), to: day(0) },
  ];
  const answers: { what: string; medianMs: number; p95Ms: number; cpuMs: number }[] = [];
  const cpu = () => treeCpu([process.pid, server.pid]);
  const faults: string[] = [];
  for (const { what, from, to } of questions) {
    const times: number[] = [];
    const cpuBefore = cpu();
    for (let run = 0; run < sizes.runs; run += 1) {
      const startedAt = performance.now();
      const view = await ask(from, to);
      times.push(performance.now() - startedAt);
      const sources = view.sources.reduce((sum, source) => sum + source.messages, 0);
      if (sources !== view.messages) faults.push(`${what}: sources have ${sources} messages, days ${view.messages}`);
      if (what === 'the whole year' && view.messages !== stored.messages)
        faults.push(`${view.messages} of ${stored.messages} messages counted`);
    }
    answers.push({ what, medianMs: median(times), p95Ms: quantile(times, 0.95), cpuMs: ((cpu() - cpuBefore) * 1000) / sizes.runs });
  }
  shop.say('one large report');
  const large = await storeLarge((bytes) => desk.take(tenantId, bytes), sizes.large);
  const slowest = Math.max(...answers.map(({ medianMs }) => medianMs));
  if (slowest > AIM_MS) faults.push(`${round(slowest)} ms, agreed ${AIM_MS}`);
  const { rows } = await pool.query<{ rows: number }>('select count(*)::float8 as rows from dmarc_sources');
  const body = [
    `${count(stored.reports)} reports with ${count(stored.records)} records of one domain over ${sizes.days} days from ${sizes.reporters} reporters (seed ${SEED}), stored in ${round(stored.seconds, 0)} s (${count(Math.round(stored.records / stored.seconds))} records a second, read twice, each report a transaction): ${count(rows[0]?.rows ?? 0)} rows of sources. The whole answer (days, sources, failures in words, safe path), ${sizes.runs} times each:`,
    table(
      ['question', 'median ms', 'p95 ms', 'CPU ms (node and PostgreSQL)'],
      answers.map(({ what, medianMs, p95Ms, cpuMs }) => [what, round(medianMs, 0), round(p95Ms, 0), round(cpuMs, 0)]),
    ),
    `Agreed: below ${AIM_MS} ms. One report of ${count(sizes.large)} records (${round(large.xmlMb, 0)} MB of XML, ${round(large.gzipMb, 1)} MB packed) took ${round(large.seconds, 0)} s; the process grew by at most ${round(large.grewMb, 0)} MB, the packed report included.`,
  ].join('\n\n');
  const json = {
    records: stored.records,
    records_per_s: round(stored.records / stored.seconds, 0),
    year_ms: round(answers[0]?.medianMs ?? 0, 1),
    slowest_ms: round(slowest, 1),
    year_cpu_ms: round(answers[0]?.cpuMs ?? 0, 1),
    large_grew_mb: round(large.grewMb, 0),
  };
  return { sections: [{ part: 'stored', title: 'A year of DMARC reports, stored and asked', body }], json, faults };
}

type Take = (bytes: Buffer) => Promise<ReportsTaken>;

async function fillYear(take: Take, sizes: Sizes): Promise<{ reports: number; records: number; messages: number; seconds: number }> {
  const below = generator(SEED);
  const todayS = Math.floor(Date.now() / 1000 / DAY_S) * DAY_S;
  let [reports, messages] = [0, 0];
  const startedAt = performance.now();
  for (let ago = sizes.days; ago >= 1; ago -= 1) {
    for (let reporter = 0; reporter < sizes.reporters; reporter += 1) {
      const rows = Array.from({ length: sizes.recordsPerReport }, () => recordOf(below));
      messages += rows.reduce((sum, { messages: each }) => sum + each, 0);
      await take(
        Buffer.from(
          reportOf(
            `reporter${reporter}.example`,
            todayS - ago * DAY_S,
            rows.map(({ xml }) => xml),
          ),
        ),
      );
      reports += 1;
    }
  }
  return { reports, records: reports * sizes.recordsPerReport, messages, seconds: (performance.now() - startedAt) / 1000 };
}

async function storeLarge(take: Take, records: number): Promise<{ xmlMb: number; gzipMb: number; seconds: number; grewMb: number }> {
  const below = generator(SEED + 1);
  const todayS = Math.floor(Date.now() / 1000 / DAY_S) * DAY_S;
  let xml: string | null = reportOf(
    'large.example',
    todayS - DAY_S,
    Array.from({ length: records }, () => recordOf(below).xml),
  );
  const xmlMb = xml.length / 1e6;
  const packed = gzipSync(xml);
  xml = null;
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  let most = before;
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss);
  }, 20);
  const startedAt = performance.now();
  const { refused } = await take(packed);
  clearInterval(watch);
  if (refused.length > 0) throw new Error(`the large report was refused: ${refused[0]?.message}`);
  return { xmlMb, gzipMb: packed.length / 1e6, seconds: (performance.now() - startedAt) / 1000, grewMb: (most - before) / 1e6 };
}

/** A linear congruential generator: good enough for variety, the same everywhere. */
function generator(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    // The upper bits are the better ones.
    return Math.floor((state / 2 ** 32) * limit);
  };
}

function recordOf(below: (limit: number) => number): { xml: string; messages: number } {
  const stray = below(1_000) < STRAY_SHARE * 1_000;
  // Few addresses write much, many little.
  const steady = Math.floor(STEADY_IPS * (below(1_000) / 1_000) ** 3);
  const ip = stray
    ? `${1 + below(223)}.${below(256)}.${below(256)}.${below(256)}`
    : `198.${18 + (steady >> 16)}.${(steady >> 8) & 255}.${steady & 255}`;
  const good = !stray && below(50) > 0;
  const messages = 1 + below(20);
  const result = good ? 'pass' : 'fail';
  const xml =
    `<record><row><source_ip>${ip}</source_ip><count>${messages}</count><policy_evaluated><disposition>none</disposition><dkim>${result}</dkim><spf>${result}</spf></policy_evaluated></row>` +
    `<identifiers><header_from>${DOMAIN}</header_from></identifiers><auth_results><dkim><domain>${DOMAIN}</domain><selector>s${steady % 7}</selector><result>${result}</result></dkim>` +
    `<spf><domain>bounce${steady % 40}.${DOMAIN}</domain><result>${result}</result></spf></auth_results></record>`;
  return { xml, messages };
}

function reportOf(org: string, beginS: number, records: readonly string[]): string {
  return (
    `<feedback><report_metadata><org_name>${org}</org_name><email>dmarc@${org}</email><report_id>${beginS}</report_id><date_range><begin>${beginS}</begin><end>${beginS + DAY_S - 1}</end></date_range></report_metadata>` +
    `<policy_published><domain>${DOMAIN}</domain><p>none</p></policy_published>${records.join('')}</feedback>`
  );
}

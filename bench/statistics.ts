// This file is `bench statistics`: how long questions about a year with a million recipients take, and how much CPU it costs to count what happens,
// the database's share included.
import { resolve } from 'node:path';
import pg from 'pg';
import { systemClock } from '../src/clock.ts';
import { makeConsumeEvents } from '../src/flows/consume-events.ts';
import { countRecipients } from '../src/flows/count-recipients.ts';
import { type By, makeStatistics } from '../src/flows/statistics.ts';
import { idFloor } from '../src/ids.ts';
import { silentLog } from '../src/log.ts';
import { compactRollups } from '../src/store/compact-rollups.ts';
import { startEmbeddedPostgres } from '../src/store/embedded/supervisor.ts';
import { migrate } from '../src/store/migrate.ts';
import { ensurePartitions } from '../src/store/partitions.ts';
import { sumDays, sumMonths } from '../src/store/sum-rollups.ts';
import { treeCpu } from './kit/cpu.ts';
import { count, median, quantile, round, table } from './kit/figures.ts';
import type { Bench, BenchReport } from './kit/report.ts';
import { type Workshop, withWorkshop } from './kit/workshop.ts';

interface Sizes {
  /** Recipients of the year. */
  readonly year: number;
  readonly tenants: number;
  /** Recipients whose events are counted: two events each. */
  readonly counted: number;
  readonly runs: number;
}

const FULL: Sizes = { year: 1_000_000, tenants: 100, counted: 100_000, runs: 21 };
const QUICK: Sizes = { year: 100_000, tenants: 20, counted: 20_000, runs: 5 };
/** Agreed: a question takes less. */
const AIM_MS = 300;
const DAY_MS = 24 * 3_600_000;
const RECIPIENTS_PER_MESSAGE = 10;
const PAGE_EVENTS = 2_000;

export const benchStatistics: Bench = ({ quick }) => withWorkshop('statistics', (shop) => measure(shop, quick ? QUICK : FULL));

async function measure(shop: Workshop, sizes: Sizes): Promise<BenchReport> {
  const server = await startEmbeddedPostgres({ dataDir: shop.folder, log: silentLog });
  shop.defer(() => server.stop());
  const pool = new pg.Pool({ connectionString: server.url, max: 4 });
  shop.defer(() => pool.end());
  await migrate(pool, { directory: resolve(import.meta.dirname, '../migrations'), log: silentLog });
  await ensurePartitions(pool, Date.now());
  const tenantIds = await furnish(pool, sizes);
  shop.say('a year of rollups');
  const rollups = await fillYear(pool, sizes);
  const questions = await ask(pool, tenantIds[0] ?? '', sizes.runs);
  shop.say('events');
  const cost = await consume(pool, server.pid, sizes, tenantIds);
  const slowest = Math.max(...questions.map((question) => question.medianMs));
  const body = [
    `A year with ${count(sizes.year)} recipients of ${sizes.tenants} organisations: ${count(rollups)} rollups. ${sizes.runs} times each:`,
    table(
      ['question', 'median ms', 'p95 ms'],
      questions.map(({ what, medianMs, p95Ms }) => [what, round(medianMs, 1), round(p95Ms, 1)]),
    ),
    `Agreed: below ${AIM_MS} ms; the slowest median is ${round(slowest, 0)} ms.`,
    `Counting ${count(cost.events)} events, pages of ${count(PAGE_EVENTS)}: ${count(Math.round(cost.perSecond))} events/s, ${round(cost.cpuPerThousandS, 4)} CPU-seconds per 1,000 (node and PostgreSQL).`,
  ].join('\n\n');
  return {
    sections: [{ part: 'year', title: 'Statistics: a year of a million recipients', body }],
    json: { rollups, questions, ...cost },
    faults: slowest > AIM_MS ? [`a question took ${round(slowest, 0)} ms`] : [],
  };
}

/** Organisations, two accounts with a route each, and their lanes. */
async function furnish(pool: pg.Pool, { tenants }: Sizes): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(
    "insert into tenants (id, name) select gen_random_uuid(), 'Club ' || n from generate_series(1, $1) n returning id",
    [tenants],
  );
  await pool.query(
    `with account as (
       insert into provider_accounts (id, name, provider, secret, webhook_token, webhook_password)
       select gen_random_uuid(), kind, kind, '', kind, '' from unnest(array['sparkpost', 'smtp']) kind returning id
     ), pool as (insert into pools (id, account_id) select gen_random_uuid(), id from account returning id, account_id)
     insert into routes (account_id, pool_id) select account_id, id from pool`,
  );
  await pool.query(
    `insert into lanes (tenant_id, stream, mailbox_provider, route_id)
     select t.id, 'bulk', p, r.id from tenants t, unnest(array['google', 'microsoft', 'yahoo', 'apple', 'other']) p, routes r`,
  );
  return rows.map((row) => row.id);
}

/** What a year leaves behind: hours of the last two weeks, days before. */
async function fillYear(pool: pg.Pool, { year, tenants }: Sizes): Promise<number> {
  await pool.query(
    `create temporary table facts as
     select floor(random() * random() * $2)::int as club, date_trunc('hour', now() - random() * interval '364 days') as hour,
       (array['google', 'google', 'microsoft', 'yahoo', 'other'])[1 + floor(random() * 5)::int] as mailbox_provider,
       (array(select id from provider_accounts order by id))[1 + floor(random() * 2)::int] as account_id,
       (array['invalid-recipient', 'mailbox-full', 'policy', 'content', 'network'])[1 + floor(random() * 5)::int] as class, random() as fate,
       (case when random() < 0.3 then 'bulk' else 'transactional' end)::stream as stream
     from generate_series(1, $1);
     create temporary table clubs as select id as tenant_id, row_number() over (order by id) - 1 as club from tenants`
      .replaceAll('$1', String(year))
      .replaceAll('$2', String(tenants)),
  );
  const key = `tenant_id, hour, stream, 'club' || club || '.example', mailbox_provider`;
  await pool.query(
    `insert into rollups (tenant_id, hour, stream, domain, mailbox_provider, account_id, delivered, bounced, failed, complained)
     select ${key}, account_id, count(*) filter (where fate < 0.96), count(*) filter (where fate between 0.96 and 0.99), count(*) filter (where fate > 0.99),
       count(*) filter (where fate < 0.0004) from facts join clubs using (club) group by 1, 2, 3, 4, 5, 6`,
  );
  await pool.query(
    `insert into rollups (tenant_id, hour, stream, domain, mailbox_provider, account_id, accepted)
     select ${key}, '00000000-0000-0000-0000-000000000000', count(*) from facts join clubs using (club) group by 1, 2, 3, 4, 5`,
  );
  await pool.query(
    `insert into rollup_classes (tenant_id, hour, stream, domain, mailbox_provider, account_id, measure, class, recipients)
     select ${key}, account_id, case when fate < 0.99 then 'bounced' else 'failed' end, class, count(*) from facts join clubs using (club) where fate > 0.96
     group by 1, 2, 3, 4, 5, 6, 7, 8`,
  );
  const hourlyFromMs = Math.floor((Date.now() - 14 * DAY_MS) / DAY_MS) * DAY_MS;
  await compactRollups(pool, hourlyFromMs);
  await sumDays(pool, hourlyFromMs);
  await sumMonths(pool, hourlyFromMs);
  for (const name of ['rollups', 'rollup_classes', 'rollup_days', 'rollup_class_days', 'rollup_months']) {
    await pool.query(`vacuum (analyze) ${name}`);
  }
  const { rows } = await pool.query<{ n: number }>(
    'select (select count(*) from rollups)::int + (select count(*) from rollup_classes)::int as n',
  );
  return rows[0]?.n ?? 0;
}

interface Question {
  readonly what: string;
  readonly medianMs: number;
  readonly p95Ms: number;
}

async function ask(pool: pg.Pool, tenantId: string, runs: number): Promise<Question[]> {
  const statistics = makeStatistics({ pool, clock: systemClock, silentProviders: ['smtp'] });
  const fromMs = Date.now() - 365 * DAY_MS;
  const questions: { what: string; scope: string | null; by?: By; domain?: string; fromMs: number }[] = [
    ...(['tenant', 'domain', 'stream', 'mailbox_provider', 'account', 'class', 'day'] as const).map((by) => ({
      what: `all organisations, a year, by ${by}`,
      scope: null,
      by,
      fromMs,
    })),
    { what: 'one sending domain, a year, by day', scope: null, by: 'day', domain: 'club7.example', fromMs },
    ...(['mailbox_provider', 'day'] as const).map((by) => ({ what: `one organisation, a year, by ${by}`, scope: tenantId, by, fromMs })),
    { what: 'all organisations, a month, by hour', scope: null, by: 'hour', fromMs: Date.now() - 31 * DAY_MS },
    { what: 'all organisations, a day', scope: null, fromMs: Date.now() - DAY_MS },
  ];
  const found: Question[] = [];
  for (const { what, scope, ...input } of questions) {
    const times: number[] = [];
    for (let run = 0; run <= runs; run += 1) {
      const startMs = performance.now();
      await statistics(scope, input);
      // The first one warms the caches.
      if (run > 0) times.push(performance.now() - startMs);
    }
    found.push({ what, medianMs: median(times), p95Ms: quantile(times, 0.95) });
  }
  return found;
}

/** Hand-overs and what became of them, as the desk writes them, counted page by page. */
async function consume(
  pool: pg.Pool,
  serverPid: number,
  sizes: Sizes,
  tenantIds: readonly string[],
): Promise<{ events: number; perSecond: number; cpuPerThousandS: number }> {
  const messages = Math.ceil(sizes.counted / RECIPIENTS_PER_MESSAGE);
  const base = idFloor(Date.now() - 600_000);
  const id = (n: string) => `(overlay('${base}' placing lpad(to_hex(${n}), 12, '0') from 25))::uuid`;
  const message = id(`m * ${RECIPIENTS_PER_MESSAGE + 1}`);
  const recipient = id(`m * ${RECIPIENTS_PER_MESSAGE + 1} + r`);
  const tenant = `(array['${tenantIds.join("','")}']::uuid[])[1 + m % ${tenantIds.length}]`;
  const each = `generate_series(1, ${messages}) m, generate_series(1, ${RECIPIENTS_PER_MESSAGE}) r`;
  await pool.query(
    `insert into messages (tenant_id, id, body_id, stream, mail_from, from_address, subject, header_message_id, size, recipient_count, last_recipient_id)
     select ${tenant}, ${message}, ${message}, 'bulk', 'a@club.example', 'a@club.example', 'x', '<x>', 1, ${RECIPIENTS_PER_MESSAGE}, ${message}
     from generate_series(1, ${messages}) m`,
  );
  await pool.query(
    `insert into recipients (tenant_id, id, message_id, address, stream, state, lane_id, attempts, route_id, state_at)
     select l.tenant_id, ${recipient}, ${message}, 'a@dest.example', 'bulk', 'delivered', l.id, 1, l.route_id, now() from ${each}
     join lateral (select * from lanes where tenant_id = ${tenant} order by id offset (m + r) % 10 limit 1) l on true`,
  );
  const write = (type: string, data: string, from: number) =>
    pool.query(
      `insert into events (tenant_id, id, recipient_id, message_id, type, data, at)
       select ${tenant}, ${id(`${from} + m * ${RECIPIENTS_PER_MESSAGE + 1} + r`)}, ${recipient}, ${message}, '${type}', '${data}', now() from ${each}`,
    );
  await write('handed_over', '{"account": "sparkpost", "provider": "sparkpost", "reply": "250 2.0.0 Ok: queued as 4711"}', 100_000_000);
  await write('delivered', '{"source": "sparkpost", "was": "handed_over"}', 200_000_000);
  await pool.query('vacuum (analyze)');
  const run = makeConsumeEvents({
    pool,
    clock: systemClock,
    log: silentLog,
    consumers: [countRecipients],
    limits: { pageRows: PAGE_EVENTS },
  });
  const cpu = () => treeCpu([process.pid, serverPid]);
  const cpuBefore = cpu();
  const startMs = performance.now();
  let events = 0;
  for (let rows = await run(); rows > 0; rows = await run()) events += rows;
  return {
    events,
    perSecond: events / ((performance.now() - startMs) / 1_000),
    cpuPerThousandS: ((cpu() - cpuBefore) / events) * 1_000,
  };
}

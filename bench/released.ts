// This file is `bench released`: fifty thousand messages of one organisation are held because From may not be written anew yet; it agrees, and all of them may go
// at once. Meanwhile another organisation's single messages go out, and people look at the pages: how much later, and how long does the release take?

import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { Pool } from 'undici';
import { treeCpu } from './kit/cpu.ts';
import { type DeskProcess, startDesk } from './kit/desk.ts';
import { count, quantile, round, table } from './kit/figures.ts';
import { startNodeSink } from './kit/node-sink.ts';
import type { Bench, BenchReport } from './kit/report.ts';
import { addSmarthost, makeApiKey, makeTenant } from './kit/tenancy.ts';
import { until } from './kit/wait.ts';
import { type Workshop, withWorkshop } from './kit/workshop.ts';

interface Sizes {
  readonly messages: number;
  /** Single messages on the idle desk; beside the release they go on as long as it lasts. */
  readonly probes: number;
}

const FULL: Sizes = { messages: 50_000, probes: 100 };
const QUICK: Sizes = { messages: 5_000, probes: 20 };
/** Free mailboxes forbid others to write in their name, so their mail waits for a From written anew. */
const FROM = 'maria@gmail.com';
const MESSAGES_PER_BATCH = 500;
const PROBE_EVERY_MS = 100;
/** Ten minutes of them. */
const PROBES_MAX = 6_000;
const SAMPLE_EVERY_MS = 100;
const LIMIT_MS = 600_000;
/** Agreed for the door: p95 of the extra delay of somebody else's single message, as beside a mailing. */
const AIM_MS = 1_000;
/** No statement of the desk may hold up the others for longer. */
const STATEMENT_AIM_MS = 1_000;

interface Scene {
  readonly what: string;
  /** Milliseconds from the 202 to the arrival at the sink. */
  readonly delays: readonly number[];
  /** Milliseconds for the 202, and for the pages that a person looks at meanwhile. */
  readonly answers: readonly number[];
  readonly pages: readonly number[];
}

interface Watched {
  readonly statementMs: number;
  readonly statement: string;
  readonly residentMb: number;
  readonly cpuS: number;
}

export const benchReleased: Bench = ({ quick }) => withWorkshop('released', (shop) => measure(shop, quick ? QUICK : FULL));

async function measure(shop: Workshop, sizes: Sizes): Promise<BenchReport> {
  const arrived = new Map<string, number>();
  const held = { arrived: 0, again: 0, lastMs: 0 };
  const sink = await startNodeSink({
    onMail: ({ recipients }) => {
      for (const address of recipients) {
        const nowMs = performance.now();
        if (arrived.has(address)) held.again += 1;
        else if (address.startsWith('held')) {
          held.arrived += 1;
          held.lastMs = nowMs;
        }
        arrived.set(address, arrived.get(address) ?? nowMs);
      }
    },
  });
  shop.defer(() => sink.close());
  const desk = await startDesk(shop, { env: { PACKETBOAT_REWRITE_DOMAIN: 'club-mail.example' } });
  await addSmarthost(desk.api, { name: 'smarthost', port: sink.port });
  const club = await makeTenant(desk.api, 'bench-club', { signed: false });
  await desk.api.post(`/v1/tenants/${club.id}/senders`, { address: FROM });
  const rewriting = (change: object) => desk.api.put(`/v1/tenants/${club.id}/rewriting`, change);
  await rewriting({ allowed: true, daily_cap: sizes.messages });
  const single = await makeTenant(desk.api, 'bench-single', { signed: false });
  const pool = new Pool(desk.bootstrap.http_url, { connections: 4 });
  shop.defer(() => pool.close());
  const other = { from: single.from, key: await makeApiKey(desk.api, single.id) };
  const pages = ['/v1/overview', `/v1/tenants/${club.id}/rewriting`, `/v1/held-messages?tenant_id=${club.id}`];
  const probe = (what: string, most: number, while_: () => boolean) =>
    probing({ desk, pool, pages, tenant: other, arrived, what, most, while_ });

  await handIn(pool, await makeApiKey(desk.api, club.id), sizes.messages);
  shop.say(`${count(sizes.messages)} are held`);
  await until('all held messages to be written down', async () => (await noted(desk.db)) === sizes.messages, {
    limitMs: LIMIT_MS,
    everyMs: 500,
  });
  const idle = await probe('all of it held', sizes.probes, () => true);

  const watch = watching(desk);
  const startMs = performance.now();
  await rewriting({ consented: true });
  const released = () => held.arrived >= sizes.messages;
  const busy = await probe('while it is let go', PROBES_MAX, () => !released());
  await until('the last held message to arrive', released, { limitMs: LIMIT_MS, everyMs: 100 });
  const tookS = (held.lastMs - startMs) / 1000;
  const watched = await watch();
  const total = arrived.size;
  await until('the outcomes', async () => (await desk.api.ledger()).states.handed_over === total, { limitMs: LIMIT_MS, everyMs: 500 });
  await until('nothing to be noted', async () => (await noted(desk.db)) === 0, { limitMs: LIMIT_MS, everyMs: 500 });
  const { difference } = await desk.api.ledger();
  return report(sizes, { idle, busy, tookS, watched, difference, again: held.again });
}

async function noted(db: pg.Pool): Promise<number> {
  const { rows } = await db.query<{ n: number }>('select count(*)::int as n from held_messages');
  return rows[0]?.n ?? 0;
}

async function handIn(pool: Pool, key: string, messages: number): Promise<void> {
  const text = 'We start at nine. '.repeat(200);
  for (let at = 0; at < messages; at += MESSAGES_PER_BATCH) {
    const some = Array.from({ length: Math.min(MESSAGES_PER_BATCH, messages - at) }, (_, n) => ({
      ...{ from: FROM, to: `held${at + n}@dest.example`, subject: 'Regatta', text, stream: 'bulk' },
    }));
    const { refused } = await ask<{ refused: number }>(pool, key, { path: '/v1/messages/batch', body: { messages: some } });
    if (refused > 0) throw new Error(`${refused} messages were refused`);
  }
}

/** Hands single messages in at a fixed pace and looks at a page beside each, until enough or `while_` ends it; then waits for the last to arrive. */
async function probing(options: {
  desk: DeskProcess;
  pool: Pool;
  pages: readonly string[];
  tenant: { readonly from: string; readonly key: string };
  arrived: ReadonlyMap<string, number>;
  what: string;
  most: number;
  while_: () => boolean;
}): Promise<Scene> {
  const { desk, pool, pages, tenant, arrived, what, most } = options;
  const accepted = new Map<string, number>();
  const answers: number[] = [];
  const looked: number[] = [];
  const text = 'Your place in the boat is confirmed. '.repeat(100);
  for (let n = 0; n < most && options.while_(); n += 1) {
    const address = `probe${n}-${performance.now().toString(36).replace('.', '-')}@dest.example`;
    const askedMs = performance.now();
    await ask(pool, tenant.key, { path: '/v1/messages', body: { from: tenant.from, to: address, subject: 'Your place', text } });
    const answeredMs = performance.now();
    answers.push(answeredMs - askedMs);
    accepted.set(address, answeredMs);
    await desk.api.get(pages[n % pages.length] ?? '/health');
    looked.push(performance.now() - answeredMs);
    await delay(PROBE_EVERY_MS);
  }
  await until('the single messages to arrive', () => [...accepted.keys()].every((address) => arrived.has(address)), { limitMs: LIMIT_MS });
  // It may arrive before its 202 is read.
  const delays = [...accepted].map(([address, atMs]) => Math.max(0, (arrived.get(address) ?? Number.NaN) - atMs));
  return { what, delays, answers, pages: looked };
}

async function ask<T>(pool: Pool, key: string, { path, body }: { path: string; body: unknown }): Promise<T> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const answer = await pool.request({ method: 'POST', path, headers, body: JSON.stringify(body) });
  const text = await answer.body.text();
  if (answer.statusCode >= 300) throw new Error(`POST ${path} was answered ${answer.statusCode}: ${text.slice(0, 500)}`);
  // The caller names the form that the API documents for this path.
  return JSON.parse(text) as T;
}

/** Looks ten times a second at what PostgreSQL runs and how large the desk is; the function that comes back ends it and says the most it saw. */
function watching(desk: DeskProcess): () => Promise<Watched> {
  const cpu = () => treeCpu([desk.pid, desk.postmaster()]);
  const cpuBefore = cpu();
  let going = true;
  let most = { statementMs: 0, statement: '', residentMb: 0 };
  const looking = (async () => {
    while (going) {
      const { rows } = await desk.db.query<{ ms: number; query: string }>(
        `select extract(epoch from clock_timestamp() - query_start)::float8 * 1000 as ms, query from pg_stat_activity
         where state = 'active' and backend_type = 'client backend' and pid <> pg_backend_pid() order by 1 desc limit 1`,
      );
      const [longest] = rows;
      if (longest && longest.ms > most.statementMs) {
        most = { ...most, statementMs: longest.ms, statement: longest.query.replaceAll(/\s+/g, ' ').slice(0, 80) };
      }
      const resident = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${desk.pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
      most = { ...most, residentMb: Math.max(most.residentMb, resident) };
      await delay(SAMPLE_EVERY_MS);
    }
  })();
  return async () => {
    going = false;
    await looking;
    return { ...most, cpuS: cpu() - cpuBefore };
  };
}

function report(
  sizes: Sizes,
  found: { idle: Scene; busy: Scene; tookS: number; watched: Watched; difference: number; again: number },
): BenchReport {
  const { idle, busy, tookS, watched, difference, again } = found;
  const extra = quantile(busy.delays, 0.95) - quantile(idle.delays, 0.95);
  const row = (scene: Scene) => [
    scene.what,
    scene.delays.length,
    ...[quantile(scene.delays, 0.5), quantile(scene.delays, 0.95), Math.max(...scene.delays)].map((ms) => round(ms, 1)),
    round(quantile(scene.answers, 0.95), 1),
    round(quantile(scene.pages, 0.95), 1),
  ];
  const rate = sizes.messages / tookS;
  const json = {
    ...{
      seconds: round(tookS, 1),
      per_second: round(rate, 0),
      extra_delay_p95_ms: round(extra, 1),
      resident_mb: round(watched.residentMb, 0),
    },
    ...{
      statement_ms: round(watched.statementMs, 0),
      cpu_s_per_1000: round((watched.cpuS / sizes.messages) * 1000, 2),
      ledger_difference: difference,
    },
  };
  const body = `${count(sizes.messages)} messages of 4 KB are held for a consent; from the consent to the arrival of the last one ${round(tookS, 1)} s (${count(Math.round(rate))}/s), ${json.cpu_s_per_1000} CPU-seconds per 1,000 (node and PostgreSQL, probes included). The process grew to ${json.resident_mb} MB; the longest statement seen, ten looks a second, ran ${json.statement_ms} ms (\`${watched.statement}\`). Another organisation hands in one message every ${PROBE_EVERY_MS} ms; from its 202 to its arrival, milliseconds:

${table(['when', 'messages', 'p50', 'p95', 'longest', 'p95 of the 202', 'p95 of a page'], [idle, busy].map(row))}

Extra delay, p95: ${round(extra, 1)} ms, agreed ≤ ${count(AIM_MS)} ms. Ledger difference ${difference}; ${again} arrived twice.`;
  const faults = [
    ...(difference === 0 ? [] : [`the ledger is out of balance by ${difference}`]),
    ...(again === 0 ? [] : [`${again} messages arrived twice`]),
    ...(extra <= AIM_MS ? [] : [`single messages came ${round(extra, 0)} ms later`]),
    ...(watched.statementMs <= STATEMENT_AIM_MS ? [] : [`a statement took ${round(watched.statementMs, 0)} ms`]),
  ];
  return { json, sections: [{ part: '', title: 'Held mail let go at once', body }], faults };
}

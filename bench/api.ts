// This file is `bench api`: messages of 4 KB by POST /v1/messages, composed, committed and handed over meanwhile; how many a second, how long one
// waits at half of that, and batches of a thousand.
import { availableParallelism } from 'node:os';
import { Pool } from 'undici';
import { machineCpu, treeCpu } from './kit/cpu.ts';
import { startDesk } from './kit/desk.ts';
import { count, quantile, round, table } from './kit/figures.ts';
import { closedLoop, type HttpRequest, type Measured, openLoop } from './kit/http-load.ts';
import { startSink } from './kit/load.ts';
import { freePort } from './kit/ports.ts';
import type { Bench, BenchReport } from './kit/report.ts';
import { addSmarthost, makeApiKey, makeTenant } from './kit/tenancy.ts';
import { until } from './kit/wait.ts';
import { type Workshop, withWorkshop } from './kit/workshop.ts';

const TITLE = 'API: POST /v1/messages and batches';
/** Callers at once: enough to fill the group commits, few enough that each still feels an answer. */
const CALLERS = 64;
const BATCH_MESSAGES = 1_000;
const BATCH_CALLERS = 2;
const TEXT_BYTES = 4_096;
/** Agreed: p99 at half load. */
const P99_AIM_MS = 25;
const SETTLE_LIMIT_MS = 120_000;

interface Sizes {
  readonly warmUpMs: number;
  readonly fullMs: number;
  readonly halfMs: number;
  readonly batches: number;
}

const FULL: Sizes = { warmUpMs: 8_000, fullMs: 20_000, halfMs: 30_000, batches: 30 };
const QUICK: Sizes = { warmUpMs: 3_000, fullMs: 4_000, halfMs: 5_000, batches: 4 };

export const benchApi: Bench = ({ quick }) => withWorkshop('api', (shop) => measure(shop, quick ? QUICK : FULL));

async function measure(shop: Workshop, sizes: Sizes): Promise<BenchReport> {
  const sink = await startSink(shop, 'sink', await freePort());
  const desk = await startDesk(shop);
  const { api } = desk;
  const tenant = await makeTenant(api, 'bench-api', { signed: false });
  const key = await makeApiKey(api, tenant.id);
  await addSmarthost(api, { name: 'sink', port: sink.port });
  const pool = new Pool(desk.bootstrap.http_url, { connections: CALLERS });
  shop.defer(() => pool.close());

  const text = 'The fees of this year have been paid, says the treasurer. '.repeat(100).slice(0, TEXT_BYTES);
  const message = (n: number) => ({ from: tenant.from, to: `member${n}@dest.example`, subject: `Fees, letter ${n}`, text });
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const single = (n: number): HttpRequest => ({ path: '/v1/messages', headers, body: JSON.stringify(message(n)) });
  const batch = (n: number): HttpRequest => ({
    path: '/v1/messages/batch',
    headers,
    body: JSON.stringify({ messages: Array.from({ length: BATCH_MESSAGES }, (_, index) => message(n * BATCH_MESSAGES + index)) }),
  });
  const handedOver = () =>
    until(
      'every message to be handed over',
      async () => {
        const { states, injected } = await api.ledger();
        return states.handed_over === injected;
      },
      { limitMs: SETTLE_LIMIT_MS, everyMs: 200 },
    );
  const timed = (ms: number) => (_: number, elapsedMs: number) => elapsedMs > ms;

  await closedLoop(pool, single, { callers: CALLERS, stop: timed(sizes.warmUpMs) });
  await handedOver();
  shop.say('warm; full load');
  const cpuBefore = treeCpu([desk.pid]);
  const full = await closedLoop(pool, single, { callers: CALLERS, stop: timed(sizes.fullMs) });
  const fullEndMs = performance.now();
  await handedOver();
  const lagS = (performance.now() - fullEndMs) / 1000;
  const cpu = ((treeCpu([desk.pid]) - cpuBefore) / full.requests) * 1000;
  shop.say(`${Math.round(full.requests / full.seconds)} accepted/s; half load`);
  const { half, share } = await shared(() => openLoop(pool, single, { perSecond: full.requests / full.seconds / 2, forMs: sizes.halfMs }));
  await handedOver();
  shop.say('batches');
  const batchStartMs = performance.now();
  const batches = await closedLoop(pool, batch, { callers: BATCH_CALLERS, stop: (made) => made >= sizes.batches });
  await handedOver();
  const batchDeliveredS = (performance.now() - batchStartMs) / 1000;
  return report({ full, half, share, batches, cpu, lagS, batchDeliveredS, ledger: await api.ledger(), taken: sink.taken() });
}

/** Shares of all cores, 0..1: desk, sink and callers, which are below this process; everything else on the machine. */
interface Share {
  readonly ours: number;
  readonly others: number;
}

async function shared(work: () => Promise<Measured>): Promise<{ half: Measured; share: Share }> {
  const before = { machine: machineCpu(), ours: treeCpu([process.pid]) };
  const half = await work();
  const ours = treeCpu([process.pid]) - before.ours;
  const cores = half.seconds * availableParallelism();
  return { half, share: { ours: ours / cores, others: Math.max(0, machineCpu() - before.machine - ours) / cores } };
}

const percent = (share: number) => `${Math.round(share * 100)} %`;

function report(found: {
  full: Measured;
  half: Measured;
  /** During half load. */
  share: Share;
  batches: Measured;
  cpu: number;
  lagS: number;
  batchDeliveredS: number;
  ledger: { injected: number; difference: number };
  taken: number;
}): BenchReport {
  const { full, half, batches, cpu, ledger } = found;
  const ms = (measured: Measured, q: number) => round(quantile(measured.latencies, q), 1);
  const batchMessages = batches.requests * BATCH_MESSAGES;
  const p99Half = ms(half, 0.99);
  const rows = [
    [`full load, ${CALLERS} callers`, full, full.requests],
    ['half of that, at a fixed rate', half, half.requests],
    [`batches of ${count(BATCH_MESSAGES)}, ${BATCH_CALLERS} callers`, batches, batchMessages],
  ] as const;
  const json = {
    accepted_per_s: Math.round(full.requests / full.seconds),
    p99_ms_full: ms(full, 0.99),
    p99_ms_half: p99Half,
    others_share_half: round(found.share.others, 2),
    batch_accepted_per_s: Math.round(batchMessages / batches.seconds),
    cpu_s_per_1000: round(cpu, 3),
    ledger_difference: ledger.difference,
  };
  const body = `Messages of 4 KB text, each to an address of its own, composed into MIME, committed, and handed over to smtp-sink at the same time; callers (undici) and sink on the same cores.

${table(
  ['what', 'accepted/s', 'p50 ms', 'p95 ms', 'p99 ms', 'messages'],
  rows.map(([what, measured, messages]) => [
    what,
    count(messages / measured.seconds),
    ms(measured, 0.5),
    ms(measured, 0.95),
    ms(measured, 0.99),
    count(messages),
  ]),
)}

p99 at half load: ${p99Half} ms, agreed ≤ ${P99_AIM_MS} ms${p99Half <= P99_AIM_MS ? '' : ' (**above**)'}; meanwhile desk, sink and callers used ${percent(found.share.ours)} of all cores, and everything else on the machine ${percent(found.share.others)}. The wire was ${round(found.lagS, 1)} s behind the door at the end of the full load. Batches: ${count(batchMessages / found.batchDeliveredS)} delivered/s to the last one. CPU of node and PostgreSQL at full load, hand-over included: ${round(cpu, 3)} s per 1,000 messages. Ledger: ${count(ledger.injected)} injected, difference ${ledger.difference}; ${count(found.taken)} in the sink.`;
  const faults = [
    ...(ledger.difference === 0 ? [] : [`the ledger is out of balance by ${ledger.difference}`]),
    ...(found.taken === ledger.injected ? [] : [`${ledger.injected} were accepted and ${found.taken} reached the sink`]),
  ];
  return { json, sections: [{ part: '', title: TITLE, body }], faults };
}

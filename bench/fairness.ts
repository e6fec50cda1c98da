// This file is `bench fairness`: one tenant's bulk batch of 100,000 recipients waits for a wire that carries some hundred messages a second, and
// another tenant's single transactional messages go out meanwhile. How much later do they arrive than on an idle desk?
import { setTimeout as delay } from 'node:timers/promises';
import { Pool } from 'undici';
import { type DeskProcess, startDesk } from './kit/desk.ts';
import { count, quantile, round, table } from './kit/figures.ts';
import { startNodeSink } from './kit/node-sink.ts';
import type { Bench, BenchReport } from './kit/report.ts';
import { addSmarthost, makeApiKey, makeTenant } from './kit/tenancy.ts';
import { until } from './kit/wait.ts';
import { type Workshop, withWorkshop } from './kit/workshop.ts';

const TITLE = 'Fairness: single messages beside a bulk batch';
interface Sizes {
  readonly recipients: number;
  /** Single messages on the idle desk; beside the bulk batch they go on as long as it lasts. */
  readonly probes: number;
}

const FULL: Sizes = { recipients: 100_000, probes: 200 };
const QUICK: Sizes = { recipients: 8_000, probes: 30 };
/** The smarthost answers each message after this; with ten connections the wire carries at most 1,000 a second. */
const WIRE_MS = 10;
const WIRE_CONNECTIONS = 10;
const RECIPIENTS_PER_MESSAGE = 1_000;
const MESSAGES_PER_BATCH = 10;
const PROBE_EVERY_MS = 100;
/** Eight minutes of them. */
const PROBES_MAX = 5_000;
const ARRIVAL_LIMIT_MS = 120_000;
const DRAIN_LIMIT_MS = 900_000;
/** Agreed: p95 of the extra delay. */
const AIM_MS = 1_000;

interface Scene {
  readonly what: string;
  /** Milliseconds from the 202 to the arrival at the sink. */
  readonly delays: readonly number[];
  /** Milliseconds for the 202. */
  readonly answers: readonly number[];
}

export const benchFairness: Bench = ({ quick }) => withWorkshop('fairness', (shop) => measure(shop, quick ? QUICK : FULL));

async function measure(shop: Workshop, sizes: Sizes): Promise<BenchReport> {
  const arrived = new Map<string, number>();
  let taken = 0;
  const sink = await startNodeSink({
    onMail: ({ recipients }) => {
      taken += recipients.length;
      for (const address of recipients) if (address.startsWith('probe')) arrived.set(address, performance.now());
    },
    replyAfterMs: () => WIRE_MS,
  });
  shop.defer(() => sink.close());
  const desk = await startDesk(shop);
  await addSmarthost(desk.api, { name: 'slow wire', port: sink.port, connections: WIRE_CONNECTIONS });
  const bulk = await openTenant(desk, 'bench-bulk');
  const single = await openTenant(desk, 'bench-single');
  const pool = new Pool(desk.bootstrap.http_url, { connections: 4 });
  shop.defer(() => pool.close());
  const probe = (what: string, most: number, while_: () => boolean) => probing({ pool, tenant: single, arrived, what, most, while_ });

  const idle = await probe('idle desk', sizes.probes, () => true);
  const scenes = [idle];
  let total = arrived.size;
  const rates: number[] = [];
  for (const stream of ['bulk', 'transactional'] as const) {
    // The second one is worse than agreed: a mailing that calls itself transactional. Shorter, because it says the same sooner.
    const recipients = stream === 'bulk' ? sizes.recipients : Math.ceil(sizes.recipients / 5);
    const before = taken;
    const startMs = performance.now();
    let accepting = true;
    const handingIn = handInBulk(pool, bulk, { recipients, stream }).finally(() => {
      accepting = false;
    });
    const drained = () => !accepting && taken - before >= recipients;
    scenes.push(
      await probe(`while ${count(recipients)} recipients of another tenant wait, stream ${stream}`, PROBES_MAX, () => !drained()),
    );
    await handingIn;
    shop.say(`${stream}: ${count(recipients)} handed in; waiting for the wire`);
    total += recipients + (scenes.at(-1)?.delays.length ?? 0);
    await until('the bulk batch to be handed over', async () => (await desk.api.ledger()).states.handed_over === total, {
      limitMs: DRAIN_LIMIT_MS,
      everyMs: 500,
    });
    rates.push(recipients / ((performance.now() - startMs) / 1000));
  }
  const { difference } = await desk.api.ledger();
  return report({ scenes, rates, difference, total, taken });
}

interface OpenTenant {
  readonly from: string;
  readonly key: string;
}

async function openTenant(desk: DeskProcess, name: string): Promise<OpenTenant> {
  const { id, from } = await makeTenant(desk.api, name, { signed: false });
  return { from, key: await makeApiKey(desk.api, id) };
}

async function handInBulk(pool: Pool, tenant: OpenTenant, options: { recipients: number; stream: string }): Promise<void> {
  const { recipients, stream } = options;
  const raw = Buffer.from(
    `From: <${tenant.from}>\r\nTo: members:;\r\nSubject: Newsletter\r\nDate: Tue, 05 May 2026 08:00:00 +0000\r\n\r\n${`${'We start at nine. '.repeat(4)}\r\n`.repeat(56)}`,
  );
  const messages = Array.from({ length: Math.ceil(recipients / RECIPIENTS_PER_MESSAGE) }, (_, m) => ({
    raw: raw.toString('base64'),
    stream,
    recipients: Array.from(
      { length: Math.min(RECIPIENTS_PER_MESSAGE, recipients - m * RECIPIENTS_PER_MESSAGE) },
      (__, n) => `${stream}${m * RECIPIENTS_PER_MESSAGE + n}@dest.example`,
    ),
  }));
  for (let at = 0; at < messages.length; at += MESSAGES_PER_BATCH) {
    const answer = await post<{ accepted: number; refused: number }>(pool, '/v1/messages/batch', tenant.key, {
      messages: messages.slice(at, at + MESSAGES_PER_BATCH),
    });
    if (answer.refused > 0) throw new Error(`${answer.refused} bulk messages were refused`);
  }
}

/** Hands single messages in, one after the other at a fixed pace, until enough or `while_` ends it; then waits for the last to arrive. */
async function probing(options: {
  pool: Pool;
  tenant: OpenTenant;
  arrived: ReadonlyMap<string, number>;
  what: string;
  most: number;
  while_: () => boolean;
}): Promise<Scene> {
  const { pool, tenant, arrived, what, most } = options;
  const accepted = new Map<string, number>();
  const answers: number[] = [];
  const text = 'Your place in the boat is confirmed. '.repeat(100);
  for (let n = 0; n < most && options.while_(); n += 1) {
    const address = `probe${performance.now().toString(36).replace('.', '-')}@dest.example`;
    const askedMs = performance.now();
    await post(pool, '/v1/messages', tenant.key, { from: tenant.from, to: address, subject: 'Your place', text });
    const answeredMs = performance.now();
    answers.push(answeredMs - askedMs);
    accepted.set(address, answeredMs);
    await delay(PROBE_EVERY_MS);
  }
  await until('the single messages to arrive', () => [...accepted.keys()].every((address) => arrived.has(address)), {
    limitMs: ARRIVAL_LIMIT_MS,
  });
  // It may arrive before its 202 is read.
  const delays = [...accepted].map(([address, atMs]) => Math.max(0, (arrived.get(address) ?? Number.NaN) - atMs));
  return { what, delays, answers };
}

async function post<T>(pool: Pool, path: string, key: string, body: unknown): Promise<T> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const answer = await pool.request({ method: 'POST', path, headers, body: JSON.stringify(body) });
  const text = await answer.body.text();
  if (answer.statusCode >= 300) throw new Error(`POST ${path} was answered ${answer.statusCode}: ${text.slice(0, 500)}`);
  // The caller names the form that the API documents for this path.
  return JSON.parse(text) as T;
}

function report(found: {
  scenes: readonly Scene[];
  rates: readonly number[];
  difference: number;
  total: number;
  taken: number;
}): BenchReport {
  const { scenes, rates, difference, total, taken } = found;
  const [idle, ...busy] = scenes;
  const idleP95 = quantile(idle?.delays ?? [], 0.95);
  const extra = busy.map((scene) => quantile(scene.delays, 0.95) - idleP95);
  const agreed = extra[0] ?? Number.NaN;
  const row = (scene: Scene) => [
    scene.what,
    scene.delays.length,
    round(quantile(scene.delays, 0.5), 1),
    round(quantile(scene.delays, 0.95), 1),
    round(Math.max(...scene.delays), 1),
    round(quantile(scene.answers, 0.95), 1),
  ];
  const json = {
    extra_delay_p95_ms: round(agreed, 1),
    extra_delay_p95_ms_same_stream: round(extra[1] ?? Number.NaN, 1),
    ledger_difference: difference,
  };
  const body = `The smarthost takes ${WIRE_MS} ms a message on ${WIRE_CONNECTIONS} connections, so the wire is the narrow place (${rates.map((rate) => `${count(rate)}/s`).join(' and ')} measured, door included). A second tenant hands in one transactional message every ${PROBE_EVERY_MS} ms; from its 202 to its arrival, milliseconds:

${table(['when', 'messages', 'p50', 'p95', 'longest', 'p95 of the 202'], scenes.map(row))}

Extra delay, p95: ${round(agreed, 1)} ms, agreed ≤ ${count(AIM_MS)} ms${agreed <= AIM_MS ? '' : ' (**above**)'}; with the mailing in the same stream ${round(extra[1] ?? Number.NaN, 1)} ms. Ledger difference ${difference}; ${count(taken)} of ${count(total)} in the sink.`;
  const faults = [
    ...(difference === 0 ? [] : [`the ledger is out of balance by ${difference}`]),
    ...(taken === total ? [] : [`${total} were accepted and ${taken} reached the sink`]),
  ];
  return { json, sections: [{ part: '', title: TITLE, body }], faults };
}

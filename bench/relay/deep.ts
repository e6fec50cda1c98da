// This file fills a desk's database as years of use would: recipients stored by the million that share bodies, with their attempts and events,
// and a queue for a destination that is blocked. Then it measures the desk beside an empty one, turn by turn.
import { statfsSync } from 'node:fs';
import type pg from 'pg';
import { startSink } from '../kit/load.ts';
import { freePort } from '../kit/ports.ts';
import type { Workshop } from '../kit/workshop.ts';
import { type DeskSystem, startDeskSystem } from './desk-system.ts';
import { type Comparison, compare, type LoadShape } from './rounds.ts';

export interface DeepResult {
  readonly stored: number;
  readonly queued: number;
  readonly fillSeconds: number;
  readonly databaseBytes: number;
  /** base: the empty desk; ours: the full one. */
  readonly comparison: Comparison;
}

export interface DeepOptions {
  readonly empty: DeskSystem;
  readonly load: LoadShape;
  readonly messages: number;
  readonly pairs: number;
  readonly warmUp: number;
  readonly stored: number;
  readonly queued: number;
}

const RECIPIENTS_PER_MESSAGE = 1_000;
/** Rows of one insert: its progress can be told, and a Ctrl-C is felt. */
const MESSAGES_PER_STEP = 500;
/** Measured: 1.1 KB a stored recipient with attempt, event and all indexes; as much again for the log while it is written. */
const BYTES_PER_RECIPIENT = 2_500;
const BYTES_BESIDE = 4e9;
const BODY_BYTES = 4_096;
const HOUR_MS = 3_600_000;
const STORED_ROUTE_LANE = 'other';
const BLOCKED_LANE = 'blocked-destination';

export async function compareDeep(shop: Workshop, options: DeepOptions): Promise<DeepResult> {
  const { stored, queued, load, messages, pairs, warmUp, empty } = options;
  refuseSmallDisk(shop, stored + queued);
  const port = await freePort();
  const sink = await startSink(shop, 'sink-deep', port);
  const full = await startDeskSystem(shop, { name: 'Packetboat, full', domain: 'full-bench.example', sink: () => sink });
  const startMs = performance.now();
  await fill(shop, full, { stored, queued });
  // A stop writes everything down; the start after it finds the tables as an operator's restart would.
  await full.restart();
  // Both begin with the same warmth.
  await empty.restart();
  const fillSeconds = (performance.now() - startMs) / 1000;
  const comparison = await compare(shop, {
    what: `with ${queued / 1e6} M queued`,
    base: { system: empty.plain, warmUp },
    ours: { system: full.plain, warmUp },
    load,
    messages,
    pairs,
  });
  const { rows } = await full.desk().db.query<{ bytes: string }>('select pg_database_size(current_database()) as bytes');
  const ledger = await full.desk().api.ledger();
  if (ledger.difference !== 0) throw new Error(`the ledger of the full desk is out of balance by ${ledger.difference}`);
  if (ledger.states.queued !== queued)
    throw new Error(`${queued} recipients should wait for the blocked destination, ${ledger.states.queued} do`);
  return { stored, queued, fillSeconds, databaseBytes: Number(rows[0]?.bytes ?? 0), comparison };
}

function refuseSmallDisk(shop: Workshop, recipients: number): void {
  const { bavail, bsize } = statfsSync(shop.folder);
  const needed = recipients * BYTES_PER_RECIPIENT + BYTES_BESIDE;
  if (bavail * bsize < needed) {
    throw new Error(
      `${shop.folder} has ${Math.round((bavail * bsize) / 1e9)} GB free; --deep needs ${Math.round(needed / 1e9)} GB. Set TMPDIR to a larger disk.`,
    );
  }
}

/**
 * Writes the rows in the order of their ids, as the desk would have: UUIDv7 of the last hour, each message's id right before those of its
 * recipients, a thousand recipients to a body.
 */
async function fill(shop: Workshop, system: DeskSystem, amount: { stored: number; queued: number }): Promise<void> {
  const client = await system.desk().db.connect();
  try {
    // Durability is for mail; these rows are scenery, and the restart after them writes all of it.
    await client.query('set synchronous_commit = off');
    await client.query(ID_FUNCTION);
    const lanes = await makeLanes(client, system);
    const perMessage = RECIPIENTS_PER_MESSAGE;
    const total = Math.ceil((amount.stored + amount.queued) / perMessage);
    const storedMessages = Math.ceil(amount.stored / perMessage);
    const endMs = Date.now() - 60_000;
    const scale = { startMs: endMs - HOUR_MS, perMs: Math.ceil((total * (perMessage + 1)) / HOUR_MS) };
    for (let from = 0; from < total; from += MESSAGES_PER_STEP) {
      const isQueued = from >= storedMessages;
      const end = isQueued ? total : storedMessages;
      const to = Math.min(from + MESSAGES_PER_STEP, end);
      await insertStep(client, system, { ...scale, ...lanes, from, to, isQueued });
      shop.say(`filling: ${Math.round((to / total) * 100)} %`);
      // The last step of the stored part may be short; the next one begins where it ended.
      if (to === storedMessages) from = to - MESSAGES_PER_STEP;
    }
    // Years of use were counted as they happened; the run measures what happens now.
    await client.query('update event_consumers set txid = pg_snapshot_xmin(pg_current_snapshot())');
    await client.query('drop function bench_id(bigint, float8, bigint, text)');
    for (const name of ['messages', 'recipients', 'attempts', 'events', 'bodies']) await client.query(`vacuum (analyze) ${name}`);
  } finally {
    client.release(true);
  }
}

/** UUIDv7 of row n: `per_ms` rows to a millisecond, the row's number in the random bits, so that order and uniqueness are certain. */
const ID_FUNCTION = `create function bench_id(n bigint, start_ms float8, per_ms bigint, variant text) returns uuid language sql immutable as $$
  select (lpad(to_hex(start_ms::bigint + n / per_ms), 12, '0') || '7' || lpad(to_hex(n % per_ms % 4096), 3, '0') || variant || lpad(to_hex(n), 15, '0'))::uuid
$$`;

async function makeLanes(client: pg.PoolClient, system: DeskSystem): Promise<{ laneId: number; blockedLaneId: number; routeId: number }> {
  const { rows: routes } = await client.query<{ id: number }>('select id from routes order by id limit 1');
  const routeId = routes[0]?.id;
  const make = async (provider: string, blocked: boolean) => {
    const { rows } = await client.query<{ id: number }>(
      `insert into lanes (tenant_id, stream, mailbox_provider, route_id, blocked_until, blocked_reason)
       values ($1, 'transactional', $2, $3, case when $4 then now() + interval '20 hours' end, case when $4 then 'bench' end)
       on conflict (tenant_id, stream, mailbox_provider, route_id) do update set mailbox_provider = excluded.mailbox_provider returning id`,
      [system.tenant.id, provider, routeId, blocked],
    );
    return rows[0]?.id;
  };
  const laneId = await make(STORED_ROUTE_LANE, false);
  const blockedLaneId = await make(BLOCKED_LANE, true);
  if (routeId === undefined || laneId === undefined || blockedLaneId === undefined) throw new Error('the desk has no route');
  return { laneId, blockedLaneId, routeId };
}

interface Step {
  readonly startMs: number;
  readonly perMs: number;
  readonly laneId: number;
  readonly blockedLaneId: number;
  readonly routeId: number;
  readonly from: number;
  readonly to: number;
  readonly isQueued: boolean;
}

async function insertStep(client: pg.PoolClient, system: DeskSystem, step: Step): Promise<void> {
  const { startMs, perMs, from, to, isQueued, routeId } = step;
  const each = RECIPIENTS_PER_MESSAGE;
  const message = `bench_id(m * ${each + 1}, ${startMs}, ${perMs}, '8')`;
  const recipient = `bench_id(m * ${each + 1} + r, ${startMs}, ${perMs}, '8')`;
  const rows = `generate_series(${from}::bigint, ${to - 1}::bigint) m, generate_series(1, ${each}) r`;
  const { id: tenantId, from: address } = system.tenant;
  const time = `to_timestamp((${startMs} + m * ${each + 1} / ${perMs}) / 1000)`;
  await client.query('begin');
  await client.query(
    `with body as (
       insert into bodies (tenant_id, id, encoding, size, data)
       select $1, ${message}, 0, ${BODY_BYTES}, decode(repeat('58', ${BODY_BYTES}), 'hex') from generate_series(${from}::bigint, ${to - 1}::bigint) m
     ), counter as (
       insert into intake_counters (tenant_id, stream, hour, injected)
       select $1, 'transactional', date_trunc('hour', ${time}), sum(${each}) from generate_series(${from}::bigint, ${to - 1}::bigint) m group by 3
     )
     insert into messages (tenant_id, id, body_id, stream, mail_from, from_address, subject, header_message_id, size, recipient_count, last_recipient_id)
     select $1, ${message}, ${message}, 'transactional', $2, $2, 'Newsletter ' || m, '<' || m || '@bench.example>', ${BODY_BYTES}, ${each},
       bench_id(m * ${each + 1} + ${each}, ${startMs}, ${perMs}, '8') from generate_series(${from}::bigint, ${to - 1}::bigint) m`,
    [tenantId, address],
  );
  await client.query(
    `insert into recipients (tenant_id, id, message_id, address, stream, state, lane_id, due_at, attempts, route_id, marks, state_at)
     select $1, ${recipient}, ${message}, 'member' || (m * ${each} + r) || '@dest.example', 'transactional', $2, $3, $4, $5, $6, $7, ${time} from ${rows}`,
    isQueued
      ? [tenantId, 'queued', step.blockedLaneId, new Date(startMs), 0, null, 0]
      : [tenantId, 'handed_over', step.laneId, null, 1, routeId, 32],
  );
  if (!isQueued) {
    await client.query(
      `insert into attempts (tenant_id, id, recipient_id, message_id, number, route_id, outcome, reply, started_at, ended_at)
       select $1, bench_id(m * ${each + 1} + r, ${startMs}, ${perMs}, '9'), ${recipient}, ${message}, 1, $2, 'handed_over', '250 2.0.0 Ok', ${time}, ${time} from ${rows}`,
      [tenantId, routeId],
    );
    await client.query(
      `insert into events (tenant_id, id, recipient_id, message_id, type, data, at)
       select $1, bench_id(m * ${each + 1} + r, ${startMs}, ${perMs}, 'a'), ${recipient}, ${message}, 'handed_over',
         '{"account": "sink", "provider": "smtp", "reply": "250 2.0.0 Ok"}', ${time} from ${rows}`,
      [tenantId],
    );
  }
  await client.query('commit');
}

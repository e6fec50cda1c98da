// This file makes a small world for tests of tenants' webhooks: a database with a tenant, endpoints that lead to scripted servers on loopback,
// events that happened, and nodes that deliver them. Time passes when a test says so.
import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { type Clock, systemClock } from '../../src/clock.ts';
import { makeNotifyTenants, type NotifyTenants, type NotifyTenantsDeps } from '../../src/flows/notify-tenants.ts';
import { type IdMint, idMint } from '../../src/ids.ts';
import { silentLog } from '../../src/log.ts';
import { type Keys, makeKeys } from '../../src/store/keys.ts';
import { createTenant } from '../../src/store/tenants.ts';
import { createWebhookEndpoint } from '../../src/store/webhook-endpoints.ts';
import { type HttpProvider, httpProvider, type Reply, type SeenRequest } from '../fakes/http-provider.ts';
import { type Teardown, testDatabase } from './database.ts';

export interface WebhookWorld {
  readonly pool: pg.Pool;
  readonly url: string;
  readonly keys: Keys;
  readonly ids: IdMint;
  tenant(name?: string): Promise<string>;
  endpoint(tenantId: string, url: string, types?: readonly string[]): Promise<{ id: string; secret: string }>;
  /** Writes events, one transaction for all of them, and answers their ids. `db` is a connection with a transaction of its own. */
  happen(tenantId: string, count: number, event?: { type?: string; db?: pg.PoolClient }): Promise<string[]>;
  /** A node of its own; ends with the test. */
  node(overrides?: Partial<NotifyTenantsDeps>): NotifyTenants;
  /** A server on loopback that answers as told; closed with the test. */
  receiver(answer?: (request: SeenRequest) => Reply): Promise<HttpProvider>;
  /** Everything that waits becomes due, and every endpoint has rested. */
  timePasses(): Promise<void>;
  /** Does it, and answers how long what is due at `dueAt` afterwards was put off by it at least and at most, milliseconds. */
  putOff(work: () => Promise<unknown>, dueAt: () => Promise<Date | undefined>): Promise<{ leastMs: number; mostMs: number }>;
  /** Deliveries of an endpoint that are still there. */
  deliveries(
    endpointId: string,
  ): Promise<{ state: string; tries: number; last_status: number | null; last_error: string | null; due_at: Date }[]>;
}

/** An hour: longer than any rest of an endpoint. */
const LONG_MS = 3_600_000;

export async function webhookWorld(t: Teardown): Promise<WebhookWorld> {
  const { pool, url } = await testDatabase(t, { alone: true });
  const ids = idMint(systemClock);
  const keys = makeKeys(randomBytes(32));
  let passedMs = 0;
  const clock: Clock = { nowMs: () => systemClock.nowMs(), monotonicMs: () => systemClock.monotonicMs() + passedMs };
  return {
    pool,
    url,
    keys,
    ids,
    async tenant(name = 'Rowing Club') {
      return (await createTenant(pool, { id: ids.next(), name })).id;
    },
    async endpoint(tenantId, target, types = []) {
      const { endpoint, secret } = await createWebhookEndpoint(pool, tenantId, keys, { id: ids.next(), url: target, types });
      return { id: endpoint.id, secret };
    },
    async happen(tenantId, count, { type = 'delivered', db } = {}) {
      const eventIds = Array.from({ length: count }, () => ids.next());
      await (db ?? pool).query(
        `insert into events (tenant_id, id, recipient_id, message_id, type, data, at)
         select $1, id, gen_random_uuid(), gen_random_uuid(), $3, '{"class": "delivered"}', now() from unnest($2::uuid[]) as t(id)`,
        [tenantId, eventIds, type],
      );
      return eventIds;
    },
    node(overrides = {}) {
      const end = new AbortController();
      t.after(async () => end.abort());
      const deps = { pool, keys, clock, ids, log: silentLog, random: () => 0.5, allowPrivate: true, signal: end.signal };
      return makeNotifyTenants({ ...deps, ...overrides });
    },
    async receiver(answer = () => ({ status: 204 })) {
      const server = await httpProvider(answer);
      t.after(() => server.close());
      return server;
    },
    async timePasses() {
      passedMs += LONG_MS;
      await pool.query('update webhook_deliveries set due_at = now()');
    },
    async putOff(work, dueAt) {
      const nowMs = async () => (await pool.query<{ now: Date }>('select now()')).rows[0]?.now.getTime() ?? 0;
      const beforeMs = await nowMs();
      await work();
      const afterMs = await nowMs();
      const dueMs = (await dueAt())?.getTime() ?? 0;
      // Both are rounded down to the millisecond.
      return { leastMs: dueMs - afterMs - 1, mostMs: dueMs - beforeMs + 1 };
    },
    async deliveries(endpointId) {
      const { rows } = await pool.query(
        'select state, tries, last_status, last_error, due_at from webhook_deliveries where endpoint_id = $1 order by id',
        [endpointId],
      );
      return rows;
    },
  };
}

/** The event ids that a server was told, in the order in which they came. */
export function toldTo(server: HttpProvider): string[] {
  return server.seen.map((request) => request.headers['webhook-id'] ?? '');
}

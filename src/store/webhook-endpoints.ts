// This file manages where tenants want their events sent, and the deliveries that gave up. Sending itself is a journey of its own.
import { randomBytes } from 'node:crypto';
import { idFloor } from '../ids.ts';
import { makeFilters } from './filters.ts';
import type { Keys } from './keys.ts';
import { firstRow, type Plain, plainRow } from './rows.ts';
import type { Queryable, Scope } from './scope.ts';

export interface EndpointRow {
  readonly id: string;
  readonly tenant_id: string;
  readonly url: string;
  /** Empty: every type. */
  readonly types: string[];
  readonly state: 'active' | 'paused' | 'removed';
  readonly created_at: Date;
  readonly dead_deliveries: number;
  readonly failing_deliveries: number;
}

export type WebhookEndpoint = Plain<EndpointRow>;

export interface DeliveryRow {
  readonly id: string;
  readonly endpoint_id: string;
  readonly event_id: string;
  readonly state: 'due' | 'dead';
  readonly tries: number;
  readonly due_at: Date;
  readonly last_status: number | null;
  readonly last_error: string | null;
  readonly payload: unknown;
}

export type WebhookDelivery = Plain<DeliveryRow>;

/** Standard Webhooks asks for 24 to 64 bytes. */
const SECRET_BYTES = 32;
/** Deliveries counted per endpoint; beyond it the page says "1,000 or more". */
const COUNT_MAX = 1_000;
const OF_ENDPOINT = 'from webhook_deliveries d where d.tenant_id = e.tenant_id and d.endpoint_id = e.id';
/** What failed so far waits longest, so it is found among those due last. */
const COLUMNS = `e.id, e.tenant_id, e.url, e.types, e.state, e.created_at, (
    select count(*)::integer from (select ${OF_ENDPOINT} and d.state = 'dead' limit ${COUNT_MAX}) dead
  ) as dead_deliveries, (
    select (count(*) filter (where due.last_error is not null))::integer
    from (select d.last_error ${OF_ENDPOINT} and d.state = 'due' order by d.due_at desc limit ${COUNT_MAX}) due
  ) as failing_deliveries`;
const DELIVERY_COLUMNS = 'id, endpoint_id, event_id, state, tries, due_at, last_status, last_error, payload';

/** Registers an endpoint; it gets what happens from now on. The secret is shown once. */
export async function createWebhookEndpoint(
  db: Queryable,
  tenantId: string,
  keys: Keys,
  endpoint: { id: string; url: string; types: readonly string[] },
): Promise<{ endpoint: WebhookEndpoint; secret: string }> {
  const secret = newSecret();
  await db.query(
    `insert into webhook_endpoints (tenant_id, id, url, secret, types, cursor_txid) values ($1, $2, $3, $4, $5, pg_snapshot_xmin(pg_current_snapshot()))`,
    [tenantId, endpoint.id, endpoint.url, keys.seal('webhook-secret', endpoint.id, secret), endpoint.types],
  );
  const made = await findWebhookEndpoint(db, tenantId, endpoint.id);
  if (!made) throw new Error('an endpoint was not stored');
  return { endpoint: made, secret };
}

export async function findWebhookEndpoint(db: Queryable, tenantId: Scope, id: string): Promise<WebhookEndpoint | null> {
  const filters = makeFilters().add('e.tenant_id = ?', tenantId).add('e.id = ?', id).add('e.state <> ?', 'removed');
  const { rows } = await db.query<EndpointRow>(`select ${COLUMNS} from webhook_endpoints e ${filters.where}`, filters.values);
  return firstRow(rows);
}

export async function listWebhookEndpoints(
  db: Queryable,
  tenantId: Scope,
  page: { after: string | null; limit: number },
): Promise<WebhookEndpoint[]> {
  const filters = makeFilters().add('e.tenant_id = ?', tenantId).add('e.state <> ?', 'removed').add('e.id > ?', page.after);
  const { rows } = await db.query<EndpointRow>(
    `select ${COLUMNS} from webhook_endpoints e ${filters.where} order by e.id limit ${filters.param(page.limit)}`,
    filters.values,
  );
  return rows.map(plainRow);
}

/** Changes what is given. */
export async function updateWebhookEndpoint(
  db: Queryable,
  tenantId: Scope,
  change: { id: string; url?: string | undefined; types?: readonly string[] | undefined; state?: 'active' | 'paused' | undefined },
): Promise<WebhookEndpoint | null> {
  const filters = makeFilters();
  const [url, types, state] = [filters.param(change.url ?? null), filters.param(change.types ?? null), filters.param(change.state ?? null)];
  filters.add('tenant_id = ?', tenantId).add('id = ?', change.id).add('state <> ?', 'removed');
  const { rowCount } = await db.query(
    `update webhook_endpoints set url = coalesce(${url}, url), types = coalesce(${types}::text[], types), state = coalesce(${state}, state) ${filters.where}`,
    filters.values,
  );
  return rowCount === 1 ? findWebhookEndpoint(db, tenantId, change.id) : null;
}

/** Gives a new signing secret, shown once; the old one ends at once. */
export async function rotateWebhookSecret(db: Queryable, tenantId: Scope, keys: Keys, id: string): Promise<string | null> {
  const secret = newSecret();
  const filters = makeFilters();
  const sealed = filters.param(keys.seal('webhook-secret', id, secret));
  filters.add('tenant_id = ?', tenantId).add('id = ?', id).add('state <> ?', 'removed');
  const { rowCount } = await db.query(`update webhook_endpoints set secret = ${sealed} ${filters.where}`, filters.values);
  return rowCount === 1 ? secret : null;
}

/** Removes an endpoint with what still waits for it. Answers whose it was. */
export async function deleteWebhookEndpoint(
  db: Queryable,
  tenantId: Scope,
  id: string,
): Promise<{ tenant_id: string; url: string } | null> {
  const filters = makeFilters().add('tenant_id = ?', tenantId).add('id = ?', id);
  const { rows } = await db.query<{ tenant_id: string; url: string }>(
    `delete from webhook_endpoints ${filters.where} returning tenant_id, url`,
    filters.values,
  );
  return rows[0] ?? null;
}

/** The signing secret of a row, for the journey that delivers. */
export function openWebhookSecret(keys: Keys, endpoint: { readonly id: string; readonly secret: Buffer }): string {
  return keys.open('webhook-secret', endpoint.id, endpoint.secret);
}

/** Puts one delivery of a payload of our own on its way, outside the stream of events: the test of an endpoint. */
export async function createTestDelivery(
  db: Queryable,
  tenantId: string,
  delivery: { id: string; endpointId: string; payload: unknown },
): Promise<void> {
  await db.query(
    `insert into webhook_deliveries (tenant_id, id, endpoint_id, event_txid, event_id, payload) values ($1, $2, $3, pg_current_xact_id(), $2, $4)`,
    [tenantId, delivery.id, delivery.endpointId, JSON.stringify(delivery.payload)],
  );
}

/** Newest first. */
export async function listWebhookDeliveries(
  db: Queryable,
  tenantId: string,
  page: { endpointId: string; state: 'due' | 'dead'; before: string | null; limit: number },
): Promise<WebhookDelivery[]> {
  const filters = makeFilters().add('tenant_id = ?', tenantId).add('endpoint_id = ?', page.endpointId).add('id < ?', page.before);
  // Written into the text, so that the planner sees the partial index on dead letters.
  const { rows } = await db.query<DeliveryRow>(
    `select ${DELIVERY_COLUMNS} from webhook_deliveries ${filters.where} and state = '${page.state}' order by id desc limit ${filters.param(page.limit)}`,
    filters.values,
  );
  return rows.map(plainRow);
}

/** Dead letters try again, from the start of their schedule: all of the endpoint, or the ones named. Returns how many. */
export async function reviveDeliveries(
  db: Queryable,
  tenantId: string,
  revival: { endpointId: string; deliveries: readonly string[] | null },
): Promise<number> {
  const filters = makeFilters()
    .add('tenant_id = ?', tenantId)
    .add('endpoint_id = ?', revival.endpointId)
    .add('id = any(?::uuid[])', revival.deliveries);
  const { rowCount } = await db.query(
    `update webhook_deliveries set state = 'due', tries = 0, due_at = now(), last_status = null, last_error = null ${filters.where} and state = 'dead'`,
    filters.values,
  );
  return rowCount ?? 0;
}

/**
 * Moves an endpoint back in time: every event since `fromMs` is delivered again. The partitions before that time are not read, and within
 * the week of that time the index is followed from its start to the first event that is young enough.
 */
export async function rewindEndpoint(db: Queryable, tenantId: string, rewind: { endpointId: string; fromMs: number }): Promise<boolean> {
  const { rowCount } = await db.query(
    `update webhook_endpoints e set cursor_id = '00000000-0000-0000-0000-000000000000', cursor_txid = first.txid
     from (select txid from events where tenant_id = $1 and id >= $3 order by txid, id limit 1) first
     where e.tenant_id = $1 and e.id = $2 and (first.txid, '00000000-0000-0000-0000-000000000000'::uuid) < (e.cursor_txid, e.cursor_id)`,
    [tenantId, rewind.endpointId, idFloor(rewind.fromMs)],
  );
  return rowCount === 1;
}

function newSecret(): string {
  return `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;
}

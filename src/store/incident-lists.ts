// This file reads incidents for people, and keeps what people did with them.
import type { Evidence } from '../reputation/evidence.ts';
import type { IncidentKind } from '../reputation/incidents.ts';
import { makeFilters } from './filters.ts';
import { firstRow, type Plain, plainRow } from './rows.ts';
import type { Queryable, Scope } from './scope.ts';

interface IncidentRow {
  readonly id: string;
  readonly tenant_id: string | null;
  readonly kind: IncidentKind;
  readonly state: 'open' | 'closed';
  readonly fault: string;
  readonly account_id: string | null;
  readonly pool_id: string | null;
  readonly mailbox_provider: string | null;
  readonly domain: string | null;
  readonly message_id: string | null;
  readonly message_subject: string | null;
  readonly opened_at: Date;
  readonly last_seen_at: Date;
  readonly closed_at: Date | null;
  readonly closed_by: string | null;
  readonly closed_why: string | null;
  readonly acknowledged_at: Date | null;
  readonly acknowledged_by: string | null;
  readonly reopened: number;
  readonly messages: number;
  readonly rerouted: number;
  readonly evidence: Evidence[];
  readonly seen_recipient_id: string;
  readonly seen_message_id: string;
}

export type Incident = Plain<IncidentRow>;

const COLUMNS = `i.id, i.tenant_id, i.kind, i.state, i.fault, i.account_id, i.pool_id, i.mailbox_provider, i.domain, i.message_id,
  (select m.subject from messages m where m.id = i.message_id and m.tenant_id = i.tenant_id) as message_subject, i.opened_at, i.last_seen_at, i.closed_at,
  i.closed_by, i.closed_why, i.acknowledged_at, i.acknowledged_by, i.reopened, i.messages, i.rerouted, i.evidence, i.seen_recipient_id, i.seen_message_id`;

/** Newest first; what is only watched is left out. */
export async function listIncidents(
  db: Queryable,
  tenantId: Scope,
  page: { before: string | null; limit: number; state?: string | undefined; kind?: string | undefined },
): Promise<Incident[]> {
  const filters = makeFilters()
    .add('i.tenant_id = ?', tenantId)
    .add('i.id < ?', page.before)
    .add('i.state = ?', page.state)
    .add('i.kind = ?', page.kind);
  filters.add('i.state <> ?', 'watching');
  const { rows } = await db.query<IncidentRow>(
    `select ${COLUMNS} from incidents i ${filters.where} order by i.id desc limit ${filters.param(page.limit)}`,
    filters.values,
  );
  return rows.map(plainRow);
}

export async function findIncident(db: Queryable, tenantId: Scope, id: string): Promise<Incident | null> {
  const filters = makeFilters().add('i.tenant_id = ?', tenantId).add('i.id = ?', id).add('i.state <> ?', 'watching');
  const { rows } = await db.query<IncidentRow>(`select ${COLUMNS} from incidents i ${filters.where}`, filters.values);
  return firstRow(rows);
}

/** Notes that somebody looks after it. The first one stays; null: there is no such incident. */
export async function acknowledgeIncident(db: Queryable, tenantId: Scope, id: string, who: string): Promise<boolean> {
  const filters = makeFilters().add('tenant_id = ?', tenantId).add('id = ?', id).add('state <> ?', 'watching');
  const by = filters.param(who);
  const { rowCount } = await db.query(
    `update incidents set acknowledged_at = coalesce(acknowledged_at, now()), acknowledged_by = coalesce(acknowledged_by, ${by}) ${filters.where}`,
    filters.values,
  );
  return (rowCount ?? 0) > 0;
}

/** Ends it before it is quiet; its window begins anew. False: there is none, or it is closed already. */
export async function closeIncident(
  db: Queryable,
  tenantId: Scope,
  id: string,
  close: { who: string; why: string | null },
): Promise<boolean> {
  const filters = makeFilters().add('tenant_id = ?', tenantId).add('id = ?', id).add('state = ?', 'open');
  const who = filters.param(close.who);
  const why = filters.param(close.why);
  const { rowCount } = await db.query(
    `update incidents set state = 'closed', closed_at = now(), closed_by = ${who}, closed_why = ${why}, watch_since = now(), watch_bad = 0, watch_good = 0,
       watch_recipients = '{}' ${filters.where}`,
    filters.values,
  );
  return (rowCount ?? 0) > 0;
}

/** Names of accounts and pools, for operators; removed accounts keep theirs. */
export async function namesOf(
  db: Queryable,
  of: { accounts: readonly string[]; pools: readonly string[] },
): Promise<{ accounts: Map<string, string>; pools: Map<string, string> }> {
  const accounts = await db.query<{ id: string; name: string }>('select id, name from provider_accounts where id = any ($1::uuid[])', [
    of.accounts,
  ]);
  const pools = await db.query<{ id: string; name: string }>('select id, name from pools where id = any ($1::uuid[])', [of.pools]);
  const byId = (rows: readonly { id: string; name: string }[]) => new Map(rows.map(({ id, name }) => [id, name]));
  return { accounts: byId(accounts.rows), pools: byId(pools.rows) };
}

/** Open incidents, for the first page and for metrics: how many of each kind, and since when nobody looked at the oldest. */
export async function countOpenIncidents(
  db: Queryable,
  tenantId: Scope,
): Promise<{ kind: IncidentKind; open: number; unacknowledged: number; since: string | null }[]> {
  const filters = makeFilters().add('tenant_id = ?', tenantId).add('state = ?', 'open');
  const { rows } = await db.query<{ kind: IncidentKind; open: number; unacknowledged: number; since: Date | null }>(
    `select kind, count(*)::int as open, count(*) filter (where acknowledged_at is null)::int as unacknowledged,
       min(opened_at) filter (where acknowledged_at is null) as since
     from incidents ${filters.where} group by kind order by kind`,
    filters.values,
  );
  return rows.map(({ since, ...row }) => ({ ...row, since: since?.toISOString() ?? null }));
}

// This file stores what looks at domains found: which are due, the standing that follows, the event and the mail that tell of it.

import type { Surroundings } from '../tenancy/expected-records.ts';
import type { DomainState } from '../tenancy/may-send.ts';
import { DOMAIN_COLUMNS, type RecordSight, type SendingDomain, type SendingDomainRow } from './domains.ts';
import { makeFilters } from './filters.ts';
import { jsonText } from './json-text.ts';
import { firstRow } from './rows.ts';
import type { Queryable, Scope } from './scope.ts';

/**
 * Takes domains whose look is due, those that waited longest first. The lease is the next look itself: a node that dies with them leaves them due
 * again after `leaseMs`, and nobody else sees them until then.
 */
export async function takeDueDomains(db: Queryable, take: { rows: number; leaseMs: number }): Promise<{ id: string; tenantId: string }[]> {
  const { rows } = await db.query<{ id: string; tenantId: string }>(
    `update sending_domains d set next_check_at = now() + $2 * interval '1 millisecond'
     from (select id from sending_domains where next_check_at <= now() order by next_check_at limit $1 for update skip locked) due
     where d.id = due.id returning d.id, d.tenant_id as "tenantId"`,
    [take.rows, take.leaseMs],
  );
  return rows;
}

/** Notes that a person asks for a look: one at a time and domain. Answers how long to wait, in seconds (0: go on), or null for no such domain. */
export async function askForLook(db: Queryable, tenantId: Scope, ask: { id: string; gapS: number }): Promise<number | null> {
  const filters = makeFilters();
  const gap = filters.param(ask.gapS);
  filters.add('d.tenant_id = ?', tenantId).add('d.id = ?', ask.id);
  const { rows } = await db.query<{ wait: number }>(
    `with met as (select d.id, d.asked_at from sending_domains d ${filters.where} for update),
     asked as (
       update sending_domains d set asked_at = now(), check_from = now(), check_note = null from met
       where d.id = met.id and (met.asked_at is null or met.asked_at <= now() - ${gap} * interval '1 second') returning d.id
     )
     select case when exists (select from asked) then 0
       else greatest(1, ceil(${gap} - extract(epoch from now() - met.asked_at)))::int end as wait from met`,
    filters.values,
  );
  return rows[0]?.wait ?? null;
}

/** Has a tenant's domains among `names` looked at now: receivers say that something is wrong with them. */
export async function lookSoon(db: Queryable, tenantId: string, names: readonly string[]): Promise<void> {
  await db.query(
    'update sending_domains set next_check_at = now() where tenant_id = $1 and name = any ($2::text[]) and coalesce(next_check_at > now(), true)',
    [tenantId, names],
  );
}

/** The domain, locked until the transaction ends, so that two looks at once tell of a change once. */
export async function lockDomain(db: Queryable, tenantId: string, id: string): Promise<SendingDomain | null> {
  const { rows } = await db.query<SendingDomainRow>(
    `select ${DOMAIN_COLUMNS} from sending_domains d join tenants t on t.id = d.tenant_id where d.tenant_id = $1 and d.id = $2 for update of d`,
    [tenantId, id],
  );
  return firstRow(rows);
}

export interface WrittenLook {
  readonly id: string;
  /** When it was looked at. */
  readonly atMs: number;
  readonly state: DomainState;
  readonly authenticated: boolean;
  readonly proven: boolean;
  readonly breaksAtMs: number | null;
  readonly nextAtMs: number | null;
  readonly note: string | null;
  readonly unreachable: number;
  readonly sights: Readonly<Record<string, RecordSight>>;
  readonly surroundings: Surroundings;
  readonly returnPathHost: string | null;
}

export async function writeLook(db: Queryable, tenantId: string, look: WrittenLook): Promise<void> {
  await db.query(
    `update sending_domains set state = $3, state_since = case when state = $3 then state_since else now() end, authenticated = $4,
       proven_at = case when $5 then coalesce(proven_at, now()) end, breaks_at = to_timestamp($6::float8 / 1000), checked_at = to_timestamp($13::float8 / 1000),
       next_check_at = to_timestamp($7::float8 / 1000), check_note = $8, unreachable_checks = $9, sights = $10, surroundings = $11, return_path_host = $12
     where tenant_id = $1 and id = $2`,
    [
      tenantId,
      look.id,
      look.state,
      look.authenticated,
      look.proven,
      look.breaksAtMs,
      look.nextAtMs,
      look.note,
      look.unreachable,
      jsonText(look.sights),
      jsonText(look.surroundings),
      look.returnPathHost,
      look.atMs,
    ],
  );
}

export type DomainEventType = 'domain.verified' | 'domain.warning' | 'domain.broken';
/** Also what is no news about the domain's standing. */
export type AnyDomainEventType = DomainEventType | 'domain.key-revoked';

/** Tells the organisation, by webhook and cursor. */
export async function writeDomainEvent(
  db: Queryable,
  tenantId: string,
  event: { id: string; type: AnyDomainEventType; data: Readonly<Record<string, unknown>> },
): Promise<void> {
  await db.query('insert into events (tenant_id, id, type, data, at) values ($1, $2, $3, $4, now())', [
    tenantId,
    event.id,
    event.type,
    jsonText(event.data),
  ]);
}

/** Own return-path hosts that are published now, of everybody. */
export async function listReturnPathHosts(db: Queryable): Promise<{ tenantId: string; domain: string; host: string }[]> {
  const { rows } = await db.query<{ tenantId: string; domain: string; host: string }>(
    'select tenant_id as "tenantId", name as domain, return_path_host as host from sending_domains where return_path_host is not null',
  );
  return rows;
}

/** True where mail to this host, in lower case, leads to our inbound door because a sending domain has its own return-path host there. */
export async function isReturnPathHost(db: Queryable, host: string): Promise<boolean> {
  const { rowCount } = await db.query('select from sending_domains where return_path_host = $1 limit 1', [host]);
  return rowCount === 1;
}

/** Domains by state, of everybody: for metrics. */
export async function countDomainStates(db: Queryable): Promise<{ state: DomainState; n: number }[]> {
  const { rows } = await db.query<{ state: DomainState; n: number }>(
    'select state, count(*)::int as n from sending_domains group by state',
  );
  return rows;
}

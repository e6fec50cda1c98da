// This file stores senders: single addresses that a tenant may write into From, where it has no domain of its own.
import type { Language } from '../language.ts';
import { makeFilters } from './filters.ts';
import { firstRow, type Plain, plainRow } from './rows.ts';
import type { Queryable, Scope } from './scope.ts';
import { TOTAL_MAX } from './total.ts';

export interface SenderRow {
  readonly id: string;
  readonly tenant_id: string;
  readonly address: string;
  readonly verified_at: Date | null;
  /** Who says so: the operator, or whoever reads the mailbox. */
  readonly verified_by: 'operator' | 'mail' | null;
  readonly created_at: Date;
  /** The newest confirmation mail whose link still works; null for a confirmed sender. */
  readonly confirmation: { readonly sent_at: string; readonly expires_at: string } | null;
  /** Messages of it that are held, counted up to a limit. */
  readonly held_messages: number;
  /** Name of the tenant, and the language its people are written to in. */
  readonly organisation: string;
  readonly language: Language;
}

export type Sender = Plain<SenderRow>;

/** A time inside of JSON as the API writes all times; PostgreSQL's own form has an offset and microseconds. */
const ISO = (column: string): string => `to_char(${column} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

const COLUMNS = `s.id, s.tenant_id, s.address, s.verified_at, s.verified_by, s.created_at, (
    select jsonb_build_object('sent_at', ${ISO('c.sent_at')}, 'expires_at', ${ISO('c.expires_at')}) from sender_confirmations c
    where c.tenant_id = s.tenant_id and c.sender_id = s.id and s.verified_at is null and c.used_at is null and c.expires_at > now()
    order by c.sent_at desc limit 1
  ) as confirmation, (
    select count(*)::int from (select from held_messages h where h.tenant_id = s.tenant_id and h.from_address = s.address limit ${TOTAL_MAX}) held
  ) as held_messages, t.name as organisation, t.language`;
const SENDERS = 'senders s join tenants t on t.id = s.tenant_id';

/** `address` in lower case (`senderKey`). Throws a unique violation when the tenant has it already. */
export async function createSender(
  db: Queryable,
  tenantId: string,
  sender: { id: string; address: string; verified: boolean },
): Promise<Sender> {
  await db.query(
    `insert into senders (tenant_id, id, address, verified_at, verified_by) values ($1, $2, $3, case when $4 then now() end, case when $4 then 'operator' end)`,
    [tenantId, sender.id, sender.address, sender.verified],
  );
  const made = await findSender(db, tenantId, sender.id);
  if (!made) throw new Error('a sender was not stored');
  return made;
}

export async function findSender(db: Queryable, tenantId: Scope, id: string): Promise<Sender | null> {
  const filters = makeFilters().add('s.tenant_id = ?', tenantId).add('s.id = ?', id);
  const { rows } = await db.query<SenderRow>(`select ${COLUMNS} from ${SENDERS} ${filters.where}`, filters.values);
  return firstRow(rows);
}

export async function listSenders(db: Queryable, tenantId: Scope, page: { after: string | null; limit: number }): Promise<Sender[]> {
  const filters = makeFilters().add('s.tenant_id = ?', tenantId).add('s.id > ?', page.after);
  const { rows } = await db.query<SenderRow>(
    `select ${COLUMNS} from ${SENDERS} ${filters.where} order by s.id limit ${filters.param(page.limit)}`,
    filters.values,
  );
  return rows.map(plainRow);
}

/** Marks a sender as shown to be the tenant's own, or takes that back. */
export async function updateSender(db: Queryable, tenantId: Scope, change: { id: string; verified: boolean }): Promise<Sender | null> {
  const filters = makeFilters();
  const verified = filters.param(change.verified);
  filters.add('tenant_id = ?', tenantId).add('id = ?', change.id);
  const { rows } = await db.query<{ id: string }>(
    `update senders set verified_at = case when ${verified} then coalesce(verified_at, now()) end,
       verified_by = case when ${verified} then coalesce(verified_by, 'operator') end ${filters.where} returning id`,
    filters.values,
  );
  return rows[0] ? findSender(db, tenantId, change.id) : null;
}

export async function deleteSender(db: Queryable, tenantId: Scope, id: string): Promise<{ tenant_id: string; address: string } | null> {
  const filters = makeFilters().add('tenant_id = ?', tenantId).add('id = ?', id);
  const { rows } = await db.query<{ tenant_id: string; address: string }>(
    `delete from senders ${filters.where} returning tenant_id, address`,
    filters.values,
  );
  return rows[0] ?? null;
}

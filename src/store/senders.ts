// This file stores senders: single addresses that a tenant may write into From, where it has no domain of its own.
import { makeFilters } from './filters.ts';
import { firstRow, type Plain, plainRow } from './rows.ts';
import type { Queryable, Scope } from './scope.ts';

export interface SenderRow {
  readonly id: string;
  readonly tenant_id: string;
  readonly address: string;
  readonly verified_at: Date | null;
  readonly created_at: Date;
}

export type Sender = Plain<SenderRow>;

const COLUMNS = 'id, tenant_id, address, verified_at, created_at';

/** `address` in lower case (`senderKey`). Throws a unique violation when the tenant has it already. */
export async function createSender(
  db: Queryable,
  tenantId: string,
  sender: { id: string; address: string; verified: boolean },
): Promise<Sender> {
  const { rows } = await db.query<SenderRow>(
    `insert into senders (tenant_id, id, address, verified_at) values ($1, $2, $3, case when $4 then now() end) returning ${COLUMNS}`,
    [tenantId, sender.id, sender.address, sender.verified],
  );
  const made = firstRow(rows);
  if (!made) throw new Error('an insert answered no row');
  return made;
}

export async function listSenders(db: Queryable, tenantId: Scope, page: { after: string | null; limit: number }): Promise<Sender[]> {
  const filters = makeFilters().add('tenant_id = ?', tenantId).add('id > ?', page.after);
  const { rows } = await db.query<SenderRow>(
    `select ${COLUMNS} from senders ${filters.where} order by id limit ${filters.param(page.limit)}`,
    filters.values,
  );
  return rows.map(plainRow);
}

/** Marks a sender as shown to be the tenant's own, or takes that back. */
export async function updateSender(db: Queryable, tenantId: Scope, change: { id: string; verified: boolean }): Promise<Sender | null> {
  const filters = makeFilters();
  const verified = filters.param(change.verified);
  filters.add('tenant_id = ?', tenantId).add('id = ?', change.id);
  const { rows } = await db.query<SenderRow>(
    `update senders set verified_at = case when ${verified} then coalesce(verified_at, now()) end ${filters.where} returning ${COLUMNS}`,
    filters.values,
  );
  return firstRow(rows);
}

export async function deleteSender(db: Queryable, tenantId: Scope, id: string): Promise<{ tenant_id: string; address: string } | null> {
  const filters = makeFilters().add('tenant_id = ?', tenantId).add('id = ?', id);
  const { rows } = await db.query<{ tenant_id: string; address: string }>(
    `delete from senders ${filters.where} returning tenant_id, address`,
    filters.values,
  );
  return rows[0] ?? null;
}

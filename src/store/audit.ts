// This file keeps the audit log: who changed what, when. A line is written in the transaction of the change, so neither stands without the other.
import type { IdMint } from '../ids.ts';
import { makeFilters } from './filters.ts';
import { jsonText } from './json-text.ts';
import { type Plain, plainRow } from './rows.ts';
import type { Queryable, Scope } from './scope.ts';

export interface AuditEntry {
  /** `person:<login>`, `credential:<id>` or `desk`. */
  readonly actor: string;
  readonly tenantId: string | null;
  /** Verb and thing: `credential.revoke`. */
  readonly action: string;
  /** Id of what was changed. */
  readonly subject: string;
  /** What changed, never a secret. */
  readonly detail?: Readonly<Record<string, unknown>>;
}

export interface AuditRow {
  readonly id: string;
  readonly at: Date;
  readonly actor: string;
  readonly tenant_id: string | null;
  readonly action: string;
  readonly subject: string;
  readonly detail: Record<string, unknown>;
}

export async function recordAudit(db: Queryable, ids: IdMint, entry: AuditEntry): Promise<void> {
  await db.query('insert into audit_log (id, actor, tenant_id, action, subject, detail) values ($1, $2, $3, $4, $5, $6)', [
    ids.next(),
    entry.actor,
    entry.tenantId,
    entry.action,
    entry.subject,
    jsonText(entry.detail ?? {}),
  ]);
}

/** Newest first; `before` is the id of the last line of the page before. */
export async function listAudit(
  db: Queryable,
  tenantId: Scope,
  page: { before: string | null; limit: number; subject?: string | undefined },
): Promise<Plain<AuditRow>[]> {
  const filters = makeFilters().add('tenant_id = ?', tenantId).add('id < ?', page.before).add('subject = ?', page.subject);
  const { rows } = await db.query<AuditRow>(
    `select id, at, actor, tenant_id, action, subject, detail from audit_log ${filters.where} order by id desc limit ${filters.param(page.limit)}`,
    filters.values,
  );
  return rows.map(plainRow);
}

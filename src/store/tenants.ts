// This file stores tenants: the organisations that send through this desk.
import { makeFilters } from './filters.ts';
import { firstRow, type Plain, plainRow } from './rows.ts';
import type { Queryable, Scope } from './scope.ts';

export type TenantState = 'active' | 'suspended';
export type TenantLanguage = 'en' | 'de';
export type UncertainPolicy = 'resend' | 'hold';

export interface TenantRow {
  readonly id: string;
  readonly number: number;
  readonly name: string;
  readonly state: TenantState;
  readonly uncertain_policy: UncertainPolicy | null;
  /** Where the desk writes to when something of theirs needs care. */
  readonly contact_email: string | null;
  readonly language: TenantLanguage;
  readonly created_at: Date;
}

export type Tenant = Plain<TenantRow>;

const COLUMNS = 'id, number, name, state, uncertain_policy, contact_email, language, created_at';

export async function createTenant(
  db: Queryable,
  tenant: {
    id: string;
    name: string;
    uncertainPolicy?: UncertainPolicy | null | undefined;
    contactEmail?: string | null | undefined;
    language?: TenantLanguage | undefined;
  },
): Promise<Tenant> {
  const { rows } = await db.query<TenantRow>(
    `insert into tenants (id, name, uncertain_policy, contact_email, language) values ($1, $2, $3, $4, $5) returning ${COLUMNS}`,
    [tenant.id, tenant.name, tenant.uncertainPolicy ?? null, tenant.contactEmail ?? null, tenant.language ?? 'en'],
  );
  return plainRow(rows[0] ?? missing());
}

/** `tenantId` bounds what can be found: a tenant finds itself only. */
export async function findTenant(db: Queryable, tenantId: Scope, id: string): Promise<Tenant | null> {
  if (tenantId !== null && tenantId !== id) return null;
  const { rows } = await db.query<TenantRow>(`select ${COLUMNS} from tenants where id = $1`, [id]);
  return firstRow(rows);
}

/** In the order they were made; `after` is the last id of the page before. */
export async function listTenants(
  db: Queryable,
  tenantId: Scope,
  page: { after: string | null; limit: number; name?: string | undefined; state?: TenantState | undefined },
): Promise<Tenant[]> {
  const filters = makeFilters()
    .add('id = ?', tenantId)
    .add('id > ?', page.after)
    .add('state = ?', page.state)
    .add(`name ilike '%' || ? || '%'`, page.name?.replace(/[\\%_]/g, '\\$&'));
  const { rows } = await db.query<TenantRow>(
    `select ${COLUMNS} from tenants ${filters.where} order by id limit ${filters.param(page.limit)}`,
    filters.values,
  );
  return rows.map(plainRow);
}

/** Changes what is given; `uncertainPolicy: null` goes back to the house's rule, `contactEmail: null` means nowhere. */
export async function updateTenant(
  db: Queryable,
  id: string,
  change: {
    name?: string | undefined;
    state?: TenantState | undefined;
    uncertainPolicy?: UncertainPolicy | null | undefined;
    contactEmail?: string | null | undefined;
    language?: TenantLanguage | undefined;
  },
): Promise<Tenant | null> {
  const { rows } = await db.query<TenantRow>(
    `update tenants set name = coalesce($2, name), state = coalesce($3, state), uncertain_policy = case when $4 then $5 else uncertain_policy end,
       contact_email = case when $6 then $7 else contact_email end, language = coalesce($8, language)
     where id = $1 returning ${COLUMNS}`,
    [
      id,
      change.name ?? null,
      change.state ?? null,
      change.uncertainPolicy !== undefined,
      change.uncertainPolicy ?? null,
      change.contactEmail !== undefined,
      change.contactEmail ?? null,
      change.language ?? null,
    ],
  );
  return firstRow(rows);
}

function missing(): never {
  throw new Error('an insert answered no row');
}

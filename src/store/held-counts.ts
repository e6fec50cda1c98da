// This file counts held messages by what they wait for, so that whoever can end that sees how many.
import { type HeldFor, IDENTITY_REASONS } from '../delivery/held-because.ts';
import type { Stream } from '../delivery/states.ts';
import { makeFilters } from './filters.ts';
import { type Plain, plainRow } from './rows.ts';
import type { Queryable, Scope } from './scope.ts';

interface HeldGroupRow {
  readonly tenant_id: string;
  readonly from: string;
  readonly stream: Stream;
  readonly code: HeldFor;
  readonly messages: number;
  readonly oldest_at: Date;
}

/** Messages of one kind that wait. */
export type HeldGroup = Plain<HeldGroupRow>;

/** Where the next page begins. */
export interface HeldGroupPlace {
  readonly tenantId: string;
  readonly from: string;
  readonly stream: Stream;
  readonly code: string;
}

/** What held messages of a tenant wait for: how many of each code. Codes of which there are none are left out. */
export async function countHeld(db: Queryable, tenantId: string): Promise<Partial<Record<HeldFor, number>>> {
  const { rows } = await db.query<{ code: HeldFor; n: number }>(
    'select code, count(*)::int as n from held_messages where tenant_id = $1 group by code',
    [tenantId],
  );
  return Object.fromEntries(rows.map(({ code, n }) => [code, n]));
}

/** A page of kinds of held messages, by organisation and address. */
export async function listHeld(
  db: Queryable,
  tenantId: Scope,
  page: { after: HeldGroupPlace | null; limit: number },
): Promise<HeldGroup[]> {
  const filters = makeFilters().add('tenant_id = ?', tenantId);
  const { after } = page;
  const behind = after
    ? `${filters.where === '' ? 'where' : 'and'} (tenant_id, from_address, stream, code) > (${filters.param(after.tenantId)}::uuid, ${filters.param(after.from)}, ${filters.param(after.stream)}::stream, ${filters.param(after.code)})`
    : '';
  const { rows } = await db.query<HeldGroupRow>(
    `select tenant_id, from_address as "from", stream, code, count(*)::int as messages, min(held_at) as oldest_at from held_messages
     ${filters.where} ${behind} group by tenant_id, from_address, stream, code order by tenant_id, from_address, stream, code limit ${filters.param(page.limit)}`,
    filters.values,
  );
  return rows.map(plainRow);
}

/** Everything a held message can wait for, for schemas; '' is told as "unknown" until it was asked, within seconds. */
export const HELD_CODES = [
  ...IDENTITY_REASONS.filter((reason) => reason !== 'no-route'),
  'no-account',
  'domain-not-authenticated',
  'every-account-out',
  'key-revoked',
  'unknown',
] as const;

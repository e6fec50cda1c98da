// This file stores what providers' suppression lists say about addresses that our mail went to, and the holds that follow from it.
import type { ListedAddress } from '../feedback/provider-list.ts';
import { plainArray, textArray } from './arrays.ts';
import { makeFilters } from './filters.ts';
import { type Plain, plainRow } from './rows.ts';
import type { Queryable } from './scope.ts';

/** What one organisation has to do with an address that a list names. */
export interface AddressFacts {
  readonly address: string;
  readonly tenantId: string;
  /** The newest mail that went there over the account. */
  readonly recipientId: string;
  readonly marked: boolean;
  readonly deliveredAtMs: number | null;
  readonly releasedAtMs: number | null;
}

const WHOSE_TIMEOUT_MS = 120_000;
/** States in which the account had the mail, or may have had it. */
const WENT_OUT = "('handed_over', 'delivered', 'bounced', 'failed', 'uncertain')";

/** More pairs than this of organisation and address: reading the recipients once is less than probing the index for each pair. */
const PROBES_MAX = 50_000;

/**
 * Organisations whose mail went to these addresses over the account, with what they know. What retention dropped is not known any more. How it is
 * looked up is decided here: the planner knows neither how many addresses there are nor, after a bulk load, how many recipients.
 */
export async function whoseAddresses(db: Queryable, accountId: string, addresses: readonly string[]): Promise<AddressFacts[]> {
  const unique = [...new Set(addresses)];
  if (unique.length === 0) return [];
  // A page of thousands against a full house takes longer than what a person asks.
  await db.query(`set local statement_timeout = ${WHOSE_TIMEOUT_MS}`);
  const { rows: counted } = await db.query<{ tenants: number }>('select count(*)::int as tenants from tenants');
  if (unique.length * (counted[0]?.tenants ?? 0) <= PROBES_MAX) return probeAddresses(db, accountId, unique);
  await db.query('set local enable_nestloop = off');
  const facts = await hashAddresses(db, accountId, unique);
  await db.query('set local enable_nestloop = on');
  return facts;
}

/** One descent of recipients_address per pair and week. */
async function probeAddresses(db: Queryable, accountId: string, addresses: readonly string[]): Promise<AddressFacts[]> {
  const { rows } = await db.query<AddressFacts>(
    `select t.id as "tenantId", a.address, f.ids[1] as "recipientId", f.marked, f.delivered as "deliveredAtMs",
       (select extract(epoch from h.released_at)::float8 * 1000 from released_holds h where h.tenant_id = t.id and h.address = a.address) as "releasedAtMs"
     from unnest($2::text[]) as a(address) cross join tenants t cross join lateral (
       select array_agg(r.id order by r.id desc) filter (where w.account_id = $1 and r.state in ${WENT_OUT}) as ids,
         bool_or(w.account_id = $1 and r.marks & 9 <> 0) as marked,
         extract(epoch from max(r.state_at) filter (where r.state = 'delivered'))::float8 * 1000 as delivered
       from recipients r left join routes w on w.id = r.route_id where r.tenant_id = t.id and lower(r.address) = a.address
     ) f where f.ids is not null`,
    [accountId, textArray(addresses)],
  );
  return rows;
}

/** One reading of the recipients against a hash of the addresses. */
async function hashAddresses(db: Queryable, accountId: string, addresses: readonly string[]): Promise<AddressFacts[]> {
  const { rows } = await db.query<AddressFacts>(
    `with a as materialized (select address from unnest($2::text[]) as t(address)),
     met as (
       select r.tenant_id, a.address, array_agg(r.id order by r.id desc) filter (where w.account_id = $1 and r.state in ${WENT_OUT}) as ids,
         bool_or(w.account_id = $1 and r.marks & 9 <> 0) as marked,
         extract(epoch from max(r.state_at) filter (where r.state = 'delivered'))::float8 * 1000 as delivered
       from a join recipients r on lower(r.address) = a.address left join routes w on w.id = r.route_id group by r.tenant_id, a.address
     )
     select met.tenant_id as "tenantId", met.address, met.ids[1] as "recipientId", met.marked, met.delivered as "deliveredAtMs",
       extract(epoch from h.released_at)::float8 * 1000 as "releasedAtMs"
     from met left join released_holds h on h.tenant_id = met.tenant_id and h.address = met.address where met.ids is not null`,
    [accountId, textArray(addresses)],
  );
  return rows;
}

export interface ListHold {
  readonly id: string;
  readonly tenantId: string;
  readonly address: string;
  readonly stream: 'bulk' | null;
  readonly reason: string;
  readonly source: string;
  readonly evidence: string | null;
  readonly recipientId: string;
}

/** Sets holds where none stands that stops as much; answers the ids of those that were set. */
export async function putListHolds(db: Queryable, holds: readonly ListHold[]): Promise<string[]> {
  if (holds.length === 0) return [];
  const { rows } = await db.query<{ id: string }>(
    `insert into suppressions as s (tenant_id, id, address, stream, reason, source, evidence, recipient_id)
     select t.* from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::uuid[])
       as t(tenant_id, id, address, stream, reason, source, evidence, recipient_id)
     where not exists (select from suppressions p where p.tenant_id = t.tenant_id and p.address = t.address and p.stream = ''
       and (p.expires_at is null or p.expires_at > now()))
     on conflict (tenant_id, address, stream) do update
       set id = excluded.id, reason = excluded.reason, source = excluded.source, evidence = excluded.evidence, recipient_id = excluded.recipient_id,
         created_at = now(), expires_at = null
       where s.expires_at <= now()
     returning id`,
    [
      plainArray(holds.map((hold) => hold.tenantId)),
      plainArray(holds.map((hold) => hold.id)),
      textArray(holds.map((hold) => hold.address)),
      textArray(holds.map((hold) => hold.stream ?? '')),
      textArray(holds.map((hold) => hold.reason)),
      textArray(holds.map((hold) => hold.source)),
      textArray(holds.map((hold) => hold.evidence)),
      plainArray(holds.map((hold) => hold.recipientId)),
    ],
  );
  return rows.map((row) => row.id);
}

export interface SeenEntry {
  readonly entry: ListedAddress;
  /** In the form that recipients and holds have in the store. */
  readonly address: string;
  readonly verdict: string;
}

/** Keeps what a list says about addresses of ours, as this reading saw it. */
export async function putListEntries(db: Queryable, accountId: string, runId: string, seen: readonly SeenEntry[]): Promise<void> {
  // One row per key in a statement; the later of two rows of one page is the newer.
  const unique = [...new Map(seen.map((each) => [`${each.address} ${each.entry.stream ?? ''}`, each])).values()];
  if (unique.length === 0) return;
  await db.query(
    `insert into list_entries (account_id, run_id, address, stream, why, label, class, diagnostic, listed_at, verdict)
     select $1, $2, address, stream, why, label, class, diagnostic, to_timestamp(at / 1000), verdict
     from unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::float8[], $10::text[])
       as t(address, stream, why, label, class, diagnostic, at, verdict)
     on conflict (account_id, address, stream) do update
       set why = excluded.why, label = excluded.label, class = excluded.class, diagnostic = excluded.diagnostic, listed_at = excluded.listed_at,
         verdict = excluded.verdict, run_id = excluded.run_id, seen_at = now()`,
    [
      accountId,
      runId,
      textArray(unique.map((each) => each.address)),
      textArray(unique.map((each) => each.entry.stream ?? '')),
      textArray(unique.map((each) => each.entry.why)),
      textArray(unique.map((each) => each.entry.label)),
      textArray(unique.map((each) => each.entry.class)),
      textArray(unique.map((each) => each.entry.diagnostic)),
      plainArray(unique.map((each) => each.entry.atMs)),
      textArray(unique.map((each) => each.verdict)),
    ],
  );
}

/** Forgets what the provider says of an address: it was taken off, or a look-up did not find it. */
export async function dropListEntries(db: Queryable, accountId: string, address: string): Promise<void> {
  await db.query('delete from list_entries where account_id = $1 and address = $2', [accountId, address]);
}

/** After a whole reading: entries that it did not see are gone there. At most `limit` of them, forgotten here and answered. */
export async function takeVanished(
  db: Queryable,
  accountId: string,
  run: { runId: string; startedMs: number; limit: number },
): Promise<string[]> {
  const { rows } = await db.query<{ address: string }>(
    `delete from list_entries where (account_id, address, stream) in (
       select account_id, address, stream from list_entries
       where account_id = $1 and run_id <> $2 and seen_at < to_timestamp($3::float8 / 1000) limit $4)
     returning address`,
    [accountId, run.runId, run.startedMs, run.limit],
  );
  return [...new Set(rows.map((row) => row.address))];
}

export interface ReleasedHold {
  readonly id: string;
  readonly tenantId: string;
  readonly address: string;
  readonly stream: 'transactional' | 'bulk' | null;
  readonly reason: string;
  readonly evidence: string | null;
  readonly recipientId: string | null;
}

/** Ends holds that only this account's list had set, where no other list names the address; answers them. */
export async function releaseFollowed(db: Queryable, source: string, addresses: readonly string[]): Promise<ReleasedHold[]> {
  if (addresses.length === 0) return [];
  const { rows } = await db.query<ReleasedHold>(
    `delete from suppressions s using unnest($2::text[]) as a(address)
     where (s.tenant_id, s.address) in (select t.id, a.address from tenants t) and s.source = $1
       and not exists (select from list_entries e where e.address = a.address)
     returning s.id, s.tenant_id as "tenantId", s.address, nullif(s.stream, '') as stream, s.reason, s.evidence, s.recipient_id as "recipientId"`,
    [source, textArray(addresses)],
  );
  return rows;
}

export interface ListEntryRow {
  readonly address: string;
  readonly stream: 'transactional' | 'bulk' | null;
  readonly why: string;
  readonly label: string;
  readonly class: string | null;
  readonly diagnostic: string | null;
  readonly listed_at: Date | null;
  readonly verdict: string;
  readonly seen_at: Date;
}

/** By address; `after` is the address and stream of the last row of the page before. */
export async function listListEntries(
  db: Queryable,
  accountId: string,
  page: { after: { address: string; stream: string } | null; limit: number; address?: string | undefined; verdict?: string | undefined },
): Promise<Plain<ListEntryRow>[]> {
  const filters = makeFilters().add('account_id = ?', accountId).add('address = ?', page.address).add('verdict = ?', page.verdict);
  const after = page.after && `(address, stream) > (${filters.param(page.after.address)}, ${filters.param(page.after.stream)})`;
  const { rows } = await db.query<ListEntryRow>(
    `select address, nullif(stream, '') as stream, why, label, class, diagnostic, listed_at, verdict, seen_at from list_entries
     ${filters.where} ${after ? `and ${after}` : ''} order by address, stream limit ${filters.param(page.limit)}`,
    filters.values,
  );
  return rows.map(plainRow);
}

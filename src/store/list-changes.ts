// This file stores what is wanted of providers' suppression lists: releases on their way there, additions, and look-ups after mail was dropped.
import type { ListAddition } from '../delivery/provider-list.ts';
import { plainArray, textArray } from './arrays.ts';
import type { Queryable } from './scope.ts';

export interface ListChange {
  readonly address: string;
  readonly action: 'remove' | 'add';
  readonly stream: '' | 'transactional' | 'bulk';
  readonly why: ListAddition['why'] | 'release';
  readonly tenantId: string | null;
  readonly askedAt: string;
  readonly tries: number;
  /** A newer hold says the opposite of a removal. */
  readonly overtaken: boolean;
}

/** Classes of answers that prove something new against an address; see CLASS_FAULT. */
const RECIPIENT_CLASSES = "('invalid-recipient', 'inactive-mailbox', 'mailbox-full', 'bad-domain', 'domain-not-accepting')";

/**
 * Turns releases into removals at every account that the organisation's mail to the address went over, or whose list is known to name it. Takes
 * at most `limit` releases, oldest first; answers how many it took. A removal replaces any older wish for the same address.
 */
export async function spreadReleases(db: Queryable, providers: readonly string[], limit: number): Promise<number> {
  const { rows } = await db.query<{ taken: string }>(
    `with news as (
       select tenant_id, address, released_at from released_holds where not taken order by released_at limit $2 for update skip locked
     ), told as (
       update released_holds h set taken = true from news n where h.tenant_id = n.tenant_id and h.address = n.address
     ), places as (
       select n.tenant_id, n.address, n.released_at, w.account_id from news n
         join recipients r on r.tenant_id = n.tenant_id and lower(r.address) = n.address join routes w on w.id = r.route_id
       union
       select n.tenant_id, n.address, n.released_at, e.account_id from news n join list_entries e on e.address = n.address
     ), wished as (
       insert into list_changes as c (account_id, address, action, why, tenant_id, asked_at)
       select distinct on (p.account_id, p.address) p.account_id, p.address, 'remove', 'release', p.tenant_id, p.released_at
       from places p join provider_accounts a on a.id = p.account_id
       where a.provider = any($1::text[]) and a.state <> 'removed' order by p.account_id, p.address, p.released_at desc
       on conflict (account_id, address) do update
         set action = 'remove', stream = '', why = 'release', tenant_id = excluded.tenant_id, asked_at = excluded.asked_at, due_at = now(), tries = 0,
           state = 'due', error = null, done_at = null
         where c.asked_at < excluded.asked_at
     )
     select count(*) as taken from news`,
    [providers, limit],
  );
  return Number(rows[0]?.taken ?? 0);
}

/** An operator's own wish to take an address off an account's list. */
export async function wishRemoval(db: Queryable, accountId: string, address: string): Promise<void> {
  await db.query(
    `insert into list_changes (account_id, address, action, why) values ($1, $2, 'remove', 'release')
     on conflict (account_id, address) do update
       set action = 'remove', stream = '', why = 'release', tenant_id = null, asked_at = clock_timestamp(), due_at = now(), tries = 0, state = 'due',
         error = null, done_at = null`,
    [accountId, address],
  );
}

/** A release is known here and the provider still names the address: the removal is wished again, unless it was made a moment ago. */
export async function wishAgain(
  db: Queryable,
  accountId: string,
  wishes: readonly { address: string; tenantId: string; releasedAtMs: number }[],
  quietS: number,
): Promise<void> {
  const unique = [...new Map(wishes.map((wish) => [wish.address, wish])).values()];
  if (unique.length === 0) return;
  await db.query(
    `insert into list_changes as c (account_id, address, action, why, tenant_id, asked_at)
     select $1, address, 'remove', 'release', tenant_id, to_timestamp(at / 1000) from unnest($2::text[], $3::uuid[], $4::float8[]) as t(address, tenant_id, at)
     on conflict (account_id, address) do update set due_at = now(), state = 'due', done_at = null
       where c.action = 'remove' and c.state = 'done' and c.done_at < now() - $5 * interval '1 second'`,
    [
      accountId,
      textArray(unique.map((wish) => wish.address)),
      plainArray(unique.map((wish) => wish.tenantId)),
      plainArray(unique.map((wish) => wish.releasedAtMs)),
      quietS,
    ],
  );
}

/** Holds behind `after` (in the order in which they were made) that belong on the provider's list too: of mail that went over this account. */
export async function holdsToPush(
  db: Queryable,
  accountId: string,
  page: { after: string; limit: number },
): Promise<{ id: string; tenantId: string; address: string; stream: '' | 'transactional' | 'bulk'; reason: string; createdMs: number }[]> {
  const { rows } = await db.query<{
    id: string;
    tenantId: string;
    address: string;
    stream: '' | 'transactional' | 'bulk';
    reason: string;
    createdMs: number;
  }>(
    `select s.id, s.tenant_id as "tenantId", s.address, s.stream, s.reason, extract(epoch from s.created_at)::float8 * 1000 as "createdMs"
     from suppressions s where s.id > $2 and s.reason in ('complaint', 'unsubscribed', 'manual') and (s.expires_at is null or s.expires_at > now())
       and exists (select from recipients r join routes w on w.id = r.route_id
         where r.tenant_id = s.tenant_id and lower(r.address) = s.address and w.account_id = $1)
     order by s.id limit $3`,
    [accountId, page.after, page.limit],
  );
  return rows;
}

export async function wishAdditions(
  db: Queryable,
  accountId: string,
  wishes: readonly {
    tenantId: string;
    address: string;
    stream: '' | 'transactional' | 'bulk';
    why: ListAddition['why'];
    createdMs: number;
  }[],
): Promise<void> {
  const unique = [...new Map(wishes.map((wish) => [wish.address, wish])).values()];
  if (unique.length === 0) return;
  await db.query(
    `insert into list_changes as c (account_id, address, action, stream, why, tenant_id, asked_at)
     select $1, address, 'add', stream, why, tenant_id, to_timestamp(at / 1000)
     from unnest($2::text[], $3::text[], $4::text[], $5::uuid[], $6::float8[]) as t(address, stream, why, tenant_id, at)
     on conflict (account_id, address) do update
       set action = 'add', stream = excluded.stream, why = excluded.why, tenant_id = excluded.tenant_id, asked_at = excluded.asked_at, due_at = now(),
         tries = 0, state = 'due', error = null, done_at = null
       where c.asked_at < excluded.asked_at`,
    [
      accountId,
      textArray(unique.map((wish) => wish.address)),
      textArray(unique.map((wish) => wish.stream)),
      textArray(unique.map((wish) => wish.why)),
      plainArray(unique.map((wish) => wish.tenantId)),
      plainArray(unique.map((wish) => wish.createdMs)),
    ],
  );
}

/** Changes that are due, oldest first, each with what has become known since it was wished. */
export async function dueChanges(db: Queryable, accountId: string, limit: number): Promise<ListChange[]> {
  const { rows } = await db.query<ListChange>(
    `select c.address, c.action, c.stream, c.why, c.tenant_id as "tenantId", c.asked_at::text as "askedAt", c.tries,
       case c.action
         when 'remove' then exists (select from suppressions s
           where (s.tenant_id, s.address) in (select id, c.address from tenants) and s.created_at > c.asked_at
             and (s.tenant_id = c.tenant_id or s.reason in ${RECIPIENT_CLASSES}))
         else not exists (select from suppressions s where s.tenant_id = c.tenant_id and s.address = c.address)
       end as overtaken
     from list_changes c where c.account_id = $1 and c.state = 'due' and c.due_at <= now() order by c.due_at limit $2`,
    [accountId, limit],
  );
  return rows;
}

/** Closes a change, unless a newer wish took its place meanwhile. */
export async function closeChange(
  db: Queryable,
  accountId: string,
  change: Pick<ListChange, 'address' | 'askedAt'>,
  end: { state: 'done' | 'refused' | 'overtaken'; error?: string },
): Promise<void> {
  await db.query(
    `update list_changes set state = $4, error = $5, done_at = now(), tries = tries + 1
     where account_id = $1 and address = $2 and asked_at = $3::timestamptz and state = 'due'`,
    [accountId, change.address, change.askedAt, end.state, end.error ?? null],
  );
}

export async function postponeChange(
  db: Queryable,
  accountId: string,
  change: Pick<ListChange, 'address' | 'askedAt'>,
  later: { error: string; waitMs: number },
): Promise<void> {
  await db.query(
    `update list_changes set error = $4, tries = least(tries + 1, 1000), due_at = now() + $5 * interval '1 millisecond'
     where account_id = $1 and address = $2 and asked_at = $3::timestamptz and state = 'due'`,
    [accountId, change.address, change.askedAt, later.error, later.waitMs],
  );
}

/** Wants the entry of an address looked up for an organisation whose mail was dropped. */
export async function wantLooks(
  db: Queryable,
  looks: readonly { accountId: string; address: string; tenantId: string }[],
  providers: readonly string[],
): Promise<void> {
  if (looks.length === 0) return;
  await db.query(
    `insert into list_looks (account_id, address, tenant_id)
     select distinct t.account_id, t.address, t.tenant_id from unnest($1::uuid[], $2::text[], $3::uuid[]) as t(account_id, address, tenant_id)
       join provider_accounts a on a.id = t.account_id where a.provider = any($4::text[])
     on conflict (account_id, address, tenant_id) do nothing`,
    [
      plainArray(looks.map((look) => look.accountId)),
      textArray(looks.map((look) => look.address)),
      plainArray(looks.map((look) => look.tenantId)),
      providers,
    ],
  );
}

export async function dueLooks(
  db: Queryable,
  accountId: string,
  limit: number,
): Promise<{ address: string; tenantIds: string[]; tries: number }[]> {
  const { rows } = await db.query<{ address: string; tenantIds: string[]; tries: number }>(
    `select address, array_agg(tenant_id::text order by tenant_id) as "tenantIds", max(tries)::int as tries from list_looks
     where account_id = $1 and due_at <= now() group by address order by min(due_at) limit $2`,
    [accountId, limit],
  );
  return rows;
}

export async function closeLook(db: Queryable, accountId: string, address: string): Promise<void> {
  await db.query('delete from list_looks where account_id = $1 and address = $2', [accountId, address]);
}

export async function postponeLook(db: Queryable, accountId: string, address: string, waitMs: number): Promise<void> {
  await db.query(
    `update list_looks set tries = least(tries + 1, 1000), due_at = now() + $3 * interval '1 millisecond' where account_id = $1 and address = $2`,
    [accountId, address, waitMs],
  );
}

/** Wishes that an operator should see: on their way, or refused. */
export async function countChanges(
  db: Queryable,
  accountId: string,
): Promise<{ waiting: number; refused: number; looks: number; error: string | null }> {
  const { rows } = await db.query<{ waiting: string; refused: string; looks: string; error: string | null }>(
    `select count(*) filter (where state = 'due') as waiting, count(*) filter (where state = 'refused') as refused,
       (select count(*) from list_looks where account_id = $1) as looks,
       (array_agg(error order by done_at desc nulls last) filter (where state = 'refused'))[1] as error
     from list_changes where account_id = $1`,
    [accountId],
  );
  const [row] = rows;
  return {
    waiting: Number(row?.waiting ?? 0),
    refused: Number(row?.refused ?? 0),
    looks: Number(row?.looks ?? 0),
    error: row?.error ?? null,
  };
}

/** Forgets closed changes and old releases. */
export async function forgetOldChanges(db: Queryable, days: number): Promise<void> {
  await db.query(`delete from list_changes where state <> 'due' and done_at < now() - $1 * interval '1 day'`, [days]);
  await db.query(`delete from released_holds where taken and released_at < now() - $1 * interval '1 day'`, [days]);
}

// This file loads what a hand-over needs to know about messages that were claimed from their lanes.
import type pg from 'pg';
import type { Stream } from '../delivery/states.ts';
import type { Queryable } from './scope.ts';

export interface StoredMessage {
  readonly tenantId: string;
  readonly tenantNumber: number;
  readonly id: string;
  readonly stream: Stream;
  readonly mailFrom: string;
  readonly fromAddress: string;
  readonly flags: number;
  readonly tags: readonly string[];
  readonly sendAtMs: number | null;
  readonly raw: Buffer;
}

/** Messages with their bodies, by id. Ids that are gone are simply missing. */
export async function loadMessages(hot: Queryable, ids: readonly string[]): Promise<StoredMessage[]> {
  const { rows } = await hot.query<StoredMessage>({
    name: 'load-messages',
    text: `select m.tenant_id as "tenantId", t.number as "tenantNumber", m.id, m.stream, m.mail_from as "mailFrom", m.from_address as "fromAddress",
        m.flags, m.tags, extract(epoch from m.send_at)::float8 * 1000 as "sendAtMs", b.data as raw
      from messages m join tenants t on t.id = m.tenant_id join bodies b on b.id = m.body_id
      where m.id = any ($1::uuid[])`,
    values: [ids],
  });
  return rows;
}

/** Bytes of bodies that are read at once. The first is always read, however large. */
const BYTES_AT_ONCE_MAX = 32 * 1024 * 1024;

export interface SomeMessages {
  readonly messages: readonly StoredMessage[];
  /** Ids of messages that are there and were not read: together with the others they would be too much at once. */
  readonly later: ReadonlySet<string>;
}

/** Messages with their bodies, oldest first, as many as may be read at once. Ids that are gone are in neither part. */
export async function loadSomeMessages(hot: Queryable, ids: readonly string[]): Promise<SomeMessages> {
  const { rows } = await hot.query<Omit<StoredMessage, 'raw'> & { readonly raw: Buffer | null }>({
    name: 'load-some-messages',
    text: `with sized as materialized (
        select m.tenant_id, m.id, m.stream, m.mail_from, m.from_address, m.flags, m.tags, m.send_at, m.body_id,
          row_number() over oldest = 1 or sum(m.size::int8) over oldest <= $2 as fits
        from messages m where m.id = any ($1::uuid[]) window oldest as (order by m.id)
      )
      select s.tenant_id as "tenantId", t.number as "tenantNumber", s.id, s.stream, s.mail_from as "mailFrom", s.from_address as "fromAddress",
        s.flags, s.tags, extract(epoch from s.send_at)::float8 * 1000 as "sendAtMs", case when s.fits then b.data end as raw
      from sized s join tenants t on t.id = s.tenant_id join bodies b on b.id = s.body_id`,
    values: [ids, BYTES_AT_ONCE_MAX],
  });
  const messages: StoredMessage[] = [];
  const later = new Set<string>();
  for (const { raw, ...row } of rows) {
    if (raw === null) later.add(row.id);
    else messages.push({ ...row, raw });
  }
  return { messages, later };
}

/** Accounts that are out for a recipient. */
export interface Refusals {
  readonly accounts: readonly string[];
  /** One of them refused only because it is not set up for it, which somebody may mend: it may be asked again, later. */
  readonly mayMend: boolean;
}

/** An account that refused because of itself is not asked again for this long; provably it has not taken the message. Minutes. */
const MENDING_MIN = 10;

/** Accounts that refused a recipient before, at the hand-over or later, by recipient id; asked only for those that were tried already. */
export async function refusals(hot: pg.Pool, messageIds: readonly string[]): Promise<Map<string, Refusals>> {
  const { rows } = await hot.query<{ recipientId: string; accounts: string[]; mayMend: boolean }>({
    name: 'refusals',
    text: `with refused as (
        select a.recipient_id, r.account_id, a.class is not distinct from 'operator' as ours, a.ended_at as at
        from attempts a join routes r on r.id = a.route_id where a.message_id = any ($1::uuid[]) and a.outcome = 'refused'
        union all select recipient_id, account_id, false, at from reported_refusals where message_id = any ($1::uuid[])
      ), by_account as (
        select recipient_id, account_id, bool_and(ours) as ours, max(at) as at from refused group by recipient_id, account_id
      )
      select recipient_id as "recipientId",
        coalesce(array_agg(account_id) filter (where not ours or at > now() - interval '${MENDING_MIN} minutes'), '{}')::text[] as accounts,
        bool_or(ours) as "mayMend"
      from by_account group by recipient_id`,
    values: [messageIds],
  });
  return new Map(rows.map(({ recipientId, ...row }) => [recipientId, row]));
}

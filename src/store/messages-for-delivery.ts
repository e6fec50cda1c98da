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

/** Accounts that refused a recipient before, at the hand-over or later, by recipient id; asked only for those that were tried already. */
export async function refusals(hot: pg.Pool, messageIds: readonly string[]): Promise<Map<string, string[]>> {
  const { rows } = await hot.query<{ recipientId: string; accountId: string }>({
    name: 'refusals',
    text: `select distinct a.recipient_id as "recipientId", r.account_id as "accountId" from attempts a join routes r on r.id = a.route_id
      where a.message_id = any ($1::uuid[]) and a.outcome = 'refused'
      union select recipient_id, account_id from reported_refusals where message_id = any ($1::uuid[])`,
    values: [messageIds],
  });
  const found = new Map<string, string[]>();
  for (const row of rows) found.set(row.recipientId, [...(found.get(row.recipientId) ?? []), row.accountId]);
  return found;
}

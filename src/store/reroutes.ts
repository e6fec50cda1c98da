// This file keeps the refusals that were reported after a hand-over and sent the recipient another way, and moves it into its new lane. All of
// it happens in the transaction that records the report, on rows that are locked there.
import type pg from 'pg';
import { plainArray, textArray } from './arrays.ts';

/** What is known about a recipient's hand-overs so far. */
export interface HandOverHistory {
  readonly mailboxProvider: string;
  /** The route the row names, and its account: the last hand-over, or the one on the wire. */
  readonly routeId: number | null;
  readonly accountId: string | null;
  /** Accounts of hand-overs that were accepted or of which nobody knows, one entry each. */
  readonly handOvers: readonly (string | null)[];
  /** Accounts that refused it at the hand-over. */
  readonly refusedBy: readonly string[];
  /** Accounts that gave it back later. */
  readonly gaveBack: readonly string[];
}

export interface ReportedRefusal {
  readonly tenantId: string;
  readonly recipientId: string;
  readonly messageId: string;
  readonly accountId: string;
  readonly class: string | null;
  /** Lane it waits in from now on. */
  readonly laneId: number;
}

/** Hand-overs of recipients, by recipient id. A recipient without a row is gone. */
export async function handOverHistories(client: pg.PoolClient, recipientIds: readonly string[]): Promise<Map<string, HandOverHistory>> {
  const { rows } = await client.query<HandOverHistory & { id: string }>({
    name: 'hand-over-histories',
    text: `select r.id, l.mailbox_provider as "mailboxProvider", r.route_id as "routeId", w.account_id as "accountId",
        array(select o.account_id from attempts a left join routes o on o.id = a.route_id
          where a.message_id = r.message_id and a.recipient_id = r.id and a.outcome in ('handed_over', 'unknown') order by a.id)::text[] as "handOvers",
        array(select distinct o.account_id from attempts a join routes o on o.id = a.route_id
          where a.message_id = r.message_id and a.recipient_id = r.id and a.outcome = 'refused')::text[] as "refusedBy",
        array(select p.account_id from reported_refusals p where p.recipient_id = r.id order by p.at)::text[] as "gaveBack"
      from unnest($1::uuid[]) as t(id) join recipients r on r.id = t.id join lanes l on l.id = r.lane_id left join routes w on w.id = r.route_id`,
    values: [plainArray(recipientIds)],
  });
  return new Map(rows.map(({ id, ...row }) => [id, row]));
}

/** Which of these recipients were given back before, and by whom. */
export async function gaveBackBefore(client: pg.PoolClient, recipientIds: readonly string[]): Promise<Map<string, string[]>> {
  const { rows } = await client.query<{ id: string; accounts: string[] }>({
    name: 'gave-back-before',
    text: `select recipient_id as id, array_agg(account_id)::text[] as accounts from reported_refusals
      where recipient_id = any ($1::uuid[]) group by recipient_id`,
    values: [plainArray(recipientIds)],
  });
  return new Map(rows.map(({ id, accounts }) => [id, accounts]));
}

/** Notes who gave what back, and makes the recipients that stand `queued` due in their new lanes. */
export async function sendAnotherWay(client: pg.PoolClient, refusals: readonly ReportedRefusal[]): Promise<void> {
  if (refusals.length === 0) return;
  await client.query({
    name: 'send-another-way',
    text: `with o as (
        select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::int[])
          as t(tenant_id, recipient_id, message_id, account_id, class, lane_id)
      ), noted as (
        insert into reported_refusals (tenant_id, recipient_id, message_id, account_id, class)
        select tenant_id, recipient_id, message_id, account_id, class from o on conflict do nothing
      )
      update recipients r set lane_id = o.lane_id, due_at = now() from o where r.id = o.recipient_id and r.state = 'queued'`,
    values: [
      plainArray(refusals.map((each) => each.tenantId)),
      plainArray(refusals.map((each) => each.recipientId)),
      plainArray(refusals.map((each) => each.messageId)),
      plainArray(refusals.map((each) => each.accountId)),
      textArray(refusals.map((each) => each.class)),
      plainArray(refusals.map((each) => each.laneId)),
    ],
  });
}

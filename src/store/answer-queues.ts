// This file is the queue of raw answers that wait to be read: webhook requests and inbound mails. A reader takes some for a minute; what it
// finishes it removes in the transaction that records the result, so nothing is read twice with effect and nothing is forgotten.
import type pg from 'pg';

export type AnswerQueue = 'webhook_queue' | 'inbound_queue';

export interface TakenWebhook {
  readonly id: string;
  readonly accountId: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly tries: number;
}

export interface TakenInbound {
  readonly id: string;
  readonly tenantId: string | null;
  readonly recipientId: string | null;
  readonly mailFrom: string;
  readonly rcptTo: string;
  readonly raw: Buffer;
  readonly tries: number;
  /** The message it was forwarded as when it was read before. */
  readonly forwardedMessageId: string | null;
}

/** A reader that dies gives its rows back after this. Seconds. */
const TAKEN_S = 60;

/** Bytes of bodies in a reader's memory at once, beyond its first one: reading makes several times as much of them. */
const TAKEN_BYTES_MAX = 32 * 1024 * 1024;

/** Takes due webhook requests, oldest first; fewer when they are large. */
export async function takeWebhooks(pool: pg.Pool, limit: number, bytesMax: number = TAKEN_BYTES_MAX): Promise<TakenWebhook[]> {
  const { rows } = await pool.query<TakenWebhook>({
    name: 'take-webhooks',
    text: `with due as (select id, due_at from webhook_queue where due_at <= now() order by due_at limit $1 for update skip locked),
      sized as (
        select due.id, sum(octet_length(w.body)) over oldest as bytes, row_number() over oldest as place
        from due join webhook_requests w on w.id = due.id window oldest as (order by due.due_at, due.id)
      ), taken as (
        update webhook_queue q set due_at = now() + ${TAKEN_S} * interval '1 second', tries = q.tries + 1 from sized
        where q.id = sized.id and (sized.place = 1 or sized.bytes <= $2)
        returning q.id, q.tries
      )
      select w.id, w.account_id as "accountId", w.method, w.url, w.headers, w.body, taken.tries
      from taken join webhook_requests w on w.id = taken.id order by w.id`,
    values: [limit, bytesMax],
  });
  return rows;
}

/** Takes due inbound mails, oldest first; fewer when they are large. */
export async function takeInbound(pool: pg.Pool, limit: number, bytesMax: number = TAKEN_BYTES_MAX): Promise<TakenInbound[]> {
  const { rows } = await pool.query<TakenInbound>({
    name: 'take-inbound',
    text: `with due as (select id, due_at from inbound_queue where due_at <= now() order by due_at limit $1 for update skip locked),
      sized as (
        select due.id, sum(octet_length(m.raw)) over oldest as bytes, row_number() over oldest as place
        from due join inbound_mails m on m.id = due.id window oldest as (order by due.due_at, due.id)
      ), taken as (
        update inbound_queue q set due_at = now() + ${TAKEN_S} * interval '1 second', tries = q.tries + 1 from sized
        where q.id = sized.id and (sized.place = 1 or sized.bytes <= $2)
        returning q.id, q.tries
      )
      select m.id, m.tenant_id as "tenantId", m.recipient_id as "recipientId", m.mail_from as "mailFrom", m.rcpt_to as "rcptTo", m.raw, taken.tries,
        r.forwarded_message_id as "forwardedMessageId"
      from taken join inbound_mails m on m.id = taken.id left join inbound_readings r on r.id = m.id order by m.id`,
    values: [limit, bytesMax],
  });
  return rows;
}

/** Removes what was read, inside the transaction that recorded it. */
export async function finishAnswers(client: pg.PoolClient, queue: AnswerQueue, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await client.query(`delete from ${queue} where id = any ($1::uuid[])`, [ids]);
}

/** Puts a request off: something it speaks of is not here yet, or reading it failed. `dueAtMs` null parks it for a person (replay). */
export async function postponeAnswer(
  db: pg.Pool | pg.PoolClient,
  queue: AnswerQueue,
  id: string,
  later: { dueAtMs: number | null; error: string | null },
): Promise<void> {
  await db.query(`update ${queue} set due_at = coalesce(to_timestamp($2::float8 / 1000), 'infinity'), error = $3 where id = $1`, [
    id,
    later.dueAtMs,
    later.error,
  ]);
}

/** Puts stored answers back into their queue, to be read again by newer rules. Returns how many. */
export async function replayAnswers(
  pool: pg.Pool,
  queue: AnswerQueue,
  which: { fromId: string; belowId: string; accountId?: string },
): Promise<number> {
  const sql =
    queue === 'webhook_queue'
      ? `insert into webhook_queue (id, account_id) select id, account_id from webhook_requests
         where id >= $1 and id < $2 and ($3::uuid is null or account_id = $3) on conflict (id) do update set due_at = now(), tries = 0`
      : `insert into inbound_queue (id) select id from inbound_mails where id >= $1 and id < $2 and $3::uuid is null
         on conflict (id) do update set due_at = now(), tries = 0`;
  const { rowCount } = await pool.query(sql, [which.fromId, which.belowId, which.accountId ?? null]);
  return rowCount ?? 0;
}

/** How much waits, and what is parked. */
export async function answerBacklog(pool: pg.Pool): Promise<{ queue: AnswerQueue; waiting: number; parked: number }[]> {
  const { rows } = await pool.query<{ queue: AnswerQueue; waiting: number; parked: number }>(
    `select 'webhook_queue' as queue, count(*) filter (where due_at < 'infinity')::int as waiting, count(*) filter (where due_at = 'infinity')::int as parked
     from webhook_queue
     union all
     select 'inbound_queue', count(*) filter (where due_at < 'infinity')::int, count(*) filter (where due_at = 'infinity')::int from inbound_queue`,
  );
  return rows;
}

// This file is the queue of report mails that wait to be read. They lie apart from the other inbound mails: a large report takes minutes, and bounces must not wait for it.
import type pg from 'pg';
import type { Queryable } from './scope.ts';

export interface TakenReportMail {
  readonly id: string;
  readonly mailboxId: string | null;
  readonly mailFrom: string;
  readonly rcptTo: string;
  readonly remoteAddress: string;
  readonly raw: Buffer;
  readonly tries: number;
}

/** A reader that dies gives its mail back after this: the largest report that is read takes a third of it. Seconds. */
const TAKEN_S = 900;

export async function queueReportMails(client: Queryable, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await client.query(
    `insert into report_queue (id) select * from unnest($1::uuid[]) on conflict (id) do update set due_at = now(), tries = 0, error = null`,
    [ids],
  );
}

/** Takes the mail that is due longest, or null. */
export async function takeReportMail(pool: pg.Pool): Promise<TakenReportMail | null> {
  const { rows } = await pool.query<TakenReportMail>(
    `with due as (select id from report_queue where due_at <= now() order by due_at limit 1 for update skip locked),
      taken as (
        update report_queue q set due_at = now() + ${TAKEN_S} * interval '1 second', tries = q.tries + 1 from due where q.id = due.id returning q.id, q.tries
      )
      select m.id, m.mailbox_id as "mailboxId", m.mail_from as "mailFrom", m.rcpt_to as "rcptTo", m.remote_address as "remoteAddress", m.raw, taken.tries
      from taken join inbound_mails m on m.id = taken.id`,
  );
  return rows[0] ?? null;
}

/** Puts a mail off; `inSeconds` null parks it for a person, who sees why and has it read again. */
export async function postponeReportMail(pool: pg.Pool, id: string, later: { inSeconds: number | null; error: string }): Promise<void> {
  await pool.query(
    `update report_queue set due_at = coalesce(now() + $2::float8 * interval '1 second', 'infinity'), error = $3 where id = $1`,
    [id, later.inSeconds, later.error],
  );
  if (later.inSeconds !== null) return;
  await pool.query(`update inbound_readings set kind = 'report', outcome = 'unreadable', note = $2 where id = $1`, [id, later.error]);
}

/** What became of a report mail: the reading says it, the queue lets go of it. `raw` replaces a mail that holds what is not kept. */
export async function finishReportMail(
  client: pg.PoolClient,
  id: string,
  result: { tenantId: string | null; reports: readonly string[]; note: string | null; raw: Buffer | null },
): Promise<void> {
  await client.query('delete from report_queue where id = $1', [id]);
  await client.query(
    `update inbound_readings set kind = 'report', outcome = case when $3::uuid[] = '{}' then 'unmatched' else 'recorded' end, note = $4,
       tenant_id = coalesce(tenant_id, $2), detail = detail || jsonb_build_object('reports', to_jsonb($3::uuid[])) where id = $1`,
    [id, result.tenantId, result.reports, result.note],
  );
  await client.query('update inbound_mails set tenant_id = coalesce(tenant_id, $2), raw = coalesce($3, raw) where id = $1', [
    id,
    result.tenantId,
    result.raw,
  ]);
}

// This file stores who wants to hear of failures by mail, and the notices on their way. A notice is written in the transaction that consumes its event, once per
// recipient, and leaves when the other server took it, or when it may not be handed over.
import type pg from 'pg';
import { jsonText } from './json-text.ts';
import { firstRow, type Plain, plainRow } from './rows.ts';
import type { Queryable } from './scope.ts';

export interface NoticeSettings {
  readonly enabled: boolean;
  /** Null: every class. */
  readonly classes: string[] | null;
  readonly complaints: boolean;
  /** An SMTP account that carries the notices; null: the organisation's own route. */
  readonly account_id: string | null;
}

export const NOTICE_SETTINGS_NONE: NoticeSettings = { enabled: false, classes: null, complaints: false, account_id: null };

const SETTINGS_COLUMNS = 'enabled, classes, complaints, account_id';

export async function readNoticeSettings(db: Queryable, tenantId: string): Promise<NoticeSettings> {
  const { rows } = await db.query<NoticeSettings>(`select ${SETTINGS_COLUMNS} from bounce_notice_settings where tenant_id = $1`, [
    tenantId,
  ]);
  return rows[0] ?? NOTICE_SETTINGS_NONE;
}

/** Settings of those who want notices, by tenant. */
export async function noticeSettingsOf(db: Queryable, tenantIds: readonly string[]): Promise<Map<string, NoticeSettings>> {
  const { rows } = await db.query<NoticeSettings & { tenant_id: string }>(
    `select tenant_id, ${SETTINGS_COLUMNS} from bounce_notice_settings where enabled and tenant_id = any ($1::uuid[])`,
    [tenantIds],
  );
  return new Map(rows.map((row) => [row.tenant_id, row]));
}

export async function writeNoticeSettings(db: Queryable, tenantId: string, settings: NoticeSettings): Promise<NoticeSettings> {
  const { rows } = await db.query<NoticeSettings>(
    `insert into bounce_notice_settings (tenant_id, enabled, classes, complaints, account_id) values ($1, $2, $3, $4, $5)
     on conflict (tenant_id) do update set enabled = excluded.enabled, classes = excluded.classes, complaints = excluded.complaints,
       account_id = excluded.account_id
     returning ${SETTINGS_COLUMNS}`,
    [tenantId, settings.enabled, settings.classes, settings.complaints, settings.account_id],
  );
  return rows[0] ?? settings;
}

/** Why a notice that waits is wanted no longer, or null. */
export function whyUnwanted(notice: { kind: 'failed' | 'complaint'; class: string | null }, settings: NoticeSettings): string | null {
  if (!settings.enabled) return UNWANTED.off;
  if (notice.kind === 'complaint') return settings.complaints ? null : UNWANTED.complaints;
  return settings.classes === null || (notice.class !== null && settings.classes.includes(notice.class)) ? null : UNWANTED.class;
}

const UNWANTED = {
  off: 'The organisation switched notices off.',
  complaints: 'The organisation wants no notices of complaints any more.',
  class: 'The organisation wants no notices of this class any more.',
} as const;

/** Ends what waits and is wanted no longer, by the rule of whyUnwanted. Returns how many. What is on the wire at this moment stays what it becomes. */
export async function dropUnwanted(db: Queryable, tenantId: string, settings: NoticeSettings): Promise<number> {
  const { rowCount } = await db.query(
    `update bounce_notices set state = 'dropped', ended_at = now(),
       reply = case when not $2::boolean then $5 when kind = 'complaint' then $6 else $7 end
     where tenant_id = $1 and state = 'due' and (not $2::boolean or case when kind = 'complaint' then not $3::boolean
       else $4::text[] is not null and (class is null or class <> all ($4::text[])) end)`,
    [tenantId, settings.enabled, settings.complaints, settings.classes, UNWANTED.off, UNWANTED.complaints, UNWANTED.class],
  );
  return rowCount ?? 0;
}

export interface NewNotice {
  readonly tenantId: string;
  readonly id: string;
  readonly recipientId: string;
  readonly messageId: string;
  readonly kind: 'failed' | 'complaint';
  readonly to: string;
  readonly address: string;
  readonly class: string | null;
  readonly atMs: number;
}

/** Writes notices that are due at once; a second one about the same recipient is left out. */
export async function queueNotices(client: pg.PoolClient, notices: readonly NewNotice[]): Promise<void> {
  if (notices.length === 0) return;
  await client.query(
    `insert into bounce_notices (tenant_id, id, recipient_id, message_id, kind, to_address, address, class, at)
     select "tenantId", id, "recipientId", "messageId", kind, "to", address, class, to_timestamp("atMs" / 1000)
     from jsonb_to_recordset($1::jsonb) as t("tenantId" uuid, id uuid, "recipientId" uuid, "messageId" uuid, kind text, "to" text, address text,
       class text, "atMs" float8)
     on conflict (recipient_id, kind) do nothing`,
    [jsonText(notices)],
  );
}

export interface DueNotice extends NewNotice {
  readonly tries: number;
}

/** A sender that dies gives its notices back after this. Seconds. */
const TAKEN_S = 120;
/** The same for the one on the wire: an SMTP server may take ten minutes for its last answer (RFC 5321 §4.5.3.2.6). Seconds. */
const SENDING_S = 900;

/** Takes due notices, in turn from every tenant that has some, its oldest first; of one tenant no more than fit into its minute. */
export async function takeNotices(pool: pg.Pool, limits: { rows: number; perTenantMinute: number }): Promise<DueNotice[]> {
  const { rows } = await pool.query<DueNotice>({
    name: 'take-notices',
    text: `with due as materialized (
        select n.id from bounce_notice_settings t
        cross join lateral (
          select count(*) as count from bounce_notices d where d.tenant_id = t.tenant_id and d.ended_at > now() - interval '1 minute'
        ) used
        cross join lateral (
          select id, due_at, row_number() over (order by due_at) as place from bounce_notices
          where tenant_id = t.tenant_id and state = 'due' and due_at <= now() order by due_at limit $1
        ) n
        where used.count + n.place <= $2
        order by n.place, n.due_at limit $1
      ), taken as (
        select n.id from bounce_notices n join due on due.id = n.id where n.state = 'due' and n.due_at <= now() for update of n skip locked
      )
      update bounce_notices n set due_at = now() + ${TAKEN_S} * interval '1 second', tries = n.tries + 1 from taken where n.id = taken.id
      returning n.tenant_id as "tenantId", n.id, n.recipient_id as "recipientId", n.message_id as "messageId", n.kind, n.to_address as "to",
        n.address, n.class, extract(epoch from n.at)::float8 * 1000 as "atMs", n.tries`,
    values: [limits.rows, limits.perTenantMinute],
  });
  return rows;
}

/** Keeps a taken notice for its hand-over. False when its time was over and somebody else took it, or when it was ended meanwhile. */
export async function keepNotice(pool: pg.Pool, notice: Pick<DueNotice, 'id' | 'tries'>): Promise<boolean> {
  const { rowCount } = await pool.query(
    `update bounce_notices set due_at = now() + ${SENDING_S} * interval '1 second' where id = $1 and tries = $2 and state = 'due'`,
    [notice.id, notice.tries],
  );
  return rowCount === 1;
}

/** How many notices went to one address in the last hour. */
export async function noticesTo(pool: pg.Pool, tenantId: string, address: string): Promise<number> {
  const { rows } = await pool.query<{ count: number }>(
    `select count(*)::int as count from bounce_notices
     where tenant_id = $1 and to_address = $2 and state = 'handed_over' and ended_at > now() - interval '1 hour'`,
    [tenantId, address],
  );
  return rows[0]?.count ?? 0;
}

/** Ends a notice, or puts it off; one that was ended meanwhile is not put off. */
export async function settleNotice(
  pool: pg.Pool,
  id: string,
  result: { state: 'handed_over' | 'dropped' | 'dead' | 'due'; reply: string; dueAtMs: number | null },
): Promise<void> {
  await pool.query(
    `update bounce_notices set state = $2, reply = $3, due_at = coalesce(to_timestamp($4::float8 / 1000), due_at),
       ended_at = case when $2 = 'due' then null else now() end
     where id = $1 and ($2 <> 'due' or state = 'due')`,
    [id, result.state, result.reply, result.dueAtMs],
  );
}

/** Forgets notices that ended before then. */
export async function forgetNotices(pool: pg.Pool, days: number): Promise<void> {
  await pool.query(`delete from bounce_notices where ended_at < now() - $1 * interval '1 day'`, [days]);
}

interface NoticeRow {
  readonly id: string;
  readonly recipient_id: string;
  readonly message_id: string;
  readonly kind: string;
  readonly to: string;
  readonly address: string;
  readonly class: string | null;
  readonly at: Date;
  readonly state: string;
  readonly tries: number;
  readonly reply: string | null;
  readonly ended_at: Date | null;
}

export type Notice = Plain<NoticeRow>;

/** The last notices of a tenant, newest first, and how many stand in each state over the last day. */
export async function readNotices(
  db: Queryable,
  tenantId: string,
  limit: number,
): Promise<{ counts: Record<string, number>; last: Notice[] }> {
  const { rows: counted } = await db.query<{ state: string; count: number }>(
    `select state, count(*)::int as count from bounce_notices
     where tenant_id = $1 and (state = 'due' or ended_at > now() - interval '1 day') group by state`,
    [tenantId],
  );
  const { rows } = await db.query<NoticeRow>(
    `select id, recipient_id, message_id, kind, to_address as "to", address, class, at, state, tries, reply, ended_at from bounce_notices
     where tenant_id = $1 order by id desc limit $2`,
    [tenantId, limit],
  );
  return { counts: Object.fromEntries(counted.map(({ state, count }) => [state, count])), last: rows.map(plainRow) };
}

/** True when the account exists and can carry notices. */
export async function isSmtpAccount(db: Queryable, accountId: string): Promise<boolean> {
  const { rows } = await db.query<{ id: string }>(
    `select id from provider_accounts where id = $1 and provider = 'smtp' and state <> 'removed'`,
    [accountId],
  );
  return firstRow(rows) !== null;
}

// This file queues mail that the desk writes by itself (confirmations, digests, alerts) in the transaction that is the reason for it, and gives it out to be
// handed in. Until then its content is encrypted, because links in it may let somebody act.
import type { Keys } from './keys.ts';
import type { Queryable } from './scope.ts';

export interface SystemMail {
  readonly id: string;
  /** Whom it is about; null: the platform. */
  readonly tenantId: string | null;
  /** What it is, for tags and statistics: `sender-confirmation`. Letters and hyphens. */
  readonly kind: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string | null;
}

export interface DueSystemMail extends SystemMail {
  readonly tries: number;
  readonly createdMs: number;
}

/** Whoever took a mail and died gives it back after this. Seconds. */
const TAKEN_S = 60;

/** Queues a mail; it leaves only if the transaction of `db` commits. */
export async function queueSystemMail(db: Queryable, keys: Keys, mail: SystemMail): Promise<void> {
  const { subject, text, html } = mail;
  await db.query('insert into system_mails (tenant_id, id, kind, to_address, sealed) values ($1, $2, $3, $4, $5)', [
    mail.tenantId,
    mail.id,
    mail.kind,
    mail.to,
    keys.seal('system-mail', mail.id, JSON.stringify({ subject, text, html })),
  ]);
}

/** Takes mails that are due; each is given to one caller. */
export async function takeSystemMails(db: Queryable, keys: Keys, limit: number): Promise<DueSystemMail[]> {
  const { rows } = await db.query<{
    id: string;
    tenantId: string | null;
    kind: string;
    to: string;
    sealed: Buffer;
    tries: number;
    createdMs: number;
  }>(
    `with due as (select id from system_mails where state = 'due' and due_at <= now() order by due_at limit $1 for update skip locked)
     update system_mails m set due_at = now() + ${TAKEN_S} * interval '1 second', tries = least(m.tries + 1, 1000) from due where m.id = due.id
     returning m.id, m.tenant_id as "tenantId", m.kind, m.to_address as "to", m.sealed, m.tries, extract(epoch from m.created_at)::float8 * 1000 as "createdMs"`,
    [limit],
  );
  return rows.map(({ sealed, ...row }) => {
    // Sealed by queueSystemMail above.
    const content = JSON.parse(keys.open('system-mail', row.id, sealed)) as Pick<SystemMail, 'subject' | 'text' | 'html'>;
    return { ...row, ...content };
  });
}

/** Writes down what became of a mail: it is a message now, or will not be one. Its content goes. */
export async function endSystemMail(db: Queryable, id: string, end: { messageId: string } | { note: string }): Promise<void> {
  const accepted = 'messageId' in end;
  await db.query('update system_mails set state = $2, sealed = null, message_id = $3, note = $4 where id = $1', [
    id,
    accepted ? 'accepted' : 'dropped',
    accepted ? end.messageId : null,
    accepted ? null : end.note,
  ]);
}

export async function postponeSystemMail(db: Queryable, id: string, dueAtMs: number): Promise<void> {
  await db.query('update system_mails set due_at = to_timestamp($2::float8 / 1000) where id = $1', [id, dueAtMs]);
}

export async function forgetSystemMails(db: Queryable, beforeMs: number): Promise<void> {
  await db.query(`delete from system_mails where state <> 'due' and created_at < to_timestamp($1::float8 / 1000)`, [beforeMs]);
}

// This file stores which mail of a released hold is still to be handed in again. Rows are written in the transaction of the release and forgotten when the
// mail was taken or refused for good.
import type pg from 'pg';
import { plainArray, textArray } from './arrays.ts';
import type { Queryable } from './scope.ts';
import type { StoppedMail } from './stopped-mail.ts';

/** Mail that was left over, with what its message says; null: the message is stored no longer. */
export interface LeftOver {
  readonly tenantId: string;
  readonly holdId: string;
  readonly messageId: string;
  readonly credentialId: string | null;
  /** Milliseconds since 1970. */
  readonly askedAtMs: number;
  readonly mail: StoppedMail | null;
}

/** How long whoever took mail may work on it before another does. */
const IN_HAND_MS = 5 * 60_000;

/** Writes down what is to be handed in; it is in the caller's hands for some minutes. */
export async function noteResends(
  db: Queryable,
  of: { readonly tenantId: string; readonly holdId: string; readonly credentialId: string | null },
  mails: readonly StoppedMail[],
): Promise<void> {
  if (mails.length === 0) return;
  await db.query(
    `insert into stopped_resends (tenant_id, hold_id, credential_id, message_id, address, due_at)
     select $1, $2, $3, message_id, address, now() + $6 * interval '1 millisecond' from unnest($4::uuid[], $5::text[]) as t(message_id, address)
     on conflict do nothing`,
    [
      of.tenantId,
      of.holdId,
      of.credentialId,
      plainArray(mails.map(({ messageId }) => messageId)),
      textArray(mails.map(({ address }) => address)),
      IN_HAND_MS,
    ],
  );
}

/** Forgets mail that was handed in, or never can be. */
export async function forgetResends(pool: pg.Pool, tenantId: string, holdId: string, messageIds: readonly string[]): Promise<void> {
  if (messageIds.length === 0) return;
  await pool.query('delete from stopped_resends where tenant_id = $1 and hold_id = $2 and message_id = any ($3::uuid[])', [
    tenantId,
    holdId,
    plainArray(messageIds),
  ]);
}

/** Takes the oldest mail that nobody works on, of all tenants, into the caller's hands. */
export async function takeLeftOver(pool: pg.Pool, limit: number): Promise<LeftOver[]> {
  const { rows } = await pool.query<
    Omit<LeftOver, 'mail'> & { readonly address: string } & Pick<StoppedMail, 'mailFrom' | 'tags' | 'metadata'> & {
        readonly stream: StoppedMail['stream'] | null;
      }
  >(
    `with taken as (
       update stopped_resends s set due_at = now() + $2 * interval '1 millisecond'
       where (s.tenant_id, s.hold_id, s.message_id) in
         (select tenant_id, hold_id, message_id from stopped_resends where due_at <= now() order by due_at limit $1 for update skip locked)
       returning s.*
     )
     select t.tenant_id as "tenantId", t.hold_id as "holdId", t.message_id as "messageId", t.credential_id as "credentialId", t.address,
       extract(epoch from t.asked_at)::float8 * 1000 as "askedAtMs", m.stream, m.mail_from as "mailFrom", m.tags, m.metadata
     from taken t left join messages m on m.id = t.message_id and m.tenant_id = t.tenant_id
     order by t.asked_at, t.message_id desc`,
    [limit, IN_HAND_MS],
  );
  return rows.map(({ address, stream, mailFrom, tags, metadata, ...row }) => ({
    ...row,
    mail: stream === null ? null : { messageId: row.messageId, stream, mailFrom, tags, metadata, address },
  }));
}

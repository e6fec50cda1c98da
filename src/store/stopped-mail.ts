// This file finds the mail that a hold stopped: it is still stored, so a person who ends the hold can have it handed in again.
import type { Stream } from '../delivery/states.ts';
import type { Queryable } from './scope.ts';

export interface StoppedMail {
  readonly messageId: string;
  readonly stream: Stream;
  readonly mailFrom: string;
  readonly tags: readonly string[];
  readonly metadata: Readonly<Record<string, string>> | null;
  /** As it was written in that message. */
  readonly address: string;
}

/**
 * Messages to an address, without their bytes, newest first, that ended because of a hold: suppressed by it, or refused with its class. `sinceId`: id floor of the oldest
 * one wanted.
 */
export async function findStoppedMail(
  db: Queryable,
  tenantId: string,
  which: { address: string; reason: string; stream: string | null; sinceId: string; limit: number },
): Promise<StoppedMail[]> {
  const { rows } = await db.query<StoppedMail>(
    `select m.id as "messageId", m.stream, m.mail_from as "mailFrom", m.tags, m.metadata, r.address
     from recipients r join messages m on m.id = r.message_id
     where r.tenant_id = $1 and lower(r.address) = $2 and r.id >= $3 and r.state in ('suppressed', 'bounced', 'failed', 'expired') and r.reason = $4
       and ($5::text is null or r.stream::text = $5)
     order by r.id desc limit $6`,
    [tenantId, which.address, which.sinceId, which.reason, which.stream, which.limit],
  );
  return rows;
}

// This file stores confirmation mails of senders: what was asked, when, and whether somebody answered. Of a link's token only a hash is kept.
import type { Language } from '../language.ts';
import type { Queryable } from './scope.ts';

export interface NewConfirmation {
  readonly id: string;
  readonly senderId: string;
  readonly address: string;
  readonly tokenHash: Buffer;
  readonly language: Language;
  readonly expiresMs: number;
}

export async function writeConfirmation(db: Queryable, tenantId: string, confirmation: NewConfirmation): Promise<void> {
  await db.query(
    `insert into sender_confirmations (tenant_id, id, sender_id, address, token_hash, language, expires_at)
     values ($1, $2, $3, $4, $5, $6, to_timestamp($7::float8 / 1000))`,
    [
      tenantId,
      confirmation.id,
      confirmation.senderId,
      confirmation.address,
      confirmation.tokenHash,
      confirmation.language,
      confirmation.expiresMs,
    ],
  );
}

export interface ConfirmationsLately {
  /** Mails to the address within 24 hours, whoever asked for them, and when the oldest of them went. */
  readonly toAddress: number;
  readonly oldestToAddress: Date | null;
  /** Mails of the organisation within 24 hours. */
  readonly ofTenant: number;
}

/** Counts under a lock that ends with the transaction, so that requests at the same moment do not pass the limit together. */
export async function countConfirmations(db: Queryable, tenantId: string, address: string): Promise<ConfirmationsLately> {
  await db.query('select pg_advisory_xact_lock(hashtextextended($1, 34))', [tenantId]);
  await db.query('select pg_advisory_xact_lock(hashtextextended($1, 35))', [address]);
  const { rows } = await db.query<ConfirmationsLately>(
    `select a.mails as "toAddress", a.oldest as "oldestToAddress",
       (select count(*)::int from sender_confirmations where tenant_id = $1 and sent_at > now() - interval '24 hours') as "ofTenant"
     from confirmations_within_a_day($2) a`,
    [tenantId, address],
  );
  return rows[0] ?? { toAddress: 0, oldestToAddress: null, ofTenant: 0 };
}

export interface AskedConfirmation {
  readonly tenantId: string;
  readonly id: string;
  readonly senderId: string;
  readonly address: string;
  readonly organisation: string;
  readonly language: Language;
  /** open: the button works · used: it was pressed · confirmed: another way · over: expired, or the sender is gone. */
  readonly state: 'open' | 'used' | 'confirmed' | 'over';
}

/** What a link asks, or null when nobody has it. */
export async function findConfirmation(db: Queryable, tokenHash: Buffer): Promise<AskedConfirmation | null> {
  const { rows } = await db.query<AskedConfirmation>(
    `select c.tenant_id as "tenantId", c.id, c.sender_id as "senderId", c.address, t.name as organisation, c.language,
       case when s.id is null then 'over' when c.used_at is not null then 'used' when s.verified_at is not null then 'confirmed'
         when c.expires_at <= now() then 'over' else 'open' end as state
     from sender_confirmations c join tenants t on t.id = c.tenant_id
       left join senders s on s.id = c.sender_id and s.tenant_id = c.tenant_id and s.address = c.address
     where c.token_hash = $1`,
    [tokenHash],
  );
  return rows[0] ?? null;
}

/** Takes an open link, once: the sender is confirmed, and its other links end. Null: it was not open. */
export async function useConfirmation(
  db: Queryable,
  tokenHash: Buffer,
): Promise<{ tenantId: string; id: string; senderId: string; address: string } | null> {
  const { rows } = await db.query<{ tenantId: string; id: string; senderId: string; address: string }>(
    `update sender_confirmations c set used_at = now() from senders s
     where c.token_hash = $1 and c.used_at is null and c.expires_at > now()
       and s.id = c.sender_id and s.tenant_id = c.tenant_id and s.address = c.address and s.verified_at is null
     returning c.tenant_id as "tenantId", c.id, c.sender_id as "senderId", c.address`,
    [tokenHash],
  );
  const [used] = rows;
  if (!used) return null;
  await db.query(`update senders set verified_at = now(), verified_by = 'mail' where tenant_id = $1 and id = $2`, [
    used.tenantId,
    used.senderId,
  ]);
  await db.query(
    'update sender_confirmations set expires_at = least(expires_at, now()) where tenant_id = $1 and sender_id = $2 and used_at is null',
    [used.tenantId, used.senderId],
  );
  return used;
}

/** Removes links that ended long ago. */
export async function forgetConfirmations(db: Queryable, beforeMs: number): Promise<void> {
  await db.query('delete from sender_confirmations where expires_at < to_timestamp($1::float8 / 1000)', [beforeMs]);
}

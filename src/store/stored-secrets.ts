// This file reads every secret that is stored encrypted, whatever it belongs to, and puts the same secret in its place under another key.
import type pg from 'pg';
import { inTransaction } from './feedback.ts';
import type { Queryable } from './scope.ts';
import type { VaultPurpose } from './vault.ts';

export type SecretKind =
  | 'provider-secret'
  | 'provider-webhook-password'
  | 'mailbox-secret'
  | 'access-token'
  | 'webhook-secret'
  | 'dkim-key'
  | 'rewriting-key'
  | 'system-mail';

export interface StoredSecret {
  readonly kind: SecretKind;
  readonly id: string;
  readonly tenantId: string | null;
  /** What a person knows it by: a name of an account, an address of a webhook without its query, a name in DNS. */
  readonly name: string;
  readonly sealed: Buffer;
}

/** Every secret that is stored encrypted, the key it was encrypted with (`original`: it names none) and the words a person knows it by. */
export const STORED_SECRETS = `
  select 'provider-secret' as kind, id, null::uuid as tenant_id, name, secret as sealed, secret_key_of(secret) as key from provider_accounts
  union all select 'provider-webhook-password', id, null, name, webhook_password, secret_key_of(webhook_password) from provider_accounts
  union all select 'mailbox-secret', id, null, name, secret, secret_key_of(secret) from mailboxes
  union all select 'access-token', t.owner_id, null, coalesce(a.name, m.name, ''), t.secret, secret_key_of(t.secret)
    from access_tokens t left join provider_accounts a on a.id = t.owner_id left join mailboxes m on m.id = t.owner_id
  union all select 'webhook-secret', id, tenant_id, split_part(url, '?', 1), secret, secret_key_of(secret) from webhook_endpoints
  union all select 'dkim-key', k.id, k.tenant_id, k.selector || '._domainkey.' || d.name, k.private_key, secret_key_of(k.private_key)
    from dkim_keys k join sending_domains d on d.id = k.domain_id
  union all select 'rewriting-key', id, null, selector || '._domainkey.' || domain, private_key, secret_key_of(private_key) from rewriting_keys
  union all select 'system-mail', id, tenant_id, kind, sealed, secret_key_of(sealed) from system_mails`;

/** The purpose it was sealed for. */
export const purposeOf = (kind: SecretKind): VaultPurpose => (kind === 'rewriting-key' ? 'dkim-key' : kind);

/** A secret that changed meanwhile stays as it is: it was written with the new key, or comes with the next look. */
const REPLACE = {
  'provider-secret': 'update provider_accounts set secret = $3 where id = $1 and secret = $2',
  'provider-webhook-password': 'update provider_accounts set webhook_password = $3 where id = $1 and webhook_password = $2',
  'mailbox-secret': 'update mailboxes set secret = $3 where id = $1 and secret = $2',
  'access-token': 'update access_tokens set secret = $3 where owner_id = $1 and secret = $2',
  'webhook-secret': 'update webhook_endpoints set secret = $3 where id = $1 and secret = $2',
  'dkim-key': 'update dkim_keys set private_key = $3 where id = $1 and private_key = $2',
  'rewriting-key': 'update rewriting_keys set private_key = $3 where id = $1 and private_key = $2',
  'system-mail': 'update system_mails set sealed = $3 where id = $1 and sealed = $2',
} as const satisfies Record<SecretKind, string>;

/** How many secrets each key encrypted; `original`: those that name no key. */
export async function countSecrets(db: Queryable): Promise<Map<string, number>> {
  const { rows } = await db.query<{ key: string; n: number }>(
    `select key, count(*)::int as n from (${STORED_SECRETS}) stored where key is not null group by key`,
  );
  return new Map(rows.map(({ key, n }) => [key, n]));
}

/** Secrets in a fixed order, behind `after`; `notWith`: only those that were not encrypted with this key (an id, or `original`). */
export async function listSecrets(
  db: Queryable,
  page: { notWith: string | null; after: Pick<StoredSecret, 'kind' | 'id'> | null; limit: number },
): Promise<StoredSecret[]> {
  const { rows } = await db.query<StoredSecret>(
    `select kind, id, tenant_id as "tenantId", name, sealed from (${STORED_SECRETS}) stored
     where key is not null and ($1::text is null or key <> $1) and ($2::text is null or (kind, id) > ($2, $3::uuid)) order by kind, id limit $4`,
    [page.notWith, page.after?.kind ?? null, page.after?.id ?? null, page.limit],
  );
  return rows;
}

/** Puts secrets in place of what they were, in one transaction. */
export async function replaceSecrets(pool: pg.Pool, changes: readonly { secret: StoredSecret; sealed: Buffer }[]): Promise<void> {
  await inTransaction(pool, async (client) => {
    for (const { secret, sealed } of changes) await client.query(REPLACE[secret.kind], [secret.id, secret.sealed, sealed]);
  });
}

// This file stores the DKIM key of the rewriting domain. One key signs for every organisation: its names lie below the domain, and DMARC aligns them by default.
import type { Keys } from './keys.ts';
import type { Queryable } from './scope.ts';

export interface RewritingKey {
  readonly id: string;
  readonly selector: string;
  /** PKCS#8 PEM. */
  readonly privateKey: string;
  /** SubjectPublicKeyInfo as base64. */
  readonly publicKey: string;
}

/** The newest key of the domain, or null. */
export async function readRewritingKey(db: Queryable, keys: Keys, domain: string): Promise<RewritingKey | null> {
  const { rows } = await db.query<{ id: string; selector: string; private_key: Buffer; public_key: string }>(
    'select id, selector, private_key, public_key from rewriting_keys where domain = $1 order by id desc limit 1',
    [domain],
  );
  const [row] = rows;
  if (!row) return null;
  const { id, selector, private_key: sealed, public_key: publicKey } = row;
  return { id, selector, publicKey, privateKey: keys.open('dkim-key', id, sealed) };
}

export async function createRewritingKey(db: Queryable, keys: Keys, domain: string, key: RewritingKey): Promise<void> {
  await db.query('insert into rewriting_keys (id, domain, selector, private_key, public_key) values ($1, $2, $3, $4, $5)', [
    key.id,
    domain,
    key.selector,
    keys.seal('dkim-key', key.id, key.privateKey),
    key.publicKey,
  ]);
}

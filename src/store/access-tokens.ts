// This file keeps access tokens and the refresh tokens that came with them, encrypted, for provider accounts and bounce mailboxes that log in without a
// password. One process at a time holds the right to ask an endpoint: a refresh token that is good for one use must not be used by two.
import type { Keys } from './keys.ts';
import type { Queryable } from './scope.ts';

/** What an endpoint issued, and for which question: an answer to another one is of no use. */
export interface KeptTokens {
  /** Digest of endpoint, application and the refresh token that a person gave; the one below came in its place. */
  readonly root: string;
  readonly refreshToken: string | null;
  /** Digest of the whole grant. */
  readonly asked: string;
  readonly accessToken: string;
  /** When it is no longer good, milliseconds since 1970. */
  readonly expiresMs: number;
}

export async function readTokens(db: Queryable, keys: Keys, ownerId: string): Promise<KeptTokens | null> {
  const { rows } = await db.query<{ secret: Buffer | null }>('select secret from access_tokens where owner_id = $1', [ownerId]);
  return opened(keys, ownerId, rows[0]?.secret ?? null);
}

/**
 * Takes the right to ask for new tokens, for so many seconds; whoever has it may take it again. Answers what is kept now; null: another process asks, or the owner is gone.
 */
export async function holdTokens(
  db: Queryable,
  keys: Keys,
  { ownerId, holder, seconds }: { ownerId: string; holder: string; seconds: number },
): Promise<{ kept: KeptTokens | null } | null> {
  const { rows } = await db.query<{ secret: Buffer | null }>(
    `insert into access_tokens as kept (owner_id, holder, held_until)
     select $1::uuid, $2::uuid, now() + $3 * interval '1 second'
     where exists (select from provider_accounts where id = $1 and state <> 'removed') or exists (select from mailboxes where id = $1 and state <> 'removed')
     on conflict (owner_id) do update set holder = excluded.holder, held_until = excluded.held_until
       where kept.held_until is null or kept.held_until < now() or kept.holder = excluded.holder
     returning secret`,
    [ownerId, holder, seconds],
  );
  const [row] = rows;
  return row ? { kept: opened(keys, ownerId, row.secret) } : null;
}

/** Writes new tokens down and gives the right back. False: it was no longer ours, or the owner is gone, and nothing was written. */
export async function keepTokens(
  db: Queryable,
  keys: Keys,
  { ownerId, holder, tokens }: { ownerId: string; holder: string; tokens: KeptTokens },
): Promise<boolean> {
  const { rowCount } = await db.query(
    'update access_tokens set secret = $3, holder = null, held_until = null, changed_at = now() where owner_id = $1 and holder = $2',
    [ownerId, holder, keys.seal('access-token', ownerId, JSON.stringify(tokens))],
  );
  return rowCount === 1;
}

/** Gives the right back with nothing new. */
export async function releaseTokens(db: Queryable, ownerId: string, holder: string): Promise<void> {
  await db.query('update access_tokens set holder = null, held_until = null where owner_id = $1 and holder = $2', [ownerId, holder]);
}

function opened(keys: Keys, ownerId: string, secret: Buffer | null): KeptTokens | null {
  // What was sealed here is this object.
  return secret === null ? null : (JSON.parse(keys.open('access-token', ownerId, secret)) as KeptTokens);
}

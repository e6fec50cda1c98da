// This file stores console sessions: the cookie's token as HMAC, the CSRF token that unsafe requests must repeat, and when it ends.
import { randomBytes } from 'node:crypto';
import type { PersonRole } from '../tenancy/principal.ts';
import type { Keys } from './keys.ts';
import type { Queryable } from './scope.ts';

/** A session ends after this much silence … */
export const SESSION_IDLE_HOURS = 12;
/** … and after this long in any case. */
const SESSION_DAYS_MAX = 7;
const TOKEN_BYTES = 32;

export interface Session {
  readonly operator_id: string;
  readonly login: string;
  readonly role: PersonRole;
  readonly tenant_id: string | null;
  readonly tenant_state: 'active' | 'suspended' | null;
  readonly csrf_token: string;
}

/** Opens a session and notes the log-in; `token` goes into the cookie and is kept nowhere. */
export async function createSession(db: Queryable, keys: Keys, operatorId: string): Promise<{ token: string; csrfToken: string }> {
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  const csrfToken = randomBytes(TOKEN_BYTES).toString('base64url');
  await db.query(
    `with noted as (update operators set last_login_at = now() where id = $2), old as (delete from sessions where expires_at < now())
     insert into sessions (token_hash, operator_id, csrf_token, expires_at) values ($1, $2, $3, now() + make_interval(hours => $4))`,
    [keys.hash(token), operatorId, csrfToken, SESSION_IDLE_HOURS],
  );
  return { token, csrfToken };
}

/** The session of a cookie, or null when there is none or it ended. Use prolongs it, written at most about once an hour. */
export async function findSession(db: Queryable, tokenHash: Buffer): Promise<Session | null> {
  const { rows } = await db.query<Session & { stale: boolean }>({
    name: 'find-session',
    text: `select s.operator_id, o.login, o.role, o.tenant_id, t.state as tenant_state, s.csrf_token,
        s.expires_at < now() + make_interval(hours => $2 - 1) and s.created_at > now() - make_interval(days => $3) as stale
      from sessions s join operators o on o.id = s.operator_id left join tenants t on t.id = o.tenant_id
      where s.token_hash = $1 and s.expires_at > now()`,
    values: [tokenHash, SESSION_IDLE_HOURS, SESSION_DAYS_MAX],
  });
  const [row] = rows;
  if (!row) return null;
  if (row.stale) {
    await db.query(
      `update sessions set expires_at = least(now() + make_interval(hours => $2), created_at + make_interval(days => $3)) where token_hash = $1`,
      [tokenHash, SESSION_IDLE_HOURS, SESSION_DAYS_MAX],
    );
  }
  const { stale: _, ...session } = row;
  return session;
}

export async function deleteSession(db: Queryable, tokenHash: Buffer): Promise<void> {
  await db.query('delete from sessions where token_hash = $1', [tokenHash]);
}

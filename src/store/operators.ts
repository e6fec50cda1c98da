// This file stores the people who log in: argon2id hashes of their passwords (RFC 9106), their roles, and the tenant they belong to, if any.
import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { PersonRole } from '../tenancy/principal.ts';
import { makeFilters } from './filters.ts';
import { firstRow, type Plain, plainRow } from './rows.ts';
import type { Queryable, Scope } from './scope.ts';

export interface PersonRow {
  readonly id: string;
  readonly login: string;
  readonly role: PersonRole;
  readonly tenant_id: string | null;
  readonly created_at: Date;
  readonly last_login_at: Date | null;
}

export type Person = Plain<PersonRow>;

/** The second recommended option of RFC 9106 §4 (64 MiB, 3 passes) with one lane: some 150 ms of one core, on the thread pool. */
const MEMORY_KIB = 65_536;
const PASSES = 3;
const LANES = 1;
const TAG_BYTES = 32;
const SALT_BYTES = 16;
const HASH_FORM = /^\$argon2id\$v=19\$m=(\d{4,7}),t=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;
const COLUMNS = 'id, login, role, tenant_id, created_at, last_login_at';

const derive = promisify(argon2);

/** A PHC string (`$argon2id$v=19$m=…`). */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const tag = await derive('argon2id', {
    message: password,
    nonce: salt,
    parallelism: LANES,
    tagLength: TAG_BYTES,
    memory: MEMORY_KIB,
    passes: PASSES,
  });
  return `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=${LANES}$${unpadded(salt)}$${unpadded(tag)}`;
}

/** True when the password is the one of this hash. A null hash (nobody has this login) takes just as long and is false. */
export async function verifyPassword(password: string, hash: string | null): Promise<boolean> {
  const parts = hash === null ? null : HASH_FORM.exec(hash);
  const expected = Buffer.from(parts?.[5] ?? '', 'base64');
  const tag = await derive('argon2id', {
    message: password,
    nonce: parts ? Buffer.from(parts[4] ?? '', 'base64') : Buffer.alloc(SALT_BYTES),
    parallelism: Number(parts?.[3] ?? LANES),
    tagLength: expected.length || TAG_BYTES,
    memory: Number(parts?.[1] ?? MEMORY_KIB),
    passes: Number(parts?.[2] ?? PASSES),
  });
  return parts !== null && tag.length === expected.length && timingSafeEqual(tag, expected);
}

/** Logins are compared in lower case. Throws a unique violation when the login is taken. */
export async function createOperator(
  db: Queryable,
  person: { id: string; login: string; passwordHash: string; role: PersonRole; tenantId: string | null },
): Promise<Person> {
  const { rows } = await db.query<PersonRow>(
    `insert into operators (id, login, password_hash, role, tenant_id) values ($1, lower($2), $3, $4, $5) returning ${COLUMNS}`,
    [person.id, person.login, person.passwordHash, person.role, person.tenantId],
  );
  const made = firstRow(rows);
  if (!made) throw new Error('an insert answered no row');
  return made;
}

/** For the log-in alone: the one place that reads the hash. */
export async function findOperatorByLogin(
  db: Queryable,
  login: string,
): Promise<{ id: string; login: string; password_hash: string; tenant_state: string | null } | null> {
  const { rows } = await db.query<{ id: string; login: string; password_hash: string; tenant_state: string | null }>(
    `select o.id, o.login, o.password_hash, t.state as tenant_state from operators o left join tenants t on t.id = o.tenant_id
     where o.login = lower($1)`,
    [login],
  );
  return rows[0] ?? null;
}

export async function listOperators(db: Queryable, tenantId: Scope, page: { after: string | null; limit: number }): Promise<Person[]> {
  const filters = makeFilters().add('tenant_id = ?', tenantId).add('id > ?', page.after);
  const { rows } = await db.query<PersonRow>(
    `select ${COLUMNS} from operators ${filters.where} order by id limit ${filters.param(page.limit)}`,
    filters.values,
  );
  return rows.map(plainRow);
}

/** A new password or role; open sessions end, so that a stolen one does too. */
export async function updateOperator(
  db: Queryable,
  change: { id: string; passwordHash?: string | undefined; role?: PersonRole | undefined; keepSession?: Buffer | undefined },
): Promise<Person | null> {
  const { rows } = await db.query<PersonRow>(
    `with ended as (delete from sessions where operator_id = $1 and ($4::bytea is null or token_hash <> $4))
     update operators set password_hash = coalesce($2, password_hash), role = coalesce($3, role) where id = $1 returning ${COLUMNS}`,
    [change.id, change.passwordHash ?? null, change.role ?? null, change.keepSession ?? null],
  );
  return firstRow(rows);
}

/** Holds the owners of the platform until the transaction ends, so that two of them cannot leave at one moment; answers their ids. */
export async function lockOwners(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    `select id from operators where role = 'owner' and tenant_id is null order by id for update`,
  );
  return rows.map(({ id }) => id);
}

/** Removes a person and ends their sessions. The last owner of the platform stays: somebody has to be able to come in. */
export async function deleteOperator(db: Queryable, id: string): Promise<'removed' | 'last-owner' | null> {
  const { rows } = await db.query<{ removed: boolean }>(
    `with found as (
       select id, role = 'owner' and tenant_id is null
         and not exists (select from operators o where o.role = 'owner' and o.tenant_id is null and o.id <> $1) as last_owner
       from operators where id = $1
     ), gone as (delete from operators o using found where o.id = found.id and not found.last_owner returning o.id)
     select exists (select from gone) as removed from found`,
    [id],
  );
  if (!rows[0]) return null;
  return rows[0].removed ? 'removed' : 'last-owner';
}

/** PHC strings write base64 without padding. */
function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}

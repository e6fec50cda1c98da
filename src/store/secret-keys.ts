// This file stores which keys encrypt stored secrets: their ids, states and what is derived, never the keys. It moves them through their states, and knows which
// processes have which key. Every move is one transaction and names the state it starts from.
import type pg from 'pg';
import { inTransaction } from './feedback.ts';
import type { Queryable } from './scope.ts';
import { STORED_SECRETS } from './stored-secrets.ts';

export type SecretKeyState = 'coming' | 'writing' | 'reading' | 'retired' | 'forgotten';

export interface SecretKeyRow {
  readonly id: string;
  readonly state: SecretKeyState;
  readonly original: boolean;
  readonly derived: Buffer | null;
  readonly since: Date;
}

/** A living process, and what it knows of keys. */
export interface KeyHolder {
  readonly name: string;
  readonly pid: number;
  /** Null: it has not said so, or is of a version that knows one key only. */
  readonly keys: readonly string[] | null;
  readonly writesWith: string | null;
}

/** In the order they came. */
export async function readSecretKeys(db: Queryable): Promise<SecretKeyRow[]> {
  const { rows } = await db.query<SecretKeyRow>('select id, state, original, derived, since from secret_keys order by created_at, id');
  return rows;
}

/** Only ids and states: asked by every process every few seconds. */
export async function readKeyStates(db: Queryable): Promise<Pick<SecretKeyRow, 'id' | 'state'>[]> {
  const { rows } = await db.query<Pick<SecretKeyRow, 'id' | 'state'>>('select id, state from secret_keys');
  return rows;
}

/** Remembers the first key of a desk; whoever comes second changes nothing. Older versions look for it among the settings. */
export async function enterFirstKey(pool: pg.Pool, first: { id: string; derived: Buffer }): Promise<void> {
  await inTransaction(pool, async (client) => {
    await client.query('insert into settings (key, value) values ($1, to_jsonb($2::text)) on conflict (key) do nothing', [
      'master_key_fingerprint',
      first.id,
    ]);
    await client.query(
      `insert into secret_keys (id, state, original, derived)
       select $1, 'writing', true, $2 where not exists (select from secret_keys) on conflict do nothing`,
      [first.id, first.derived],
    );
    await client.query('update secret_keys set derived = $2 where id = $1 and original and derived is null', [first.id, first.derived]);
  });
}

/** A key that is in some key file is to write. False: another one is on its way. */
export async function announceKey(db: Queryable, key: { id: string; derived: Buffer }): Promise<boolean> {
  const { rowCount } = await db.query(
    `insert into secret_keys (id, state, derived) select $1, 'coming', $2
     where not exists (select from secret_keys where state in ('coming', 'reading')) on conflict do nothing`,
    [key.id, key.derived],
  );
  return rowCount === 1;
}

/** A process says what it has. */
export async function noteKeysOfNode(db: Queryable, epoch: number, has: { keys: readonly string[]; writesWith: string }): Promise<void> {
  await db.query('update nodes set secret_keys = $2, writes_with = $3 where epoch = $1', [epoch, has.keys, has.writesWith]);
}

export async function readKeyHolders(db: Queryable): Promise<KeyHolder[]> {
  const { rows } = await db.query<KeyHolder>(
    'select name, pid, secret_keys as keys, writes_with as "writesWith" from nodes where alive_until > now() order by name, pid',
  );
  return rows;
}

/** Lets the coming key write, once every living process has it. True: it writes. */
export async function switchKey(pool: pg.Pool): Promise<boolean> {
  return inTransaction(pool, async (client) => {
    const { rows } = await client.query<{ id: string }>(`select id from secret_keys where state = 'coming' for update`);
    const [coming] = rows;
    if (!coming) return false;
    const lacking = await client.query(
      'select from nodes where alive_until > now() and (secret_keys is null or not $1 = any (secret_keys)) limit 1',
      [coming.id],
    );
    if (lacking.rowCount !== 0) return false;
    await client.query(`update secret_keys set state = 'reading', since = now() where state = 'writing'`);
    await client.query(`update secret_keys set state = 'writing', since = now() where id = $1`, [coming.id]);
    return true;
  });
}

/**
 * Retires keys that only read, once nothing is stored with them and every living process writes with the new one. Whoever still writes with one of them
 * holds its row until its transaction ends (migrations/0041_secret_keys.sql), so what it wrote is seen here. Answers the ids.
 */
export async function retireKeys(pool: pg.Pool): Promise<string[]> {
  return inTransaction(pool, async (client) => {
    await client.query(`select from secret_keys where state in ('reading', 'writing') order by id for update`);
    const { rows } = await client.query<{ id: string }>(
      `update secret_keys k set state = 'retired', since = now(), derived = null where k.state = 'reading'
         and not exists (select from (${STORED_SECRETS}) s where s.key = k.id or (k.original and s.key = 'original'))
         and not exists (select from nodes n where n.alive_until > now()
           and n.writes_with is distinct from (select w.id from secret_keys w where w.state = 'writing'))
       returning k.id`,
    );
    return rows.map(({ id }) => id);
  });
}

/** From now on processes take it out of their key files. Null: there is no such key; else whether it was (or became) forgotten. */
export async function forgetKey(db: Queryable, id: string): Promise<boolean | null> {
  const { rows } = await db.query<{ state: SecretKeyState }>('select state from secret_keys where id = $1 for update', [id]);
  const [key] = rows;
  if (!key) return null;
  if (key.state === 'forgotten') return true;
  const { rowCount } = await db.query(`update secret_keys set state = 'forgotten', since = now() where id = $1 and state = 'retired'`, [
    id,
  ]);
  return rowCount === 1;
}

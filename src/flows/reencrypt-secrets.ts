// This file takes the secret key through its replacement: once every process has the new key it writes, then everything stored with older ones is encrypted
// anew in small transactions, then what nothing needs any more is retired. Where it stands is in the rows themselves, so whoever is killed is followed by
// whoever looks next.
import type pg from 'pg';
import { AppError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Keys } from '../store/keys.ts';
import type { Queryable } from '../store/scope.ts';
import {
  type KeyHolder,
  readKeyHolders,
  readKeyStates,
  readSecretKeys,
  retireKeys,
  type SecretKeyState,
  switchKey,
} from '../store/secret-keys.ts';
import { countSecrets, listSecrets, purposeOf, replaceSecrets, type StoredSecret } from '../store/stored-secrets.ts';
import type { SecretKeys } from './secret-keys.ts';

/** How often somebody looks whether there is something to do. */
const LOOK_EVERY_MS = 2_000;
/** Secrets of one transaction: some milliseconds, so nobody who changes one waits long. */
const BATCH = 100;
/** Unreadable secrets that are named; more have one cause. */
const NAMED_MAX = 50;
/** What `stored_secrets` calls the key of values that name none. */
const NAMELESS = 'original';

export interface ReencryptDeps {
  readonly pool: pg.Pool;
  readonly log: Log;
  readonly secretKeys: Pick<SecretKeys, 'ring' | 'learn'>;
  readonly signal: AbortSignal;
}

export function reencryptSecretsChore(deps: ReencryptDeps) {
  /** Said once in the log by each process. */
  const unreadable = new Set<string>();
  return { name: 'reencrypt-secrets', everyMs: LOOK_EVERY_MS, run: () => reencrypt(deps, unreadable) };
}

async function reencrypt({ pool, log, secretKeys, signal }: ReencryptDeps, unreadable: Set<string>): Promise<void> {
  const states = await readKeyStates(pool);
  const moving = states.some(({ state }) => state === 'coming' || state === 'reading');
  if (!moving) return;
  const switched = states.some(({ state }) => state === 'coming') && (await switchKey(pool));
  if (switched) log.info({ event: 'secret_key_writes' });
  if (!switched && !states.some(({ state }) => state === 'reading')) return;
  // This process may be the last to hear which key writes.
  await secretKeys.learn();
  const { ring } = secretKeys;
  let after: StoredSecret | null = null;
  while (!signal.aborted) {
    const page: StoredSecret[] = await listSecrets(pool, { notWith: ring.writing(), after, limit: BATCH });
    const changes = page.flatMap((secret) => {
      const sealed = resealed(ring, secret);
      if (sealed) return [{ secret, sealed }];
      const name = `${secret.kind} ${secret.id}`;
      if (!unreadable.has(name)) log.error({ event: 'stored_secret_unreadable', kind: secret.kind, id: secret.id });
      unreadable.add(name);
      return [];
    });
    await replaceSecrets(pool, changes);
    after = page.at(-1) ?? null;
    if (page.length < BATCH) break;
  }
  for (const id of await retireKeys(pool)) log.info({ event: 'secret_key_retired', id });
}

function resealed(keys: Keys, { kind, id, sealed }: StoredSecret): Buffer | null {
  const plain = opened(keys, { kind, id, sealed });
  return plain === null ? null : keys.seal(purposeOf(kind), id, plain);
}

function opened(keys: Keys, { kind, id, sealed }: Pick<StoredSecret, 'kind' | 'id' | 'sealed'>): string | null {
  try {
    return keys.open(purposeOf(kind), id, sealed);
  } catch (error) {
    if (error instanceof AppError && error.code === 'SECRET_KEY_INVALID') return null;
    throw error;
  }
}

export interface SecretKeyStatus {
  readonly keys: readonly { id: string; state: SecretKeyState; since: string; secrets: number }[];
  /** Null: none is under way. `left`: secrets that are not encrypted with the new key yet. */
  readonly replacement: { step: 'waiting' | 'encrypting' | 'retiring'; left: number; total: number; waits_for: readonly WaitsFor[] } | null;
  /** Processes in whose key files a forgotten key still stands. */
  readonly still_in_files: readonly { process: string; pid: number; key: string }[];
}

export interface WaitsFor {
  readonly process: string;
  readonly pid: number;
  /** key: its key file lacks the new key · version: it does not know of keys that change · switch: it writes with the old one, for seconds */
  readonly lacks: 'key' | 'version' | 'switch';
}

/** Where the keys stand. */
export async function readSecretKeyStatus(db: Queryable): Promise<SecretKeyStatus> {
  const [rows, counts, holders] = [await readSecretKeys(db), await countSecrets(db), await readKeyHolders(db)];
  const secretsOf = (row: { id: string; original: boolean }) =>
    (counts.get(row.id) ?? 0) + (row.original ? (counts.get(NAMELESS) ?? 0) : 0);
  const keys = rows.map((row) => ({ id: row.id, state: row.state, since: row.since.toISOString(), secrets: secretsOf(row) }));
  const total = [...counts.values()].reduce((sum, n) => sum + n, 0);
  const target = keys.find(({ state }) => state === 'coming') ?? keys.find(({ state }) => state === 'writing');
  const left = total - (target?.secrets ?? 0);
  const forgotten = keys.filter(({ state }) => state === 'forgotten').map(({ id }) => id);
  return {
    keys,
    replacement: keys.some(({ state }) => state === 'coming' || state === 'reading')
      ? {
          step: target?.state === 'coming' ? 'waiting' : left > 0 ? 'encrypting' : 'retiring',
          ...{ left, total, waits_for: target ? holders.flatMap((holder) => lacking(holder, target)) : [] },
        }
      : null,
    still_in_files: holders.flatMap(({ name, pid, keys: has }) =>
      forgotten.filter((id) => has?.includes(id)).map((key) => ({ process: name, pid, key })),
    ),
  };
}

function lacking({ name, pid, keys, writesWith }: KeyHolder, target: { id: string; state: SecretKeyState }): WaitsFor[] {
  const lacks =
    keys === null
      ? 'version'
      : !keys.includes(target.id)
        ? 'key'
        : target.state === 'writing' && writesWith !== target.id
          ? 'switch'
          : null;
  return lacks === null ? [] : [{ process: name, pid, lacks }];
}

/** Secrets that do not open with these keys, the first of them. */
export async function findUnreadable(db: Queryable, keys: Keys): Promise<Omit<StoredSecret, 'sealed'>[]> {
  const found: Omit<StoredSecret, 'sealed'>[] = [];
  let after: StoredSecret | null = null;
  for (;;) {
    const page: StoredSecret[] = await listSecrets(db, { notWith: null, after, limit: BATCH });
    for (const { sealed, ...secret } of page) if (opened(keys, { ...secret, sealed }) === null) found.push(secret);
    after = page.at(-1) ?? null;
    if (page.length < BATCH || found.length >= NAMED_MAX) return found.slice(0, NAMED_MAX);
  }
}

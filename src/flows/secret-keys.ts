// This file keeps the ring of keys of one process true: opened at the start, learned again every few seconds from the key file and the database, said to the
// other processes, changed when a person wants another key. A key writes only once every living process has it.
import type pg from 'pg';
import { AppError } from '../errors.ts';
import type { Log } from '../log.ts';
import { addKey, keepKeys, loadKeyFile, readKeyFile } from '../store/key-file.ts';
import { derivedFrom, idOfKey, type KeyRing, makeKeyRing, makeKeys, openDerived } from '../store/keys.ts';
import type { Queryable } from '../store/scope.ts';
import {
  announceKey,
  enterFirstKey,
  forgetKey,
  noteKeysOfNode,
  readKeyStates,
  readSecretKeys,
  type SecretKeyRow,
} from '../store/secret-keys.ts';
import { alone } from '../store/settings.ts';

/** How often a process looks at its key file and at what the others agreed on: a new key is with everybody within seconds. */
const LEARN_EVERY_MS = 2_000;
/** One at a time changes a key file, wherever it runs. */
const FILE_LOCK = 'secret key file';

export interface SecretKeys {
  readonly ring: KeyRing;
  /** Reads the key file and the states again. Throws SECRET_KEY_INVALID when the key that writes is not at hand. */
  learn(): Promise<void>;
  /** Names a key that is to write from now on: one that stands in the key file and was never used, else a new one. Answers its id. */
  rotate(db: Queryable): Promise<string>;
  /** Takes a retired key out of the key files. */
  forget(db: Queryable, id: string): Promise<void>;
  readonly chore: { name: string; everyMs: number; run(): Promise<void> };
}

export interface SecretKeysDeps {
  readonly pool: pg.Pool;
  readonly log: Log;
  /** The key file. */
  readonly path: string;
  /** Number of this process among the living, once it is registered. */
  readonly epoch: () => number;
}

/** Opens the ring as it stands. Throws SECRET_KEY_INVALID when the key file lacks a key that stored secrets need. */
export async function openSecretKeys(deps: SecretKeysDeps): Promise<SecretKeys> {
  const { pool, log, path } = deps;
  let masters: readonly Buffer[] = loadKeyFile(path);
  const ring = makeKeyRing({
    ...(await ringParts(pool, path, masters)),
    masters,
    reread: () => (masters = together(masters, readQuietly(path))),
  });
  let said = '';
  let stuck = false;

  async function learn(): Promise<void> {
    const states = await readKeyStates(pool);
    const forgotten = new Set(states.flatMap(({ id, state }) => (state === 'forgotten' ? [id] : [])));
    masters = together(masters, readKeyFile(path) ?? []);
    if (masters.some((master) => forgotten.has(idOfKey(master)))) await takeOut(forgotten);
    const writing = states.find(({ state }) => state === 'writing')?.id ?? ring.writing();
    if (!masters.some((master) => idOfKey(master) === writing)) throw lacks(path, writing);
    ring.learn(masters, writing);
    const now = JSON.stringify([deps.epoch(), ring.ids(), writing]);
    if (now === said) return;
    await noteKeysOfNode(pool, deps.epoch(), { keys: ring.ids(), writesWith: writing });
    said = now;
  }

  /** Where the desk may not write the file, the key stays in it, and is seen to be there still. */
  async function takeOut(forgotten: ReadonlySet<string>): Promise<void> {
    const keep = (master: Buffer) => !forgotten.has(idOfKey(master));
    try {
      await alone(pool, FILE_LOCK, async () => keepKeys(path, keep));
      masters = masters.filter(keep);
      stuck = false;
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'SECRET_KEY_FILE_READ_ONLY') throw error;
      if (!stuck) log.warn({ event: 'secret_key_not_forgotten', path, ids: [...forgotten] });
      stuck = true;
    }
  }

  return {
    ring,
    learn,
    async rotate(db) {
      const master = await alone(pool, FILE_LOCK, async () => {
        const known = await readKeyStates(pool);
        if (known.some(({ state }) => state === 'coming' || state === 'reading')) throw rotating();
        const ids = new Set(known.map(({ id }) => id));
        return (readKeyFile(path) ?? []).find((each) => !ids.has(idOfKey(each))) ?? addKey(path);
      });
      await learn();
      const id = idOfKey(master);
      if (!(await announceKey(db, { id, derived: ring.sealDerived(id) }))) throw rotating();
      return id;
    },
    async forget(db, id) {
      const forgotten = await forgetKey(db, id);
      if (forgotten === null) throw new AppError('NOT_FOUND', 'There is no key with this id.');
      if (!forgotten) throw new AppError('SECRET_KEY_IN_USE', `The key ${id} is in use, or about to be.`);
    },
    chore: { name: 'learn-secret-keys', everyMs: LEARN_EVERY_MS, run: learn },
  };
}

/** What the database says of the ring; a desk without any key begins with the first one of its file. */
async function ringParts(pool: pg.Pool, path: string, masters: readonly Buffer[]) {
  const rows = await readSecretKeys(pool);
  const [before] = rows;
  if (before === undefined || (before.original && before.derived === null && before.state === 'writing')) {
    const first = before === undefined ? masters[0] : masters.find((master) => idOfKey(master) === before.id);
    if (!first) throw lacks(path, before?.id ?? '');
    const id = idOfKey(first);
    await enterFirstKey(pool, { id, derived: makeKeys(first).sealDerived(id) });
  }
  const ring = await readSecretKeys(pool);
  const held = new Map(masters.map((master) => [idOfKey(master), master]));
  const missing = ring.find(({ id, state }) => (state === 'writing' || state === 'reading') && !held.has(id));
  if (missing) throw lacks(path, missing.id);
  return {
    writing: idIn(ring, ({ state }) => state === 'writing'),
    original: idIn(ring, (row) => row.original),
    derived: derivedIn(ring, held),
  };
}

function derivedIn(ring: readonly SecretKeyRow[], held: ReadonlyMap<string, Buffer>): Buffer {
  const writing = ring.find(({ state }) => state === 'writing');
  const master = writing && held.get(writing.id);
  const derived = master && writing.derived && openDerived(master, writing.derived);
  // Only the original key makes them; every other one carries them.
  const made = master && writing.original ? derivedFrom(master) : null;
  if (!derived && !made) throw new AppError('SECRET_KEY_INVALID', 'What was derived from the first key of this desk cannot be read.');
  return derived || (made ?? Buffer.alloc(0));
}

function idIn(ring: readonly SecretKeyRow[], which: (row: SecretKeyRow) => boolean): string {
  return ring.find(which)?.id ?? '';
}

function together(some: readonly Buffer[], others: readonly Buffer[]): readonly Buffer[] {
  return [...some, ...others.filter((other) => !some.some((each) => each.equals(other)))];
}

/** While a secret is opened: a file that cannot be read just now must not hide that the secret cannot be. */
function readQuietly(path: string): readonly Buffer[] {
  try {
    return readKeyFile(path) ?? [];
  } catch {
    return [];
  }
}

function lacks(path: string, id: string): AppError {
  return new AppError('SECRET_KEY_INVALID', `The key file ${path} lacks the key ${id}, with which secrets in this database are encrypted.`);
}

function rotating(): AppError {
  return new AppError('SECRET_KEY_ROTATING', 'The secret key is being replaced already.');
}

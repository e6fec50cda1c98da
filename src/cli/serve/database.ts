// This file opens the database of a process: the embedded server or the one that DATABASE_URL names, migrated and with its partitions made.
import { resolve } from 'node:path';
import type { Clock } from '../../clock.ts';
import type { Config } from '../../config.ts';
import { AppError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { lookAtDatabaseClock, provenOffset } from '../../store/database-clock.ts';
import { type Db, openDb } from '../../store/db.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../store/embedded/supervisor.ts';
import { checkSchema, migrate } from '../../store/migrate.ts';
import { ensurePartitions } from '../../store/partitions.ts';
import { makeReachable, type Reachable } from '../../store/reachable.ts';

export interface Database {
  readonly db: Db;
  readonly embedded: EmbeddedPostgres | null;
  readonly reachable: Reachable;
  /** Milliseconds the database's clock is ahead of ours. */
  offsetMs(): number;
  close(): Promise<void>;
}

/** Folder of the checkout this code lives in. */
export const CHECKOUT = resolve(import.meta.dirname, '../../..');
const OFFSET_EVERY_MS = 60_000;

/** Opens it. Throws DATABASE_START_FAILED, STORE_SCHEMA_NEWER, STORE_SCHEMA_OLDER, STORE_UNAVAILABLE. */
export async function openDatabase(config: Config, deps: { log: Log; clock: Clock }): Promise<Database> {
  const { log, clock } = deps;
  const dataDir = resolve(CHECKOUT, config.dataDir);
  const embedded = config.databaseUrl === null ? await startEmbeddedPostgres({ dataDir, log }) : null;
  const url = config.databaseUrl ?? embedded?.url ?? '';
  const db = openDb(url, log, { connections: config.databaseConnections });
  const directory = resolve(CHECKOUT, 'migrations');
  try {
    if (config.migrate === 'auto') await migrate(db.pool, { directory, log });
    else await checkSchema(db.pool, { directory });
    await ensurePartitions(db.pool, clock.nowMs());
  } catch (error) {
    await db.close();
    await embedded?.stop();
    throw error instanceof AppError ? error : cannotBeUsed(config, error);
  }
  let offsetMs = provenOffset(0, await lookAtDatabaseClock(db.pool, clock));
  const timer = setInterval(() => {
    lookAtDatabaseClock(db.pool, clock).then(
      (look) => {
        offsetMs = provenOffset(offsetMs, look);
      },
      () => undefined,
    );
  }, OFFSET_EVERY_MS);
  timer.unref();
  const reachable = makeReachable(url, clock);
  return {
    db,
    embedded,
    reachable,
    offsetMs: () => offsetMs,
    async close() {
      clearInterval(timer);
      await reachable.close();
      await db.close();
      await embedded?.stop();
    },
  };
}

/** At the start whoever reads is the one who set the address: the driver's own words say most. */
function cannotBeUsed(config: Config, cause: unknown): AppError {
  const words = cause instanceof Error ? cause.message : String(cause);
  const hint =
    config.databaseUrl === null
      ? 'Run "packetboat doctor": it looks at the embedded database.'
      : 'Check DATABASE_URL, and that its server runs and lets this machine in.';
  return new AppError('STORE_UNAVAILABLE', `The database cannot be used: ${words}.`, { cause, hint });
}

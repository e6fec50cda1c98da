// This file looks after the embedded PostgreSQL: it makes the cluster, starts the server, starts it again whenever it dies, and stops it.
//
// What may be killed, and what happens then:
// - this process (SIGKILL): the kernel sends the server SIGINT (setpriv --pdeathsig); where that is not to be had, the next start stops it.
// - the server (SIGKILL): it is started again, on the same port, as often as it takes; listeners hear of it.
// - both, or the machine: the next start finds a stale pid file, checks whose the process is, and lets PostgreSQL recover.
// - initdb in the middle: nothing was renamed yet; the next start begins anew.
import { randomInt } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { type Clock, systemClock } from '../../clock.ts';
import { AppError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { ensureCluster, ensurePassword, hintFor } from './cluster.ts';
import { lockFolder } from './folder-lock.ts';
import { findHome, type Place, type PlaceOptions, settlePlace } from './place.ts';
import { freePort, LaunchFailure, launch, type Postmaster, stopOrphan, stopServer } from './postmaster.ts';
import { isServerOf, readPostmasterFile, signal } from './processes.ts';

/** How long a second start waits for the first to let go: a desk that is shutting down does. */
const LOCK_WAIT_MS = 4_000;
/** Backends of a killed server need moments to notice and to free its shared memory. */
const BUSY_WAIT_MS = 15_000;
const BUSY_LOOK_MS = 100;
const PORT_CHANGES_MAX = 5;
const RESTART_DELAY_MS = 100;
const RESTART_DELAY_MAX_MS = 5_000;
/** A server that lived this long did not die of its start: the next restart is quick again. */
const STEADY_MS = 30_000;
/** Any time will do: it is cleared when the server's end was heard of. */
const HOLD_MS = 60_000;
const DATABASE = 'packetboat';

export interface EmbeddedPostgres {
  /** Connection string of the desk's own database and role; stays the same over restarts of the server. */
  readonly url: string;
  /** Of the server that runs now. */
  readonly pid: number;
  readonly place: Place;
  /** Calls `listener` whenever a died server is up again. Returns a function that ends this. */
  onRestart(listener: () => void): () => void;
  /** Stops the server and lets the folder go. Idempotent. */
  stop(): Promise<void>;
}

export interface EmbeddedOptions extends PlaceOptions {
  readonly log: Log;
  /** 0, the default: the one of the last start where it is free, else any free one. */
  readonly port?: number;
  /** Further server settings, for example `fsync=off` in tests. */
  readonly flags?: readonly string[];
  readonly lockWaitMs?: number;
  readonly clock?: Clock;
}

/** Starts (making it first where needed) the database in `dataDir`. Rejects with DATABASE_START_FAILED or DATA_FOLDER_IN_USE. */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const clock = options.clock ?? systemClock;
  const place = settlePlace(options);
  if (place.relocated) options.log.warn({ event: 'database_relocated', home: place.home }, place.relocated);
  const lock = await lockFolder(join(place.home, 'postgres.lock'), { waitMs: options.lockWaitMs ?? LOCK_WAIT_MS, clock });
  const supervisor = new Supervisor(place, { ...options, clock });
  try {
    await supervisor.begin(options.port ?? 0);
  } catch (error) {
    await supervisor.stop();
    lock.release();
    throw asStartFailure(error);
  }
  return {
    url: supervisor.url(),
    place,
    get pid() {
      return supervisor.pid;
    },
    onRestart: (listener) => supervisor.onRestart(listener),
    stop: async () => {
      await supervisor.stop();
      lock.release();
    },
  };
}

/** What lies in a data folder and whether it runs, without touching it; null when there is no cluster. */
export function describeEmbedded(dataDir: string): { home: string; url: string | null; pid: number | null } | null {
  const home = findHome(dataDir);
  if (home === null) return null;
  const left = readPostmasterFile(join(home, 'cluster'));
  const pid = left && isServerOf(left.pid, join(home, 'cluster')) ? left.pid : null;
  return { home, pid, url: pid === null ? null : readConnection(home).url };
}

class Supervisor {
  readonly #place: Place;
  readonly #log: Log;
  readonly #clock: Clock;
  readonly #flags: readonly string[];
  readonly #listeners = new Set<() => void>();
  readonly #abort = new AbortController();
  readonly #onExit = () => {
    if (this.#server) signal(this.#server.pid, 'SIGINT');
  };
  #password = '';
  #server: Postmaster | null = null;
  #port = 0;
  #watching: Promise<void> = Promise.resolve();

  constructor(place: Place, options: EmbeddedOptions & { clock: Clock }) {
    this.#place = place;
    this.#log = options.log;
    this.#clock = options.clock;
    this.#flags = options.flags ?? [];
  }

  get pid(): number {
    return this.#server?.pid ?? 0;
  }

  url(role = DATABASE, database = DATABASE): string {
    return `postgresql://${role}:${this.#password}@127.0.0.1:${this.#port}/${database}`;
  }

  async begin(wantedPort: number): Promise<void> {
    await ensureCluster(this.#place);
    this.#password = ensurePassword(this.#place);
    await stopOrphan(this.#place, { clock: this.#clock, log: this.#log });
    let port = wantedPort || readConnection(this.#place.home).port;
    for (let change = 0; ; change += 1) {
      this.#port = await freePort(port, () => randomInt(1_000_000) / 1_000_000);
      try {
        this.#server = await this.#launch();
        break;
      } catch (error) {
        if (!(error instanceof LaunchFailure && error.kind === 'port' && change < PORT_CHANGES_MAX)) throw error;
        port = 0;
      }
    }
    process.once('exit', this.#onExit);
    await this.#provision();
    writeConnection(this.#place.home, { port: this.#port, url: this.url() });
    this.#watching = this.#watch(this.#server);
  }

  onRestart(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    process.removeListener('exit', this.#onExit);
    if (this.#server) await stopServer(this.#server.pid, this.#clock);
    // The child holds no process open, and its end is told a moment after it is gone: something else has to hold this one until then.
    const hold = setInterval(() => undefined, HOLD_MS);
    await this.#watching.finally(() => clearInterval(hold));
  }

  /** One start, patient with what a killed predecessor leaves for moments. */
  async #launch(): Promise<Postmaster> {
    const until = this.#clock.monotonicMs() + BUSY_WAIT_MS;
    for (;;) {
      try {
        return await launch(this.#place, { port: this.#port, flags: this.#flags, clock: this.#clock, log: this.#log });
      } catch (error) {
        const busy = error instanceof LaunchFailure && error.kind === 'busy';
        if (!busy || this.#clock.monotonicMs() > until) throw error;
        await stopOrphan(this.#place, { clock: this.#clock, log: this.#log });
        await delay(BUSY_LOOK_MS);
      }
    }
  }

  /** Starts the server again whenever it ends, until stop(). It never gives up: a full disk may be emptied. */
  async #watch(first: Postmaster): Promise<void> {
    let server = first;
    let pauseMs = RESTART_DELAY_MS;
    for (;;) {
      const since = this.#clock.monotonicMs();
      const how = await server.ended;
      if (this.#abort.signal.aborted) return;
      this.#log.warn({ event: 'postgres_exited', pid: server.pid, how }, 'the database server ended; starting it again');
      if (this.#clock.monotonicMs() - since > STEADY_MS) pauseMs = RESTART_DELAY_MS;
      for (;;) {
        await delay(pauseMs, undefined, { signal: this.#abort.signal }).catch(() => {});
        if (this.#abort.signal.aborted) return;
        pauseMs = Math.min(pauseMs * 2, RESTART_DELAY_MAX_MS);
        try {
          await stopOrphan(this.#place, { clock: this.#clock, log: this.#log });
          server = await this.#launch();
          break;
        } catch (error) {
          this.#log.error(
            { event: 'postgres_restart_failed', err: asStartFailure(error) },
            'the database server does not start; trying again',
          );
        }
      }
      this.#server = server;
      if (this.#abort.signal.aborted) return stopServer(server.pid, this.#clock);
      this.#log.info({ event: 'postgres_restarted', pid: server.pid }, 'the database server is up again');
      for (const listener of this.#listeners) listener();
    }
  }

  /** The desk's role is no superuser, as at a managed database: it may make roles and databases, not read the machine's files. */
  async #provision(): Promise<void> {
    const client = new pg.Client({ connectionString: this.url('postgres', 'postgres') });
    // A server that dies just now fails the query below; without a listener the same error would end the process.
    client.on('error', () => undefined);
    await client.connect();
    try {
      const { rows } = await client.query<{ role: boolean; database: boolean }>(
        'select exists(select from pg_roles where rolname = $1) as role, exists(select from pg_database where datname = $1) as database',
        [DATABASE],
      );
      if (!rows[0]?.role)
        await client.query(`create role ${DATABASE} login createdb createrole password ${client.escapeLiteral(this.#password)}`);
      if (!rows[0]?.database) await client.query(`create database ${DATABASE} owner ${DATABASE}`);
    } finally {
      await client.end();
    }
  }
}

function asStartFailure(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const tail = error instanceof LaunchFailure ? error.tail : '';
  const message = error instanceof Error ? error.message : String(error);
  return new AppError('DATABASE_START_FAILED', tail === '' ? message : `${message}. Its log ends:\n${tail}`, {
    ...hintFor(tail),
    cause: error,
  });
}

function readConnection(home: string): { port: number; url: string | null } {
  try {
    // We wrote it; without it another port is chosen.
    const { port, url } = JSON.parse(readFileSync(join(home, 'connection.json'), 'utf8')) as { port?: number; url?: string };
    return { port: port ?? 0, url: url ?? null };
  } catch {
    return { port: 0, url: null };
  }
}

function writeConnection(home: string, connection: { port: number; url: string }): void {
  const file = join(home, 'connection.json');
  writeFileSync(`${file}.new`, `${JSON.stringify(connection)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

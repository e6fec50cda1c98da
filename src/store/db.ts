// This file opens the pools and tells kinds of database errors apart.
import pg from 'pg';
import { AppError } from '../errors.ts';
import type { Log } from '../log.ts';

export interface Db {
  /** For requests, jobs and everything that is not per message. */
  readonly pool: pg.Pool;
  /** For the batched statements of the hot path: few connections, prepared once, generic plans. */
  readonly hot: pg.Pool;
  close(): Promise<void>;
}

/** Two intake, two outcome, two event statements in flight, and claims beside them. */
const HOT_CONNECTIONS = 8;
const CONNECT_TIMEOUT_MS = 5_000;
/** No request statement may run longer; reports and maintenance set their own. */
const STATEMENT_TIMEOUT_MS = 30_000;
/**
 * An answer that is this late will not come: the server ends statements earlier, so the way to it is dead (a switch, a firewall that forgot the
 * connection, a failover). Without it every connection would wait for ever, and the desk with them.
 */
const ANSWER_TIMEOUT_MS = STATEMENT_TIMEOUT_MS + 5_000;
/** Idle connections are proven alive from then on, so that one that listens hears of a dead way. */
const KEEP_ALIVE_MS = 10_000;

/**
 * Days, hours and their texts are those of UTC, whatever zone and style the server, the database or the role are set to: half an hour's zone would
 * cut the ledger's hours elsewhere, and the driver reads times in ISO style only.
 */
const SESSION_OPTIONS = `-c statement_timeout=${STATEMENT_TIMEOUT_MS} -c timezone=UTC -c datestyle=ISO`;

/** Opens both pools; `connections` bounds their sum. Nothing is asked of the server yet. */
export function openDb(url: string, log: Log, options: { connections: number; answerTimeoutMs?: number } = { connections: 20 }): Db {
  const base = {
    connectionString: url,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
    query_timeout: options.answerTimeoutMs ?? ANSWER_TIMEOUT_MS,
  };
  const pool = new pg.Pool({
    ...base,
    max: Math.max(2, options.connections - HOT_CONNECTIONS),
    options: SESSION_OPTIONS,
  });
  const hot = new pg.Pool({
    ...base,
    max: HOT_CONNECTIONS,
    idleTimeoutMillis: 0,
    // Planning a partitioned join costs more than running it for a small batch.
    options: `${SESSION_OPTIONS} -c plan_cache_mode=force_generic_plan`,
  });
  for (const each of [pool, hot]) {
    // An idle connection that breaks must not end the process; the next query opens a new one.
    each.on('error', (error) => {
      // A server that stops right after us may still cut a connection that was being closed.
      if (!each.ending) log.warn({ event: 'database_connection_lost', reason: error.message });
    });
    // Nor may one in use: its query is told, but a killed server says so twice (its last word, then the broken socket), and the driver
    // throws what nobody listens to.
    each.on('connect', (client) => client.on('error', (error) => log.debug({ event: 'database_socket_broken', reason: error.message })));
  }
  return {
    pool,
    hot,
    close: async () => {
      await Promise.all([pool.end(), hot.end()]);
    },
  };
}

/** SQLSTATE of a database error, or null when the connection itself failed. */
export function sqlState(error: unknown): string | null {
  return error instanceof pg.DatabaseError && error.code ? error.code : null;
}

/**
 * Classes 08 (connection), 53 (resources), 57 (operator intervention), 58 (system) and broken sockets; 40 (deadlocks: undone, to be tried again),
 * 55P03 (a lock was not to be had), 25006 (a standby, or a disk that is full: it only reads), 25P03 and 25P04 (it cut us off). The data is not at fault.
 */
export function isOutage(error: unknown): boolean {
  const state = sqlState(error);
  return state === null || /^(08|40|53|57|58|XX|55P03|25006|25P0[34])/.test(state);
}

/** What a socket says when there is no way to the server, or nobody to tell its address. */
const AWAY_CODES: ReadonlySet<string> = new Set([
  'EAI_AGAIN',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'ENETDOWN',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
]);
/** What the driver says when it cannot reach the server, or lost it; these errors have no SQLSTATE. */
const AWAY_WORDS = /^(Connection terminated|timeout expired|timeout exceeded when trying|Query read timeout|Client .* is not queryable)/;

/** True when the server is away, busy or ending; unlike `isOutage` false for errors that never came from the database. */
export function isDatabaseAway(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return isOutage(error);
  if (error instanceof AppError) return error.code === 'STORE_UNAVAILABLE';
  if (!(error instanceof Error)) return false;
  return ('code' in error && AWAY_CODES.has(String(error.code))) || AWAY_WORDS.test(error.message);
}

/** Classes 21, 22, 23, 42: this data cannot be stored; smaller batches find the guilty row. */
export function isDataError(error: unknown): boolean {
  const state = sqlState(error);
  return state !== null && /^(21|22|23|42|54)/.test(state);
}

/** True when a lock was not to be had within the time that was set for it. */
export function isLockTimeout(error: unknown): boolean {
  return sqlState(error) === '55P03';
}

/** What a caller hears when the database is away. */
export function storeUnavailable(cause: unknown): AppError {
  return new AppError('STORE_UNAVAILABLE', 'The database does not answer.', { cause });
}

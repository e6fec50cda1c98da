// This file starts the desk under test: the product itself (`bin/packetboat serve`) with a data folder of its own, its embedded PostgreSQL and
// free ports, without the simulator. Nothing about it is made for the benchmark.
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import pg from 'pg';
import type { Bootstrap } from '../../src/cli/serve/first-start.ts';
import { type DeskApi, openApi } from './api.ts';
import { until } from './wait.ts';
import type { Workshop } from './workshop.ts';
import { isAlive } from './workshop.ts';

export interface DeskProcess {
  readonly pid: number;
  readonly bootstrap: Bootstrap;
  readonly api: DeskApi;
  readonly dataDir: string;
  /** A connection pool on the desk's own database, as its owner: for counting rows, and for filling it up. */
  readonly db: pg.Pool;
  /** Process id of the PostgreSQL server. */
  postmaster(): number;
  /** What it has logged so far (warnings and errors), as lines of JSON. */
  logged(): string[];
  /** Graceful end. */
  stop(): Promise<void>;
  /** kill -9 of the node process. */
  kill(): Promise<void>;
}

export interface DeskStart {
  /** Kept over restarts; default: a new one in the workshop. */
  readonly dataDir?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly nodeArgs?: readonly string[];
}

export const CHECKOUT = resolve(import.meta.dirname, '../..');
/** A first start makes a cluster and a schema; a start after a crash repeats the log. */
const READY_LIMIT_MS = 120_000;
const STOP_LIMIT_MS = 60_000;
/** Enough for every warning of a run that goes wrong in earnest. */
const LOG_LINES_MAX = 5_000;

/** Starts a desk and waits until it is ready; rejects with the end of its output when it is not. */
export async function startDesk(shop: Workshop, start: DeskStart = {}): Promise<DeskProcess> {
  const dataDir = start.dataDir ?? join(shop.folder, 'data');
  const child = shop.spawn(process.execPath, [...(start.nodeArgs ?? []), join(CHECKOUT, 'bin/packetboat'), 'serve'], {
    cwd: shop.folder,
    env: { ...plainEnvironment(), ...settings(dataDir), ...start.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines = collect(child, join(shop.folder, 'desk.log'));
  const { pid } = child;
  if (pid === undefined) throw new Error('the desk does not start');
  await until(
    'the desk to be ready',
    () => {
      if (child.exitCode !== null || child.signalCode !== null)
        throw new Error(`the desk ended while starting:\n${lines.slice(-20).join('\n')}`);
      return lines.some((line) => line === 'Packetboat is ready.');
    },
    { limitMs: READY_LIMIT_MS },
  );
  // The desk wrote it just before it said that it is ready.
  const bootstrap = JSON.parse(readFileSync(join(dataDir, 'bootstrap.json'), 'utf8')) as Bootstrap;
  const api = openApi(bootstrap.http_url, bootstrap.operator_key);
  await api.get('/health');
  const db = new pg.Pool({ connectionString: databaseUrl(dataDir), max: 4 });
  // Connections break when a server is killed on purpose; the next query opens another.
  db.on('error', () => undefined);
  let ended = false;
  const end = async (signal: NodeJS.Signals, limitMs: number) => {
    if (ended) return;
    ended = true;
    await Promise.allSettled([api.close(), db.end()]);
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), limitMs);
    await gone;
    clearTimeout(timer);
  };
  const desk: DeskProcess = {
    pid,
    bootstrap,
    api,
    dataDir,
    db,
    postmaster: () => Number(readFileSync(join(databaseHome(dataDir), 'cluster', 'postmaster.pid'), 'utf8').split('\n')[0]),
    logged: () => lines.filter((line) => line.startsWith('{')),
    stop: () => end('SIGTERM', STOP_LIMIT_MS),
    kill: () => end('SIGKILL', STOP_LIMIT_MS),
  };
  shop.defer(async () => {
    await desk.stop();
    await databaseGone(dataDir);
  });
  return desk;
}

/** Settings of the desk under test. */
function settings(dataDir: string): Record<string, string> {
  return {
    PACKETBOAT_DATA_DIR: dataDir,
    PACKETBOAT_HTTP_PORT: '0',
    PACKETBOAT_SUBMISSION_PORT: '0',
    PACKETBOAT_INBOUND_PORT: '0',
    PACKETBOAT_SIMULATOR: 'off',
    PACKETBOAT_LOG_LEVEL: 'warn',
  };
}

/** Our environment without what would change a desk. */
function plainEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(PACKETBOAT_|DATABASE_URL$|NODE_OPTIONS$)/.test(name)));
}

/** The supervisor writes down where the cluster lies when it could not stay in the data folder. */
function databaseHome(dataDir: string): string {
  const inside = join(dataDir, 'postgres');
  try {
    // Written by the supervisor.
    return (JSON.parse(readFileSync(join(inside, 'place.json'), 'utf8')) as { home: string }).home;
  } catch {
    return inside;
  }
}

function databaseUrl(dataDir: string): string {
  // Written by the supervisor at every start.
  const { url } = JSON.parse(readFileSync(join(databaseHome(dataDir), 'connection.json'), 'utf8')) as { url: string };
  return url;
}

/** After a kill -9 the server has been told to end too; its folder may only go once it did. */
async function databaseGone(dataDir: string): Promise<void> {
  let pid: number;
  try {
    pid = Number(readFileSync(join(databaseHome(dataDir), 'cluster', 'postmaster.pid'), 'utf8').split('\n')[0]);
  } catch {
    return;
  }
  await until('PostgreSQL to end', () => !isAlive(pid), { limitMs: STOP_LIMIT_MS });
}

/** Keeps the lines of a process for the eyes of the benchmark, and all of them in a file. */
function collect(child: ChildProcess, path: string): string[] {
  const lines: string[] = [];
  const file = createWriteStream(path, { flags: 'a' });
  for (const stream of [child.stdout, child.stderr]) {
    let rest = '';
    stream?.setEncoding('utf8').on('data', (text: string) => {
      file.write(text);
      const parts = (rest + text).split('\n');
      rest = parts.pop() ?? '';
      for (const line of parts) if (line !== '' && lines.length < LOG_LINES_MAX) lines.push(line);
    });
  }
  child.once('close', () => file.end());
  return lines;
}

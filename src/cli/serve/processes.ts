// This file runs several server processes on one machine: the first one keeps the embedded database, the workers share the listening ports
// and are started again when they end by themselves.
import cluster, { type Worker } from 'node:cluster';
import { resolve } from 'node:path';
import type { Config } from '../../config.ts';
import type { Log } from '../../log.ts';
import { startEmbeddedPostgres } from '../../store/embedded/supervisor.ts';
import { CHECKOUT } from './database.ts';

const MARK = 'PACKETBOAT_TEST_WORKER';
const READY = 'ready';
/** A worker that cannot start must not be started in a tight circle. */
const RESTART_MS = 1_000;

/** The number of this worker, or null in a process of its own. */
export function workerEnvironment(): number | null {
  const mark = process.env[MARK];
  return mark === undefined ? null : Number(mark);
}

/** Tells the first process that this worker's desk is open. */
export function sayReady(): void {
  if (workerEnvironment() !== null) process.send?.(READY);
}

/** Lets a worker end: the channel to the first process would keep it alive for ever. */
export function leaveProcesses(): void {
  if (workerEnvironment() !== null) process.disconnect?.();
}

/** Runs `config.processes` workers until a signal comes. Worker 1 alone has the roles that must not run twice per machine (simulator). */
export async function runProcesses(deps: { config: Config; log: Log; env: Readonly<Record<string, string | undefined>> }): Promise<number> {
  const { config, log } = deps;
  const embedded = config.databaseUrl === null ? await startEmbeddedPostgres({ dataDir: resolve(CHECKOUT, config.dataDir), log }) : null;
  const url = config.databaseUrl ?? embedded?.url ?? '';
  // Our own list: the cluster's own still names a worker while its end is being told.
  const alive = new Set<Worker>();
  let stopping = false;
  let allGone = () => {};

  function fork(number: number, whenReady: () => void = () => {}): void {
    const simulator = number === 1 ? config.simulator : 'off';
    const own = { DATABASE_URL: url, PACKETBOAT_SIMULATOR: simulator, PACKETBOAT_PROCESSES: '1', [MARK]: String(number) };
    const worker = cluster.fork({ ...deps.env, ...own });
    alive.add(worker);
    worker.once('message', (message) => {
      if (message === READY && !stopping) whenReady();
    });
    worker.once('exit', (code, signal) => {
      alive.delete(worker);
      if (stopping) {
        if (alive.size === 0) allGone();
        return;
      }
      log.error({ event: 'worker_ended', worker: number, code, signal });
      setTimeout(() => {
        if (!stopping) fork(number, whenReady);
      }, RESTART_MS);
    });
  }

  // The first one makes what the others then find: schema, accounts, the first keys.
  let complete = false;
  const forkOthers = () => {
    if (complete) return;
    complete = true;
    for (let number = 2; number <= config.processes; number += 1) fork(number);
  };
  fork(1, forkOthers);
  await new Promise<void>((done) => {
    allGone = done;
    const stop = () => {
      stopping = true;
      for (const worker of alive) worker.process.kill('SIGTERM');
      if (alive.size === 0) done();
    };
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
  });
  await embedded?.stop();
  return 0;
}

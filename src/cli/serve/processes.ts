// This file runs several server processes on one machine: the first one keeps the embedded database, the workers share the listening ports
// and are started again when they end by themselves.
import cluster from 'node:cluster';
import { resolve } from 'node:path';
import type { Config } from '../../config.ts';
import type { Log } from '../../log.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../store/embedded/supervisor.ts';
import { CHECKOUT } from './database.ts';

const MARK = 'PACKETBOAT_TEST_WORKER';
/** A worker that cannot start must not be started in a tight circle. */
const RESTART_MS = 1_000;

/** The number of this worker, or null in a process of its own. */
export function workerEnvironment(): number | null {
  const mark = process.env[MARK];
  return mark === undefined ? null : Number(mark);
}

/** Runs `config.processes` workers until a signal comes. Worker 1 alone has the roles that must not run twice per machine (simulator). */
export async function runProcesses(deps: { config: Config; log: Log; env: Readonly<Record<string, string | undefined>> }): Promise<number> {
  const { config, log } = deps;
  let embedded: EmbeddedPostgres | null = null;
  if (config.databaseUrl === null) embedded = await startEmbeddedPostgres({ dataDir: resolve(CHECKOUT, config.dataDir), log });
  const url = config.databaseUrl ?? embedded?.url ?? '';
  let stopping = false;

  function fork(number: number): void {
    const simulator = number === 1 ? config.simulator : 'off';
    cluster.fork({ ...deps.env, DATABASE_URL: url, PACKETBOAT_SIMULATOR: simulator, PACKETBOAT_PROCESSES: '1', [MARK]: String(number) });
  }

  const numbers = new Map<number, number>();
  cluster.on('fork', (worker) => {
    numbers.set(worker.id, numbers.size + 1);
  });
  return new Promise((done) => {
    cluster.on('exit', (worker, code, signal) => {
      const number = numbers.get(worker.id) ?? 1;
      if (stopping) {
        if (Object.keys(cluster.workers ?? {}).length > 0) return;
        void (embedded?.stop() ?? Promise.resolve()).then(() => done(0));
        return;
      }
      log.error({ event: 'worker_ended', worker: number, code, signal });
      setTimeout(() => {
        if (!stopping) fork(number);
      }, RESTART_MS);
    });
    for (let number = 1; number <= config.processes; number += 1) fork(number);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => {
        stopping = true;
        for (const worker of Object.values(cluster.workers ?? {})) worker?.process.kill('SIGTERM');
      });
    }
  });
}

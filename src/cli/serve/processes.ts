// This file runs several server processes on one machine: the first one keeps the embedded database and starts the others, which share the
// listening ports and are started again when they end by themselves. The others end with the first one.
import cluster, { type Worker } from 'node:cluster';
import { resolve } from 'node:path';
import type { Config } from '../../config.ts';
import type { Log } from '../../log.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../store/embedded/supervisor.ts';
import { CHECKOUT } from './database.ts';
import { gatherMetrics } from './shared-metrics.ts';

const MARK = 'PACKETBOAT_TEST_WORKER';
/** A process that cannot start must not be started in a tight circle. */
const RESTART_MS = 1_000;

/** What a process says when its desk is open; the first one shows the greeting, once. */
interface Ready {
  readonly kind: 'ready';
  readonly greeting: string;
}

/** The number of this process among several (from 1), or null for one that is alone or the first. */
export function processNumber(): number | null {
  const mark = process.env[MARK];
  return mark === undefined ? null : Number(mark);
}

/** Tells the first process that this one's desk is open. */
export function sayReady(greeting: string): void {
  const ready: Ready = { kind: 'ready', greeting };
  if (processNumber() !== null) process.send?.(ready);
}

/** Lets a process end with its own status: the channel to the first one would keep it alive for ever, and closing it would end it with 0. */
export function leaveProcesses(): void {
  process.channel?.unref();
}

export interface ProcessesDeps {
  readonly config: Config;
  readonly log: Log;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly greet: (greeting: string) => void;
}

/**
 * Runs `config.processes` of them until a signal comes. Number 1 alone has what must not run twice per machine (the simulator). Resolves with
 * the exit status: that of number 1 when it cannot even start the first time, for then nothing is going to.
 */
export async function runProcesses(deps: ProcessesDeps): Promise<number> {
  const { config, log } = deps;
  const embedded = config.databaseUrl === null ? await startEmbeddedPostgres({ dataDir: resolve(CHECKOUT, config.dataDir), log }) : null;
  const status = await new Promise<number>((done) => new Group(deps, embedded, done).begin());
  await embedded?.stop();
  return status;
}

class Group {
  readonly #deps: ProcessesDeps;
  readonly #url: string;
  readonly #done: (status: number) => void;
  /** Our own list: the cluster's own still names a process while its end is being told. */
  readonly #alive = new Set<Worker>();
  readonly #metrics = gatherMetrics(this.#alive);
  #stopping = false;
  #status = 0;
  /** Number 1 has been ready: schema, accounts and the first keys are there for the others to find. */
  #complete = false;

  constructor(deps: ProcessesDeps, embedded: EmbeddedPostgres | null, done: (status: number) => void) {
    this.#deps = deps;
    this.#url = deps.config.databaseUrl ?? embedded?.url ?? '';
    this.#done = done;
  }

  begin(): void {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => this.#stop(signal));
    this.#fork(1);
  }

  #fork(number: number): void {
    const { config, env } = this.#deps;
    const simulator = number === 1 ? config.simulator : 'off';
    const own = { DATABASE_URL: this.#url, PACKETBOAT_SIMULATOR: simulator, PACKETBOAT_PROCESSES: '1', [MARK]: String(number) };
    const worker = cluster.fork({ ...env, ...own });
    this.#alive.add(worker);
    worker.on('message', (message: unknown) => {
      if (isReady(message)) this.#ready(message);
      else this.#metrics(worker, message);
    });
    worker.once('exit', (code, signal) => this.#ended(worker, number, { code, signal }));
  }

  #ready({ greeting }: Ready): void {
    if (this.#complete || this.#stopping) return;
    this.#complete = true;
    this.#deps.greet(greeting);
    for (let number = 2; number <= this.#deps.config.processes; number += 1) this.#fork(number);
  }

  #ended(worker: Worker, number: number, { code, signal }: { code: number | null; signal: string | null }): void {
    this.#alive.delete(worker);
    if (!this.#stopping && !this.#complete && code) {
      // It said why on stderr; a second try would say the same.
      this.#status = code;
      this.#stopping = true;
    }
    if (this.#stopping) {
      if (this.#alive.size === 0) this.#done(this.#status);
      return;
    }
    this.#deps.log.error({ event: 'process_ended', process: number, pid: worker.process.pid, code, signal }, 'it is started again');
    setTimeout(() => {
      if (!this.#stopping) this.#fork(number);
    }, RESTART_MS);
  }

  #stop(signal: NodeJS.Signals): void {
    this.#stopping = true;
    for (const worker of this.#alive) worker.process.kill(signal);
    if (this.#alive.size === 0) this.#done(this.#status);
  }
}

function isReady(message: unknown): message is Ready {
  return typeof message === 'object' && message !== null && 'kind' in message && message.kind === 'ready';
}

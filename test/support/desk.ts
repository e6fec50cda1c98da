// This file starts whole desks for tests: `bin/packetboat serve` as a process of its own (to be killed, stopped and started again), or opened
// inside the test process where that is enough. Each has a data folder and ports of its own; everything is gone when the test ends.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { openDesk as openDeskInside } from '../../src/cli/serve/desk.ts';
import type { Bootstrap } from '../../src/cli/serve/first-start.ts';
import { loadConfig } from '../../src/config.ts';
import { makeLog, silentLog } from '../../src/log.ts';
import { providerRegistry } from '../../src/providers/registry.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { describeEmbedded } from '../../src/store/embedded/supervisor.ts';
import { type Teardown, testDatabase } from './database.ts';
import { type DeskApi, deskApi } from './desk-api.ts';
import { until } from './until.ts';

type Env = Readonly<Record<string, string>>;

export interface DeskOptions {
  /** Settings, over the ones for tests. */
  readonly env?: Env;
  /** `embedded`: its own PostgreSQL, as a newcomer has it; `shared` (default): a database of its own on the server of the test run; else an address. */
  readonly database?: 'embedded' | 'shared' | { readonly url: string };
  /** Command line after `serve`. */
  readonly args?: readonly string[];
  /** Where its data folder is made; else a folder of its own. */
  readonly folder?: string;
}

export interface DeskProcess extends DeskApi {
  readonly dataDir: string;
  readonly bootstrap: Bootstrap;
  readonly pid: number;
  /** Of the embedded server; null when it does not run or there is none. */
  readonly postgresPid: number | null;
  readonly databaseUrl: string;
  /** Lines of its log so far, over all starts. */
  readonly log: readonly LogLine[];
  /** Ends the process by a signal and waits until it is gone. Resolves with its exit status, or the signal that ended it. */
  kill(signal: NodeJS.Signals): Promise<number | NodeJS.Signals>;
  /** SIGTERM, as an operator stops it; fails when it does not end with status 0. */
  stop(): Promise<void>;
  /** Starts it again on the same data folder, with other settings where given. */
  start(env?: Env): Promise<void>;
  /** Runs a command of the same desk (`simulate outage …`) and resolves with what it printed. Rejects when it fails. */
  command(...args: string[]): Promise<string>;
}

export interface DeskHere extends DeskApi {
  readonly dataDir: string;
  readonly bootstrap: Bootstrap;
  readonly databaseUrl: string;
  readonly simulator: Simulator;
  /** Closes it as SIGTERM would. Idempotent. */
  close(): Promise<void>;
  /** Runs a command on this desk (`simulate outage …`) and resolves with what it printed. Rejects when it fails. */
  command(...args: string[]): Promise<string>;
}

export interface LogLine {
  readonly event?: string;
  readonly [name: string]: unknown;
}

export const PROGRAM = join(import.meta.dirname, '../../bin/packetboat');
const TEST_ENV: Env = {
  PACKETBOAT_HTTP_PORT: '0',
  PACKETBOAT_SUBMISSION_PORT: '0',
  PACKETBOAT_INBOUND_PORT: '0',
  PACKETBOAT_SHUTDOWN_GRACE_S: '5',
  PACKETBOAT_UNCERTAIN_WAIT: '1s 1s',
  // Nothing grows too old in a test by itself, however slow the machine is.
  PACKETBOAT_RETRY_TRANSACTIONAL: '1s 2s; max 60m',
  PACKETBOAT_RETRY_BULK: '1s 2s; max 60m',
  // Nobody reads a file of settings that lies on the machine of whoever runs the tests.
  PACKETBOAT_CONFIG: '',
};
/** A cold start takes a second or two; a loaded machine gets this. */
const START_LIMIT_MS = 240_000;
const STOP_LIMIT_MS = 60_000;

/** Starts a desk as a process and waits until it is ready. */
export async function startDesk(t: Teardown, options: DeskOptions = {}): Promise<DeskProcess> {
  const end = inReverse(t);
  const place = options.database ?? 'shared';
  const external = place === 'embedded' ? null : place === 'shared' ? (await testDatabase(end)).url : place.url;
  const desk = new DeskChild(join(options.folder ?? testFolder(end), 'data'), external, options);
  end.after(() => desk.end());
  await desk.launch(options.env ?? {});
  return desk.face;
}

/** Opens a desk in this process, on a database of its own on the server of the test run. */
export async function openDesk(t: Teardown, options: Pick<DeskOptions, 'env'> & { database?: { url: string } } = {}): Promise<DeskHere> {
  const end = inReverse(t);
  const { url } = options.database ?? (await testDatabase(end));
  const dataDir = join(testFolder(end), 'data');
  const env = { ...TEST_ENV, DATABASE_URL: url, PACKETBOAT_DATA_DIR: dataDir, ...options.env };
  const config = loadConfig(env, () => undefined);
  const log = process.env['PACKETBOAT_TEST_LOG'] ? makeLog(process.env['PACKETBOAT_TEST_LOG']) : silentLog;
  const desk = await openDeskInside({ config, log, registry: providerRegistry, version: '0.0.0-test' });
  const close = () => desk.close();
  end.after(close);
  const { bootstrap, simulator } = desk;
  return {
    ...deskApi(() => bootstrap),
    dataDir,
    bootstrap,
    databaseUrl: url,
    close,
    command: (...args) => runProgram(args, { ...hermetic(), ...env }),
    get simulator() {
      assert.ok(simulator, 'this desk has no simulator');
      return simulator;
    },
  };
}

/** Hooks run in the order they were registered, but what was opened first has to be closed last. */
export function inReverse(t: Teardown): Teardown {
  const ends: (() => Promise<void>)[] = [];
  t.after(async () => {
    for (const end of ends.splice(0).toReversed()) await end();
  });
  return { after: (end) => void ends.push(end) };
}

/** A folder that a server running as another user can enter; removed at the end. */
export function testFolder(t: Teardown): string {
  const folder = mkdtempSync(join(tmpdir(), 'packetboat-desk-'));
  chmodSync(folder, 0o711);
  t.after(async () => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }));
  return folder;
}

class DeskChild {
  readonly #dataDir: string;
  readonly #external: string | null;
  readonly #args: readonly string[];
  readonly #log: LogLine[] = [];
  readonly #errors: string[] = [];
  #env: Env = {};
  #child: ChildProcess | null = null;
  #bootstrap: Bootstrap | null = null;
  readonly face: DeskProcess;

  constructor(dataDir: string, external: string | null, options: DeskOptions) {
    this.#dataDir = dataDir;
    this.#external = external;
    this.#args = options.args ?? [];
    this.face = this.#makeFace();
  }

  #makeFace(): DeskProcess {
    const desk = this;
    return {
      ...deskApi(() => desk.#ready()),
      dataDir: desk.#dataDir,
      log: desk.#log,
      get bootstrap() {
        return desk.#ready();
      },
      get pid() {
        return desk.#child?.pid ?? 0;
      },
      get postgresPid() {
        return desk.#external === null ? (describeEmbedded(desk.#dataDir)?.pid ?? null) : null;
      },
      get databaseUrl() {
        return desk.#external ?? describeEmbedded(desk.#dataDir)?.url ?? '';
      },
      kill: (signal) => desk.#kill(signal),
      async stop() {
        assert.equal(await desk.#kill('SIGTERM'), 0, `the desk did not stop well: ${desk.#tail()}`);
      },
      start: (env) => desk.launch(env ?? desk.#env),
      command: (...args) => runProgram(args, desk.#environment()),
    };
  }

  #ready(): Bootstrap {
    assert.ok(this.#bootstrap, 'the desk has not been ready yet');
    return this.#bootstrap;
  }

  #environment(): NodeJS.ProcessEnv {
    return {
      ...hermetic(),
      ...TEST_ENV,
      PACKETBOAT_DATA_DIR: this.#dataDir,
      ...(this.#external === null ? {} : { DATABASE_URL: this.#external }),
      ...this.#env,
    };
  }

  async launch(env: Env): Promise<void> {
    assert.equal(this.#child, null, 'the desk runs already');
    this.#env = env;
    const child = spawn(process.execPath, [PROGRAM, 'serve', ...this.#args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: this.#environment(),
    });
    this.#child = child;
    child.once('exit', () => {
      if (this.#child === child) this.#child = null;
    });
    child.stderr.on('data', (chunk: Buffer) => this.#errors.push(chunk.toString()));
    const since = this.#log.length;
    createInterface({ input: child.stdout }).on('line', (line) => this.#heard(line));
    await until(() => this.#child !== child || this.#log.slice(since).some((line) => line.event === 'ready'), {
      what: 'the desk to be ready',
      withinMs: START_LIMIT_MS,
      everyMs: 20,
    });
    assert.equal(this.#child, child, `the desk ended while it started: ${this.#tail()}`);
    // Written by the desk just before it said that it is ready.
    this.#bootstrap = JSON.parse(readFileSync(join(this.#dataDir, 'bootstrap.json'), 'utf8')) as Bootstrap;
    if (this.#args.length > 0) return;
    const { http_url: origin } = this.#bootstrap;
    // It looks at the database anew, and says so when that takes longer than a second.
    await until(async () => (await fetch(`${origin}/health`)).status === 200, { what: '/health to say so, too', withinMs: START_LIMIT_MS });
  }

  #heard(line: string): void {
    if (!line.startsWith('{')) return;
    // Lines that begin with a brace are pino's.
    this.#log.push(JSON.parse(line) as LogLine);
  }

  async #kill(signal: NodeJS.Signals): Promise<number | NodeJS.Signals> {
    const child = this.#child;
    assert.ok(child, 'the desk does not run');
    const exit = once(child, 'exit');
    child.kill(signal);
    const limit = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
    const [status, by] = await exit;
    clearTimeout(limit);
    return status ?? by;
  }

  #tail(): string {
    const lines = this.#log.slice(-10).map((line) => JSON.stringify(line));
    return [...lines, ...this.#errors.slice(-10)].join('\n');
  }

  async end(): Promise<void> {
    if (this.#child) await this.#kill('SIGTERM');
    // A desk that was killed leaves its server to the kernel's signal; it may still be writing its last page.
    if (this.#external === null)
      await until(() => describeEmbedded(this.#dataDir)?.pid == null, { what: 'the embedded server to end', withinMs: STOP_LIMIT_MS });
  }
}

/** Our own environment without any setting of a desk, and without the language of whoever runs the tests: the command line would speak it. */
function hermetic(): NodeJS.ProcessEnv {
  const foreign = /^(?:PACKETBOAT_|DATABASE_URL$|LANG$|LANGUAGE$|LC_)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}

async function runProgram(args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const child = spawn(process.execPath, [PROGRAM, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env });
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  const [status] = await once(child, 'close');
  const output = Buffer.concat(chunks).toString();
  assert.equal(status, 0, `packetboat ${args.join(' ')}: ${output}`);
  return output;
}

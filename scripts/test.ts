// This file runs the tests: every *.test.ts beside its code and under test/, on one embedded PostgreSQL for the whole run.
//   npm test                       what needs no system package
//   npm test -- --system           and real peers (Postfix, Dovecot …); --browser: the console in Chromium; --all: both
//   npm test -- src/mail           only files whose path holds one of these words
//   npm test -- --only system      nothing but those; --not src/http leaves some out
//   npm test -- --name "pattern"   only tests whose name matches
//   npm test -- --seed random      properties are tried with other examples than usual; --seed N: with those of an earlier run
import type { ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { subscribe } from 'node:diagnostics_channel';
import { globSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, type TestsStream } from 'node:test';
import { spec } from 'node:test/reporters';
import { parseArgs } from 'node:util';
import { AppError } from '../src/errors.ts';
import { makeLog } from '../src/log.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../src/store/embedded/supervisor.ts';
import { TEST_SERVER_FLAGS } from '../test/support/server-flags.ts';

/** A test that hangs must not hang the run. Seconds on a desk; a machine ten times as slow gets this. */
const TEST_LIMIT_MS = 600_000;
/** Nor must a file that never ends: its tests are over, but a connection, server or timer that nobody closed holds the process. */
const SILENCE_LIMIT_MS = TEST_LIMIT_MS + 60_000;
/** When a hook of the file failed, those after it did not run: it will not end by itself. */
const FAILED_FILE_LIMIT_MS = 15_000;
const LOOK_MS = 1_000;
const ROOT = join(import.meta.dirname, '..');

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    system: { type: 'boolean', default: false },
    browser: { type: 'boolean', default: false },
    all: { type: 'boolean', default: false },
    only: { type: 'string' },
    not: { type: 'string' },
    name: { type: 'string' },
    seed: { type: 'string' },
    concurrency: { type: 'string', default: String(Math.max(2, Math.min(4, availableParallelism()))) },
  },
});

const files = chooseFiles();
if (files.length === 0) {
  console.error(`No test file matches ${positionals.join(' ') || 'this choice'}.`);
  process.exit(1);
}
if (values.seed !== undefined) {
  const seed = values.seed === 'random' ? randomInt(1_000_000_000) : Number(values.seed);
  if (!Number.isSafeInteger(seed)) {
    console.error(`A seed is a whole number or "random", not ${values.seed}.`);
    process.exit(2);
  }
  process.env['PACKETBOAT_TEST_SEED'] = String(seed);
  console.log(`Properties are tried with --seed ${seed}.`);
}
const external = process.env['PACKETBOAT_TEST_EXTERNAL_URL'];
const folder = mkdtempSync(join(tmpdir(), 'packetboat-run-'));
const server = external ? null : await startServer();
if (server) process.env['PACKETBOAT_TEST_DATABASE_URL'] = server.url;
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void cleanUp().then(() => process.exit(1)));
let count = 0;
let failed = false;
try {
  await runAll(files);
} finally {
  await cleanUp();
}
if (count === 0) console.error('No test ran; that is a failure of the run.');
process.exit(failed || count === 0 ? 1 : 0);

async function cleanUp(): Promise<void> {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

async function startServer(): Promise<EmbeddedPostgres> {
  try {
    return await startEmbeddedPostgres({ dataDir: folder, log: makeLog('warn'), flags: TEST_SERVER_FLAGS });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    console.error(`The tests need a database. ${error.message}\n${error.hint} (${error.code})`);
    rmSync(folder, { recursive: true, force: true });
    process.exit(1);
  }
}

function chooseFiles(): string[] {
  const found = globSync(['src/**/*.test.ts', 'test/**/*.test.ts', 'scripts/**/*.test.ts', 'web/{src,scripts}/**/*.test.ts'], {
    cwd: ROOT,
  }).sort();
  const room = (file: string) => (file.startsWith('test/system/') ? 'system' : file.startsWith('test/browser/') ? 'browser' : 'plain');
  const wanted = values.only
    ? [values.only]
    : ['plain', ...(values.system || values.all ? ['system'] : []), ...(values.browser || values.all ? ['browser'] : [])];
  const named = (file: string) =>
    !(values.not && file.includes(values.not)) &&
    (positionals.length === 0 || positionals.some((word) => file.includes(word.replace(/^\.\//, ''))));
  // A file that is named outright is run wherever it lies.
  return found.filter((file) => positionals.includes(file) || (wanted.includes(room(file)) && named(file))).map((file) => join(ROOT, file));
}

function runAll(chosen: string[]): Promise<void> {
  const events = run({
    files: chosen,
    cwd: ROOT,
    concurrency: Number(values.concurrency),
    timeout: TEST_LIMIT_MS,
    ...(values.name ? { testNamePatterns: [new RegExp(values.name)] } : {}),
  });
  endSilentFiles(events);
  events.on('test:fail', () => {
    failed = true;
  });
  events.on('test:summary', (summary) => {
    // Summaries of single files carry a name; the one of the whole run does not.
    if (summary.file === undefined) {
      count = summary.counts.passed + summary.counts.skipped;
      failed ||= !summary.success;
    }
  });
  return new Promise((resolve, reject) => {
    const report = events.compose(new spec());
    report.on('data', (chunk: Buffer) => process.stdout.write(chunk));
    report.once('end', resolve);
    report.once('error', reject);
  });
}

/** Ends the process of a file that has gone silent; the runner then counts the file as failed. */
function endSilentFiles(events: TestsStream): void {
  const children: ChildProcess[] = [];
  subscribe('child_process', (message) => children.push((message as { process: ChildProcess }).process));
  const silentAt = new Map<string, number>();
  const heard = ({ name, file = '' }: { name: string; file?: string | undefined }) => {
    // A test that a shared file declares carries that file's name: it is a sign of life of any file that runs.
    const living = name === file || silentAt.has(file) ? [file] : [...silentAt.keys()];
    for (const each of living) silentAt.set(each, Date.now() + SILENCE_LIMIT_MS);
  };
  events.on('test:dequeue', heard);
  events.on('test:complete', (event) => {
    if (event.name === event.file) silentAt.delete(event.name);
    else heard(event);
  });
  events.on('test:fail', ({ name }) => {
    if (silentAt.has(name)) silentAt.set(name, Date.now() + FAILED_FILE_LIMIT_MS);
  });
  setInterval(() => {
    for (const [file, atMs] of silentAt) {
      if (Date.now() < atMs) continue;
      silentAt.delete(file);
      console.error(`${file} does not end: something it opened was not closed. Its process is stopped, and the file counts as failed.`);
      children.find((child) => child.spawnargs.at(-1) === file)?.kill('SIGKILL');
    }
  }, LOOK_MS).unref();
}

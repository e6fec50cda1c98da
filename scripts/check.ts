// This file is `npm run check`: types, format and lint, dead code, the four laws, and the pages that must be fresh. All run side by side;
// everything that is wrong is printed; one wrong thing fails.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { checkCalls } from './checks/calls.ts';
import { checkImports } from './checks/imports.ts';
import { checkMachine } from './checks/machine.ts';
import { checkPages } from './checks/pages.ts';
import { checkShape } from './checks/shape.ts';
import type { Fault } from './checks/source.ts';
import { checkWords } from './checks/words.ts';

const ROOT = join(import.meta.dirname, '..');
/** The whole is meant to stay under a minute; a tool that takes this long hangs. */
const TOOL_LIMIT_MS = 240_000;

interface Answer {
  readonly name: string;
  readonly ok: boolean;
  readonly output: string;
  readonly seconds: number;
}

const OWN: readonly [string, (root: string) => Fault[]][] = [
  ['imports', checkImports],
  ['calls and SQL', checkCalls],
  ['shape of files', checkShape],
  ['words', checkWords],
  ['no machine named', checkMachine],
  ['pages', checkPages],
];

const tools = [
  tool('types', 'node_modules/typescript/bin/tsc', ['-p', '.']),
  tool('format and lint', 'node_modules/@biomejs/biome/bin/biome', ['check', '--diagnostic-level=error', '.']),
  tool('dead code', 'node_modules/knip/bin/knip.js', ['--no-progress']),
  // Types, tokens, contrast, words and generated types of the console.
  tool('console', 'web/scripts/check.mjs', [], 'web'),
  ...(existsSync(join(ROOT, 'scripts', 'openapi.ts')) ? [tool('openapi.json', 'scripts/openapi.ts', ['--check'])] : []),
];
const answers = [...OWN.map(own), ...(await Promise.all(tools))];
for (const { name, ok, output, seconds } of answers) {
  console.log(`${ok ? '✔' : '✖'} ${name} (${seconds.toFixed(1)} s)`);
  if (!ok) console.log(`${output.trim()}\n`);
}
const wrong = answers.filter(({ ok }) => !ok).length;
console.log(wrong === 0 ? `All ${answers.length} checks hold.` : `${wrong} of ${answers.length} checks fail.`);
process.exit(wrong === 0 ? 0 : 1);

function own([name, check]: [string, (root: string) => Fault[]]): Answer {
  const since = performance.now();
  const faults = check(ROOT);
  const output = faults.map(({ file, line, message }) => `${file}${line ? `:${line}` : ''}  ${message}`).join('\n');
  return { name, ok: faults.length === 0, output, seconds: (performance.now() - since) / 1_000 };
}

function tool(name: string, program: string, args: readonly string[], folder = ''): Promise<Answer> {
  const since = performance.now();
  const child = spawn(process.execPath, [join(ROOT, program), ...args], {
    cwd: join(ROOT, folder),
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: TOOL_LIMIT_MS,
  });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk) => chunks.push(chunk));
  child.stderr.on('data', (chunk) => chunks.push(chunk));
  return new Promise((resolve) => {
    const end = (ok: boolean, more = '') =>
      resolve({ name, ok, output: Buffer.concat(chunks).toString('utf8') + more, seconds: (performance.now() - since) / 1_000 });
    child.once('error', (error) => end(false, error.message));
    child.once('close', (status, signal) => end(status === 0, signal ? `ended by ${signal}` : ''));
  });
}

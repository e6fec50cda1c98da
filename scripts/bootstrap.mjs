#!/usr/bin/env node
// This file is what `npm start`, `npm test`, `npm run check`, `bench` and `openapi` run: it gets the checkout ready (Node 24, packages, the
// console) on any Node from 20 on, then runs the target under Node 24.
import { join } from 'node:path';
import { Obstacle } from './bootstrap/ground.mjs';
import { prepare, ROOT } from './bootstrap/prepare.mjs';
import { become } from './bootstrap/run.mjs';

/** Each target: the program (none: only get ready), its first arguments, and whether it needs the console. */
const TARGETS = {
  serve: { program: 'bin/packetboat', args: ['serve'], withConsole: () => true },
  test: {
    program: 'scripts/test.ts',
    args: [],
    withConsole: (args) => ['--browser', '--all', 'browser'].some((word) => args.includes(word)),
  },
  check: { program: 'scripts/check.ts', args: [], withConsole: () => false },
  bench: { program: 'bench/main.ts', args: [], withConsole: () => false },
  prepare: { program: null, args: [], withConsole: () => true },
  openapi: { program: 'scripts/openapi.ts', args: [], withConsole: () => false },
};

const [name = 'serve', ...rest] = process.argv.slice(2);
const target = TARGETS[name];
if (target === undefined) {
  console.error(`There is no target "${name}"; there are ${Object.keys(TARGETS).join(', ')}.`);
  process.exit(2);
}
try {
  const node = await prepare(ROOT, { withConsole: target.withConsole(rest), say: (line) => console.error(line) });
  if (target.program !== null) process.exitCode = await become(node, [join(ROOT, target.program), ...target.args, ...rest]);
} catch (error) {
  if (!(error instanceof Obstacle)) throw error;
  console.error(`${error.message}\n${error.hint}`);
  process.exitCode = 1;
}

// This file checks the console: types, tokens, words, log lines, generated types. `npm run check -w web`.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkColours, checkSources, filesUnder, readTokens } from './check-tokens.mjs';
import { checkBareText, checkWords } from './check-words.mjs';

const WEB = fileURLToPath(new URL('..', import.meta.url));
const SRC = join(WEB, 'src');
/** The development page stays English: it is for those who build the console. */
const DEVELOPMENT = /rooms\/desk(?:-\w+)?\.tsx$/;

/** Every room of the router exports its log line. */
function checkRoutes() {
  const router = readFileSync(join(SRC, 'router.tsx'), 'utf8');
  const rooms = [...router.matchAll(/import\('(\.\/rooms\/[^']+)'\)/g)].map(([, path]) => path);
  if (rooms.length === 0) return ['router.tsx names no room'];
  return rooms
    .filter((path) => !/export (?:function logLine\b|\{[^}]*\blogLine\b[^}]*\})/.test(readFileSync(join(SRC, path), 'utf8')))
    .map((path) => `${path} is a route without a logLine`);
}

/** A room imports nothing of the server. */
function checkBorders(files) {
  return files
    .filter((file) => /\.(tsx?|mjs)$/.test(file) && /from '(?:\.\.\/)+src\//.test(readFileSync(file, 'utf8')) && !file.includes('/mock/'))
    .map((file) => `${file} imports from the server`);
}

function run(command, args) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: WEB, encoding: 'utf8' });
  return status === 0 ? [] : [`${command} ${args.join(' ')}\n${stdout}${stderr}`.trim()];
}

const files = filesUnder(SRC);
const bin = (name) => {
  const own = join(WEB, '..', 'node_modules', '.bin', name);
  return existsSync(own) ? own : name;
};
const complaints = [
  ...run(bin('tsc'), ['-p', '.']),
  ...run(bin('tsc'), ['-p', 'tsconfig.node.json']),
  ...checkColours(readTokens(readFileSync(join(SRC, 'styles', 'tokens.css'), 'utf8'))),
  ...checkSources(SRC),
  ...checkRoutes(),
  ...(await checkWords(join(SRC, 'words'))),
  ...checkBareText(files.filter((file) => !DEVELOPMENT.test(file))),
  ...checkBorders(files),
  ...run(process.execPath, ['scripts/types.mjs', '--check']),
];
for (const complaint of complaints) console.error(complaint);
console.log(complaints.length === 0 ? 'console: all well' : `console: ${complaints.length} to mend`);
process.exitCode = complaints.length === 0 ? 0 : 1;

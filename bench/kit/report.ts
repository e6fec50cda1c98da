// This file is what a benchmark answers, and how bench/RESULTS.md is kept: one section per benchmark, each with machine, date and command,
// replaced when that benchmark runs again.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { CHECKOUT } from './desk.ts';

export interface Section {
  /** What follows the benchmark's name in the file's marks; '' for its main section. */
  readonly part: string;
  readonly title: string;
  /** Markdown. */
  readonly body: string;
}

export interface BenchReport {
  /** The last line of `--json`. */
  readonly json: object;
  /** Each is kept by itself, so that a part can be measured again alone. */
  readonly sections: readonly Section[];
  /** What must never happen and did: mail lost, a ledger out of balance, a copy too many. Empty is well. */
  readonly faults: readonly string[];
}

export interface BenchOptions {
  /** Smaller, for a look; not kept. */
  readonly quick: boolean;
  readonly args: readonly string[];
}

export type Bench = (options: BenchOptions) => Promise<BenchReport>;

const FILE = join(CHECKOUT, 'bench/RESULTS.md');
const HEAD = `# What was measured

Written by \`npm run bench -- NAME\`; each section is replaced when its benchmark runs again. Load source, sink, database and system under test
share the machine named in the section.
`;

/** The machine in one line. */
export function machine(): string {
  const [first] = cpus();
  return `${first?.model.trim() ?? 'unknown CPU'}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, ${type()} ${release()}, Node ${process.versions.node}`;
}

/** Puts a section into the file, at its old place or at the end. */
export function keepResults(name: string, { part, title, body }: Section, nowMs: number): void {
  const command = `npm run bench -- ${[name, ...process.argv.slice(3).filter((arg) => arg !== '--json')].join(' ')}`;
  const date = new Date(nowMs).toISOString().slice(0, 16).replace('T', ' ');
  const section = `## ${title}

\`${command}\` · ${date} UTC · commit ${commit()} · ${machine()}

${body.trim()}
`;
  const mark = part === '' ? name : `${name} ${part}`;
  const begin = `<!-- ${mark} -->`;
  const end = `<!-- end of ${mark} -->`;
  const text = existsSync(FILE) ? readFileSync(FILE, 'utf8') : HEAD;
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  const block = `${begin}\n${section}${end}`;
  const next = from === -1 || to === -1 ? `${text.trimEnd()}\n\n${block}\n` : text.slice(0, from) + block + text.slice(to + end.length);
  writeFileSync(FILE, next);
}

function commit(): string {
  try {
    const options = { cwd: CHECKOUT, encoding: 'utf8' } as const;
    const changed =
      execFileSync('git', ['status', '--porcelain', '--untracked-files=no', '--', 'src', 'migrations'], options).trim() !== '';
    return `${execFileSync('git', ['rev-parse', '--short', 'HEAD'], options).trim()}${changed ? ' and changes' : ''}`;
  } catch {
    return 'unknown';
  }
}

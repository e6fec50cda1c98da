// This file counts CPU time of process trees from /proc: what runs, and what has ended and was waited for by a parent inside the tree.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly name: string;
  /** User and system time of the process, seconds. */
  readonly ownS: number;
  /** The same of its ended children and theirs. */
  readonly reapedS: number;
}

let ticksPerSecond = 0;

/** CPU-seconds that the processes `roots` and everything below them have used so far. */
export function treeCpu(roots: readonly number[]): number {
  return below(roots).reduce((sum, { ownS, reapedS }) => sum + ownS + reapedS, 0);
}

/** CPU-seconds that everything on this machine used since it started, all cores together. */
export function machineCpu(): number {
  const [cpu = ''] = readFileSync('/proc/stat', 'utf8').split('\n');
  // proc(5): user nice system idle iowait irq softirq steal; guests are counted with user.
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = cpu.split(/ +/).slice(1).map(Number);
  ticksPerSecond ||= Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
  return (user + nice + system + irq + softirq + steal) / ticksPerSecond;
}

/** The same, by what the processes are: name, and for PostgreSQL the part of the server. Ended children stand under their parent's name. */
export function treeCpuByName(roots: readonly number[]): Map<string, number> {
  const sums = new Map<string, number>();
  const add = (name: string, seconds: number) => {
    if (seconds > 0) sums.set(name, (sums.get(name) ?? 0) + seconds);
  };
  for (const { pid, name, ownS, reapedS } of below(roots)) {
    add(titleOf(pid, name), ownS);
    add(`${titleOf(pid, name)}, its ended children`, reapedS);
  }
  return sums;
}

/** CPU-seconds of the children of this process that ended and were waited for. */
export function endedChildrenCpu(): number {
  return readStat('/proc/self/stat')?.reapedS ?? 0;
}

/** CPU-seconds by thread name of one process. */
export function threadCpu(pid: number): Map<string, number> {
  const sums = new Map<string, number>();
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    const found = readStat(`/proc/${pid}/task/${task}/stat`);
    if (found) sums.set(found.name, (sums.get(found.name) ?? 0) + found.ownS);
  }
  return sums;
}

function below(roots: readonly number[]): Process[] {
  const children = new Map<number, Process[]>();
  const all = new Map<number, Process>();
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const found = readStat(`/proc/${entry}/stat`);
    if (!found) continue;
    all.set(found.pid, found);
    const siblings = children.get(found.parent);
    if (siblings) siblings.push(found);
    else children.set(found.parent, [found]);
  }
  const tree: Process[] = [];
  const walk = (one: Process | undefined) => {
    if (!one || tree.includes(one)) return;
    tree.push(one);
    for (const child of children.get(one.pid) ?? []) walk(child);
  };
  for (const root of roots) walk(all.get(root));
  return tree;
}

/** proc(5): the name stands in brackets and may hold blanks and brackets; after it fields count from 3. */
function readStat(path: string): Process | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    // Ended between the listing and the look; its parent's sum has it.
    return null;
  }
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  const fields = text.slice(close + 2).split(' ');
  const field = (number: number) => Number(fields[number - 3]);
  ticksPerSecond ||= Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
  return {
    pid: Number(text.slice(0, open)),
    name: text.slice(open + 1, close),
    parent: field(4),
    ownS: (field(14) + field(15)) / ticksPerSecond,
    reapedS: (field(16) + field(17)) / ticksPerSecond,
  };
}

/** Server processes of PostgreSQL write what they are into their command line. */
function titleOf(pid: number, name: string): string {
  if (name !== 'postgres') return name === 'MainThread' ? 'node' : name;
  try {
    const title = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    const part =
      /^postgres: (?:\S+: )?(checkpointer|background writer|walwriter|autovacuum \w+|logical replication launcher|io worker)/.exec(title);
    if (part?.[1]) return `postgres ${part[1]}`;
    return title.startsWith('postgres:') ? 'postgres backends' : 'postgres server';
  } catch {
    return 'postgres';
  }
}

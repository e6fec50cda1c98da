// This file runs a program as if it had taken our place: same terminal, same signals, same exit status, and it ends when we are killed.
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'];
/** How often a start under npm looks whether npm still lives. */
const PARENT_LOOK_MS = 500;
const SHELLS = /^(?:sh|dash|bash|ash|busybox|zsh|ksh)$/;
/** Status that a shell gives for a program ended by a signal. */
const SIGNAL_BASE = 128;
const SIGNAL_NUMBERS = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGABRT: 6, SIGKILL: 9, SIGSEGV: 11, SIGTERM: 15 };

/** Runs `file` and answers its exit status. */
export function become(file, args) {
  const [command, ...before] = [...dieTogether(), file];
  const child = spawn(command, [...before, ...args], { stdio: 'inherit' });
  for (const signal of FORWARDED) {
    process.on(signal, () => {
      // Ctrl-C in a terminal reaches the whole group by itself; twice would mean "at once".
      if (!(signal === 'SIGINT' && process.stdin.isTTY)) child.kill(signal);
    });
  }
  watchParent(child);
  return new Promise((resolve) => {
    child.once('error', (error) => {
      console.error(`${file} does not start: ${error.message}`);
      resolve(1);
    });
    child.once('exit', (status, signal) => resolve(status ?? SIGNAL_BASE + (SIGNAL_NUMBERS[signal] ?? 0)));
  });
}

/** With util-linux's setpriv the kernel ends the program when we are killed; without it a kill -9 of us leaves it running. */
function dieTogether() {
  if (process.platform !== 'linux') return [];
  const setpriv = ['setpriv', '--pdeathsig', 'TERM'];
  return spawnSync(setpriv[0], [...setpriv.slice(1), 'true'], { stdio: 'ignore' }).status === 0 ? setpriv : [];
}

/** npm that is killed with SIGKILL cannot tell us; `npm start` would leave a desk that nobody can stop with Ctrl-C. */
function watchParent(child) {
  const { npm_lifecycle_event: underNpm } = process.env;
  if (!underNpm) return;
  const before = ancestors();
  const looks = setInterval(() => {
    if (ancestors() === before) return;
    // Once: a program that is ending takes the next one for "at once".
    clearInterval(looks);
    child.kill('SIGTERM');
  }, PARENT_LOOK_MS).unref();
}

/** Our parent and, where that is the shell npm runs scripts in, the shell's parent too: npm itself. Whose child npm is does not matter. */
function ancestors() {
  try {
    if (!SHELLS.test(readFileSync(`/proc/${process.ppid}/comm`, 'utf8').trim())) return String(process.ppid);
    const stat = readFileSync(`/proc/${process.ppid}/stat`, 'utf8');
    // After the name in parentheses come the state and the parent.
    return `${process.ppid} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]}`;
  } catch {
    return String(process.ppid);
  }
}

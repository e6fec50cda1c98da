// This file looks whether a process of this machine lives: a node that died is buried at once by the next of its name.

/** True while a process of this machine runs. */
export function isRunning(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

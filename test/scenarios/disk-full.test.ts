// This file fills the disk under the database while mail comes in: the doors say "not now" and accept nothing they cannot keep; when there is room
// again the desk goes on by itself, and whatever it had accepted arrives.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { startSmtpHost } from '../fakes/smtp-host.ts';
import { inReverse, startDesk, testFolder } from '../support/desk.ts';
import { startLoad } from '../support/load.ts';
import { until } from '../support/until.ts';

/** Room for the cluster (some 60 MB) and a little mail. */
const DISK_MB = 160;

/** A file system of its own that is soon full, or why there can be none. */
function smallDisk(folder: string): string | false {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'a small disk is mounted as root on Linux only';
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MB}m,mode=0711`, 'packetboat-test', folder], { stdio: 'pipe' });
    return false;
  } catch (error) {
    return `no small disk can be mounted here (${error instanceof Error ? error.message.split('\n')[0] : error})`;
  }
}

/** Writes until nothing more fits. */
function fill(file: string): void {
  const fd = openSync(file, 'w');
  try {
    for (let size = 1024 * 1024; size >= 1; size = Math.floor(size / 4)) {
      try {
        for (;;) writeSync(fd, Buffer.alloc(size));
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
      }
    }
  } finally {
    closeSync(fd);
  }
}

it('accepts nothing it cannot keep, and goes on when there is room', { timeout: 600_000 }, async (t) => {
  const end = inReverse({ after });
  const disk = testFolder(end);
  const reason = smallDisk(disk);
  if (reason) return t.skip(reason);
  end.after(async () => void execFileSync('umount', ['-l', disk]));
  const host = await startSmtpHost();
  end.after(() => host.close());
  const desk = await startDesk(end, { database: 'embedded', folder: disk });
  await desk.smarthost(host.port);
  const load = startLoad({ bootstrap: () => desk.bootstrap, pauseMs: 200 });
  await until(() => load.accepted.size > 20, { what: 'mail to flow' });
  const ballast = join(disk, 'ballast');
  const notNow = () => [...load.refused].reduce((sum, [code, n]) => sum + (code === 503 || code === 451 ? n : 0), 0);
  await until(
    () => {
      fill(ballast);
      return notNow() >= 5;
    },
    { what: 'the doors to say "not now"', everyMs: 200 },
  );
  rmSync(ballast);
  const before = load.accepted.size;
  await until(() => load.accepted.size > before + 20, { what: 'mail to flow again' });
  await load.stop();
  const odd = [...load.refused.keys()].filter((code) => ![0, 421, 451, 503].includes(code));
  assert.deepEqual(odd, [], `refusals were ${JSON.stringify([...load.refused])}`);
  const ledger = await desk.quiet();
  const arrived = new Set(host.accepted.flatMap((mail) => mail.rcptTo));
  assert.deepEqual(
    [...load.accepted].filter((address) => !arrived.has(address)),
    [],
  );
  assert.equal(ledger.states.handed_over, ledger.injected, JSON.stringify(ledger.states));
  await desk.stop();
});

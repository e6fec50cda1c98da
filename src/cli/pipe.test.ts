// This file closes the pipe that a command writes into, as `packetboat … | head -1` does.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';

const PROGRAM = join(import.meta.dirname, '../../bin/packetboat');
/** What a shell gives for a program that ended because nobody reads on (SIGPIPE). */
const NOBODY_READS = 141;

test('A command whose output nobody reads any more ends quietly', async () => {
  const child = spawn(process.execPath, [PROGRAM, 'feedback', 'reply', '--json'], { stdio: 'pipe' });
  const said = text(child.stderr);
  const ended = once(child, 'exit');
  let over = false;
  child.once('exit', () => {
    over = true;
  });
  // It may end while we still write.
  child.stdin.on('error', () => {});
  child.stdin.write('550 5.1.1 no such user\n');
  await once(child.stdout, 'data');
  child.stdout.destroy();
  while (!over) {
    if (!child.stdin.write('550 5.1.1 no such user\n'.repeat(100))) await Promise.race([once(child.stdin, 'drain').catch(() => {}), ended]);
    else await new Promise(setImmediate);
  }
  const [status] = await ended;
  assert.equal(await said, '');
  assert.equal(status, NOBODY_READS);
});

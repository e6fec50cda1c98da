import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { collectorFlags } from './collector.ts';

test('the collector leaves a core free where there are several, and Node knows every word it is told', () => {
  for (const [cores, markers] of [
    [1, 1],
    [2, 1],
    [8, 7],
  ] as const) {
    const flags = collectorFlags(cores);
    assert.ok(flags.includes(`--concurrent-marking-max-worker-num=${markers}`));
    // A word that V8 no longer knows is passed over in silence at run time; on the command line Node refuses it.
    assert.equal(execFileSync(process.execPath, [...flags, '-p', '"yes"'], { encoding: 'utf8' }).trim(), 'yes');
  }
});

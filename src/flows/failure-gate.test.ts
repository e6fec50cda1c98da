import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeFailureGate } from './failure-gate.ts';

test('Who fails too often waits a minute, alone, and a right try is not counted', () => {
  let nowMs = 0;
  const gate = makeFailureGate({ monotonicMs: () => nowMs }, { failuresMax: 2 });
  gate.failed('a');
  gate.check('a');
  gate.failed('a');
  assert.throws(() => gate.check('a'), { code: 'AUTH_THROTTLED' });
  gate.check('b');
  gate.forgive('a');
  gate.check('a');
  gate.failed('a');
  nowMs = 60_000;
  gate.check('a');
  gate.failed('a');
  gate.failed('a');
  gate.succeeded('a');
  gate.check('a');
});

import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Recipient } from '../api/model.ts';
import { formats } from '../format.ts';
import { logLine } from './message.log.ts';

const NOW = Date.parse('2026-03-12T13:32:05Z');
const en = formats('en', 'Europe/Berlin');

function deferred(id: string, nextAt: string): Recipient {
  return {
    ...{ id, tenant_id: 't1', message_id: 'm1', address: `${id}@mailbox.test`, stream: 'bulk', state: 'deferred', reason: 'greylist' },
    ...{ marks: [], attempt_count: 1, next_at: nextAt, state_at: '2026-03-12T12:00:00Z', account_id: null, decision: null },
    ...{ attempts: [], events: [] },
  };
}

it('a next try whose time has come waits for its turn, and is not told as one of the past', () => {
  const line = (...recipients: Recipient[]) => logLine({ recipients, created_at: '2026-03-12T12:00:00Z' }, en, NOW);
  const [past, ahead] = [deferred('a', '2026-03-11T13:00:00Z'), deferred('b', '2026-03-12T13:53:00Z')];
  assert.match(line(past), /waits \[for its turn\]/);
  assert.match(line(ahead), /at 14:53/);
  assert.doesNotMatch(line(past, past), /11 March/);
  assert.match(line(past, ahead), /at 14:53/);
});

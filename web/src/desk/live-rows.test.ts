import assert from 'node:assert/strict';
import { it } from 'node:test';
import { whileReading } from './live-rows.ts';

it('somebody who reads keeps every row, as it is now, though newer ones pushed it off the page', () => {
  const idOf = (row: { id: string }) => row.id;
  const before = ['c', 'b', 'a'].map((id) => ({ id, state: 'queued' }));
  const page = ['e', 'd', 'c'].map((id) => ({ id, state: 'delivered' }));
  assert.deepEqual(whileReading(before, page, idOf), [
    { id: 'c', state: 'delivered' },
    { id: 'b', state: 'queued' },
    { id: 'a', state: 'queued' },
  ]);
});

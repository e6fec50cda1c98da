import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { closeRows, mailRows } from '../../test/support/mail-rows.ts';
import type { Lane, LaneKey } from '../store/lanes.ts';
import { makeLaneDirectory } from './lane-directory.ts';

const rows = await mailRows();
after(() => closeRows(rows));
const { pool, tenantId, routeId } = rows;
const key = (mailboxProvider: string): LaneKey => ({ tenantId, stream: 'bulk', mailboxProvider, routeId });

test('A directory that is full forgets its oldest lane only, and finds it again', async () => {
  const met: Lane[] = [];
  const lanes = makeLaneDirectory(pool, (lane) => met.push(lane), 3);
  for (const name of ['a', 'b', 'c', 'd']) await lanes.ensure(key(name));
  assert.deepEqual(
    ['a', 'b', 'c', 'd'].map((name) => lanes.known(key(name)) !== null),
    [false, true, true, true],
  );
  const [first] = met;
  assert.ok(first && lanes.byId(first.id) === null);
  const [found] = await lanes.load([first.id]);
  assert.deepEqual(found, first);
  assert.equal(lanes.known(key('b')), null);
  assert.deepEqual(
    ['c', 'd', 'a'].map((name) => lanes.known(key(name)) !== null),
    [true, true, true],
  );
});

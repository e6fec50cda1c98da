import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { closeRows, ids, mailRows } from '../../test/support/mail-rows.ts';
import { returnClaims } from '../store/claims.ts';
import { makeIntake } from '../store/intake.ts';
import { endNode, leaseOf, registerNode, renewNode, settleDeadNodes } from '../store/nodes.ts';
import { makeOpenWork } from './open-work.ts';

const rows = await mailRows();
after(() => closeRows(rows));
const { db, pool } = rows;
const intake = makeIntake(db.hot);

const stateOf = async (id: string | undefined) =>
  (await pool.query<{ state: string }>('select state from recipients where id = $1', [id])).rows[0]?.state;

/** A node whose lease counts its ticks when a test says so, and the work it holds. */
async function node() {
  const epoch = await registerNode(pool, { name: 'here', pid: 1, roles: ['dispatch'] });
  let tick = 0;
  const counted = new Map<bigint, number>();
  const lease = {
    epoch,
    current: () => leaseOf(epoch, tick),
    oldest: () => [...counted].filter(([, count]) => count > 0).reduce((least, [key]) => (key < least ? key : least), leaseOf(epoch, tick)),
    opened: (key: bigint, count = 1) => void counted.set(key, (counted.get(key) ?? 0) + count),
    closed: (key: bigint, count = 1) => void counted.set(key, (counted.get(key) ?? 0) - count),
  };
  const open = makeOpenWork({ pool, lease, leaseOf });
  const returned: string[] = [];
  return {
    open,
    returned,
    /** What a renewal does. */
    async ticks(count: number) {
      for (let n = 0; n < count; n += 1) {
        assert.equal(await renewNode(pool, epoch, open.oldest()), true);
        tick += 1;
      }
    },
    /** A row that stands on the wire under the present lease; nobody holds it. */
    async row(): Promise<string> {
      const message = rows.message({}, [{ state: 'submitting', dueAtMs: null, lease: lease.current() }]);
      await intake.submit(message);
      return message.recipients[0]?.id ?? '';
    },
    held: (id: string) => open.opened(lease.current(), [id]),
    sweep: () =>
      open.sweep(async (orphans) => {
        returned.push(...orphans.map(({ id }) => id));
        await returnClaims(db.hot, orphans);
      }),
    die: async () => {
      await endNode(pool, epoch);
      await settleDeadNodes(pool, (count) => Array.from({ length: count }, () => ids.next()));
    },
  };
}

test('A row whose answer was lost is found by the successor, however often the dead node renewed its lease since', async () => {
  const dying = await node();
  const lost = await dying.row();
  await dying.ticks(3);
  await dying.die();
  assert.equal(await stateOf(lost), 'uncertain');
});

test('What nobody holds goes back when it is old enough; what is held stays, and is left to the successor', async () => {
  const living = await node();
  const [lost, kept] = [await living.row(), await living.row()];
  living.held(kept);
  await living.ticks(6);
  await living.sweep();
  assert.deepEqual(living.returned, [], 'its commit may still be on its way');
  await living.ticks(1);
  await living.sweep();
  assert.deepEqual(living.returned, [lost]);
  assert.equal(await stateOf(lost), 'queued');
  await living.ticks(30);
  await living.sweep();
  assert.deepEqual(living.returned, [lost]);
  await living.die();
  assert.equal(await stateOf(kept), 'uncertain');
});

test('Looks leave behind what they have seen, twice as old as an orphan has to be, and nothing younger', async () => {
  const living = await node();
  await living.ticks(40);
  const late = await living.row();
  await living.sweep();
  const at = living.open.oldest();
  await living.ticks(13);
  assert.equal(living.open.oldest(), at, 'only a look moves it');
  await living.sweep();
  assert.deepEqual(living.returned, [late]);
  assert.equal(living.open.oldest(), at, 'a look that found something is repeated first');
  await living.sweep();
  assert.ok(living.open.oldest() > at);
  await living.die();
});

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { closeRows, mailRows } from '../../test/support/mail-rows.ts';
import { makeIntake } from './intake.ts';
import { readMessage } from './message-detail.ts';

const rows = await mailRows();
after(() => closeRows(rows));
const { db, pool, tenantId } = rows;

test('A message to more people than one answer shows counts all of them, and says that it was cut', async () => {
  for (const [recipients, shown] of [
    [1_500, 1_500],
    [2_300, 2_000],
  ] as const) {
    const message = rows.message(
      {},
      Array.from({ length: recipients }, (_, n) => ({ state: n % 3 === 0 ? ('handed_over' as const) : ('queued' as const) })),
    );
    await makeIntake(db.hot).submit(message);
    const detail = await readMessage(pool, tenantId, message.id);
    const handedOver = Math.ceil(recipients / 3);
    assert.deepEqual(detail?.states, { handed_over: handedOver, queued: recipients - handedOver });
    assert.equal(detail?.recipients.length, shown);
    assert.equal(detail?.truncated, shown < recipients);
  }
});

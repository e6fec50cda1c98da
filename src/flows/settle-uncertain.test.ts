import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { closeRows, ids, mailRows } from '../../test/support/mail-rows.ts';
import { systemClock } from '../clock.ts';
import { silentLog } from '../log.ts';
import { makeIntake } from '../store/intake.ts';
import type { Line } from './lines.ts';
import { makeSettleUncertain } from './settle-uncertain.ts';

const rows = await mailRows();
after(() => closeRows(rows));
const { db, pool, tenantId, routeId } = rows;

test('A provider that never answers a search keeps nobody waiting', { timeout: 120_000 }, async () => {
  const message = rows.message(
    {},
    Array.from({ length: 30 }, () => ({ state: 'uncertain' as const, dueAtMs: null })),
  );
  await makeIntake(db.hot).submit(message);
  for (const [n, { id }] of message.recipients.entries()) {
    await pool.query(
      'insert into uncertain_recipients (tenant_id, recipient_id, message_id, route_id, settle_at) values ($1, $2, $3, $4, now())',
      [tenantId, id, message.id, n % 2 === 0 ? routeId : null],
    );
  }
  let asked = 0;
  const client = {
    find() {
      asked += 1;
      return new Promise(() => {});
    },
  };
  const settle = makeSettleUncertain({
    pool,
    clock: systemClock,
    ids,
    log: silentLog,
    // Nothing else of a line is looked at here.
    lineOf: () => ({ client }) as unknown as Line,
    policy: 'resend',
    // Whatever the two clocks make of the same moment.
    waitMs: { transactional: -60_000, bulk: -60_000 },
    poke: () => {},
    findMs: 20,
  });
  assert.equal(await settle(), 30);
  assert.ok(asked >= 1 && asked <= 8, `${asked} searches; who is silent is not asked again`);
  const { rows: states } = await pool.query('select state, count(*)::int as n from recipients where message_id = $1 group by state', [
    message.id,
  ]);
  assert.deepEqual(states, [{ state: 'queued', n: 30 }]);
});

// This file takes mail in while the hour turns, at every step between the id of the message and those of its recipients: the ledger of each hour
// balances.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { systemClock } from '../../src/clock.ts';
import { idTimeMs } from '../../src/ids.ts';
import { httpDesk } from '../support/http-desk.ts';

const HOUR_MS = 3_600_000;
/** More often than the clock is read for one message. */
const STEPS = 12;

it('the ledger balances for each of the two hours, and the message lies in one week with its recipients', async (t) => {
  // Every look at the clock takes a millisecond.
  let nowMs = systemClock.nowMs();
  const clock = { nowMs: () => nowMs++, monotonicMs: systemClock.monotonicMs };
  const desk = await httpDesk(t, { clock });
  const club = await desk.tenant('Club');
  const body = { from: `a@${club.domain}`, to: ['x@mailbox.test', 'y@mailbox.test'], text: 'x' };
  const first = (Math.floor(nowMs / HOUR_MS) + 1) * HOUR_MS;
  for (let step = 0; step < STEPS; step += 1) {
    const turnsMs = first + step * 2 * HOUR_MS;
    nowMs = turnsMs - step;
    const { status, body: sent } = await desk.ask('POST', '/v1/messages', { key: club.key, body });
    assert.equal(status, 202, JSON.stringify(sent));
    const hours = [sent, ...sent.recipients].map(({ id }: { id: string }) => Math.floor(idTimeMs(id) / HOUR_MS));
    assert.equal(new Set(hours).size, 1, `the hour turns at look ${step}`);
    let injected = 0;
    for (const from of [turnsMs - HOUR_MS, turnsMs]) {
      const range = `from=${new Date(from).toISOString()}&to=${new Date(from + HOUR_MS).toISOString()}`;
      const { body: ledger } = await desk.ask('GET', `/v1/ledger?${range}`, { key: club.key });
      assert.equal(ledger.difference, 0, `the hour turns at look ${step}`);
      injected += ledger.injected;
    }
    assert.equal(injected, 2);
  }
});

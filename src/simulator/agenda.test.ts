import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fc } from '../../test/support/property.ts';
import { systemClock } from '../clock.ts';
import { makeAgenda } from './agenda.ts';

describe('The agenda', () => {
  it('lets everything happen once, in order of time, whatever order it was planned in', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: -50, max: 15 }), { minLength: 1, maxLength: 60 }), async (waits) => {
        const agenda = makeAgenda(systemClock);
        const startMs = systemClock.nowMs();
        const ran: number[] = [];
        await new Promise<void>((resolve) => {
          for (const wait of waits) {
            agenda.at(startMs + wait, () => {
              ran.push(wait);
              if (ran.length === waits.length) resolve();
            });
          }
        });
        assert.deepEqual(
          ran,
          waits.toSorted((a, b) => a - b),
        );
        assert.equal(agenda.waiting, 0);
      }),
      { numRuns: 30 },
    );
  });

  it('forgets everything when it is stopped', () => {
    const agenda = makeAgenda(systemClock);
    agenda.at(0, () => assert.fail('ran after the stop'));
    agenda.stop();
    agenda.at(0, () => assert.fail('planned after the stop'));
    assert.equal(agenda.waiting, 0);
  });
});

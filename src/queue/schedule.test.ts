import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLog } from '../log.ts';
import { makeSchedule, type ScheduledChore } from './schedule.ts';

/** Lets everything run that waits for no timer. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

test('Chores run at once, then on their interval, spread over it', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let nowMs = 0;
  const runs: [name: string, atMs: number][] = [];
  const chore = (name: string): ScheduledChore => ({ name, everyMs: 1_000, run: async () => void runs.push([name, nowMs]) });
  const schedule = makeSchedule(['a', 'b', 'c', 'd'].map(chore), silentLog);
  schedule.start();
  while (nowMs < 2_500) {
    await turn();
    nowMs += 250;
    t.mock.timers.tick(250);
  }
  await schedule.stop();
  const at = (name: string) => runs.filter((run) => run[0] === name).map((run) => run[1]);
  assert.deepEqual(at('a'), [0, 250, 1_250, 2_250]);
  assert.deepEqual(at('b'), [0, 500, 1_500, 2_500]);
  assert.deepEqual(at('d'), [0, 1_000, 2_000]);
});

test('A chore that is nudged while it runs runs once more, and never beside itself', async () => {
  let open = (): void => undefined;
  let runs = 0;
  const schedule = makeSchedule(
    [
      {
        name: 'slow',
        everyMs: 60_000,
        run: () => {
          runs += 1;
          return new Promise((resolve) => {
            open = resolve;
          });
        },
      },
    ],
    silentLog,
  );
  schedule.start();
  schedule.nudge('slow');
  schedule.nudge('slow');
  schedule.nudge('nobody');
  assert.equal(runs, 1);
  open();
  await turn();
  assert.equal(runs, 2);
  open();
  await schedule.stop();
  assert.equal(runs, 2);
});

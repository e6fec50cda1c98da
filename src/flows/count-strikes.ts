// This file counts failures of hand-overs against their addresses, at once after their outcome was committed, and looks once more at addresses whose
// failure and delivery were being written at the same moment: neither transaction saw the other.
import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import type { Log } from '../log.ts';
import { inTransaction } from '../store/feedback.ts';
import { addressesToRepeat, forgetOldStrikes, isQuiet, takeQueuedMarks } from '../store/strikes.ts';
import type { Chore } from './housekeeping.ts';
import { type JudgeDeps, judgeAddresses, judgeAgain } from './judge-addresses.ts';

/** Name of the chore, for those who nudge it. */
export const COUNT_STRIKES = 'count-strikes';
/** Failures of other nodes are counted this much later at most; own ones nudge. */
const COUNT_EVERY_MS = 1_000;
/** Pages of the queue in one run; the rest waits for the next. */
const PAGES_MAX = 20;
/** Addresses looked at once more in one transaction. */
const REPEAT_PAGE = 200;
/** Transactions of this desk take milliseconds; one that takes longer is waited for by the next run. */
const QUIET_WAIT_MS = 500;
const QUIET_LOOK_MS = 10;
const FORGET_EVERY_MS = 3_600_000;
/** Longest hold (365 days) and as long again, in which a repeat still counts. */
const FORGET_DAYS = 730;
const FORGET_ROWS = 5_000;

export interface CountStrikesDeps extends JudgeDeps {
  readonly hot: pg.Pool;
  readonly pool: pg.Pool;
  readonly log: Log;
}

/** Everything queued by now, then what needs a second look. Safe on several nodes at once. */
export function makeCountStrikes(deps: CountStrikesDeps): () => Promise<void> {
  async function countPage(): Promise<number> {
    return inTransaction(deps.hot, async (client) => {
      const marks = await takeQueuedMarks(client);
      await judgeAddresses(deps, client, marks);
      return marks.length;
    });
  }

  /** True when there is more. */
  async function repeatPage(): Promise<boolean> {
    const { addresses, quietFrom } = await addressesToRepeat(deps.pool, REPEAT_PAGE);
    if (addresses.length === 0) return false;
    for (let waited = 0; !(await isQuiet(deps.pool, quietFrom)); waited += QUIET_LOOK_MS) {
      if (waited >= QUIET_WAIT_MS) return false;
      await delay(QUIET_LOOK_MS);
    }
    await inTransaction(deps.hot, (client) => judgeAgain(deps, client, addresses));
    return addresses.length === REPEAT_PAGE;
  }

  return async () => {
    for (let page = 0; page < PAGES_MAX; page += 1) if ((await countPage()) === 0) break;
    for (let page = 0; page < PAGES_MAX; page += 1) if (!(await repeatPage())) break;
  };
}

export function strikeChores(deps: CountStrikesDeps): Chore[] {
  return [
    { name: COUNT_STRIKES, everyMs: COUNT_EVERY_MS, run: makeCountStrikes(deps) },
    {
      name: 'forget-strikes',
      everyMs: FORGET_EVERY_MS,
      async run() {
        const gone = await forgetOldStrikes(deps.pool, FORGET_DAYS, FORGET_ROWS);
        if (gone > 0) deps.log.info({ event: 'strikes_forgotten', addresses: gone });
      },
    },
  ];
}

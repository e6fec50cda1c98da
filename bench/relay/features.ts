// This file reads from the desk which of its features were on while it was measured, and that none of them lost anything. It rejects when the
// ledger does not balance or a record is missing: then the speed means nothing.
import { setTimeout as delay } from 'node:timers/promises';
import { runSource } from '../kit/load.ts';
import { until } from '../kit/wait.ts';
import type { Workshop } from '../kit/workshop.ts';
import type { DeskSystem } from './desk-system.ts';
import type { LoadShape } from './rounds.ts';

export interface LedgerWatch {
  /** Runs something while the ledger is read again and again; rejects when a look does not balance. */
  during<T>(run: () => Promise<T>): Promise<T>;
  readonly looks: number;
  readonly submittingMost: number;
}

/** A look counts every row once; this often it costs below a percent. */
const LOOK_EVERY_MS = 250;
const SETTLE_LIMIT_MS = 30_000;
const HELD_ADDRESS = 'on-hold@dest.example';

export function watchLedger(system: DeskSystem): LedgerWatch {
  let looks = 0;
  let submittingMost = 0;
  return {
    async during(run) {
      let running = true;
      const watching = (async () => {
        while (running) {
          const { difference, states } = await system.desk().api.ledger();
          if (difference !== 0) throw new Error(`the ledger is out of balance by ${difference} under load`);
          looks += 1;
          submittingMost = Math.max(submittingMost, states.submitting);
          await delay(LOOK_EVERY_MS);
        }
      })();
      // A look that fails is told once the run is over; without a handler it would end the process.
      watching.catch(() => undefined);
      try {
        return await run();
      } finally {
        running = false;
        await watching;
      }
    },
    get looks() {
      return looks;
    },
    get submittingMost() {
      return submittingMost;
    },
  };
}

/** Puts an address on hold, hands mail for it in, and answers what became of it; rejects when it reached the sink. */
export async function proveSuppression(shop: Workshop, system: DeskSystem, load: LoadShape): Promise<string> {
  const { api } = system.desk();
  await api.post('/v1/suppressions', { tenant_id: system.tenant.id, address: HELD_ADDRESS, reason: 'manual' });
  const sink = system.plain.sink();
  const before = sink.taken();
  const { states } = await api.ledger();
  await runSource(shop, {
    ...load,
    port: system.plain.port,
    from: system.tenant.from,
    to: HELD_ADDRESS,
    sessions: 1,
    messages: 1,
    distinct: false,
  });
  await until('the address on hold to be suppressed', async () => (await api.ledger()).states.suppressed === states.suppressed + 1, {
    limitMs: SETTLE_LIMIT_MS,
  });
  if (sink.taken() !== before) throw new Error('a message for an address on hold reached the sink');
  return 'suppression (an address on hold was accepted and not handed over)';
}

/** Counts what the desk wrote about `messages` hand-overs since `floor` (the smallest id of that time), and names it. */
export async function readFeatures(system: DeskSystem, watch: LedgerWatch, handedOver: number): Promise<string[]> {
  const { api, db } = system.desk();
  const ledger = await api.ledger();
  if (ledger.difference !== 0) throw new Error(`the ledger is out of balance by ${ledger.difference} at the end`);
  const { rows } = await db.query<{ attempts: number; events: number; fsync: string; commit: string; full_pages: string }>(
    `select (select count(*)::int from attempts where outcome = 'handed_over' and tenant_id = $1) as attempts,
       (select count(*)::int from events where type = 'handed_over' and tenant_id = $1) as events,
       current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit, current_setting('full_page_writes') as full_pages`,
    [system.tenant.id],
  );
  const found = rows[0];
  if (!found) throw new Error('the desk answers no counts');
  const { attempts, events } = found;
  const states = ledger.states.handed_over;
  if (attempts !== handedOver || events !== handedOver || states !== handedOver) {
    throw new Error(`${handedOver} messages reached the sink, but there are ${states} handed_over, ${attempts} attempts, ${events} events`);
  }
  if (watch.submittingMost === 0) throw new Error('no recipient was ever seen in state submitting');
  return [
    `ledger (difference 0 at the end and in ${watch.looks} looks under load)`,
    `attempts (${attempts} rows for ${handedOver} messages)`,
    `events (${events} rows)`,
    `submitting before the wire (up to ${watch.submittingMost} seen at once)`,
    'return paths (one token per recipient)',
    `durable commits (fsync ${found.fsync}, synchronous_commit ${found.commit}, full_page_writes ${found.full_pages})`,
  ];
}

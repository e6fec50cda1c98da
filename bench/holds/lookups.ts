// This file measures what a million holds cost where every recipient is looked up: in the statement that accepts and in the one that claims. Two
// databases, one with a thousand holds and one with a million of the same tenant, turn by turn; no recipient is on hold, so both do the same work.
import { systemClock } from '../../src/clock.ts';
import { claimLane } from '../../src/store/claims.ts';
import { makeIntake } from '../../src/store/intake.ts';
import { ids, type MailRows } from '../../test/support/mail-rows.ts';
import { seeded } from '../../test/support/shuffled-story.ts';
import { median } from '../kit/figures.ts';
import type { Workshop } from '../kit/workshop.ts';

export interface Lookups {
  readonly holds: number;
  /** Microseconds per recipient, medians over the turns. */
  readonly accept: { readonly few: number; readonly many: number };
  readonly claim: { readonly few: number; readonly many: number };
  /** Median over turns of many ÷ few, each of neighbours in time. */
  readonly acceptRatio: number;
  readonly claimRatio: number;
}

/** Messages handed to the batcher at once; its statements hold up to 200. */
const AT_ONCE = 200;
const CLAIM = 100;
const WARM_TURNS = 2;
/** What a desk has after its first weeks: an empty table would have nothing to look into. */
export const FEW = 1_000;

export async function measureLookups(
  shop: Workshop,
  databases: { few: MailRows; many: MailRows },
  size: { holds: number; turns: number; recipients: number },
): Promise<Lookups> {
  await fill(databases.few, FEW);
  await fill(databases.many, size.holds);
  const random = seeded(22);
  const turns: { accept: [number, number]; claim: [number, number] }[] = [];
  for (let turn = 0; turn < size.turns + WARM_TURNS; turn += 1) {
    const numbers = Array.from({ length: size.recipients }, () => random(size.holds) * 2 + 1);
    // Whoever comes first changes, so that neither always finds the machine warm.
    const order = turn % 2 === 0 ? (['few', 'many'] as const) : (['many', 'few'] as const);
    const took = { accept: { few: 0, many: 0 }, claim: { few: 0, many: 0 } };
    for (const which of order) took.accept[which] = await accept(databases[which], numbers);
    for (const which of order) took.claim[which] = await claim(databases[which], size.recipients);
    if (turn >= WARM_TURNS) turns.push({ accept: [took.accept.few, took.accept.many], claim: [took.claim.few, took.claim.many] });
    shop.say(`turn ${turn + 1} of ${size.turns + WARM_TURNS}`);
  }
  const perRecipient = (pick: (turn: (typeof turns)[number]) => number) => (median(turns.map(pick)) * 1_000) / size.recipients;
  return {
    holds: size.holds,
    accept: { few: perRecipient((turn) => turn.accept[0]), many: perRecipient((turn) => turn.accept[1]) },
    claim: { few: perRecipient((turn) => turn.claim[0]), many: perRecipient((turn) => turn.claim[1]) },
    acceptRatio: median(turns.map(({ accept: [a, b] }) => b / a)),
    claimRatio: median(turns.map(({ claim: [a, b] }) => b / a)),
  };
}

/** Holds on even numbers; mail goes to odd ones, everywhere between them in the index. */
async function fill({ pool, tenantId }: MailRows, holds: number): Promise<void> {
  await pool.query(
    `insert into suppressions (tenant_id, id, address, reason, source, by_answers)
     select $1, gen_random_uuid(), 'member' || n * 2 || '@mailbox.test', 'invalid-recipient', 'host', true from generate_series(1, $2::int) n`,
    [tenantId, holds],
  );
  await pool.query('vacuum analyze suppressions');
}

/** Milliseconds to accept a message for each number. */
async function accept(rows: MailRows, numbers: readonly number[]): Promise<number> {
  const intake = makeIntake(rows.db.hot);
  const startMs = systemClock.monotonicMs();
  for (let from = 0; from < numbers.length; from += AT_ONCE) {
    const part = numbers.slice(from, from + AT_ONCE);
    await Promise.all(part.map((number) => intake.submit(rows.message({}, [{ address: `member${number}@mailbox.test` }]))));
  }
  return systemClock.monotonicMs() - startMs;
}

/** Milliseconds to claim what was accepted. */
async function claim(rows: MailRows, recipients: number): Promise<number> {
  const startMs = systemClock.monotonicMs();
  for (let taken = 0; taken < recipients; ) {
    const eventIds = Array.from({ length: CLAIM }, () => ids.next());
    const answer = await claimLane(rows.db.hot, { laneId: rows.lane.id, limit: CLAIM, lease: 7n, routeId: rows.routeId, eventIds });
    if (answer.found === 0) throw new Error('the lane is empty too early');
    taken += answer.found;
  }
  return systemClock.monotonicMs() - startMs;
}

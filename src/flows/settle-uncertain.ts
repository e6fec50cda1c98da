// This file settles hand-overs of unknown fate: ask the provider where it can be asked, wait for its events, then follow the policy: resend
// once, or hold for a person. Every resend is marked and counted.
import type pg from 'pg';
import type { Clock } from '../clock.ts';
import { UNCERTAIN_WAIT_MS } from '../delivery/retry.ts';
import { MARKS, type Stream } from '../delivery/states.ts';
import type { IdMint } from '../ids.ts';
import type { Log } from '../log.ts';
import { postponeUncertain, settleUncertain, takeUncertain, type UncertainRecipient } from '../store/uncertain.ts';
import type { Line } from './lines.ts';

export interface SettleUncertainDeps {
  readonly pool: pg.Pool;
  readonly clock: Clock;
  readonly ids: IdMint;
  readonly log: Log;
  readonly lineOf: (routeId: number) => Line | null;
  readonly policy: 'resend' | 'hold';
  /** Replaces the agreed waits, for rehearsals and tests; milliseconds. */
  readonly waitMs?: Readonly<Record<Stream, number>>;
  readonly poke: (laneId: number) => void;
  /** How long an answer of a provider is waited for; milliseconds. */
  readonly findMs?: number;
}

/** Rows worked on in one go. */
const BATCH = 200;
/** Providers are asked about so many at once. */
const AT_ONCE = 8;
/** A search that takes longer is as good as no answer: mail waits behind it, and the rows taken are others' again after a minute. */
const FIND_MS = 30_000;

/** Makes the job. It returns how many doubts it ended. */
export function makeSettleUncertain(deps: SettleUncertainDeps): () => Promise<number> {
  /** `silent`: routes whose provider did not answer in this run; what is asked of them can wait no longer. */
  async function ask(row: UncertainRecipient, silent: Set<number>): Promise<'accepted' | 'absent' | 'unknown'> {
    const client = row.routeId === null ? undefined : deps.lineOf(row.routeId)?.client;
    if (row.routeId === null || !client?.find || silent.has(row.routeId)) return 'unknown';
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<null>((resolve) => {
      timer = setTimeout(resolve, deps.findMs ?? FIND_MS, null);
    });
    try {
      const question = { messageId: row.messageId, recipientId: row.recipientId, address: row.address, sinceMs: row.sinceMs };
      const answer = await Promise.race([client.find(question), late]);
      if (answer !== null) return answer;
      silent.add(row.routeId);
      deps.log.warn({ event: 'find_failed', recipient: row.recipientId, reason: 'the provider did not answer in time' });
    } catch (error) {
      deps.log.warn({ event: 'find_failed', recipient: row.recipientId, reason: error instanceof Error ? error.message : String(error) });
    } finally {
      clearTimeout(timer);
    }
    return 'unknown';
  }

  async function step(row: UncertainRecipient, silent: Set<number>): Promise<boolean> {
    const end = (state: 'handed_over' | 'queued' | 'held', reason: string | null, resend = false) =>
      settleUncertain(deps.pool, { recipientId: row.recipientId, state, reason, resend, eventId: deps.ids.next() });
    // Asked first, and once more before policy decides: the news may have come meanwhile.
    const answer = await ask(row, silent);
    if (answer === 'accepted') return end('handed_over', 'found-at-provider');
    if (answer === 'absent') {
      const moved = await end('queued', 'absent-at-provider');
      deps.poke(row.laneId);
      return moved;
    }
    const decideAtMs = row.sinceMs + (deps.waitMs ?? UNCERTAIN_WAIT_MS)[row.stream];
    if (deps.clock.nowMs() < decideAtMs) {
      await postponeUncertain(deps.pool, row.recipientId, decideAtMs);
      return false;
    }
    if ((row.policy ?? deps.policy) === 'hold') return end('held', 'uncertain');
    // Twice in doubt is no longer bad luck: a person looks before a third copy may go out.
    if ((row.marks & MARKS.resent) !== 0) return end('held', 'uncertain-twice');
    const moved = await end('queued', 'resent', true);
    deps.poke(row.laneId);
    return moved;
  }

  return async () => {
    let ended = 0;
    const silent = new Set<number>();
    for (;;) {
      const rows = await takeUncertain(deps.pool, BATCH);
      const turns = rows.values();
      const worker = async () => {
        for (const row of turns) if (await step(row, silent)) ended += 1;
      };
      const ends = await Promise.allSettled(Array.from({ length: AT_ONCE }, worker));
      const failed = ends.find((end) => end.status === 'rejected');
      if (failed) throw failed.reason;
      if (rows.length < BATCH) return ended;
    }
  };
}

// This file ends held mail whose lifetime is over: what held it may end tomorrow, but a password reset of yesterday must not go out.
import type pg from 'pg';
import type { Clock } from '../clock.ts';
import type { HeldFor } from '../delivery/held-because.ts';
import { RETRY_LADDERS, type RetryLadder } from '../delivery/retry.ts';
import type { Stream } from '../delivery/states.ts';
import type { IdMint } from '../ids.ts';
import type { Log } from '../log.ts';
import {
  forgetSettled,
  type HeldMessage,
  type HeldMove,
  type HeldRecipient,
  heldRecipients,
  heldTooLong,
  lockHeld,
  moveHeld,
} from '../store/held-messages.ts';
import { withOwner } from '../store/scope.ts';

export interface ExpireHeldDeps {
  readonly pool: pg.Pool;
  readonly clock: Clock;
  readonly ids: IdMint;
  readonly log: Log;
  /** Replaces the agreed lifetimes, as it does for the dispatcher. */
  readonly ladders?: Readonly<Record<Stream, RetryLadder>>;
  /** The desk winds up: ends the work between two batches. */
  readonly signal: AbortSignal;
}

/** Messages of one batch. */
const BATCH_MESSAGES = 200;
/** Batches of one run; the rest goes in the next. */
const ROUNDS = 25;
/** Recipients of one transaction, if it holds more than one message, so that its locks are short. */
const BATCH_RECIPIENTS = 1_000;
/** Bytes of one batch, if it holds more than one message, for those who read them. */
const BATCH_BYTES = 16 * 1024 * 1024;

/** As many as one transaction may move; at least one. */
export function firstOf<T extends HeldMessage>(messages: readonly T[]): T[] {
  let bytes = 0;
  let recipients = 0;
  const batch: T[] = [];
  for (const message of messages) {
    bytes += message.sizeBytes ?? 0;
    recipients += message.recipientCount;
    if (batch.length > 0 && (bytes > BATCH_BYTES || recipients > BATCH_RECIPIENTS)) break;
    batch.push(message);
  }
  return batch;
}

/** Ends what waited for its whole lifetime, a bounded number of batches. */
export async function expireHeld(deps: ExpireHeldDeps): Promise<void> {
  for (const stream of ['transactional', 'bulk'] as const) {
    const oldestMs = deps.clock.nowMs() - (deps.ladders ?? RETRY_LADDERS)[stream].lifetimeMs;
    for (let round = 0; round < ROUNDS && !deps.signal.aborted; round += 1) {
      const ended = await expireBatch(deps, stream, oldestMs);
      if (ended === 0) break;
      deps.log.info({ event: 'held_expired', stream, recipients: ended });
    }
  }
}

async function expireBatch(deps: ExpireHeldDeps, stream: Stream, oldestMs: number): Promise<number> {
  const batch = firstOf(await heldTooLong(deps.pool, { stream, oldestMs, limit: BATCH_MESSAGES }));
  if (batch.length === 0) return 0;
  const codes = new Map(batch.map(({ messageId, code }) => [messageId, code]));
  const recipients = await heldRecipients(deps.pool, batch);
  return withOwner(deps.pool, async (db) => {
    const mine = await lockHeld(db, [...codes.keys()]);
    const late = recipients.filter(({ messageId }) => mine.has(messageId));
    const { moved } = await moveHeld(
      db,
      late.map((each) => expired(deps, each, codes.get(each.messageId) ?? '')),
    );
    return moved + (await forgetSettled(db, [...mine]));
  });
}

/** Named as for all that waited for us and never got an answer (store/expiry.ts), and what it was held for beside it. */
function expired({ ids }: ExpireHeldDeps, { id, reason }: HeldRecipient, code: HeldFor): HeldMove {
  const says = 'It was held until its lifetime was over.';
  const data = { reason: 'expired', class: 'operator', fault: 'operator', held_for: code || reason, says };
  return {
    id,
    state: 'expired',
    dueAtMs: null,
    laneId: null,
    reason: 'expired',
    decisionId: null,
    event: { id: ids.next(), type: 'expired', data },
  };
}

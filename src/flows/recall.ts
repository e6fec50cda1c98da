// This file gives the first answer of a message again, word for word, for a repeated idempotency key: the states are those at the door, not today's.
import type pg from 'pg';
import { AppError } from '../errors.ts';
import { readAccepted } from '../store/recall.ts';
import { MESSAGE_FLAGS } from './outgoing.ts';
import type { Accepted } from './submission.ts';

/** Makes the look-up. Throws NOT_FOUND when the message has left the store since (its key outlived it). */
export function makeRecall(pool: pg.Pool): (tenantId: string, messageId: string) => Promise<Accepted> {
  return async (tenantId, messageId) => {
    const accepted = await readAccepted(pool, tenantId, messageId);
    if (accepted === null) throw new AppError('NOT_FOUND', 'The message of this Idempotency-Key is no longer stored.');
    const atDoor = (accepted.flags & MESSAGE_FLAGS.heldAtDoor) !== 0 ? 'held' : accepted.scheduled ? 'scheduled' : 'queued';
    return {
      id: messageId,
      repeated: true,
      recipients: accepted.recipients.map(({ id, address, suppressed }) => ({ id, address, state: suppressed ? 'suppressed' : atDoor })),
    };
  };
}

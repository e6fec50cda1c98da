// This file gives the first answer of a message again, for a repeated idempotency key.
import type pg from 'pg';
import { AppError } from '../errors.ts';
import { readAccepted } from '../store/recall.ts';
import type { Accepted } from './submission.ts';

/** Makes the look-up. Throws NOT_FOUND when the message has left the store since (its key outlived it). */
export function makeRecall(pool: pg.Pool): (tenantId: string, messageId: string) => Promise<Accepted> {
  return async (tenantId, messageId) => {
    const recipients = await readAccepted(pool, tenantId, messageId);
    if (recipients.length === 0) throw new AppError('NOT_FOUND', 'The message of this Idempotency-Key is no longer stored.');
    return {
      id: messageId,
      repeated: true,
      recipients: recipients.map((recipient) => ({ ...recipient, state: recipient.state === 'submitting' ? 'queued' : recipient.state })),
    };
  };
}

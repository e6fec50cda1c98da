// This file hands mail in again that a released hold had stopped. What is to be done was written down with the release; the request that ended the hold does
// it, and what a crash or an outage left over is done by a chore. The idempotency key keeps both from making copies.
import { createHash } from 'node:crypto';
import type pg from 'pg';
import type { Clock } from '../clock.ts';
import { AppError } from '../errors.ts';
import type { IdMint } from '../ids.ts';
import type { Log } from '../log.ts';
import { recordAudit } from '../store/audit.ts';
import { isDatabaseAway, storeUnavailable } from '../store/db.ts';
import type { StoppedMail } from '../store/stopped-mail.ts';
import { forgetResends, type LeftOver, takeLeftOver } from '../store/stopped-resends.ts';
import type { Chore } from './housekeeping.ts';
import type { AcceptMessage } from './submission.ts';

export interface Resent {
  readonly resent: string[];
  /** Messages that the door did not take again, and why. */
  readonly refused: { readonly message_id: string; readonly code: string; readonly message: string }[];
  /** Which of them are tried again by the chore. */
  readonly later: ReadonlySet<string>;
}

export interface ResendDeps {
  readonly pool: pg.Pool;
  readonly accept: AcceptMessage;
  /** The bytes of a message; null: they are stored no longer. */
  readonly read: (tenantId: string, messageId: string) => Promise<Buffer | null>;
}

/** A hold that ended, and whose the new messages are. */
interface Released {
  readonly tenantId: string;
  readonly holdId: string;
  readonly credentialId: string | null;
}

const EVERY_MS = 30_000;
/** Messages taken at once: some may be large, and they are handed in one after the other. */
const TAKEN_MAX = 20;
/** Messages of one run; the rest goes in the next. */
const ROUNDS = 50;
/** Idempotency keys last 24 hours: what is older could become a copy of mail that went before the crash. */
const LEFT_OVER_MS = 23 * 3_600_000;

const LATER = 'The desk hands it in by itself as soon as it can.';

/**
 * Hands stopped mail in again, as new messages to that one address; one after the other, because together they may be more than memory holds. A second call
 * with the same hold makes no copies.
 */
export async function resendStopped(deps: ResendDeps, hold: Released, stopped: readonly StoppedMail[]): Promise<Resent> {
  const resent: string[] = [];
  const refused: Resent['refused'] = [];
  const settled: string[] = [];
  const later = new Set<string>();
  for (const mail of stopped) {
    try {
      resent.push(await handIn(deps, hold, mail));
      settled.push(mail.messageId);
    } catch (cause) {
      // The hold has ended already: whatever stops this message is said beside those that went.
      const error = isDatabaseAway(cause) ? storeUnavailable(cause) : cause;
      if (!(error instanceof AppError)) throw error;
      if (error.retryable) later.add(mail.messageId);
      else settled.push(mail.messageId);
      refused.push({
        message_id: mail.messageId,
        code: error.code,
        message: error.retryable ? `${error.message} ${LATER}` : error.message,
      });
    }
  }
  await forget(deps.pool, hold, settled);
  return { resent, refused, later };
}

async function handIn({ accept, read }: ResendDeps, { tenantId, holdId, credentialId }: Released, mail: StoppedMail): Promise<string> {
  const raw = await read(tenantId, mail.messageId);
  if (raw === null) throw new AppError('NOT_FOUND', 'This message is stored no longer.');
  const { id } = await accept({
    tenantId,
    credentialId,
    stream: mail.stream,
    raw,
    mailFrom: mail.mailFrom,
    recipients: [mail.address],
    tags: mail.tags,
    metadata: mail.metadata,
    sendAtMs: null,
    idempotency: { key: `release ${holdId} ${mail.messageId}`, bodyHash: createHash('sha256').update(raw).digest() },
  });
  return id;
}

/** A database that went away meanwhile changes nothing: the chore hears that these went already. */
async function forget(pool: pg.Pool, { tenantId, holdId }: Released, messageIds: readonly string[]): Promise<void> {
  try {
    await forgetResends(pool, tenantId, holdId, messageIds);
  } catch (error) {
    if (!isDatabaseAway(error)) throw error;
  }
}

/** Does what a release left over; what is refused, or too old to be done without copies, stands in the audit log of the hold. */
export function resendChore(
  deps: ResendDeps & { readonly clock: Clock; readonly ids: IdMint; readonly log: Log; readonly signal: AbortSignal },
): Chore {
  async function finish(left: readonly LeftOver[]): Promise<void> {
    const [first] = left;
    if (!first) return;
    const tooOld = first.askedAtMs < deps.clock.nowMs() - LEFT_OVER_MS;
    const mails = tooOld ? [] : left.flatMap(({ mail }) => mail ?? []);
    const { resent, refused, later } = await resendStopped(deps, first, mails);
    const lost = left.filter(({ mail }) => tooOld || mail === null).map(({ messageId }) => messageId);
    await forgetResends(deps.pool, first.tenantId, first.holdId, lost);
    const notResent = [
      ...refused.filter(({ message_id: id }) => !later.has(id)).map(({ message_id, code }) => ({ message_id, code })),
      ...lost.map((id) => ({ message_id: id, code: tooOld ? 'too-late' : 'NOT_FOUND' })),
    ];
    const { tenantId, holdId } = first;
    deps.log.info({ event: 'resend_taken_up', tenant: tenantId, hold: holdId, resent, not_resent: notResent, later: later.size });
    if (resent.length + notResent.length === 0) return;
    const detail = { resent, not_resent: notResent };
    await recordAudit(deps.pool, deps.ids, { actor: 'desk', tenantId, action: 'suppression.resend', subject: holdId, detail });
  }

  return {
    name: 'resend-stopped',
    everyMs: EVERY_MS,
    async run() {
      for (let round = 0; round < ROUNDS && !deps.signal.aborted; round += 1) {
        const left = await takeLeftOver(deps.pool, TAKEN_MAX);
        for (const ofHold of Map.groupBy(left, ({ holdId }) => holdId).values()) await finish(ofHold);
        if (left.length < TAKEN_MAX) return;
      }
    },
  };
}

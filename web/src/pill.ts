// This file writes the words of a recipient's pill: where it is, and what comes next.
import type { Recipient } from './api/model.ts';
import type { Format } from './format.ts';
import { reasonWords } from './reason.ts';
import { stateWord } from './states.ts';
import { pillWords } from './words/pill.words.ts';
import { pick } from './words/words.ts';

/** Where somebody stands who reads a pill: at the operator's desk or in a tenant organisation. */
export type Reader = 'operator' | 'tenant';

type PillRecipient = Pick<Recipient, 'state' | 'state_at' | 'next_at' | 'reason' | 'marks' | 'attempts'>;

/** The words of a recipient's pill: what it is and what comes next. `bornMs`: when the message was taken in. */
export function pillText(recipient: PillRecipient, bornMs: number, format: Format, reader: Reader, nowMs: number): string {
  const say = pick(pillWords, format.lang);
  const why = reasonWords(recipient.reason, format);
  const due = recipient.next_at === null ? null : Date.parse(recipient.next_at);
  const dueWords = due !== null && due > nowMs ? format.when(due, nowMs) : null;
  const ahead = due !== null && due > nowMs ? format.ahead(due, nowMs) : null;
  const lapse = format.lapse(Math.max(0, Date.parse(recipient.state_at) - bornMs));
  const account = recipient.attempts.at(-1)?.account_name ?? null;
  const plain = reader === 'tenant';
  const because = why ?? stateWord(recipient.state, format).toLowerCase();
  switch (recipient.state) {
    case 'scheduled':
      return ahead === null ? (plain ? say.plainWay : say.queued) : say.leaves(ahead);
    case 'queued':
      if (plain) return say.plainWay;
      return ahead === null ? say.queued : say.queuedUntil(ahead);
    case 'submitting':
      return plain ? say.plainWay : say.submitting;
    case 'handed_over':
      if (plain) return say.plainHandedOver;
      return recipient.marks.includes('silent') ? say.handedOverSilent : say.handedOver;
    case 'delivered':
      return plain ? say.plainArrived : say.deliveredAfter(lapse);
    case 'deferred':
      if (dueWords === null || ahead === null) return plain ? say.plainWay : say.deferred;
      return plain ? say.plainAgain(ahead) : say.deferredUntil(dueWords);
    case 'held':
      if (plain) return say.plainHeld;
      return why === null ? say.heldPlain : say.held(why);
    case 'uncertain':
      if (plain) return say.plainUncertain;
      return account === null ? say.uncertainPlain : say.uncertain(account);
    case 'bounced':
      return plain ? say.plainBounced(because) : say.bounced(because);
    case 'failed':
      return plain ? say.plainFailed(because) : say.failed(because);
    case 'expired':
      return plain ? say.plainExpired(lapse) : say.expiredAfter(lapse);
    case 'suppressed':
      return plain ? say.plainSuppressed(because) : say.suppressed(because);
    case 'cancelled':
      return say.cancelled;
  }
}

// This file writes the log line of one message: where is this one, and what happens next? One recipient gets a sentence, several get clauses,
// worst first.
import type { Message, Recipient, RecipientState } from '../api/model.ts';
import type { Format } from '../format.ts';
import { reasonWords } from '../reason.ts';
import { stateWord } from '../states.ts';
import { messageWords } from '../words/message.words.ts';
import { capital, pick, plain } from '../words/words.ts';

/** More clauses than this are a list, and the page below is that list. */
const CLAUSES_MAX = 3;
/** A reason longer than this belongs into the passage, words. */
const REASON_WORDS_MAX = 9;

export function logLine(message: Pick<Message, 'recipients' | 'created_at'>, format: Format, nowMs: number): string {
  const only = message.recipients[0];
  if (message.recipients.length === 1 && only !== undefined) return lineOfOne(only, Date.parse(message.created_at), format, nowMs);
  return lineOfMany(message.recipients, format, nowMs);
}

/** True when a refusal sent it on by another account. */
export function tookSecondRoute(recipient: Pick<Recipient, 'attempts'>): boolean {
  const last = recipient.attempts.at(-1);
  return recipient.attempts.some((attempt) => attempt.outcome === 'refused' && attempt.account_name !== last?.account_name);
}

function lineOfOne(recipient: Recipient, bornMs: number, format: Format, nowMs: number): string {
  const say = pick(messageWords, format.lang);
  const at = `#${recipient.id}`;
  const lapse = format.lapse(Math.max(0, Date.parse(recipient.state_at) - bornMs));
  const who = recipient.attempts.at(-1)?.account_name ?? null;
  const why = whyOf(recipient, format);
  const due = dueMs(recipient, nowMs);
  const next = due === null ? null : format.ahead(due, nowMs);
  switch (recipient.state) {
    case 'delivered':
      return (tookSecondRoute(recipient) ? say.oneSecondRoute : say.oneDelivered)(lapse, at);
    case 'handed_over':
      if (who === null) return say.onePlain(at);
      return (recipient.marks.includes('silent') ? say.oneSilent : say.oneHandedOver)(plain(who), at);
    case 'submitting':
      return say.oneSubmitting(at);
    case 'queued':
      return say.oneQueued(at);
    case 'scheduled':
      return next === null ? say.oneQueued(at) : say.oneScheduled(next, at);
    case 'deferred':
      return next === null ? say.oneQueued(at) : say.oneDeferred(next, why, at);
    case 'held':
      return say.oneHeld(why, at);
    case 'uncertain':
      return say.oneUncertain(at);
    case 'bounced':
      return say.oneBounced(why, at);
    case 'failed':
      return say.oneFailed(why, at);
    case 'expired':
      return say.oneExpired(lapse, at);
    case 'suppressed':
      return say.oneSuppressed(why, at);
    case 'cancelled':
      return say.oneCancelled(at);
  }
}

/** When it is tried next; null where that time has come, for then it waits for its turn. */
function dueMs({ next_at: at }: Pick<Recipient, 'next_at'>, nowMs: number): number | null {
  const due = at === null ? Number.NaN : Date.parse(at);
  return due > nowMs ? due : null;
}

function lineOfMany(recipients: readonly Recipient[], format: Format, nowMs: number): string {
  const say = pick(messageWords, format.lang);
  const inState = (...states: RecipientState[]) => recipients.filter((recipient) => states.includes(recipient.state));
  const delivered = inState('delivered');
  const rerouted = delivered.filter(tookSecondRoute);
  if (delivered.length === recipients.length && rerouted.length === 0) return say.manyAllArrived(recipients.length);
  const gone = inState('bounced').filter((recipient) => recipient.reason === 'invalid-recipient');
  const bounced = inState('bounced').filter((recipient) => recipient.reason !== 'invalid-recipient');
  const deferred = inState('deferred');
  const next = deferred.flatMap((recipient) => dueMs(recipient, nowMs) ?? []).sort((a, b) => a - b)[0];
  const moving = inState('handed_over', 'submitting', 'queued', 'scheduled');
  const clauses = [
    clause(inState('failed'), say.manyFailed),
    clause(bounced, say.manyBounced),
    clause(gone, say.manyNoAddress),
    clause(inState('held'), say.manyHeld),
    clause(inState('uncertain'), say.manyUncertain),
    clause(inState('expired'), say.manyExpired),
    next === undefined
      ? clause(deferred, say.manyOnTheWay)
      : clause(deferred, (count, at) => say.manyDeferred(count, format.ahead(next, nowMs), at)),
    clause(inState('suppressed'), say.manySuppressed),
    clause(moving, say.manyOnTheWay),
    clause(rerouted, say.manySecondRoute),
    clause(
      delivered.filter((recipient) => !rerouted.includes(recipient)),
      say.manyDelivered,
    ),
    clause(inState('cancelled'), say.manyCancelled),
  ].filter((text) => text !== null);
  return `${capital(clauses.slice(0, CLAUSES_MAX).join(', '))}.`;
}

function clause(recipients: readonly Recipient[], write: (count: number, at: string) => string): string | null {
  const [first] = recipients;
  if (first === undefined) return null;
  return write(recipients.length, recipients.length === 1 ? `#${first.id}` : '#passages');
}

function whyOf(recipient: Recipient, format: Format): string {
  const words = (reasonWords(recipient.reason, format) ?? stateWord(recipient.state, format)).replace(/[.\s]+$/, '');
  const list = words.split(/\s+/);
  return plain(list.length <= REASON_WORDS_MAX ? words : `${list.slice(0, REASON_WORDS_MAX).join(' ')} …`);
}

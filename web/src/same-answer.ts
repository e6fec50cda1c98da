// This file tells whether an attempt and an event stand for one answer. Apart from the passage, because the sentence of a message needs no more than this.
import type { Attempt, RecipientEvent } from './api/model.ts';

/** What the desk writes in the commit of an attempt, by the attempt's outcome; the attempt tells more. */
const OF_ATTEMPT: Readonly<Record<string, readonly string[]>> = {
  handed_over: ['handed_over'],
  refused: ['bounced', 'failed', 'rerouted', 'deferred', 'expired'],
  deferred: ['deferred', 'expired'],
  not_sent: ['requeued'],
  unknown: ['uncertain'],
};

/** True when both stand for one answer: they were written together, so their times are equal, and what they say agrees. */
export function isOf(attempt: Pick<Attempt, 'ended_at' | 'outcome'>, event: RecipientEvent): boolean {
  return attempt.ended_at === event.at && OF_ATTEMPT[attempt.outcome]?.includes(event.type) === true;
}

// This file makes of a message as the API gives it what the page shows: accounts by name.
import { isOf } from '../same-answer.ts';
import type { Attempt, Message, RecipientEvent } from './model.ts';
import type { MessageDetail, RecipientDetail } from './schema.gen.ts';

/** `names`: accounts by id. People of a tenant are told no names. */
export function messageOf(detail: MessageDetail, names: ReadonlyMap<string, string>, ofTenant: boolean): Message {
  return {
    ...detail,
    recipients: detail.recipients.map((recipient) => ({
      ...recipient,
      attempts: recipient.attempts.map((attempt) => ({
        ...attempt,
        account_name: ofTenant ? null : nameOf(attempt, recipient.events, names),
      })),
      events: ofTenant ? recipient.events.map(withoutAccount) : recipient.events,
    })),
  };
}

/** The account's name, or the one it had then, which its event remembers. */
function nameOf(
  attempt: RecipientDetail['attempts'][number],
  events: readonly RecipientEvent[],
  names: ReadonlyMap<string, string>,
): Attempt['account_name'] {
  const known = names.get(attempt.account_id ?? '');
  if (known !== undefined) return known;
  const name = events.find((event) => isOf(attempt, event))?.data?.['account'];
  return typeof name === 'string' ? name : null;
}

function withoutAccount(event: RecipientEvent): RecipientEvent {
  if (event.data === null) return event;
  const { account: _, provider: __, ...data } = event.data;
  return { ...event, data };
}

// This file tells Elastic Email's notifications: one GET per event with everything in the query string (or one flat JSON post), unsigned,
// without an event id, tried once. Deferrals have no form of their own.
import type { Webhook } from '../accounts.ts';
import type { Happening } from '../fates.ts';
import type { WebhookForm, WebhookPost } from '../http/webhook-sender.ts';
import type { Journey, Step } from '../journey.ts';
import { isRecord, type JsonRecord, text } from '../json.ts';
import { REPLIES, replyText } from '../replies.ts';

/** `status` of the notification; null: the provider keeps it to itself. */
const STATUSES: Record<Happening, string | null> = {
  injected: null,
  deferred: null,
  delivered: 'Sent',
  bounced: 'Error',
  suppressed: 'Error',
  'late-bounced': 'Error',
  autoreplied: null,
  challenged: null,
  answered: null,
  complained: 'AbuseReport',
  unsubscribed: 'Unsubscribed',
  opened: 'Opened',
  clicked: 'Clicked',
  'generation-failed': null,
};

/** EventType of the pull endpoint, which also tells what webhooks do not. */
const EVENT_TYPES: Record<Happening, string | null> = {
  injected: 'Submission',
  deferred: 'FailedAttempt',
  delivered: 'Sent',
  bounced: 'Bounce',
  suppressed: 'Bounce',
  'late-bounced': 'Bounce',
  autoreplied: null,
  challenged: null,
  answered: null,
  complained: 'Complaint',
  unsubscribed: 'Unsubscribe',
  opened: 'Open',
  clicked: 'Click',
  'generation-failed': null,
};

/** The parameters of one notification, in the documented order. */
function parameters(journey: Journey, step: Step, status: string): Record<string, string> {
  const { facts } = journey;
  const target = status === 'Clicked' ? { target: text(facts['link']) || 'https://mailbox.test/' } : {};
  return {
    from: journey.from,
    to: journey.recipient,
    date: usDate(step.atMs),
    subject: journey.subject,
    status,
    channel: text(facts['channel']),
    account: 'ops@elasticemail.sim.test',
    category: status === 'Error' && step.reply !== null ? REPLIES[step.reply].elasticCategory : 'Unknown',
    messageid: journey.messageId,
    transaction: journey.transactionId,
    ...target,
    postback: text(facts['postback']),
  };
}

/** A RecipientEvent of GET /events, with the receiver's words that webhooks leave out; null where nothing is listed. */
export function recipientEvent(journey: Journey, step: Step): JsonRecord | null {
  const type = EVENT_TYPES[step.happening];
  if (type === null) return null;
  return {
    TransactionID: journey.transactionId,
    MsgID: journey.messageId,
    FromEmail: journey.from,
    To: journey.recipient,
    Subject: journey.subject,
    EventType: type,
    EventDate: new Date(step.atMs).toISOString().slice(0, 19),
    ChannelName: text(journey.facts['channel']),
    MessageCategory: step.reply === null ? 'Unknown' : REPLIES[step.reply].elasticCategory,
    NextTryOn: null,
    Message: step.reply === null ? '' : replyText(step.reply, journey.recipient),
    IPAddress: '198.51.100.7',
    PoolName: text(journey.facts['pool']),
  };
}

export const elasticEmailWebhooks: WebhookForm = {
  render(journey, step) {
    const status = STATUSES[step.happening];
    if (status === null) return [];
    if (status === 'Opened' && journey.facts['track_opens'] === false) return [];
    if (status === 'Clicked' && journey.facts['track_clicks'] === false) return [];
    return [{ name: status, event: parameters(journey, step, status) }];
  },
  post(webhook, events) {
    const [event] = events;
    // The cast: render above makes every event a flat record of strings.
    const fields = isRecord(event) ? (event as Record<string, string>) : {};
    return webhook.method === 'GET' ? query(webhook, fields) : jsonPost(webhook, fields);
  },
  test: (webhook) => ({ method: 'GET', url: webhook.url, headers: {}, body: null }),
  accepts: (status) => status === 200,
  batchMax: 1,
  connections: 16,
  // The provider publishes no repetition, so none is played; after 1,000 failures it gives the address up.
  attempts: 1,
  retryMs: 0,
  failuresMax: 1_000,
};

function query(webhook: Webhook, fields: Record<string, string>): WebhookPost {
  const separator = webhook.url.includes('?') ? '&' : '?';
  return { method: 'GET', url: `${webhook.url}${separator}${new URLSearchParams(fields)}`, headers: {}, body: null };
}

function jsonPost(webhook: Webhook, fields: Record<string, string>): WebhookPost {
  return { method: 'POST', url: webhook.url, headers: { 'content-type': 'application/json' }, body: JSON.stringify(fields) };
}

/** `M/D/YYYY h:mm:ss AM`, always UTC. */
function usDate(atMs: number): string {
  const at = new Date(atMs);
  const hour = at.getUTCHours();
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${at.getUTCMonth() + 1}/${at.getUTCDate()}/${at.getUTCFullYear()}`;
  return `${day} ${hour % 12 === 0 ? 12 : hour % 12}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())} ${hour < 12 ? 'AM' : 'PM'}`;
}

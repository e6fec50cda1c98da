// This file tells SparkPost's events: JSON arrays of {"msys":{class:{…}}} where almost every value is a string, batched and unordered,
// unsigned but with basic auth, repeated as a whole until the endpoint says 2xx.

import type { Webhook } from '../accounts.ts';
import type { Happening } from '../fates.ts';
import type { WebhookForm, WebhookPost } from '../http/webhook-sender.ts';
import type { Journey, Step } from '../journey.ts';
import { type JsonRecord, record, text } from '../json.ts';
import { domainOf } from '../mime.ts';
import { REPLIES, replyCodes, replyText } from '../replies.ts';

/** Type of the provider's event and the class it stands under, by what happened. */
const TYPES: Record<Happening, readonly { readonly type: string; readonly family: string }[]> = {
  injected: [{ type: 'injection', family: 'message_event' }],
  deferred: [{ type: 'delay', family: 'message_event' }],
  delivered: [{ type: 'delivery', family: 'message_event' }],
  bounced: [{ type: 'bounce', family: 'message_event' }],
  suppressed: [{ type: 'bounce', family: 'message_event' }],
  autoreplied: [{ type: 'bounce', family: 'message_event' }],
  challenged: [],
  answered: [],
  'late-bounced': [{ type: 'out_of_band', family: 'message_event' }],
  complained: [{ type: 'spam_complaint', family: 'message_event' }],
  unsubscribed: [{ type: 'list_unsubscribe', family: 'unsubscribe_event' }],
  // The pixel at the top and the one at the bottom both fire for one reading.
  opened: [
    { type: 'initial_open', family: 'track_event' },
    { type: 'open', family: 'track_event' },
  ],
  clicked: [{ type: 'click', family: 'track_event' }],
  'generation-failed': [{ type: 'generation_failure', family: 'gen_event' }],
};

const READER = { user_agent: 'Mozilla/5.0 (X11; Linux x86_64) Simulated/1.0', ip_address: '203.0.113.9', geo_ip: { country: 'DE' } };
const SENDING_IP = '198.51.100.7';

/** SparkPost's events for one step, oldest form of the docs: strings everywhere. */
export function sparkpostEvents(journey: Journey, step: Step): { name: string; event: JsonRecord; family: string }[] {
  const { facts } = journey;
  if (step.happening === 'opened' && facts['open_tracking'] === false) return [];
  if (step.happening === 'clicked' && facts['click_tracking'] === false) return [];
  const types = TYPES[step.happening].filter(({ type }) => type !== 'initial_open' || facts['initial_open'] !== false);
  return types.map(({ type, family }, index) => ({
    name: type,
    family,
    event: { type, ...common(journey, step, index), ...particular(journey, step, type) },
  }));
}

function common(journey: Journey, step: Step, index: number): JsonRecord {
  const { facts } = journey;
  return {
    event_id: eventId(journey.id, step.n, index),
    transmission_id: journey.transactionId,
    message_id: journey.messageId,
    rcpt_to: journey.recipient.toLowerCase(),
    raw_rcpt_to: journey.recipient,
    rcpt_meta: record(facts['rcpt_meta']),
    rcpt_tags: facts['rcpt_tags'] ?? [],
    campaign_id: text(facts['campaign_id']),
    ip_pool: text(facts['ip_pool']) || 'default',
    msg_from: journey.mailFrom,
    friendly_from: journey.from,
    msg_size: String(journey.sizeBytes),
    routing_domain: domainOf(journey.recipient),
    recipient_domain: domainOf(journey.recipient),
    subaccount_id: text(facts['subaccount_id']) || '0',
    subject: journey.subject,
    template_id: 'inline',
    template_version: '0',
    timestamp: String(Math.floor(step.atMs / 1_000)),
  };
}

function particular(journey: Journey, step: Step, type: string): JsonRecord {
  const times = { num_retries: String(step.retries), queue_time: String(Math.max(0, step.atMs - journey.acceptedMs)) };
  switch (type) {
    case 'delivery':
      return { ...times, sending_ip: SENDING_IP, ip_address: '203.0.113.5', delv_method: 'esmtp', outbound_tls: '1' };
    case 'delay':
    case 'bounce':
    case 'out_of_band':
      return { ...times, ...refusal(journey, step), ...(type === 'out_of_band' ? {} : { sending_ip: SENDING_IP }) };
    case 'spam_complaint':
      return { fbtype: 'abuse', report_by: 'fbl.mailbox.test', report_to: 'abuse@sparkpostmail.com', user_str: '' };
    case 'click':
      return { ...READER, target_link_url: text(journey.facts['link']) || 'https://mailbox.test/', target_link_name: '' };
    case 'list_unsubscribe':
      return { mailfrom: journey.recipient };
    case 'generation_failure':
      return { error_code: '554', reason: text(journey.facts['problem']), raw_reason: text(journey.facts['problem']) };
    default:
      return type === 'injection' ? {} : READER;
  }
}

function refusal(journey: Journey, step: Step): JsonRecord {
  const name = step.reply ?? 'try-later';
  const raw = replyText(name, journey.recipient);
  const { code } = replyCodes(name);
  return {
    bounce_class: String(REPLIES[name].sparkpostClass),
    error_code: code,
    reason: raw.replace(/<[^<>]*>/g, '<…@…>'),
    raw_reason: raw,
  };
}

/** Unique and the same at every telling: a large number as string, like most of SparkPost's. */
function eventId(journeyId: string, n: number, index: number): string {
  const number = BigInt(`0x${journeyId.replaceAll('-', '').slice(0, 16)}`) & 0x3fffffffffffffffn;
  return `${number}${n}${index}`;
}

export const sparkpostWebhooks: WebhookForm = {
  render: (journey, step) =>
    sparkpostEvents(journey, step).map(({ name, event, family }) => ({ name, event: JSON.stringify({ msys: { [family]: event } }) })),
  post: (webhook, events, batchId) => post(webhook, `[${events.join(',')}]`, batchId),
  test: (webhook) => post(webhook, '[{"msys":{}}]', '0'),
  accepts: (status) => status >= 200 && status < 300,
  batchMax: 350,
  connections: 4,
  // 12 tries over 8 hours at the provider; here the waits add up to four minutes.
  attempts: 12,
  retryMs: 250,
  failuresMax: null,
};

function post(webhook: Webhook, body: string, batchId: string): WebhookPost {
  return {
    method: 'POST',
    url: webhook.url,
    headers: { 'content-type': 'application/json', ...webhook.customHeaders, 'x-messagesystems-batch-id': batchId },
    body,
  };
}

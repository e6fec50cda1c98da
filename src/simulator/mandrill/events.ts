// This file tells Mandrill's events: a form post with one field, mandrill_events, holding a JSON array; signed with HMAC-SHA1 over the
// configured address, the field's name and its value. Empty metadata is [] instead of {}, as PHP writes it.
import { createHmac } from 'node:crypto';
import type { Webhook } from '../accounts.ts';
import type { Happening } from '../fates.ts';
import type { WebhookForm, WebhookPost } from '../http/webhook-sender.ts';
import type { Journey, Step } from '../journey.ts';
import { type JsonRecord, record, text } from '../json.ts';
import { REPLIES, replyText } from '../replies.ts';

/** Event name and the state of the message after it; bounces are named by their reply. */
const EVENTS: Record<Happening, { readonly event: string; readonly state: string } | null> = {
  injected: { event: 'send', state: 'sent' },
  deferred: { event: 'deferral', state: 'deferred' },
  delivered: { event: 'delivered', state: 'delivered' },
  bounced: { event: 'bounce', state: 'bounced' },
  'late-bounced': { event: 'bounce', state: 'bounced' },
  suppressed: { event: 'reject', state: 'rejected' },
  complained: { event: 'spam', state: 'spam' },
  unsubscribed: { event: 'unsub', state: 'sent' },
  opened: { event: 'open', state: 'sent' },
  clicked: { event: 'click', state: 'sent' },
  autoreplied: null,
  challenged: null,
  answered: null,
  'generation-failed': null,
};

const READER = {
  ip: '203.0.113.9',
  location: { country_short: 'DE', country: 'Germany' },
  user_agent: 'Mozilla/5.0 (X11; Linux x86_64) Simulated/1.0',
  user_agent_parsed: { type: 'browser', mobile: false },
};

export function signMandrill(key: string, url: string, events: string): string {
  return createHmac('sha1', key).update(`${url}mandrill_events${events}`).digest('base64');
}

/** The message as events, search and info show it after a step. */
export function mandrillMessage(journey: Journey, step: Step): JsonRecord {
  const { facts } = journey;
  const metadata = record(facts['metadata']);
  const bounce =
    step.reply !== null && (step.happening === 'bounced' || step.happening === 'late-bounced') ? bounceOf(journey, step) : null;
  return {
    ts: seconds(journey.acceptedMs),
    _id: journey.messageId,
    _version: '1',
    subject: journey.subject,
    email: journey.recipient,
    sender: journey.from,
    tags: facts['tags'] ?? [],
    opens: step.happening === 'opened' || step.happening === 'clicked' ? [{ ts: seconds(step.atMs) }] : [],
    clicks: step.happening === 'clicked' ? [{ ts: seconds(step.atMs), url: linkOf(journey) }] : [],
    state: bounce?.state ?? EVENTS[step.happening]?.state ?? 'sent',
    metadata: Object.keys(metadata).length === 0 ? [] : metadata,
    subaccount: text(facts['subaccount']) || null,
    diag: bounce?.diag ?? (step.happening === 'delivered' ? '250 2.0.0 Ok: delivered' : null),
    bounce_description: bounce?.description ?? null,
    ...(bounce === null ? {} : { bgtools_code: bounce.code }),
    template: null,
    resends: [],
    smtp_events: smtpEvents(journey, step),
    reject: step.happening === 'suppressed' ? { reason: text(facts['reject']) || 'hard-bounce', last_event_at: sqlTime(step.atMs) } : null,
  };
}

function bounceOf(journey: Journey, step: Step) {
  const name = step.reply ?? 'unknown-user';
  const reply = REPLIES[name];
  const hard = reply.mandrillEvent === 'hard_bounce';
  return {
    event: hard ? 'hard_bounce' : 'soft_bounce',
    state: hard ? 'bounced' : 'soft-bounced',
    description: reply.mandrillDescription,
    code: reply.sparkpostClass,
    diag: `smtp;${replyText(name, journey.recipient)}`,
  };
}

function smtpEvents(journey: Journey, step: Step): JsonRecord[] {
  const type = step.happening === 'delivered' ? 'sent' : step.happening === 'deferred' ? 'deferred' : null;
  if (type === null) return [];
  const diag = step.reply === null ? '250 2.0.0 Ok: delivered' : replyText(step.reply, journey.recipient);
  const size = type === 'sent' ? journey.sizeBytes : 0;
  return [{ ts: seconds(step.atMs), type, diag, source_ip: '198.51.100.7', destination_ip: '203.0.113.5', size }];
}

function mandrillEvent(journey: Journey, step: Step): { name: string; event: string }[] {
  const told = EVENTS[step.happening];
  if (told === null) return [];
  // A rejected message was never sent, and a reader who is not tracked is not told of.
  if (step.happening === 'injected' && journey.facts['reject'] !== undefined) return [];
  if (step.happening === 'opened' && journey.facts['track_opens'] === false) return [];
  if (step.happening === 'clicked' && journey.facts['track_clicks'] === false) return [];
  const name = told.event === 'bounce' ? bounceOf(journey, step).event : told.event;
  const reading = name === 'open' || name === 'click' ? { ...READER, ...(name === 'click' ? { url: linkOf(journey) } : {}) } : {};
  const event = { event: name, _id: journey.messageId, ts: seconds(step.atMs), ...reading, msg: mandrillMessage(journey, step) };
  return [{ name, event: JSON.stringify(event) }];
}

export const mandrillWebhooks: WebhookForm = {
  render: mandrillEvent,
  post: (webhook, events) => formPost(webhook, `[${events.join(',')}]`),
  // Unsigned: at this moment nobody knows the key yet.
  test: (webhook) => ({ method: 'HEAD', url: webhook.url, headers: {}, body: null }),
  accepts: (status) => status >= 200 && status < 300,
  batchMax: 1_000,
  connections: 2,
  // Repeated automatically, the schedule is not published.
  attempts: 10,
  retryMs: 500,
  failuresMax: null,
};

function formPost(webhook: Webhook, events: string): WebhookPost {
  const signature = signMandrill(webhook.key ?? '', webhook.url, events);
  return {
    method: 'POST',
    url: webhook.url,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'user-agent': 'Mandrill-Webhook/1.0',
      'x-mandrill-signature': signature,
    },
    body: new URLSearchParams({ mandrill_events: events }).toString(),
  };
}

function linkOf(journey: Journey): string {
  return text(journey.facts['link']) || 'https://mailbox.test/';
}

function seconds(ms: number): number {
  return Math.floor(ms / 1_000);
}

/** `YYYY-MM-DD HH:MM:SS`, UTC. */
export function sqlTime(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
}

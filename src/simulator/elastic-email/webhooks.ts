// This file plays Elastic Email's webhook management; a new address has to answer 200 to a bare GET.
import type { Account, Webhook } from '../accounts.ts';
import { type DialectContext, json, type SimAnswer, type SimRequest } from '../http/exchange.ts';
import { type JsonRecord, text } from '../json.ts';
import { addWebhook } from '../webhooks.ts';
import { bodyOf, Refusal } from './errors.ts';
import { elasticEmailWebhooks } from './events.ts';

/** Switch in the request → the status it lets through. */
const SWITCHES = {
  NotificationForSent: 'Sent',
  NotificationForOpened: 'Opened',
  NotificationForClicked: 'Clicked',
  NotificationForUnsubscribed: 'Unsubscribed',
  NotificationForAbuseReport: 'AbuseReport',
  NotificationForError: 'Error',
} as const;

/** Answers `/webhook` and `/webhook/{publicid}`. Throws Refusal. */
export async function manageWebhooks(account: Account, request: SimRequest, context: DialectContext): Promise<SimAnswer | null> {
  const id = decodeURIComponent(request.path.split('/')[2] ?? '');
  if (id === '' && request.method === 'GET') return json(200, [...account.webhooks.values()].map(shown));
  if (id === '' && request.method === 'POST') return create(account, bodyOf(request), context);
  const webhook = account.webhooks.get(id);
  if (webhook === undefined) throw new Refusal(404, 'The webhook was not found.');
  if (request.method === 'GET') return json(200, shown(webhook));
  if (request.method === 'PUT') {
    const body = bodyOf(request);
    webhook.name = text(body['Name']) || webhook.name;
    webhook.url = text(body['URL']) || webhook.url;
    await prove(webhook, context);
    webhook.events = wantedEvents(body) ?? webhook.events;
    if (typeof body['IsEnabled'] === 'boolean') webhook.enabled = body['IsEnabled'];
    if (webhook.enabled) webhook.failures = 0;
    context.accountChanged(account);
    return json(200, shown(webhook));
  }
  if (request.method !== 'DELETE') return null;
  account.webhooks.delete(id);
  context.accountChanged(account);
  return json(200, {});
}

async function create(account: Account, body: JsonRecord, context: DialectContext): Promise<SimAnswer> {
  const made = { id: context.world.mint.next(), nowMs: context.world.clock.nowMs() };
  const method = text(body['DeliveryMethod']) === 'PostJson' ? 'POST' : 'GET';
  const wanted = { url: text(body['URL']), name: text(body['Name']), events: wantedEvents(body), method } as const;
  const webhook = addWebhook(account, wanted, made);
  try {
    await prove(webhook, context);
  } catch (error) {
    account.webhooks.delete(webhook.id);
    throw error;
  }
  context.accountChanged(account);
  return json(201, shown(webhook));
}

async function prove(webhook: Webhook, context: DialectContext): Promise<void> {
  const problem = await context.testWebhook(elasticEmailWebhooks, webhook);
  if (problem !== null) throw new Refusal(400, `The URL did not answer 200: ${problem}.`);
}

/** Named switches choose; without any everything is told. */
function wantedEvents(body: JsonRecord): string[] | null {
  const named = Object.entries(SWITCHES).filter(([name]) => typeof body[name] === 'boolean');
  return named.length === 0 ? null : named.filter(([name]) => body[name] === true).map(([, status]) => status);
}

function shown(webhook: Webhook): JsonRecord {
  const switches = Object.entries(SWITCHES).map(([name, status]) => [name, webhook.events?.includes(status) ?? true]);
  return {
    PublicWebhookID: webhook.id,
    Name: webhook.name,
    URL: webhook.url,
    DateCreated: new Date(webhook.createdMs).toISOString(),
    IsEnabled: webhook.enabled,
    DeliveryMethod: webhook.method === 'GET' ? 'Get' : 'PostJson',
    ...Object.fromEntries(switches),
  };
}

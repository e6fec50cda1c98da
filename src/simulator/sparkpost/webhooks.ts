// This file plays SparkPost's webhook management; a new target has to answer a test post with 200 before it is taken.
import type { Account, Webhook } from '../accounts.ts';
import { type DialectContext, json, type SimAnswer, type SimRequest } from '../http/exchange.ts';
import { type JsonRecord, list, record, text, textRecord, texts } from '../json.ts';
import { addWebhook } from '../webhooks.ts';
import { bodyOf, Refusal } from './errors.ts';
import { sparkpostWebhooks } from './events.ts';

/** Answers `/webhooks` and `/webhooks/{id}`. Throws Refusal. */
export async function manageWebhooks(account: Account, request: SimRequest, context: DialectContext): Promise<SimAnswer> {
  const id = decodeURIComponent(request.path.split('/')[2] ?? '');
  if (id === '') {
    if (request.method === 'GET') return json(200, { results: [...account.webhooks.values()].map(shown) });
    if (request.method === 'POST') return create(account, bodyOf(request), context);
    throw new Refusal(405, '1600', 'Method Not Allowed');
  }
  const webhook = account.webhooks.get(id);
  if (webhook === undefined) throw new Refusal(404, '1600', 'resource not found', 'webhook not found');
  switch (request.method) {
    case 'GET':
      return json(200, { results: shown(webhook) });
    case 'PUT':
      return update(account, webhook, { body: bodyOf(request), context });
    case 'DELETE':
      account.webhooks.delete(id);
      context.accountChanged(account);
      return { kind: 'answer', status: 204, body: '', headers: {} };
    default:
      throw new Refusal(405, '1600', 'Method Not Allowed');
  }
}

async function create(account: Account, body: JsonRecord, context: DialectContext): Promise<SimAnswer> {
  for (const field of ['name', 'target']) {
    if (text(body[field]) === '') throw new Refusal(422, '1400', 'required field is missing', `${field} is required`);
  }
  if (list(body['events']).length === 0) throw new Refusal(422, '1400', 'required field is missing', 'events is required');
  const basic = record(body['auth_credentials']);
  const auth = text(body['auth_type']) === 'basic' ? { username: text(basic['username']), password: text(basic['password']) } : null;
  const made = { id: context.world.mint.next(), nowMs: context.world.clock.nowMs() };
  const wanted = {
    url: text(body['target']),
    name: text(body['name']),
    auth,
    events: texts(body['events']),
    customHeaders: textRecord(body['custom_headers']),
  };
  const webhook = addWebhook(account, wanted, made);
  await prove(account, webhook, context);
  if (body['active'] === false) webhook.enabled = false;
  context.accountChanged(account);
  return json(200, {
    results: {
      id: webhook.id,
      links: [{ href: `/api/v1/webhooks/${webhook.id}`, rel: 'urn.msys.webhooks.webhook', method: ['GET', 'PUT'] }],
    },
  });
}

async function prove(account: Account, webhook: Webhook, context: DialectContext): Promise<void> {
  const problem = await context.testWebhook(sparkpostWebhooks, webhook);
  if (problem === null) return;
  account.webhooks.delete(webhook.id);
  throw new Refusal(400, '1300', 'Test POST to endpoint failed', problem);
}

async function update(account: Account, webhook: Webhook, by: { body: JsonRecord; context: DialectContext }): Promise<SimAnswer> {
  const { body, context } = by;
  const target = text(body['target']) || webhook.url;
  const events = list(body['events']).length > 0 ? texts(body['events']) : webhook.events;
  const changed: Webhook = { ...webhook, url: target, events, name: text(body['name']) || webhook.name };
  changed.enabled = typeof body['active'] === 'boolean' ? body['active'] : webhook.enabled;
  if (target !== webhook.url) {
    const problem = await context.testWebhook(sparkpostWebhooks, changed);
    if (problem !== null) throw new Refusal(400, '1300', 'Test POST to endpoint failed', problem);
  }
  account.webhooks.set(webhook.id, changed);
  context.accountChanged(account);
  return json(200, { results: { id: webhook.id } });
}

function shown(webhook: Webhook): JsonRecord {
  return {
    id: webhook.id,
    name: webhook.name,
    target: webhook.url,
    events: webhook.events ?? [],
    active: webhook.enabled,
    auth_type: webhook.auth === null ? 'none' : 'basic',
    custom_headers: webhook.customHeaders,
    last_failure: webhook.lastError,
  };
}

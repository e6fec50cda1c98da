// This file plays the rest of Mandrill's API as far as a delivery desk uses it: finding messages, sending domains,
// subaccounts, the account and webhooks. Every call is a POST; a new webhook address has to answer HEAD with 200.
import { type Account, lookAtDomain, type Webhook } from '../accounts.ts';
import type { Happened } from '../history.ts';
import { type DialectContext, json, type SimAnswer } from '../http/exchange.ts';
import { type JsonRecord, record, text, texts } from '../json.ts';
import { addWebhook } from '../webhooks.ts';
import { Refusal } from './errors.ts';
import { mandrillMessage, mandrillWebhooks, sqlTime } from './events.ts';
import { REJECT_CALLS } from './list.ts';

const SEARCH_MAX = 1_000;
const SEARCH_DEFAULT = 100;

type Call = (account: Account, body: JsonRecord, context: DialectContext) => unknown;

const CALLS: Readonly<Record<string, Call>> = {
  'users/ping': () => 'PONG!',
  'users/ping2': () => ({ PING: 'PONG!' }),
  'users/info': (account) => ({
    username: 'Simulated',
    reputation: 80,
    hourly_quota: account.quota.hourly ?? 100_000,
    backlog: 0,
    stats: { today: { sent: account.taken } },
  }),
  'messages/info': (account, body, context) => {
    const id = text(body['id']);
    const [latest] = found(account, context, ({ journey }) => journey.messageId === id);
    if (latest === undefined) throw new Refusal('Unknown_Message', `No message exists with the id '${id}'`);
    return mandrillMessage(latest.journey, latest.step);
  },
  'messages/search': search,
  ...REJECT_CALLS,
  'senders/domains': (account) => [...account.domains, ...account.unverified].map((domain) => domainShown(account, domain)),
  'senders/add-domain': (account, body, context) => {
    const domain = domainNamed(body);
    if (!account.domains.has(domain)) account.unverified.add(domain);
    context.accountChanged(account);
    return domainShown(account, domain);
  },
  'senders/check-domain': (account, body, context) => {
    const domain = domainNamed(body);
    // A domain that is asked for is known from then on.
    if (!account.domains.has(domain)) account.unverified.add(domain);
    lookAtDomain(account, domain);
    context.accountChanged(account);
    return domainShown(account, domain);
  },
  'senders/delete-domain': (account, body, context) => {
    const domain = domainNamed(body);
    if (!account.domains.has(domain) && !account.unverified.has(domain))
      throw new Refusal('ValidationError', `The domain '${domain}' is not known to this account`);
    const gone = domainShown(account, domain);
    account.domains.delete(domain);
    account.unverified.delete(domain);
    context.accountChanged(account);
    return gone;
  },
  'subaccounts/list': (account) => [...account.subaccounts].map((id) => ({ id, name: id, status: 'active' })),
  'subaccounts/add': (account, body, context) => {
    const id = text(body['id']);
    if (id === '') throw new Refusal('ValidationError', 'You must specify an id value');
    account.subaccounts.add(id);
    context.accountChanged(account);
    return { id, name: text(body['name']), status: 'active' };
  },
  'webhooks/list': (account) => [...account.webhooks.values()].map(webhookShown),
  'webhooks/info': (account, body) => webhookShown(webhookNamed(account, body)),
  'webhooks/add': addNamedWebhook,
  'webhooks/delete': (account, body, context) => {
    const webhook = webhookNamed(account, body);
    account.webhooks.delete(webhook.id);
    context.accountChanged(account);
    return webhookShown(webhook);
  },
};

/** Answers everything but sends; null for a call that is not played. Throws Refusal. */
export async function manage(account: Account, call: string, of: { body: JsonRecord; context: DialectContext }): Promise<SimAnswer | null> {
  const answer = CALLS[call];
  return answer === undefined ? null : json(200, await answer(account, of.body, of.context));
}

/** The newest step of each message that fits, newest message first. */
function found(account: Account, context: DialectContext, fits: (happened: Happened) => boolean): Happened[] {
  const byMessage = new Map<string, Happened>();
  const mine = context.world.history.find((journey) => journey.provider === 'mandrill' && journey.accountKey === account.key);
  for (const happened of mine) if (fits(happened)) byMessage.set(happened.journey.messageId, happened);
  return [...byMessage.values()].reverse();
}

/** Understands `email:`, `full_email:`, `sender:`, `subject:`, metadata as `u_name:`, and bare words in address or subject. */
function search(account: Account, body: JsonRecord, context: DialectContext): unknown {
  const terms = text(body['query'])
    .split(/\s+(?:AND\s+)?/)
    .filter((term) => term !== '' && term !== '*');
  const from = Date.parse(text(body['date_from'])) || 0;
  const to = (Date.parse(text(body['date_to'])) || Number.POSITIVE_INFINITY) + 86_400_000;
  const tags = texts(body['tags']);
  const limit = Math.min(Math.max(1, Number(text(body['limit'])) || SEARCH_DEFAULT), SEARCH_MAX);
  const hits = found(account, context, ({ journey }) => {
    const dated = journey.acceptedMs >= from && journey.acceptedMs <= to;
    const tagged = tags.length === 0 || tags.some((tag) => texts(journey.facts['tags']).includes(tag));
    return dated && tagged && terms.every((term) => termFits(term, journey));
  });
  return hits.slice(0, limit).map(({ journey, step }) => mandrillMessage(journey, step));
}

function termFits(term: string, journey: Happened['journey']): boolean {
  const colon = term.indexOf(':');
  const name = colon < 0 ? '' : term.slice(0, colon);
  const wanted = term
    .slice(colon + 1)
    .replace(/^"|"$/g, '')
    .toLowerCase();
  if (name.startsWith('u_')) return text(record(journey.facts['metadata'])[name.slice(2)]).toLowerCase() === wanted;
  if (name === 'email' || name === 'full_email') return journey.recipient.toLowerCase() === wanted;
  if (name === 'sender') return journey.from.toLowerCase() === wanted;
  if (name === 'subject') return journey.subject.toLowerCase().includes(wanted);
  return `${journey.recipient} ${journey.subject}`.toLowerCase().includes(wanted);
}

function domainNamed(body: JsonRecord): string {
  const domain = text(body['domain']).toLowerCase();
  if (!domain.includes('.')) throw new Refusal('ValidationError', 'You must specify a domain value');
  return domain;
}

function domainShown(account: Account, domain: string): JsonRecord {
  const verified = account.domains.has(domain);
  const record = { valid: verified, valid_after: null, error: verified ? null : 'No record found' };
  return {
    domain,
    spf: record,
    dkim: record,
    dkim2: record,
    dmarc: record,
    verified_at: verified ? '2026-01-01 00:00:00' : null,
    valid_signing: verified,
    verify_txt_key: 'simulated',
  };
}

function webhookNamed(account: Account, body: JsonRecord): Webhook {
  const webhook = account.webhooks.get(text(body['id']));
  if (webhook === undefined) throw new Refusal('Unknown_Webhook', `No webhook exists with the id '${text(body['id'])}'`);
  return webhook;
}

async function addNamedWebhook(account: Account, body: JsonRecord, context: DialectContext): Promise<JsonRecord> {
  const url = text(body['url']);
  const events = texts(body['events']);
  const made = { id: String(account.webhooks.size + 1), nowMs: context.world.clock.nowMs() };
  const id = account.webhooks.has(made.id) ? context.world.mint.next() : made.id;
  const webhook = addWebhook(
    account,
    { url, name: text(body['description']), events: events.length === 0 ? null : events },
    { ...made, id },
  );
  const problem = await context.testWebhook(mandrillWebhooks, webhook);
  if (problem !== null) {
    account.webhooks.delete(webhook.id);
    throw new Refusal('ValidationError', `The URL did not answer HEAD with 200: ${problem}`);
  }
  context.accountChanged(account);
  return webhookShown(webhook);
}

function webhookShown(webhook: Webhook): JsonRecord {
  return {
    id: webhook.id,
    url: webhook.url,
    description: webhook.name,
    auth_key: webhook.key,
    events: webhook.events ?? [],
    created_at: sqlTime(webhook.createdMs),
    last_sent_at: null,
    batches_sent: webhook.batchesTold,
    events_sent: webhook.eventsTold,
    last_error: webhook.lastError,
  };
}

// This file plays the rest of SparkPost's API as far as a delivery desk uses it: sending domains, pools, account and the
// pull of events; the suppression list is in list.ts.
import { type Account, lookAtDomain } from '../accounts.ts';
import { simulatedPublicKey } from '../domain-key.ts';
import { type DialectContext, json, type SimAnswer, type SimRequest } from '../http/exchange.ts';
import type { Journey } from '../journey.ts';
import { type JsonRecord, text } from '../json.ts';
import { bodyOf, Refusal } from './errors.ts';
import { sparkpostEvents } from './events.ts';
import { suppressionList } from './list.ts';

/** Published: 10,000 events a page. */
const PAGE_MAX = 10_000;
const PAGE_DEFAULT = 1_000;
const SELECTOR = 'sim0001';

/** Answers everything but transmissions and webhooks; null for a path SparkPost does not have here. Throws Refusal. */
export function manage(account: Account, request: SimRequest, context: DialectContext): SimAnswer | null {
  const [, area = '', name = '', verb = ''] = request.path.split('/').map((part) => decodeURIComponent(part));
  switch (area) {
    case 'account':
      return json(200, { results: accountShown(account) });
    case 'sending-domains':
      return domains(account, request, { name: name.toLowerCase(), verb, context });
    case 'suppression-list':
      return suppressionList(account, request, { name: name.toLowerCase(), context });
    case 'ip-pools':
      return pools(account, request, context);
    case 'events':
      return name === 'message' ? pullEvents(account, request, context) : null;
    default:
      return null;
  }
}

function accountShown(account: Account): JsonRecord {
  const { used, quota } = account;
  return {
    company_name: 'Simulated',
    status: 'active',
    usage: { hour: { used: used.hourly, limit: quota.hourly }, day: { used: used.daily, limit: quota.daily } },
  };
}

function domains(account: Account, request: SimRequest, of: { name: string; verb: string; context: DialectContext }): SimAnswer | null {
  const { name, verb, context } = of;
  const known = account.domains.has(name) || account.unverified.has(name);
  if (name === '' && request.method === 'GET') {
    return json(200, { results: [...account.domains, ...account.unverified].map((domain) => domainShown(account, domain)) });
  }
  if (name === '' && request.method === 'POST') {
    const domain = text(bodyOf(request)['domain']).toLowerCase();
    if (!domain.includes('.')) throw new Refusal(422, '1300', 'invalid data format/type', 'domain is not a domain name');
    if (account.domains.has(domain) || account.unverified.has(domain))
      throw new Refusal(409, '1602', 'resource conflict', 'Domain already exists');
    account.unverified.add(domain);
    context.accountChanged(account);
    return json(200, { results: { message: 'Successfully Created domain.', domain, dkim: dkimShown(domain) } });
  }
  if (!known) throw new Refusal(404, '1600', 'resource not found', 'Resource not found');
  if (verb === 'verify' && request.method === 'POST') return verifyDomain(account, name, context);
  if (verb !== '') return null;
  if (request.method === 'GET' || request.method === 'PUT') return json(200, { results: domainShown(account, name) });
  if (request.method !== 'DELETE') return null;
  account.domains.delete(name);
  account.unverified.delete(name);
  context.accountChanged(account);
  return { kind: 'answer', status: 204, body: '', headers: {} };
}

function verifyDomain(account: Account, domain: string, context: DialectContext): SimAnswer {
  lookAtDomain(account, domain);
  context.accountChanged(account);
  const dns = account.domains.has(domain) ? {} : { dkim_error: `DKIM record not found for ${SELECTOR}._domainkey.${domain}` };
  return json(200, { results: { ...statusOf(account, domain), dns } });
}

function domainShown(account: Account, domain: string): JsonRecord {
  return {
    domain,
    dkim: dkimShown(domain),
    status: statusOf(account, domain),
    shared_with_subaccounts: false,
    is_default_bounce_domain: false,
  };
}

function dkimShown(domain: string): JsonRecord {
  return { public: simulatedPublicKey(), selector: SELECTOR, signing_domain: domain, headers: 'from:to:subject:date' };
}

function statusOf(account: Account, domain: string): JsonRecord {
  const verified = account.domains.has(domain);
  const status = verified ? 'valid' : 'unverified';
  return {
    ownership_verified: verified,
    dkim_status: status,
    cname_status: status,
    mx_status: 'unverified',
    compliance_status: verified ? 'valid' : 'pending',
  };
}

function pools(account: Account, request: SimRequest, context: DialectContext): SimAnswer | null {
  if (request.method === 'GET') return json(200, { results: [...account.pools].map((name) => ({ id: name, name, ips: [] })) });
  if (request.method !== 'POST') return null;
  const name = text(bodyOf(request)['name']);
  if (name === '') throw new Refusal(422, '1400', 'required field is missing', 'name is required');
  account.pools.add(name);
  context.accountChanged(account);
  return json(200, { results: { id: name } });
}

/** GET /events/message: what the webhooks told, with ISO times, a page at a time. */
function pullEvents(account: Account, request: SimRequest, context: DialectContext): SimAnswer {
  const { query } = request;
  const wanted = (name: string) => (query.get(name) ?? '').split(',').filter((one) => one !== '');
  const [types, transmissions, recipients, messages] = [
    wanted('events'),
    wanted('transmissions'),
    wanted('recipients'),
    wanted('messages'),
  ];
  const from = Date.parse(query.get('from') ?? '') || 0;
  const to = Date.parse(query.get('to') ?? '') || Number.POSITIVE_INFINITY;
  const fits = (journey: Journey) =>
    journey.provider === 'sparkpost' &&
    journey.accountKey === account.key &&
    (transmissions.length === 0 || transmissions.includes(journey.transactionId)) &&
    (messages.length === 0 || messages.includes(journey.messageId)) &&
    (recipients.length === 0 || recipients.some((one) => one.toLowerCase() === journey.recipient.toLowerCase()));
  const events = context.world.history
    .find(fits)
    .filter(({ step }) => step.atMs >= from && step.atMs <= to)
    .reverse()
    .flatMap(({ journey, step }) =>
      sparkpostEvents(journey, step).map(({ event }) => ({ ...event, timestamp: new Date(step.atMs).toISOString() })),
    )
    .filter((event: JsonRecord) => types.length === 0 || types.includes(text(event['type'])));
  const perPage = Math.min(Math.max(1, Number(query.get('per_page')) || PAGE_DEFAULT), PAGE_MAX);
  const start = Number(/^\d+$/.exec(query.get('cursor') ?? '')?.[0] ?? 0);
  const next = start + perPage < events.length ? new URLSearchParams([...query].filter(([name]) => name !== 'cursor')) : null;
  next?.set('cursor', String(start + perPage));
  const links = next === null ? {} : { next: `/api/v1/events/message?${next}` };
  return json(200, { results: events.slice(start, start + perPage), total_count: events.length, links });
}

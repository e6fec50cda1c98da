// This file plays the rest of Elastic Email v4 as far as a delivery desk uses it: status and events of a hand-over, domains; suppressions are in list.ts.
import { type Account, lookAtDomain } from '../accounts.ts';
import { type DialectContext, json, type SimAnswer, type SimRequest } from '../http/exchange.ts';
import type { Journey } from '../journey.ts';
import { type JsonRecord, text } from '../json.ts';
import { bodyOf, Refusal } from './errors.ts';
import { recipientEvent } from './events.ts';
import { suppressions } from './list.ts';

/** Published page size. */
const EVENTS_MAX = 1_000;
const EVENTS_DEFAULT = 100;

/** Answers everything but sends and webhooks; null for a path that is not played. Throws Refusal. */
export function manage(account: Account, request: SimRequest, context: DialectContext): SimAnswer | null {
  const [, area = '', name = '', verb = ''] = request.path.split('/').map((part) => decodeURIComponent(part));
  switch (area) {
    case 'emails':
      return verb === 'status' && request.method === 'GET' ? status(account, name, { request, context }) : null;
    case 'events':
      return request.method === 'GET' ? events(account, name, { request, context }) : null;
    case 'domains':
      return domains(account, request, { name: name.toLowerCase(), verb, context });
    case 'suppressions':
      return suppressions(account, request, { name: name.toLowerCase(), context });
    default:
      return null;
  }
}

function ofAccount(account: Account, transaction: string): (journey: Journey) => boolean {
  return (journey) =>
    journey.provider === 'elastic-email' &&
    journey.accountKey === account.key &&
    (transaction === '' || journey.transactionId === transaction);
}

function status(account: Account, transaction: string, of: { request: SimRequest; context: DialectContext }): SimAnswer {
  const happened = of.context.world.history.find(ofAccount(account, transaction));
  if (happened.length === 0) throw new Refusal(404, 'No such transaction was found.');
  const reached = (...kinds: string[]) => [
    ...new Set(happened.filter(({ step }) => kinds.includes(step.happening)).map(({ journey }) => journey.recipient)),
  ];
  const all = [...new Set(happened.map(({ journey }) => journey.recipient))];
  const delivered = reached('delivered');
  const failed = reached('bounced', 'late-bounced', 'suppressed');
  const pending = all.filter((one) => !delivered.includes(one) && !failed.includes(one));
  const asked = (flag: string, names: string[]) => (of.request.query.get(flag) === 'true' ? names : []);
  const [opened, clicked, unsubscribed, abuse] = [reached('opened'), reached('clicked'), reached('unsubscribed'), reached('complained')];
  return json(200, {
    JobID: transaction,
    Status: pending.length === 0 ? 'complete' : 'in_progress',
    RecipientsCount: all.length,
    Failed: asked('showFailed', failed).map((Address) => ({ Address, Error: '', ErrorCode: 0, Category: 'NoMailbox' })),
    FailedCount: failed.length,
    Sent: asked('showSent', delivered),
    SentCount: delivered.length,
    Delivered: asked('showDelivered', delivered),
    DeliveredCount: delivered.length,
    Pending: asked('showPending', pending),
    PendingCount: pending.length,
    Opened: asked('showOpened', opened),
    OpenedCount: opened.length,
    Clicked: asked('showClicked', clicked),
    ClickedCount: clicked.length,
    Unsubscribed: asked('showUnsubscribed', unsubscribed),
    UnsubscribedCount: unsubscribed.length,
    AbuseReports: asked('showAbuse', abuse),
    AbuseReportsCount: abuse.length,
    MessageIDs: asked('showMessageIDs', [...new Set(happened.map(({ journey }) => journey.messageId))]),
  });
}

function events(account: Account, transaction: string, of: { request: SimRequest; context: DialectContext }): SimAnswer {
  const { query } = of.request;
  // Times come without a zone and mean UTC.
  const time = (name: string) =>
    Date.parse(/(?:z|[+-]\d\d:?\d\d)$/i.test(query.get(name) ?? '') ? (query.get(name) ?? '') : `${query.get(name)}Z`);
  const from = time('from') || 0;
  const to = time('to') || Number.POSITIVE_INFINITY;
  const types = query.getAll('eventTypes').flatMap((one) => one.split(','));
  const found = of.context.world.history
    .find(ofAccount(account, transaction))
    .filter(({ step }) => step.atMs >= from && step.atMs <= to)
    .map(({ journey, step }) => recipientEvent(journey, step))
    .filter((event) => event !== null)
    .filter((event) => types.length === 0 || types.includes(text(event['EventType'])));
  if (!(query.get('orderBy') ?? '').endsWith('Ascending')) found.reverse();
  const start = Math.max(0, Number(query.get('offset')) || 0);
  const count = Math.min(Math.max(1, Number(query.get('limit')) || EVENTS_DEFAULT), EVENTS_MAX);
  return json(200, found.slice(start, start + count));
}

function domains(account: Account, request: SimRequest, of: { name: string; verb: string; context: DialectContext }): SimAnswer | null {
  const { name, verb, context } = of;
  if (name === '' && request.method === 'GET')
    return json(
      200,
      [...account.domains, ...account.unverified].map((one) => domainShown(account, one)),
    );
  if (name === '' && request.method === 'POST') {
    const domain = text(bodyOf(request)['Domain']).toLowerCase();
    if (!domain.includes('.')) throw new Refusal(400, 'Domain is not a domain name.');
    if (!account.domains.has(domain)) account.unverified.add(domain);
    context.accountChanged(account);
    return json(201, domainShown(account, domain));
  }
  if (!account.domains.has(name) && !account.unverified.has(name)) throw new Refusal(404, 'The domain was not found.');
  if (request.method === 'PUT' && verb === 'verification') {
    lookAtDomain(account, name);
    context.accountChanged(account);
    return json(200, domainShown(account, name));
  }
  if (request.method === 'GET' || request.method === 'PUT') return json(200, domainShown(account, name));
  if (request.method !== 'DELETE') return null;
  account.domains.delete(name);
  account.unverified.delete(name);
  context.accountChanged(account);
  return json(200, {});
}

function domainShown(account: Account, domain: string): JsonRecord {
  const verified = account.domains.has(domain);
  return {
    Domain: domain,
    Spf: verified,
    Dkim: verified,
    MX: false,
    DMARC: verified,
    Verify: verified,
    TrackingStatus: 'NotValidated',
    VERP: false,
  };
}

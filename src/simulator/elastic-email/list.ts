// This file plays Elastic Email's suppressions: three lists by offset, additions by address, removal from all three; and what it lists by
// itself after a hard bounce, a complaint or an unsubscription.
import type { Account } from '../accounts.ts';
import { type DialectContext, json, type SimAnswer, type SimRequest } from '../http/exchange.ts';
import type { Journey, Step } from '../journey.ts';
import type { JsonRecord } from '../json.ts';
import { entriesOf, type ListEntry, listed, listFault, type NewEntry, suppress, unlist } from '../lists.ts';
import { REPLIES, replyCodes, replyText } from '../replies.ts';
import { Refusal } from './errors.ts';

/** Published for additions; the page of a list has no published limit, 1,000 is that of its other lists. */
const CALL_MAX = 1_000;
const PAGE_MAX = 1_000;
const PAGE_DEFAULT = 100;

const LISTS: Readonly<Record<string, string>> = { bounces: 'Bounce', complaints: 'Complaint', unsubscribes: 'Unsubscribe' };

/** Answers everything below /suppressions; null for what is not played. Throws Refusal. */
export function suppressions(account: Account, request: SimRequest, of: { name: string; context: DialectContext }): SimAnswer | null {
  const fault = listFault(account);
  if (fault === 'cut') return { kind: 'drop' };
  if (fault === '5xx') throw new Refusal(500, 'Internal server error.');
  if (fault === 'throttle') throw new Refusal(429, 'Too many requests. Try again later.');
  const { name, context } = of;
  const reason = LISTS[name];
  if (request.method === 'GET' && (name === '' || reason !== undefined)) return json(200, page(account, request.query, reason));
  if (request.method === 'POST' && reason !== undefined) {
    const addresses = addressList(request);
    if (addresses.length > CALL_MAX) throw new Refusal(400, `At most ${CALL_MAX} emails per request.`);
    const atMs = context.world.clock.nowMs();
    for (const address of addresses) {
      suppress(account, address, { reason, atMs });
      context.listChanged(account, address);
    }
    return json(
      201,
      addresses.map((address) => shown(address.toLowerCase(), listed(account, address))),
    );
  }
  const entry = listed(account, name);
  if (entry === null) throw new Refusal(404, 'The address was not found.');
  if (request.method === 'GET') return json(200, shown(name, entry));
  if (request.method !== 'DELETE') return null;
  unlist(account, name);
  context.listChanged(account, name);
  return json(200, {});
}

function page(account: Account, query: URLSearchParams, reason: string | undefined): JsonRecord[] {
  const search = (query.get('search') ?? '').toLowerCase();
  const offset = Math.max(0, Number(query.get('offset')) || 0);
  const limit = Math.min(Math.max(1, Number(query.get('limit')) || PAGE_DEFAULT), PAGE_MAX);
  const rows: JsonRecord[] = [];
  let at = 0;
  for (const [address, entry] of entriesOf(account)) {
    if ((reason !== undefined && entry.reason !== reason) || !address.includes(search)) continue;
    if (at >= offset) rows.push(shown(address, entry));
    if (rows.length >= limit) break;
    at += 1;
  }
  return rows;
}

function shown(address: string, entry: ListEntry | null): JsonRecord {
  return {
    Email: address,
    FriendlyErrorMessage: entry?.detail === '' ? null : (entry?.detail ?? null),
    ErrorCode: entry?.code ?? null,
    // Without a zone, as its other times.
    DateUpdated: new Date(entry?.atMs ?? 0).toISOString().slice(0, 19),
  };
}

function addressList(request: SimRequest): string[] {
  try {
    const value: unknown = JSON.parse(request.body.toString('utf8'));
    if (Array.isArray(value)) return value.filter((one) => typeof one === 'string');
  } catch {
    // Falls through to the refusal.
  }
  throw new Refusal(400, 'The body is a JSON list of addresses.');
}

/** What Elastic Email lists by itself when this happens, for accounts that do. */
export function elasticListing(journey: Journey, step: Step): { entry: NewEntry; subaccount: string } | null {
  const { atMs } = step;
  const named = (reason: string, more: Partial<NewEntry> = {}) => ({ entry: { reason, atMs, ...more }, subaccount: '' });
  switch (step.happening) {
    case 'bounced':
    case 'late-bounced': {
      if (step.reply === null || REPLIES[step.reply].elasticCategory !== 'NoMailbox') return null;
      return named('Bounce', { detail: replyText(step.reply, journey.recipient), code: Number(replyCodes(step.reply).code) });
    }
    case 'complained':
      return named('Complaint');
    case 'unsubscribed':
      return named('Unsubscribe');
    default:
      return null;
  }
}

// This file plays SparkPost's suppression list: rows per address and kind of mail, paged by cursor, one list per subaccount, Compliance rows
// that nobody can change; and what SparkPost lists by itself after a hard bounce, a complaint or an unsubscription.
import type { Account } from '../accounts.ts';
import { type DialectContext, json, type SimAnswer, type SimRequest } from '../http/exchange.ts';
import type { Journey, Step } from '../journey.ts';
import { type JsonRecord, list, parseRecord, record, text } from '../json.ts';
import { entriesOf, type ListEntry, listed, listFault, MAIL_TYPES, type MailType, type NewEntry, suppress, unlist } from '../lists.ts';
import { REPLIES, replyCodes, replyText } from '../replies.ts';
import { bodyOf, Refusal } from './errors.ts';

/** Published: at most 10,000 entries a call, 10,000 entries a page, 10,000 results without a cursor. */
const CALL_MAX = 10_000;
const PAGE_MAX = 10_000;
const PAGE_DEFAULT = 1_000;
/** Classes after which SparkPost lists an address by itself. */
const LISTING = new Set([10, 30, 90]);
/** A new entry stops mail about a minute later. */
const EFFECT_MS = 60_000;

/** Answers everything below /suppression-list; null for what SparkPost does not have there. Throws Refusal. */
export function suppressionList(account: Account, request: SimRequest, of: { name: string; context: DialectContext }): SimAnswer | null {
  const fault = listFault(account);
  if (fault === 'cut') return { kind: 'drop' };
  if (fault === '5xx') throw new Refusal(500, '1500', 'Unable to update suppression list');
  if (fault === 'throttle') throw new Refusal(429, '2100', 'Too many requests', 'Rate limit exceeded; try again later');
  const subaccount = subaccountOf(request);
  const { name, context } = of;
  if (name === 'summary' && request.method === 'GET') return json(200, { results: summary(account, subaccount) });
  if (name === '' && request.method === 'GET') return search(account, request, subaccount);
  if (name === '' && (request.method === 'PUT' || request.method === 'POST')) {
    const rows = list(bodyOf(request)['recipients']).map(record);
    if (rows.length > CALL_MAX) throw new Refusal(422, '1300', 'invalid data format/type', 'too many recipients');
    for (const row of rows) put(account, text(row['recipient']), row, { subaccount, context });
    return json(200, { results: { message: 'Suppression List successfully updated' } });
  }
  if (request.method === 'PUT') {
    put(account, name, bodyOf(request), { subaccount, context });
    return json(200, { results: { message: 'Suppression list successfully updated' } });
  }
  const entry = listed(account, name, subaccount);
  if (entry === null) throw new Refusal(404, '1600', 'Recipient could not be found');
  if (request.method === 'GET') return json(200, { results: rowsOf(name, entry, subaccount), links: [], total_count: entry.types.length });
  if (request.method !== 'DELETE') return null;
  if (entry.reason === 'Compliance') throw new Refusal(403, '1100', 'Recipient could not be removed - Compliance');
  const type = typeOf(parseRecord(request.body)?.['type']);
  unlist(account, name, { subaccount, ...(type === null ? {} : { types: [type] }) });
  context.listChanged(account, name, subaccount);
  return { kind: 'answer', status: 204, body: '', headers: {} };
}

/** `0` is the primary account alone; so is no header here, where nobody has more than one list to search. */
function subaccountOf(request: SimRequest): string {
  const header = text(request.headers['x-msys-subaccount']);
  return header === '0' ? '' : header;
}

function put(account: Account, address: string, row: JsonRecord, of: { subaccount: string; context: DialectContext }): void {
  // The old form named the kinds by two flags.
  const old = MAIL_TYPES.filter((type) => row[type] === true);
  const type = typeOf(row['type']);
  if (type === null && old.length === 0) throw new Refusal(400, '1300', 'Must supply a suppression type');
  if (listed(account, address, of.subaccount)?.reason === 'Compliance')
    throw new Refusal(400, '1300', 'Recipient could not be updated - Compliance');
  const atMs = of.context.world.clock.nowMs();
  const entry: NewEntry = { reason: 'Manually Added', atMs, detail: text(row['description']), types: type === null ? old : [type] };
  suppress(account, address, entry, of.subaccount);
  of.context.listChanged(account, address, of.subaccount);
}

function typeOf(value: unknown): MailType | null {
  return MAIL_TYPES.find((type) => type === value) ?? null;
}

function search(account: Account, request: SimRequest, subaccount: string): SimAnswer {
  const { query } = request;
  const words = (name: string) => (query.get(name) ?? '').split(',').filter((word) => word !== '');
  const [sources, types] = [words('sources'), words('types')];
  const from = Date.parse(query.get('from') ?? '') || 0;
  const to = Date.parse(query.get('to') ?? '') || Number.POSITIVE_INFINITY;
  const domain = (query.get('domain') ?? '').toLowerCase();
  const fits = (address: string, entry: ListEntry) =>
    entry.atMs >= from &&
    entry.atMs <= to &&
    (sources.length === 0 || sources.includes(entry.reason)) &&
    (domain === '' || address.endsWith(`@${domain}`));
  const cursor = query.get('cursor');
  const perPage = Math.min(Math.max(1, Number(query.get('per_page')) || PAGE_DEFAULT), PAGE_MAX);
  const after = cursor === null || cursor === 'initial' ? 0 : Number(Buffer.from(cursor, 'base64url').toString());
  const rows: JsonRecord[] = [];
  let last = after;
  let total = 0;
  for (const [address, entry] of entriesOf(account, subaccount)) {
    if (!fits(address, entry)) continue;
    const shown = rowsOf(address, entry, subaccount).filter((row) => types.length === 0 || types.includes(text(row['type'])));
    total += shown.length;
    // Both rows of an address come together; a page may be one longer.
    if (entry.n <= after || rows.length >= perPage) continue;
    rows.push(...shown);
    last = entry.n;
  }
  if (cursor === null && total > PAGE_MAX)
    throw new Refusal(400, '1300', 'Result set exceeds 10,000, please use cursor based paging instead');
  return json(200, { results: rows, links: rows.length >= perPage ? linksOf(query, last) : [], total_count: total });
}

function linksOf(query: URLSearchParams, last: number): JsonRecord[] {
  const next = new URLSearchParams(query);
  next.set('cursor', Buffer.from(String(last)).toString('base64url'));
  return [{ href: `/api/v1/suppression-list?${next}`, rel: 'next' }];
}

function rowsOf(address: string, entry: ListEntry, subaccount: string): JsonRecord[] {
  const at = `${new Date(entry.atMs).toISOString().slice(0, 19)}+00:00`;
  return entry.types.map((type) => ({
    recipient: address,
    type,
    source: entry.reason,
    ...(entry.detail === '' ? {} : { description: entry.detail }),
    created: at,
    updated: at,
    [type]: true,
    ...(subaccount === '' ? {} : { subaccount_id: Number(subaccount) }),
  }));
}

function summary(account: Account, subaccount: string): JsonRecord {
  const counts: Record<string, number> = {};
  let total = 0;
  for (const [, entry] of entriesOf(account, subaccount)) {
    const name = entry.reason.toLowerCase().replaceAll(' ', '_');
    counts[name] = (counts[name] ?? 0) + entry.types.length;
    total += entry.types.length;
  }
  return { ...counts, total };
}

/** What SparkPost lists by itself when this happens, for accounts that do. */
export function sparkpostListing(journey: Journey, step: Step, pace: number): { entry: NewEntry; subaccount: string } | null {
  const { atMs } = step;
  const base = { atMs, fromMs: atMs + EFFECT_MS * pace };
  const subaccount = text(journey.facts['subaccount_id']);
  const named = (reason: string, detail: string, types: readonly MailType[]) => ({ entry: { ...base, reason, detail, types }, subaccount });
  switch (step.happening) {
    case 'bounced':
    case 'late-bounced': {
      if (step.reply === null || !LISTING.has(REPLIES[step.reply].sparkpostClass)) return null;
      return named('Bounce Rule', `${replyCodes(step.reply).code}: ${replyText(step.reply, journey.recipient)}`, MAIL_TYPES);
    }
    case 'complained':
      return named('Spam Complaint', '', ['non_transactional']);
    case 'unsubscribed':
      return named('List Unsubscribe', 'Unsubscribed using list unsubscribe header', ['non_transactional']);
    default:
      return null;
  }
}

// This file bounds every search of messages: through the index of an address where one is named, else over a window of the newest messages,
// whose end tells the next page where to go on.
import type { HeldFor } from '../delivery/held-because.ts';
import type { RecipientState, Stream } from '../delivery/states.ts';
import { idFloor } from '../ids.ts';
import { textArray } from './arrays.ts';
import { type Filters, makeFilters } from './filters.ts';
import { FROM_DOMAIN, OF_MESSAGE } from './message-rows.ts';
import type { Queryable, Scope } from './scope.ts';

export interface MessageQuery {
  /** Exactly this message. */
  readonly id?: string | undefined;
  /** A recipient's address in the form in which addresses are compared (`addressKey`). */
  readonly address?: string | undefined;
  /** Part of the subject, any case. */
  readonly subject?: string | undefined;
  readonly state?: RecipientState | undefined;
  readonly stream?: Stream | undefined;
  /** Whose mail: an address in From, or a domain with those below it; lower case. */
  readonly sender?: string | undefined;
  /** Messages that are held for one of these, or for whatever held-messages.ts is about. */
  readonly waitsFor?: readonly HeldFor[] | 'anything' | undefined;
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
  readonly limit: number;
}

/** What a search looks through: SQL for the relation `seen`, and whether reaching its end means there is more behind it. */
export interface Window {
  /** SQL for relations that stand before `seen`, each followed by a comma. */
  readonly before: string;
  readonly seen: string;
  /** SQL for one row: `last_seen` (null: nothing was seen) and `cut` (true: there may be more behind it). */
  readonly edge: string;
  /** Ids of the messages to the address asked for; null when none is, or when there are too many of them. */
  readonly byAddress: boolean;
}

/** Messages looked through for one page by subject or stream: some 20 ms. */
const WINDOW_MESSAGES = 10_000;
/** Recipients looked through for one page by state; a few messages to a thousand people fill it as well as many to one. */
const WINDOW_RECIPIENTS = 20_000;
/** Rows of one address that are sorted in memory. An address with more (a test mailbox) is in every window anyway, so the window finds it. */
const ADDRESS_ROWS_MAX = 20_000;

export const MESSAGE_COLUMNS =
  'm.id, m.tenant_id, m.from_address, m.subject, m.stream, m.send_at, m.size, m.tags, m.recipient_count, m.last_recipient_id';

interface Search {
  readonly query: MessageQuery;
  readonly filters: Filters;
  /** Compares `m.id` with the id that a cursor names. */
  readonly upTo: '<' | '<=';
  readonly cursor: string | null;
  /** Rows that are enough where every row that is looked through is a hit. */
  readonly enough: number;
}

/** Chooses what to look through. */
export async function openWindow(db: Queryable, tenantId: Scope, search: Search): Promise<Window> {
  const { query, filters } = search;
  filters
    .add('m.tenant_id = ?', tenantId)
    .add('m.id = ?', query.id)
    .add(`m.id ${search.upTo} ?`, search.cursor)
    .add('m.id >= ?', query.fromMs === undefined ? undefined : idFloor(query.fromMs))
    .add('m.id < ?', query.toMs === undefined ? undefined : idFloor(query.toMs));
  const candidates = query.address ? await messagesOfAddress(db, tenantId, query.address) : null;
  if (candidates) {
    filters.add('m.id = any(?::uuid[])', candidates);
    return { before: '', seen: `(select ${MESSAGE_COLUMNS} from messages m ${filters.where})`, edge: NO_EDGE, byAddress: true };
  }
  if (query.waitsFor) return waitingWindow(tenantId, search);
  if (![query.address, query.state, query.subject, query.stream, query.sender].some((given) => given !== undefined)) {
    const seen = `not materialized (select ${MESSAGE_COLUMNS} from messages m ${filters.where})`;
    return { before: '', seen, edge: NO_EDGE, byAddress: false };
  }
  const newest = `select ${MESSAGE_COLUMNS} from messages m ${filters.where} order by m.id desc limit ${WINDOW_MESSAGES}`;
  const upto = 'sum(recipient_count) over (order by id desc rows unbounded preceding)';
  const counted = `select newest.*, ${upto} as upto from (${newest}) newest`;
  const readsRecipients = query.address !== undefined || query.state !== undefined;
  return {
    before: '',
    seen: `materialized (select * from (${counted}) counted ${readsRecipients ? `where upto - recipient_count < ${WINDOW_RECIPIENTS}` : ''})`,
    edge: `select (select id from seen order by id limit 1) as last_seen, (
        select count(*) >= ${WINDOW_MESSAGES} ${readsRecipients ? `or coalesce(max(upto), 0) >= ${WINDOW_RECIPIENTS}` : ''} from seen
      ) as cut`,
    byAddress: false,
  };
}

const NO_EDGE = 'select null::uuid as last_seen, false as cut';

/**
 * Through the messages that are held: one pass over those of the tenant (an operator who names none: over all), as counting them takes, and then the messages
 * of the newest that fit, one by one.
 */
function waitingWindow(tenantId: Scope, { query, filters, upTo, cursor, enough }: Search): Window {
  const { sender, waitsFor } = query;
  const alone = query.address === undefined && query.state === undefined && query.subject === undefined;
  const rows = alone ? Math.min(enough, WINDOW_MESSAGES) : WINDOW_MESSAGES;
  const conditions = [
    ...heldFor(filters, waitsFor),
    ...(tenantId === null ? [] : [`h.tenant_id = ${filters.param(tenantId)}`]),
    ...(query.id === undefined ? [] : [`h.message_id = ${filters.param(query.id)}`]),
    ...(cursor === null ? [] : [`h.message_id ${upTo} ${filters.param(cursor)}`]),
    ...(query.fromMs === undefined ? [] : [`h.message_id >= ${filters.param(idFloor(query.fromMs))}`]),
    ...(query.toMs === undefined ? [] : [`h.message_id < ${filters.param(idFloor(query.toMs))}`]),
    ...(query.stream === undefined ? [] : [`h.stream = ${filters.param(query.stream)}`]),
    ...(sender === undefined ? [] : [ofSender(filters, sender, { address: 'h.from_address', domain: 'h.from_domain' })]),
  ];
  return {
    before: `waiting as materialized (
      select h.message_id as id from held_messages h ${conditions.length > 0 ? `where ${conditions.join(' and ')}` : ''}
      order by h.message_id desc limit ${rows}
    ), `,
    // The limit makes it a look-up per message, within its partition.
    seen: `materialized (
      select m.* from waiting w
      cross join lateral (select ${MESSAGE_COLUMNS} from messages m ${filters.where === '' ? 'where' : `${filters.where} and`} m.id = w.id limit 1) m
    )`,
    edge: `select (select id from waiting order by id limit 1) as last_seen, (select count(*) >= ${rows} from waiting) as cut`,
    byAddress: false,
  };
}

function heldFor(filters: Filters, waitsFor: MessageQuery['waitsFor']): string[] {
  return waitsFor === undefined || waitsFor === 'anything' ? [] : [`h.code = any(${filters.param(textArray(waitsFor))}::text[])`];
}

/** Of this address, or of this domain and those below it. */
function ofSender(filters: Filters, sender: string, columns: { readonly address: string; readonly domain: string }): string {
  const value = filters.param(sender);
  if (sender.includes('@')) return `${columns.address} = ${value}`;
  return `(${columns.domain} = ${value} or right(${columns.domain}, length(${value}::text) + 1) = '.' || ${value})`;
}

/** Conditions on a message `m` that no index serves. */
export function messageConditions(filters: Filters, query: MessageQuery): string[] {
  const { sender, waitsFor } = query;
  return [
    ...(sender === undefined ? [] : [ofSender(filters, sender, { address: 'lower(m.from_address)', domain: FROM_DOMAIN })]),
    // Also where the address or the id of a message found it.
    ...(waitsFor === undefined
      ? []
      : [`exists (select from held_messages h where ${['h.message_id = m.id', ...heldFor(filters, waitsFor)].join(' and ')})`]),
    ...(query.stream === undefined ? [] : [`m.stream = ${filters.param(query.stream)}`]),
    ...(query.subject === undefined ? [] : [`m.subject ilike ${filters.param(`%${query.subject.replace(/[\\%_]/g, '\\$&')}%`)}`]),
  ];
}

/** Conditions on a recipient `r` of the message `m`. */
export function recipientConditions(filters: Filters, query: MessageQuery): string[] {
  return [
    OF_MESSAGE,
    ...(query.state === undefined ? [] : [`r.state = ${filters.param(query.state)}`]),
    ...(query.address === undefined ? [] : [`lower(r.address) = ${filters.param(query.address)}`]),
  ];
}

/**
 * Ids of the messages to an address, through the index (tenant_id, lower(address)); null when there are too many to sort. An operator who names no tenant asks
 * the index once per tenant.
 */
async function messagesOfAddress(db: Queryable, tenantId: Scope, key: string): Promise<string[] | null> {
  const filters = makeFilters();
  const address = `lower(address) = ${filters.param(key)}`;
  const limit = ADDRESS_ROWS_MAX + 1;
  const sql =
    tenantId === null
      ? `select o.message_id from tenants t
         cross join lateral (select message_id from recipients where tenant_id = t.id and ${address} limit ${limit}) o limit ${limit}`
      : `select message_id from recipients where tenant_id = ${filters.param(tenantId)} and ${address} limit ${limit}`;
  const { rows } = await db.query<{ message_id: string }>(sql, filters.values);
  return rows.length > ADDRESS_ROWS_MAX ? null : [...new Set(rows.map((row) => row.message_id))];
}

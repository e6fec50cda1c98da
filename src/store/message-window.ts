// This file bounds every search of messages: through the index of an address where one is named, else over a window of the newest messages,
// whose end tells the next page where to go on.
import type { RecipientState, Stream } from '../delivery/states.ts';
import { idFloor } from '../ids.ts';
import { type Filters, makeFilters } from './filters.ts';
import { OF_MESSAGE } from './message-rows.ts';
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
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
  readonly limit: number;
}

/** What a search looks through: SQL for the relation `seen`, and whether reaching its end means there is more behind it. */
export interface Window {
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

/** Chooses what to look through; `upTo` is a condition on `m.id` with `?` for the id a cursor names. */
export async function openWindow(
  db: Queryable,
  tenantId: Scope,
  search: { query: MessageQuery; filters: Filters; upTo: '<' | '<='; cursor: string | null },
): Promise<Window> {
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
    return { seen: `(select ${MESSAGE_COLUMNS} from messages m ${filters.where})`, edge: NO_EDGE, byAddress: true };
  }
  if (query.address === undefined && query.state === undefined && query.subject === undefined && query.stream === undefined) {
    return { seen: `not materialized (select ${MESSAGE_COLUMNS} from messages m ${filters.where})`, edge: NO_EDGE, byAddress: false };
  }
  const newest = `select ${MESSAGE_COLUMNS} from messages m ${filters.where} order by m.id desc limit ${WINDOW_MESSAGES}`;
  const upto = 'sum(recipient_count) over (order by id desc rows unbounded preceding)';
  const counted = `select newest.*, ${upto} as upto from (${newest}) newest`;
  const readsRecipients = query.address !== undefined || query.state !== undefined;
  return {
    seen: `materialized (select * from (${counted}) counted ${readsRecipients ? `where upto - recipient_count < ${WINDOW_RECIPIENTS}` : ''})`,
    edge: `select (select id from seen order by id limit 1) as last_seen, (
        select count(*) >= ${WINDOW_MESSAGES} ${readsRecipients ? `or coalesce(max(upto), 0) >= ${WINDOW_RECIPIENTS}` : ''} from seen
      ) as cut`,
    byAddress: false,
  };
}

const NO_EDGE = 'select null::uuid as last_seen, false as cut';

/** Conditions on a message `m` that no index serves. */
export function messageConditions(filters: Filters, query: MessageQuery): string[] {
  return [
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

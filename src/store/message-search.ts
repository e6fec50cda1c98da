// This file finds messages and recipients, newest first, within the bounds of message-window.ts.
import { type Filters, makeFilters } from './filters.ts';
import {
  type MessageSummary,
  type MessageSummaryRow,
  OF_MESSAGE,
  RECIPIENT_COLUMNS,
  type RecipientRow,
  type RecipientView,
  withMarks,
} from './message-rows.ts';
import { MESSAGE_COLUMNS, type MessageQuery, messageConditions, openWindow, recipientConditions } from './message-window.ts';
import { plainRow } from './rows.ts';
import type { Queryable, Scope } from './scope.ts';
import { COUNTED_MAX, type Total, totalOf } from './total.ts';

export interface FoundRecipient extends RecipientView {
  readonly subject: string;
  readonly from: string;
}

/** A place among recipients: everything before it (older) is still to come. */
export interface RecipientPlace {
  readonly messageId: string;
  readonly recipientId: string;
}

interface Edge {
  readonly last_seen: string | null;
  readonly cut: boolean;
}

/** Below every real id: all recipients of the message named with it have been seen. */
const LOWEST_ID = '00000000-0000-0000-0000-000000000000';

const SUMMARY = `m.id, m.tenant_id, t.name as tenant_name, m.from_address as from, m.subject, m.stream, m.send_at, m.size, m.tags, m.recipient_count,
  counted.states, first.address as first_recipient`;
const SUMMARY_JOINS = `left join tenants t on t.id = m.tenant_id
  left join lateral (
    select jsonb_object_agg(by_state.state, by_state.n) as states
    from (select r.state, count(*) as n from recipients r where ${OF_MESSAGE} group by r.state) by_state
  ) counted on true
  left join lateral (select r.address from recipients r where ${OF_MESSAGE} order by r.id limit 1) first on true`;

/**
 * One page of messages before the message `before` (null: from the newest). `next` is the id to go on from, null at the end; it can be set
 * beside an empty page, when the window held nothing.
 */
export async function searchMessages(
  db: Queryable,
  tenantId: Scope,
  query: MessageQuery & { before: string | null },
): Promise<{ messages: MessageSummary[]; next: string | null }> {
  const filters = makeFilters();
  const window = await openWindow(db, tenantId, { query, filters, upTo: '<', cursor: query.before, enough: query.limit + 1 });
  const conditions = messageConditions(filters, query);
  const probe = recipientProbe(filters, query, window.byAddress);
  const { rows } = await db.query<MessageSummaryRow & Edge>(
    `with ${window.before}seen as ${window.seen},
     hit as materialized (
       select ${MESSAGE_COLUMNS} from seen m ${probe} ${conditions.length > 0 ? `where ${conditions.join(' and ')}` : ''}
       order by m.id desc limit ${query.limit + 1}
     )
     select ${SUMMARY}, edge.last_seen, edge.cut from (${window.edge}) edge left join hit m on true ${SUMMARY_JOINS} order by m.id desc`,
    filters.values,
  );
  const { page, last } = pageAndLast(rows, query.limit);
  const messages = page.map(({ last_seen: _, cut: __, ...row }) => ({ ...plainRow(row), states: row.states ?? {} }));
  return { messages, next: last?.id ?? windowEnd(rows[0]) };
}

/** How many messages there are on all pages of a search. */
export async function countMessages(db: Queryable, tenantId: Scope, query: MessageQuery): Promise<Total> {
  const filters = makeFilters();
  const window = await openWindow(db, tenantId, { query, filters, upTo: '<', cursor: null, enough: COUNTED_MAX });
  const conditions = messageConditions(filters, query);
  const probe = recipientProbe(filters, query, window.byAddress);
  const { rows } = await db.query<{ n: number; cut: boolean }>(
    `with ${window.before}seen as ${window.seen},
     hit as (select from seen m ${probe} ${conditions.length > 0 ? `where ${conditions.join(' and ')}` : ''} limit ${COUNTED_MAX})
     select (select count(*) from hit)::int as n, edge.cut from (${window.edge}) edge`,
    filters.values,
  );
  return totalOf(rows[0] ?? { n: 0, cut: false });
}

/** Keeps messages with such a recipient. */
function recipientProbe(filters: Filters, query: MessageQuery, byAddress: boolean): string {
  // A message found by its address has the recipient already; only the state is still to be looked at.
  const recipient = byAddress ? { ...query, address: query.state === undefined ? undefined : query.address } : query;
  if (recipient.state === undefined && recipient.address === undefined) return '';
  // The limit keeps it a probe per message, newest first, that ends with the page; a join of both tables would read them whole.
  return `cross join lateral (select from recipients r where ${recipientConditions(filters, recipient).join(' and ')} limit 1) found`;
}

/** One page of recipients, of the newest messages first; `next` as in `searchMessages`. */
export async function searchRecipients(
  db: Queryable,
  tenantId: Scope,
  query: MessageQuery & { before: RecipientPlace | null },
): Promise<{ recipients: FoundRecipient[]; next: RecipientPlace | null }> {
  const filters = makeFilters();
  const window = await openWindow(db, tenantId, {
    query: boundedQuery(query),
    filters,
    upTo: '<=',
    cursor: query.before?.messageId ?? null,
    enough: query.limit + 1,
  });
  const conditions = [...recipientConditions(filters, query), ...messageConditions(filters, query)];
  if (query.before) {
    conditions.push(`(m.id, r.id) < (${filters.param(query.before.messageId)}::uuid, ${filters.param(query.before.recipientId)}::uuid)`);
  }
  const { rows } = await db.query<RecipientRow & { subject: string; from: string } & Edge>(
    `with ${window.before}seen as ${window.seen},
     hit as materialized (
       select r.*, m.subject, m.from_address as from
       from (select * from seen order by id desc) m
       cross join lateral (
         select ${RECIPIENT_COLUMNS} from recipients r where ${conditions.join(' and ')} order by r.id desc limit ${query.limit + 1}
       ) r
       order by m.id desc, r.id desc limit ${query.limit + 1}
     )
     select hit.*, edge.last_seen, edge.cut from (${window.edge}) edge left join hit on true order by hit.message_id desc, hit.id desc`,
    filters.values,
  );
  const { page, last } = pageAndLast(rows, query.limit);
  const recipients = page.map(({ last_seen: _, cut: __, ...row }) => withMarks(plainRow(row)));
  if (last) return { recipients, next: { messageId: last.message_id, recipientId: last.id } };
  const end = windowEnd(rows[0]);
  return { recipients, next: end === null ? null : { messageId: end, recipientId: LOWEST_ID } };
}

/** How many recipients there are on all pages of a search. */
export async function countFoundRecipients(db: Queryable, tenantId: Scope, query: MessageQuery): Promise<Total> {
  const filters = makeFilters();
  const window = await openWindow(db, tenantId, { query: boundedQuery(query), filters, upTo: '<=', cursor: null, enough: COUNTED_MAX });
  const conditions = [...recipientConditions(filters, query), ...messageConditions(filters, query)];
  const { rows } = await db.query<{ n: number; cut: boolean }>(
    `with ${window.before}seen as ${window.seen},
     hit as (
       select from seen m cross join lateral (select from recipients r where ${conditions.join(' and ')} limit ${COUNTED_MAX}) r limit ${COUNTED_MAX}
     )
     select (select count(*) from hit)::int as n, edge.cut from (${window.edge}) edge`,
    filters.values,
  );
  return totalOf(rows[0] ?? { n: 0, cut: false });
}

/** Without a filter the newest recipients are asked for; the window bounds that as well. */
function boundedQuery(query: MessageQuery): MessageQuery {
  return query.address !== undefined ? query : { ...query, state: query.state ?? 'queued' };
}

/** The edge comes with every row, and alone when nothing was found: then the rest of the row is null. */
function pageAndLast<T extends { id: string }>(rows: readonly T[], limit: number): { page: T[]; last: T | null } {
  const hits = rows.filter((row) => row.id !== null);
  const page = hits.slice(0, limit);
  return { page, last: hits.length > limit ? (page.at(-1) ?? null) : null };
}

function windowEnd(row: Edge | undefined): string | null {
  return row?.cut ? row.last_seen : null;
}

// This file finds answers that people look into (bounces, refusals, expiries, complaints), newest first. They stand in partial indexes of their
// own, so a page reads them and nothing else; what narrows by other things than organisation, address and time looks at a bounded number of
// them for one page, and the page says where it stopped, so the next one goes on.

import type { RecipientState, Stream } from '../delivery/states.ts';
import { CLASS_FAULT, type FeedbackClass } from '../feedback/vocabulary.ts';
import { idFloor } from '../ids.ts';
import { plainArray, textArray } from './arrays.ts';
import { type Filters, makeFilters } from './filters.ts';
import { FROM_DOMAIN } from './message-rows.ts';
import { type Plain, plainRow } from './rows.ts';
import type { Queryable, Scope } from './scope.ts';
import { COUNTED_MAX, type Total, totalOf } from './total.ts';

/** Types of the partial indexes, word for word. */
export const ANSWER_TYPES = ['bounced', 'rejected', 'failed', 'expired', 'complained'] as const;
export type AnswerType = (typeof ANSWER_TYPES)[number];

export interface AnswerRow {
  readonly id: string;
  readonly at: Date;
  readonly tenant_id: string;
  readonly tenant_name: string | null;
  readonly message_id: string;
  readonly recipient_id: string;
  readonly address: string;
  readonly subject: string;
  readonly tags: string[];
  readonly type: AnswerType;
  readonly class: string | null;
  readonly fault: string | null;
  readonly hard: boolean;
  readonly diagnostic: string | null;
  readonly provider_label: string | null;
  readonly rule: string | null;
  /** Of a complaint: `abuse`, `fraud` …; null when its report named none. */
  readonly complaint: string | null;
  readonly mailbox_provider: string;
  /** Sending domain. */
  readonly domain: string;
  readonly account_id: string | null;
  readonly stream: Stream;
  /** Where the recipient stands now. */
  readonly state: RecipientState;
  /** The address is on hold for this stream now. */
  readonly held: boolean;
}

export type Answer = Plain<AnswerRow>;

export interface AnswerSearch {
  readonly types: readonly AnswerType[];
  readonly before: string | null;
  readonly limit: number;
  readonly class?: string | undefined;
  /** A fault, or `none` for nobody's. */
  readonly fault?: string | undefined;
  readonly hard?: boolean | undefined;
  readonly mailboxProvider?: string | undefined;
  readonly domain?: string | undefined;
  readonly accountId?: string | undefined;
  readonly stream?: Stream | undefined;
  /** As recipients are searched: lower case. */
  readonly address?: string | undefined;
  /** When we heard of it, milliseconds since 1970. */
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
}

/** Answers looked at for one page when it is narrowed by what no index holds: about 50 ms. */
const SCAN_MAX = 5_000;
/** Messages to one address that are looked through, newest first. */
const ADDRESS_MESSAGES_MAX = 1_000;

/** Answers looked at for a count: some 200 ms when it is narrow. */
const COUNT_SCAN_MAX = 20_000;

const OF_TYPES = `type in (${ANSWER_TYPES.map((type) => `'${type}'`).join(', ')})`;
const CLASS = `coalesce(s.data->>'class', s.data->>'reason')`;
/** Answers at the hand-over do not say it themselves: then the class does, as in feedback/rules. */
const HARD = `coalesce((s.data->>'hard')::boolean, ${CLASS} in ('invalid-recipient', 'bad-domain', 'domain-not-accepting'), false)`;

/** A page of answers. `scannedTo` is set when it ended because enough was looked at, not because it is full. */
export async function listAnswers(
  db: Queryable,
  tenantId: Scope,
  search: AnswerSearch,
): Promise<{ rows: Answer[]; scannedTo: string | null }> {
  const filters = makeFilters();
  const scan = isNarrow(search) ? SCAN_MAX : search.limit;
  const seen = search.address === undefined ? seenOf(filters, tenantId, search, scan) : seenOfAddress(filters, tenantId, search, scan);
  const { rows } = await db.query<AnswerRow & { scanned: string; last_scanned: string | null }>(
    `with seen as materialized (${seen}),
     hit as (
       select s.*, ${CLASS} as class, ${HARD} as hard, r.address, r.stream, r.state, m.subject, m.tags, l.mailbox_provider, w.account_id,
         ${FROM_DOMAIN} as domain
       from seen s
         cross join lateral (select address, stream, state, lane_id, route_id from recipients where id = s.recipient_id limit 1) r
         cross join lateral (select subject, tags, from_address from messages where id = s.message_id limit 1) m
         join lanes l on l.id = r.lane_id left join routes w on w.id = coalesce((s.data->>'route')::int, r.route_id)
       ${narrowed(filters, search)} order by s.id desc limit ${filters.param(search.limit)}
     ), bounds as (select count(*) as scanned, (select id from seen order by id limit 1) as last_scanned from seen)
     select h.id, h.at, h.tenant_id, t.name as tenant_name, h.message_id, h.recipient_id, h.address, h.subject, h.tags, h.type, h.class,
       h.data->>'fault' as fault, h.hard, coalesce(h.data->>'diagnostic', h.data->>'reply') as diagnostic, h.data->>'provider_label' as provider_label,
       h.data->>'rule' as rule, h.data->>'complaint' as complaint, h.mailbox_provider, h.domain, h.account_id, h.stream, h.state,
       exists (
         select from suppressions x where x.tenant_id = h.tenant_id and x.address = lower(h.address) and x.stream in ('', h.stream::text)
           and (x.expires_at is null or x.expires_at > now())
       ) as held, b.scanned, b.last_scanned
     from bounds b left join hit h on true left join tenants t on t.id = h.tenant_id order by h.id desc`,
    filters.values,
  );
  const hits = rows.filter((row) => row.id !== null).map(({ scanned: _, last_scanned: __, ...row }) => plainRow(row));
  const full = Number(rows[0]?.scanned ?? 0) >= scan;
  return { rows: hits, scannedTo: full && hits.length < search.limit ? (rows[0]?.last_scanned ?? null) : null };
}

/** How many answers there are on all pages of a list. */
export async function countAnswers(db: Queryable, tenantId: Scope, search: Omit<AnswerSearch, 'before' | 'limit'>): Promise<Total> {
  const filters = makeFilters();
  const asked = { ...search, before: null, limit: 0 };
  const scan = COUNT_SCAN_MAX;
  const seen = search.address === undefined ? seenOf(filters, tenantId, asked, scan) : seenOfAddress(filters, tenantId, asked, scan);
  // The type stands in the log itself; everything else needs the recipient.
  const joins = narrowBeyondTypes(search)
    ? `cross join lateral (select stream, lane_id, route_id from recipients where id = s.recipient_id limit 1) r
       cross join lateral (select from_address from messages where id = s.message_id limit 1) m
       join lanes l on l.id = r.lane_id left join routes w on w.id = coalesce((s.data->>'route')::int, r.route_id)`
    : '';
  const { rows } = await db.query<{ n: number; seen: number }>(
    `with seen as materialized (${seen}), hit as (select from seen s ${joins} ${narrowed(filters, asked)} limit ${COUNTED_MAX})
     select (select count(*) from hit)::int as n, (select count(*) from seen)::int as seen`,
    filters.values,
  );
  return totalOf({ n: rows[0]?.n ?? 0, cut: (rows[0]?.seen ?? 0) >= scan });
}

/** True when something is asked for that the index does not hold. */
function isNarrow(search: AnswerSearch): boolean {
  return search.types.length < ANSWER_TYPES.length || narrowBeyondTypes(search);
}

function narrowBeyondTypes(search: Omit<AnswerSearch, 'before' | 'limit'>): boolean {
  const { class: cls, fault, hard, mailboxProvider, domain, accountId, stream } = search;
  return [cls, fault, hard, mailboxProvider, domain, accountId, stream].some((each) => each !== undefined);
}

const COLUMNS = 'tenant_id, id, recipient_id, message_id, type, data, at';

function seenOf(filters: Filters, tenantId: Scope, search: AnswerSearch, scan: number): string {
  filters.add('tenant_id = ?', tenantId);
  return `select ${COLUMNS} from events ${inTime(filters, search)} order by id desc limit ${scan}`;
}

/** The messages to an address first, then what was answered to them. An operator who names no organisation asks each of them. */
function seenOfAddress(filters: Filters, tenantId: Scope, search: AnswerSearch, scan: number): string {
  const address = filters.param(search.address);
  const whose = tenantId === null ? 'tenant_id in (select id from tenants)' : `tenant_id = ${filters.param(tenantId)}`;
  return `select e.* from (
      select id, message_id from recipients where ${whose} and lower(address) = ${address} order by id desc limit ${ADDRESS_MESSAGES_MAX}
    ) r cross join lateral (
      select ${COLUMNS} from events ${inTime(filters, search)} and message_id = r.message_id and recipient_id = r.id
    ) e order by id desc limit ${scan}`;
}

function inTime(filters: Filters, search: AnswerSearch): string {
  filters
    .add('id < ?', search.before)
    .add('id >= ?', search.fromMs === undefined ? undefined : idFloor(search.fromMs))
    .add('id < ?', search.toMs === undefined ? undefined : idFloor(search.toMs));
  return `${filters.where === '' ? 'where' : `${filters.where} and`} ${OF_TYPES}`;
}

/** Conditions on what was seen; they come behind those of the scan, which stand in `filters` already. */
function narrowed(filters: Filters, search: AnswerSearch): string {
  const conditions = [`s.type = any (${filters.param(plainArray(search.types))}::text[])`];
  const add = (condition: string, value: unknown) => {
    if (value !== undefined) conditions.push(condition.replace('?', filters.param(value)));
  };
  add(`${CLASS} = ?`, search.class);
  if (search.fault !== undefined) add(`coalesce(${CLASS}, '') = any (?::text[])`, textArray(classesOf(search.fault)));
  add(`${HARD} = ?`, search.hard);
  add('l.mailbox_provider = ?', search.mailboxProvider);
  add(`${FROM_DOMAIN} = ?`, search.domain?.toLowerCase());
  add('w.account_id = ?', search.accountId);
  add('r.stream = ?', search.stream);
  return `where ${conditions.join(' and ')}`;
}

function classesOf(fault: string): string[] {
  // Object.keys of a const object are exactly its keys.
  const classes = (Object.keys(CLASS_FAULT) as FeedbackClass[]).filter((cls) => (CLASS_FAULT[cls] ?? 'none') === fault);
  if (fault === 'operator') return [...classes, 'no-route', 'message-gone'];
  return fault === 'none' ? [...classes, ''] : classes;
}

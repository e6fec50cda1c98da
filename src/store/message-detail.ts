// This file reads everything about one message: its recipients, their attempts and events, the route decisions, and its bytes.
import { promisify } from 'node:util';
import { zstdDecompress } from 'node:zlib';
import type { RecipientState, Stream } from '../delivery/states.ts';
import { inStoryOrder } from '../delivery/story-order.ts';
import { readEventsOfMessage } from './events-read.ts';
import { makeFilters } from './filters.ts';
import { RECIPIENT_COLUMNS, type RecipientRow, type RecipientView, withMarks } from './message-rows.ts';
import { firstRow, type Plain, plainRow } from './rows.ts';
import type { Queryable, Scope } from './scope.ts';

interface MessageRow {
  readonly id: string;
  readonly tenant_id: string;
  readonly tenant_name: string;
  readonly credential_id: string | null;
  readonly stream: Stream;
  readonly from: string;
  readonly mail_from: string;
  readonly subject: string;
  readonly header_message_id: string;
  readonly size: number;
  readonly tags: string[];
  readonly metadata: Record<string, string> | null;
  readonly send_at: Date | null;
  readonly recipient_count: number;
  readonly last_recipient_id: string;
}

interface AttemptRow {
  readonly recipient_id: string;
  readonly id: string;
  readonly number: number;
  readonly started_at: Date;
  readonly ended_at: Date;
  readonly outcome: string;
  readonly class: string | null;
  readonly reply: string | null;
  readonly provider_message_id: string | null;
  /** Id of the provider account; shown to operators only. */
  readonly account_id: string | null;
  readonly decision_id: string | null;
}

export interface RecipientDetail extends RecipientView {
  /** Id of the provider account it went to last; for operators. */
  readonly account_id: string | null;
  readonly decision: Record<string, unknown> | null;
  readonly attempts: Omit<Plain<AttemptRow>, 'recipient_id'>[];
  readonly events: { id: string; type: string; at: string; data: Record<string, unknown> | null }[];
}

export interface MessageDetail extends Omit<Plain<MessageRow>, 'last_recipient_id'> {
  readonly states: Partial<Record<RecipientState, number>>;
  readonly recipients: RecipientDetail[];
  /** True when recipients, attempts or events were left out because there are too many for one answer. */
  readonly truncated: boolean;
}

/** Recipients in one answer, which says so when it was cut; the others are in the list of recipients. */
const RECIPIENTS_MAX = 2_000;
/** Attempts and events in one answer; a message with more (thousands of recipients, days of deferrals) says that it was cut. */
const ATTEMPTS_MAX = 5_000;
const EVENTS_MAX = 5_000;
const DECISIONS_MAX = 500;

const unzstd = promisify(zstdDecompress);

/** Everything about one message, or null when the scope has none with this id. */
export async function readMessage(db: Queryable, tenantId: Scope, id: string): Promise<MessageDetail | null> {
  const message = await findMessage(db, tenantId, id);
  if (!message) return null;
  const { last_recipient_id: _, ...head } = message;
  const recipients = await recipientsOf(db, message);
  const attempts = await attemptsOf(db, message);
  const events = await readEventsOfMessage(db, message.tenant_id, id, EVENTS_MAX);
  const decisionIds = [...recipients, ...attempts].flatMap((row) => row.decision_id ?? []);
  const decisions = await decisionsOf(db, [...new Set(decisionIds)].slice(0, DECISIONS_MAX));
  const attemptsBy = Map.groupBy(attempts, (attempt) => attempt.recipient_id);
  const eventsBy = Map.groupBy(events, (event) => event.recipient_id);
  return {
    ...head,
    states: await statesOf(db, message, recipients),
    recipients: recipients.map(({ decision_id, ...recipient }) => {
      const tries = attemptsBy.get(recipient.id) ?? [];
      return {
        ...withMarks(recipient),
        decision: decisions.get(decision_id ?? '') ?? null,
        attempts: tries.map(({ recipient_id: __, ...attempt }) => attempt),
        events: inStoryOrder(eventsBy.get(recipient.id) ?? [], tries).map(({ recipient_id: __, ...event }) => event),
      };
    }),
    truncated: recipients.length < message.recipient_count || attempts.length >= ATTEMPTS_MAX || events.length >= EVENTS_MAX,
  };
}

/** How many recipients stand in each state: all of them, also those that do not fit into the answer. */
async function statesOf(
  db: Queryable,
  message: { id: string; tenant_id: string; last_recipient_id: string },
  shown: readonly { readonly state: RecipientState }[],
): Promise<Partial<Record<RecipientState, number>>> {
  const states: Partial<Record<RecipientState, number>> = {};
  if (shown.length < RECIPIENTS_MAX) {
    for (const { state } of shown) states[state] = (states[state] ?? 0) + 1;
    return states;
  }
  const { rows } = await db.query<{ state: RecipientState; n: number }>(
    `select state, count(*)::int as n from recipients where tenant_id = $1 and id > $2 and id <= $3 and message_id = $2 group by state`,
    [message.tenant_id, message.id, message.last_recipient_id],
  );
  for (const { state, n } of rows) states[state] = n;
  return states;
}

/** The message with this id, or the message of the recipient with this id. */
export async function findMessageId(db: Queryable, tenantId: Scope, id: string): Promise<{ id: string; tenant_id: string } | null> {
  const filters = makeFilters().add('tenant_id = ?', tenantId).add('id = ?', id);
  const { rows } = await db.query<{ id: string; tenant_id: string }>(
    `select id, tenant_id from messages ${filters.where} union all select message_id, tenant_id from recipients ${filters.where} limit 1`,
    filters.values,
  );
  return rows[0] ?? null;
}

/** The tenant a recipient belongs to, where the scope may see it. */
export async function findRecipient(
  db: Queryable,
  tenantId: Scope,
  id: string,
): Promise<{ id: string; tenant_id: string; message_id: string; state: RecipientState } | null> {
  const filters = makeFilters().add('tenant_id = ?', tenantId).add('id = ?', id);
  const { rows } = await db.query<{ id: string; tenant_id: string; message_id: string; state: RecipientState }>(
    `select id, tenant_id, message_id, state from recipients ${filters.where}`,
    filters.values,
  );
  return rows[0] ?? null;
}

/** The bytes of a message as they were accepted, or null. */
export async function readSource(db: Queryable, tenantId: Scope, messageId: string): Promise<Buffer | null> {
  const filters = makeFilters().add('m.tenant_id = ?', tenantId).add('m.id = ?', messageId);
  const { rows } = await db.query<{ encoding: number; size: number; data: Buffer }>(
    `select b.encoding, b.size, b.data from messages m join bodies b on b.id = m.body_id and b.tenant_id = m.tenant_id ${filters.where}`,
    filters.values,
  );
  const [row] = rows;
  if (!row) return null;
  // The size was written with the body, so nothing can inflate beyond it.
  return row.encoding === 0 ? row.data : unzstd(row.data, { maxOutputLength: row.size });
}

/** A key of the platform is none of the organisation's business: row-level security shows its own alone. */
const OWN_CREDENTIAL = '(select c.id from credentials c where c.id = m.credential_id) as credential_id';

async function findMessage(db: Queryable, tenantId: Scope, id: string): Promise<Plain<MessageRow> | null> {
  const filters = makeFilters().add('m.tenant_id = ?', tenantId).add('m.id = ?', id);
  const { rows } = await db.query<MessageRow>(
    `select m.id, m.tenant_id, t.name as tenant_name, ${OWN_CREDENTIAL}, m.stream, m.from_address as from, m.mail_from, m.subject, m.header_message_id,
       m.size, m.tags, m.metadata, m.send_at, m.recipient_count, m.last_recipient_id
     from messages m join tenants t on t.id = m.tenant_id ${filters.where}`,
    filters.values,
  );
  return firstRow(rows);
}

async function recipientsOf(
  db: Queryable,
  message: { id: string; tenant_id: string; last_recipient_id: string },
): Promise<(Plain<RecipientRow> & { decision_id: string | null; account_id: string | null })[]> {
  const { rows } = await db.query<RecipientRow & { decision_id: string | null; account_id: string | null }>(
    `select ${RECIPIENT_COLUMNS}, r.decision_id, o.account_id from recipients r left join routes o on o.id = r.route_id
     where r.tenant_id = $1 and r.id > $2 and r.id <= $3 and r.message_id = $2 order by r.id limit $4`,
    [message.tenant_id, message.id, message.last_recipient_id, RECIPIENTS_MAX],
  );
  return rows.map(plainRow);
}

async function attemptsOf(db: Queryable, message: { id: string; tenant_id: string }): Promise<Plain<AttemptRow>[]> {
  const { rows } = await db.query<AttemptRow>(
    `select a.recipient_id, a.id, a.number, a.started_at, a.ended_at, a.outcome, a.class, a.reply, a.provider_message_id, o.account_id, a.decision_id
     from attempts a left join routes o on o.id = a.route_id
     where a.message_id = $1 and a.tenant_id = $2 order by a.started_at, a.number limit $3`,
    [message.id, message.tenant_id, ATTEMPTS_MAX],
  );
  return rows.map(plainRow);
}

async function decisionsOf(db: Queryable, ids: readonly string[]): Promise<Map<string, Record<string, unknown>>> {
  if (ids.length === 0) return new Map();
  const { rows } = await db.query<{ id: string; body: Record<string, unknown> }>(
    'select id, body from route_decisions where id = any($1::uuid[])',
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row.body]));
}

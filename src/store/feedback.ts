// This file records what the world said: dedupes events, moves recipients, notes events, and takes the read requests out of
// their queue, all in one transaction. What the next state is, the caller decides on the locked rows (delivery/ has the table).
import type pg from 'pg';
import type { RecipientState, Stream } from '../delivery/states.ts';
import { plainArray, textArray } from './arrays.ts';

export interface LockedRecipient {
  readonly id: string;
  readonly tenantId: string;
  readonly messageId: string;
  readonly address: string;
  readonly stream: Stream;
  readonly state: RecipientState;
  /** Since when, milliseconds since 1970. */
  readonly stateAtMs: number;
  readonly marks: number;
  /** Class of the last answer, or the code of what holds or stopped it. */
  readonly reason: string | null;
  /** The route of the last hand-over, or the one it is meant for. */
  readonly routeId: number | null;
  /** The account of that route. */
  readonly accountId: string | null;
}

/** Who an event may be about, as the provider named it. */
export interface Correlation {
  readonly accountId: string;
  readonly recipientId: string | null;
  readonly providerMessageId: string | null;
  readonly address: string | null;
}

export interface Correlated {
  readonly recipientId: string;
  /** True when the provider's own message id led to the recipient: more than a guess or a copied id. */
  readonly byMessageId: boolean;
}

export interface RecordedMove {
  readonly id: string;
  readonly state: RecipientState;
  readonly marks: number;
  readonly reason: string | null;
  /** When it came to this state, milliseconds since 1970, as the world told it. */
  readonly atMs: number;
}

export interface RecordedEvent {
  readonly id: string;
  readonly tenantId: string;
  readonly recipientId: string;
  readonly messageId: string;
  readonly type: string;
  readonly data: string;
  readonly atMs: number;
}

/** Event keys are kept this long; providers repeat within hours. */
const KEY_LIFETIME_DAYS = 14;

/**
 * Finds the recipients events are about: by our own id when this account was handed that recipient, or by the provider's message id (and the
 * address, where one message went to several). Answers in the order of the questions; null: unknown here, or not yet.
 */
export async function correlate(db: pg.Pool | pg.PoolClient, questions: readonly Correlation[]): Promise<(Correlated | null)[]> {
  if (questions.length === 0) return [];
  const { rows } = await db.query<[number, string | null, string | null]>({
    name: 'correlate',
    rowMode: 'array',
    text: `select q.n,
        (select p.recipient_id from provider_messages p
          where p.account_id = q.account_id and p.provider_message_id = q.provider_message_id
            and (q.recipient_id is null or p.recipient_id = q.recipient_id)
            and (q.address is null or q.recipient_id is not null or lower(p.address) = q.address)
          order by p.recipient_id limit 1),
        (select r.id from recipients r join routes w on w.id = r.route_id where r.id = q.recipient_id and w.account_id = q.account_id)
      from unnest($1::int[], $2::uuid[], $3::uuid[], $4::text[], $5::text[]) as q(n, account_id, recipient_id, provider_message_id, address)`,
    values: [
      plainArray(questions.map((_, index) => index)),
      plainArray(questions.map((question) => question.accountId)),
      plainArray(questions.map((question) => question.recipientId)),
      textArray(questions.map((question) => question.providerMessageId)),
      textArray(questions.map((question) => question.address?.toLowerCase() ?? null)),
    ],
  });
  const answers: (Correlated | null)[] = questions.map(() => null);
  for (const [n, byMessageId, byOwnId] of rows) {
    const recipientId = byMessageId ?? byOwnId;
    if (recipientId !== null) answers[n] = { recipientId, byMessageId: byMessageId !== null };
  }
  return answers;
}

/** Takes event keys; answers which of them are new. A key twice in one call is new once: the caller keeps the first. */
export async function takeEventKeys(client: pg.PoolClient, keys: readonly { accountId: string; key: string }[]): Promise<Set<string>> {
  if (keys.length === 0) return new Set();
  const unique = [...new Map(keys.map((each) => [`${each.accountId} ${each.key}`, each])).entries()].toSorted(([a], [b]) =>
    a < b ? -1 : 1,
  );
  const { rows } = await client.query<[string, string]>({
    name: 'take-event-keys',
    rowMode: 'array',
    text: `insert into provider_event_keys (account_id, key, expires_at)
      select account_id, key, now() + interval '${KEY_LIFETIME_DAYS} days' from unnest($1::uuid[], $2::text[]) as t(account_id, key)
      on conflict do nothing returning account_id, key`,
    values: [plainArray(unique.map(([, each]) => each.accountId)), textArray(unique.map(([, each]) => each.key))],
  });
  return new Set(rows.map(([accountId, key]) => `${accountId} ${key}`));
}

/** Locks recipients in id order, so that two recorders never wait for each other in a circle. */
export async function lockRecipients(client: pg.PoolClient, ids: readonly string[]): Promise<Map<string, LockedRecipient>> {
  const sorted = [...new Set(ids)].toSorted();
  const { rows } = await client.query<LockedRecipient>({
    name: 'lock-recipients',
    text: `select r.id, r.tenant_id as "tenantId", r.message_id as "messageId", r.address, r.stream, r.state, r.marks, r.reason,
        round(extract(epoch from r.state_at) * 1000)::float8 as "stateAtMs", r.route_id as "routeId", w.account_id as "accountId"
      from recipients r join unnest($1::uuid[]) as t(id) on t.id = r.id left join routes w on w.id = r.route_id order by r.id for update of r`,
    values: [plainArray(sorted)],
  });
  return new Map(rows.map((row) => [row.id, row]));
}

/** Writes what was decided on locked rows. A recipient that left `uncertain` leaves its queue too; one that left a lane is no longer due. */
export async function writeFeedback(
  client: pg.PoolClient,
  written: { moves: readonly RecordedMove[]; events: readonly RecordedEvent[] },
): Promise<void> {
  const { moves, events } = written;
  if (moves.length > 0) {
    await client.query({
      name: 'feedback-moves',
      // A state begins when the world says so, but not before the one it follows: providers round their clocks. A mark alone begins no state.
      // Who is told of while on the wire was handed over: the outcome, which counts the attempt, finds the recipient moved when it comes.
      text: `with m as (select * from unnest($1::uuid[], $2::recipient_state[], $3::int2[], $4::text[], $5::float8[]) as t(id, state, marks, reason, at)),
        gone as (delete from uncertain_recipients u using m where u.recipient_id = m.id and m.state <> 'uncertain')
        update recipients r set state = m.state, marks = m.marks, reason = coalesce(m.reason, r.reason),
          attempts = r.attempts + case when r.state = 'submitting' and m.state <> 'submitting' then 1 else 0 end,
          state_at = case when r.state = m.state then r.state_at else greatest(r.state_at, to_timestamp(m.at / 1000)) end,
          due_at = case when m.state in ('queued', 'deferred', 'scheduled') then r.due_at end
        from m where r.id = m.id`,
      values: [
        plainArray(moves.map((move) => move.id)),
        plainArray(moves.map((move) => move.state)),
        plainArray(moves.map((move) => move.marks)),
        textArray(moves.map((move) => move.reason)),
        plainArray(moves.map((move) => move.atMs)),
      ],
    });
  }
  if (events.length > 0) {
    await client.query({
      name: 'feedback-events',
      text: `insert into events (tenant_id, id, recipient_id, message_id, type, data, at)
        select tenant_id, id, recipient_id, message_id, type, data::jsonb, to_timestamp(at / 1000)
        from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::float8[])
          as t(tenant_id, id, recipient_id, message_id, type, data, at)`,
      values: [
        plainArray(events.map((event) => event.tenantId)),
        plainArray(events.map((event) => event.id)),
        plainArray(events.map((event) => event.recipientId)),
        plainArray(events.map((event) => event.messageId)),
        textArray(events.map((event) => event.type)),
        textArray(events.map((event) => event.data)),
        plainArray(events.map((event) => event.atMs)),
      ],
    });
  }
}

/** Runs work in one transaction on a hot connection. */
export async function inTransaction<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch((lost: unknown) => {
      broken = lost instanceof Error ? lost : new Error(String(lost));
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

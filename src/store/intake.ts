// This file is the intake commit: bodies, messages, recipients, ledger counters and (for addresses on hold) their events, in one statement
// for everybody who arrived meanwhile. A door answers 202 or 250 only after it returned.
import type pg from 'pg';
import type { RecipientState, Stream } from '../delivery/states.ts';
import { plainArray, textArray } from './arrays.ts';
import { type Batcher, cutter, makeBatcher } from './batcher.ts';
import { isDataError, isOutage, storeUnavailable } from './db.ts';
import { FROM_DOMAIN } from './message-rows.ts';

export interface IntakeRecipient {
  readonly id: string;
  readonly address: string;
  /** `submitting` when a place on the wire was reserved, else `queued`, `scheduled` or `held`. */
  readonly state: RecipientState;
  readonly laneId: number;
  /** Milliseconds since 1970; null for `submitting` and `held`. */
  readonly dueAtMs: number | null;
  readonly lease: bigint | null;
  readonly routeId: number | null;
  readonly decisionId: string | null;
  readonly reason: string | null;
  /** Used when the address turns out to be on hold. */
  readonly eventId: string;
}

export interface IntakeMessage {
  readonly tenantId: string;
  readonly id: string;
  readonly credentialId: string | null;
  readonly stream: Stream;
  readonly mailFrom: string;
  readonly fromAddress: string;
  readonly subject: string;
  readonly headerMessageId: string;
  readonly flags: number;
  readonly tags: readonly string[];
  readonly metadata: Readonly<Record<string, string>> | null;
  readonly sendAtMs: number | null;
  readonly raw: Buffer;
  /** Start of the hour of `id`, milliseconds; the ledger's bucket. */
  readonly hourMs: number;
  readonly recipients: readonly IntakeRecipient[];
  readonly idempotency: { readonly key: string; readonly bodyHash: Buffer } | null;
}

export type IntakeAnswer =
  | { readonly kind: 'accepted' /** Recipients found on hold in the same commit. */; readonly suppressed: ReadonlySet<string> }
  /** The idempotency key was there before; `messageId` is the first message with it. */
  | { readonly kind: 'repeated'; readonly messageId: string; readonly sameBody: boolean }
  /** The idempotency key was there a moment ago and is not any more; nothing was stored. */
  | { readonly kind: 'in-flight' };

const NOBODY: ReadonlySet<string> = new Set();
const ACCEPTED: IntakeAnswer = { kind: 'accepted', suppressed: NOBODY };
const KEY_LIFETIME_HOURS = 24;
const CUT = cutter(
  (item: IntakeMessage) => item.raw.length,
  (item) => (item.idempotency === null ? null : `${item.tenantId} ${item.idempotency.key}`),
);

const COLUMNS = {
  message: `unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::stream[], $5::text[], $6::text[], $7::text[], $8::text[], $9::int[], $10::int[],
    $11::int2[], $12::text[], $13::jsonb[], $14::float8[], $15::int[], $16::uuid[], $17::float8[])
    as t(tenant_id, id, credential_id, stream, mail_from, from_address, subject, header_message_id, body_at, size, flags, tags, metadata, send_at,
      recipient_count, last_recipient_id, hour)`,
  recipient: `unnest($19::uuid[], $20::uuid[], $21::uuid[], $22::text[], $23::stream[], $24::recipient_state[], $25::int[], $26::float8[],
    $27::int8[], $28::int[], $29::uuid[], $30::text[], $31::uuid[])
    as t(tenant_id, id, message_id, address, stream, state, lane_id, due_at, lease, route_id, decision_id, reason, event_id)`,
};

/** `admitted` names the relation of messages that may go in: all, or those whose idempotency key is new. */
function statement(admitted: 'all' | 'keyed'): string {
  const source = admitted === 'all' ? 'given_message' : 'admitted_message';
  const keyed = `, key_row as (
    insert into idempotency_keys (tenant_id, key, body_hash, message_id, expires_at)
    select tenant_id, key, decode(body_hash, 'hex'), id, now() + interval '${KEY_LIFETIME_HOURS} hours'
    from unnest($32::uuid[], $33::text[], $34::text[], $35::uuid[]) as t(tenant_id, key, body_hash, id) order by tenant_id, key
    on conflict (tenant_id, key) do update set body_hash = excluded.body_hash, message_id = excluded.message_id, expires_at = excluded.expires_at
      where idempotency_keys.expires_at < now()
    returning message_id
  ), admitted_message as (
    select * from given_message g where g.id <> all ($35::uuid[]) or exists (select from key_row k where k.message_id = g.id)
  )`;
  return `with given_message as materialized (select * from ${COLUMNS.message})${admitted === 'keyed' ? keyed : ''},
  given_recipient as materialized (
    select t.*, (
      select s.reason from suppressions s
      where s.tenant_id = t.tenant_id and s.address = lower(t.address) and s.stream in ('', t.stream::text) and (s.expires_at is null or s.expires_at > now())
      limit 1
    ) as on_hold
    from ${COLUMNS.recipient}${admitted === 'keyed' ? ' join admitted_message m on m.id = t.message_id' : ''}
  ), body_row as (
    insert into bodies (tenant_id, id, encoding, size, data)
    select tenant_id, id, 0, size, substring($18::bytea from body_at for size) from ${source}
  ), message_row as (
    insert into messages (tenant_id, id, body_id, credential_id, stream, mail_from, from_address, subject, header_message_id, size, flags, tags,
      metadata, send_at, recipient_count, last_recipient_id)
    select tenant_id, id, id, credential_id, stream, mail_from, from_address, subject, header_message_id, size, flags, tags::text[], metadata,
      to_timestamp(send_at / 1000), recipient_count, last_recipient_id from ${source}
  ), counter_row as (
    insert into intake_counters (tenant_id, stream, hour, injected, domain, lane_id)
    select m.tenant_id, m.stream, to_timestamp(m.hour / 1000), count(*), ${FROM_DOMAIN}, r.lane_id
    from given_recipient r join ${source} m on m.id = r.message_id group by 1, 2, 3, 5, 6
  ), recipient_row as (
    insert into recipients (tenant_id, id, message_id, address, stream, state, lane_id, due_at, lease, route_id, decision_id, reason, state_at)
    select tenant_id, id, message_id, address, stream, case when on_hold is null then state else 'suppressed' end, lane_id,
      case when on_hold is null then to_timestamp(due_at / 1000) end, lease, route_id, decision_id, coalesce(on_hold, reason), now()
    from given_recipient
  ), event_row as (
    insert into events (tenant_id, id, recipient_id, message_id, type, data, at)
    select tenant_id, event_id, id, message_id, case when on_hold is null then 'held' else 'suppressed' end,
      case when on_hold is null then jsonb_build_object('reason', reason) else jsonb_build_object('class', on_hold) end, now()
    from given_recipient where on_hold is not null or state = 'held'
  )
  ${
    admitted === 'all'
      ? 'select id from given_recipient where on_hold is not null'
      : 'select id from given_recipient where on_hold is not null union all select id from admitted_message'
  }`;
}

const INTAKE = { name: 'intake', text: statement('all') };
const INTAKE_KEYED = { name: 'intake-keyed', text: statement('keyed') };

/** Opens the intake batcher on the hot pool. `submit` rejects with STORE_UNAVAILABLE when nothing was stored. */
export function makeIntake(hot: pg.Pool): Batcher<IntakeMessage, IntakeAnswer> {
  return makeBatcher({ run: (items) => runIntake(hot, items), dataError: isDataError, cut: CUT });
}

async function runIntake(hot: pg.Pool, items: readonly IntakeMessage[]): Promise<readonly IntakeAnswer[]> {
  const keyed = items.filter((item) => item.idempotency !== null);
  const values = parameters(items);
  try {
    if (keyed.length === 0) {
      const { rows } = await hot.query<[string]>({ ...INTAKE, values, rowMode: 'array' });
      return rows.length === 0 ? items.map(() => ACCEPTED) : withSuppressed(items, new Set(rows.map((row) => row[0])));
    }
    const { rows } = await hot.query<[string]>({ ...INTAKE_KEYED, values: [...values, ...keyParameters(keyed)], rowMode: 'array' });
    return await answerKeyed(hot, items, new Set(rows.map((row) => row[0])));
  } catch (error) {
    if (!isOutage(error)) throw error;
    return afterLostAnswer(hot, items, error);
  }
}

function withSuppressed(items: readonly IntakeMessage[], ids: ReadonlySet<string>): IntakeAnswer[] {
  return items.map((item) => {
    const suppressed = item.recipients.filter((recipient) => ids.has(recipient.id)).map((recipient) => recipient.id);
    return suppressed.length === 0 ? ACCEPTED : { kind: 'accepted', suppressed: new Set(suppressed) };
  });
}

async function answerKeyed(hot: pg.Pool, items: readonly IntakeMessage[], ids: ReadonlySet<string>): Promise<IntakeAnswer[]> {
  const answers = withSuppressed(items, ids);
  const repeated = items.filter((item) => item.idempotency !== null && !ids.has(item.id));
  if (repeated.length === 0) return answers;
  const { rows } = await hot.query<{ tenant_id: string; key: string; body_hash: Buffer; message_id: string }>(
    `select k.tenant_id, k.key, k.body_hash, k.message_id from idempotency_keys k
     join unnest($1::uuid[], $2::text[]) as t(tenant_id, key) using (tenant_id, key)`,
    [plainArray(repeated.map((item) => item.tenantId)), textArray(repeated.map((item) => item.idempotency?.key ?? null))],
  );
  const first = new Map(rows.map((row) => [`${row.tenant_id} ${row.key}`, row]));
  return answers.map((answer, index) => {
    const item = at(items, index);
    if (item.idempotency === null || ids.has(item.id)) return answer;
    const row = first.get(`${item.tenantId} ${item.idempotency.key}`);
    if (!row) return { kind: 'in-flight' };
    return { kind: 'repeated', messageId: row.message_id, sameBody: row.body_hash.equals(item.idempotency.bodyHash) };
  });
}

/**
 * The connection broke and the commit may have happened: ask by our own ids before answering anybody. One statement is stored whole or not at
 * all, so whoever is missing beside one that is stored was a repetition.
 */
async function afterLostAnswer(hot: pg.Pool, items: readonly IntakeMessage[], cause: unknown): Promise<IntakeAnswer[]> {
  try {
    const { rows: stored } = await hot.query<{ id: string }>('select id from messages where id = any ($1::uuid[])', [
      plainArray(items.map((item) => item.id)),
    ]);
    if (stored.length === 0) throw cause;
    const { rows: suppressed } = await hot.query<{ id: string }>(
      "select id from recipients where id = any ($1::uuid[]) and state = 'suppressed'",
      [plainArray(items.flatMap((item) => item.recipients.map((recipient) => recipient.id)))],
    );
    return await answerKeyed(hot, items, new Set([...stored, ...suppressed].map((row) => row.id)));
  } catch (error) {
    throw storeUnavailable(error);
  }
}

function parameters(items: readonly IntakeMessage[]): unknown[] {
  const rows = items.flatMap((message) => message.recipients.map((recipient) => ({ message, recipient })));
  let at = 1;
  const offsets = items.map((item) => {
    const start = at;
    at += item.raw.length;
    return start;
  });
  return [
    plainArray(items.map((m) => m.tenantId)),
    plainArray(items.map((m) => m.id)),
    plainArray(items.map((m) => m.credentialId)),
    plainArray(items.map((m) => m.stream)),
    textArray(items.map((m) => m.mailFrom)),
    textArray(items.map((m) => m.fromAddress)),
    textArray(items.map((m) => m.subject)),
    textArray(items.map((m) => m.headerMessageId)),
    plainArray(offsets),
    plainArray(items.map((m) => m.raw.length)),
    plainArray(items.map((m) => m.flags)),
    textArray(items.map((m) => textArray(m.tags))),
    textArray(items.map((m) => (m.metadata === null ? null : JSON.stringify(m.metadata)))),
    plainArray(items.map((m) => m.sendAtMs)),
    plainArray(items.map((m) => m.recipients.length)),
    plainArray(items.map((m) => m.recipients.at(-1)?.id ?? m.id)),
    plainArray(items.map((m) => m.hourMs)),
    items.length === 1 ? items[0]?.raw : Buffer.concat(items.map((m) => m.raw)),
    plainArray(rows.map(({ message }) => message.tenantId)),
    plainArray(rows.map(({ recipient }) => recipient.id)),
    plainArray(rows.map(({ message }) => message.id)),
    textArray(rows.map(({ recipient }) => recipient.address)),
    plainArray(rows.map(({ message }) => message.stream)),
    plainArray(rows.map(({ recipient }) => recipient.state)),
    plainArray(rows.map(({ recipient }) => recipient.laneId)),
    plainArray(rows.map(({ recipient }) => recipient.dueAtMs)),
    plainArray(rows.map(({ recipient }) => (recipient.lease === null ? null : String(recipient.lease)))),
    plainArray(rows.map(({ recipient }) => recipient.routeId)),
    plainArray(rows.map(({ recipient }) => recipient.decisionId)),
    textArray(rows.map(({ recipient }) => recipient.reason)),
    plainArray(rows.map(({ recipient }) => recipient.eventId)),
  ];
}

function keyParameters(keyed: readonly IntakeMessage[]): unknown[] {
  return [
    plainArray(keyed.map((item) => item.tenantId)),
    textArray(keyed.map((item) => item.idempotency?.key ?? null)),
    plainArray(keyed.map((item) => item.idempotency?.bodyHash.toString('hex') ?? null)),
    plainArray(keyed.map((item) => item.id)),
  ];
}

function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new RangeError(`no item ${index} of ${items.length}`);
  return item;
}

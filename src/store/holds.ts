// This file writes holds that follow from the world's answers, and the events that tell applications of every hold that begins or ends, whoever
// made it.
import type pg from 'pg';
import { plainArray, textArray } from './arrays.ts';
import { jsonText } from './json-text.ts';
import type { Queryable } from './scope.ts';
import type { AddressOf } from './strikes.ts';

/** The hold that stands (or stood) on one stream of an address. */
export interface StandingHold extends AddressOf {
  readonly id: string;
  readonly stream: '' | 'bulk' | 'transactional';
  readonly reason: string;
  readonly source: string;
  readonly evidence: string | null;
  readonly recipientId: string | null;
  readonly createdMs: number;
  readonly untilMs: number | null;
  readonly byAnswers: boolean;
}

export interface WrittenHold extends AddressOf {
  readonly id: string;
  readonly stream: '' | 'bulk';
  readonly reason: string;
  readonly source: string;
  readonly evidence: string | null;
  readonly recipientId: string;
  readonly untilMs: number | null;
  readonly holds: number;
}

export interface HoldEvent {
  readonly id: string;
  readonly tenantId: string;
  readonly type: 'hold.created' | 'hold.released';
  readonly data: HoldEventData;
}

/** What applications hear; times are ISO 8601. */
export interface HoldEventData {
  readonly hold_id: string;
  readonly address: string;
  readonly stream: 'bulk' | 'transactional' | null;
  readonly class: string;
  readonly source: string;
  readonly evidence: string | null;
  readonly recipient_id: string | null;
  readonly expires_at: string | null;
  /** `hold.released`: the person's words, or "delivered". */
  readonly why?: string;
  /** `person:…`, `credential:…` or `answers`. */
  readonly by: string;
}

/** Locks what stands against addresses, ended holds among it, in the order of the addresses given. */
export async function lockHolds(client: pg.PoolClient, addresses: readonly AddressOf[]): Promise<StandingHold[]> {
  if (addresses.length === 0) return [];
  const { rows } = await client.query<StandingHold>({
    name: 'holds-locked',
    text: `select t.tenant_id as "tenantId", t.address, s.*
      from unnest($1::uuid[], $2::text[]) as t(tenant_id, address) cross join lateral (
        select id, stream, reason, source, evidence, recipient_id as "recipientId", extract(epoch from created_at)::float8 * 1000 as "createdMs",
          extract(epoch from expires_at)::float8 * 1000 as "untilMs", by_answers as "byAnswers"
        from suppressions p where p.tenant_id = t.tenant_id and p.address = t.address order by stream limit 3 for update
      ) s`,
    values: [plainArray(addresses.map((each) => each.tenantId)), textArray(addresses.map((each) => each.address))],
  });
  return rows;
}

/** Sets holds, over what stood on the same stream; a hold for good that a person set stays. */
export async function putHolds(client: pg.PoolClient, holds: readonly WrittenHold[]): Promise<void> {
  if (holds.length === 0) return;
  await client.query({
    name: 'holds-put',
    text: `insert into suppressions as s (tenant_id, id, address, stream, reason, source, evidence, recipient_id, expires_at, holds, by_answers)
      select tenant_id, id, address, stream, reason, source, evidence, recipient_id, to_timestamp(until / 1000), holds, true
      from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::uuid[], $9::float8[], $10::int[])
        as t(tenant_id, id, address, stream, reason, source, evidence, recipient_id, until, holds)
      on conflict (tenant_id, address, stream) do update
        set reason = excluded.reason, source = excluded.source, evidence = excluded.evidence, recipient_id = excluded.recipient_id,
          expires_at = excluded.expires_at, holds = excluded.holds, by_answers = true, id = excluded.id,
          created_at = case when s.id = excluded.id then s.created_at else now() end
        where s.by_answers or s.expires_at is not null`,
    values: [
      plainArray(holds.map((hold) => hold.tenantId)),
      plainArray(holds.map((hold) => hold.id)),
      textArray(holds.map((hold) => hold.address)),
      textArray(holds.map((hold) => hold.stream)),
      textArray(holds.map((hold) => hold.reason)),
      textArray(holds.map((hold) => hold.source)),
      textArray(holds.map((hold) => hold.evidence)),
      plainArray(holds.map((hold) => hold.recipientId)),
      plainArray(holds.map((hold) => hold.untilMs)),
      plainArray(holds.map((hold) => hold.holds)),
    ],
  });
}

/** Removes holds that a delivery disproved. */
export async function dropHolds(client: pg.PoolClient, ids: readonly string[]): Promise<void> {
  if (ids.length > 0)
    await client.query({ name: 'holds-dropped', text: 'delete from suppressions where id = any ($1::uuid[])', values: [plainArray(ids)] });
}

/** Tells of holds in the event log. They name no recipient: a hold is about the address, and stands in every message to it. */
export async function writeHoldEvents(db: Queryable, events: readonly HoldEvent[]): Promise<void> {
  if (events.length === 0) return;
  await db.query({
    name: 'hold-events',
    text: `insert into events (tenant_id, id, type, data, at)
      select tenant_id, id, type, data::jsonb, now() from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[]) as t(tenant_id, id, type, data)`,
    values: [
      plainArray(events.map((event) => event.tenantId)),
      plainArray(events.map((event) => event.id)),
      plainArray(events.map((event) => event.type)),
      textArray(events.map((event) => jsonText(event.data))),
    ],
  });
}

// This file stores incidents for the part of the desk that watches for them: reads the live cases of the subjects in a page of events, writes
// what became of them, and closes those that are quiet.
import type pg from 'pg';
import type { Evidence } from '../reputation/evidence.ts';
import type { IncidentCase, IncidentKind } from '../reputation/incidents.ts';
import type { IncidentSubject } from '../reputation/sightings.ts';
import { plainArray, textArray } from './arrays.ts';
import { jsonText } from './json-text.ts';
import type { Queryable } from './scope.ts';

/** A case as it is stored. */
export interface StoredCase extends IncidentCase {
  readonly id: string;
  readonly key: string;
}

interface CaseRow extends Omit<StoredCase, 'watch' | 'evidence'> {
  readonly sinceMs: number;
  readonly bad: number;
  readonly good: number;
  readonly recipients: string[];
  readonly evidence: Evidence[];
}

/** A case with the recipient that showed it last. */
export interface WrittenCase extends StoredCase {
  readonly subject: IncidentSubject;
  readonly recipientId: string;
  readonly messageId: string;
}

/** Keys of cases that are watched or open: good answers count for them. There are as many as things that go wrong at once. */
export async function liveKeys(db: Queryable, nowMs: number): Promise<Set<string>> {
  const { rows } = await db.query<[string]>({
    name: 'live-incident-keys',
    rowMode: 'array',
    text: `select key from incidents where current and (state = 'open' or watch_since > to_timestamp($1::float8 / 1000) - interval '1 day') limit 5000`,
    values: [nowMs],
  });
  return new Set(rows.map(([key]) => key));
}

/** Takes the current cases of keys until the transaction ends. */
export async function lockCases(db: Queryable, keys: readonly string[]): Promise<Map<string, StoredCase>> {
  const { rows } = await db.query<CaseRow>({
    name: 'lock-incidents',
    text: `select id, key, state, extract(epoch from opened_at)::float8 * 1000 as "openedAtMs", extract(epoch from last_seen_at)::float8 * 1000 as "lastSeenAtMs",
        extract(epoch from closed_at)::float8 * 1000 as "closedAtMs", reopened, messages, rerouted, evidence,
        extract(epoch from watch_since)::float8 * 1000 as "sinceMs", watch_bad as bad, watch_good as good, watch_recipients as recipients
      from incidents where current and key = any ($1::text[]) order by key for update`,
    values: [textArray(keys)],
  });
  return new Map(
    rows.map(({ sinceMs, bad, good, recipients, ...row }) => [row.key, { ...row, watch: { sinceMs, bad, good, recipients } }]),
  );
}

/** Makes room for a new case about the same thing. */
export async function retireCase(db: Queryable, id: string): Promise<void> {
  await db.query('update incidents set current = false where id = $1', [id]);
}

/** Writes a case as it is now. One that opens again is nobody's acknowledged business any more. */
export async function writeCase(db: Queryable, written: WrittenCase): Promise<void> {
  const { subject, watch } = written;
  await db.query({
    name: 'write-incident',
    text: `insert into incidents (tenant_id, id, kind, key, state, fault, account_id, pool_id, mailbox_provider, domain, message_id, opened_at, last_seen_at,
        closed_at, reopened, messages, rerouted, evidence, watch_since, watch_bad, watch_good, watch_recipients, seen_recipient_id, seen_message_id)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, to_timestamp($12::float8 / 1000), to_timestamp($13::float8 / 1000),
        to_timestamp($14::float8 / 1000), $15, $16, $17, $18, to_timestamp($19::float8 / 1000), $20, $21, $22, $23, $24)
      on conflict (id) do update set state = excluded.state, opened_at = excluded.opened_at, last_seen_at = excluded.last_seen_at,
        closed_at = excluded.closed_at, reopened = excluded.reopened, messages = excluded.messages, rerouted = excluded.rerouted,
        evidence = excluded.evidence, watch_since = excluded.watch_since, watch_bad = excluded.watch_bad, watch_good = excluded.watch_good,
        watch_recipients = excluded.watch_recipients, seen_recipient_id = excluded.seen_recipient_id, seen_message_id = excluded.seen_message_id,
        closed_by = case when excluded.state = 'open' then null else incidents.closed_by end,
        closed_why = case when excluded.state = 'open' then null else incidents.closed_why end,
        acknowledged_at = case when excluded.reopened > incidents.reopened then null else incidents.acknowledged_at end,
        acknowledged_by = case when excluded.reopened > incidents.reopened then null else incidents.acknowledged_by end`,
    values: [
      subject.tenantId,
      written.id,
      subject.kind,
      subject.key,
      written.state,
      subject.fault,
      subject.accountId,
      subject.poolId,
      subject.mailboxProvider,
      subject.domain,
      subject.messageId,
      written.openedAtMs,
      written.lastSeenAtMs,
      written.closedAtMs,
      written.reopened,
      written.messages,
      written.rerouted,
      jsonText(written.evidence),
      watch.sinceMs,
      watch.bad,
      watch.good,
      plainArray(watch.recipients),
      written.recipientId,
      written.messageId,
    ],
  });
}

/** Good answers for cases that nothing bad came for: one statement for all of them. */
export async function countGood(db: Queryable, good: readonly { key: string; count: number }[]): Promise<void> {
  if (good.length === 0) return;
  await db.query({
    name: 'count-good-answers',
    text: `update incidents i set watch_good = i.watch_good + g.n from unnest($1::text[], $2::int[]) as g(key, n) where i.key = g.key and i.current`,
    values: [textArray(good.map((each) => each.key)), plainArray(good.map((each) => each.count))],
  });
}

/** An open case, as far as closing it needs it. */
export interface OpenCase {
  readonly id: string;
  readonly tenantId: string | null;
  readonly kind: IncidentKind;
  readonly domain: string | null;
  readonly lastSeenAtMs: number;
  /** Its account is not well at this moment. */
  readonly unwell: boolean;
  readonly recipientId: string;
  readonly messageId: string;
}

/** Open cases, taken until the transaction ends; those somebody else works on are left out. */
export async function lockOpenCases(db: Queryable): Promise<OpenCase[]> {
  const { rows } = await db.query<OpenCase>(
    `select i.id, i.tenant_id as "tenantId", i.kind, i.domain, extract(epoch from i.last_seen_at)::float8 * 1000 as "lastSeenAtMs",
       i.kind = 'account' and a.state = 'active' and a.health <> 'well' as unwell, i.seen_recipient_id as "recipientId", i.seen_message_id as "messageId"
     from incidents i left join provider_accounts a on a.id = i.account_id where i.current and i.state = 'open' order by i.id for update of i skip locked`,
  );
  return rows;
}

/** Ends cases because it was quiet; their windows begin anew, so that a single echo does not open them again. */
export async function closeQuiet(db: Queryable, ids: readonly string[]): Promise<void> {
  await db.query(
    `update incidents set state = 'closed', closed_at = now(), closed_by = null, closed_why = null, watch_since = now(), watch_bad = 0, watch_good = 0,
       watch_recipients = '{}' where id = any ($1::uuid[])`,
    [ids],
  );
}

/** Forgets what was seen and never became an incident. */
export async function forgetWatched(db: Queryable): Promise<void> {
  await db.query(`delete from incidents where state = 'watching' and watch_since < now() - interval '2 days'`);
}

/** Writes an event of the tenant's log that hangs on the recipient which showed the incident. */
export async function writeIncidentEvent(
  client: pg.PoolClient,
  event: { id: string; tenantId: string; recipientId: string; messageId: string; type: string; data: Readonly<Record<string, unknown>> },
): Promise<void> {
  await client.query(
    'insert into events (tenant_id, id, recipient_id, message_id, type, data, at) values ($1, $2, $3, $4, $5, $6, now())',
    [event.tenantId, event.id, event.recipientId, event.messageId, event.type, jsonText(event.data)],
  );
}

/** Accounts and pools of routes. */
export async function routesById(
  db: Queryable,
  ids: readonly number[],
): Promise<Map<number, { accountId: string; poolId: string | null }>> {
  const { rows } = await db.query<{ id: number; accountId: string; poolId: string | null }>(
    'select id, account_id as "accountId", pool_id as "poolId" from routes where id = any ($1::int[])',
    [plainArray(ids)],
  );
  return new Map(rows.map(({ id, ...row }) => [id, row]));
}

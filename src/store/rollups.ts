// This file writes the rollups: recipients by hour of acceptance and where they stand. Counts are only ever added to, in the transaction that
// moves the reader of the event log, so they are exact; they outlive the rows they were made from.
import { MEASURES, type Measure } from '../delivery/counting.ts';
import type { Stream } from '../delivery/states.ts';
import { plainArray, textArray } from './arrays.ts';
import type { EventPlace } from './events-read.ts';
import { FROM_DOMAIN } from './message-rows.ts';
import type { Queryable } from './scope.ts';

/** No account: nobody had it in hand. */
export const NO_ACCOUNT = '00000000-0000-0000-0000-000000000000';

/** What one count is about. */
export interface RollupKey {
  readonly tenantId: string;
  /** Start of the hour in which the message was accepted, milliseconds since 1970. */
  readonly hourMs: number;
  readonly stream: Stream;
  readonly domain: string;
  readonly mailboxProvider: string;
  readonly accountId: string;
}

export interface RollupChange extends RollupKey {
  readonly counts: Readonly<Partial<Record<Measure, number>>>;
}

export interface ClassChange extends RollupKey {
  readonly measure: Measure;
  readonly class: string;
  readonly recipients: number;
}

const KEY = 'tenant_id, hour, stream, domain, mailbox_provider, account_id';
const GIVEN_KEY = '$1::uuid[], $2::float8[], $3::stream[], $4::text[], $5::text[], $6::uuid[]';
const ADD = `insert into rollups as r (${KEY}, ${MEASURES.join(', ')})
  select tenant_id, to_timestamp(hour / 1000), stream, domain, mailbox_provider, account_id, ${MEASURES.join(', ')}
  from unnest(${GIVEN_KEY}, ${MEASURES.map((_, index) => `$${index + 7}::int[]`).join(', ')}) as t(${KEY}, ${MEASURES.join(', ')})
  on conflict (${KEY}) do update set ${MEASURES.map((measure) => `${measure} = r.${measure} + excluded.${measure}`).join(', ')}`;
const ADD_CLASSES = `insert into rollup_classes as r (${KEY}, measure, class, recipients)
  select tenant_id, to_timestamp(hour / 1000), stream, domain, mailbox_provider, account_id, measure, class, recipients
  from unnest(${GIVEN_KEY}, $7::text[], $8::text[], $9::int[]) as t(${KEY}, measure, class, recipients)
  on conflict (${KEY}, measure, class) do update set recipients = r.recipients + excluded.recipients`;

/** Adds changes; each key stands once in a call. They come sorted, so that two writers never wait for each other in a circle. */
export async function addRollups(db: Queryable, changes: readonly RollupChange[], classes: readonly ClassChange[]): Promise<void> {
  if (changes.length > 0) {
    const values = [...keyArrays(changes), ...MEASURES.map((measure) => plainArray(changes.map((each) => each.counts[measure] ?? 0)))];
    await db.query({ name: 'add-rollups', text: ADD, values });
  }
  if (classes.length > 0) {
    const values = [
      ...keyArrays(classes),
      textArray(classes.map((each) => each.measure)),
      textArray(classes.map((each) => each.class)),
      plainArray(classes.map((each) => each.recipients)),
    ];
    await db.query({ name: 'add-rollup-classes', text: ADD_CLASSES, values });
  }
}

function keyArrays(keys: readonly RollupKey[]): string[] {
  return [
    plainArray(keys.map((key) => key.tenantId)),
    plainArray(keys.map((key) => key.hourMs)),
    plainArray(keys.map((key) => key.stream)),
    textArray(keys.map((key) => key.domain)),
    textArray(keys.map((key) => key.mailboxProvider)),
    plainArray(keys.map((key) => key.accountId)),
  ];
}

/** Events of a range of the log that look alike to the count. */
export interface EventGroup extends RollupKey {
  readonly type: string;
  readonly was: string | null;
  readonly was_reason: string | null;
  readonly class: string | null;
  readonly reason: string | null;
  /** Somebody reported it; else it is our own doing. */
  readonly source: string | null;
  readonly again: boolean;
  readonly events: number;
}

/**
 * Groups the events behind `after` up to and with `upTo`. Shipping them one by one costs four times as much. The laterals keep it at one probe
 * for a recipient and one for its message, as in event-consumers.ts.
 */
export async function groupEvents(
  db: Queryable,
  range: { after: EventPlace; upTo: EventPlace; types: readonly string[] },
): Promise<EventGroup[]> {
  const { rows } = await db.query<EventGroup>({
    name: 'group-events',
    text: `with seen as materialized (
        select tenant_id, recipient_id, message_id, type, data from events
        where (txid, id) > ($1::xid8, $2::uuid) and (txid, id) <= ($3::xid8, $4::uuid) and type = any ($5::text[])
      )
      select s.tenant_id as "tenantId", floor(('x' || translate(substring(s.message_id::text from 1 for 13), '-', ''))::bit(48)::int8 / 3600000) * 3600000 as "hourMs",
        r.stream, ${FROM_DOMAIN} as domain, l.mailbox_provider as "mailboxProvider",
        coalesce(w.account_id, '${NO_ACCOUNT}') as "accountId", s.type, s.data->>'was' as was, s.data->>'was_reason' as was_reason,
        s.data->>'class' as class, s.data->>'reason' as reason, case when s.data ? 'source' then '' end as source,
        coalesce(s.data->>'again', '') = 'true' as again, count(*)::int as events
      from seen s
        cross join lateral (select stream, lane_id, route_id from recipients where id = s.recipient_id limit 1) r
        cross join lateral (select from_address from messages where id = s.message_id limit 1) m
        join lanes l on l.id = r.lane_id left join routes w on w.id = coalesce((s.data->>'route')::int, r.route_id)
      group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13`,
    values: [range.after.txid, range.after.id, range.upTo.txid, range.upTo.id, plainArray(range.types)],
  });
  return rows;
}

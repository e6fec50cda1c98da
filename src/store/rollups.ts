// This file writes the rollups: recipients by hour of acceptance and where they stand. Counts are only ever added to, in the transaction that
// moves the reader of the event log, so they are exact; they outlive the rows they were made from.
import { MEASURES, type Measure } from '../delivery/counting.ts';
import type { Stream } from '../delivery/states.ts';
import { plainArray, textArray } from './arrays.ts';
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

/** Accounts of routes, by route id. */
export async function accountsOfRoutes(db: Queryable, routeIds: readonly number[]): Promise<Map<number, string>> {
  const { rows } = await db.query<{ id: number; account_id: string }>('select id, account_id from routes where id = any($1::int[])', [
    plainArray(routeIds),
  ]);
  return new Map(rows.map((row) => [row.id, row.account_id]));
}

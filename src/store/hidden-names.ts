// This file hides log-in names and keys of the platform's people in events that were written before the desk stopped telling organisations of them (schema
// step 0042). Weeks of events are not written anew for it: a name is looked up when such an event is read.
import { idTimeMs } from '../ids.ts';
import { actorOwners, seenActor } from './actors.ts';
import type { Queryable } from './scope.ts';

/** From this schema step on, events say `platform` themselves. */
const STEP = 42;
/** While machines are brought up to date, one may still write names for a day; behind that, nobody is looked up any more. */
const OVERLAP_MS = 86_400_000;
const NAMED = /^(?:person|credential):/;

interface Named {
  readonly id: string;
  readonly data: Readonly<Record<string, unknown>> | null;
}

/** Milliseconds since 1970, by database; it never changes. */
const steps = new WeakMap<object, Promise<number>>();

/**
 * The events of one organisation, as it may read them. `db` is the pool or a connection of the owner, because the role of organisations sees no people of
 * the platform; `pool` is what the database is known by.
 */
export async function withoutPlatformNames<E extends Named>(
  { pool, db = pool }: { readonly pool: Queryable; readonly db?: Queryable },
  tenantId: string,
  events: readonly E[],
): Promise<E[]> {
  if (!events.some((event) => byOf(event) !== null)) return [...events];
  const stepMs = await stepOf(pool, db);
  const old = (event: E) => idTimeMs(event.id) < stepMs + OVERLAP_MS;
  const names = events.flatMap((event) => (old(event) ? (byOf(event) ?? []) : []));
  if (names.length === 0) return [...events];
  const owners = await actorOwners(db, tenantId, names);
  return events.map((event) => {
    const by = byOf(event);
    if (by === null || !old(event)) return event;
    // Who cannot be looked up any more may have been of the platform, before; since then, only their own people are named.
    const gone = owners.get(by) === 'gone' && idTimeMs(event.id) >= stepMs;
    return gone ? event : { ...event, data: { ...event.data, by: seenActor(by, owners) } };
  });
}

function byOf({ data }: Named): string | null {
  const by = data?.['by'];
  return typeof by === 'string' && NAMED.test(by) ? by : null;
}

function stepOf(pool: Queryable, db: Queryable): Promise<number> {
  const known = steps.get(pool);
  if (known) return known;
  const asked = readStep(db);
  steps.set(pool, asked);
  asked.catch(() => steps.delete(pool));
  return asked;
}

async function readStep(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ ms: number }>(
    'select extract(epoch from started_at)::float8 * 1000 as ms from schema_migrations where number = $1',
    [STEP],
  );
  return rows[0]?.ms ?? 0;
}

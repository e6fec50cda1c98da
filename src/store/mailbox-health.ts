// This file says how bounce mailboxes are: how many can be read, and which could not be for a while.
import { type Plain, plainRow } from './rows.ts';
import type { Queryable } from './scope.ts';

export type FailingMailbox = Plain<{
  readonly id: string;
  readonly name: string;
  readonly last_error: string | null;
  readonly failing_since: Date;
}>;

/** How many mailboxes are in each status, for metrics. `failing`: the last try failed. */
export async function countMailboxes(db: Queryable): Promise<{ status: 'active' | 'failing' | 'paused'; n: number }[]> {
  const { rows } = await db.query<{ status: 'active' | 'failing' | 'paused'; n: number }>(
    `select case when state = 'paused' then state when failing_since is not null then 'failing' else 'active' end as status, count(*)::int as n
     from mailboxes where state <> 'removed' group by 1`,
  );
  return rows;
}

/** Mailboxes that could not be read for so long, those that fail longest first. */
export async function failingMailboxes(db: Queryable, { forS, limit }: { forS: number; limit: number }): Promise<FailingMailbox[]> {
  const { rows } = await db.query<{ id: string; name: string; last_error: string | null; failing_since: Date }>(
    `select id, name, last_error, failing_since from mailboxes
     where state = 'active' and failing_since < now() - $1 * interval '1 second' order by failing_since limit $2`,
    [forS, limit],
  );
  return rows.map(plainRow);
}

// This file stores how much may go to one mailbox provider at once and in a minute.
import { type Plain, plainRow } from './rows.ts';
import type { Queryable } from './scope.ts';

export interface DestinationLimitRow {
  readonly id: string;
  readonly account_id: string | null;
  readonly mailbox_provider: string;
  readonly connections: number | null;
  readonly per_minute: number | null;
  readonly updated_at: Date;
}

export type DestinationLimit = Plain<DestinationLimitRow>;

const COLUMNS = 'id, account_id, mailbox_provider, connections, per_minute, updated_at';

export async function listDestinationLimits(db: Queryable): Promise<DestinationLimit[]> {
  const { rows } = await db.query<DestinationLimitRow>(
    `select ${COLUMNS} from destination_limits order by mailbox_provider, account_id nulls first`,
  );
  return rows.map(plainRow);
}

/** Sets the limit of an account (null: of each) to a mailbox provider. */
export async function putDestinationLimit(
  db: Queryable,
  limit: { id: string; accountId: string | null; mailboxProvider: string; connections: number | null; perMinute: number | null },
): Promise<DestinationLimit> {
  const { rows } = await db.query<DestinationLimitRow>(
    `insert into destination_limits (id, account_id, mailbox_provider, connections, per_minute) values ($1, $2, $3, $4, $5)
     on conflict (account_id, mailbox_provider)
       do update set connections = excluded.connections, per_minute = excluded.per_minute, updated_at = now()
     returning ${COLUMNS}`,
    [limit.id, limit.accountId, limit.mailboxProvider, limit.connections, limit.perMinute],
  );
  const [row] = rows;
  if (!row) throw new Error('an upsert answered no row');
  return plainRow(row);
}

/** Removes a limit; false when there was none. */
export async function deleteDestinationLimit(db: Queryable, id: string): Promise<boolean> {
  const { rowCount } = await db.query('delete from destination_limits where id = $1', [id]);
  return rowCount === 1;
}

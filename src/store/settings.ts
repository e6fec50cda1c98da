// This file reads and writes the small facts the desk keeps about itself.
import type pg from 'pg';
import type { Queryable } from './scope.ts';

/** The value under a key, or null. */
export async function readSetting<T>(db: Queryable, key: string): Promise<T | null> {
  const { rows } = await db.query<{ value: T }>('select value from settings where key = $1', [key]);
  return rows[0]?.value ?? null;
}

export async function writeSetting(db: Queryable, key: string, value: unknown): Promise<void> {
  await db.query(
    'insert into settings (key, value) values ($1, $2) on conflict (key) do update set value = excluded.value, updated_at = now()',
    [key, JSON.stringify(value)],
  );
}

/** Does `work` while no other process of the desk does work under the same name. The lock ends with its transaction, whatever happens to us. */
export async function alone<T>(pool: pg.Pool, name: string, work: () => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('begin');
    await client.query('select pg_advisory_xact_lock(hashtext($1))', [`packetboat ${name}`]);
    return await work();
  } finally {
    await client.query('commit').catch((lost: unknown) => {
      broken = lost instanceof Error ? lost : new Error(String(lost));
    });
    client.release(broken);
  }
}

// This file stores the fence of signing keys: a number that rises in every transaction that takes a key away, so that each process notices by one
// small question. Writers take its row one after the other, so a greater number never becomes visible before a smaller one.
import type { Queryable } from './scope.ts';

/** The number now; only whether it is the same as before means something. */
export async function readKeyFence(db: Queryable): Promise<string> {
  const { rows } = await db.query<{ version: string }>({ name: 'key-fence', text: 'select version from key_fence' });
  return rows[0]?.version ?? '0';
}

/** In the transaction that takes a key away. */
export async function raiseKeyFence(db: Queryable): Promise<void> {
  await db.query('update key_fence set version = version + 1');
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../test/support/database.ts';
import { expireIdempotencyKeys } from './expiry.ts';

test('However many keys have expired, no statement removes more than it can in its time', async (t) => {
  const { pool } = await testDatabase(t);
  for (const [table, columns, more] of [
    ['idempotency_keys', 'tenant_id, key, body_hash, message_id', `'\\x00'::bytea, gen_random_uuid()`],
    ['provider_event_keys', 'account_id, key', ''],
  ]) {
    await pool.query(
      `insert into ${table} (${columns}, expires_at)
       select gen_random_uuid(), 'k' || n${more ? `, ${more}` : ''}, now() + case when n <= 45000 then interval '-1 second' else interval '1 hour' end
       from generate_series(1, 45100) as n`,
    );
  }
  const removed: number[] = [];
  const watched = new Proxy(pool, {
    get(target, name) {
      if (name !== 'query') return Reflect.get(target, name, target);
      return async (text: string, values: unknown[]) => {
        const answer = await target.query(text, values);
        removed.push(answer.rowCount ?? 0);
        return answer;
      };
    },
  });
  await expireIdempotencyKeys(watched);
  assert.equal(
    removed.reduce((sum, each) => sum + each, 0),
    90_000,
  );
  assert.ok(Math.max(...removed) <= 20_000, removed.join(' '));
  for (const table of ['idempotency_keys', 'provider_event_keys']) {
    const { rows } = await pool.query<{ n: number }>(`select count(*)::int as n from ${table}`);
    assert.equal(rows[0]?.n, 100);
  }
});

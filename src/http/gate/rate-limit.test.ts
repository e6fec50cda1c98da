import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Principal } from '../../tenancy/principal.ts';
import { makeRateLimiter } from './rate-limit.ts';

const key = (credentialId: string, ratePerMinute: number | null = 60): Principal => ({
  kind: 'tenant',
  tenantId: 't',
  credentialId,
  personId: null,
  scopes: [],
  defaultStream: 'transactional',
  ratePerMinute,
});

test('A bucket empties, says when the next place is free, and fills at its rate, each key alone', () => {
  let nowMs = 0;
  const limiter = makeRateLimiter({ monotonicMs: () => nowMs }, 600);
  assert.deepEqual(limiter.take(key('a'), 50), { granted: 50, limit: 60, remaining: 10, resetS: 50 });
  assert.deepEqual(limiter.take(key('a'), 50), { granted: 10, limit: 60, remaining: 0, resetS: 1 });
  assert.deepEqual(limiter.take(key('a'), 1), { granted: 0, limit: 60, remaining: 0, resetS: 1 });
  assert.equal(limiter.take(key('b'), 1).granted, 1);
  nowMs = 2_500;
  assert.deepEqual(limiter.take(key('a'), 5), { granted: 2, limit: 60, remaining: 0, resetS: 1 });
  nowMs = 1_000_000;
  assert.equal(limiter.take(key('a'), 100).granted, 60, 'never more than a minute is saved up');
  assert.deepEqual(limiter.take(key('c', null), 1), { granted: 1, limit: 600, remaining: 599, resetS: 1 });
});

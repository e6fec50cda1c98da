// This file checks that clocks that agree are not corrected, however busy the way between them is, and that one that goes wrong is.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { testDatabase } from '../../test/support/database.ts';
import { systemClock } from '../clock.ts';
import { lookAtDatabaseClock, provenOffset } from './database-clock.ts';

test('clocks that agree are not corrected, though a connection has to be waited for', async (t) => {
  const { url } = await testDatabase(t);
  const pool = new pg.Pool({ connectionString: url, max: 1 });
  t.after(() => pool.end());
  const taken = await pool.connect();
  const looks = lookAtDatabaseClock(pool, systemClock);
  await delay(100);
  taken.release();
  assert.equal(provenOffset(0, await looks), 0);
});

test('a clock that is an hour behind is corrected by an hour, and stays as it is then', async (t) => {
  const { pool } = await testDatabase(t);
  const clock = { nowMs: () => systemClock.nowMs() - 3_600_000 };
  const look = await lookAtDatabaseClock(pool, clock);
  const known = provenOffset(0, look);
  assert.ok(Math.abs(known - 3_600_000) <= look.errorMs + 1, JSON.stringify({ known, look }));
  assert.equal(provenOffset(3_600_000, look), 3_600_000);
});

test('an offset is given up when a look proves it wrong, and not before', () => {
  const rows: readonly (readonly [known: number, offset: number, error: number, then: number])[] = [
    [0, 0, 1, 0],
    [0, 74.6, 75, 0],
    [0, 75.6, 75, 76],
    [76, 1.2, 80, 76],
    [76, 1.2, 2, 1],
    [-500, -499.5, 1, -500],
    [-500, 3_000.5, 1, 3_001],
  ];
  for (const [known, offsetMs, errorMs, then] of rows) assert.equal(provenOffset(known, { offsetMs, errorMs }), then);
});

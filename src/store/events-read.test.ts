import assert from 'node:assert/strict';
import { test } from 'node:test';
import type pg from 'pg';
import { testDatabase } from '../../test/support/database.ts';
import { systemClock } from '../clock.ts';
import { idMint } from '../ids.ts';
import { EVENTS_START, type EventPlace, latestEventPlace, readEvents } from './events-read.ts';
import { createTenant } from './tenants.ts';

const ids = idMint(systemClock);

async function insert(db: pg.Pool | pg.PoolClient, tenantId: string, type = 'delivered'): Promise<string> {
  const id = ids.next();
  await db.query(
    'insert into events (tenant_id, id, recipient_id, message_id, type, data, at) values ($1, $2, $2, $2, $3, \'{"class":"x"}\', now())',
    [tenantId, id, type],
  );
  return id;
}

test('An event that commits late is served late, and never skipped', async (t) => {
  const { pool } = await testDatabase(t, { alone: true });
  const { id: tenantId } = await createTenant(pool, { id: ids.next(), name: 'Club' });
  const slow = await pool.connect();
  await slow.query('begin');
  const late = await insert(slow, tenantId);
  const early = await insert(pool, tenantId);
  const first = await readEvents(pool, tenantId, { after: EVENTS_START, types: null, limit: 10 });
  assert.deepEqual(first.events, [], 'the early one waits for the late one, which comes before it');
  assert.deepEqual(first.next, EVENTS_START);
  await slow.query('commit');
  slow.release();
  const second = await readEvents(pool, tenantId, { after: first.next, types: null, limit: 10 });
  assert.deepEqual(
    second.events.map((event) => event.id),
    [late, early],
  );
  const third = await readEvents(pool, tenantId, { after: second.next, types: null, limit: 10 });
  assert.deepEqual([third.events, third.next], [[], second.next]);
});

test('Pages follow each other without a gap or a repetition, of one tenant, of all, and of some types', async (t) => {
  const { pool } = await testDatabase(t, { alone: true });
  const [one, two] = [await createTenant(pool, { id: ids.next(), name: 'One' }), await createTenant(pool, { id: ids.next(), name: 'Two' })];
  const made: { id: string; tenantId: string; type: string }[] = [];
  for (let n = 0; n < 60; n += 1) {
    const [tenantId, type] = [n % 3 === 0 ? two.id : one.id, n % 5 === 0 ? 'bounced' : 'delivered'];
    made.push({ id: await insert(pool, tenantId, type), tenantId, type });
  }
  const readAll = async (tenantId: string | null, types: string[] | null) => {
    const seen: string[] = [];
    let place: EventPlace = EVENTS_START;
    for (let pages = 0; pages < 100; pages += 1) {
      const { events, next } = await readEvents(pool, tenantId, { after: place, types, limit: 7 });
      seen.push(...events.map((event) => event.id));
      if (next.id === place.id) break;
      place = next;
    }
    return seen;
  };
  const expected = (tenantId: string | null, type: string | null) =>
    made
      .filter((event) => (tenantId === null || event.tenantId === tenantId) && (type === null || event.type === type))
      .map((event) => event.id);
  assert.deepEqual(await readAll(one.id, null), expected(one.id, null));
  assert.deepEqual(await readAll(null, null), expected(null, null));
  assert.deepEqual(await readAll(one.id, ['bounced']), expected(one.id, 'bounced'));
  assert.deepEqual(await readAll(null, ['bounced', 'opened']), expected(null, 'bounced'));
  assert.deepEqual(await readAll(one.id, ['opened']), []);
});

test('Whoever begins with the latest sees only what comes', async (t) => {
  const { pool } = await testDatabase(t, { alone: true });
  const { id: tenantId } = await createTenant(pool, { id: ids.next(), name: 'Club' });
  await insert(pool, tenantId);
  const place = await latestEventPlace(pool);
  const next = await insert(pool, tenantId);
  const { events } = await readEvents(pool, tenantId, { after: place, types: null, limit: 10 });
  assert.deepEqual(
    events.map((event) => event.id),
    [next],
  );
});

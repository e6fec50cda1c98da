import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { pino } from 'pino';
import { closeRows, ids, mailRows } from '../../test/support/mail-rows.ts';
import { systemClock } from '../clock.ts';
import { NO_OWN_RULES } from '../feedback/own-rules.ts';
import { storeUnavailable } from '../store/db.ts';
import { makeInboundStore, makeWebhookStore } from '../store/webhook-intake.ts';
import { makeInboundReader } from './read-inbound.ts';
import { makeWebhookReader } from './receive-webhook.ts';

const rows = await mailRows();
after(() => closeRows(rows));
const { db, pool, accountId } = rows;
const AWAY = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
/** Tries after which what cannot be read is parked for a person. */
const TRIES = 5;

/** Readers whose record fails in some way each time, and what they log about single answers. */
function readers(error: Error) {
  const logged = new Set<string>();
  const write = (line: string) => {
    const { level, event } = JSON.parse(line);
    if (!event.endsWith('_batch_split')) logged.add(`${pino.levels.labels[level]} ${event}`);
  };
  const common = {
    pool,
    hot: db.hot,
    clock: systemClock,
    ids,
    log: pino({ level: 'trace' }, { write }),
    ownRules: () => NO_OWN_RULES,
    record: () => Promise.reject(error),
  };
  return {
    logged,
    webhook_queue: makeWebhookReader({
      ...common,
      registry: new Map(),
      accountByToken: async () => null,
      accountById: () => null,
      store: makeWebhookStore(db.hot),
      stored: () => {},
    }),
    inbound_queue: makeInboundReader({ ...common, returnPath: { secretKeys: [], host: 'returns.test' }, forward: async () => null }),
  };
}

async function store(): Promise<void> {
  await makeWebhookStore(db.hot).submit({ id: ids.next(), accountId, method: 'POST', url: '/', headers: {}, body: Buffer.from('[]') });
  const mail = { tenantId: null, recipientId: null, mailFrom: '', rcptTo: 'a@returns.test', remoteAddress: '127.0.0.1' };
  await makeInboundStore(db.hot).submit({ ...mail, id: ids.next(), raw: Buffer.from('Subject: x\r\n\r\nx\r\n') });
}

const WAITS = ['warn webhook_waits_for_database', 'warn inbound_waits_for_database'];
for (const [name, error, parked, logged] of [
  ['a database that is away parks nothing for a person, however often it was in the way', AWAY, false, WAITS],
  ['nor does one that a door found away', storeUnavailable(AWAY), false, WAITS],
  ['what cannot be read is parked', new Error('no sense in it'), true, ['error webhook_unreadable', 'error inbound_unreadable']],
] as const) {
  test(name, async () => {
    await store();
    const reading = readers(error);
    for (const queue of ['webhook_queue', 'inbound_queue'] as const) {
      for (let n = 0; n <= TRIES; n += 1) {
        await pool.query(`update ${queue} set due_at = now() where due_at < 'infinity'`);
        await reading[queue]();
      }
      const { rows: left } = await pool.query<{ parked: boolean }>(`select due_at = 'infinity' as parked from ${queue}`);
      assert.deepEqual(left, [{ parked }], queue);
    }
    assert.deepEqual([...reading.logged], logged);
    await pool.query('truncate webhook_queue, inbound_queue');
  });
}

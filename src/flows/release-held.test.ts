// This file lets held mail go on a real database: what ended and what did not, in batches, once though two nodes work, within the day's places and the lifetime.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ids, mailRows } from '../../test/support/mail-rows.ts';
import { clearOfMidnight } from '../../test/support/turn-of-day.ts';
import { systemClock } from '../clock.ts';
import type { HeldCode } from '../delivery/held-because.ts';
import type { RouteDecision } from '../delivery/route.ts';
import { silentLog } from '../log.ts';
import { makeIntake } from '../store/intake.ts';
import { readLedger } from '../store/ledger.ts';
import { readRewritingSetting, writeRewritingSetting } from '../store/rewriting.ts';
import { makeConsumeEvents } from './consume-events.ts';
import { makeDecisionIds } from './decision-ids.ts';
import { makeLaneDirectory } from './lane-directory.ts';
import { noteHeldMessages } from './note-held.ts';
import { MESSAGE_FLAGS } from './outgoing.ts';
import { type ReleaseHeldDeps, releaseHeldChore } from './release-held.ts';
import type { Question } from './route-asked.ts';

type Teardown = Parameters<typeof mailRows>[0];
const FROM = 'maria@gmail.com';
const held = (code: HeldCode): RouteDecision => ({
  routeId: null,
  waits: false,
  heldBecause: 'Held.',
  heldCode: code,
  judgements: [],
  better: null,
  betterCode: null,
  facts: {},
});

/** A club whose mail from one address is held, a router that a test answers for, and the chore. */
async function world(t: NonNullable<Teardown>, limits: ReleaseHeldDeps['limits'] = {}) {
  // A consumer of the event log stops before transactions that are open anywhere on its server.
  const rows = await mailRows(t, { alone: true });
  const { pool, db, tenantId, routeId } = rows;
  t.after(() => db.close());
  const intake = makeIntake(db.hot);
  const state = { allowed: true, answer: (_: Question): RouteDecision => held('rewriting-not-agreed'), offsetMs: 0 };
  const open = (more: Partial<RouteDecision> = {}): RouteDecision => ({
    ...held('no-account'),
    heldBecause: null,
    heldCode: null,
    routeId,
    ...more,
  });
  const decisionIds = makeDecisionIds(pool);
  const poked: number[] = [];
  const deps: ReleaseHeldDeps = {
    pool,
    clock: { ...systemClock, nowMs: () => systemClock.nowMs() + state.offsetMs },
    ids,
    log: silentLog,
    rights: {
      check: () =>
        state.allowed
          ? { allowed: true, domainAuthenticated: false, domainId: null, domainName: null, freeMailbox: true }
          : { allowed: false, code: 'unverified', reason: 'Not confirmed.', hint: 'Confirm it.' },
    },
    routing: () => ({ decide: (question) => state.answer(question), route: () => null, ...decisionIds }),
    lanes: () => makeLaneDirectory(pool, () => undefined),
    poke: (laneId) => poked.push(laneId),
    presetCap: 1_000_000,
    signal: new AbortController().signal,
    limits,
  };
  const consume = makeConsumeEvents({ pool, clock: systemClock, log: silentLog, consumers: [noteHeldMessages] });
  return {
    ...rows,
    state,
    open,
    deps,
    poked,
    run: releaseHeldChore(deps).run,
    consume,
    /** Takes in messages that are held, and writes them down. */
    async hold(
      count: number,
      options: { reason?: string; raw?: string; recipients?: number; credentialId?: string; sendAtMs?: number } = {},
    ) {
      const { reason = 'rewriting-not-agreed', recipients = 1, raw } = options;
      const given = Array.from({ length: count }, () =>
        rows.message(
          {
            fromAddress: FROM,
            flags: MESSAGE_FLAGS.heldAtDoor,
            credentialId: options.credentialId ?? null,
            sendAtMs: options.sendAtMs ?? null,
            ...(raw === undefined ? {} : { raw: Buffer.from(raw) }),
          },
          Array.from({ length: recipients }, () => ({ state: 'held' as const, dueAtMs: null, reason })),
        ),
      );
      await Promise.all(given.map((each) => intake.submit(each)));
      await consume();
      return given.flatMap((each) => each.recipients.map(({ id }) => id));
    },
    async states() {
      const { rows: found } = await pool.query<{ state: string; reason: string | null; n: number }>(
        'select state, reason, count(*)::int as n from recipients where tenant_id = $1 group by 1, 2 order by 1, 2',
        [tenantId],
      );
      return found.map(({ state: name, reason, n }) => `${n} ${name}${reason === null ? '' : ` ${reason}`}`).sort();
    },
    async events(type: string) {
      const { rows: found } = await pool.query<{ recipient_id: string; data: Record<string, unknown> }>(
        'select recipient_id, data from events where tenant_id = $1 and type = $2 order by id',
        [tenantId, type],
      );
      return found;
    },
    async noted() {
      const { rows: found } = await pool.query<{ code: string; n: number }>(
        'select code, count(*)::int as n from held_messages group by 1 order by 1',
      );
      return found.map(({ code, n }) => `${n} ${code}`);
    },
    async balances() {
      assert.equal((await readLedger(pool, tenantId)).difference, 0);
    },
  };
}

test('what held it ends: it goes into the lane of the open way, and says why; twice is once', async (t) => {
  const desk = await world(t);
  const [first] = await desk.hold(3);
  assert.deepEqual(
    (await desk.events('held')).map(({ data }) => data),
    [1, 2, 3].map(() => ({ reason: 'rewriting-not-agreed' })),
  );
  await desk.run();
  assert.deepEqual([await desk.states(), await desk.noted()], [['3 held rewriting-not-agreed'], ['3 rewriting-not-agreed']]);

  desk.state.answer = () => desk.open({ rewrittenFrom: 'maria@club.test' });
  await Promise.all([desk.run(), releaseHeldChore(desk.deps).run()]);
  assert.deepEqual([await desk.states(), await desk.noted()], [['3 queued'], []]);
  const released = await desk.events('released');
  assert.equal(released.length, 3);
  assert.equal(released[0]?.recipient_id, first);
  assert.deepEqual(released[0]?.data, {
    by: 'desk',
    why: 'consent-given',
    says: 'The organisation agreed that From is written anew.',
    held_for: 'rewriting-not-agreed',
  });
  const { rows } = await desk.pool.query<{ route_id: number; due: boolean }>(
    'select l.route_id, r.due_at <= now() as due from recipients r join lanes l on l.id = r.lane_id where r.id = $1',
    [first],
  );
  assert.deepEqual(rows, [{ route_id: desk.routeId, due: true }]);
  assert.ok(desk.poked.length > 0);
  await desk.balances();
});

test('held for another reason it stays, and shows the new one', async (t) => {
  const desk = await world(t);
  await desk.hold(2);
  // Nobody had asked before, so the first answer is no news.
  await desk.run();
  desk.state.answer = () => held('free-mailbox');
  await desk.run();
  assert.deepEqual([await desk.states(), await desk.noted()], [['2 held free-mailbox'], ['2 free-mailbox']]);
  assert.deepEqual((await desk.events('held')).at(-1)?.data, { reason: 'free-mailbox', code: 'free-mailbox' });
  desk.state.allowed = false;
  await desk.run();
  assert.deepEqual(await desk.states(), ['2 held sender-not-allowed']);
  await desk.run();
  assert.equal((await desk.events('held')).length, 6, 'an answer that stays the same is told once');
  desk.state.allowed = true;
  desk.state.answer = () => desk.open();
  await desk.run();
  assert.deepEqual(
    (await desk.events('released')).map(({ data }) => data['why']),
    ['sender-confirmed', 'sender-confirmed'],
  );
});

test('its like may go, but what is special about one message keeps it', async (t) => {
  const desk = await world(t);
  await desk.hold(2);
  await desk.hold(1, { raw: `From: ${FROM}\r\n\r\n-----BEGIN PGP SIGNED MESSAGE-----\r\n` });
  await desk.run();
  desk.state.answer = ({ mime, sizeBytes }) => {
    assert.ok(mime === null || sizeBytes === mime.length);
    return mime?.includes('BEGIN PGP') ? held('signed-by-author') : desk.open();
  };
  await desk.run();
  assert.deepEqual(await desk.states(), ['1 held signed-by-author', '2 queued']);
  assert.deepEqual(await desk.noted(), ['1 signed-by-author']);
});

test('mail in doubt, cancelled mail and mail of a suspended organisation are left alone', async (t) => {
  const desk = await world(t);
  await desk.hold(1, { reason: 'uncertain' });
  const [cancelled] = await desk.hold(2);
  await desk.pool.query("update recipients set state = 'cancelled', reason = 'cancelled' where id = $1", [cancelled]);
  await desk.pool.query("update tenants set state = 'suspended' where id = $1", [desk.tenantId]);
  desk.state.answer = () => desk.open();
  await desk.run();
  assert.deepEqual(await desk.states(), ['1 cancelled cancelled', '1 held rewriting-not-agreed', '1 held uncertain']);
  await desk.pool.query("update tenants set state = 'active' where id = $1", [desk.tenantId]);
  await desk.run();
  assert.deepEqual(await desk.states(), ['1 cancelled cancelled', '1 held uncertain', '1 queued']);
  assert.deepEqual(await desk.noted(), [], 'what a person cancelled waits for nothing');
});

test('large letters are read a few at a time, and all go', async (t) => {
  const desk = await world(t);
  await desk.hold(5);
  // As large as they say they are, they would fill this test's memory.
  await desk.pool.query('update messages set size = 20000000 where tenant_id = $1', [desk.tenantId]);
  desk.state.answer = () => desk.open();
  await desk.run();
  assert.deepEqual(await desk.states(), ['5 queued']);
});

test('a run lets a bounded number go, in turn with others; the next ones the rest', async (t) => {
  const desk = await world(t, { recipients: 20, batchMessages: 10, kinds: 1 });
  await desk.hold(35);
  desk.state.answer = () => desk.open();
  const queued = async () => Number((await desk.states()).find((line) => line.endsWith('queued'))?.split(' ')[0] ?? 0);
  await desk.run();
  assert.equal(await queued(), 20);
  // A page of one kind: the run after the last one begins with the first again.
  await desk.run();
  await desk.run();
  assert.equal(await queued(), 35);
  assert.deepEqual(await desk.noted(), []);
});

test('mail with From written anew takes places of the day; without one it waits for the next', async (t) => {
  await clearOfMidnight();
  const desk = await world(t);
  await writeRewritingSetting(desk.pool, desk.tenantId, { allowed: true, consentedBy: 'person:x', daily_cap: 3 });
  await desk.hold(2, { recipients: 2, credentialId: ids.next() });
  await desk.hold(1);
  desk.state.answer = () => desk.open({ rewrittenFrom: 'maria@club.test' });
  await desk.run();
  // The last one was handed in by the desk itself, which counts against nobody.
  assert.deepEqual(await desk.states(), ['1 held rewriting-cap', '4 queued']);
  assert.equal((await readRewritingSetting(desk.pool, desk.tenantId)).used_today, 3);
  assert.deepEqual(await desk.noted(), ['1 rewriting-cap']);
  await desk.run();
  assert.equal((await desk.events('held')).filter(({ data }) => data['code'] === 'rewriting-cap').length, 1);
  // Tomorrow.
  await desk.pool.query('update rewriting_days set day = day - 1');
  await desk.run();
  assert.deepEqual(await desk.states(), ['5 queued']);
  assert.equal((await desk.events('released')).at(-1)?.data['why'], 'room-again');

  // Held again by a claim and let go again, it needs no second place.
  await desk.pool.query("update recipients set state = 'held', reason = 'no-route', due_at = null where tenant_id = $1", [desk.tenantId]);
  await desk.pool.query(
    `insert into events (tenant_id, id, recipient_id, message_id, type, data, at)
     select tenant_id, gen_random_uuid(), id, message_id, 'held', '{"reason": "no-route"}', now() from recipients where tenant_id = $1`,
    [desk.tenantId],
  );
  await desk.consume();
  await desk.run();
  assert.deepEqual(await desk.states(), ['5 queued']);
  assert.equal((await readRewritingSetting(desk.pool, desk.tenantId)).used_today, 1);
  await desk.balances();
});

test('past its lifetime it expires, whether or not its reason ended, and says so', async (t) => {
  const desk = await world(t);
  await desk.hold(2);
  const inAnHour = systemClock.nowMs() + 3_600_000;
  await desk.hold(1, { sendAtMs: inAnHour });
  desk.state.answer = () => desk.open();
  desk.state.offsetMs = 24 * 3_600_000 + 60_000;
  await desk.run();
  assert.deepEqual(await desk.states(), ['1 queued', '2 expired expired']);
  const [expired] = await desk.events('expired');
  assert.deepEqual(
    [expired?.data['held_for'], expired?.data['says']],
    ['rewriting-not-agreed', 'It was held until its lifetime was over.'],
  );
  await desk.balances();
});

test('let go before its send_at it is scheduled again', async (t) => {
  const desk = await world(t);
  const sendAtMs = systemClock.nowMs() + 3_600_000;
  const [recipient] = await desk.hold(1, { sendAtMs });
  desk.state.answer = () => desk.open();
  await desk.run();
  const { rows } = await desk.pool.query<{ state: string; due: number }>(
    'select state, extract(epoch from due_at)::float8 * 1000 as due from recipients where id = $1',
    [recipient],
  );
  assert.deepEqual([rows[0]?.state, Math.round((rows[0]?.due ?? 0) - sendAtMs)], ['scheduled', 0]);
});

test('a crash in the middle of a batch leaves it held, whole', async (t) => {
  const desk = await world(t);
  await desk.hold(5);
  desk.state.answer = () => desk.open();
  const broken = releaseHeldChore({
    ...desk.deps,
    ids: {
      ...ids,
      next: (() => {
        let left = 3;
        return () => {
          left -= 1;
          if (left < 0) throw new Error('the process ends here');
          return ids.next();
        };
      })(),
    },
  });
  await assert.rejects(broken.run(), /ends here/);
  assert.deepEqual([await desk.states(), await desk.noted()], [['5 held rewriting-not-agreed'], ['5 ']]);
  await desk.run();
  assert.deepEqual([await desk.states(), (await desk.events('released')).length], [['5 queued'], 5]);
});

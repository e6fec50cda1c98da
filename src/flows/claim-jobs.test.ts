import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { closeRows, ids, mailRows } from '../../test/support/mail-rows.ts';
import { systemClock } from '../clock.ts';
import type { RouteDecision, RouteJudgement } from '../delivery/route.ts';
import { Secret, silentLog } from '../log.ts';
import { smtpAdapter } from '../providers/smtp/adapter.ts';
import { makeIntake } from '../store/intake.ts';
import { type ClaimJobsDeps, makeClaimJobs } from './claim-jobs.ts';
import { makeOutgoing } from './outgoing.ts';

const rows = await mailRows();
after(() => closeRows(rows));
const { db, pool, lane, routeId } = rows;
const intake = makeIntake(db.hot);
const GATE = 1;

const toTheHost: RouteDecision = {
  routeId,
  waits: false,
  heldBecause: null,
  heldCode: null,
  judgements: [],
  better: null,
  betterCode: null,
  facts: {},
};

/** Another way out, of an account that refused nothing. */
const other = {
  routeId: routeId + 1,
  account: { id: ids.next(), name: 'other', provider: 'smtp', settings: {}, secret: new Secret({}) },
  adapter: smtpAdapter,
  pool: null,
  treatment: 'as-is',
} as const;

/** Claims of one lane whose mail may all go by its own route; what is poked is kept. */
function claims(decide: ClaimJobsDeps['routing']['decide'] = () => toTheHost) {
  const poked: number[] = [];
  const bodies: number[] = [];
  const deps: ClaimJobsDeps = {
    hot: db.hot,
    clock: systemClock,
    ids,
    log: silentLog,
    lease: () => 7n,
    released: () => undefined,
    bodies: { enter: ({ raw }) => void bodies.push(raw.length) },
    opened: () => undefined,
    closed: () => undefined,
    lanes: { byId: () => lane, ensure: async () => lane },
    routing: { decide, decisionId: async () => ids.next(), route: (id) => (id === other.routeId ? other : null) },
    rights: { check: () => ({ allowed: true, domainAuthenticated: true, domainId: null, domainName: null, freeMailbox: false }) },
    prepare: (stored) => makeOutgoing(stored, { signerFor: () => null, nowMs: () => systemClock.nowMs(), platform: 'test' }),
    poke: (laneId) => void poked.push(laneId),
    gates: { routeOf: () => routeId },
  };
  return { claim: makeClaimJobs(deps), poked, bodies };
}

/** Takes messages in, one recipient each unless said otherwise, and answers their ids in order. */
async function handIn(count: number, recipients = 1): Promise<string[]> {
  const messages = Array.from({ length: count }, () =>
    rows.message(
      {},
      Array.from({ length: recipients }, () => ({})),
    ),
  );
  await Promise.all(messages.map((message) => intake.submit(message)));
  return messages.map(({ id }) => id);
}

const states = async (messageIds: readonly string[]) => {
  const { rows: found } = await pool.query<{ state: string; n: number }>(
    'select state, count(*)::int as n from recipients where message_id = any ($1::uuid[]) group by 1 order by 1',
    [messageIds],
  );
  return Object.fromEntries(found.map(({ state, n }) => [state, n]));
};

test('a message that is kept goes on to its other recipients, also when the kept ones are forgotten in between', async () => {
  const { claim } = claims();
  const [shared] = await handIn(1, 3);
  assert.ok(shared);
  assert.equal((await claim(lane.id, 1, GATE)).jobs.length, 1);
  // The claim that meets it again brings more new ones than are kept beside what is kept already.
  const others = await handIn(250);
  await pool.query(
    `update recipients set due_at = now() - interval '1 hour' + interval '1 second' * case when message_id = $2 then 120.5
       else array_position($1::uuid[], message_id) end where message_id = any ($1::uuid[] || $2::uuid) and state = 'queued'`,
    [others, shared],
  );
  for (const limit of [100, 20, 100, 100]) await claim(lane.id, limit, GATE);
  assert.deepEqual(await states([shared, ...others]), { submitting: 253 });
});

test('a claim reads as many bytes as fit and always one message; the rest is ready again at once', async () => {
  const { claim, poked, bodies } = claims();
  const letters = await handIn(5);
  const small = await handIn(2);
  // As large as they say they are, they would fill this test's memory.
  await pool.query('update messages set size = 20000000 where id = any ($1::uuid[])', [letters]);
  const first = await claim(lane.id, 100, GATE);
  assert.deepEqual(
    first.jobs.map(({ message }) => message.id),
    [letters[0]],
  );
  assert.deepEqual([first.found, bodies.length], [7, 1]);
  assert.ok(poked.includes(lane.id));
  assert.deepEqual(await states([...letters, ...small]), { queued: 6, submitting: 1 });
  let turns = 0;
  for (; (await states([...letters, ...small]))['queued']; turns += 1) await claim(lane.id, 100, GATE);
  assert.equal(turns, 4);
  assert.deepEqual(await states([...letters, ...small]), { submitting: 7 });
});

test('mail that one account refused fails only where no other is left: a pause is waited for, and what keeps everybody keeps it, too', async () => {
  const judgement: Omit<RouteJudgement, 'code'> = {
    routeId: other.routeId,
    account: 'other',
    provider: 'smtp',
    pool: 'default',
    chosen: false,
    stoppedAt: 'may',
    because: '',
    facts: {},
  };
  const nowhere: RouteDecision = { ...toTheHost, routeId: null, heldBecause: 'Nowhere.', heldCode: 'every-account-out' };
  const keyRevoked: RouteDecision = { ...nowhere, heldCode: 'key-revoked' };
  const cases: [what: string, decide: ClaimJobsDeps['routing']['decide'], state: string][] = [
    ['nobody else', ({ refusedBy }) => (refusedBy.length > 0 ? nowhere : toTheHost), 'failed'],
    [
      'another one that is paused now',
      ({ refusedBy }) => (refusedBy.length > 0 ? { ...nowhere, judgements: [{ ...judgement, code: 'paused' }] } : toTheHost),
      'deferred',
    ],
    ['no way for anybody', () => keyRevoked, 'held'],
  ];
  for (const [what, decide, state] of cases) {
    const [id] = await handIn(1);
    assert.ok(id);
    await pool.query(
      `insert into attempts (tenant_id, id, recipient_id, message_id, number, route_id, outcome, class, reply, started_at, ended_at)
       select tenant_id, $2, id, message_id, 1, $3, 'refused', 'ip-reputation', '554 no', now(), now() from recipients where message_id = $1`,
      [id, ids.next(), routeId],
    );
    await pool.query('update recipients set attempts = 1 where message_id = $1', [id]);
    assert.deepEqual((await claims(decide).claim(lane.id, 1, GATE)).jobs, []);
    assert.deepEqual(await states([id]), { [state]: 1 }, what);
  }
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../test/support/database.ts';
import { systemClock } from '../clock.ts';
import { silentLog } from '../log.ts';
import { needsOf } from './needs-person.ts';
import { makeOverview } from './overview.ts';
import { makeStatistics } from './statistics.ts';

test('What needs a person is said worst first, and only to whom it concerns', () => {
  const account = {
    id: 'a',
    name: 'Main',
    provider: 'smtp' as const,
    settings: {},
    state: 'active' as const,
    simulated: false,
    health: 'suspended',
    health_reason: 'Account closed.',
    health_until: null,
    created_at: '',
  };
  const situation = {
    accounts: [account],
    noWayOut: false,
    mailboxes: [{ id: 'm', name: 'bounces', last_error: 'Log-in refused', failing_since: '2026-11-21T18:00:00.000Z' }],
    selfChecks: [],
    states: { held: 1 },
    heldSince: new Date('2026-11-21T19:00:00.000Z'),
    troubles: {
      deadDeliveries: 1000,
      deadSince: new Date('2026-11-20T19:00:00.000Z'),
      brokenDomains: 2,
      breakingDomains: 1,
      waitingKeys: 1,
      revokedKeys: 0,
    },
    ledgerDifference: -1,
    incidents: [
      { kind: 'ip-blocked' as const, unacknowledged: 2, since: '2026-11-21T20:00:00.000Z' },
      { kind: 'capacity' as const, unacknowledged: 0, since: null },
    ],
    operator: true,
  };
  const needs = needsOf(situation, 'en');
  assert.deepEqual(
    needs.map((need) => need.kind),
    ['ledger', 'account', 'mailbox', 'incident', 'held', 'webhook', 'domain', 'domain', 'domain'],
  );
  assert.equal(needs[2]?.title, 'The bounce mailbox bounces cannot be read.');
  assert.match(needs[2]?.text ?? '', /ended with: Log-in refused\. Correct its host/);
  assert.equal(needs[2]?.since, '2026-11-21T18:00:00.000Z');
  assert.equal(needs[3]?.title, '2 receivers refuse our IPs.');
  assert.equal(needs[3]?.since, '2026-11-21T20:00:00.000Z');
  assert.equal(needs[4]?.title, '1 recipient waits for a decision.');
  assert.match(needs[5]?.title ?? '', /^1,000 or more/);
  assert.deepEqual([needs[4]?.since, needs[5]?.since], ['2026-11-21T19:00:00.000Z', '2026-11-20T19:00:00.000Z']);
  assert.deepEqual(
    needsOf(situation, 'de').map((need) => need.title),
    [
      'Das Buch geht nicht auf.',
      'Main nimmt unsere Post nicht an.',
      'Das Rückläufer-Postfach bounces lässt sich nicht lesen.',
      '2 Empfänger weisen unsere IP-Adressen ab.',
      '1 Empfänger wartet auf eine Entscheidung.',
      '1.000 oder mehr Ereignisse konnten einer Anwendung nicht zugestellt werden.',
      '2 Absenderdomains haben falsche Einträge.',
      'Eine Absenderdomain fällt bald aus.',
      'Ein neuer DKIM-Schlüssel steht nicht im DNS.',
    ],
  );
  assert.deepEqual(
    needsOf({ ...situation, accounts: [], incidents: [], operator: false }, 'en').map((need) => need.kind),
    ['held', 'webhook', 'domain', 'domain', 'domain'],
  );
  const played = { ...account, health: 'well', simulated: true };
  assert.deepEqual(
    needsOf({ ...situation, accounts: [played], noWayOut: true }, 'en').map((need) => need.kind)[1],
    'no-account',
    'the simulator is no way out for mail of the world',
  );
  assert.deepEqual(
    needsOf(
      {
        ...situation,
        accounts: [{ ...account, health: 'throttled' }],
        mailboxes: [],
        selfChecks: [],
        states: {},
        incidents: [],
        troubles: { deadDeliveries: 0, deadSince: null, brokenDomains: 0, breakingDomains: 0, waitingKeys: 0, revokedKeys: 0 },
        ledgerDifference: 0,
      },
      'en',
    ),
    [],
  );
});

test('The numbers are counted again only after a rest, and a ledger that cannot be read is not called unbalanced', async (t) => {
  const { pool } = await testDatabase(t);
  let nowMs = Date.now();
  let asked = 0;
  const clock = { nowMs: () => nowMs, monotonicMs: () => nowMs };
  const overview = makeOverview({
    pool,
    clock,
    noWayOut: () => false,
    statistics: makeStatistics({ pool, clock, silentProviders: [] }),
    log: silentLog,
    ledger: async () => {
      asked += 1;
      if (asked === 1) throw new Error('away');
      return { difference: 0 };
    },
  });
  assert.deepEqual((await overview(null, 'en')).ledger, { difference: null, checked_at: null });
  await Promise.all([overview(null, 'en'), overview(null, 'en')]);
  assert.equal(asked, 1, 'the same numbers serve everybody for a while');
  nowMs += 5_001;
  await overview(null, 'en');
  nowMs += 1;
  assert.equal((await overview(null, 'en')).ledger.difference, 0);
  assert.equal(asked, 2);
});

test('An hour of minutes is shown, the one that runs last, also in the moment in which it begins', async (t) => {
  const { pool } = await testDatabase(t);
  const begins = Date.parse('2026-03-01T09:30:00Z');
  for (const nowMs of [begins - 1, begins, begins + 1]) {
    const clock = { nowMs: () => nowMs, monotonicMs: () => 0 };
    const statistics = makeStatistics({ pool, clock, silentProviders: [] });
    const overview = makeOverview({
      pool,
      clock,
      statistics,
      log: silentLog,
      noWayOut: () => false,
      ledger: async () => ({ difference: 0 }),
    });
    const { flow } = await overview(null, 'en');
    assert.deepEqual([flow.length, flow.at(-1)?.minute], [60, new Date(Math.floor(nowMs / 60_000) * 60_000).toISOString()]);
  }
});

test('A bounce mailbox that cannot be read for a quarter of an hour needs an operator, and no organisation', async (t) => {
  const { pool } = await testDatabase(t);
  const clock = systemClock;
  const overview = () =>
    makeOverview({
      pool,
      clock,
      statistics: makeStatistics({ pool, clock, silentProviders: [] }),
      log: silentLog,
      noWayOut: () => false,
      ledger: async () => ({ difference: 0 }),
    });
  const tenantId = '00000000-0000-7000-8000-000000000001';
  await pool.query("insert into tenants (id, name) values ($1, 'Club')", [tenantId]);
  await pool.query(
    `insert into mailboxes (id, name, settings, secret, last_error, failing_since)
     select gen_random_uuid(), name, '{}', '', error, now() - since from (values
       ('bounces', 'Log-in refused', interval '20 minutes'), ('restarting', 'ECONNREFUSED', interval '2 minutes'), ('well', null, null)
     ) as t(name, error, since)`,
  );
  const told = async (scope: string | null) => (await overview()(scope, 'en')).needs_person.filter(({ kind }) => kind === 'mailbox');
  const [need, ...more] = await told(null);
  assert.deepEqual([need?.title, more.length], ['The bounce mailbox bounces cannot be read.', 0]);
  assert.ok(Date.parse(need?.since ?? '') < Date.now() - 19 * 60_000);
  assert.deepEqual(await told(tenantId), []);
});

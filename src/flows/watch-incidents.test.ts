import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { ids, mailRows } from '../../test/support/mail-rows.ts';
import { silentLog } from '../log.ts';
import { makeIntake } from '../store/intake.ts';
import { makeConsumeEvents } from './consume-events.ts';
import { closeIncidentsChore, incidentConsumer } from './watch-incidents.ts';

const MINUTE_MS = 60_000;
const BLOCKED = { class: 'ip-reputation', fault: 'sender-reputation', diagnostic: '554 5.7.1 client host [198.51.100.7] blocked' };
const UNSIGNED = { class: 'auth-failure', fault: 'authentication', diagnostic: '550 5.7.26 not authenticated' };

async function world(t: TestContext) {
  // An open transaction anywhere on the server holds the log back: such files have a server of their own.
  const rows = await mailRows(t, { alone: true });
  t.after(() => rows.db.close());
  const { pool, tenantId, routeId } = rows;
  const message = rows.message(
    {},
    Array.from({ length: 40 }, () => ({})),
  );
  await makeIntake(pool).submit(message);
  let nowMs = Date.now();
  const changes: string[] = [];
  const deps = {
    pool,
    clock: { nowMs: () => nowMs, monotonicMs: () => nowMs },
    ids,
    log: silentLog,
    changed: () => changes.push('changed'),
    measure: (happened: string, kind: string) => changes.push(`${happened} ${kind}`),
  };
  const consume = makeConsumeEvents({ pool, clock: deps.clock, log: silentLog, consumers: [incidentConsumer(deps)] });
  await consume();
  let next = 0;
  return {
    pool,
    tenantId,
    changes,
    later: (minutes: number) => {
      nowMs += minutes * MINUTE_MS;
    },
    /** Events of `count` further recipients, read at once. */
    async happen(type: string, count: number, data: Readonly<Record<string, unknown>>) {
      const recipients = message.recipients.slice(next, next + count);
      assert.equal(recipients.length, count, 'the message has enough recipients');
      next += count;
      await pool.query(
        `insert into events (tenant_id, id, recipient_id, message_id, type, data, at)
         select $1, e, r, $2, $3, $4, now() from unnest($5::uuid[], $6::uuid[]) as t(e, r)`,
        [tenantId, message.id, type, { route: routeId, ...data }, recipients.map(() => ids.next()), recipients.map((each) => each.id)],
      );
      await consume();
    },
    close: () => closeIncidentsChore(deps).run(),
    async incidents() {
      const { rows: found } = await pool.query(
        `select kind, state, messages, rerouted, reopened, evidence, tenant_id, account_id, mailbox_provider, domain from incidents
         where state <> 'watching' order by id`,
      );
      return found;
    },
    async told() {
      const { rows: found } = await pool.query(`select type, data from events where type like 'incident.%' order by txid, id`);
      return found.map(({ type, data }) => `${type} ${data.kind} ${data.domain ?? ''}`.trim());
    },
  };
}

test('an IP that a receiver refuses is one incident with its words, closes after quiet, and comes back as the same one', async (t) => {
  const { happen, incidents, later, close, changes, told } = await world(t);
  await happen('rerouted', 2, BLOCKED);
  assert.deepEqual(await incidents(), [], 'two are too few to speak of');
  await happen('bounced', 2, BLOCKED);
  const [incident, ...others] = await incidents();
  assert.deepEqual(others, []);
  assert.equal(incident.kind, 'ip-blocked');
  assert.equal(incident.mailbox_provider, 'other');
  assert.equal(incident.messages, 4);
  assert.equal(incident.rerouted, 2);
  assert.equal(incident.evidence[0].count, 4);
  assert.equal(incident.evidence[0].reply, BLOCKED.diagnostic);
  later(29);
  await close();
  assert.equal((await incidents())[0].state, 'open');
  later(2);
  await close();
  assert.equal((await incidents())[0].state, 'closed');
  await happen('rerouted', 1, BLOCKED);
  assert.equal((await incidents())[0].state, 'closed');
  await happen('rerouted', 2, BLOCKED);
  const after = await incidents();
  assert.equal(after.length, 1);
  assert.equal(after[0].state, 'open');
  assert.equal(after[0].reopened, 1);
  assert.deepEqual(changes, ['opened ip-blocked', 'changed', 'closed ip-blocked', 'changed', 'opened ip-blocked', 'changed']);
  assert.deepEqual(await told(), [], 'the IP is the platform’s business');
});

test('deliveries that go well keep a stray refusal from being an incident', async (t) => {
  const { happen, incidents } = await world(t);
  await happen('bounced', 1, BLOCKED);
  await happen('delivered', 33, {});
  await happen('bounced', 2, BLOCKED);
  assert.equal((await incidents()).length, 0, '3 of 36 may be chance');
});

test('a domain whose records fail is its organisation’s incident, and it is told', async (t) => {
  const { happen, incidents, told, tenantId, later, close } = await world(t);
  await happen('bounced', 2, UNSIGNED);
  const [incident] = await incidents();
  assert.equal(incident.kind, 'authentication');
  assert.equal(incident.tenant_id, tenantId);
  assert.equal(incident.domain, 'club.test');
  assert.equal(incident.account_id, null);
  assert.deepEqual(await told(), ['incident.opened authentication club.test']);
  later(24 * 60);
  await close();
  assert.deepEqual(await told(), ['incident.opened authentication club.test', 'incident.closed authentication club.test']);
});

test('one word of the provider that the account is suspended is enough, and it stays open until the account is well', async (t) => {
  const { happen, incidents, pool, later, close, told } = await world(t);
  await pool.query(`update provider_accounts set health = 'suspended'`);
  await happen('requeued', 1, { class: 'operator', fault: 'operator', signal: 'suspended', reply: '403 This account is suspended' });
  assert.deepEqual(
    (await incidents()).map(({ kind, state }) => [kind, state]),
    [['account', 'open']],
  );
  later(300);
  await close();
  assert.equal((await incidents())[0].state, 'open');
  await pool.query(`update provider_accounts set health = 'well'`);
  await close();
  assert.equal((await incidents())[0].state, 'closed');
  assert.deepEqual(await told(), [], 'it is no failure of the organisation');
});

test('what never became an incident is forgotten', async (t) => {
  const { happen, pool, close } = await world(t);
  await happen('bounced', 1, BLOCKED);
  await pool.query(`update incidents set watch_since = now() - interval '3 days'`);
  await close();
  assert.equal((await pool.query('select from incidents')).rowCount, 0);
});

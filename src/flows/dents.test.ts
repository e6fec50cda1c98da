// This file lets a receiver refuse the first route of an order and looks which way recipients take: others, one probe at a time, and back.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { ids, mailRows } from '../../test/support/mail-rows.ts';
import { systemClock } from '../clock.ts';
import { silentLog } from '../log.ts';
import { providerRegistry } from '../providers/registry.ts';
import { makeRoutingTable } from './routing-table.ts';

async function world(t: TestContext) {
  const { db, pool, accountId, routeId: first, tenantId } = await mailRows(t);
  const secondAccount = ids.next();
  await pool.query(
    `insert into provider_accounts (id, name, provider, secret, webhook_token, webhook_password) values ($1, 'second', 'smtp', '', $2, '')`,
    [secondAccount, secondAccount],
  );
  const { rows } = await pool.query<{ id: number }>(
    `with p as (insert into pools (id, account_id) values ($1, $2) returning id, account_id)
     insert into routes (account_id, pool_id) select account_id, id from p returning id`,
    [ids.next(), secondAccount],
  );
  const second = rows[0]?.id ?? 0;
  let now = Date.now();
  const clock = { ...systemClock, nowMs: () => now };
  const table = makeRoutingTable({ pool, clock, log: silentLog, registry: providerRegistry, unseal: () => '{}', onChange: () => {} });
  t.after(() => db.close());
  await pool.query(`insert into routing (id, tenant_id, stream, accounts) values ($1, null, null, $2::uuid[])`, [
    ids.next(),
    [accountId, secondAccount],
  ]);
  await table.refresh();
  const question = {
    tenantId,
    stream: 'transactional',
    fromDomain: 'club.test',
    domainAuthenticated: true,
    freeMailbox: false,
    sizeBytes: 1_000,
    refusedBy: [] as string[],
    mime: null,
    mailboxProvider: 'google',
  } as const;
  return {
    ...{ pool, table, first, second, accountId, secondAccount, question },
    later: (ms: number) => {
      now += ms;
    },
    async refuse(account = accountId) {
      await pool.query(
        `insert into incidents (id, kind, key, state, fault, account_id, mailbox_provider, opened_at, last_seen_at, watch_since, seen_recipient_id, seen_message_id)
         values ($1, 'ip-blocked', $2, 'open', 'sender-reputation', $3, 'google', to_timestamp($4::float8 / 1000), to_timestamp($4::float8 / 1000), now(), $1, $1)
         on conflict (key) where current do update set state = 'open', last_seen_at = excluded.last_seen_at`,
        [ids.next(), `ip-blocked/${account}`, account, now],
      );
      await table.refresh();
    },
    async close() {
      await pool.query(`update incidents set state = 'closed'`);
      await table.refresh();
    },
  };
}

test('recipients of the receiver take the next route, those of others do not, and all come back when it is over', async (t) => {
  const { table, first, second, question, refuse, close } = await world(t);
  assert.equal(table.decide(question).routeId, first);
  await refuse();
  assert.equal(table.dented('google'), true);
  assert.equal(table.dented('microsoft'), false);
  const decision = table.decide(question);
  assert.equal(decision.routeId, second);
  assert.equal(decision.judgements[0]?.code, 'ip-blocked');
  assert.match(decision.judgements[0]?.because ?? '', /^Gmail: the IP of this account is refused since .+ second takes it meanwhile\.$/);
  assert.equal(table.decide({ ...question, mailboxProvider: 'microsoft' }).routeId, first);
  assert.equal(table.decide(question, first).routeId, second, 'also those that wait in its lane');
  await close();
  assert.equal(table.decide(question).routeId, first);
});

test('nothing is stranded: the only route is taken, and so is the first of two that are refused', async (t) => {
  const { table, first, question, refuse, secondAccount } = await world(t);
  await refuse();
  const alone = table.decide({ ...question, refusedBy: [secondAccount] });
  assert.equal(alone.routeId, first);
  assert.equal(alone.judgements[0]?.code, 'only-way');
  await refuse(secondAccount);
  assert.equal(table.decide(question).routeId, first);
});

test('one recipient at a time tries whether it is over, less often while it is refused', async (t) => {
  const { table, first, second, question, refuse, later } = await world(t);
  await refuse();
  assert.equal(table.probe(question), null, 'it was refused a moment ago');
  later(30_001);
  assert.equal(table.probe(question)?.routeId, first);
  assert.equal(table.probe(question), null, 'only one');
  assert.equal(table.decide(question, first).routeId, first, 'the one that has to wait for its turn in the lane passes');
  assert.equal(table.decide(question, first).routeId, second, 'and nobody after it');
  await refuse();
  later(59_000);
  assert.equal(table.probe(question), null);
  later(1_001);
  assert.equal(table.decide(question, first).routeId, first, 'a recipient that waits in its lane may be the probe too');
  assert.equal(table.probe(question), null);
});

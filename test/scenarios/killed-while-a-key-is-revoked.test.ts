// This file revokes a stolen DKIM key and kills the process after the key was erased and before the next one is made: nothing signs with the old key,
// mail of the strict domain is held, the next start makes the missing key, and once that is seen in DNS mail is signed again.
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import pg from 'pg';
import { startSmtpHost } from '../fakes/smtp-host.ts';
import type { ToPublish } from '../support/changing-zone.ts';
import { inReverse, startDesk } from '../support/desk.ts';
import { until } from '../support/until.ts';
import { zoneServer } from '../support/zone-server.ts';

const NAME = 'theft-club-zone.test';
/** Any number of this test's own. */
const LOCK = 39_001;

type Shown = ToPublish & { purpose: string };

it('erases first, makes the next key after the next start, and never signs with the old one', { timeout: 600_000 }, async () => {
  const end = inReverse({ after });
  const dns = await zoneServer(end, NAME);
  const host = await startSmtpHost();
  end.after(() => host.close());
  const desk = await startDesk(end, { env: dns.env });
  const database = new pg.Client({ connectionString: desk.databaseUrl });
  await database.connect();
  end.after(() => database.end());
  await desk.route([await desk.smarthost(host.port)]);
  const { body: tenant } = await desk.api('POST', '/v1/tenants', { name: 'Theft Club' });
  const { body: key } = await desk.api('POST', `/v1/tenants/${tenant.id}/credentials`, { kind: 'api_key' });
  const { body: domain } = await desk.api('POST', `/v1/tenants/${tenant.id}/domains`, { name: NAME }, key.api_key);
  const url = `/v1/domains/${domain.id}`;
  const publish = (records: Shown[]) =>
    dns.publish(records.map((record) => (record.purpose === 'dmarc' ? { ...record, value: 'v=DMARC1; p=reject' } : record)));
  const withoutReturnPath = (records: Shown[]) => records.filter(({ purpose }) => purpose !== 'return-path');
  const check = async () => {
    await database.query('update sending_domains set asked_at = null');
    return (await desk.api('POST', `${url}/check`, undefined, key.api_key)).body;
  };
  const keysOf = async () => (await desk.api('GET', `${url}/keys`, undefined, key.api_key)).body.data;
  const hand = async (n: number) =>
    (await desk.hand({ from: `info@${NAME}`, to: `member+${n}@club.test`, subject: `${n}`, text: 'x' }, key.api_key)).id;
  const arrived = (n: number) => host.accepted.find(({ rcptTo }) => rcptTo.includes(`member+${n}@club.test`));
  const signedBy = (n: number) => /^DKIM-Signature:[\s\S]*?\bs=([\w-]+);/m.exec(arrived(n)?.mime.toString('latin1') ?? '')?.[1] ?? null;

  publish(withoutReturnPath(domain.records));
  // A name server that answers late is asked again.
  await until(async () => (await check()).authenticated, { what: 'the domain to be proven', everyMs: 1_000 });
  await hand(1);
  await until(async () => arrived(1) !== undefined, { what: 'the first mail' });
  const [stolen] = await keysOf();
  assert.equal(signedBy(1), stolen.selector);

  // From here on a new key cannot be stored, so the process stands between the two steps.
  await database.query(`create function wait_for_test() returns trigger language plpgsql as
    $$ begin perform pg_advisory_xact_lock(${LOCK}); return new; end $$`);
  await database.query('create trigger wait_for_test before insert on dkim_keys for each row execute function wait_for_test()');
  await database.query('select pg_advisory_lock($1)', [LOCK]);
  const asked = desk.api('POST', `${url}/keys/${stolen.id}/revoke`, undefined, key.api_key).catch(() => null);
  const waits = `select from pg_locks where locktype = 'advisory' and objid = ${LOCK} and not granted`;
  await until(async () => (await database.query(waits)).rowCount === 1, { what: 'the next key to wait for its place' });
  await desk.kill('SIGKILL');
  await asked;
  const { rows } = await database.query('select state, private_key from dkim_keys where domain_id = $1', [domain.id]);
  assert.deepEqual(rows, [{ state: 'revoked', private_key: null }], 'the key is gone, and there is no other');
  await database.query('drop trigger wait_for_test on dkim_keys');
  await database.query('select pg_advisory_unlock($1)', [LOCK]);

  await desk.start();
  const held = await hand(2);
  await desk.settled(held, ['held']);
  const next = await until(async () => (await keysOf()).find(({ state }: { state: string }) => state === 'new'), {
    what: 'the missing key to be made',
  });
  const { body: shown } = await desk.api('GET', url, undefined, key.api_key);
  const emptied = shown.records.find(({ host: name }: Shown) => name.startsWith(`${stolen.selector}._domainkey.`));
  assert.equal(emptied.value, 'v=DKIM1; p=');
  publish(withoutReturnPath(shown.records));
  await until(async () => (await check()).authenticated, { what: 'the domain to be proven again', everyMs: 1_000 });
  await until(async () => (await keysOf()).some(({ id, state }: { id: string; state: string }) => id === next.id && state === 'active'), {
    what: 'the next key to sign',
  });
  await hand(3);
  await until(async () => arrived(3) !== undefined, { what: 'a mail after that' });
  assert.equal(signedBy(3), next.selector);
  const { body: waiting } = await desk.api('GET', `/v1/messages/${held}`, undefined, key.api_key);
  const released = await desk.api('POST', `/v1/recipients/${waiting.recipients[0].id}/release`, undefined, key.api_key);
  // Its reason has ended, so the desk may have let it go before us.
  assert.ok(released.status === 200 || released.body.code === 'STATE_FORBIDS', JSON.stringify(released.body));
  await until(async () => arrived(2) !== undefined, { what: 'the held mail' });
  assert.equal(signedBy(2), next.selector);
  const { body: events } = await until(
    async () => {
      const answer = await desk.api('GET', '/v1/events?type=domain.key-revoked', undefined, key.api_key);
      return answer.body.data.length > 0 && answer;
    },
    { what: 'the event, which older transactions on the server hold back' },
  );
  assert.deepEqual(
    events.data.map(({ data }: { data: { selector: string } }) => data.selector),
    [stolen.selector],
  );
});

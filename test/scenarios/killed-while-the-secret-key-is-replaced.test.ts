// This file replaces the key that encrypts stored secrets and kills the desk twice on the way: right after the new key was named, and between two transactions
// of the work. The next start goes on where it was; everything that was stored can be used, and what was given out before stays valid.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { createTransport } from 'nodemailer';
import pg from 'pg';
import { STORED_SECRETS } from '../../src/store/stored-secrets.ts';
import { startSmtpHost } from '../fakes/smtp-host.ts';
import { inReverse, startDesk } from '../support/desk.ts';
import { until } from '../support/until.ts';

/** Any number of this test's own. */
const LOCK = 41_001;
/** More than one transaction of the work holds. */
const ENDPOINTS = 120;

it('goes on after each kill, and nothing that was stored or given out is lost', { timeout: 600_000 }, async () => {
  const end = inReverse({ after });
  const host = await startSmtpHost();
  end.after(() => host.close());
  const desk = await startDesk(end);
  const database = new pg.Client({ connectionString: desk.databaseUrl });
  await database.connect();
  end.after(() => database.end());
  await desk.route([await desk.smarthost(host.port)]);
  const club = await desk.tenant('Club', { name: 'keys-club.test' });
  const { console_login: login, console_password: password } = desk.bootstrap;
  const session = await desk.api('POST', '/v1/session', { login, password }, null);
  const cookie = (session.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  for (let n = 0; n < ENDPOINTS; n += 1) {
    const { status } = await desk.api(
      'POST',
      '/v1/webhook-endpoints',
      { url: `https://hooks.club.example/${n}`, types: ['opened'] },
      club.key,
    );
    assert.equal(status, 201);
  }
  const hand = async (n: number) => {
    await desk.hand({ from: 'info@keys-club.test', to: `member+${n}@club.test`, subject: `${n}`, text: 'x' }, club.key);
    return until(() => host.accepted.find(({ rcptTo }) => rcptTo.includes(`member+${n}@club.test`)), { what: `mail ${n} to arrive` });
  };
  const { mailFrom } = await hand(1);
  const lines = () => readFileSync(join(desk.dataDir, 'secret.key'), 'utf8').trim().split('\n').length;
  const status = async () => (await desk.api('GET', '/v1/secret-keys?check=true')).body;
  const before = await status();
  assert.deepEqual([before.keys.length, before.keys[0].state, before.replacement, before.unreadable], [1, 'writing', null, []]);

  // The last endpoint cannot be written, so the work stands between two of its transactions.
  await database.query(`create function wait_for_test() returns trigger language plpgsql as
    $$ begin perform pg_advisory_xact_lock(${LOCK}); return new; end $$`);
  await database.query(`create trigger wait_for_test before update of secret on webhook_endpoints for each row
    when (new.url = 'https://hooks.club.example/${ENDPOINTS - 1}') execute function wait_for_test()`);
  await database.query('select pg_advisory_lock($1)', [LOCK]);

  assert.equal((await desk.api('POST', '/v1/secret-keys/rotate')).status, 202);
  await desk.kill('SIGKILL');
  assert.equal(lines(), 2);

  await desk.start();
  const waits = `select from pg_locks where locktype = 'advisory' and objid = ${LOCK} and not granted`;
  await until(async () => (await database.query(waits)).rowCount === 1, {
    what: 'the work to wait for the last endpoint',
  });
  await desk.kill('SIGKILL');
  const half = await database.query<{ key: string }>(`select distinct key from (${STORED_SECRETS}) stored where key is not null`);
  assert.equal(half.rowCount, 2, 'some are encrypted with the new key, some with the old one');
  await database.query('drop trigger wait_for_test on webhook_endpoints');
  await database.query('select pg_advisory_unlock($1)', [LOCK]);

  await desk.start();
  const done = await until(
    async () => {
      const now = await status();
      return now.replacement === null && now;
    },
    { what: 'the replacement to end' },
  );
  assert.deepEqual(
    done.keys.map(({ state, secrets }: { state: string; secrets: number }) => [state, secrets > ENDPOINTS]),
    [
      ['retired', false],
      ['writing', true],
    ],
  );
  assert.deepEqual(done.unreadable, []);

  await hand(2);
  assert.equal((await desk.api('GET', '/v1/session', undefined, null, { cookie })).status, 200, 'whoever was logged in still is');
  const inbound = createTransport({ host: '127.0.0.1', port: desk.bootstrap.inbound_port, ignoreTLS: true });
  const report = (to: string) =>
    inbound.sendMail({ envelope: { from: '', to }, raw: `Subject: away\r\nTo: ${to}\r\nAuto-Submitted: auto-replied\r\n\r\nx\r\n` });
  await report(mailFrom);
  await assert.rejects(report(mailFrom.replace(/^b-(.)/, (_, first) => `b-${first === 'a' ? 'b' : 'a'}`)), { responseCode: 550 });

  assert.equal((await desk.api('DELETE', `/v1/secret-keys/${done.keys[0].id}`)).status, 200);
  assert.equal(lines(), 1);
  await desk.stop();
  await desk.start();
  await hand(3);
});

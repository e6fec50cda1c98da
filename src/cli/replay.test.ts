import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { testDatabase } from '../../test/support/database.ts';
import { httpDesk } from '../../test/support/http-desk.ts';
import { systemClock } from '../clock.ts';
import { idFloor, idMint } from '../ids.ts';
import { makeKeys } from '../store/keys.ts';
import { createProviderAccount } from '../store/provider-accounts.ts';
import { replayCommand } from './replay.ts';

const HOUR_MS = 3_600_000;

/** Runs a command line against a database; answers its JSON. */
async function replay(databaseUrl: string, ...args: string[]): Promise<Record<string, unknown>> {
  return JSON.parse(await said({ DATABASE_URL: databaseUrl }, ...args, '--json'));
}

async function said(env: Record<string, string>, ...args: string[]): Promise<string> {
  const out: string[] = [];
  const write = (text: string) => out.push(text) > 0;
  const status = await replayCommand.run(args, { stdin: Readable.from([]), stdout: { write }, stderr: { write }, env, cwd: tmpdir() });
  assert.equal(status, 0);
  return out.join('');
}

test('Raw webhooks of a time and an account go back into their queue, parked ones too', async (t) => {
  const { pool, url } = await testDatabase(t);
  const ids = idMint(systemClock);
  const keys = makeKeys(Buffer.alloc(32, 7));
  const account = (name: string) =>
    createProviderAccount(pool, keys, { id: ids.next(), poolId: ids.next(), name, provider: 'sparkpost', settings: {}, secret: {} });
  const [mine, other] = [await account('SparkPost EU'), await account('Other')];
  const nowMs = systemClock.nowMs();
  const store = (accountId: string, ageHours: number) =>
    pool.query(`insert into webhook_requests (id, account_id, method, url, headers, body) values ($1, $2, 'POST', '/', '{}', 'x')`, [
      idFloor(nowMs - ageHours * HOUR_MS).replace('-8000-', '-8abc-'),
      accountId,
    ]);
  await store(mine.id, 1);
  await store(mine.id, 3);
  await store(mine.id, 50);
  await store(other.id, 2);
  await pool.query(
    `insert into webhook_queue (id, account_id, tries, due_at, error) select id, account_id, 5, 'infinity', 'unreadable'
    from webhook_requests where account_id = $1`,
    [other.id],
  );

  assert.equal((await replay(url, 'webhooks'))['replayed'], 3, 'the last day, by default');
  const { rows: due } = await pool.query('select tries, due_at <= now() as due from webhook_queue where account_id = $1', [other.id]);
  assert.deepEqual(due, [{ tries: 0, due: true }]);
  await pool.query('delete from webhook_queue');
  assert.equal((await replay(url, 'webhooks', '--account', 'SparkPost EU'))['replayed'], 2);
  await pool.query('delete from webhook_queue');
  const range = ['--from', new Date(nowMs - 60 * HOUR_MS).toISOString(), '--to', new Date(nowMs - 2.5 * HOUR_MS).toISOString()];
  assert.equal((await replay(url, 'webhooks', '--account', mine.id, ...range))['replayed'], 2);
  assert.match(await said({ DATABASE_URL: url }, 'webhooks', ...range), /^2 webhook requests since .* are read again\.\n$/);
  await assert.rejects(replay(url, 'webhooks', '--account', 'Nobody'), { code: 'NOT_FOUND', hint: /SparkPost EU, Other/ });
});

test('Inbound mails go back into their queue', async (t) => {
  const { pool, url } = await testDatabase(t);
  const ids = idMint(systemClock);
  for (let n = 0; n < 3; n += 1)
    await pool.query(`insert into inbound_mails (id, mail_from, rcpt_to, raw) values ($1, '', 'b-x@returns.example', 'x')`, [ids.next()]);
  assert.equal((await replay(url, 'inbound'))['replayed'], 3);
  const { rows } = await pool.query('select count(*)::int as waiting from inbound_queue where due_at <= now()');
  assert.deepEqual(rows, [{ waiting: 3 }]);
});

test('What cannot be meant is refused before anything is touched', async () => {
  const url = 'postgresql://nobody@127.0.0.1:1/none';
  const cases: [string[], string][] = [
    [[], 'CLI_USAGE'],
    [['everything'], 'CLI_USAGE'],
    [['inbound', '--account', 'x'], 'CLI_USAGE'],
    [['webhooks', '--from', 'yesterday'], 'CLI_USAGE'],
    [['webhooks', '--from', '2026-13-40'], 'CLI_USAGE'],
    [['webhooks', '--from', '2026-11-20', '--to', '2026-11-19'], 'CLI_USAGE'],
    [['webhooks', '--all'], 'CLI_USAGE'],
    [['tenant-webhooks'], 'CLI_USAGE'],
    [['tenant-webhooks', 'x', '--all'], 'CLI_USAGE'],
    [['tenant-webhooks', 'x', '--account', 'y'], 'CLI_USAGE'],
    [['tenant-webhooks', 'x', '--url', 'http://127.0.0.1:1', '--key', 'k'], 'SERVER_UNREACHABLE'],
    [['webhooks'], 'STORE_UNAVAILABLE'],
  ];
  for (const [args, code] of cases) await assert.rejects(replay(url, ...args), { code }, args.join(' '));
});

test('Tenant webhooks are replayed through the API, with the key of the first start', async (t) => {
  const desk = await httpDesk(t);
  const club = await desk.tenant('Rowing Club');
  const { body: endpoint } = await desk.ask('POST', '/v1/webhook-endpoints', { key: club.key, body: { url: 'https://club.example/hook' } });
  const [first, second] = [desk.deps.ids.next(), desk.deps.ids.next()];
  const die = () =>
    desk.pool.query(
      `insert into webhook_deliveries (tenant_id, id, endpoint_id, event_txid, event_id, payload, state, tries)
       select $1, id, $2, '1', id, '{}', 'dead', 11 from unnest($3::uuid[]) as t(id) on conflict (id) do update set state = 'dead'`,
      [club.id, endpoint.id, [first, second]],
    );
  await die();
  const address = await desk.app.listen({ port: 0, host: '127.0.0.1' });
  const folder = mkdtempSync(join(tmpdir(), 'packetboat-replay-'));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'bootstrap.json'), JSON.stringify({ http_url: address, operator_key: desk.operatorKey }));
  const json = async (...args: string[]) => JSON.parse(await said({}, 'tenant-webhooks', ...args, '--data-dir', folder, '--json')).data;

  assert.deepEqual(await json(endpoint.id, '--delivery', first), [{ endpoint_id: endpoint.id, replayed: 1, rewound: false }]);
  assert.deepEqual(await json('--all'), [{ endpoint_id: endpoint.id, replayed: 1, rewound: false }]);
  assert.deepEqual(await json('--all', '--tenant', club.id), []);
  assert.deepEqual(await json('--all', '--tenant', 'rowing club'), []);
  await assert.rejects(json('--all', '--tenant', 'Nobody'), { code: 'NOT_FOUND', hint: /packetboat tenants/ });
  assert.deepEqual(await json(endpoint.id, '--from', '2026-11-01'), [{ endpoint_id: endpoint.id, replayed: 0, rewound: false }]);
  await die();
  assert.equal(
    await said({}, 'tenant-webhooks', endpoint.id, '--url', address, '--key', club.key),
    `${endpoint.id}  2 dead letters try again.\n`,
  );
  const stranger = await desk.tenant('Choir');
  await assert.rejects(json(endpoint.id, '--key', stranger.key), { code: 'NOT_FOUND' });
});

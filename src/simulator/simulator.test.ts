import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { simulateCommand } from '../cli/simulate.ts';
import { FATES } from './fates.ts';
import { list, record } from './json.ts';
import { readSimulatorFile } from './ports.ts';
import { post, sampleMime, smtpSend, startDesk, startWorld } from './test-kit.ts';

const folders: string[] = [];
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'packetboat-sim-'));
  folders.push(path);
  return path;
}

describe('A simulator that comes back', () => {
  it('listens at the same addresses and still knows accounts, keys and webhooks', async () => {
    const dataDir = folder();
    const first = await startWorld({ dataDir });
    first.simulator.accounts.sparkpost.verifyDomain('club.test');
    first.simulator.registerWebhook(first.simulator.accounts.mandrill, { url: first.desk.url, key: 'kept' });
    first.simulator.accounts['elastic-email'].suppress('listed@mailbox.test', 'Bounce');
    first.simulator.configure({ provider: 'smtp', key: 'club', password: 'geheim', quota: { daily: 5 } });
    await first.close();
    const second = await startWorld({ dataDir });
    assert.equal(second.simulator.httpUrl, first.simulator.httpUrl);
    assert.equal(second.simulator.smtpPort, first.simulator.smtpPort);
    assert.deepEqual(second.simulator.accounts.mandrill.settings, first.simulator.accounts.mandrill.settings);
    assert.deepEqual(second.simulator.accounts.mandrill.secret, first.simulator.accounts.mandrill.secret);
    const accounts = list(second.simulator.status()['accounts']).map(record);
    assert.deepEqual(accounts.find((one) => one['provider'] === 'sparkpost')?.['verified_domains'], ['club.test']);
    assert.equal(list(accounts.find((one) => one['provider'] === 'mandrill')?.['webhooks']).length, 1);
    assert.equal(accounts.find((one) => one['provider'] === 'elastic-email')?.['suppressed'], 1);
    await second.close();
  });

  it('tells what it had not told, and nothing twice that was taken', async () => {
    const dataDir = folder();
    const desk = await startDesk();
    // Refused until the restart: the first events stay open.
    desk.statuses.push(...Array.from({ length: 50 }, () => 503));
    const first = await startWorld({ dataDir, inbound: desk.inbound });
    const account = first.simulator.accounts.sparkpost;
    account.verifyDomain('club.test');
    first.simulator.registerWebhook(account, { url: desk.url });
    const content = { email_rfc822: sampleMime('member@mailbox.test').toString() };
    const body = { recipients: [{ address: 'complaint@mailbox.test', metadata: { pm_rcpt: 'r1' } }], content };
    await post(`${account.settings['base_url']}/transmissions`, body, { authorization: account.key });
    await smtpSend(first.simulator.smtpPort, { from: 'b-slow@returns.test', to: 'late-bounce-1@mailbox.test' });
    await desk.until(() => (desk.requests.length > 0 ? true : undefined));
    await first.close();
    desk.statuses.length = 0;
    desk.requests.length = 0;
    const second = await startWorld({ dataDir, inbound: desk.inbound });
    await second.simulator.idle();
    const events = desk.requests.flatMap((request) =>
      list(JSON.parse(request.body))
        .flatMap((one) => Object.values(record(record(one)['msys'])))
        .map(record),
    );
    assert.deepEqual(events.map((event) => event['type']).sort(), ['delivery', 'injection', 'spam_complaint']);
    assert.ok(events.every((event) => record(event['rcpt_meta'])['pm_rcpt'] === 'r1'));
    assert.deepEqual(
      desk.reports.map((one) => one.to),
      ['b-slow@returns.test'],
    );
    await second.close();
    assert.equal(readFileSync(join(dataDir, 'simulator-state.jsonl'), 'utf8').includes('late-bounce-1@mailbox.test'), true);
    const third = await startWorld({ dataDir, inbound: desk.inbound });
    assert.equal(third.simulator.status()['on_the_way'], 0);
    await third.close();
    await desk.close();
  });

  it('reads past torn lines and lines of others', async () => {
    const dataDir = folder();
    const account = { provider: 'smtp', key: 'club', password: 'p', webhooks: [], quota: {} };
    const lines = [
      'nonsense',
      '{}',
      '["a",{"provider":"nobody","key":"x"}]',
      JSON.stringify(['a', account]),
      '["e","none"]',
      '["s","none",3]',
      '["j",{"id',
    ];
    writeFileSync(join(dataDir, 'simulator-state.jsonl'), lines.join('\n'));
    const world = await startWorld({ dataDir });
    assert.ok(list(world.simulator.status()['accounts']).some((one) => record(one)['key'] === 'club…'));
    await world.close();
  });

  it('takes other ports when somebody sits on the old ones, unless they were asked for', async () => {
    const dataDir = folder();
    const first = await startWorld({ dataDir });
    const second = await startWorld({ dataDir });
    assert.notEqual(second.simulator.smtpPort, first.simulator.smtpPort);
    assert.notEqual(second.simulator.httpUrl, first.simulator.httpUrl);
    await assert.rejects(startWorld({ ports: { smtp: first.simulator.smtpPort } }), { code: 'PORT_IN_USE' });
    await assert.rejects(startWorld({ host: '0.0.0.0' }), { code: 'CONFIG_INVALID' });
    await first.close();
    await second.close();
  });
});

describe('packetboat simulate', () => {
  let world: Awaited<ReturnType<typeof startWorld>>;
  let dataDir = '';
  before(async () => {
    dataDir = folder();
    world = await startWorld({ dataDir });
  });
  after(() => world.close());

  async function run(...args: string[]): Promise<{ status: number; out: string; err: string }> {
    const out: string[] = [];
    const err: string[] = [];
    const into = (lines: string[]) => ({ write: (text: string) => lines.push(text) > 0 });
    const env = { PACKETBOAT_DATA_DIR: dataDir };
    const status = await simulateCommand.run(args, { stdout: into(out), stderr: into(err), env, cwd: '/' });
    return { status, out: out.join(''), err: err.join('') };
  }

  it('lists the fates, running or not', async () => {
    const { status, out } = await run('fates', '--json');
    assert.equal(status, 0);
    assert.equal(list(record(JSON.parse(out))['data']).length, FATES.length + 1);
    assert.match((await run('fates')).out, /^bounce, unknown-user {2}Refused for good/m);
  });

  it('says what the simulator is doing', async () => {
    const { out } = await run('status');
    assert.match(out, new RegExp(`answers at ${world.simulator.httpUrl};`));
    assert.equal(record(JSON.parse((await run('status', '--json')).out))['http_url'], world.simulator.httpUrl);
  });

  it('shows what arrived', async () => {
    assert.match((await run('mailbox', 'cli@mailbox.test')).out, /Nothing has arrived/);
    await smtpSend(world.simulator.smtpPort, { from: 'b@returns.test', to: 'cli@mailbox.test' });
    await world.simulator.idle();
    assert.match((await run('mailbox', 'cli@mailbox.test')).out, /inbox +smtp +b@returns\.test +Hello there/);
    assert.ok((await run('mailbox', 'cli@mailbox.test', '--raw')).out.endsWith(sampleMime('cli@mailbox.test').toString()));
    const [mail] = list(record(JSON.parse((await run('mailbox', 'cli@mailbox.test', '--json')).out))['data']).map(record);
    assert.deepEqual([mail?.['folder'], mail?.['subject'], mail?.['raw']], ['inbox', 'Hello there', undefined]);
  });

  it('begins and ends outages', async () => {
    const begun = await run('outage', 'sparkpost', '--for', '60s', '--json');
    assert.deepEqual([begun.status, record(JSON.parse(begun.out))['kind']], [0, 'down']);
    assert.match((await run('outage', 'smtp', '--for', '1m', '--kind', 'slow', '--delay', '200ms')).out, /^smtp is out \(slow\) until /);
    assert.deepEqual(
      world.simulator.outages().map((one) => [one.provider, one.kind, one.delayMs, one.untilMs - one.sinceMs]),
      [
        ['sparkpost', 'down', 5_000, 60_000],
        ['smtp', 'slow', 200, 60_000],
      ],
    );
    assert.match((await run('status')).out, /sparkpost is out \(down\)/);
    assert.equal((await run('outage', 'smtp', '--end')).out, 'Ended: smtp.\n');
    assert.deepEqual(JSON.parse((await run('outage', 'all', '--end', '--json')).out), { ended: ['sparkpost'] });
  });

  for (const [args, expected] of [
    [[], /Say what to do/],
    [['nothing'], /no "simulate nothing"/],
    [['outage'], /Name the provider/],
    [['outage', 'sendgrid', '--for', '1s'], /"sendgrid" is not simulated/],
    [['outage', 'smtp'], /Say how long/],
    [['outage', 'smtp', '--for', 'soon'], /no time span/],
    [['outage', 'smtp', '--for', '1s', '--kind', 'fire'], /"fire" is no kind/],
    [['mailbox'], /Name the mailbox/],
    [['status', '--nonsense'], /--nonsense/],
    [['status', 'a', 'b'], /too much/],
  ] as const) {
    it(`explains what is wrong with "${args.join(' ')}"`, async () => {
      const { status, out, err } = await run(...args);
      assert.deepEqual([status, out], [2, '']);
      assert.match(err, /\(CLI_USAGE\)/);
      assert.match(err, expected);
    });
  }

  it('passes on what the simulator refuses, and says so when none is running', async () => {
    const long = await run('outage', 'smtp', '--for', '100h');
    assert.equal(long.status, 1);
    assert.match(long.err, /\(LIMIT_EXCEEDED\)/);
    const empty = folder();
    const none = await run('status', '--data-dir', empty);
    assert.equal(none.status, 1);
    assert.match(none.err, /^The simulator is not running\. .*\(SERVER_UNREACHABLE\)[\s\S]*npm start/);
    const gone = { http_url: 'http://127.0.0.1:9', smtp_port: 9, control_token: 'x' };
    writeFileSync(join(empty, 'simulator.json'), JSON.stringify(gone));
    assert.match((await run('status', '--data-dir', empty)).err, /Nothing answers/);
    writeFileSync(join(empty, 'simulator.json'), JSON.stringify({ ...gone, http_url: world.simulator.httpUrl }));
    assert.match((await run('status', '--data-dir', empty)).err, /Another simulator/);
  });

  it('is controlled only by who knows the token of simulator.json, which only its owner can read', async () => {
    assert.equal(statSync(join(dataDir, 'simulator.json')).mode & 0o777, 0o600);
    const file = readSimulatorFile(dataDir);
    assert.ok(file !== null && file.controlToken.length > 30);
    for (const token of ['', 'Bearer wrong', `Bearer ${file.controlToken}x`]) {
      const answer = await post(`${file.httpUrl}/simulator/outages`, { provider: 'smtp', for_ms: 1_000 }, { authorization: token });
      assert.deepEqual([answer.status, answer.body['code']], [401, 'AUTH_INVALID']);
    }
    const authorization = `Bearer ${file.controlToken}`;
    for (const [body, code] of [
      [{ provider: 'nobody', for_ms: 1 }, 'REQUEST_INVALID'],
      [{ provider: 'smtp' }, 'REQUEST_INVALID'],
      [{ provider: 'smtp', for_ms: 1, kind: 'fire' }, 'REQUEST_INVALID'],
    ] as const) {
      assert.equal((await post(`${file.httpUrl}/simulator/outages`, body, { authorization })).body['code'], code);
    }
    assert.equal((await post(`${file.httpUrl}/simulator/nothing`, {}, { authorization })).status, 404);
    assert.deepEqual(world.simulator.outages(), []);
    const own = String(world.simulator.accounts.sparkpost.settings['base_url']).replace('/sparkpost/api/v1', '/simulator/status');
    assert.equal((await fetch(own, { headers: { authorization } })).status, 404);
  });
});

describe('docs/SIMULATOR.md', () => {
  it('lists every fate with its sentence, and no other', () => {
    const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'SIMULATOR.md'), 'utf8');
    const rows = [...page.matchAll(/^\| `([a-z-]+)`((?:, `[a-z-]+`)*) \| (.+?) \| (.*?) \|$/gm)];
    const written = rows.map(([, name, aliases = '', sentence, number]) => [
      name,
      [...aliases.matchAll(/`([a-z-]+)`/g)].map((one) => one[1]),
      sentence,
      number,
    ]);
    assert.deepEqual(
      written,
      FATES.map((fate) => [fate.name, fate.aliases ?? [], fate.sentence, fate.number ?? '']),
    );
  });
});

// This file holds the checks of ourselves against small internets, real doors on loopback, and a real database that keeps the result.
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeCertificate } from '../../test/fakes/certificate.ts';
import { testDatabase } from '../../test/support/database.ts';
import { type Zone, zoneLookup } from '../../test/support/zone.ts';
import { LANGUAGES } from '../language.ts';
import { silentLog } from '../log.ts';
import { checkOurselves, type DeskFacts, makeSelfCheckDesk, type OurNames, readSelfChecks } from './check-ourselves.ts';
import { checkHttpsDoor, checkSmtpCertificate } from './self-checks/check-certificates.ts';
import { type GreetingOf, makeGreetingOf } from './self-checks/probes.ts';
import { SELF_CHECK_CODES, selfCheckWords } from './self-checks/words.ts';

const DAY_MS = 86_400_000;
const NOW_MS = Date.UTC(2026, 10, 22);
const OURS: OurNames = {
  hostname: 'desk.platform.example',
  returnPathHost: 'returns.platform.example',
  reportHost: null,
  dkimZone: 'dkim.platform.example',
  dkimNameServers: ['desk.platform.example'],
  spfInclude: null,
  sendingIps: ['192.0.2.25'],
  publicUrl: null,
  tlsFiles: null,
  httpsDoor: null,
};
const GOOD: Zone = {
  '25.2.0.192.in-addr.arpa': { PTR: ['desk.platform.example'] },
  'desk.platform.example': { A: ['192.0.2.25'] },
  'returns.platform.example': { MX: [[10, 'desk.platform.example']], TXT: ['v=spf1 ip4:192.0.2.25 -all'] },
  'any-customer.example._report._dmarc.returns.platform.example': { TXT: ['v=DMARC1;'] },
  'dkim.platform.example': { NS: ['desk.platform.example'] },
};
const REWRITING_KEY = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .publicKey.export({ format: 'der', type: 'spki' })
  .toString('base64');
const REWRITING = {
  domain: 'club-mail.example',
  days: 3,
  keys: [{ selector: 'pbr1', state: 'active' as const, public_key: REWRITING_KEY, compromised: false }],
};
const REWRITING_ZONE: Zone = {
  'pbr1._domainkey.club-mail.example': { TXT: [`v=DKIM1; k=rsa; p=${REWRITING_KEY}`] },
  '_dmarc.club-mail.example': { TXT: ['v=DMARC1; p=reject; adkim=r; aspf=r'] },
  '*.club-mail.example': { MX: [[10, 'desk.platform.example']] },
};
const FACTS: DeskFacts = { clockOffsetMs: 3, agedKeys: 0, rewritingKey: null, accounts: [] };
const greeting =
  (line: string): GreetingOf =>
  async () => ({ ok: true, line });

interface World {
  readonly names?: Partial<OurNames>;
  readonly zone?: Zone;
  readonly facts?: Partial<DeskFacts>;
  readonly greetingOf?: GreetingOf;
}

async function look({
  names = {},
  zone = {},
  facts = {},
  greetingOf = greeting('220 desk.platform.example ESMTP'),
}: World): Promise<string[]> {
  const checks = await checkOurselves(
    {
      names: { ...OURS, ...names },
      lookup: zoneLookup({ ...GOOD, ...zone }),
      clock: { nowMs: () => NOW_MS },
      greetingOf,
      certificateOf: async () => ({ ok: false, message: 'nobody is asked here' }),
    },
    { ...FACTS, ...facts },
  );
  return checks.map(({ state, code, subject }) => `${state} ${code} ${subject}`);
}

test('a desk at which everything is right', async () => {
  assert.deepEqual(
    (await look({})).filter((line) => !line.startsWith('ok ')),
    ['note certificate-none desk.platform.example'],
  );
});

const PTR = '25.2.0.192.in-addr.arpa';
const RETURNS = GOOD['returns.platform.example'];
const WRONG: readonly [says: string, world: World, line: string][] = [
  ['no reverse DNS', { zone: { [PTR]: {} } }, 'problem ptr-missing 192.0.2.25'],
  [
    'a name that does not lead back',
    { zone: { [PTR]: { PTR: ['other.example'] }, 'other.example': { A: ['192.0.2.99'] } } },
    'problem ptr-not-confirmed 192.0.2.25',
  ],
  [
    'a generic name',
    { zone: { [PTR]: { PTR: ['host-192-0-2-25.isp.example'] }, 'host-192-0-2-25.isp.example': { A: ['192.0.2.25'] } } },
    'warning ptr-generic 192.0.2.25',
  ],
  [
    'a dynamic name',
    { zone: { [PTR]: { PTR: ['dsl-7.isp.example'] }, 'dsl-7.isp.example': { A: ['192.0.2.25'] } } },
    'warning ptr-generic 192.0.2.25',
  ],
  ['reverse DNS without an answer', { zone: { [PTR]: { fails: true } } }, 'unknown no-answer 192.0.2.25'],
  ['a name said in SMTP without address', { zone: { 'desk.platform.example': {} } }, 'problem helo-missing desk.platform.example'],
  [
    'a name said in SMTP that leads elsewhere',
    { zone: { 'desk.platform.example': { A: ['192.0.2.99'] } } },
    'warning helo-elsewhere desk.platform.example',
  ],
  [
    'return paths without MX',
    { zone: { 'returns.platform.example': { TXT: ['v=spf1 ip4:192.0.2.25 -all'] } } },
    'problem return-path-no-mx returns.platform.example',
  ],
  [
    'another server at the MX',
    { greetingOf: greeting('220 mx.hoster.example ESMTP') },
    'problem return-path-elsewhere returns.platform.example',
  ],
  [
    'nobody at the MX',
    { greetingOf: async () => ({ ok: false, message: 'no answer' }) },
    'unknown return-path-closed returns.platform.example',
  ],
  [
    'return paths without SPF',
    { zone: { 'returns.platform.example': { ...RETURNS, TXT: ['other'] } } },
    'problem return-path-spf-missing returns.platform.example',
  ],
  [
    'SPF that refuses us',
    { zone: { 'returns.platform.example': { ...RETURNS, TXT: ['v=spf1 ip4:192.0.2.1 -all'] } } },
    'problem return-path-spf-refuses returns.platform.example',
  ],
  [
    'SPF with an error',
    { zone: { 'returns.platform.example': { ...RETURNS, TXT: ['v=spf1 nonsense'] } } },
    'problem return-path-spf-broken returns.platform.example',
  ],
  [
    'reports that nobody is told to write here',
    { zone: { 'any-customer.example._report._dmarc.returns.platform.example': {} } },
    'warning reports-not-authorised returns.platform.example',
  ],
  [
    'a zone that is delegated elsewhere',
    { zone: { 'dkim.platform.example': { NS: ['ns1.hoster.example'] } } },
    'problem zone-not-delegated dkim.platform.example',
  ],
  ['a clock that is off', { facts: { clockOffsetMs: -3_000 } }, 'warning clock-off clock'],
  ['a clock that is far off', { facts: { clockOffsetMs: 60_000 } }, 'problem clock-off clock'],
  ['a young key of the rewriting domain', { facts: { rewritingKey: { ...REWRITING, days: 3 } } }, 'ok rewriting-key-ok club-mail.example'],
  ['an old one', { facts: { rewritingKey: { ...REWRITING, days: 366 } } }, 'warning rewriting-key-old club-mail.example'],
  ['none', { facts: { rewritingKey: { ...REWRITING, days: null } } }, 'problem rewriting-key-missing club-mail.example'],
  [
    'the records of the rewriting domain',
    { facts: { rewritingKey: REWRITING }, zone: REWRITING_ZONE },
    'ok rewriting-records-ok club-mail.example',
  ],
  ['a rewriting domain without its records', { facts: { rewritingKey: REWRITING } }, 'problem rewriting-records-missing club-mail.example'],
  [
    'a rewriting domain that is not answered about',
    { facts: { rewritingKey: REWRITING }, zone: { ...REWRITING_ZONE, '_dmarc.club-mail.example': { fails: true } } },
    'note no-answer club-mail.example',
  ],
  ['old keys', { facts: { agedKeys: 3 } }, 'warning keys-old DKIM'],
  ['no address is known', { names: { sendingIps: [] } }, 'note addresses-unknown desk.platform.example'],
  [
    'the smarthost stands in',
    {
      names: { sendingIps: [] },
      zone: { 'out.hoster.example': { A: ['192.0.2.25'] }, [PTR]: {} },
      facts: { accounts: [{ name: 'Smarthost', provider: 'smtp', settings: { host: 'out.hoster.example' }, simulated: false }] },
    },
    'problem ptr-missing 192.0.2.25',
  ],
  [
    'names of the simulator',
    { names: { hostname: 'desk.packetboat.test', returnPathHost: 'returns.packetboat.test' } },
    'note names-of-the-simulator returns.packetboat.test',
  ],
  [
    'a public address that cannot be reached',
    { names: { publicUrl: 'https://mail.platform.example' } },
    'unknown certificate-unreadable https://mail.platform.example',
  ],
];

for (const [says, world, line] of WRONG) {
  test(`found: ${says}`, async () => {
    const lines = await look(world);
    assert.ok(lines.includes(line), lines.join('\n'));
  });
}

test('certificates are judged by the days they have left and the name they are for', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'packetboat-certificate-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = (days: number, names = ['desk.platform.example']) => {
    const files = { certificate: join(folder, `${days}-${names[0]}.pem`), key: join(folder, `${days}-${names[0]}.key`) };
    const made = makeCertificate({ names, notBeforeMs: NOW_MS - 400 * DAY_MS, notAfterMs: NOW_MS + days * DAY_MS + DAY_MS / 2 });
    writeFileSync(files.certificate, made.cert);
    writeFileSync(files.key, made.key);
    return files;
  };
  const judged = (days: number, names?: string[]) => {
    const files = file(days, names);
    const check = checkSmtpCertificate(files, 'desk.platform.example', NOW_MS);
    assert.deepEqual(checkHttpsDoor({ files, name: 'desk.platform.example' }, NOW_MS), [check], 'both doors are judged alike');
    return check;
  };
  assert.deepEqual(
    [judged(60), judged(13), judged(2), judged(-3), judged(60, ['other.example'])].map(({ state, code }) => `${state} ${code}`),
    ['ok certificate-ok', 'warning certificate-ends', 'problem certificate-ends', 'problem certificate-ended', 'warning certificate-name'],
  );
  const [one, two] = [file(60), file(61)];
  const code = (files: { certificate: string; key: string }) => checkSmtpCertificate(files, 'desk.platform.example', NOW_MS).code;
  assert.equal(code({ ...one, certificate: join(folder, 'gone.pem') }), 'certificate-unreadable');
  assert.equal(code({ ...one, key: two.key }), 'certificate-mismatch');
  assert.deepEqual(checkHttpsDoor(null, NOW_MS), [], 'no HTTPS, nothing to say');
  assert.deepEqual(
    checkHttpsDoor({ files: null, name: 'desk.platform.example' }, NOW_MS).map((check) => `${check.state} ${check.code}`),
    ['warning https-certificate-none'],
  );
});

test('the greeting of a real server is read', async (t) => {
  const server = createServer((socket) => socket.end('220 desk.platform.example ESMTP\r\n'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => void server.close());
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  assert.deepEqual(await makeGreetingOf(port)('127.0.0.1'), { ok: true, line: '220 desk.platform.example ESMTP' });
  const silent = createServer();
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const there = silent.address();
  assert.equal((await makeGreetingOf(typeof there === 'object' && there ? there.port : 0, 50)('127.0.0.1')).ok, false);
  silent.close();
});

test('the result is kept, what stays as it was keeps its time, and a day later it is looked again', async (t) => {
  const { pool } = await testDatabase(t);
  let nowMs = NOW_MS;
  const zone: Record<string, Zone[string]> = { ...GOOD, [PTR]: {} };
  const desk = makeSelfCheckDesk({
    pool,
    log: silentLog,
    names: OURS,
    lookup: zoneLookup(zone),
    clock: { nowMs: () => nowMs },
    greetingOf: greeting('220 desk.platform.example'),
    certificateOf: async () => ({ ok: false, message: '' }),
    facts: async () => FACTS,
  });
  const sinceOf = async (code: string) => (await readSelfChecks(pool))?.checks.find((check) => check.code === code)?.since;
  await desk.chore.run();
  nowMs += DAY_MS / 2;
  await desk.chore.run();
  assert.equal((await readSelfChecks(pool))?.checked_at, new Date(NOW_MS).toISOString(), 'not before a day has gone by');
  await desk.run();
  assert.equal((await readSelfChecks(pool))?.checked_at, new Date(nowMs).toISOString());
  assert.equal(await sinceOf('ptr-missing'), new Date(NOW_MS).toISOString());
  nowMs += DAY_MS;
  await desk.chore.run();
  assert.equal((await readSelfChecks(pool))?.checked_at, new Date(nowMs).toISOString());
});

test('every check has its sentences in every language, with nothing left open', () => {
  const facts = { subject: 's', seen: 'x', wanted: 'w', detail: 'd' };
  for (const code of SELF_CHECK_CODES) {
    for (const language of LANGUAGES) {
      const { says, next } = selfCheckWords(code, facts, language);
      assert.match(says, /^[^{}]+\.$/, `${code} ${language}`);
      if (next !== null) assert.doesNotMatch(next, /[{}]/);
    }
  }
});

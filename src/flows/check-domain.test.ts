// This file checks looks at domains against a real database and a zone that changes: what is stored, who is told, and what mail may do then.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changingZone } from '../../test/support/changing-zone.ts';
import { type HttpDesk, httpDesk, platformForTests } from '../../test/support/http-desk.ts';
import { silentLog } from '../log.ts';
import { GRACE_MS } from '../tenancy/domain-state.ts';
import { makeCheckDomain } from './check-domain.ts';
import { checkDomainsChore } from './check-domains.ts';
import { domainView } from './domain-view.ts';

const HOUR_MS = 3_600_000;

/** A desk with an organisation whose domain `club.example` waits for its records. */
async function waiting(t: Parameters<typeof httpDesk>[0]) {
  const zone = changingZone();
  const desk = await httpDesk(t, { lookup: zone.lookup });
  const club = await desk.tenant('Club House');
  const { body: domain } = await desk.ask('POST', `/v1/tenants/${club.id}/domains`, { key: club.key, body: { name: 'club.example' } });
  let nowMs = Date.parse('2027-03-01T09:00:00Z');
  const check = makeCheckDomain({
    pool: desk.pool,
    clock: { nowMs: () => nowMs },
    ids: desk.deps.ids,
    log: silentLog,
    random: () => 0.5,
    lookup: zone.lookup,
    platform: platformForTests,
    rights: desk.deps.rights,
  });
  const look = async () => {
    await check(club.id, domain.id);
    return (await desk.ask('GET', `/v1/domains/${domain.id}`, { key: club.key })).body;
  };
  return { zone, desk, club, domain, look, pass: (ms: number) => (nowMs += ms), check };
}

async function eventsOf(desk: HttpDesk, key: string) {
  const { body } = await desk.ask('GET', '/v1/events?type=domain.verified,domain.warning,domain.broken', { key });
  return body.data.map(({ type, data }: { type: string; data: { was: string; state: string } }) => `${type}: ${data.was} → ${data.state}`);
}

test('a domain goes from pending to verified, loses a record, breaks, and is repaired; everybody is told once', async (t) => {
  const { zone, desk, club, domain, look, pass } = await waiting(t);
  const rights = () => desk.deps.rights.check(club.id, 'a@club.example');
  const nothing = await look();
  assert.deepEqual([nothing.state, nothing.authenticated], ['pending', false]);
  assert.equal(nothing.records.find((record: { id: string }) => record.id === 'ownership').mistake.code, 'not-published');
  assert.equal((await rights()).allowed, false);

  zone.publish(domain.records);
  const verified = await look();
  assert.deepEqual(
    [verified.state, verified.authenticated, verified.records.map((record: { state: string }) => record.state)],
    ['verified', true, ['ok', 'ok', 'ok', 'ok']],
  );
  const may = await rights();
  assert.ok(may.allowed && may.domainAuthenticated);

  zone.publish(domain.records.filter((record: { purpose: string }) => record.purpose !== 'dkim'));
  const warned = await look();
  assert.deepEqual([warned.state, warned.authenticated], ['warning', true]);
  assert.equal(Date.parse(warned.breaks_at) - Date.parse('2027-03-01T09:00:00Z'), GRACE_MS);
  pass(HOUR_MS);
  assert.equal((await look()).breaks_at, warned.breaks_at, 'the grace is not begun anew');
  pass(GRACE_MS);
  const broken = await look();
  assert.deepEqual([broken.state, broken.authenticated], ['broken', false]);
  const after = await rights();
  assert.ok(after.allowed && !after.domainAuthenticated, 'mail goes on, by ways that ask for no proof');

  zone.publish(domain.records);
  const repaired = await look();
  assert.deepEqual([repaired.state, repaired.authenticated, repaired.breaks_at], ['verified', true, null]);
  await look();
  assert.deepEqual(await eventsOf(desk, club.key), [
    'domain.verified: pending → verified',
    'domain.warning: verified → warning',
    'domain.broken: warning → broken',
    'domain.verified: broken → verified',
  ]);
  const { body } = await desk.ask('GET', '/v1/events?type=domain.warning', { key: club.key });
  assert.deepEqual(
    body.data[0].data.records.map((record: { id: string; state: string; mistake: { code: string } }) => [
      record.state,
      record.mistake.code,
    ]),
    [['missing', 'not-published']],
  );
});

test('a domain that counts as verified and was never proven, as the demo one, is no news at every look', async (t) => {
  const { desk, club, domain, look } = await waiting(t);
  await desk.pool.query(`update sending_domains set state = 'verified', vouched = true where id = $1`, [domain.id]);
  for (let times = 0; times < 3; times += 1) assert.equal((await look()).state, 'verified');
  assert.deepEqual(await eventsOf(desk, club.key), []);
});

test('a DNS that is away moves nothing, and what was found stays', async (t) => {
  const { zone, domain, look, pass } = await waiting(t);
  zone.publish(domain.records);
  await look();
  zone.goAway();
  const away = await look();
  assert.deepEqual([away.state, away.authenticated], ['verified', true]);
  assert.ok(
    away.records.every((record: { state: string; found: string[] }) => record.state === 'unreachable' && record.found.length === 1),
  );
  const waitS = (Date.parse(away.next_check_at) - Date.parse('2027-03-01T09:00:00Z')) / 1000;
  assert.equal(waitS, 600, 'it is asked again soon');
  zone.publish(domain.records.filter((record: { purpose: string }) => record.purpose !== 'dkim'));
  await look();
  pass(GRACE_MS);
  zone.goAway();
  assert.equal((await look()).state, 'warning', 'nothing breaks because nobody answers');
});

test('own records are kept and added to, and the return path is used once it is seen', async (t) => {
  const { zone, desk, domain, look } = await waiting(t);
  zone.publish(domain.records, {
    '_dmarc.club.example': { TXT: ['v=DMARC1; p=reject; adkim=s'] },
    'club.example': { NS: ['ns1.dns.example'], MX: [[10, 'mx.club.example']] },
  });
  const seen = await look();
  const dmarc = seen.records.find((record: { id: string }) => record.id === 'dmarc');
  assert.deepEqual([dmarc.state, dmarc.value], ['ok', 'v=DMARC1; p=reject; adkim=s']);
  assert.ok(
    seen.records.some((record: { id: string }) => record.id === 'mta-sts'),
    'it receives mail',
  );
  const host = async () =>
    (await desk.pool.query('select return_path_host as host from sending_domains where id = $1', [domain.id])).rows[0].host;
  assert.equal(await host(), 'bounce.club.example');
  zone.publish(domain.records.filter((record: { purpose: string }) => record.purpose !== 'return-path'));
  assert.equal((await look()).state, 'warning', 'a lost extra is worth a word');
  assert.equal(await host(), null);
});

test('the desk looks by itself at what is due, two nodes share the work, and a dead node gives it back', async (t) => {
  const { zone, desk, club, domain } = await waiting(t);
  zone.publish(domain.records);
  const looked: string[] = [];
  const node = () =>
    checkDomainsChore({
      pool: desk.pool,
      log: silentLog,
      signal: new AbortController().signal,
      check: async (_, id) => {
        looked.push(id);
        return null;
      },
    });
  await desk.pool.query('update sending_domains set next_check_at = null');
  await desk.pool.query("update sending_domains set next_check_at = now() - interval '1 minute' where id = $1", [domain.id]);
  await Promise.all([node().run(), node().run()]);
  assert.deepEqual(looked, [domain.id], 'once, whoever took it');
  await node().run();
  assert.equal(looked.length, 1, 'it is taken until the lease ends');
  await desk.pool.query("update sending_domains set next_check_at = next_check_at - interval '11 minutes'");
  await node().run();
  assert.equal(looked.length, 2, 'the one who took it died');
  assert.ok(club.id);
});

test('a person asks for a look once in ten seconds, and hears in their language what is wrong', async (t) => {
  const { zone, desk, club, domain } = await waiting(t);
  zone.set({});
  const ask = () => desk.ask('POST', `/v1/domains/${domain.id}/check?lang=de`, { key: club.key });
  const first = await ask();
  assert.equal(first.status, 200);
  assert.match(first.body.records[0].mistake.message, /[Ee]intrag|nichts/);
  // However long the first look took.
  await desk.pool.query('update sending_domains set asked_at = now()');
  const again = await ask();
  assert.deepEqual([again.status, again.body.code], [429, 'RATE_LIMITED']);
  assert.match(again.body.hint, /Ask again in \d+ seconds?/);
  await desk.pool.query("update sending_domains set asked_at = now() - interval '11 seconds'");
  assert.equal((await ask()).status, 200);
});

test('instructions are for the host that runs the zone, unless another is asked for', async (t) => {
  const { zone, desk, club, domain, look } = await waiting(t);
  zone.set({ 'club.example': { NS: ['amy.ns.cloudflare.com'] } });
  await look();
  const ask = async (query = '') => (await desk.ask('GET', `/v1/domains/${domain.id}/instructions${query}`, { key: club.key })).body;
  const own = await ask();
  assert.deepEqual(own.host, { id: 'cloudflare', name: 'Cloudflare', detected: true });
  assert.match(own.zone_file, /^bounce\.club\.example\. 3600 IN CNAME returns\.desk\.example\.$/m);
  assert.equal((await ask('?host=ovh&lang=de')).host.id, 'ovh');
  assert.equal((await ask('?host=nobody')).field, 'host');
  const { body: listed } = await desk.ask('GET', '/v1/domains?state=pending&name=CLUB.ex', { key: club.key });
  assert.deepEqual(
    listed.data.map((row: { name: string }) => row.name),
    ['club.example'],
  );
});

test('a name below a domain with a DMARC record inherits it, and its zone is found above', async (t) => {
  const { zone, desk, club } = await waiting(t);
  const { body: domain } = await desk.ask('POST', `/v1/tenants/${club.id}/domains`, { key: club.key, body: { name: 'news.club.example' } });
  const own = domain.records.filter((record: { purpose: string }) => record.purpose !== 'dmarc');
  zone.publish(own, { '_dmarc.club.example': { TXT: ['v=DMARC1; p=quarantine'] }, 'club.example': { NS: ['dns1.registrar-servers.com'] } });
  const { body: seen } = await desk.ask('POST', `/v1/domains/${domain.id}/check`, { key: club.key });
  const dmarc = seen.records.find((record: { id: string }) => record.id === 'dmarc');
  assert.deepEqual([seen.state, dmarc.state, dmarc.found], ['verified', 'ok', ['_dmarc.club.example: v=DMARC1; p=quarantine']]);
  zone.set({ 'club.example': { NS: ['dns1.registrar-servers.com'] } });
  await desk.pool.query("update sending_domains set asked_at = null, sights = '{}'");
  const { body: told } = await desk.ask('GET', `/v1/domains/${domain.id}/instructions`, { key: club.key });
  assert.equal(told.host.id, 'namecheap');
  const step = told.steps.find(({ record_id: id }: { record_id: string | null }) => id === 'return-path');
  assert.equal(step.fields[1].value, 'bounce.news', 'names are relative to the zone, not to the domain');
});

test('text of the DNS is stored harmless: no control characters, of bounded length', async (t) => {
  const { zone, desk, domain, look } = await waiting(t);
  const host = domain.records.find((record: { purpose: string }) => record.purpose === 'ownership').host;
  const many = Array.from({ length: 50 }, (_, n) => `packetboat-domain=${n}\u0000\n${'x'.repeat(5_000)}`);
  zone.set({ [host]: { TXT: many } });
  const seen = await look();
  const { found } = seen.records.find((record: { purpose: string }) => record.purpose === 'ownership');
  assert.ok(found.length === 10 && found.every((text: string) => text.length === 2_000 && !/\p{Cc}/u.test(text)));
  assert.ok(desk);
});

test('a line in the domain’s own SPF record is asked for where accounts need it, and goes into the record that is there', async (t) => {
  const { zone, desk, club, domain } = await waiting(t);
  const platform = () => ({ ...platformForTests(), spfInclude: 'spf.desk.example' });
  const { ids, rights } = desk.deps;
  const clock = { nowMs: () => Date.now() };
  const check = makeCheckDomain({
    ...{ pool: desk.pool, clock, ids, rights, log: silentLog, lookup: zone.lookup, platform },
    random: () => 0.5,
  });
  const ours = { 'spf.desk.example': { TXT: ['v=spf1 ip4:192.0.2.1 -all'] } };
  const spfOf = async (texts: readonly string[]) => {
    zone.publish(domain.records, {
      ...ours,
      'club.example': { TXT: ['google-site-verification=x', ...texts], NS: ['ns1.dns.example'], MX: [[10, 'mx.club.example']] },
    });
    const checked = await check(club.id, domain.id);
    assert.ok(checked);
    const record = domainView(checked, platform()).records.find(({ purpose }) => purpose === 'spf');
    return [record?.state, record?.value, record?.mistake?.code];
  };
  assert.deepEqual(await spfOf([]), ['missing', 'v=spf1 include:spf.desk.example ~all', 'not-published']);
  const merged = 'v=spf1 mx include:spf.desk.example -all';
  assert.deepEqual(await spfOf(['v=spf1 mx -all']), ['different', merged, 'spf-not-included']);
  assert.deepEqual(await spfOf(['v=spf1 mx -all', 'v=spf1 include:spf.desk.example ~all']), ['conflict', merged, 'several-spf']);
  assert.deepEqual(await spfOf([merged]), ['ok', merged, undefined]);
});

// This file holds sending domains at the simulated providers: the adapters keep their contract, and a desk makes a domain known to all three, shows
// their records in one table, and lets mail take an account only once that account has said yes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../../src/clock.ts';
import type { ProviderAdapter } from '../../src/delivery/provider.ts';
import { Secret, silentLog } from '../../src/log.ts';
import { type DomainWorld, describeDomains } from '../../src/providers/domain-contract.ts';
import { elasticEmailAdapter } from '../../src/providers/elastic-email/adapter.ts';
import { mandrillAdapter } from '../../src/providers/mandrill/adapter.ts';
import { sparkpostAdapter } from '../../src/providers/sparkpost/adapter.ts';
import { startSimulator } from '../../src/simulator/simulator.ts';
import { withTenant } from '../../src/store/scope.ts';
import { httpDesk } from '../support/http-desk.ts';

const ADAPTERS = [sparkpostAdapter, elasticEmailAdapter, mandrillAdapter] as const;

async function startWorld() {
  return startSimulator({
    log: silentLog,
    clock: systemClock,
    random: Math.random,
    inbound: { host: '127.0.0.1', port: 9 },
    pace: 0.01,
    accounts: ADAPTERS.map(({ kind }) => ({ provider: kind, key: `sim-${kind}` })),
  });
}

async function openWorld(adapter: ProviderAdapter): Promise<DomainWorld> {
  const simulator = await startWorld();
  // The cast: the adapters of this file are these three.
  const simulated = simulator.accounts[adapter.kind as 'sparkpost' | 'elastic-email' | 'mandrill'];
  const { settings, secret } = adapter.parseAccount({ settings: { ...simulated.settings }, secret: { ...simulated.secret } });
  const key = secret['api_key'] ?? '';
  return {
    adapter,
    account: { id: 'a', name: 'A', provider: adapter.kind, settings, secret: new Secret(secret) },
    publish: (domain) => simulator.configure({ provider: adapter.kind, key, publishedDomains: [domain] }),
    close: () => simulator.close(),
  };
}

for (const adapter of ADAPTERS) describeDomains(adapter.title, () => openWorld(adapter));

test('a domain becomes known to three accounts, and mail takes each from the moment that it says yes', async (t) => {
  const desk = await httpDesk(t);
  const simulator = await startWorld();
  t.after(() => simulator.close());
  const club = await desk.tenant('Club');
  const accounts: Record<string, string> = {};
  for (const { kind } of ADAPTERS) {
    // The cast: as above.
    const { settings, secret } = simulator.accounts[kind as 'sparkpost'];
    const body = { name: `our ${kind}`, provider: kind, settings: { ...settings }, secret: { ...secret } };
    accounts[kind] = (await desk.ask('POST', '/v1/provider-accounts', { body })).body.id;
  }
  const { body: found } = await desk.ask('GET', `/v1/domains?name=${club.domain}`);
  const domain = found.data[0];
  const url = `/v1/domains/${domain.id}/provider-domains`;
  const explain = async () =>
    (await desk.ask('POST', '/v1/route/explain', { body: { tenant_id: club.id, from: `a@${club.domain}`, to: 'x@mailbox.test' } })).body;
  const codes = async () =>
    Object.fromEntries((await explain()).judgements.map((each: { provider: string; code: string }) => [each.provider, each.code]));
  assert.equal((await codes())['sparkpost'], 'chosen', 'nobody asked: an authenticated domain may go anywhere');

  const asked = await desk.ask('POST', url, { body: {} });
  assert.equal(asked.status, 201, JSON.stringify(asked.body));
  assert.deepEqual(
    asked.body.data.map((each: { provider: string; state: string; account: string }) => [each.provider, each.state, each.account]),
    ADAPTERS.map(({ kind }) => [kind, 'pending', `our ${kind}`]),
  );
  await desk.deps.accountsChanged();
  assert.deepEqual(await codes(), {
    sparkpost: 'domain-not-authenticated',
    'elastic-email': 'chosen',
    mandrill: 'domain-not-authenticated',
  });
  const { records } = (await desk.ask('GET', `/v1/domains/${domain.id}`, { key: club.key })).body;
  const shown = records.filter((each: { purpose: string }) => each.purpose === 'provider' || each.purpose === 'spf');
  const hosts = shown
    .map((each: { purpose: string; type: string; host: string }) => `${each.purpose} ${each.type} ${each.host}`)
    .toSorted();
  assert.deepEqual(hosts, [
    `provider CNAME bounces.${club.domain}`,
    `provider CNAME mte1._domainkey.${club.domain}`,
    `provider CNAME mte2._domainkey.${club.domain}`,
    `provider TXT ${club.domain}`,
    `provider TXT sim0001._domainkey.${club.domain}`,
    `spf TXT ${club.domain}`,
  ]);
  const spf = shown.find((each: { purpose: string }) => each.purpose === 'spf');
  assert.equal(spf.value, 'v=spf1 include:_spf.elasticemail.com include:spf.mandrillapp.com ~all', 'one record for all of them');

  simulator.configure({ provider: 'sparkpost', key: 'sim-sparkpost', publishedDomains: [club.domain] });
  const own = (await desk.ask('GET', url, { key: club.key })).body.data;
  assert.ok(!JSON.stringify(own).includes('our ') && own[0].account_id === undefined, 'an organisation sees no accounts');
  const checked = await desk.ask('POST', `${url}/${own[0].id}/check`, { key: club.key });
  assert.deepEqual([checked.status, checked.body.state, checked.body.signing, checked.body.trouble], [200, 'verified', true, null]);
  await desk.deps.accountsChanged();
  assert.equal((await codes())['sparkpost'], 'chosen');
  assert.equal((await desk.ask('POST', `${url}/${accounts['mandrill']}/check`, {})).body.state, 'pending');
  const other = await desk.tenant('Other');
  const rows = (tenantId: string) =>
    withTenant(desk.pool, tenantId, async (db) => (await db.query('select from provider_domains')).rowCount);
  assert.deepEqual([await rows(club.id), await rows(other.id)], [3, 0], 'and the database itself shows it to nobody else');
  assert.equal((await desk.ask('POST', `${url}/${own[0].id}/check`, { key: other.key })).status, 404);
  assert.equal((await desk.ask('GET', url, { key: other.key })).status, 404);
  assert.equal((await desk.ask('POST', url, { key: club.key, body: {} })).status, 403);
});

test('a removed domain goes at the providers too; what does not work stays visible, and what another organisation uses stays', async (t) => {
  const desk = await httpDesk(t);
  const simulator = await startWorld();
  let closed = false;
  const close = async () => {
    if (!closed) await simulator.close();
    closed = true;
  };
  t.after(close);
  const club = await desk.tenant('Club');
  const choir = await desk.tenant('Choir');
  const name = club.domain;
  for (const { kind } of ADAPTERS) {
    // The cast: as above.
    const { settings, secret } = simulator.accounts[kind as 'sparkpost'];
    const body = { name: `our ${kind}`, provider: kind, settings: { ...settings }, secret: { ...secret } };
    await desk.ask('POST', '/v1/provider-accounts', { body });
  }
  const idOf = async (key: string) => (await desk.ask('GET', `/v1/domains?name=${name}`, { key })).body.data[0].id;
  const tell = async (key: string, accounts?: string[]) => {
    const id = await idOf(key);
    const { body } = await desk.ask('POST', `/v1/domains/${id}/provider-domains`, { body: accounts ? { accounts } : {} });
    return { id, accounts: body.data as { provider: string; account_id: string }[] };
  };
  const own = await tell(club.key);
  // The choir sends in the club's name, and one account was told of it for the choir too.
  await desk.ask('POST', `/v1/tenants/${choir.id}/domains`, { body: { name, authenticated: true } });
  const shared = own.accounts.find(({ provider }) => provider === 'mandrill')?.account_id ?? '';
  await tell(choir.key, [shared]);

  const gone = await desk.ask('DELETE', `/v1/domains/${own.id}?at_providers=true`, { key: club.key });
  assert.equal(gone.status, 204, JSON.stringify(gone.body));
  assert.equal((await desk.ask('GET', `/v1/domains/${own.id}`, { key: club.key })).status, 404, 'nobody waits for the providers');
  const listed = async (key?: string) =>
    (await desk.ask('GET', '/v1/provider-domain-removals', key === undefined ? {} : { key })).body.data;
  const states = async () =>
    Object.fromEntries((await listed()).map((row: { provider: string; state: string }) => [row.provider, row.state]));
  assert.deepEqual(await states(), { sparkpost: 'due', 'elastic-email': 'due', mandrill: 'due' });
  assert.ok(!JSON.stringify(await listed(club.key)).includes('our '), 'an organisation sees no accounts');
  assert.deepEqual(await listed(choir.key), []);

  const rows: { id: string; provider: string }[] = await listed(club.key);
  const retry = async (provider: string) => {
    const id = rows.find((row) => row.provider === provider)?.id;
    return desk.ask('POST', `/v1/provider-domain-removals/${id}/retry`, { key: club.key });
  };
  assert.equal((await retry('sparkpost')).body.state, 'removed');
  assert.equal((await retry('sparkpost')).status, 404, 'nothing is left to do there');
  assert.equal((await retry('mandrill')).body.state, 'kept');
  await close();
  const away = (await retry('elastic-email')).body;
  assert.deepEqual([away.state, away.needs_person], ['due', false]);
  assert.ok(away.trouble.length > 0 && Date.parse(away.next_at) > Date.now());
  assert.equal((await listed()).find((row: { provider: string }) => row.provider === 'elastic-email').trouble, away.trouble);
  assert.match(away.trouble, /^Elastic Email gave no answer that counts/);
  const german = (await desk.ask('GET', '/v1/provider-domain-removals?state=due&lang=de', { key: club.key })).body.data;
  assert.match(german[0].trouble, /^Elastic Email gab keine Antwort, die zählt/);
  const forget = `/v1/provider-domain-removals/${rows.find((row) => row.provider === 'elastic-email')?.id}`;
  assert.equal((await desk.ask('DELETE', forget, { key: choir.key })).status, 404);
  assert.equal((await desk.ask('DELETE', forget, { key: club.key })).status, 204);
  assert.deepEqual(await states(), { sparkpost: 'removed', mandrill: 'kept' });
});

test('a domain that is removed here alone leaves nothing to be done', async (t) => {
  const desk = await httpDesk(t);
  const club = await desk.tenant('Club');
  const { id } = (await desk.ask('GET', '/v1/domains', { key: club.key })).body.data[0];
  assert.equal((await desk.ask('DELETE', `/v1/domains/${id}`, { key: club.key })).status, 204);
  assert.deepEqual((await desk.ask('GET', '/v1/provider-domain-removals')).body.data, []);
});

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

// This file opens an HTTP door for tests on a database of its own: the real gates, flows and store, without a dispatcher, so that what is accepted
// stays where it is put (queued, or held when no account is there).
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, systemClock } from '../../src/clock.ts';
import { makeAcceptMessage } from '../../src/flows/accept-message.ts';
import { makeAuthenticator } from '../../src/flows/authenticate.ts';
import { makeCheckDomain } from '../../src/flows/check-domain.ts';
import { domainAlignment } from '../../src/flows/domain-alignment.ts';
import { examineDomain } from '../../src/flows/domain-check/examine-domain.ts';
import { makeDomainDesk } from '../../src/flows/domain-desk.ts';
import { makeLaneDirectory } from '../../src/flows/lane-directory.ts';
import { makeManageRecipients } from '../../src/flows/manage-recipients.ts';
import { makeOwnRules } from '../../src/flows/own-rules.ts';
import { makeProviderRemovals } from '../../src/flows/provider-domain-removals.ts';
import { makeProviderDomains } from '../../src/flows/provider-domains.ts';
import { makeRecall } from '../../src/flows/recall.ts';
import { makeReportDesk } from '../../src/flows/report-desk.ts';
import { makeRoutingTable } from '../../src/flows/routing-table.ts';
import { openSecretKeys } from '../../src/flows/secret-keys.ts';
import { makeSenderIdentity } from '../../src/flows/sender-identity.ts';
import { makeSendingRights } from '../../src/flows/sending-rights.ts';
import { makeTenantNumbers } from '../../src/flows/tenant-numbers.ts';
import type { App } from '../../src/http/app.ts';
import type { HttpConfig, HttpDeps } from '../../src/http/deps.ts';
import { createHttpServer } from '../../src/http/server.ts';
import { idMint } from '../../src/ids.ts';
import { silentLog } from '../../src/log.ts';
import { providerRegistry } from '../../src/providers/registry.ts';
import { createCredential } from '../../src/store/credentials.ts';
import { makeIntake } from '../../src/store/intake.ts';
import { readLedger } from '../../src/store/ledger.ts';
import type { DnsLookup } from '../../src/tenancy/dns/lookup.ts';
import { type Teardown, type TestDatabase, testDatabase } from './database.ts';
import { zoneLookup } from './zone.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The JSON of the answer; whatever a test looks for in it, it asserts. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read many shapes and say what they expect of each.
  readonly body: any;
}

export interface HttpDesk extends TestDatabase {
  readonly app: App;
  readonly deps: HttpDeps;
  readonly operatorKey: string;
  /** Asks the door; `body` goes as JSON. */
  ask(method: string, url: string, options?: { key?: string | null; body?: unknown; headers?: Record<string, string> }): Promise<Answer>;
  /** A tenant with an API key and a domain it may send from. */
  tenant(name: string): Promise<{ id: string; key: string; domain: string }>;
}

export const TEST_HTTP_CONFIG: HttpConfig = {
  version: '0.0.0-test',
  hooksOrigin: () => 'https://desk.example',
  publicUrl: 'https://desk.example',
  secure: false,
  https: null,
  trustedProxies: [],
  proxyHeader: 'x-forwarded',
  messageBytesMax: 26_214_400,
  recipientsMax: 1_000,
  batchBytesMax: 64 * 1024 * 1024,
  allowPrivateWebhooks: false,
  metricsToken: 'a-token-for-metrics',
  defaultRatePerMinute: 1_000_000,
  dkimZone: null,
  dkimNameServers: ['ns1.desk.example'],
  dkimRetireMs: 7 * 86_400_000,
};

/** No time passes on it: what is counted "within a minute" is, however long the machine takes for it. */
export const standingClock: Clock = { nowMs: () => systemClock.nowMs(), monotonicMs: () => 0 };

/** Names of the platform that the records of a domain point to. */
export const platformForTests = () => ({ returnPathHost: 'returns.desk.example', dkimZone: null, reportAddress: null, spfInclude: null });

/** Opens it; everything is closed when `t` ends. */
export async function httpDesk(
  t: Teardown,
  overrides: Partial<HttpDeps> & { settings?: Partial<HttpConfig>; lookup?: DnsLookup } = {},
): Promise<HttpDesk> {
  // The database goes last, when nobody asks it any more.
  let dropDatabase = async () => {};
  const teardown = {
    after: (drop: () => Promise<void>) => {
      dropDatabase = drop;
    },
  };
  // Alone, because GET /v1/events shows nothing that a transaction elsewhere on the server could still precede.
  const database = await testDatabase(teardown, { alone: true });
  const { pool } = database;
  const clock = overrides.clock ?? systemClock;
  const [ids, log] = [idMint(clock), silentLog];
  const folder = mkdtempSync(join(tmpdir(), 'packetboat-http-'));
  const secretKeys = await openSecretKeys({ pool, log, path: join(folder, 'secret.key'), epoch: () => 0 });
  const keys = secretKeys.ring;
  const authenticator = makeAuthenticator({ pool, keys, clock, log });
  const rights = makeSendingRights({ pool, clock });
  const lanes = makeLaneDirectory(pool, () => {});
  const routing = makeRoutingTable({
    pool,
    clock,
    log,
    registry: providerRegistry,
    unseal: (accountId, sealed) => keys.open('provider-secret', accountId, sealed),
    onChange: () => {},
  });
  const accept = makeAcceptMessage({
    clock,
    ids,
    limits: { messageBytesMax: TEST_HTTP_CONFIG.messageBytesMax, recipientsMax: TEST_HTTP_CONFIG.recipientsMax },
    rights,
    routing,
    lanes,
    mailboxProvider: () => 'other',
    tenantNumber: makeTenantNumbers(pool),
    intake: makeIntake(pool),
    wire: null,
    poke: () => {},
    prepare: () => {
      throw new Error('nothing is handed over here');
    },
    recall: makeRecall(pool),
  });
  const manage = makeManageRecipients({ pool, ids, lanes, routing, poke: () => {}, rewriting: null });
  const ownRules = makeOwnRules({ pool, log });
  // The real one takes a second of silence for an outage; here nobody takes the database away, and the machine may be slow.
  const reachable = { ask: async () => (await pool.query('select 1')).rowCount === 1, doubt: () => {} };
  const { settings, lookup = zoneLookup({}), ...given } = overrides;
  const platform = () => ({ ...platformForTests(), dkimZone: settings?.dkimZone ?? null });
  const providerDomains = makeProviderDomains({
    ...{ pool, keys, clock, log, random: () => 0.5, registry: providerRegistry },
    changed: () => void routing.refresh(),
  });
  const removals = makeProviderRemovals({ pool, keys, clock, log, random: () => 0.5, registry: providerRegistry });
  const deps: HttpDeps = {
    pool,
    keys,
    secretKeys,
    clock,
    ids,
    log,
    config: { ...TEST_HTTP_CONFIG, ...settings },
    registry: providerRegistry,
    authenticator,
    rights,
    senders: makeSenderIdentity({ rights, routing: () => routing }),
    alignment: (question) => domainAlignment({ routing: () => routing, returnPathHost: 'returns.desk.example' }, question),
    rewriting: null,
    domains: makeDomainDesk({
      pool,
      platform,
      check: makeCheckDomain({ pool, clock, ids, log, random: () => 0.5, lookup, platform, rights }),
    }),
    examineDomain: (name, selectors) =>
      examineDomain({ lookup, clock, fetchPolicy: async () => ({ ok: false, message: 'nothing is fetched here.' }) }, name, selectors),
    reports: makeReportDesk({ pool, ids, clock, returnPathHost: 'returns.desk.example', address: () => 'd-token@returns.desk.example' }),
    checkOurselves: async () => ({ checked_at: new Date(clock.nowMs()).toISOString(), checks: [] }),
    accept,
    ready: () => true,
    reachable,
    noWayOut: () => routing.noWayOut(),
    explainRoute: async ({ tenantId, stream, from, sizeBytes }) => ({
      allowed: true,
      ...routing.decide({
        tenantId,
        stream,
        fromDomain: from.slice(from.lastIndexOf('@') + 1),
        domainAuthenticated: true,
        freeMailbox: false,
        sizeBytes,
        refusedBy: [],
        mime: null,
      }),
    }),
    ledger: (tenantId, range) => readLedger(pool, tenantId, range),
    cancel: manage.cancel,
    release: manage.release,
    webhookKnown: async () => true,
    webhookIn: async () => ({ status: 200 }),
    answersStored: () => {},
    accountsChanged: () => routing.refresh(),
    ownRules: { current: ownRules.current, changed: ownRules.refresh },
    lookAtKeys: async () => {},
    lookAtProvider: providerDomains.look,
    removeAtProvider: removals.retry,
    consoleRoot: null,
    metrics: async () => 'packetboat_up 1\n',
    ...given,
  };
  await authenticator.start();
  const app = await createHttpServer(deps);
  t.after(async () => {
    await app.close();
    await authenticator.stop();
    routing.stop();
    rmSync(folder, { recursive: true, force: true });
    await dropDatabase();
  });
  const made = await createCredential(pool, null, keys, { id: ids.next(), kind: 'api_key', scopes: ['operator'] });
  const operatorKey = made.shown.kind === 'api_key' ? made.shown.apiKey : '';

  const ask: HttpDesk['ask'] = async (method, url, { key = operatorKey, body, headers = {} } = {}) => {
    const answer = await app.inject({
      // Tests name any method, among them ones that no route has.
      method: method as 'GET',
      url,
      headers: {
        ...(key === null ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { payload: typeof body === 'string' || body instanceof Buffer ? body : JSON.stringify(body) }),
    });
    const json = String(answer.headers['content-type'] ?? '').includes('json');
    const flat = Object.fromEntries(Object.entries(answer.headers).map(([name, value]) => [name, String(value)]));
    return { status: answer.statusCode, headers: flat, body: json ? JSON.parse(answer.body) : answer.body };
  };

  return {
    ...database,
    app,
    deps,
    operatorKey,
    ask,
    async tenant(name) {
      const { body: tenant } = await ask('POST', '/v1/tenants', { body: { name } });
      const { body: credential } = await ask('POST', `/v1/tenants/${tenant.id}/credentials`, { body: { kind: 'api_key' } });
      const domain = `${name.toLowerCase().replace(/[^a-z0-9]+/g, '-')}.example`;
      await ask('POST', `/v1/tenants/${tenant.id}/domains`, { body: { name: domain, authenticated: true } });
      return { id: tenant.id, key: credential.api_key, domain };
    },
  };
}

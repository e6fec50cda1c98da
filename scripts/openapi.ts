// This file writes openapi.json, the committed description of the API, from the routes' own schemas; with --check it only compares and says what
// to do. No database is needed: the routes are described, not called.
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import pg from 'pg';
import { systemClock } from '../src/clock.ts';
import { NO_OWN_RULES } from '../src/feedback/own-rules.ts';
import type { HttpDeps } from '../src/http/deps.ts';
import { createHttpServer } from '../src/http/server.ts';
import { idMint } from '../src/ids.ts';
import { silentLog } from '../src/log.ts';
import { providerRegistry } from '../src/providers/registry.ts';
import { makeKeys } from '../src/store/keys.ts';

const FILE = new URL('../openapi.json', import.meta.url);
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };

const notHere = async (): Promise<never> => {
  throw new Error('the description calls nothing');
};
const pool = new pg.Pool({ max: 1 });
const deps: HttpDeps = {
  pool,
  keys: makeKeys(randomBytes(32)),
  secretKeys: { rotate: notHere, forget: notHere, learn: notHere },
  clock: systemClock,
  ids: idMint(systemClock),
  log: silentLog,
  config: {
    version,
    hooksOrigin: () => '',
    publicUrl: null,
    secure: false,
    https: null,
    trustedProxies: [],
    proxyHeader: 'x-forwarded',
    messageBytesMax: 1,
    recipientsMax: 1,
    batchBytesMax: 1,
    allowPrivateWebhooks: false,
    metricsToken: null,
    defaultRatePerMinute: 1,
    dkimZone: null,
    dkimNameServers: [],
    dkimRetireMs: 0,
  },
  registry: providerRegistry,
  authenticator: { bearer: notHere, forget: notHere },
  rights: { check: () => notHere(), forget: () => {} },
  domains: {
    view: () => {
      throw new Error('the description shows nothing');
    },
    check: notHere,
    renew: notHere,
    instructions: () => {
      throw new Error('the description tells nothing');
    },
  },
  examineDomain: notHere,
  alignment: () => {
    throw new Error('the description judges nothing');
  },
  checkOurselves: notHere,
  senders: { treat: notHere, preview: notHere },
  rewriting: null,
  reports: { take: notHere, dmarc: notHere, tls: notHere, judge: notHere, address: () => null },
  accept: notHere,
  ready: () => false,
  reachable: { ask: notHere, doubt: () => {} },
  noWayOut: () => false,
  explainRoute: notHere,
  ledger: notHere,
  cancel: notHere,
  release: notHere,
  webhookKnown: notHere,
  webhookIn: notHere,
  answersStored: () => undefined,
  accountsChanged: async () => undefined,
  ownRules: { current: () => NO_OWN_RULES, changed: async () => undefined },
  lookAtKeys: notHere,
  lookAtProvider: notHere,
  removeAtProvider: notHere,
  consoleRoot: null,
  metrics: notHere,
};

const app = await createHttpServer(deps);
const text = `${JSON.stringify(app.swagger(), null, 2)}\n`;
await app.close();
await pool.end();
if (!process.argv.includes('--check')) {
  writeFileSync(FILE, text);
  console.log(`openapi.json describes ${Object.keys(app.swagger().paths ?? {}).length} addresses.`);
} else if (!existsSync(FILE) || readFileSync(FILE, 'utf8') !== text) {
  console.error('openapi.json is not what the routes say. Run "npm run openapi" and commit the result.');
  process.exitCode = 1;
}

// This file wires the checks of ourselves from the settings: for the running desk, and for `packetboat doctor`.
import type pg from 'pg';
import type { Clock } from '../../clock.ts';
import type { Config } from '../../config.ts';
import {
  type CheckOurselvesDeps,
  KEY_DAYS_MAX,
  makeSelfCheckDesk,
  type OurNames,
  type SelfCheckDesk,
} from '../../flows/check-ourselves.ts';
import { certificateOf, makeGreetingOf } from '../../flows/self-checks/probes.ts';
import type { Log } from '../../log.ts';
import { readAgedKeys } from '../../store/dkim-steps.ts';
import { listProviderAccounts } from '../../store/provider-accounts.ts';
import { listRewritingKeys } from '../../store/rewriting-keys.ts';
import type { DnsLookup } from '../../tenancy/dns/lookup.ts';
import { nameServersOf } from './dkim.ts';
import { httpsFiles, smtpFiles } from './door-tls.ts';

export interface SelfChecksDeps {
  readonly config: Config;
  readonly pool: pg.Pool;
  readonly clock: Clock;
  readonly log: Log;
  readonly lookup: DnsLookup;
  /** Difference between this machine's clock and the database's, milliseconds. */
  readonly offsetMs: () => number;
}

const ACCOUNTS_MAX = 200;
const DAY_MS = 86_400_000;
/** More old keys than this are many; the exact number helps nobody. */
const AGED_MAX = 1_000;

export function openSelfChecks({ config, pool, clock, log, lookup, offsetMs }: SelfChecksDeps): SelfCheckDesk {
  return makeSelfCheckDesk({
    ...selfCheckDeps(config, lookup, clock),
    pool,
    log,
    facts: async () => ({
      clockOffsetMs: offsetMs(),
      agedKeys: (await readAgedKeys(pool, { delegatedDays: KEY_DAYS_MAX, txtDays: KEY_DAYS_MAX, limit: AGED_MAX })).length,
      rewritingKey: await rewritingKey(pool, config.rewriteDomain, clock.nowMs()),
      accounts: (await listProviderAccounts(pool, { after: null, limit: ACCOUNTS_MAX })).filter(({ state }) => state === 'active'),
    }),
  });
}

/** How old the key is that signs for the rewriting domain, by when it was made. */
async function rewritingKey(pool: pg.Pool, domain: string | null, nowMs: number) {
  const keys = domain === null ? [] : await listRewritingKeys(pool, domain);
  if (domain === null || keys.length === 0) return null;
  const active = keys.find(({ state }) => state === 'active');
  return { domain, days: active ? Math.floor((nowMs - Date.parse(active.created_at)) / DAY_MS) : null, keys };
}

/** What needs no database. */
export function selfCheckDeps(config: Config, lookup: DnsLookup, clock: Clock): CheckOurselvesDeps {
  return { names: ourNames(config), lookup, clock, greetingOf: makeGreetingOf(), certificateOf };
}

function ourNames(config: Config): OurNames {
  const { hostname, returnPathHost, reportHost, dkimZone, spfInclude, sendingIps, publicUrl } = config;
  return {
    hostname,
    returnPathHost,
    reportHost,
    dkimZone,
    dkimNameServers: nameServersOf(config),
    spfInclude,
    sendingIps,
    publicUrl,
    tlsFiles: smtpFiles(config),
    httpsDoor: config.httpsPort === null ? null : { files: httpsFiles(config), name: httpsName(config) },
  };
}

/** The name under which the HTTPS door is asked for. */
export function httpsName({ publicUrl, hostname }: Config): string {
  return publicUrl?.startsWith('https:') ? new URL(publicUrl).hostname : hostname;
}

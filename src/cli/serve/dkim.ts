// This file wires DKIM keys: the look-up that sees them, the chores that move them on, and the DNS door that answers for the delegated zone.
import type pg from 'pg';
import type { Clock } from '../../clock.ts';
import type { Config } from '../../config.ts';
import { type DnsDoor, openDnsDoor } from '../../dns/door.ts';
import { makeZoneCache } from '../../dns/zone-cache.ts';
import type { Chore } from '../../flows/housekeeping.ts';
import { mintMissingKeysChore } from '../../flows/revoke-dkim-key.ts';
import { rotateAgedKeysChore } from '../../flows/rotate-dkim-key.ts';
import { type KeyLookup, makeStepKeys, stepKeysChore } from '../../flows/step-dkim-keys.ts';
import type { IdMint } from '../../ids.ts';
import type { Log } from '../../log.ts';
import { readZoneDomain } from '../../store/dkim-zone.ts';
import type { Keys } from '../../store/keys.ts';
import type { KeyPolicy } from '../../tenancy/dkim-keys.ts';
import { makeEveryTxt } from '../../watch/dns/every-server.ts';
import { makeDnsLookup, readDnsServer } from '../../watch/dns/resolver.ts';

export interface DkimDeps {
  readonly config: Config;
  readonly pool: pg.Pool;
  readonly keys: Keys;
  readonly clock: Clock;
  readonly ids: IdMint;
  readonly log: Log;
  readonly signal: AbortSignal;
}

export interface Dkim {
  readonly chores: readonly Chore[];
  /** How keys are looked for in DNS, and how long their states last; the rewriting domain's key goes by the same. */
  readonly keyLookup: KeyLookup;
  readonly policy: KeyPolicy;
  /** Looks now at the keys of a domain that are on their way. */
  look(domainId: string): Promise<void>;
  /** Opens the door of the role "dns"; null where no zone is set. */
  openDoor(): Promise<DnsDoor | null>;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export function openDkim(deps: DkimDeps): Dkim {
  const { config, pool, keys, clock, ids, log, signal } = deps;
  const dns = { port: config.dnsAuthoritativePort, allowPrivate: config.dnsAllowPrivate };
  const lookup = makeDnsLookup({
    servers: config.dnsServers.flatMap((text) => readDnsServer(text) ?? []),
    authoritative: true,
    authoritativePort: dns.port,
    allowPrivate: dns.allowPrivate,
    clock,
  });
  const keyLookup = { everyTxt: makeEveryTxt({ lookup, ...dns }) };
  const policy = { settleMs: config.dkimSettleHours * HOUR_MS, retireMs: config.dkimRetireDays * DAY_MS };
  const step = makeStepKeys({
    pool,
    clock,
    log,
    lookup: keyLookup,
    policy,
    signal,
  });
  const days = (setting: number) => (setting === 0 ? null : setting);
  const ages = { delegatedDays: days(config.dkimRotateDays), txtDays: days(config.dkimRotateTxtDays) };
  const minting = { pool, ids, keys, log, dkimZone: config.dkimZone };
  return {
    chores: [stepKeysChore(step), rotateAgedKeysChore({ ...minting, ages }), mintMissingKeysChore(minting)],
    keyLookup,
    policy,
    look: (domainId) => step.domain(domainId),
    async openDoor() {
      const name = config.dkimZone;
      if (name === null) return null;
      const find = makeZoneCache({ read: (owner) => readZoneDomain(pool, owner), nowMs: () => clock.monotonicMs() });
      // No server copies the zone from here, so its number only has to grow.
      const serial = () => Math.floor(clock.nowMs() / HOUR_MS);
      const zone = { name, nameServers: nameServersOf(config), find, serial };
      const door = await openDnsDoor({ zone, host: config.dnsHost, port: config.dnsPort, clock, log });
      log.info({ event: 'dns_ready', zone: name, port: door.port });
      return door;
    },
  };
}

/** Names of the servers of the delegated zone. */
export function nameServersOf(config: Pick<Config, 'dkimZoneNs' | 'hostname'>): readonly string[] {
  return config.dkimZoneNs.length > 0 ? config.dkimZoneNs : [config.hostname];
}

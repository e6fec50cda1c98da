// This file wires what looks after sending domains: the resolver, looks on demand, and the ones the desk makes by itself.
import type pg from 'pg';
import type { Clock } from '../../clock.ts';
import type { Config } from '../../config.ts';
import { makeCheckDomain } from '../../flows/check-domain.ts';
import { checkDomainsChore } from '../../flows/check-domains.ts';
import { type DomainDesk, makeDomainDesk } from '../../flows/domain-desk.ts';
import type { Chore } from '../../flows/housekeeping.ts';
import type { SendingRights } from '../../flows/sending-rights.ts';
import { makeTellContact } from '../../flows/tell-contact.ts';
import type { IdMint } from '../../ids.ts';
import type { Log } from '../../log.ts';
import type { Keys } from '../../store/keys.ts';
import type { DnsLookup } from '../../tenancy/dns/lookup.ts';
import { openDnsLookup } from './dns.ts';
import { platformNames } from './platform-names.ts';

export interface DomainsDeps {
  readonly config: Config;
  readonly keys: Keys;
  readonly pool: pg.Pool;
  readonly clock: Clock;
  readonly ids: IdMint;
  readonly log: Log;
  /** 0 ≤ n < 1. */
  readonly random: () => number;
  readonly rights: SendingRights;
  /** A DKIM record of a domain is right: keys that wait for it are looked at. */
  readonly keySeen: (domainId: string) => Promise<void>;
  /** The desk winds up. */
  readonly signal: AbortSignal;
}

export interface Domains {
  readonly desk: DomainDesk;
  /** DNS as the desk asks it: the name servers of each zone themselves. */
  readonly lookup: DnsLookup;
  readonly chores: readonly Chore[];
}

export function openDomains(deps: DomainsDeps): Domains {
  const { config, pool, log } = deps;
  const platform = platformNames(config, deps.keys);
  const lookup = openDnsLookup(config);
  const check = makeCheckDomain({ ...deps, lookup, platform, tell: makeTellContact(deps) });
  return {
    desk: makeDomainDesk({ pool, platform, check }),
    lookup,
    chores: [checkDomainsChore({ pool, log, check, signal: deps.signal })],
  };
}

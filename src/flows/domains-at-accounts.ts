// This file keeps in memory which domains stand how at which provider accounts, for the router: a state that an account has told counts there more
// than what DNS says. It is read again only when something changed.
import type pg from 'pg';
import { providerDomainsVersion, readProviderDomainStates } from '../store/provider-domains.ts';

export type AtAccounts = ReadonlyMap<string, boolean>;

export interface DomainsAtAccounts {
  /** True when there is something new. */
  refresh(): Promise<boolean>;
  /** By account, whether it takes mail of the domain; undefined: no account has told anything. */
  of(tenantId: string, domain: string): AtAccounts | undefined;
}

/** Some 100 bytes each; a platform with more has to tell us. */
const ROWS_MAX = 200_000;

export function makeDomainsAtAccounts(pool: pg.Pool): DomainsAtAccounts {
  let known: ReadonlyMap<string, AtAccounts> = new Map();
  let version = '';
  return {
    async refresh() {
      const now = await providerDomainsVersion(pool);
      if (now === version) return false;
      const next = new Map<string, Map<string, boolean>>();
      for (const { tenantId, domain, accountId, verified } of await readProviderDomainStates(pool, ROWS_MAX)) {
        const key = keyOf(tenantId, domain);
        const accounts = next.get(key) ?? new Map<string, boolean>();
        next.set(key, accounts.set(accountId, verified));
      }
      known = next;
      version = now;
      return true;
    },
    of: (tenantId, domain) => known.get(keyOf(tenantId, domain)),
  };
}

function keyOf(tenantId: string, domain: string): string {
  return `${tenantId} ${domain}`;
}

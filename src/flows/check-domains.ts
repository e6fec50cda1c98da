// This file looks at sending domains by itself: daily, sooner while records are being published or wrong, few at a time. Several nodes share the
// work through leases in the database; what a node that died had taken is due again after the lease.
import type pg from 'pg';
import type { Log } from '../log.ts';
import { takeDueDomains } from '../store/domain-checks.ts';
import type { CheckDomain } from './check-domain.ts';
import type { Chore } from './housekeeping.ts';

export interface CheckDomainsDeps {
  readonly pool: pg.Pool;
  readonly log: Log;
  readonly check: CheckDomain;
  /** Ends the work after the domains in hand. */
  readonly signal: AbortSignal;
}

const LOOK_EVERY_MS = 5_000;
/** A look asks some thirty questions; more at once would be a burst for the resolver and for the hosts that many domains share. */
const AT_ONCE = 8;
/** Rounds of one run, so that a desk with ten thousand domains due at once stays orderly. */
const ROUNDS_MAX = 25;
/** Longer than any look takes, with every name server away. */
const LEASE_MS = 10 * 60_000;

/** The chore; a run ends when nothing is due. */
export function checkDomainsChore(deps: CheckDomainsDeps): Chore {
  return {
    name: 'check-domains',
    everyMs: LOOK_EVERY_MS,
    async run() {
      for (let round = 0; round < ROUNDS_MAX && !deps.signal.aborted; round += 1) {
        const due = await takeDueDomains(deps.pool, { rows: AT_ONCE, leaseMs: LEASE_MS });
        await Promise.all(due.map((domain) => checkOne(deps, domain)));
        if (due.length < AT_ONCE) return;
      }
    },
  };
}

/** One that fails is due again after its lease, and does not keep the others. */
async function checkOne({ check, log }: CheckDomainsDeps, { id, tenantId }: { id: string; tenantId: string }): Promise<void> {
  try {
    await check(tenantId, id);
  } catch (error) {
    log.warn({ event: 'domain_check_failed', domain: id, err: error });
  }
}

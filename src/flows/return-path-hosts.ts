// This file knows which sending domains have a return-path host of their own that the DNS shows now, so that a hand-over's envelope aligns with its
// From (SPF counts then, RFC 9989 §3.2.10). It costs a message one look into a map. What is old is not trusted: an alias that is gone would lose
// the reports, so the platform's host is taken until the list is read again.
import type pg from 'pg';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { listReturnPathHosts } from '../store/domain-checks.ts';
import { domainsCovering } from '../tenancy/may-send.ts';

export interface ReturnPathHosts {
  /** The own host for mail from this domain (or a name below it), or null. Never waits. */
  of(tenantId: string, fromDomain: string): string | null;
}

/** The list is read again after this, while mail is handed over. */
const FRESH_MS = 10_000;
/** Older ones are not used: the desk was idle, or the database is away. */
const TRUSTED_MS = 60_000;

export function makeReturnPathHosts(deps: {
  readonly pool: pg.Pool;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly log: Log;
}): ReturnPathHosts {
  let hosts: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map();
  let readAtMs = Number.NEGATIVE_INFINITY;
  let reading = false;

  function readAgain(nowMs: number): void {
    if (reading) return;
    reading = true;
    listReturnPathHosts(deps.pool)
      .then((rows) => {
        const next = new Map<string, Map<string, string>>();
        for (const { tenantId, domain, host } of rows) next.set(tenantId, (next.get(tenantId) ?? new Map()).set(domain, host));
        hosts = next;
        readAtMs = nowMs;
      })
      .catch((error: unknown) => deps.log.warn({ event: 'return_path_hosts_not_read', err: error }))
      .finally(() => {
        reading = false;
      });
  }

  return {
    of(tenantId, fromDomain) {
      const nowMs = deps.clock.monotonicMs();
      const ageMs = nowMs - readAtMs;
      if (ageMs > FRESH_MS) readAgain(nowMs);
      const own = ageMs > TRUSTED_MS ? undefined : hosts.get(tenantId);
      if (!own) return null;
      // The domain itself is the rule; a name below it is looked up along its parents.
      const exact = own.get(fromDomain);
      if (exact !== undefined) return exact;
      const covering = domainsCovering(fromDomain).find((name) => own.has(name));
      return covering === undefined ? null : (own.get(covering) ?? null);
    },
  };
}

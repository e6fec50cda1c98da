// This file is what the doors ask about sending domains: how they are shown, a look on demand, and how their records are published.
import type pg from 'pg';
import { AppError } from '../errors.ts';
import type { Language } from '../language.ts';
import { askForLook } from '../store/domain-checks.ts';
import type { SendingDomain } from '../store/domains.ts';
import { inScope, type Scope } from '../store/scope.ts';
import { organisationalDomain } from '../tenancy/dns/organisational-domain.ts';
import { mtaStsPolicy } from '../tenancy/expected-records.ts';
import { type DnsHost, detectDnsHost } from '../tenancy/onboarding/dns-hosts.ts';
import { type Instructions, instructions } from '../tenancy/onboarding/instructions.ts';
import type { CheckDomain } from './check-domain.ts';
import { aroundOf, type DomainView, domainView, type PlatformFor } from './domain-view.ts';

export interface DomainInstructions extends Instructions {
  /** The host that the steps are for. */
  readonly host: { readonly id: string; readonly name: string; readonly detected: boolean };
  /** The policy file of MTA-STS; null for a domain without mail servers. */
  readonly mta_sts_policy: string | null;
}

export interface DomainDesk {
  view(domain: SendingDomain, language?: Language): DomainView;
  /** Looks now. Throws RATE_LIMITED when somebody asked a moment ago, NOT_FOUND when there is no such domain. */
  check(scope: Scope, domain: { id: string; tenantId: string }): Promise<SendingDomain>;
  /** Looks because something is known to be different; leaves it to the next look while many are looked at. */
  renew(domain: { id: string; tenantId: string }): Promise<void>;
  /** How the records are published at a host; null: at the one its name servers belong to. */
  instructions(domain: SendingDomain, options: { host: DnsHost | null; language: Language }): DomainInstructions;
}

/** People press "check again" after each change; a look takes about this long and remembers answers for as long. */
const ASK_GAP_S = 10;
/** Looks on demand at once and process: each holds a request open for seconds. */
const AT_ONCE_MAX = 16;

export function makeDomainDesk(deps: { readonly pool: pg.Pool; readonly platform: PlatformFor; readonly check: CheckDomain }): DomainDesk {
  let running = 0;
  const view: DomainDesk['view'] = (domain, language) => domainView(domain, deps.platform(domain), language);
  return {
    view,
    async check(scope, { id, tenantId }) {
      if (running >= AT_ONCE_MAX) throw tooSoon('Many domains are being looked at now.', 5);
      const waitS = await inScope(deps.pool, scope, (db) => askForLook(db, scope, { id, gapS: ASK_GAP_S }));
      if (waitS !== null && waitS > 0) throw tooSoon('This domain was looked at a moment ago.', waitS);
      running += 1;
      try {
        const checked = waitS === null ? null : await deps.check(tenantId, id);
        if (!checked) throw new AppError('NOT_FOUND', 'There is nothing under this id.');
        return checked;
      } finally {
        running -= 1;
      }
    },
    async renew({ id, tenantId }) {
      if (running >= AT_ONCE_MAX) return;
      running += 1;
      try {
        await deps.check(tenantId, id);
      } finally {
        running -= 1;
      }
    },
    instructions(domain, { host, language }) {
      const around = aroundOf(domain);
      const detected = detectDnsHost(around.nameservers);
      const chosen = host ?? detected;
      const zone = around.zone ?? organisationalDomain(domain.name);
      const told = instructions({ domain: domain.name, zone, records: view(domain, language).records, host: chosen, language });
      return {
        ...told,
        host: {
          id: chosen.id,
          name: chosen.name,
          detected: chosen.id === detected.id && chosen.id !== 'another' && around.nameservers.length > 0,
        },
        mta_sts_policy: around.mx.length === 0 ? null : mtaStsPolicy(around.mx),
      };
    },
  };
}

function tooSoon(message: string, waitS: number): AppError {
  return new AppError('RATE_LIMITED', message, { hint: `Ask again in ${waitS} ${waitS === 1 ? 'second' : 'seconds'}.` });
}

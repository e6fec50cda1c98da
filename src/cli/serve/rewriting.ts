// This file opens the rewriting domain of the settings, and refuses one whose good name is also the platform's own.
import type { Config } from '../../config.ts';
import { AppError } from '../../errors.ts';
import { makeRewritingDomain, type RewritingDomain, type RewritingDomainDeps } from '../../flows/rewriting-domain.ts';
import { makeRewritingKeys, type RewritingKeysDeps } from '../../flows/rewriting-keys.ts';
import { sharesItsName } from '../../tenancy/rewriting.ts';
import type { Dkim } from './dkim.ts';

/** Null: this desk writes no From anew. Throws CONFIG_INVALID. */
export function openRewriting(
  config: Config,
  deps: Pick<RewritingDomainDeps, 'pool' | 'rights' | 'lookup'> &
    Pick<RewritingKeysDeps, 'keys' | 'ids' | 'clock' | 'log' | 'fence'> & { readonly dkim: Pick<Dkim, 'keyLookup' | 'policy'> },
): RewritingDomain | null {
  const domain = checkedRewriteDomain(config);
  if (domain === null) return null;
  const { keyLookup: lookup, policy } = deps.dkim;
  const rotateDays = config.dkimRotateTxtDays === 0 ? null : config.dkimRotateTxtDays;
  const keys = makeRewritingKeys({ ...deps, lookup, policy, domain, rotateDays });
  return makeRewritingDomain({ ...deps, keys, domain, hostname: config.hostname, presetCap: config.rewriteDailyCap });
}

/** The setting, or null where there is none. */
export function checkedRewriteDomain(config: Config): string | null {
  const { rewriteDomain: domain } = config;
  if (domain === null || config.rewriteDomainShared) return domain;
  const shared = sharesItsName(domain, [publicHost(config), config.returnPathHost, config.hostname]);
  if (shared === null) return domain;
  throw new AppError(
    'CONFIG_INVALID',
    `PACKETBOAT_REWRITE_DOMAIN (${domain}) belongs to the same registrable domain as ${shared}: complaints about customers' mail would fall on it.`,
    { hint: 'Register a domain for this alone, or say PACKETBOAT_REWRITE_DOMAIN_SHARED=true.' },
  );
}

function publicHost({ publicUrl }: Config): string {
  return publicUrl === null ? '' : new URL(publicUrl).hostname;
}

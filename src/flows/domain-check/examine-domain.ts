// This file checks everything DNS says about mail of a domain, for anybody's domain: `packetboat domain check NAME` and POST /v1/domain-checks.
// It reads and judges; nothing is stored.
import type { Clock } from '../../clock.ts';
import { AppError } from '../../errors.ts';
import { domainMeant } from '../../mail/domain-meant.ts';
import type { DnsLookup } from '../../tenancy/dns/lookup.ts';
import { organisationalDomain } from '../../tenancy/dns/organisational-domain.ts';
import { checkDkim, type DkimCheck, SELECTORS_MAX } from './check-dkim.ts';
import { checkDmarc, type DmarcCheck } from './check-dmarc.ts';
import { checkMtaSts, type MtaStsCheck } from './check-mta-sts.ts';
import { checkMx, type MxCheck } from './check-mx.ts';
import { type BimiCheck, checkBimi, checkTlsRpt, type TlsRptCheck } from './check-small.ts';
import { checkSpf, type SpfCheck } from './check-spf.ts';
import type { FetchPolicy } from './fetch-policy.ts';
import { type CheckFinding, findings, unanswered, verdictOf } from './finding.ts';

export interface DomainCheck {
  readonly name: string;
  readonly checked_at: string;
  readonly verdict: 'ok' | 'warning' | 'unknown' | 'problem';
  readonly mx: MxCheck;
  readonly spf: SpfCheck;
  readonly dkim: DkimCheck;
  readonly dmarc: DmarcCheck;
  readonly mta_sts: MtaStsCheck;
  readonly tls_rpt: TlsRptCheck;
  readonly bimi: BimiCheck;
  /** All of them, in the order of the parts. */
  readonly findings: readonly CheckFinding[];
}

/** What the doors ask: everything about a name, beside the usual DKIM selectors those that are named. */
export type ExamineDomain = (name: string, selectors: readonly string[]) => Promise<DomainCheck>;

export interface ExamineDomainDeps {
  readonly lookup: DnsLookup;
  readonly fetchPolicy: FetchPolicy;
  readonly clock: Pick<Clock, 'nowMs'>;
}

/** Checks; of an address or a link its domain. Throws REQUEST_INVALID for a name that is no domain, or for a selector that is none; DNS never makes it throw. */
export async function examineDomain(deps: ExamineDomainDeps, written: string, selectors: readonly string[] = []): Promise<DomainCheck> {
  const name = domainName(written);
  checkSelectors(selectors);
  const { lookup, fetchPolicy, clock } = deps;
  const [domain, mx, spf, dkim, dmarc, tlsRpt] = await Promise.all([
    aboutDomain(lookup, name),
    checkMx(lookup, name),
    checkSpf(lookup, name),
    checkDkim(lookup, name, selectors),
    checkDmarc(lookup, name),
    checkTlsRpt(lookup, name),
  ]);
  const [mtaSts, bimi] = await Promise.all([
    checkMtaSts(lookup, name, { exchangers: mx.records, fetchPolicy }),
    checkBimi(lookup, name, dmarc.policy),
  ]);
  const parts = { mx, spf, dkim, dmarc, mta_sts: mtaSts, tls_rpt: tlsRpt, bimi };
  const nowhere =
    domain.some(({ code }) => code === 'not-delegated') && mx.records.length === 0 && spf.record === null && dmarc.record === null;
  // What a name that is not there lacks besides is nothing to mend.
  const all = nowhere ? domain : [...domain, ...Object.values(parts).flatMap((part) => part.findings)];
  return { name, checked_at: new Date(clock.nowMs()).toISOString(), verdict: verdictOf(all), ...parts, findings: all };
}

/** A name that nobody registered explains everything below it. */
async function aboutDomain(lookup: DnsLookup, name: string): Promise<CheckFinding[]> {
  const registered = organisationalDomain(name);
  const answer = await lookup.ns(registered);
  if (answer.ok) return [];
  if (answer.why === 'unreachable') return [unanswered('domain', answer.detail)];
  return [
    findings('domain').problem(
      'not-delegated',
      `${registered} is not registered, or has no name servers.`,
      'Check the spelling; else ask whoever registered the domain.',
    ),
  ];
}

function domainName(written: string): string {
  const name = domainMeant(written);
  if (name !== null) return name;
  throw new AppError('REQUEST_INVALID', `"${written}" is not a domain name.`, {
    field: 'name',
    hint: 'Write it as club.example.',
  });
}

function checkSelectors(selectors: readonly string[]): void {
  if (selectors.length > SELECTORS_MAX)
    throw new AppError('REQUEST_INVALID', `At most ${SELECTORS_MAX} selectors are checked at once.`, { field: 'selectors' });
  const wrong = selectors.find(
    (selector) => !/^[a-z0-9]([a-z0-9_-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9_-]{0,61}[a-z0-9])?)*$/i.test(selector),
  );
  if (wrong !== undefined) throw new AppError('REQUEST_INVALID', `"${wrong}" is not a DKIM selector.`, { field: 'selectors' });
}

// This file says which DNS records a sending domain should have, exactly as they have to be published: that it is the organisation's, our DKIM keys,
// the return path, DMARC, and what is optional. A record that exists already is kept, and only what is missing is added to it.
import { createHash } from 'node:crypto';
import type { DkimRecord } from './dkim-records.ts';
import { addDmarcReports } from './dmarc-addition.ts';
import type { ExpectedRecord as BareRecord, RecordPurpose } from './dns/compared.ts';

export const RECORD_PURPOSES = [
  'ownership',
  'dkim',
  'return-path',
  'spf',
  'dmarc',
  'mta-sts',
  'tls-rpt',
  'provider',
] as const satisfies readonly RecordPurpose[];
export const RECORD_NEEDS = ['required', 'recommended', 'optional'] as const;
/** required: without it the domain is not verified · recommended: mail arrives better with it · optional: good to have. */
export type RecordNeed = (typeof RECORD_NEEDS)[number];

export interface ExpectedRecord extends BareRecord {
  /** Stays the same for the same purpose, whatever the value: `dkim:pb7`. */
  readonly id: string;
  readonly needed: RecordNeed;
  /** A name that waits for its key: an empty one behind it is right. */
  readonly spare?: true;
}

export interface DomainFacts {
  readonly name: string;
  readonly ownershipToken: string;
  /** It was verified once, or an operator vouches for it: the DKIM key alone shows from now on whose it is. */
  readonly owned: boolean;
}

/** Names of this platform that records point to. */
export interface PlatformNames {
  readonly returnPathHost: string;
  /** A zone delegated to this desk: keys are published there, and the domain only points to them. */
  readonly dkimZone: string | null;
  /** Where DMARC and TLS reports about this domain go. */
  readonly reportAddress: string | null;
}

/** What the DNS says already at the names that others share. */
export interface Surroundings {
  /** SPF records at the domain itself. */
  readonly spf: readonly string[];
  /** DMARC records at `_dmarc`. */
  readonly dmarc: readonly string[];
  /** Mail servers of the domain; empty: it receives no mail, or nobody looked yet. */
  readonly mx: readonly string[];
  readonly nameservers: readonly string[];
  /** The zone the domain lies in; null: nobody found it yet. */
  readonly zone: string | null;
}

export const NOTHING_AROUND: Surroundings = { spf: [], dmarc: [], mx: [], nameservers: [], zone: null };

/** First label of a domain's own return-path host. */
export const RETURN_PATH_LABEL = 'bounce';
/** Where the token stands: a name of its own, so that nothing of the domain is touched. */
const OWNERSHIP_LABEL = '_packetboat';
/** RFC 8461 §3.1: 1 to 32 letters and digits. */
const MTA_STS_ID_CHARS = 20;

export interface RecordQuestion {
  readonly domain: DomainFacts;
  /** Records of our DKIM keys, as dkim-records.ts names them. */
  readonly keys: readonly DkimRecord[];
  readonly platform: PlatformNames;
  readonly surroundings: Surroundings;
  /** The SPF record of the domain itself, ours merged into what is there; null: it does not matter, because no envelope sender is of the domain itself. */
  readonly spf: string | null;
  /** Records that providers ask for, as they name them. */
  readonly more?: readonly ExpectedRecord[];
}

/** All records of a domain, the most important first. */
export function expectedRecords({ domain, keys, platform, surroundings, spf, more = [] }: RecordQuestion): ExpectedRecord[] {
  const { name } = domain;
  return [
    ...keys.map(({ selector, ...record }) => ({ id: `dkim:${selector}`, purpose: 'dkim' as const, ...record })),
    {
      id: 'ownership',
      purpose: 'ownership',
      type: 'TXT',
      host: `${OWNERSHIP_LABEL}.${name}`,
      value: `packetboat-domain=${domain.ownershipToken}`,
      needed: domain.owned ? 'optional' : 'required',
    },
    {
      id: 'return-path',
      purpose: 'return-path',
      type: 'CNAME',
      host: ownReturnPathHost(name),
      value: platform.returnPathHost,
      needed: 'recommended',
    },
    ...(spf === null ? [] : [text('spf', name, spf, 'recommended')]),
    text('dmarc', `_dmarc.${name}`, addDmarcReports(surroundings.dmarc, platform.reportAddress), 'recommended'),
    ...more,
    // Only a domain that receives mail has something to say about how it wants it encrypted.
    ...(surroundings.mx.length === 0 ? [] : [text('mta-sts', `_mta-sts.${name}`, `v=STSv1; id=${mtaStsId(surroundings.mx)}`, 'optional')]),
    ...(surroundings.mx.length === 0 || platform.reportAddress === null
      ? []
      : [text('tls-rpt', `_smtp._tls.${name}`, `v=TLSRPTv1; rua=mailto:${platform.reportAddress}`, 'optional')]),
  ];
}

/** The host of return paths that align with a domain (relaxed, RFC 9989 §3.2.10). */
export function ownReturnPathHost(domain: string): string {
  return `${RETURN_PATH_LABEL}.${domain}`;
}

/** The policy file that belongs to the MTA-STS record (RFC 8461 §3.2): served at https://mta-sts.<domain>/.well-known/mta-sts.txt. */
export function mtaStsPolicy(mx: readonly string[]): string {
  return ['version: STSv1', 'mode: testing', ...sorted(mx).map((host) => `mx: ${host}`), 'max_age: 604800', ''].join('\n');
}

function text(purpose: RecordPurpose, host: string, value: string, needed: RecordNeed): ExpectedRecord {
  return { id: purpose, purpose, type: 'TXT', host, value, needed };
}

/** Another policy is another id: it follows from what the policy says. */
function mtaStsId(mx: readonly string[]): string {
  return createHash('sha256').update(mtaStsPolicy(mx)).digest('hex').slice(0, MTA_STS_ID_CHARS);
}

function sorted(names: readonly string[]): string[] {
  return [...new Set(names.map((name) => name.toLowerCase()))].toSorted();
}

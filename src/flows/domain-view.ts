// This file shows a sending domain as people and programs see it: its standing, and every record that it should have beside what was found.
import type { RecordMistake, SendingDomain } from '../store/domains.ts';
import type { RecordState } from '../tenancy/domain-state.ts';
import {
  type ExpectedRecord,
  expectedRecords,
  NOTHING_AROUND,
  type PlatformNames,
  type Surroundings,
} from '../tenancy/expected-records.ts';
import type { DomainState } from '../tenancy/may-send.ts';

/** Names of this platform as one domain has to publish them: the report address may be its own. */
export type PlatformFor = (domain: Pick<SendingDomain, 'id' | 'name' | 'tenant_number'>) => PlatformNames;

export interface RecordView extends ExpectedRecord {
  /** `unchecked`: nobody looked yet, or something else was expected at the last look. */
  readonly state: RecordState | 'unchecked';
  readonly found: string[];
  readonly mistake: RecordMistake | null;
}

export interface DomainView {
  readonly id: string;
  readonly tenant_id: string;
  readonly name: string;
  readonly authenticated: boolean;
  readonly vouched: boolean;
  readonly state: DomainState;
  readonly state_since: string;
  readonly created_at: string;
  readonly proven_at: string | null;
  readonly breaks_at: string | null;
  readonly checked_at: string | null;
  readonly next_check_at: string | null;
  readonly check_note: string | null;
  readonly records: RecordView[];
}

/** What a person publishes follows what stands there already, so that another value at the last look is no other expectation. */
const FOLLOWS_WHAT_IS_THERE: ReadonlySet<string> = new Set(['spf', 'dmarc', 'mta-sts']);

export function domainView(domain: SendingDomain, platform: PlatformNames): DomainView {
  const { id, tenant_id, name, authenticated, vouched, state, state_since, created_at, proven_at, breaks_at } = domain;
  const { checked_at, next_check_at, check_note } = domain;
  return {
    ...{ id, tenant_id, name, authenticated, vouched, state, state_since, created_at, proven_at, breaks_at },
    ...{ checked_at, next_check_at, check_note },
    records: recordsOf(domain, platform, aroundOf(domain)).map((record) => seen(domain, record)),
  };
}

/** The records a domain should have, given what the DNS says around it. */
export function recordsOf(domain: SendingDomain, platform: PlatformNames, surroundings: Surroundings): ExpectedRecord[] {
  return expectedRecords({
    domain: {
      name: domain.name,
      ownershipToken: domain.ownership_token,
      tenantNumber: domain.tenant_number,
      owned: domain.vouched || domain.proven_at !== null,
    },
    keys: domain.dkim.map((key) => ({
      selector: key.selector,
      algorithm: key.algorithm,
      publicKey: key.public_key,
      needed: 'required' as const,
    })),
    platform,
    surroundings,
    spf: null,
  });
}

/** What stands around a domain, as far as it is known. */
export function aroundOf(domain: Pick<SendingDomain, 'surroundings'>): Surroundings {
  return { ...NOTHING_AROUND, ...domain.surroundings };
}

function seen({ sights }: SendingDomain, record: ExpectedRecord): RecordView {
  const sight = sights[record.id];
  const same =
    sight !== undefined &&
    sight.type === record.type &&
    sight.host === record.host &&
    (sight.value === record.value || FOLLOWS_WHAT_IS_THERE.has(record.purpose));
  if (!same) return { ...record, state: 'unchecked', found: [], mistake: null };
  return { ...record, state: sight.state, found: [...sight.found], mistake: sight.mistake };
}

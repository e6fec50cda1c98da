// This file shows a sending domain as people and programs see it: its standing, and every record that it should have beside what was found.
import type { Language } from '../language.ts';
import type { RecordSight, SendingDomain } from '../store/domains.ts';
import { checkNoteText } from '../tenancy/check-note.ts';
import { dkimRecords } from '../tenancy/dkim-records.ts';
import type { ComparedState } from '../tenancy/dns/compared.ts';
import { type Mistake, mistakeWords } from '../tenancy/dns/mistakes.ts';
import { mergeSpf } from '../tenancy/dns/spf-merge.ts';
import {
  type ExpectedRecord,
  expectedRecords,
  NOTHING_AROUND,
  type PlatformNames,
  type Surroundings,
} from '../tenancy/expected-records.ts';
import type { DomainState } from '../tenancy/may-send.ts';
import { providerRecords } from '../tenancy/provider-records.ts';

/** Names of this platform as one domain has to publish them: the report address may be its own. */
export type PlatformFor = (domain: Pick<SendingDomain, 'id' | 'name' | 'tenant_number'>) => PlatformSettings;

export interface PlatformSettings extends PlatformNames {
  /** A name whose SPF lists the servers of accounts that ask for a line in a domain's own SPF record; null: no account does. */
  readonly spfInclude: string | null;
}

export interface RecordView extends ExpectedRecord {
  /** `unchecked`: nobody looked yet, or something else was expected at the last look. */
  readonly state: ComparedState | 'unchecked';
  readonly found: string[];
  readonly mistake: Pick<Mistake, 'code' | 'message' | 'next'> | null;
}

export interface DomainView {
  readonly id: string;
  readonly tenant_id: string;
  readonly name: string;
  readonly authenticated: boolean;
  readonly vouched: boolean;
  readonly state: DomainState;
  readonly ed25519: boolean;
  readonly state_since: string;
  readonly created_at: string;
  readonly proven_at: string | null;
  readonly breaks_at: string | null;
  readonly checked_at: string | null;
  readonly next_check_at: string | null;
  readonly check_note: string | null;
  readonly held_messages: number;
  readonly records: RecordView[];
}

/** What a person publishes follows what stands there already, so that another value at the last look is no other expectation. */
const FOLLOWS_WHAT_IS_THERE: ReadonlySet<string> = new Set(['spf', 'dmarc', 'mta-sts']);

export function domainView(domain: SendingDomain, platform: PlatformSettings, language: Language = 'en'): DomainView {
  const { id, tenant_id, name, authenticated, vouched, state, ed25519, state_since, created_at, proven_at, breaks_at } = domain;
  const { checked_at, next_check_at, check_note, held_messages } = domain;
  return {
    ...{ id, tenant_id, name, authenticated, vouched, state, ed25519, state_since, created_at, proven_at, breaks_at },
    ...{ checked_at, next_check_at, check_note: check_note === null ? null : checkNoteText(check_note, language), held_messages },
    records: recordsOf(domain, platform, aroundOf(domain)).map((record) => seen(domain, record, language)),
  };
}

/** The records a domain should have, given what the DNS says around it. */
export function recordsOf(domain: SendingDomain, platform: PlatformSettings, surroundings: Surroundings): ExpectedRecord[] {
  return expectedRecords({
    domain: {
      name: domain.name,
      ownershipToken: domain.ownership_token,
      owned: domain.vouched || domain.proven_at !== null,
    },
    keys: dkimRecords(
      { name: domain.name, ed25519: domain.ed25519, domainNumber: domain.number, tenantNumber: domain.tenant_number },
      domain.dkim,
      platform.dkimZone,
    ),
    platform,
    surroundings,
    spf: ownSpf(surroundings.spf, [platform.spfInclude, ...domain.providers.map((provider) => provider.spf_include)]),
    more: providerRecords(domain.providers),
  });
}

/** What stands around a domain, as far as it is known. */
export function aroundOf(domain: Pick<SendingDomain, 'surroundings'>): Surroundings {
  return { ...NOTHING_AROUND, ...domain.surroundings };
}

/** What was last found for a record; null: nobody looked, or something else was expected then. */
export function sightOf({ sights }: Pick<SendingDomain, 'sights'>, record: ExpectedRecord): RecordSight | null {
  const sight = sights[record.id];
  if (sight?.type !== record.type || sight.host !== record.host) return null;
  return sight.value === record.value || FOLLOWS_WHAT_IS_THERE.has(record.purpose) ? sight : null;
}

function seen(domain: SendingDomain, record: ExpectedRecord, language: Language): RecordView {
  const sight = sightOf(domain, record);
  if (sight === null) return { ...record, state: 'unchecked', found: [], mistake: null };
  const { state, found, mistake } = sight;
  if (mistake === null) return { ...record, state, found: [...found], mistake };
  return { ...record, state, found: [...found], mistake: { code: mistake.code, ...mistakeWords(mistake.code, mistake.facts, language) } };
}

/** Where what is there cannot be read, a record of ours alone is shown; the mistake says what is wrong with the other. */
function ownSpf(found: readonly string[], includes: readonly (string | null)[]): string | null {
  const add = [...new Set(includes.flatMap((include) => (include === null ? [] : [`include:${include}`])))];
  if (add.length === 0) return null;
  const merged = mergeSpf(found, add);
  return merged.ok ? merged.value.record : `v=spf1 ${add.join(' ')} ~all`;
}

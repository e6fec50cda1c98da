// This file is the rewriting domain at work: who signs for it (rewriting-keys.ts), who may have From written anew below it, and the records that prove it.
import type pg from 'pg';
import { AppError } from '../errors.ts';
import type { Language } from '../language.ts';
import type { RewrittenFrom } from '../mail/rewrite-from.ts';
import { returnRewritingPlaces, takeRewritingPlaces } from '../store/rewriting.ts';
import type { StoredRewritingKey } from '../store/rewriting-keys.ts';
import { keyRecordText } from '../tenancy/dkim-keys.ts';
import type { Compared } from '../tenancy/dns/compared.ts';
import type { DnsLookup } from '../tenancy/dns/lookup.ts';
import { rewritesNowFor } from '../tenancy/rewriting.ts';
import { lookAtRecords } from './look-at-domain.ts';
import type { Signer } from './outgoing.ts';
import type { RewritingKeys } from './rewriting-keys.ts';
import type { SendingRights } from './sending-rights.ts';

export interface RewritingDomainDeps {
  readonly pool: pg.Pool;
  readonly keys: RewritingKeys;
  readonly rights: Pick<SendingRights, 'check'>;
  readonly domain: string;
  /** Our name in SMTP, where answers come in. */
  readonly hostname: string;
  readonly lookup: DnsLookup;
  /** Recipients a day of a tenant for which the operator set nothing else. */
  readonly presetCap: number;
}

export interface PublishedRecord {
  readonly purpose: 'dkim' | 'dmarc' | 'mx';
  readonly type: 'TXT' | 'MX';
  readonly host: string;
  readonly value: string;
  readonly why: string;
}

export interface SeenRecord extends PublishedRecord {
  readonly state: Compared['state'];
  readonly found: string[];
  /** What to do about a record that is not right. */
  readonly next: string | null;
}

export interface RewritingDomain {
  readonly domain: string;
  readonly keys: RewritingKeys;
  readonly presetCap: number;
  /** What From becomes for this sender, and who signs. Rejects with SENDER_NOT_ALLOWED when operator and organisation do not both allow it (any more). */
  rewrite(tenantId: string, fromAddress: string): Promise<RewrittenFrom & { readonly signer: Signer }>;
  /** Takes places of the tenant's day; rejects with REWRITING_CAP_REACHED when there are not so many. */
  take(tenantId: string, recipients: number): Promise<void>;
  giveBack(tenantId: string, recipients: number): void;
  /** What the operator publishes for the domain, and what stands there now. Never rejects for DNS. */
  look(language: Language): Promise<readonly SeenRecord[]>;
}

export function makeRewritingDomain(deps: RewritingDomainDeps): RewritingDomain {
  const { pool, keys, domain } = deps;

  return {
    domain,
    keys,
    presetCap: deps.presetCap,
    async rewrite(tenantId, fromAddress) {
      const may = await deps.rights.check(tenantId, fromAddress);
      const rewriting = may.allowed ? may.rewriting : undefined;
      const address = rewriting ? rewritesNowFor(rewriting) : null;
      if (!rewriting || address === null) throw new AppError('SENDER_NOT_ALLOWED', `From ${fromAddress} may not be written anew.`);
      return { address, organisation: rewriting.organisation, signer: await keys.signer() };
    },
    async take(tenantId, recipients) {
      if (await takeRewritingPlaces(pool, tenantId, { recipients, presetCap: deps.presetCap })) return;
      throw new AppError(
        'REWRITING_CAP_REACHED',
        `This organisation has used its recipients of today for mail from addresses without a domain; ${recipients} more do not fit.`,
      );
    },
    giveBack(tenantId, recipients) {
      // Best effort: a place too many is lost until midnight, nothing else.
      returnRewritingPlaces(pool, tenantId, recipients).catch(() => undefined);
    },
    async look(language) {
      return lookAtRewriting(deps.lookup, { domain, hostname: deps.hostname, keys: await keys.list() }, language);
    },
  };
}

/** The records of the domain as they stand in DNS now. Never rejects for DNS. */
export async function lookAtRewriting(
  lookup: DnsLookup,
  { domain, hostname, keys }: { readonly domain: string; readonly hostname: string; readonly keys: readonly PublishedKey[] },
  language: Language,
): Promise<SeenRecord[]> {
  const records = recordsOf(domain, hostname, keys);
  // A wildcard is seen at any name below it.
  const asked = records.map((record) => ({
    ...record,
    purpose: record.purpose === 'mx' ? ('return-path' as const) : record.purpose,
    host: record.host.replace('*', 'any-organisation'),
  }));
  const seen = await lookAtRecords(lookup, asked, { language });
  return records.map((record, index) => {
    const { state = 'unreachable', found = [], mistake = null } = seen[index] ?? {};
    return { ...record, state, found: [...found], next: mistake?.next ?? null };
  });
}

export type PublishedKey = Pick<StoredRewritingKey, 'selector' | 'state' | 'public_key' | 'compromised'>;

/** Why a key's record stands there, by its state. */
const WHY: Readonly<Record<StoredRewritingKey['state'], string>> = {
  new: 'The next key; it signs once this record is seen everywhere and caches had time to forget.',
  published: 'The next key; it was seen and signs soon.',
  active: 'The key that proves mail of every name below the domain.',
  retiring: 'The key before, for mail on its way.',
  revoked: 'A key that others may have: its record has to be empty (or gone).',
};

function recordsOf(domain: string, hostname: string, keys: readonly PublishedKey[]): PublishedRecord[] {
  const shown = keys.filter(({ state, compromised }) => state !== 'revoked' || compromised);
  return [
    ...shown.map(({ selector, state, public_key }) => ({
      purpose: 'dkim' as const,
      type: 'TXT' as const,
      host: `${selector}._domainkey.${domain}`,
      value: keyRecordText({ algorithm: 'rsa-sha256', state, public_key }),
      why: WHY[state],
    })),
    {
      purpose: 'dmarc',
      type: 'TXT',
      host: `_dmarc.${domain}`,
      value: 'v=DMARC1; p=reject; adkim=r; aspf=r',
      why: 'Nobody else can use the domain; adkim=r, because one key signs for all names below it.',
    },
    {
      purpose: 'mx',
      type: 'MX',
      host: `*.${domain}`,
      value: `10 ${hostname}`,
      why: 'Answers that ignore Reply-To, and bounces that go to From, come to the inbound door.',
    },
  ];
}

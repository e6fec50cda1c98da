// This file is the rewriting domain at work: its key, made when it is first needed, who may have From written anew below it, and the records that prove it.
import type pg from 'pg';
import { AppError } from '../errors.ts';
import type { IdMint } from '../ids.ts';
import type { Language } from '../language.ts';
import { makeDkimSigner } from '../mail/dkim.ts';
import type { RewrittenFrom } from '../mail/rewrite-from.ts';
import { makeDkimKey } from '../store/domains.ts';
import type { Keys } from '../store/keys.ts';
import { returnRewritingPlaces, takeRewritingPlaces } from '../store/rewriting.ts';
import { createRewritingKey, type RewritingKey, readRewritingKey } from '../store/rewriting-keys.ts';
import { alone } from '../store/settings.ts';
import type { Compared } from '../tenancy/dns/compared.ts';
import type { DnsLookup } from '../tenancy/dns/lookup.ts';
import { rewritesNowFor } from '../tenancy/rewriting.ts';
import { lookAtRecords } from './look-at-domain.ts';
import type { Signer } from './outgoing.ts';
import type { SendingRights } from './sending-rights.ts';

export interface RewritingDomainDeps {
  readonly pool: pg.Pool;
  readonly keys: Keys;
  readonly ids: IdMint;
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
  let key: Promise<{ key: RewritingKey; signer: Signer }> | null = null;

  async function open(): Promise<{ key: RewritingKey; signer: Signer }> {
    const found = (await readRewritingKey(pool, keys, domain)) ?? (await alone(pool, 'rewriting key', make));
    return { key: found, signer: makeDkimSigner({ domain, selector: found.selector, privateKey: found.privateKey }) };
  }

  async function make(): Promise<RewritingKey> {
    const there = await readRewritingKey(pool, keys, domain);
    if (there) return there;
    const made = { id: deps.ids.next(), selector: 'pbr1', ...(await makeDkimKey()) };
    await createRewritingKey(pool, keys, domain, made);
    return made;
  }

  function opened(): Promise<{ key: RewritingKey; signer: Signer }> {
    if (key) return key;
    const opening = open();
    key = opening;
    // A database that was away is asked again.
    opening.catch(() => {
      key = null;
    });
    return opening;
  }

  return {
    domain,
    presetCap: deps.presetCap,
    async rewrite(tenantId, fromAddress) {
      const may = await deps.rights.check(tenantId, fromAddress);
      const rewriting = may.allowed ? may.rewriting : undefined;
      const address = rewriting ? rewritesNowFor(rewriting) : null;
      if (!rewriting || address === null) throw new AppError('SENDER_NOT_ALLOWED', `From ${fromAddress} may not be written anew.`);
      return { address, organisation: rewriting.organisation, signer: (await opened()).signer };
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
      const records = recordsOf(domain, deps.hostname, (await opened()).key);
      // A wildcard is seen at any name below it.
      const asked = records.map((record) => ({
        ...record,
        purpose: record.purpose === 'mx' ? ('return-path' as const) : record.purpose,
        host: record.host.replace('*', 'any-organisation'),
      }));
      const seen = await lookAtRecords(deps.lookup, asked, { language });
      return records.map((record, index) => {
        const { state = 'unreachable', found = [], mistake = null } = seen[index] ?? {};
        return { ...record, state, found: [...found], next: mistake?.next ?? null };
      });
    },
  };
}

function recordsOf(domain: string, hostname: string, key: RewritingKey): PublishedRecord[] {
  return [
    {
      purpose: 'dkim',
      type: 'TXT',
      host: `${key.selector}._domainkey.${domain}`,
      value: `v=DKIM1; k=rsa; p=${key.publicKey}`,
      why: 'The key that proves mail of every name below the domain.',
    },
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

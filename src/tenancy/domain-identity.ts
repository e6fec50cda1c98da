// This file says what receivers can learn about a domain in From from the DNS as it was last looked at: the DMARC policy that counts, and which proofs of
// ours are published. Routes are judged by it (delivery/alignment.ts).
import { type Alignment, chooseDmarcRecord, type DmarcPolicy, effectivePolicy } from './dns/dmarc-record.ts';

export interface DomainIdentity {
  /** The domain in From. */
  readonly from: string;
  /** The registered domain that covers it: our signatures and its return paths are of that name. */
  readonly domain: string;
  /** The policy that counts for it; null: none is published. */
  readonly policy: { readonly p: DmarcPolicy; readonly adkim: Alignment; readonly aspf: Alignment } | null;
  /** A key of ours signs for it, and receivers see its record. */
  readonly signs: boolean;
  /** Its own return-path host while that is published; null: return paths are of the platform. */
  readonly returnPathHost: string | null;
  /** Its key was revoked, and the next one is not seen yet: mail that nobody signs is known to fail. */
  readonly keyRevoked?: true;
}

/** What the last look found. */
export interface SeenDomain {
  readonly name: string;
  /** TXT records at `_dmarc.<name>`. */
  readonly dmarc: readonly string[];
  /** Where that has none: the record of a domain above that counts, as the look shows it ("_dmarc.example.org: v=DMARC1; …"); null: none. */
  readonly inherited: string | null;
  readonly signs: boolean;
  readonly keyRevoked?: boolean;
  readonly returnPathHost: string | null;
}

/** Puts together what counts for mail whose From is of `from`: the domain itself or a name below it. */
export function domainIdentity(from: string, { name, dmarc, inherited, signs, keyRevoked, returnPathHost }: SeenDomain): DomainIdentity {
  const own = chooseDmarcRecord(dmarc);
  const above = inherited === null ? null : chooseDmarcRecord([inherited.slice(inherited.indexOf(': ') + 2)]);
  const record = own.kind === 'record' ? own.record : above?.kind === 'record' ? above.record : null;
  const place = own.kind === 'record' && from === name ? 'itself' : 'below';
  const policy = record && { p: effectivePolicy(record, place), adkim: record.adkim, aspf: record.aspf };
  const identity = { from, domain: name, policy, signs, returnPathHost };
  return keyRevoked ? { ...identity, keyRevoked } : identity;
}

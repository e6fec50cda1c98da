// This file names the DNS records through which receivers find a domain's DKIM keys: delegated CNAMEs where the desk answers for the keys,
// TXT records else. Pure; expected-records.ts puts them beside the other records of the domain.
import { delegatedPlaces, KEY_ALGORITHMS, type KeyAlgorithm, type KeyOwner, type KeyState, keyRecordText } from './dkim-keys.ts';

export interface RecordedKey {
  readonly selector: string;
  readonly algorithm: KeyAlgorithm;
  readonly state: KeyState;
  readonly target: string | null;
  readonly public_key: string;
}

export interface DkimRecord {
  readonly selector: string;
  readonly type: 'TXT' | 'CNAME';
  /** Full name of the record. */
  readonly host: string;
  readonly value: string;
  /** required: mail does not verify without it · recommended: rotation, or mail on its way, needs it. */
  readonly needed: 'required' | 'recommended';
  /** No key stands behind it yet. */
  readonly spare?: true;
}

export interface DkimDomain extends KeyOwner {
  readonly name: string;
  readonly ed25519: boolean;
}

/** The record of one key; the customer's half where it is delegated. */
export function keyRecord(domain: string, key: RecordedKey): { type: 'TXT' | 'CNAME'; host: string; value: string } {
  const host = `${key.selector}._domainkey.${domain}`;
  return key.target === null ? { type: 'TXT', host, value: keyRecordText(key) } : { type: 'CNAME', host, value: key.target };
}

/** All records the domain needs for its keys, those that mail needs first. `zone`: PACKETBOAT_DKIM_ZONE. */
export function dkimRecords(domain: DkimDomain, keys: readonly RecordedKey[], zone: string | null): DkimRecord[] {
  const live = keys.filter((key) => key.state !== 'revoked');
  const signs = (algorithm: KeyAlgorithm) => live.some((key) => key.algorithm === algorithm && key.state === 'active');
  const records = new Map<string, DkimRecord>();
  for (const key of live) {
    // Until something signs, the key that is to come is what mail waits for.
    const required = key.algorithm === 'rsa-sha256' && (key.state === 'active' || (!signs(key.algorithm) && key.state !== 'retiring'));
    const record = keyRecord(domain.name, key);
    records.set(record.host, { selector: key.selector, ...record, needed: required ? 'required' : 'recommended' });
  }
  // A key that was taken away is to be emptied where its owner published it (RFC 6376 §3.6.1), for as long as copies of it may be around.
  for (const key of keys.filter(({ state, target }) => state === 'revoked' && target === null)) {
    const record = keyRecord(domain.name, key);
    if (!records.has(record.host)) records.set(record.host, { selector: key.selector, ...record, needed: 'recommended' });
  }
  for (const algorithm of zone === null ? [] : algorithmsOf(domain)) {
    for (const { selector, target } of delegatedPlaces(algorithm, domain, zone ?? '')) {
      const host = `${selector}._domainkey.${domain.name}`;
      if (!records.has(host)) records.set(host, { selector, type: 'CNAME', host, value: target, needed: 'recommended', spare: true });
    }
  }
  return [...records.values()].sort((a, b) => rank(a) - rank(b) || (a.host < b.host ? -1 : 1));
}

/** RSA first: not every receiver knows the other. */
export function algorithmsOf(domain: { readonly ed25519: boolean }): readonly KeyAlgorithm[] {
  return domain.ed25519 ? ['rsa-sha256', 'ed25519-sha256'] : ['rsa-sha256'];
}

function rank(record: DkimRecord): number {
  return record.needed === 'required' ? 0 : 1;
}

/** How long the world may remember a record of the delegated zone, seconds: an hour keeps questions few, and a switch waits two days anyway. */
export const ZONE_TTL_S = 3_600;

/** One domain as the delegated zone knows it, with its keys that are not revoked. */
export interface ZoneDomain extends KeyOwner {
  readonly keys: readonly RecordedKey[];
}

/** The records of one domain in the delegated zone: both places of each algorithm, an empty key where no key stands. */
export function zoneRecords(domain: ZoneDomain, zone: string): { name: string; value: string }[] {
  return KEY_ALGORITHMS.flatMap((algorithm) =>
    delegatedPlaces(algorithm, domain, zone).map(({ target }) => ({
      name: target,
      value: keyRecordText(domain.keys.find((key) => key.target === target) ?? null),
    })),
  );
}

// This file knows where people put records by mistake: under the domain twice, at the root, without an underscore, one label too high.
import type { ExpectedRecord } from './compared.ts';
import { sameDkimKey } from './dkim-record.ts';
import { plainName } from './lookup.ts';
import { organisationalDomain } from './organisational-domain.ts';
import { isSpfRecord } from './spf-record.ts';

export interface LikelyPlace {
  readonly host: string;
  /** The domain was added by the person and by the DNS host. */
  readonly doubled: boolean;
}

/** The places worth a question, most likely first; at most nine. */
export function likelyPlaces({ host: written }: Pick<ExpectedRecord, 'host'>): LikelyPlace[] {
  const host = plainName(written);
  const zone = organisationalDomain(host);
  const doubled = [`${host}.${zone}`];
  // The zone may begin at a subdomain: news.club.example has `_dmarc.news.club.example.news.club.example`.
  const below = withoutServiceLabels(host);
  if (below !== zone && below !== host) doubled.push(`${host}.${below}`);
  const labels = host === zone ? [] : host.slice(0, -zone.length - 1).split('.');
  const others = [
    below,
    zone,
    `${labels.map((label) => label.replace(/^_/, '')).join('.')}.${zone}`,
    // The service label was left out: s1.club.example instead of s1._domainkey.club.example.
    `${labels.filter((label) => !label.startsWith('_')).join('.')}.${zone}`,
    // One label too high: the record of news.club.example under club.example.
    `${labels.filter((label, index) => label.startsWith('_') || labels.some((other, at) => at > index && other.startsWith('_'))).join('.')}.${zone}`,
    // A second "@" or "www" that DNS hosts make out of the root.
    ...(labels.length === 0 ? [`@.${zone}`, `www.${zone}`, `_spf.${zone}`] : []),
  ]
    .map((name) => name.replace(/^\.+/, ''))
    .filter((name) => name !== '' && name !== host && !doubled.includes(name));
  return [
    ...doubled.map((name) => ({ host: name, doubled: true })),
    ...[...new Set(others)].map((name) => ({ host: name, doubled: false })),
  ];
}

/** Whether a value found elsewhere is the one that is missed, or means to be one of its kind that can only belong to it. */
export function meansToBe({ type, value, purpose, host }: ExpectedRecord, seen: string): boolean {
  if (type !== 'TXT') return plainName(seen) === plainName(value.replace(/^\s*\d+\s+/, ''));
  const bare = seen.replace(/["'“”„]/g, '').trim();
  if (isSpfRecord(value)) return isSpfRecord(bare) && squeezed(bare) === squeezed(value);
  if (sameDkimKey(bare, value)) return true;
  // A DMARC record at the root or at "dmarc." can mean nothing else; the same for the two kinds of TLS records.
  const version = /^v=(DMARC1|STSv1|TLSRPTv1)\b/i.exec(value)?.[0];
  if (version !== undefined && purpose !== 'dkim') return bare.toLowerCase().startsWith(version.toLowerCase()) && host.startsWith('_');
  return squeezed(bare) === squeezed(value);
}

/** The name without the labels that only say what the record is for: `s1._domainkey.`, `_dmarc.`, `_smtp._tls.`. */
function withoutServiceLabels(host: string): string {
  const labels = host.split('.');
  const last = labels.findLastIndex((label) => label.startsWith('_'));
  return labels.slice(last + 1).join('.');
}

function squeezed(text: string): string {
  return text.replace(/\s+/g, '').replace(/;$/, '');
}

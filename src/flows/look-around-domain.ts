// This file asks what the DNS says around a domain: the records that others share with us, its mail servers, and who runs its zone.

import { isDmarcRecord } from '../tenancy/dns/dmarc-record.ts';
import type { DnsAnswer, DnsLookup } from '../tenancy/dns/lookup.ts';
import { organisationalDomain } from '../tenancy/dns/organisational-domain.ts';
import { isSpfRecord } from '../tenancy/dns/spf-record.ts';
import type { Surroundings } from '../tenancy/expected-records.ts';

/** Values of one kind that are kept, and characters of each: a name may hold hundreds, and nobody reads them all. */
const VALUES_MAX = 10;
const VALUE_CHARS_MAX = 2_000;

/** Looks; what is not answered stays as it was before. */
export async function lookAroundDomain(lookup: DnsLookup, name: string, before: Surroundings): Promise<Surroundings> {
  const [texts, policies, mx, zone] = await Promise.all([
    lookup.txt(name),
    lookup.txt(`_dmarc.${name}`),
    lookup.mx(name),
    zoneOf(lookup, name),
  ]);
  return {
    spf: kept(texts, before.spf, (values) => values.filter(isSpfRecord)),
    dmarc: kept(policies, before.dmarc, (values) => values.filter(isDmarcRecord)),
    // A null MX (RFC 7505) says that the domain receives nothing.
    mx: kept(mx, before.mx, (values) => values.map(({ exchange }) => exchange).filter((exchange) => exchange !== '')),
    nameservers: zone?.nameservers ?? before.nameservers,
    zone: zone?.name ?? before.zone,
  };
}

/** Text of the DNS as it is stored and shown: without control characters, of bounded length. */
export function shownTexts(texts: readonly string[]): string[] {
  return texts.slice(0, VALUES_MAX).map(shownText);
}

/** One such text. */
export function shownText(text: string): string {
  return text.slice(0, VALUE_CHARS_MAX).replace(/\p{Cc}/gu, ' ');
}

/** The zone a name lies in: the nearest name from it up to the registrable domain that has name servers. */
async function zoneOf(lookup: DnsLookup, name: string): Promise<{ name: string; nameservers: readonly string[] } | null> {
  const top = organisationalDomain(name);
  for (let at = name; ; at = at.slice(at.indexOf('.') + 1)) {
    const answer = await lookup.ns(at);
    if (answer.ok) return { name: at, nameservers: shownTexts(answer.values) };
    if (answer.why === 'unreachable' || at === top || !at.includes('.')) return null;
  }
}

function kept<T>(answer: DnsAnswer<T>, before: readonly string[], take: (values: readonly T[]) => readonly string[]): readonly string[] {
  if (answer.ok) return shownTexts(take(answer.values));
  return answer.why === 'missing' ? [] : before;
}

// This file looks at the records a domain should have: each at its own name, and, where it is not right there, at the places where people put
// records by mistake. Onboarding and `packetboat domain check` both look through it.
import type { Language } from '../language.ts';
import { compareRecord } from '../tenancy/dns/compare-record.ts';
import { type Compared, type ExpectedRecord, type FoundRecords, NOTHING_FOUND } from '../tenancy/dns/compared.ts';
import { likelyPlaces, meansToBe } from '../tenancy/dns/likely-places.ts';
import { type DnsAnswer, type DnsLookup, plainName, valuesOf } from '../tenancy/dns/lookup.ts';
import { organisationalDomain } from '../tenancy/dns/organisational-domain.ts';
import { countSpf, spfReach } from '../tenancy/dns/spf-count.ts';
import { isSpfRecord } from '../tenancy/dns/spf-record.ts';

export interface LookOptions {
  readonly language?: Language;
}

/** Records looked at at once; each asks up to a dozen questions, and the look-up has a limit of its own. */
const RECORDS_AT_ONCE = 8;

/** Looks at all of them; the answers stand in the order of the records. Never rejects for DNS. */
export async function lookAtRecords<T extends ExpectedRecord>(
  lookup: DnsLookup,
  expected: readonly T[],
  { language = 'en' }: LookOptions = {},
): Promise<(T & Compared)[]> {
  const results: (T & Compared)[] = [];
  for (let at = 0; at < expected.length; at += RECORDS_AT_ONCE) {
    const group = expected.slice(at, at + RECORDS_AT_ONCE);
    results.push(...(await Promise.all(group.map(async (record) => ({ ...record, ...(await lookAtRecord(lookup, record, language)) })))));
  }
  return results;
}

async function lookAtRecord(lookup: DnsLookup, expected: ExpectedRecord, language: Language): Promise<Compared> {
  const first = await lookHere(lookup, expected);
  const compared = compareRecord(expected, first, language);
  if (compared.state === 'ok' || compared.state === 'unreachable') return compared;
  return compareRecord(expected, await lookAround(lookup, expected, first), language);
}

/** The name itself. */
async function lookHere(lookup: DnsLookup, { type, host, purpose }: ExpectedRecord): Promise<FoundRecords> {
  if (type === 'MX') return { ...NOTHING_FOUND, mx: await lookup.mx(host) };
  if (type === 'CNAME') {
    const cname = await lookup.cname(host);
    const target = valuesOf(cname)[0];
    if (target === undefined) return { ...NOTHING_FOUND, cname };
    const txt = purpose === 'dkim' ? await lookup.txt(target) : null;
    return { ...NOTHING_FOUND, cname, txt, beside: await kindsBeside(lookup, host, target) };
  }
  const txt = await lookup.txt(host);
  const spf = valuesOf(txt).some(isSpfRecord) && purpose === 'spf' ? spfReach(await countSpf(lookup, host)) : null;
  return { ...NOTHING_FOUND, txt, spf };
}

/** A server that lets other records stand beside a CNAME answers differently for the name and for its target. */
async function kindsBeside(lookup: DnsLookup, host: string, target: string): Promise<string[]> {
  const text = ({ exchange, preference }: { exchange: string; preference: number }) => `${preference} ${exchange}`;
  const pairs = await Promise.all([
    both('TXT', (name) => lookup.txt(name)),
    both('MX', async (name) => mapped(await lookup.mx(name), text)),
    both('A', (name) => lookup.a(name)),
  ]);
  return pairs.flatMap(({ type, here, there }) => (here.some((value) => !there.includes(value)) ? [type] : []));

  async function both(type: string, ask: (name: string) => Promise<DnsAnswer<string>>) {
    const [here, there] = await Promise.all([ask(host), ask(target)]);
    // Where the target was not answered, everything would look as if it stood beside.
    const known = there.ok || there.why === 'missing';
    return { type, here: known ? valuesOf(here) : [], there: valuesOf(there) };
  }
}

/** The places around it. */
async function lookAround(lookup: DnsLookup, expected: ExpectedRecord, first: FoundRecords): Promise<FoundRecords> {
  const bare = expected.type === 'CNAME' && !first.cname?.ok;
  const [cname, txt, mx, addresses, elsewhere] = await Promise.all([
    first.cname ?? lookup.cname(expected.host),
    first.txt ?? (expected.type === 'CNAME' ? lookup.txt(expected.host) : null),
    first.mx ?? (bare ? lookup.mx(expected.host) : null),
    bare ? addressesOf(lookup, expected.host) : [],
    lookElsewhere(lookup, expected),
  ]);
  const around = { ...first, cname, txt, mx, addresses, elsewhere };
  return { ...around, wildcard: await isWildcard(lookup, expected.host, around) };
}

/** A name nobody uses: what stands there, too, stands there by a wildcard. */
const UNUSED_LABEL = 'no-such-name-packetboat-check';

async function isWildcard(lookup: DnsLookup, host: string, { cname, txt, addresses }: FoundRecords): Promise<boolean> {
  if (host === organisationalDomain(host)) return false;
  const unused = `${UNUSED_LABEL}.${host.slice(host.indexOf('.') + 1)}`;
  const same = (here: readonly string[], there: readonly string[]) => here.length > 0 && here.toSorted().join() === there.toSorted().join();
  const aliases = cname ? valuesOf(cname) : [];
  if (aliases.length > 0) return same(aliases, valuesOf(await lookup.cname(unused)));
  const texts = txt ? valuesOf(txt) : [];
  if (texts.length > 0) return same(texts, valuesOf(await lookup.txt(unused)));
  return addresses.length > 0 && same(addresses, await addressesOf(lookup, unused));
}

async function addressesOf(lookup: DnsLookup, host: string): Promise<string[]> {
  const answers = await Promise.all([lookup.a(host), lookup.aaaa(host)]);
  return answers.flatMap(valuesOf);
}

async function lookElsewhere(lookup: DnsLookup, expected: ExpectedRecord): Promise<FoundRecords['elsewhere']> {
  const places = likelyPlaces(expected);
  const found = await Promise.all(
    places.map(async (place) => {
      const value = (await valuesAt(lookup, expected, place.host)).find((text) => meansToBe(expected, text));
      return value === undefined ? [] : [{ ...place, value }];
    }),
  );
  return found.flat();
}

async function valuesAt(lookup: DnsLookup, { type }: ExpectedRecord, host: string): Promise<readonly string[]> {
  if (type === 'TXT') return valuesOf(await lookup.txt(host));
  if (type === 'CNAME') return valuesOf(await lookup.cname(host)).map(plainName);
  return valuesOf(await lookup.mx(host)).map(({ exchange }) => exchange);
}

function mapped<A, B>(answer: DnsAnswer<A>, map: (value: A) => B): DnsAnswer<B> {
  return answer.ok ? { ...answer, values: answer.values.map(map) } : answer;
}

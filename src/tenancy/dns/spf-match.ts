// This file matches one mechanism of SPF against an address (RFC 7208 §5): everything but include, which is a record of its own.
import ipaddr from 'ipaddr.js';
import { type DnsAnswer, type DnsLookup, plainName } from './lookup.ts';
import type { SpfDirective } from './spf-record.ts';

/** What matching needs and counts. */
export interface Matching {
  readonly lookup: Pick<DnsLookup, 'txt' | 'a' | 'aaaa' | 'mx' | 'ptr'>;
  readonly address: ipaddr.IPv4 | ipaddr.IPv6;
  readonly voidsMax: number;
  readonly expired: () => boolean;
  voids: number;
  /** Names of the address that lead back to it, and the answer they came from; null until somebody asked. */
  names: { readonly values: readonly string[]; readonly answer: DnsAnswer<string> } | null;
}

export type Match = 'match' | 'no-match' | 'temperror' | 'too-many-voids' | 'too-many-names';

/** §4.6.4: more exchangers are an error, more names of an address are passed over. */
const EXCHANGERS_MAX = 10;
const NAMES_MAX = 10;

/** Matches; `name` is the domain of the term, filled in. */
export async function matchDirective(run: Matching, directive: Exclude<SpfDirective, { kind: 'include' }>, name: string): Promise<Match> {
  switch (directive.kind) {
    case 'all':
      return 'match';
    case 'ip4':
    case 'ip6':
      return inNetwork(run.address, directive.address, directive.prefix) ? 'match' : 'no-match';
    case 'exists': {
      const answer = await run.lookup.a(name);
      return noted(run, answer) ?? (answer.ok ? 'match' : 'no-match');
    }
    case 'a':
      return matchAddresses(run, name, prefixFor(run, directive));
    case 'mx':
      return matchExchangers(run, name, prefixFor(run, directive));
    case 'ptr': {
      const wanted = plainName(name);
      const names = await validatedNames(run);
      if (run.voids > run.voidsMax) return 'too-many-voids';
      return names.some((each) => each === wanted || each.endsWith(`.${wanted}`)) ? 'match' : 'no-match';
    }
  }
}

async function matchAddresses(run: Matching, name: string, prefix: number): Promise<Match> {
  const answer = await ask(run, name);
  const stop = noted(run, answer);
  if (stop) return stop;
  return answer.ok && answer.values.some((address) => inNetwork(run.address, address, prefix)) ? 'match' : 'no-match';
}

/** §5.4: only exchangers, never the address of the domain itself in their place. */
async function matchExchangers(run: Matching, name: string, prefix: number): Promise<Match> {
  const answer = await run.lookup.mx(name);
  const stop = noted(run, answer);
  if (stop) return stop;
  const exchangers = answer.ok ? answer.values.map(({ exchange }) => exchange).filter((exchange) => exchange !== '') : [];
  if (exchangers.length > EXCHANGERS_MAX) return 'too-many-names';
  for (const exchange of exchangers) {
    const match = await matchAddresses(run, exchange, prefix);
    if (match !== 'no-match') return match;
    if (run.expired()) return 'temperror';
  }
  return 'no-match';
}

/** §5.5: names that cannot be asked for are passed over; an address whose names cannot be asked for has none. */
export async function validatedNames(run: Matching): Promise<readonly string[]> {
  // Each term that asks counts, though the answer is remembered.
  if (run.names) {
    noted(run, run.names.answer);
    return run.names.values;
  }
  const answer = await run.lookup.ptr(run.address.toString());
  noted(run, answer);
  const names = answer.ok ? answer.values.slice(0, NAMES_MAX).map(plainName) : [];
  const checked = await Promise.all(
    names.map(async (name) => {
      const addresses = await ask(run, name);
      return addresses.ok && addresses.values.some((address) => inNetwork(run.address, address, bitsOf(run.address))) ? [name] : [];
    }),
  );
  run.names = { values: checked.flat(), answer };
  return run.names.values;
}

/** Addresses of the client's own kind. */
function ask(run: Matching, name: string): Promise<DnsAnswer<string>> {
  return run.address.kind() === 'ipv4' ? run.lookup.a(name) : run.lookup.aaaa(name);
}

/** Counts an answer that found nothing; tells where evaluation has to stop. */
function noted(run: Matching, answer: DnsAnswer<unknown>): 'temperror' | 'too-many-voids' | null {
  if (answer.ok) return null;
  if (answer.why === 'unreachable') return 'temperror';
  run.voids += 1;
  return run.voids > run.voidsMax ? 'too-many-voids' : null;
}

function prefixFor({ address }: Matching, { prefix4, prefix6 }: { prefix4: number; prefix6: number }): number {
  return address.kind() === 'ipv4' ? prefix4 : prefix6;
}

function bitsOf(address: ipaddr.IPv4 | ipaddr.IPv6): number {
  return address.kind() === 'ipv4' ? 32 : 128;
}

function inNetwork(address: ipaddr.IPv4 | ipaddr.IPv6, network: string, prefix: number): boolean {
  // Written networks are taken as they are: ::ffff:192.0.2.1 as ip6 is no IPv4 network.
  const parsed = ipaddr.parse(network);
  return parsed.kind() === address.kind() && address.match(parsed, prefix);
}

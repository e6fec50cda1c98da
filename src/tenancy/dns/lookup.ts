// This file is the port through which everything about domains asks DNS: readers and evaluators are pure, the answers come from whoever
// implements this (src/watch/dns/resolver.ts in the desk, a literal zone in tests).

/** An answer. `missing` (no such name, or no such record there) and `unreachable` (nobody answered) are told apart: only the first is a fact. */
export type DnsAnswer<T> =
  | { readonly ok: true; readonly values: readonly T[]; readonly ttlS: number }
  | { readonly ok: false; readonly why: 'missing' | 'unreachable'; readonly detail: string };

export interface MailExchanger {
  /** Lower case, without the final dot; '' for the root (null MX, RFC 7505). */
  readonly exchange: string;
  readonly preference: number;
}

/** Names are written without the final dot. Aliases (CNAME) are followed, except by `cname`. No method rejects. */
export interface DnsLookup {
  /** One text for each record, its strings joined without anything between. */
  txt(name: string): Promise<DnsAnswer<string>>;
  a(name: string): Promise<DnsAnswer<string>>;
  aaaa(name: string): Promise<DnsAnswer<string>>;
  mx(name: string): Promise<DnsAnswer<MailExchanger>>;
  /** The alias that stands at the name itself. */
  cname(name: string): Promise<DnsAnswer<string>>;
  ns(name: string): Promise<DnsAnswer<string>>;
  /** The names of an IPv4 or IPv6 address. */
  ptr(ip: string): Promise<DnsAnswer<string>>;
}

/** The values, or none: for callers that treat "missing" and "unreachable" alike. */
export function valuesOf<T>(answer: DnsAnswer<T>): readonly T[] {
  return answer.ok ? answer.values : [];
}

/** A name as it is compared: lower case, no white space around it, no final dot. */
export function plainName(name: string): string {
  return name.trim().toLowerCase().replace(/\.$/, '');
}

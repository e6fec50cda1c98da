// This file lets mailauth ask our own DNS lookup. It wants the answers and the errors of node:dns: ENOTFOUND where a name has nothing, ETIMEOUT where nobody answered.
import type { DNSResolver } from 'mailauth';
import type { DnsAnswer, DnsLookup } from '../../tenancy/dns/lookup.ts';

export function mailauthResolver(lookup: DnsLookup): DNSResolver {
  return async (name, type) => {
    switch (type.toUpperCase()) {
      case 'TXT':
        return valuesOf(name, await lookup.txt(name)).map((text) => [text]);
      case 'A':
        return valuesOf(name, await lookup.a(name));
      case 'AAAA':
        return valuesOf(name, await lookup.aaaa(name));
      case 'CNAME':
        return valuesOf(name, await lookup.cname(name));
      case 'MX':
        // mailauth reads `{ exchange, priority }`, as node:dns gives it; its declared type knows lists of texts only.
        return valuesOf(name, await lookup.mx(name)).map(({ exchange, preference }) => ({
          exchange,
          priority: preference,
        })) as unknown as string[];
      case 'PTR':
        return valuesOf(name, await lookup.ptr(addressOf(name)));
      default:
        throw refusal(name, 'ENODATA');
    }
  };
}

function valuesOf<T>(name: string, answer: DnsAnswer<T>): T[] {
  if (!answer.ok) throw refusal(name, answer.why === 'missing' ? 'ENOTFOUND' : 'ETIMEOUT');
  return [...answer.values];
}

function refusal(name: string, code: string): Error {
  return Object.assign(new Error(`${code} ${name}`), { code });
}

/** `1.2.0.192.in-addr.arpa` is 192.0.2.1; 32 nibbles are an IPv6 address. */
function addressOf(name: string): string {
  const labels = name
    .toLowerCase()
    .replace(/\.(?:in-addr|ip6)\.arpa\.?$/, '')
    .split('.')
    .reverse();
  return labels.length === 4 ? labels.join('.') : (labels.join('').match(/.{1,4}/g) ?? []).join(':');
}

// This file opens the look-up that the whole desk asks DNS through, from the settings.
import type { Clock } from '../../clock.ts';
import type { Config } from '../../config.ts';
import { AppError } from '../../errors.ts';
import { type ExamineDomain, examineDomain } from '../../flows/domain-check/examine-domain.ts';
import { makePolicyFetcher } from '../../flows/domain-check/fetch-policy.ts';
import { type DnsLookup, valuesOf } from '../../tenancy/dns/lookup.ts';
import type { DnsServer } from '../../watch/dns/exchange.ts';
import { makeDnsLookup, readDnsServer } from '../../watch/dns/resolver.ts';

type DnsSettings = Pick<Config, 'dnsServers' | 'dnsAuthoritativePort' | 'dnsAllowPrivate'>;

/** Asks the name servers of each zone themselves. Throws CONFIG_INVALID for a server that is no address. */
export function openDnsLookup(config: DnsSettings): DnsLookup {
  return makeDnsLookup({
    servers: config.dnsServers.map(dnsServer),
    authoritative: true,
    authoritativePort: config.dnsAuthoritativePort,
    allowPrivate: config.dnsAllowPrivate,
  });
}

function dnsServer(text: string): DnsServer {
  const server = readDnsServer(text);
  if (server) return server;
  throw new AppError('CONFIG_INVALID', `PACKETBOAT_DNS_SERVERS: "${text}" is no address of a DNS server.`);
}

/** Everything about a domain, over a look-up; policies of MTA-STS come from public addresses unless the settings allow others. */
export function openExamineDomain(lookup: DnsLookup, config: Pick<Config, 'allowPrivateWebhooks'>, clock: Clock): ExamineDomain {
  const fetchPolicy = makePolicyFetcher({ allowPrivate: config.allowPrivateWebhooks, resolve: (host) => addressesOf(lookup, host) });
  return (name, selectors) => examineDomain({ lookup, fetchPolicy, clock }, name, selectors);
}

async function addressesOf(lookup: DnsLookup, host: string): Promise<string[]> {
  const answers = await Promise.all([lookup.a(host), lookup.aaaa(host)]);
  const addresses = answers.flatMap(valuesOf);
  if (addresses.length > 0) return addresses;
  const why = answers.flatMap((answer) => (answer.ok ? [] : [answer.detail]));
  throw new Error(why[0] ?? `${host} has no address`);
}

// This file checks the host names that others reach us by: return paths (MX to our inbound door, SPF that allows our addresses), the host of
// reports (it has to say that it takes reports about others), and the zone of our DKIM keys (it has to be delegated to us).
import { type DnsLookup, plainName, valuesOf } from '../../tenancy/dns/lookup.ts';
import { evaluateSpf } from '../../tenancy/dns/spf-evaluate.ts';
import { mergeSpf } from '../../tenancy/dns/spf-merge.ts';
import { chooseSpfRecord } from '../../tenancy/dns/spf-record.ts';
import { type SelfCheck, selfCheck } from './finding.ts';
import type { GreetingOf } from './probes.ts';

export interface HostNames {
  /** What this desk calls itself; its inbound door greets with it. */
  readonly hostname: string;
  readonly sendingIps: readonly string[];
}

/** A name below .test leads nowhere in the world (RFC 6761). */
export function isSimulated(host: string): boolean {
  return plainName(host).endsWith('.test');
}

/** The first exchanger decides; who greets there with our name is our inbound door. */
export async function checkInbound(lookup: DnsLookup, host: string, { hostname }: HostNames, greetingOf: GreetingOf): Promise<SelfCheck> {
  const answer = await lookup.mx(host);
  if (!answer.ok && answer.why === 'unreachable') return selfCheck('unknown', 'no-answer', host, { detail: answer.detail });
  const [first] = valuesOf(answer)
    .filter(({ exchange }) => exchange !== '')
    .toSorted((a, b) => a.preference - b.preference);
  if (!first) return selfCheck('problem', 'return-path-no-mx', host, { wanted: hostname });
  const seen = first.exchange;
  const greeting = await greetingOf(seen);
  if (!greeting.ok) return selfCheck('unknown', 'return-path-closed', host, { seen, detail: greeting.message });
  const name = /^220[ -](\S+)/.exec(greeting.line)?.[1] ?? '';
  if (plainName(name) === plainName(hostname)) return selfCheck('ok', 'return-path-ok', host, { seen });
  return selfCheck('problem', 'return-path-elsewhere', host, { seen, detail: greeting.line, wanted: hostname });
}

/** SPF of a return path, for each of our addresses; where they are not known, that there is a record at all. */
export async function checkReturnPathSpf(lookup: DnsLookup, host: string, { hostname, sendingIps }: HostNames): Promise<SelfCheck[]> {
  const answer = await lookup.txt(host);
  if (!answer.ok && answer.why === 'unreachable') return [selfCheck('unknown', 'no-answer', host, { detail: answer.detail })];
  const texts = valuesOf(answer);
  const words = sendingIps.map((ip) => `${ip.includes(':') ? 'ip6' : 'ip4'}:${ip}`);
  const merged = mergeSpf(texts, words);
  const wanted = merged.ok ? merged.value.record : `v=spf1 ${words.join(' ')} -all`;
  if (chooseSpfRecord(texts).kind === 'none') {
    return [
      selfCheck('problem', 'return-path-spf-missing', host, {
        wanted: words.length === 0 ? 'v=spf1 ip4:… -all' : wanted.replace(/~all$/, '-all'),
      }),
    ];
  }
  const refused: SelfCheck[] = [];
  for (const ip of sendingIps) {
    const { result, detail } = await evaluateSpf({ lookup, ip, mailFrom: `check@${host}`, helo: hostname });
    if (result === 'permerror') return [selfCheck('problem', 'return-path-spf-broken', host, { detail })];
    if (result === 'temperror') return [selfCheck('unknown', 'no-answer', host, { detail })];
    if (result !== 'pass') refused.push(selfCheck('problem', 'return-path-spf-refuses', host, { seen: ip, detail: result, wanted }));
  }
  return refused.length > 0 ? refused : [selfCheck('ok', 'return-path-spf-ok', host)];
}

/** RFC 9990 §4: receivers ask this host whether it wants reports about a domain of somebody else; only a wildcard can say so for all. */
export async function checkReportHost(lookup: DnsLookup, host: string): Promise<SelfCheck> {
  const answer = await lookup.txt(`any-customer.example._report._dmarc.${host}`);
  if (!answer.ok && answer.why === 'unreachable') return selfCheck('unknown', 'no-answer', host, { detail: answer.detail });
  const agrees = valuesOf(answer).some((text) => /^v\s*=\s*DMARC1\s*(;|$)/.test(text));
  return agrees ? selfCheck('ok', 'reports-ok', host) : selfCheck('warning', 'reports-not-authorised', host);
}

export async function checkKeyZone(lookup: DnsLookup, zone: string, nameServers: readonly string[]): Promise<SelfCheck> {
  const answer = await lookup.ns(zone);
  if (!answer.ok && answer.why === 'unreachable') return selfCheck('unknown', 'no-answer', zone, { detail: answer.detail });
  const found = valuesOf(answer).map(plainName);
  const wanted = nameServers.map(plainName);
  const facts = { seen: found.join(', ') || '–', wanted: wanted.join(', ') };
  return wanted.some((name) => found.includes(name))
    ? selfCheck('ok', 'zone-ok', zone, facts)
    : selfCheck('problem', 'zone-not-delegated', zone, facts);
}

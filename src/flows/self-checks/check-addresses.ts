// This file checks the names of our sending addresses: reverse DNS that leads back (FCrDNS), and the names we say in SMTP (HELO).
import ipaddr from 'ipaddr.js';
import { type DnsLookup, plainName, valuesOf } from '../../tenancy/dns/lookup.ts';
import { type SelfCheck, selfCheck } from './finding.ts';

/** A hundred addresses are a large desk; more would be a burst of questions. */
export const ADDRESSES_MAX = 100;
/** Labels that providers give to whole ranges. */
const GENERIC =
  /(?:^|[.-])(?:dynamic|dyn|dhcp|dialup|dsl|adsl|vdsl|pool|ppp|cable|broadband|customers?|cust|clients?|static|unassigned|reverse)(?=[.\d-])/;

export async function checkAddresses(lookup: DnsLookup, addresses: readonly string[], hostname: string): Promise<SelfCheck[]> {
  return Promise.all(addresses.slice(0, ADDRESSES_MAX).map((address) => checkPtr(lookup, address, hostname)));
}

async function checkPtr(lookup: DnsLookup, address: string, wanted: string): Promise<SelfCheck> {
  const answer = await lookup.ptr(address);
  if (!answer.ok && answer.why === 'unreachable') return selfCheck('unknown', 'no-answer', address, { detail: answer.detail });
  const names = valuesOf(answer).map(plainName);
  const [name] = names;
  if (name === undefined) return selfCheck('problem', 'ptr-missing', address, { wanted });
  const seen = names.join(', ');
  const back = await Promise.all(names.map((each) => addressesOf(lookup, each)));
  const silent = back.find((each) => each.unanswered !== null);
  const confirmed = names.find((_, index) => back[index]?.values.some((value) => same(value, address)));
  if (confirmed === undefined) {
    if (silent) return selfCheck('unknown', 'no-answer', seen, { detail: silent.unanswered ?? '' });
    return selfCheck('problem', 'ptr-not-confirmed', address, { seen, wanted });
  }
  return isGeneric(confirmed, address)
    ? selfCheck('warning', 'ptr-generic', address, { seen: confirmed, wanted })
    : selfCheck('ok', 'ptr-ok', address, { seen: confirmed });
}

/** Names said in SMTP have to exist; where our addresses are known, they should lead to one of them. */
export async function checkHeloNames(lookup: DnsLookup, names: readonly string[], sendingIps: readonly string[]): Promise<SelfCheck[]> {
  return Promise.all(
    names.map(async (name) => {
      const { values, unanswered } = await addressesOf(lookup, name);
      if (values.length === 0) {
        return unanswered === null
          ? selfCheck('problem', 'helo-missing', name)
          : selfCheck('unknown', 'no-answer', name, { detail: unanswered });
      }
      const ours = sendingIps.length === 0 || values.some((value) => sendingIps.some((ip) => same(value, ip)));
      return ours ? selfCheck('ok', 'helo-ok', name) : selfCheck('warning', 'helo-elsewhere', name, { seen: values.join(', ') });
    }),
  );
}

/** IPv4 and IPv6 addresses of a name, and why some are missing if nobody answered. */
export async function addressesOf(lookup: DnsLookup, name: string): Promise<{ values: readonly string[]; unanswered: string | null }> {
  const answers = await Promise.all([lookup.a(name), lookup.aaaa(name)]);
  const silent = answers.find((answer) => !answer.ok && answer.why === 'unreachable');
  return { values: answers.flatMap(valuesOf), unanswered: silent && !silent.ok ? silent.detail : null };
}

/** A name made out of the address itself, or of what it is rented as. */
function isGeneric(name: string, address: string): boolean {
  if (GENERIC.test(name)) return true;
  if (!ipaddr.IPv4.isValid(address)) return false;
  const octets = address.split('.');
  const numbers = name.match(/\d+/g)?.map((number) => String(Number(number))) ?? [];
  return octets.every((octet) => numbers.includes(octet));
}

function same(a: string, b: string): boolean {
  return ipaddr.isValid(a) && ipaddr.isValid(b) && ipaddr.process(a).toString() === ipaddr.process(b).toString();
}

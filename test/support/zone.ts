// This file is a DNS for tests that is a literal: names with what stands there. A name that is not in it does not exist, a name without the kind
// that is asked for has no such record, one that says `fails` is not answered, and `*.` answers for names that are not there. It writes down what was asked.
import type { DnsAnswer, DnsLookup } from '../../src/tenancy/dns/lookup.ts';
import { reverseName } from '../../src/watch/dns/reverse-name.ts';

interface ZoneRecords {
  readonly TXT?: readonly string[];
  readonly A?: readonly string[];
  readonly AAAA?: readonly string[];
  readonly MX?: readonly (readonly [preference: number, exchange: string])[];
  readonly CNAME?: readonly string[];
  readonly NS?: readonly string[];
  readonly PTR?: readonly string[];
  /** Kinds that are not answered; true: none is. */
  readonly fails?: true | readonly string[];
}

export type Zone = Readonly<Record<string, ZoneRecords>>;

const TTL_S = 300;
const ALIASES_MAX = 8;

export function zoneLookup(zone: Zone): DnsLookup & { readonly asked: string[] } {
  const asked: string[] = [];
  const byName = new Map(Object.entries(zone).map(([name, records]) => [name.toLowerCase(), records]));

  async function find<T>(type: Exclude<keyof ZoneRecords, 'fails'>, name: string, map: (value: never) => T): Promise<DnsAnswer<T>> {
    asked.push(`${type} ${name}`);
    let at = name.toLowerCase().replace(/\.$/, '');
    for (let step = 0; step <= ALIASES_MAX; step += 1) {
      const records = byName.get(at) ?? wildcardOf(at);
      if (!records) return { ok: false, why: 'missing', detail: `there is no name ${at}` };
      if (records.fails === true || records.fails?.includes(type)) {
        return { ok: false, why: 'unreachable', detail: `${at} is not answered` };
      }
      const values = records[type];
      // The map fits the kind: both are named by the caller below.
      if (values && values.length > 0) return { ok: true, values: values.map((value) => map(value as never)), ttlS: TTL_S };
      const alias = records.CNAME?.[0];
      if (alias === undefined || type === 'CNAME') break;
      at = alias.toLowerCase();
    }
    return { ok: false, why: 'missing', detail: `${at} has no ${type} record` };
  }

  /** RFC 4592 §3.3: the wildcard of the nearest name that has one, below no name that is there. */
  function wildcardOf(name: string): ZoneRecords | undefined {
    const labels = name.split('.');
    for (let from = 1; from < labels.length; from += 1) {
      const parent = labels.slice(from).join('.');
      const found = byName.get(`*.${parent}`);
      if (found || byName.has(parent)) return found;
    }
    return undefined;
  }

  const text = (value: string) => value;
  const name = (value: string) => value.toLowerCase();
  return {
    asked,
    txt: (host) => find('TXT', host, text),
    a: (host) => find('A', host, text),
    aaaa: (host) => find('AAAA', host, text),
    cname: (host) => find('CNAME', host, name),
    ns: (host) => find('NS', host, name),
    mx: (host) =>
      find('MX', host, ([preference, exchange]: readonly [number, string]) => ({ preference, exchange: exchange.toLowerCase() })),
    ptr: (ip) => find('PTR', reverseName(ip) ?? '', name),
  };
}

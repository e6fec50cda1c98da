// This file is a DNS for tests whose names change while it is asked: a zone that is published step by step, broken, and mended.
import type { DnsLookup } from '../../src/tenancy/dns/lookup.ts';
import { type Zone, zoneLookup } from './zone.ts';

/** A record as the API shows it. */
export interface ToPublish {
  readonly type: string;
  readonly host: string;
  readonly value: string;
}

export interface ChangingZone {
  readonly lookup: DnsLookup;
  /** Replaces everything. */
  set(zone: Zone): void;
  /** Every question stays unanswered until the next `set`. */
  goAway(): void;
  /** Replaces everything by these records, published as they are told to be, and by `more`. */
  publish(records: readonly ToPublish[], more?: Zone): void;
}

export function changingZone(): ChangingZone {
  let now: DnsLookup = zoneLookup({});
  const away = async () => ({ ok: false, why: 'unreachable', detail: 'nobody answers' }) as const;
  return {
    lookup: {
      txt: (name) => now.txt(name),
      a: (name) => now.a(name),
      aaaa: (name) => now.aaaa(name),
      mx: (name) => now.mx(name),
      cname: (name) => now.cname(name),
      ns: (name) => now.ns(name),
      ptr: (ip) => now.ptr(ip),
    },
    set(zone) {
      now = zoneLookup(zone);
    },
    goAway() {
      now = { txt: away, a: away, aaaa: away, mx: away, cname: away, ns: away, ptr: away };
    },
    publish(records, more = {}) {
      now = zoneLookup({ ...zoneOf(records), ...more });
    },
  };
}

/** The zone that holds these records. */
export function zoneOf(records: readonly ToPublish[]): Zone {
  return Object.fromEntries(records.map(({ type, host, value }) => [host, type === 'CNAME' ? { CNAME: [value] } : { TXT: [value] }]));
}

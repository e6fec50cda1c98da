// This file finds the names of addresses that reports name, apart from every request. A name counts only when it leads back to its address: anybody can write any name into
// the reverse zone of their own addresses.
import type pg from 'pg';
import { type LookedUpName, takeUnnamed, writeNames } from '../store/ip-names.ts';
import type { DnsLookup } from '../tenancy/dns/lookup.ts';
import type { Chore } from './housekeeping.ts';

export interface NameAddressesDeps {
  readonly pool: pg.Pool;
  readonly lookup: Pick<DnsLookup, 'ptr' | 'a' | 'aaaa'>;
  readonly signal: AbortSignal;
}

const EVERY_MS = 10_000;
/** Looked up at once: a few seconds of patience with slow servers. */
const AT_ONCE = 20;
/** In one turn: a large report names thousands, and other questions to DNS must get through. */
const PER_TURN = 400;
/** An address with many names has no telling one. */
const NAMES_MAX = 3;
const NAME_CHARS_MAX = 253;

export function nameAddressesChore(deps: NameAddressesDeps): Chore {
  return {
    name: 'name-addresses',
    everyMs: EVERY_MS,
    async run() {
      for (let done = 0; done < PER_TURN && !deps.signal.aborted; ) {
        const ips = await takeUnnamed(deps.pool, AT_ONCE);
        if (ips.length === 0) return;
        await writeNames(deps.pool, await Promise.all(ips.map((ip) => nameOf(deps.lookup, ip))));
        done += ips.length;
      }
    },
  };
}

async function nameOf(lookup: NameAddressesDeps['lookup'], ip: string): Promise<LookedUpName> {
  const names = await lookup.ptr(ip);
  if (!names.ok) return { ip, name: null, answered: names.why === 'missing' };
  for (const name of names.values.slice(0, NAMES_MAX)) {
    const back = ip.includes(':') ? await lookup.aaaa(name) : await lookup.a(name);
    if (back.ok && back.values.includes(ip) && name.length <= NAME_CHARS_MAX) return { ip, name: name.toLowerCase(), answered: true };
  }
  return { ip, name: null, answered: true };
}

// This file asks every name server of a zone the same question: a record that only some of them have is a record that some receivers do not see.
// Aliases are followed, again at every server of the zone they lead to.
import { type DnsAnswer, type DnsLookup, valuesOf } from '../../tenancy/dns/lookup.ts';
import { isPrivateAddress } from '../../tenancy/webhook-target.ts';
import { makeDnsLookup } from './resolver.ts';

export interface EveryServerOptions {
  /** Finds zones and their servers; also asked where those cannot be. */
  readonly lookup: DnsLookup;
  /** Port of the zones' name servers; 53 everywhere but in tests. */
  readonly port?: number;
  /** Ask servers at private and loopback addresses too. */
  readonly allowPrivate?: boolean;
  /** How long one server may take, milliseconds. */
  readonly timeoutMs?: number;
  /** Asks one server alone; over sockets everywhere but in tests. */
  readonly at?: (address: string) => Pick<DnsLookup, 'cname' | 'txt'>;
}

/** Zones have 2 to 13 servers; more are not asked. */
const SERVERS_MAX = 8;
const ADDRESSES_MAX = 2;
const ALIASES_MAX = 4;
/**
 * Servers asked for one name, those of the zones that aliases lead to among them. Where every server answers another alias, each step would ask so
 * many times more of them: whoever holds a zone could let this desk ask millions of questions.
 */
const ASKED_MAX = 48;
const LABELS_MAX = 20;
const TIMEOUT_MS = 2_000;
const DNS_PORT = 53;

/** The texts at a name, one answer for each server of its zone; of the resolver where none can be asked. Never empty, never rejects. */
export function makeEveryTxt(options: EveryServerOptions): (name: string) => Promise<readonly DnsAnswer<string>[]> {
  const { lookup, port = DNS_PORT, timeoutMs = TIMEOUT_MS, allowPrivate = false } = options;
  const alone = (address: string) => makeDnsLookup({ servers: [{ address, port }], authoritative: false, timeoutMs, cacheMaxS: 0 });
  const { at: serverAt = alone } = options;

  async function serversOf(name: string): Promise<string[]> {
    const labels = name.split('.').slice(-LABELS_MAX);
    // The name itself may be an alias, whose answer would name the servers of another zone.
    for (let from = 1; from <= labels.length - 2; from += 1) {
      const found = valuesOf(await lookup.ns(labels.slice(from).join('.')));
      if (found.length > 0) return (await Promise.all(found.slice(0, SERVERS_MAX).map(addressesOf))).flat();
    }
    return [];
  }

  async function addressesOf(server: string): Promise<string[]> {
    const found = await Promise.all([lookup.a(server), lookup.aaaa(server)]);
    return found
      .flatMap((answer) => valuesOf(answer))
      .filter((address) => allowPrivate || !isPrivateAddress(address))
      .slice(0, ADDRESSES_MAX);
  }

  async function every(name: string, aliases: number, asked: Set<string>): Promise<readonly DnsAnswer<string>[]> {
    // Two names of one server are one, and nobody is asked the same twice.
    const servers = [...new Set(await serversOf(name))].filter((address) => !asked.has(`${address} ${name}`));
    if (servers.length === 0) return [await lookup.txt(name)];
    if (asked.size + servers.length > ASKED_MAX) return [tooManyServers(name)];
    for (const address of servers) asked.add(`${address} ${name}`);
    const leadsTo = new Set<string>();
    const answers = await Promise.all(
      servers.map(async (address) => {
        const one = serverAt(address);
        const [alias] = valuesOf(await one.cname(name));
        if (alias === undefined) return [await one.txt(name)];
        leadsTo.add(alias);
        return [];
      }),
    );
    const further = await Promise.all(
      [...leadsTo].map((alias) => (aliases > 0 ? every(alias, aliases - 1, asked) : Promise.resolve([tooManyAliases(name)]))),
    );
    return [...answers, ...further].flat();
  }

  return (name) => every(name.toLowerCase(), ALIASES_MAX, new Set());
}

function tooManyAliases(name: string): DnsAnswer<string> {
  return { ok: false, why: 'missing', detail: `${name} leads through more than ${ALIASES_MAX} aliases` };
}

function tooManyServers(name: string): DnsAnswer<string> {
  return { ok: false, why: 'missing', detail: `the servers of ${name} name so many aliases that they are not all followed` };
}

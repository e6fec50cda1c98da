// This file asks the name servers of a zone itself. Where a zone begins and who serves it comes from the resolver: those records live for hours
// and are no secret of a minute. Where the zone's servers cannot be asked (a firewall, private addresses) the resolver's word has to do.
import type { Clock } from '../../clock.ts';
import { isPrivateAddress } from '../../tenancy/webhook-target.ts';
import type { DnsServer, Exchange, Question } from './exchange.ts';
import type { RecordType, WireMessage } from './wire.ts';

export type Asked = Exchange;

export interface AuthorityDeps {
  readonly ask: (server: DnsServer, question: Question) => Promise<Exchange>;
  readonly askResolvers: (name: string, type: RecordType) => Promise<Asked>;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly port: number;
  readonly allowPrivate: boolean;
}

export interface Authority {
  /** The answer of the zone's own servers; null when there is none and the resolver has to be asked. */
  ask(name: string, type: RecordType): Promise<Asked | null>;
}

/** Who serves a zone changes rarely; a move of name servers is seen after this. */
const ZONE_MS = 5 * 60_000;
/** A zone whose servers were not found is looked for again after this. */
const LOST_MS = 15_000;
const ZONES_MAX = 10_000;
/** Servers asked before the resolver's word has to do, and addresses of each. */
const SERVERS_MAX = 4;
const ADDRESSES_MAX = 2;
/** Steps down into zones that the resolver did not tell of: a delegation inside a delegation. */
const REFERRALS_MAX = 3;

interface Zone {
  readonly apex: string;
  readonly servers: readonly DnsServer[];
}

export function makeAuthority({ ask, askResolvers, clock, port, allowPrivate }: AuthorityDeps): Authority {
  const zones = new Map<string, { untilMs: number; zone: Promise<Zone | null> }>();

  function zoneOf(name: string): Promise<Zone | null> {
    const entry = zones.get(name);
    if (entry && entry.untilMs > clock.monotonicMs()) return entry.zone;
    const zone = findZone(name).then((found) => {
      if (found === null) void remember(name, Promise.resolve(null), LOST_MS);
      return found;
    });
    return remember(name, zone, ZONE_MS);
  }

  function remember(name: string, zone: Promise<Zone | null>, forMs: number): Promise<Zone | null> {
    zones.delete(name);
    if (zones.size >= ZONES_MAX) zones.delete(zones.keys().next().value ?? '');
    zones.set(name, { untilMs: clock.monotonicMs() + forMs, zone });
    return zone;
  }

  /** One question tells the apex: its own NS records, or the SOA beside "nothing there". An alias at the name is asked for at its parent. */
  async function findZone(name: string): Promise<Zone | null> {
    const said = await askResolvers(name, 'NS');
    if (!said.ok) return null;
    const { answers, authority } = said.message;
    const here = answers.filter((record) => record.type === 'NS' && record.name === name).map(({ value }) => value);
    if (here.length > 0) return serversOf(name, here);
    const parent = name.includes('.') ? name.slice(name.indexOf('.') + 1) : null;
    const apex = answers.some((record) => record.type === 'CNAME' && record.name === name)
      ? parent
      : (authority.find((record) => record.type === 'SOA' && isWithin(name, record.name))?.name ?? parent);
    return apex === null || apex === '' || apex === name ? null : zoneOf(apex);
  }

  async function serversOf(apex: string, names: readonly string[]): Promise<Zone | null> {
    const found = await Promise.all(names.slice(0, SERVERS_MAX).map(addressesOf));
    const servers = found.flat().map((address) => ({ address, port }));
    return servers.length === 0 ? null : { apex, servers };
  }

  async function addressesOf(name: string): Promise<string[]> {
    const said = await Promise.all((['A', 'AAAA'] as const).map((type) => askResolvers(name, type)));
    return said
      .flatMap((each) => (each.ok ? each.message.answers : []))
      .filter(({ type, value }) => (type === 'A' || type === 'AAAA') && (allowPrivate || !isPrivateAddress(value)))
      .map(({ value }) => value)
      .slice(0, ADDRESSES_MAX);
  }

  async function askZone(zone: Zone, name: string, type: RecordType, referrals: number): Promise<Asked | null> {
    for (const server of zone.servers.slice(0, SERVERS_MAX)) {
      const said = await ask(server, { name, type, recursion: false });
      if (!said.ok) continue;
      const lower = referral(said.message, zone.apex, name);
      if (lower !== null) {
        const next = referrals < REFERRALS_MAX ? await serversOf(lower.apex, lower.names) : null;
        return next === null ? null : askZone(next, name, type, referrals + 1);
      }
      // A server that is named for a zone and does not know it says so by answering without authority.
      if (said.message.authoritative) return said;
    }
    return null;
  }

  return {
    async ask(name, type) {
      const zone = await zoneOf(name);
      return zone === null ? null : askZone(zone, name, type, 0);
    },
  };
}

/** A zone below, when the answer only says who serves it. */
function referral(message: WireMessage, apex: string, name: string): { apex: string; names: string[] } | null {
  if (message.authoritative || message.answers.length > 0) return null;
  const below = message.authority.find((record) => record.type === 'NS' && record.name !== apex && isWithin(name, record.name));
  if (!below || !isWithin(below.name, apex)) return null;
  return {
    apex: below.name,
    names: message.authority.filter((record) => record.type === 'NS' && record.name === below.name).map(({ value }) => value),
  };
}

function isWithin(name: string, zone: string): boolean {
  return zone === '' || name === zone || name.endsWith(`.${zone}`);
}

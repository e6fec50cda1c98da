// This file serves a zone that changes over real sockets, for tests with a whole desk: the desk asks it both as its resolver and as the name server
// of the zone.
import { type FakeAnswer, fakeDns } from '../fakes/dns-server.ts';
import { type ToPublish, zoneOf } from './changing-zone.ts';
import type { Teardown } from './database.ts';
import type { Zone } from './zone.ts';

export interface ZoneServer {
  /** Settings that make a desk ask it. */
  readonly env: Readonly<Record<string, string>>;
  /** The zone holds these records from now on. */
  publish(records: readonly ToPublish[]): void;
  /** True: it answers nothing at all. */
  silent: boolean;
}

/** Nothing is remembered by who asks, so that a change is seen at once. */
const TTL_S = 0;
const NXDOMAIN = 3;

/** Serves the zone `apex`; closed when `t` ends. */
export async function zoneServer(t: Teardown, apex: string): Promise<ZoneServer> {
  const nameServer = `ns.${apex}`;
  const base: Zone = { [apex]: { NS: [nameServer], MX: [[10, `mx.${apex}`]] }, [nameServer]: { A: ['127.0.0.1'] } };
  let zone: Zone = base;
  const server: ZoneServer = {
    get env() {
      return {
        PACKETBOAT_DNS_SERVERS: `127.0.0.1:${dns.port}`,
        PACKETBOAT_DNS_AUTHORITATIVE_PORT: String(dns.port),
        PACKETBOAT_DNS_ALLOW_PRIVATE: 'true',
      };
    },
    publish(records) {
      zone = { ...zoneOf(records), ...base };
    },
    silent: false,
  };
  const dns = await fakeDns((name, type): FakeAnswer => {
    if (server.silent) return { misbehave: 'silent' };
    const records = zone[name];
    if (!records) return { rcode: NXDOMAIN, authority: authorityOf(name, apex) };
    const kind = type === 'MX' || type === 'TXT' || type === 'A' || type === 'NS' || type === 'CNAME' ? type : null;
    if (kind === 'MX')
      return { answers: (records.MX ?? []).map(([preference, value]) => ({ type: 'MX', value, preference, ttlS: TTL_S })) };
    const values = kind === null ? [] : (records[kind] ?? []);
    if (kind !== null && values.length > 0) return { answers: values.map((value) => ({ type: kind, value, ttlS: TTL_S })) };
    const [alias] = records.CNAME ?? [];
    return alias === undefined
      ? { authority: authorityOf(name, apex) }
      : { answers: [{ type: 'CNAME', value: alias, ttlS: TTL_S }], authority: authorityOf(name, apex) };
  });
  t.after(() => dns.close());
  return server;
}

function authorityOf(name: string, apex: string): NonNullable<FakeAnswer['authority']> {
  return name === apex || name.endsWith(`.${apex}`) ? [{ name: apex, type: 'SOA', value: `ns.${apex}`, ttlS: TTL_S }] : [];
}

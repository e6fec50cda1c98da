// This file asks DNS for the desk. With `authoritative` it finds the name servers of a zone through the configured resolver and asks them
// directly: what somebody published a minute ago is seen at once, where a resolver still remembers that there was nothing (RFC 2308).
// "Nothing there" and "nobody answers" are kept apart all the way. Questions in flight are few, equal ones are asked once.
import { getServers } from 'node:dns';
import { domainToASCII } from 'node:url';
import type { Clock } from '../../clock.ts';
import { systemClock } from '../../clock.ts';
import { type DnsAnswer, type DnsLookup, plainName } from '../../tenancy/dns/lookup.ts';
import { type Asked, makeAuthority } from './authority.ts';
import { askServer, type DnsServer, type Question } from './exchange.ts';
import { reverseName } from './reverse-name.ts';
import { makeTurnstile } from './turnstile.ts';
import { isAskable, type RecordType, type WireMessage, type WireRecord } from './wire.ts';

export interface DnsLookupOptions {
  /** Resolvers to ask; empty or left out: the machine's own. */
  readonly servers?: readonly DnsServer[];
  /** Ask the zone's own name servers, so that no cache stands between. */
  readonly authoritative: boolean;
  /** Port of the zones' name servers; 53 everywhere but in tests. */
  readonly authoritativePort?: number;
  /** Ask name servers at private and loopback addresses too: for a DNS inside one's own network. */
  readonly allowPrivate?: boolean;
  /** How long one server may take, milliseconds. */
  readonly timeoutMs?: number;
  /** Longest time an answer is remembered, seconds. */
  readonly cacheMaxS?: number;
  readonly clock?: Pick<Clock, 'monotonicMs'>;
}

/** A server that needs longer is as good as down; the next is asked. */
const TIMEOUT_MS = 2_000;
/** Short: people press "check again" after each change, and what they see should be the world. */
const CACHE_MAX_S = 10;
/** That nobody answered is forgotten sooner still. */
const UNREACHABLE_S = 3;
const CACHE_ENTRIES_MAX = 10_000;
/** Aliases followed from one name (RFC 1034 §3.6.2 asks for few; resolvers give up at about this). */
const ALIASES_MAX = 8;
/** Questions at once, and those that may wait for their turn; beyond it a question is answered "unreachable" at once. */
const ASKING_MAX = 64;
const WAITING_MAX = 5_000;
/** Rounds over the resolvers before nobody answers. */
const ROUNDS = 2;
/** Servers named in a sentence. */
const SERVERS_NAMED_MAX = 4;
const DNS_PORT = 53;
const NXDOMAIN = 3;

/** What a name holds, aliases followed; the alias' end when the record is missing there. */
type Found = DnsAnswer<WireRecord>;

export function makeDnsLookup(options: DnsLookupOptions): DnsLookup {
  const { timeoutMs = TIMEOUT_MS, cacheMaxS = CACHE_MAX_S, clock = systemClock } = options;
  const servers = options.servers?.length ? options.servers : machineServers();
  const known = new Map<string, { untilMs: number; found: Found }>();
  const asking = new Map<string, Promise<Found>>();
  const turnstile = makeTurnstile(ASKING_MAX, WAITING_MAX);
  const ask = async (server: DnsServer, question: Question) =>
    (await turnstile(() => askServer(server, question, timeoutMs))) ?? { ok: false as const, detail: 'too many look-ups wait already' };

  async function askResolvers(name: string, type: RecordType): Promise<Asked> {
    let detail = 'no DNS server is configured';
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const server of servers) {
        const said = await ask(server, { name, type, recursion: true });
        if (said.ok) return said;
        detail = said.detail;
      }
    }
    return { ok: false, detail };
  }

  const authority = options.authoritative
    ? makeAuthority({
        ask,
        askResolvers,
        clock,
        port: options.authoritativePort ?? DNS_PORT,
        allowPrivate: options.allowPrivate ?? false,
      })
    : null;

  async function find(name: string, type: RecordType): Promise<Found> {
    let at = name;
    let ttlS = Number.POSITIVE_INFINITY;
    for (let aliases = 0; aliases <= ALIASES_MAX; aliases += 1) {
      const said = (await authority?.ask(at, type)) ?? (await askResolvers(at, type));
      if (!said.ok) return { ok: false, why: 'unreachable', detail: said.detail };
      const servers = referredTo(said.message);
      if (servers !== null)
        return { ok: false, why: 'unreachable', detail: `${at} is served by ${servers}, and no answer came from there` };
      // One answer may hold several steps of the way.
      const { end, lowestS } = type === 'CNAME' ? { end: at, lowestS: ttlS } : followAliases(said.message.answers, at, ttlS);
      ttlS = lowestS;
      const records = said.message.answers.filter((record) => record.name === end && record.type === type);
      if (records.length > 0) {
        return { ok: true, values: records, ttlS: Math.min(ttlS, ...records.map((record) => record.ttlS)) };
      }
      if (end === at || said.message.rcode === NXDOMAIN) {
        const what = said.message.rcode === NXDOMAIN ? `there is no name ${end}` : `${end} has no ${type} record`;
        return { ok: false, why: 'missing', detail: what };
      }
      at = end;
    }
    return { ok: false, why: 'missing', detail: `${name} leads through more than ${ALIASES_MAX} aliases` };
  }

  function lookUp(name: string, type: RecordType): Promise<Found> {
    const plain = asciiName(name);
    if (plain === null) return Promise.resolve({ ok: false, why: 'missing', detail: `${name} cannot be a name in DNS` });
    const key = `${type} ${plain}`;
    const entry = known.get(key);
    if (entry && entry.untilMs > clock.monotonicMs()) return Promise.resolve(entry.found);
    const running = asking.get(key);
    if (running) return running;
    const question = find(plain, type).then((found) => {
      asking.delete(key);
      const keepS = found.ok ? Math.min(found.ttlS, cacheMaxS) : found.why === 'missing' ? cacheMaxS : Math.min(UNREACHABLE_S, cacheMaxS);
      known.delete(key);
      if (known.size >= CACHE_ENTRIES_MAX) known.delete(known.keys().next().value ?? '');
      known.set(key, { untilMs: clock.monotonicMs() + keepS * 1000, found });
      return found;
    });
    asking.set(key, question);
    return question;
  }

  const values = async (name: string, type: RecordType) => mapped(await lookUp(name, type), ({ value }) => value);
  return {
    txt: (name) => values(name, 'TXT'),
    a: (name) => values(name, 'A'),
    aaaa: (name) => values(name, 'AAAA'),
    cname: (name) => values(name, 'CNAME'),
    ns: (name) => values(name, 'NS'),
    mx: async (name) => mapped(await lookUp(name, 'MX'), ({ value, preference }) => ({ exchange: value, preference })),
    ptr: async (ip) => {
      const name = reverseName(ip);
      return name === null ? { ok: false, why: 'missing', detail: `${ip} is no IP address` } : values(name, 'PTR');
    },
  };
}

/** Reads "127.0.0.1:5353" or "[::1]:53"; without a port it is 53. Null when it is no address. */
export function readDnsServer(text: string): DnsServer | null {
  const parts =
    /^\[([0-9a-f:.]+)\](?::(\d{1,5}))?$/i.exec(text) ?? /^([0-9.]+)(?::(\d{1,5}))?$/.exec(text) ?? /^([0-9a-f:.]+)$/i.exec(text);
  const [, address, port] = parts ?? [];
  if (address === undefined || reverseName(address) === null) return null;
  const number = port === undefined ? DNS_PORT : Number(port);
  return number >= 1 && number <= 65_535 ? { address, port: number } : null;
}

/** Whom an answer only refers to, which says nothing about the name itself (RFC 2308 §2.2: other servers, and no SOA); null for every other answer. */
function referredTo({ authoritative, answers, authority, rcode }: WireMessage): string | null {
  if (authoritative || answers.length > 0 || rcode === NXDOMAIN || authority.some(({ type }) => type === 'SOA')) return null;
  const servers = authority.filter(({ type }) => type === 'NS').map(({ value }) => value);
  return servers.length === 0 ? null : servers.slice(0, SERVERS_NAMED_MAX).join(', ');
}

function machineServers(): DnsServer[] {
  return getServers().flatMap((text) => readDnsServer(text) ?? []);
}

/** From a name along the aliases of one answer to the last one it names. */
function followAliases(records: readonly WireRecord[], name: string, ttlS: number): { end: string; lowestS: number } {
  let end = name;
  let lowestS = ttlS;
  for (let step = 0; step <= ALIASES_MAX; step += 1) {
    const alias = records.find((record) => record.type === 'CNAME' && record.name === end);
    if (!alias) break;
    end = alias.value;
    lowestS = Math.min(lowestS, alias.ttlS);
  }
  return { end, lowestS };
}

function asciiName(name: string): string | null {
  const plain = plainName(name);
  if (/^[\x21-\x7e]*$/.test(plain)) return isAskable(plain) ? plain : null;
  // domainToASCII refuses names with characters no host has, and answers ''.
  const ascii = domainToASCII(plain);
  return ascii !== '' && isAskable(ascii) ? ascii : null;
}

function mapped<T>(found: Found, map: (record: WireRecord) => T): DnsAnswer<T> {
  return found.ok ? { ok: true, values: found.values.map(map), ttlS: found.ttlS } : found;
}

// This file says where a request comes from and whether it came by TLS: what the socket shows, and behind it what trusted proxies say in
// X-Forwarded-For and X-Forwarded-Proto or in Forwarded (RFC 7239). What others write there is not read.
import { BlockList, isIP } from 'node:net';

/** A request's other end, as far as it is known for certain. */
export interface Client {
  /** IP address of the client: the peer of the connection, or who stands before the trusted proxies. */
  readonly address: string;
  /** It came by TLS: to us, or to a trusted proxy that says so. */
  readonly secure: boolean;
  /** How it reached us: from this machine, through a trusted proxy, or from elsewhere. */
  readonly by: 'loopback' | 'proxy' | 'network';
}

/** What the socket and the headers show. */
export interface Shown {
  readonly peer: string;
  readonly encrypted: boolean;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** One proxy's word: who connected to it, and by which protocol; null where it does not say. */
interface Hop {
  readonly from: string | null;
  readonly protocol: string | null;
}

/** Proxies in a row that are followed; nobody has more. */
const HOPS_MAX = 16;
const LOOPBACK = /^(127\.|::1$)/;
/** RFC 7239 §4: one parameter, and what ends it. */
const FORWARDED_PAIR = /\s*([A-Za-z-]{1,20})=(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*))\s*([;,]|$)/y;

/** Makes the reader from the settings: networks as "10.0.0.0/8" or single addresses, and which headers they write. */
export function makeClientReader(proxies: readonly string[], header: 'x-forwarded' | 'forwarded'): (shown: Shown) => Client {
  const trusted = new BlockList();
  for (const network of proxies) {
    const [address = '', bits] = network.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) trusted.addAddress(address, family);
    else trusted.addSubnet(address, Number(bits), family);
  }
  const trusts = (address: string) => trusted.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
  return ({ peer, encrypted, headers }) => {
    const address = plain(peer) ?? peer;
    if (proxies.length === 0 || isIP(address) === 0 || !trusts(address)) {
      return { address, secure: encrypted, by: LOOPBACK.test(address) ? 'loopback' : 'network' };
    }
    const said = beforeProxies(header === 'forwarded' ? readForwarded(headers) : readXForwarded(headers), trusts);
    return { address: said.from ?? address, secure: said.protocol === 'https', by: 'proxy' };
  };
}

/** The last proxy stands last in the list. Followed from there as long as who connected is a trusted proxy itself. */
function beforeProxies(hops: readonly Hop[], trusts: (address: string) => boolean): Hop {
  let found: Hop = { from: null, protocol: null };
  for (const hop of hops.slice(-HOPS_MAX).reverse()) {
    // A proxy that hides who connected ("unknown") ends what can be known of addresses.
    if (hop.from === null) return { from: found.from, protocol: hop.protocol ?? found.protocol };
    found = { from: hop.from, protocol: hop.protocol ?? found.protocol };
    if (!trusts(hop.from)) return found;
  }
  return found;
}

function readXForwarded(headers: Shown['headers']): Hop[] {
  const from = listOf(headers['x-forwarded-for']);
  const protocols = listOf(headers['x-forwarded-proto']);
  if (from.length === 0) return protocols.length === 0 ? [] : [{ from: null, protocol: lower(protocols.at(-1)) }];
  // Where each proxy added its own word both lists are of one length; else the one word is the last one's, or handed on by it.
  const aligned = protocols.length === from.length;
  return from.map((each, index) => ({ from: plain(each), protocol: lower(aligned ? protocols[index] : protocols.at(-1)) }));
}

function readForwarded(headers: Shown['headers']): Hop[] {
  const { forwarded } = headers;
  const text = typeof forwarded === 'string' ? forwarded : (forwarded ?? []).join(',');
  const hops: Hop[] = [];
  let hop: { from: string | null; protocol: string | null } = { from: null, protocol: null };
  FORWARDED_PAIR.lastIndex = 0;
  while (FORWARDED_PAIR.lastIndex < text.length) {
    const found = FORWARDED_PAIR.exec(text);
    // Nothing of a header that is not as the standard says is believed.
    if (!found) return [];
    const [, name = '', quoted, bare = '', ending] = found;
    const value = quoted === undefined ? bare : quoted.replace(/\\(.)/g, '$1');
    if (/^for$/i.test(name)) hop.from = plain(value);
    if (/^proto$/i.test(name)) hop.protocol = value.toLowerCase();
    if (ending === ';') continue;
    hops.push(hop);
    hop = { from: null, protocol: null };
  }
  return hops;
}

function listOf(header: string | readonly string[] | undefined): string[] {
  const text = typeof header === 'string' ? header : (header ?? []).join(',');
  return text
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
}

function lower(word: string | undefined): string | null {
  return word === undefined ? null : word.toLowerCase();
}

/** An address without port, brackets and IPv4 mapping (::ffff:192.0.2.1); null for what is none. */
function plain(written: string): string | null {
  const bracketed = /^\[([^\]]+)\](?::\d{1,5})?$/.exec(written)?.[1];
  const bare = bracketed ?? /^(\d{1,3}(?:\.\d{1,3}){3})(?::\d{1,5})?$/.exec(written)?.[1] ?? written;
  const mapped = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i.exec(bare)?.[1] ?? bare;
  return isIP(mapped) === 0 ? null : mapped;
}

// This file says which networks may hand in mail without a log-in: private and loopback ranges only, because everything else can be reached
// by strangers.
import ipaddr from 'ipaddr.js';
import { AppError } from '../errors.ts';

/** RFC 1122 loopback, RFC 1918, RFC 4193. */
const ALLOWED = ['127.0.0.0/8', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7', '::1/128'].map((text) =>
  ipaddr.parseCIDR(text),
);

export type Network = readonly [address: ipaddr.IPv4 | ipaddr.IPv6, bits: number];

/** Parses a CIDR range and gives it back in canonical form. Throws REQUEST_INVALID for anything outside the private ranges. */
export function parsePrivateNetwork(text: string, field: string): string {
  const network = readNetwork(text.includes('/') ? text : `${text}/${text.includes(':') ? 128 : 32}`);
  if (!network) throw new AppError('REQUEST_INVALID', `"${text}" is not a network; write it as 10.1.0.0/16.`, { field });
  const [address, bits] = network;
  const inside = ALLOWED.some(([base, least]) => base.kind() === address.kind() && bits >= least && address.match(base, least));
  if (!inside) {
    throw new AppError(
      'REQUEST_INVALID',
      `${text} is not a private network; only hosts of your own networks may hand in mail without a log-in.`,
      {
        field,
        hint: 'Use a range inside 127.0.0.0/8, 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, fc00::/7 or ::1, or make an SMTP log-in instead.',
      },
    );
  }
  // PostgreSQL's cidr refuses bits to the right of the mask, so the network address is what goes in.
  const base =
    address.kind() === 'ipv4'
      ? ipaddr.IPv4.networkAddressFromCIDR(`${address}/${bits}`)
      : ipaddr.IPv6.networkAddressFromCIDR(`${address}/${bits}`);
  return `${base}/${bits}`;
}

/** A range as stored, or null when the text is none. */
export function readNetwork(text: string): Network | null {
  try {
    return ipaddr.parseCIDR(text);
  } catch {
    // ipaddr.js says "not a CIDR" by throwing; to us it is an ordinary answer.
    return null;
  }
}

/** The address of a peer with IPv4-in-IPv6 unwrapped (`::ffff:10.0.0.1`), or null. */
export function readPeer(text: string): ipaddr.IPv4 | ipaddr.IPv6 | null {
  return ipaddr.isValid(text) ? ipaddr.process(text) : null;
}

/** True when the peer is inside the network. */
export function inNetwork(peer: ipaddr.IPv4 | ipaddr.IPv6, [base, bits]: Network): boolean {
  return peer.kind() === base.kind() && peer.match(base, bits);
}

/** Groups of an IPv6 address that one household or machine has to itself (RFC 6177): it can use any of 2^64 addresses behind them. */
const IPV6_OWN_GROUPS = 4;

/** Under which name tries from an address are counted: the IPv4 address, or the /64 of an IPv6 address; other text as it is. */
export function sourceOf(address: string): string {
  const peer = readPeer(address);
  if (peer === null || peer.kind() === 'ipv4') return peer?.toString() ?? address;
  return `${peer.toNormalizedString().split(':').slice(0, IPV6_OWN_GROUPS).join(':')}::/64`;
}

// This file knows what an address of a peer means: which ones are this machine, and which ones count as one peer.
import ipaddr from 'ipaddr.js';

/** IPv4 written as IPv4 also where the socket speaks IPv6. */
export function plainAddress(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;
}

/** What counts as one peer: an IPv4 address, or the /64 of an IPv6 address, which one customer holds whole. */
export function addressGroup(address: string): string {
  if (!address.includes(':') || !ipaddr.IPv6.isValid(address)) return address;
  const network = ipaddr.IPv6.parse(address).parts.slice(0, 4);
  return `${network.map((part) => part.toString(16)).join(':')}::/64`;
}

/** True for peers on this machine. */
export function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '::1';
}

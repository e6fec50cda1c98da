// This file writes the name under which an IP address is looked up (RFC 1035 §3.5, RFC 3596 §2.5).
import ipaddr from 'ipaddr.js';

/** `1.2.0.192.in-addr.arpa`, or 32 nibbles and `ip6.arpa`; null when the text is no address. */
export function reverseName(ip: string): string | null {
  // Only the four-part form is an IPv4 address here; the library would take others too.
  const address = ipaddr.IPv4.isValidFourPartDecimal(ip) || ipaddr.IPv6.isValid(ip) ? ipaddr.process(ip) : null;
  if (address === null) return null;
  const bytes = address.toByteArray();
  if (bytes.length === 4) return `${bytes.toReversed().join('.')}.in-addr.arpa`;
  const nibbles = bytes.flatMap((byte) => [byte >> 4, byte & 0xf]);
  return `${nibbles
    .toReversed()
    .map((nibble) => nibble.toString(16))
    .join('.')}.ip6.arpa`;
}

// This file reads the header of HAProxy's PROXY protocol, versions 1 and 2 (proxy-protocol.txt of HAProxy, §2): who the client behind a proxy is. Pure.
import { isIP } from 'node:net';
import { plainAddress } from './peer.ts';

export type ProxyHeader =
  /** More bytes are needed. */
  | { readonly kind: 'more' }
  | {
      readonly kind: 'client';
      /** Null: the proxy speaks for itself (LOCAL, UNKNOWN), as its health checks do. */
      readonly address: string | null;
      readonly port: number;
      /** Bytes of the header. */
      readonly length: number;
    }
  /** It is none, or one that nobody may send. */
  | { readonly kind: 'wrong'; readonly reason: string };

const SIGNATURE = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1');
/** Signature, version and command, family, length. */
const FIXED_BYTES = 16;
/** Version 1: the longest line there can be, with its end (§2.1). */
const LINE_BYTES_MAX = 107;
/** Version 2: addresses are 216 bytes at most; certificates and names of a proxy follow in TLVs. More is no honest header. */
const PAYLOAD_BYTES_MAX = 4_096;
/** What may be waited for at most. */
export const HEADER_BYTES_MAX = FIXED_BYTES + PAYLOAD_BYTES_MAX;

const LOCAL = 0x20;
const PROXY = 0x21;
const TCP4 = 0x11;
const TCP6 = 0x21;
/** Two addresses and two ports. */
const ADDRESS_BYTES: Readonly<Record<number, number>> = { [TCP4]: 12, [TCP6]: 36 };

/** Reads the header at the beginning of what a proxy sent. */
export function readProxyHeader(bytes: Buffer): ProxyHeader {
  const seen = Math.min(bytes.length, SIGNATURE.length);
  if (bytes.subarray(0, seen).equals(SIGNATURE.subarray(0, seen))) return seen < SIGNATURE.length ? { kind: 'more' } : binary(bytes);
  return text(bytes);
}

function text(bytes: Buffer): ProxyHeader {
  const end = bytes.subarray(0, LINE_BYTES_MAX).indexOf('\r\n');
  if (end === -1) {
    const begun = bytes.toString('latin1', 0, Math.min(bytes.length, 6));
    if (!'PROXY '.startsWith(begun)) return wrong('it begins with no PROXY header');
    return bytes.length >= LINE_BYTES_MAX ? wrong('its line does not end') : { kind: 'more' };
  }
  const line = bytes.toString('latin1', 0, end);
  const length = end + 2;
  // What follows UNKNOWN is not looked at (§2.1).
  if (/^PROXY UNKNOWN(?: |$)/.test(line)) return { kind: 'client', address: null, port: 0, length };
  const [, family, source = '', target = '', from = '', to = ''] = /^PROXY (TCP4|TCP6) (\S+) (\S+) (\d{1,5}) (\d{1,5})$/.exec(line) ?? [];
  const version = family === 'TCP4' ? 4 : 6;
  if (family === undefined || isIP(source) !== version || isIP(target) !== version || !isPort(from) || !isPort(to)) {
    return wrong('its line cannot be read');
  }
  return { kind: 'client', address: plainAddress(source.toLowerCase()), port: Number(from), length };
}

function binary(bytes: Buffer): ProxyHeader {
  if (bytes.length < FIXED_BYTES) return { kind: 'more' };
  const command = bytes.readUInt8(12);
  const family = bytes.readUInt8(13);
  const payload = bytes.readUInt16BE(14);
  if (command !== LOCAL && command !== PROXY) return wrong('its version or command is unknown');
  if (payload > PAYLOAD_BYTES_MAX) return wrong('it is too long');
  const needed = command === LOCAL ? 0 : ADDRESS_BYTES[family];
  // UDP and sockets of one machine cannot be what speaks SMTP here.
  if (needed === undefined) return wrong('its client comes by neither TCP over IPv4 nor TCP over IPv6');
  if (payload < needed) return wrong('its addresses are cut short');
  const length = FIXED_BYTES + payload;
  if (bytes.length < length) return { kind: 'more' };
  if (command === LOCAL) return { kind: 'client', address: null, port: 0, length };
  const at = bytes.subarray(FIXED_BYTES, length);
  if (family === TCP4) return { kind: 'client', address: at.subarray(0, 4).join('.'), port: at.readUInt16BE(8), length };
  return { kind: 'client', address: plainAddress(ipv6(at)), port: at.readUInt16BE(32), length };
}

/** As the system writes it (RFC 5952), so that limits and networks meet one spelling only. */
function ipv6(at: Buffer): string {
  const groups = Array.from({ length: 8 }, (_, n) => at.readUInt16BE(n * 2).toString(16)).join(':');
  const mapped = /^0:0:0:0:0:ffff:/.test(groups);
  return mapped ? `::ffff:${at.subarray(12, 16).join('.')}` : new URL(`http://[${groups}]`).hostname.slice(1, -1);
}

function isPort(text: string): boolean {
  return /^(?:0|[1-9]\d{0,4})$/.test(text) && Number(text) <= 65_535;
}

function wrong(reason: string): ProxyHeader {
  return { kind: 'wrong', reason };
}

// This file reads single values of reports: counts, times, addresses, domain names. Each gives null or a warning for what it cannot be, and never throws.
import { domainToASCII } from 'node:url';
import ipaddr from 'ipaddr.js';
import { parseMailDate } from '../date.ts';
import { REPORT_LIMITS } from './limits.ts';
import type { ReportedDomain, ReportedIp } from './model.ts';

/** A whole number of messages that is not negative, exact beyond 2^53; `7.0` counts as 7. Null for everything else. */
export function readCount(text: string): bigint | null {
  const match = /^\s*\+?(\d{1,40})(?:\.0*)?\s*$/.exec(text);
  if (match === null) return null;
  const count = BigInt(match[1] ?? '0');
  return count > REPORT_LIMITS.countMax ? null : count;
}

/** Times above this are milliseconds: in seconds it is the year 5138. */
const MILLISECONDS_FROM = 100_000_000_000;
/** The last second that a date in most databases can be; what is later is no time. */
const EPOCH_MAX = 253_402_300_799;
/** With what Go prints behind it: the zone once more by its name. */
const ISO =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?)(?:\.\d{1,9})?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2}(?= [A-Z]{3,5}$)|[+-]\d{2}:?\d{2})?(?: [A-Z]{3,5})?$/i;

/** A date of mail is shorter. */
const DATE_CHARS_MAX = 100;

export interface ReadEpoch {
  readonly seconds: number;
  /** What was bent to get there. */
  readonly bent: 'milliseconds' | 'text' | null;
}

/** Seconds since 1970: `1337270400`, `1337270400.0`, milliseconds, an ISO 8601 time (UTC where no zone is given), or a date as mail writes it. */
export function readEpoch(text: string): ReadEpoch | null {
  const bare = text.trim();
  const number = /^\+?(\d{1,16})(?:\.\d*)?$/.exec(bare);
  if (number !== null) {
    const value = Number(number[1]);
    const milliseconds = value >= MILLISECONDS_FROM;
    const seconds = milliseconds ? Math.floor(value / 1000) : value;
    return seconds > EPOCH_MAX ? null : { seconds, bent: milliseconds ? 'milliseconds' : null };
  }
  const iso = ISO.exec(bare);
  const ms = iso === null ? parseMailDate(bare.slice(0, DATE_CHARS_MAX)) : isoMs(iso);
  return ms === null || Number.isNaN(ms) || ms < 0 ? null : { seconds: Math.floor(ms / 1000), bent: 'text' };
}

function isoMs([, day = '', time = '00:00', zone = 'Z']: RegExpExecArray): number {
  return Date.parse(`${day}T${time}${/^[+-]/.test(zone) ? zone.replace(/(\d{2}):?(\d{2})$/, '$1:$2') : 'Z'}`);
}

/** Longer texts are no addresses; a host name may stand in brackets behind one. */
const IP_CHARS_MAX = 300;

/** An address, in brackets, with a port or with a host name behind it as some write it. Null for an empty text. */
export function readIp(text: string): ReportedIp | null {
  const bare = text.trim();
  if (bare === '') return null;
  return { text: bare.slice(0, IP_CHARS_MAX), ip: normalIp(bare) };
}

/** Reports repeat addresses; the last few need no second parsing. */
function normalIp(text: string): string | null {
  if (text.length > IP_CHARS_MAX) return null;
  const plain = text.replace(/^([\d.]+|\[[^\]]*\]):\d{1,5}$/, '$1');
  const bare = (/^\[?(?:ipv6:)?([0-9a-f:.]+)(?:%[0-9a-z]+)?\]?(?:\s*[([].*)?$/i.exec(plain)?.[1] ?? '').trim();
  if (PLAIN_IPV4.test(bare)) return bare;
  // Old forms such as 10.1 or 0x7f.1 are addresses to inet_aton alone.
  if (!bare.includes(':') || !ipaddr.IPv6.isValid(bare)) return null;
  const address = ipaddr.IPv6.parse(bare);
  return address.isIPv4MappedAddress() ? address.toIPv4Address().toString() : address.toRFC5952String();
}

const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const PLAIN_IPV4 = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`);
/** RFC 1035 §2.3.4, with room for a dot and U-labels. */
const DOMAIN_CHARS_MAX = 300;
const PLAIN_DOMAIN = /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/;

/** A domain name; null for an empty text. An address loses what stands before its `@`. */
export function readDomain(text: string): ReportedDomain | null {
  const bare = text.trim();
  return bare === '' ? null : { text: bare.slice(0, DOMAIN_CHARS_MAX), domain: normalDomain(bare) };
}

function normalDomain(text: string): string | null {
  if (text.length > DOMAIN_CHARS_MAX) return null;
  const host = text
    .slice(text.lastIndexOf('@') + 1)
    .replace(/[.>\s]+$/, '')
    .toLowerCase();
  if (PLAIN_DOMAIN.test(host)) return host.length <= 253 ? host : null;
  if (!/[^\0-\x7f]/.test(host)) return null;
  const ascii = domainToASCII(host);
  return PLAIN_DOMAIN.test(ascii) && ascii.length <= 253 ? ascii : null;
}

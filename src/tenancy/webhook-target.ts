// This file decides whether an address may be registered as a tenant's webhook: https to a public host. The name may still point to a private
// address later, so the journey that delivers looks again at what it resolves to.
import ipaddr from 'ipaddr.js';
import { AppError } from '../errors.ts';

const URL_CHARS_MAX = 2_000;
/** Names that only mean something inside a network (RFC 6761, RFC 6762, RFC 8375, common use). */
const PRIVATE_NAME = /(^|\.)(localhost|local|internal|intranet|lan|home\.arpa|test|invalid|onion)$/i;

/** The address in its normal form. Throws REQUEST_INVALID or WEBHOOK_TARGET_FORBIDDEN. */
export function parseWebhookTarget(text: string, allowPrivate: boolean): string {
  if (text.length > URL_CHARS_MAX || !URL.canParse(text)) throw invalid('This is not a web address; write it as https://example.org/hook.');
  const url = new URL(text);
  if (url.username !== '' || url.password !== '')
    throw invalid('A webhook address holds no user name or password; every request is signed.');
  if (url.protocol !== 'https:' && !(allowPrivate && url.protocol === 'http:')) throw forbidden('A webhook address begins with https://.');
  if (!allowPrivate && isPrivateHost(url.hostname)) throw forbidden(`${url.hostname} is not a public host.`);
  url.hash = '';
  return url.href;
}

/** True for addresses that are not reachable from the public internet, and for names that cannot be public. */
export function isPrivateHost(hostname: string): boolean {
  const bare = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  if (ipaddr.isValid(bare)) return isPrivateAddress(bare);
  return PRIVATE_NAME.test(bare) || !bare.includes('.');
}

/** RFC 4291 §2.4: what is given out of IPv6. Beside it lie old ways to write IPv4 (::10.0.0.1) and ranges that mean something inside a network only. */
const IPV6_GIVEN_OUT = ipaddr.IPv6.parseCIDR('2000::/3');

/** True for everything but global unicast: loopback, private, link-local, multicast, documentation, transition ranges … */
export function isPrivateAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return true;
  const parsed = ipaddr.process(address);
  return parsed.range() !== 'unicast' || (parsed.kind() === 'ipv6' && !parsed.match(...IPV6_GIVEN_OUT));
}

function invalid(message: string): AppError {
  return new AppError('REQUEST_INVALID', message, { field: 'url' });
}

function forbidden(message: string): AppError {
  return new AppError('WEBHOOK_TARGET_FORBIDDEN', message, { field: 'url' });
}

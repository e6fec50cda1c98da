// This file writes and reads the signed envelope sender of one recipient: b-<token>@<return-path host>. Whoever holds the address can tell us about
// that one recipient and nothing else; an invented one is refused at RCPT TO. The local part is 50 characters of the 64 that RFC 5321 §4.5.3.1 allows.
import { readToken, signToken, TOKEN_CHARS } from './signed-token.ts';

const PREFIX = 'b-';
const CONTEXT = Buffer.from('packetboat return path 1\n', 'latin1');

export interface ReturnPathParts {
  readonly secretKey: Buffer;
  /** Domain whose MX leads to our inbound door, by itself or as an alias. */
  readonly host: string;
  /** 0 to 2^32 - 1. */
  readonly tenantNumber: number;
  /** UUID of the recipient. */
  readonly recipientId: string;
}

/** The envelope sender for one recipient. Throws RangeError when the tenant number or the id has not the stated form: that is a bug of ours. */
export function makeReturnPath(parts: ReturnPathParts): string {
  const { secretKey, host, tenantNumber, recipientId } = parts;
  return `${PREFIX}${signToken(CONTEXT, secretKey, { tenantNumber, id: recipientId })}@${host}`;
}

/** What may stand behind the `@`: the platform's host, or the own one of a sending domain, which may be gone by the time the answer comes. */
const HOST = /^[a-z0-9](?:[a-z0-9.-]{0,252})$/;

/**
 * Reads such an address, with or without angle brackets, in any case. Its MAC alone makes it ours, whatever its host. `secretKeys`: the current
 * key first, then those it replaced.
 */
export function readReturnPath(
  address: string,
  keys: { readonly secretKeys: readonly Buffer[] },
): { tenantNumber: number; recipientId: string } | null {
  const lower = bareReturnPath(address);
  if (lower === null) return null;
  const content = readToken(CONTEXT, keys.secretKeys, lower, PREFIX.length);
  return content && { tenantNumber: content.tenantNumber, recipientId: content.id };
}

/** True for an address of this form, whoever made it: mail must not be sent there in circles. */
export function looksLikeReturnPath(address: string): boolean {
  return bareReturnPath(address) !== null;
}

function bareReturnPath(address: string): string | null {
  const bare = address.startsWith('<') && address.endsWith('>') ? address.slice(1, -1) : address;
  const at = PREFIX.length + TOKEN_CHARS;
  if (bare[at] !== '@') return null;
  const lower = bare.toLowerCase();
  return lower.startsWith(PREFIX) && HOST.test(lower.slice(at + 1)) ? lower : null;
}

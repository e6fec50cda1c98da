// This file writes and reads the reference that travels in the header of every message: m-<token> names the message and proves that the name is ours. Reports
// that come to another address than our return path (a bounce mailbox, a feedback loop, a provider's own return path) bring it back in the returned headers.
import { readToken, signToken, TOKEN_CHARS, type TokenContent } from './signed-token.ts';

/** Survives providers that write a Message-ID of their own. */
export const REFERENCE_HEADER = 'X-Delivery-Reference';
const PREFIX = 'm-';
const CONTEXT = Buffer.from('packetboat report reference 1\n', 'latin1');

/** The value for one message. Throws RangeError when number or id has not the stated form. */
export function makeReference(secretKey: Buffer, message: TokenContent): string {
  return `${PREFIX}${signToken(CONTEXT, secretKey, message)}`;
}

/** The message a value names, or null when it is none of ours. */
export function readReference(value: string, secretKeys: readonly Buffer[]): TokenContent | null {
  const lower = value.trim().toLowerCase();
  if (lower.length !== PREFIX.length + TOKEN_CHARS || !lower.startsWith(PREFIX)) return null;
  return readToken(CONTEXT, secretKeys, lower, PREFIX.length);
}

// This file writes the Received field of the submission door (RFC 5321 §4.4, RFC 3848 for the protocol word): one line that says who handed
// the mail in. It is how loops are noticed, and what an operator reads when a message has a history.
import { formatMailDate } from './date.ts';

export interface ReceivedFacts {
  /** What the client called itself; anything a peer may write. */
  readonly helo: string;
  readonly remoteAddress: string;
  readonly hostname: string;
  readonly esmtp: boolean;
  readonly secure: boolean;
  readonly authenticated: boolean;
  /** Milliseconds since 1970. */
  readonly atMs: number;
}

const HELO_CHARS_MAX = 255;

/** The whole field with its CR LF. What the client said is reduced to the characters of a domain or an address literal. */
export function receivedField(facts: ReceivedFacts): string {
  const helo = facts.helo.replace(/[^\w.:[\]-]/g, '?').slice(0, HELO_CHARS_MAX) || 'unknown';
  const address = facts.remoteAddress.includes(':') ? `IPv6:${facts.remoteAddress}` : facts.remoteAddress;
  const protocol = facts.esmtp ? `ESMTP${facts.secure ? 'S' : ''}${facts.authenticated ? 'A' : ''}` : 'SMTP';
  return `Received: from ${helo} ([${address}])\r\n by ${facts.hostname} with ${protocol}; ${formatMailDate(facts.atMs)}\r\n`;
}

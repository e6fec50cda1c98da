// This file writes and reads the address that reports about one sending domain come to: d-<token>@<report host>. Only the owner of the domain learns it, an invented
// one is refused at RCPT TO.
import { readToken, signToken, TOKEN_CHARS } from './signed-token.ts';

const PREFIX = 'd-';
const CONTEXT = Buffer.from('packetboat report address 1\n', 'latin1');

export interface ReportAddressParts {
  readonly secretKey: Buffer;
  /** Domain whose MX leads to our inbound door. */
  readonly host: string;
  /** 0 to 2^32 - 1. */
  readonly tenantNumber: number;
  /** UUID of the sending domain. */
  readonly domainId: string;
}

/** The address for `rua` of a domain. Throws RangeError when number or id has not the stated form: that is a bug of ours. */
export function reportAddress({ secretKey, host, tenantNumber, domainId }: ReportAddressParts): string {
  return `${PREFIX}${signToken(CONTEXT, secretKey, { tenantNumber, id: domainId })}@${host}`;
}

/** Reads such an address in any case. `secretKeys`: the current key first, then those it replaced. */
export function readReportAddress(
  address: string,
  keys: { readonly secretKeys: readonly Buffer[]; readonly host: string },
): { tenantNumber: number; domainId: string } | null {
  const at = PREFIX.length + TOKEN_CHARS;
  if (address.length !== at + 1 + keys.host.length || address[at] !== '@') return null;
  const lower = address.toLowerCase();
  if (!lower.startsWith(PREFIX) || lower.slice(at + 1) !== keys.host.toLowerCase()) return null;
  const content = readToken(CONTEXT, keys.secretKeys, lower, PREFIX.length);
  return content && { tenantNumber: content.tenantNumber, domainId: content.id };
}

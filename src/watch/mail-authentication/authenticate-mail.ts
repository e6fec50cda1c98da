// This file asks whether a mail proves the domain in its From: by a DKIM signature or by SPF, aligned as DMARC wants it (RFC 9989). mailauth verifies; where names are
// looked up is handed in.
import { authenticate, type DMARCResult, type DNSResolver } from 'mailauth';
import { getDomain } from 'tldts';
import { fieldsNamed, readHeaders, rewriteHeaders } from '../../mail/headers.ts';

export interface MailProof {
  /** pass: From is proven. fail: it is not. none: there is no usable From. unreachable: DNS did not answer, so nobody knows yet. */
  readonly result: 'pass' | 'fail' | 'none' | 'unreachable';
  /** Domain of From, lower case. */
  readonly domain: string | null;
}

export interface AuthenticateMailInput {
  readonly raw: Buffer;
  /** Address of the server that brought it; empty: unknown (it was fetched from a mailbox), then only DKIM can prove it. */
  readonly remoteAddress: string;
  /** Envelope sender; empty for the null sender. */
  readonly mailFrom: string;
  /** Our name, for the verifier's own notes. */
  readonly hostname: string;
  /** As `resolve` of node:dns/promises. */
  readonly resolve: DNSResolver;
}

/** RSA keys below this prove nothing (RFC 8301 §3.2). */
const KEY_BITS_MIN = 1024;
/**
 * Signatures that are verified, the topmost first. Each may ask for a digest of the whole body and for a key of its own, and anybody may write to an
 * address for reports: without a limit one mail keeps this process busy for minutes (RFC 6376 §6.1 lets verifiers choose).
 */
const SIGNATURES_MAX = 10;

/** Never rejects for what the mail or DNS says. */
export async function authenticateMail({ raw, remoteAddress, mailFrom, hostname, resolve }: AuthenticateMailInput): Promise<MailProof> {
  const fewer = withFewSignatures(raw);
  if (fewer === null) return { result: 'fail', domain: null };
  const { dkim, spf, dmarc } = await authenticate(fewer, {
    ...(remoteAddress === '' ? {} : { ip: remoteAddress }),
    sender: mailFrom,
    mta: hostname,
    minBitLength: KEY_BITS_MIN,
    disableArc: true,
    disableBimi: true,
    resolver: resolve,
  });
  const domain = fromDomain(dkim.headerFrom);
  if (domain === null) return { result: 'none', domain };
  const results = dkim.results ?? [];
  // A From without a DMARC record is proven by alignment all the same.
  // A signature with l= that leaves bytes out proves the beginning alone: anybody can write a report behind it (RFC 6376 §8.2).
  const signed = results.some(({ status }) => status.result === 'pass' && Boolean(status.aligned) && !status.underSized);
  const spfDomain = spf && remoteAddress !== '' && mailFrom !== '' && spf.status.result === 'pass' ? spf.domain : null;
  const enveloped = spfDomain !== null && spfDomain !== undefined && sameOrganisation(spfDomain, domain);
  const policy = dmarc ? (dmarc.status.result === 'pass' && !isWhole(dmarc) ? 'fail' : dmarc.status.result) : 'none';
  if (policy === 'pass' || (policy === 'none' && (signed || enveloped))) return { result: 'pass', domain };
  // Without an address SPF has nothing to say, and mailauth calls that a passing error.
  const spfResult = spf && remoteAddress !== '' ? spf.status.result : 'none';
  const unanswered = [...results.map(({ status }) => status.result), spfResult, policy].includes('temperror');
  return { result: unanswered ? 'unreachable' : 'fail', domain };
}

/** Null: the headers are longer than any report has them. */
function withFewSignatures(raw: Buffer): Buffer | null {
  const block = readHeaders(raw);
  if (block.truncated) return null;
  const beyond = new Set(fieldsNamed(block, 'dkim-signature').slice(SIGNATURES_MAX));
  return beyond.size === 0 ? raw : rewriteHeaders(raw, block, { remove: (field) => beyond.has(field) });
}

/** True when what makes DMARC pass covers the whole mail; of several signatures mailauth names the one that leaves out least. */
function isWhole({ alignment: { spf, dkim } }: DMARCResult): boolean {
  return Boolean(spf.result) || (Boolean(dkim.result) && !dkim.underSized);
}

/** True when both names belong to one organisation, as relaxed alignment has it. */
export function sameOrganisation(a: string, b: string): boolean {
  const [one, other] = [a, b].map((name) => name.toLowerCase().replace(/\.$/, ''));
  return one === other || (one !== undefined && other !== undefined && organisation(one) === organisation(other));
}

function organisation(name: string): string {
  return getDomain(name, { allowPrivateDomains: false }) ?? name;
}

/** The one domain of From; several authors of several domains prove nothing. */
function fromDomain(headerFrom: readonly string[] | undefined): string | null {
  const domains = new Set((headerFrom ?? []).map((address) => address.slice(address.lastIndexOf('@') + 1).toLowerCase()));
  return domains.size === 1 ? ([...domains][0] ?? null) : null;
}

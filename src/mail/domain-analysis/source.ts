// This file says who sent what a report counts: we ourselves, a provider, a server that only passed mail on, or nobody we know. A valid SPF or DKIM result proves the most, then
// the confirmed name of the server, then its range.
import ipaddr from 'ipaddr.js';
import { getDomain } from 'tldts';
import type { RecordTrace } from '../domain-reports/trace.ts';
import { KNOWN_SENDERS, type KnownSender } from './known-senders.ts';

export const SOURCE_KINDS = ['ours', 'provider', 'forwarder', 'unknown'] as const;
export type SourceKind = (typeof SOURCE_KINDS)[number];

/** Messages of one address with one trace. */
export interface SourceRow {
  readonly ip: string | null;
  /** Confirmed name; null: none, or not looked up yet. */
  readonly ptr: string | null;
  readonly messages: number;
  /** Days on which it was seen; null where months were read. */
  readonly days: number | null;
  readonly trace: RecordTrace;
}

/** What is ours about a domain. */
export interface OwnMarks {
  readonly domain: string;
  /** DKIM selectors of our keys, lower case. */
  readonly selectors: ReadonlySet<string>;
  /** Domains of our envelope senders. */
  readonly envelopeHosts: readonly string[];
  /** Addresses that only our own servers send from, in the form of `SourceRow.ip`. */
  readonly addresses?: ReadonlySet<string>;
}

export interface Source {
  readonly kind: SourceKind;
  readonly name: string;
}

/** Types by which receivers say that a message was passed on to them. */
const PASSED_ON = new Set(['forwarded', 'trusted_forwarder', 'mailing_list', 'arc']);
/** Networks by which addresses without a name are put together: /24 in IPv4, this in IPv6. */
const NETWORK_BITS_V6 = 48;

export function sourceOf(row: SourceRow, own: OwnMarks): Source {
  const { trace } = row;
  const known = knownSender(row);
  const name = known?.name ?? nameOf(row);
  if (trace.reasons.split(' ').some((reason) => PASSED_ON.has(reason))) return { kind: 'forwarder', name };
  // SPF for our envelope sender: the server is one we chose.
  if (trace.spfResult === 'pass' && own.envelopeHosts.some((host) => isBelow(trace.spfDomain, host))) return { kind: 'ours', name };
  if (row.ip !== null && own.addresses?.has(row.ip)) return { kind: 'ours', name };
  if (isSignedByUs(trace, own)) return { kind: known?.kind === 'provider' ? 'ours' : 'forwarder', name };
  const movedOn = trace.dkimAligned && !trace.spfAligned && (trace.spfResult === 'fail' || trace.spfResult === 'softfail');
  if (known !== null) return { kind: known.kind, name };
  return { kind: movedOn ? 'forwarder' : 'unknown', name };
}

/**
 * True for mail that bears our marks: it came by our return path, or with our key, whatever became of the proof. Nobody's judgement takes it out of the evidence, because a route of
 * ours that fails everywhere looks like this and like nothing else.
 */
export function bearsOurMarks({ trace }: SourceRow, own: OwnMarks): boolean {
  const { dkimDomain, dkimSelector, spfDomain } = trace;
  const key = dkimSelector !== null && own.selectors.has(dkimSelector) && isBelow(dkimDomain, own.domain);
  return key || own.envelopeHosts.some((host) => isBelow(spfDomain, host));
}

function isSignedByUs({ dkimResult, dkimDomain, dkimSelector }: RecordTrace, own: OwnMarks): boolean {
  return dkimResult === 'pass' && dkimSelector !== null && own.selectors.has(dkimSelector) && isBelow(dkimDomain, own.domain);
}

/** True when `name` is `parent` or lies below it. */
export function isBelow(name: string | null, parent: string): boolean {
  return name !== null && (name === parent || name.endsWith(`.${parent}`));
}

function knownSender({ ip, ptr, trace }: SourceRow): KnownSender | null {
  const signer = trace.dkimResult === 'pass' ? trace.dkimDomain : null;
  const envelope = trace.spfResult === 'pass' ? trace.spfDomain : null;
  return byName(HOSTS, ptr) ?? byName(SIGNERS, signer) ?? byName(ENVELOPES, envelope) ?? byRange(ip);
}

const index = (names: (sender: KnownSender) => readonly string[] | undefined) =>
  new Map(KNOWN_SENDERS.flatMap((sender) => (names(sender) ?? []).map((name) => [name, sender] as const)));
const HOSTS = index(({ hosts }) => hosts);
const SIGNERS = index(({ signs }) => signs);
const ENVELOPES = index(({ envelopes }) => envelopes);
const RANGES = KNOWN_SENDERS.flatMap((sender) => (sender.ranges ?? []).map((range) => ({ sender, range: ipaddr.parseCIDR(range) })));
/** IPv4 as numbers: thousands of addresses are looked up for one answer. */
const RANGES_V4 = RANGES.flatMap(({ sender, range: [base, bits] }) => {
  const from = ipv4(base.toString());
  return from === null ? [] : [{ sender, from, below: from + 2 ** (32 - bits) }];
});
const RANGES_V6 = RANGES.filter(({ range: [base] }) => base.kind() === 'ipv6');

function byName(names: ReadonlyMap<string, KnownSender>, name: string | null): KnownSender | null {
  for (let rest = name ?? ''; rest.includes('.'); rest = rest.slice(rest.indexOf('.') + 1)) {
    const found = names.get(rest);
    if (found !== undefined) return found;
  }
  return null;
}

function byRange(ip: string | null): KnownSender | null {
  if (ip === null) return null;
  const number = ipv4(ip);
  if (number !== null) return RANGES_V4.find(({ from, below }) => number >= from && number < below)?.sender ?? null;
  if (!ipaddr.IPv6.isValid(ip)) return null;
  const address = ipaddr.IPv6.parse(ip);
  return RANGES_V6.find(({ range }) => address.match(range))?.sender ?? null;
}

/** A dotted address as a number; null for anything else. */
function ipv4(ip: string): number | null {
  const parts = ip.split('.');
  return parts.length === 4 ? parts.reduce((number, part) => number * 256 + Number(part), 0) : null;
}

function nameOf({ ip, ptr, trace }: SourceRow): string {
  const organisation = (name: string | null) => (name === null ? null : (getDomain(name, { allowPrivateDomains: false }) ?? name));
  return organisation(ptr) ?? (trace.spfResult === 'pass' && !trace.spfAligned ? organisation(trace.spfDomain) : null) ?? networkOf(ip);
}

/** /24 in IPv4, /48 in IPv6; `?` where there is no address. */
export function networkOf(ip: string | null): string {
  if (ip === null) return '?';
  if (ipv4(ip) !== null) return `${ip.slice(0, ip.lastIndexOf('.'))}.0/24`;
  return ipaddr.IPv6.isValid(ip) ? `${ipaddr.IPv6.networkAddressFromCIDR(`${ip}/${NETWORK_BITS_V6}`)}/${NETWORK_BITS_V6}` : '?';
}

// This file reads and writes SPF records (RFC 7208 §4.5, §4.6, §12). A record with one wrong term is wrong as a whole, as receivers see it.
import ipaddr from 'ipaddr.js';
import { isDomainSpec, readMacroString } from './spf-macro.ts';

export type SpfQualifier = '+' | '-' | '~' | '?';

/** A mechanism with what it says when it matches. `domain` is a domain-spec, with its macros; null means the domain of the record. */
export type SpfDirective = { readonly qualifier: SpfQualifier; readonly text: string } & (
  | { readonly kind: 'all' }
  | { readonly kind: 'include'; readonly domain: string }
  | { readonly kind: 'exists'; readonly domain: string }
  | { readonly kind: 'a' | 'mx'; readonly domain: string | null; readonly prefix4: number; readonly prefix6: number }
  | { readonly kind: 'ptr'; readonly domain: string | null }
  | { readonly kind: 'ip4' | 'ip6'; readonly address: string; readonly prefix: number }
);

export interface SpfRecord {
  readonly directives: readonly SpfDirective[];
  /** Where to go on when nothing matched; null when the record has `all` or no redirect. */
  readonly redirect: string | null;
  /** Where the text for people lies whose mail failed. */
  readonly exp: string | null;
  /** Modifiers that nobody knows; they say nothing. */
  readonly unknown: readonly string[];
}

export type SpfReading =
  | { readonly ok: true; readonly value: SpfRecord }
  | { readonly ok: false; readonly term: string; readonly message: string };

/** What the TXT records of a name come to. */
export type SpfChoice =
  | { readonly kind: 'none' }
  | { readonly kind: 'several'; readonly texts: readonly string[] }
  | { readonly kind: 'record'; readonly text: string };

/** No working record has more; ten look-ups and 450 bytes are long used up. */
const TERMS_MAX = 1_000;

/** §4.5: "v=spf1", then a space or the end; anything else is another kind of record. */
export function isSpfRecord(text: string): boolean {
  return /^v=spf1(?: |$)/i.test(text);
}

export function chooseSpfRecord(texts: readonly string[]): SpfChoice {
  const meant = texts.filter(isSpfRecord);
  if (meant.length > 1) return { kind: 'several', texts: meant };
  return meant[0] === undefined ? { kind: 'none' } : { kind: 'record', text: meant[0] };
}

/** Reads a record; the first wrong term is named. */
export function readSpfRecord(text: string): SpfReading {
  if (!isSpfRecord(text)) return wrong(text.slice(0, 20), 'An SPF record begins with "v=spf1" and a space.');
  const terms = text
    .slice('v=spf1'.length)
    .split(' ')
    .filter((term) => term !== '');
  if (terms.length > TERMS_MAX) return wrong('', `The record has more than ${TERMS_MAX} terms.`);
  const directives: SpfDirective[] = [];
  const unknown: string[] = [];
  const modifiers = new Map<string, string>();
  for (const term of terms) {
    const modifier = /^([a-z][a-z0-9_.-]*)=(.*)$/i.exec(term);
    if (!modifier) {
      const directive = readDirective(term);
      if (typeof directive === 'string') return wrong(term, directive);
      directives.push(directive);
      continue;
    }
    const [, name = '', value = ''] = modifier;
    const key = name.toLowerCase();
    if (key !== 'redirect' && key !== 'exp') {
      if (readMacroString(value) === null) return wrong(term, 'Its value is not a macro string.');
      unknown.push(term);
    } else if (modifiers.has(key)) return wrong(term, `"${key}=" stands twice.`);
    else if (!isDomainSpec(value)) return wrong(term, 'Behind the "=" there has to be a domain.');
    else modifiers.set(key, value);
  }
  const hasAll = directives.some(({ kind }) => kind === 'all');
  return {
    ok: true,
    // §6.1: a redirect beside `all` is passed over.
    value: { directives, redirect: hasAll ? null : (modifiers.get('redirect') ?? null), exp: modifiers.get('exp') ?? null, unknown },
  };
}

/** Whether evaluating the term asks DNS; ten of these in all are allowed (§4.6.4). */
export function costsLookup(directive: SpfDirective): boolean {
  return directive.kind !== 'all' && directive.kind !== 'ip4' && directive.kind !== 'ip6';
}

/** Reads one directive; a string says what is wrong with it. */
function readDirective(term: string): SpfDirective | string {
  const [, sign = '', name = '', rest = ''] = /^([-+~?]?)([^:/]*)(.*)$/s.exec(term) ?? [];
  const qualifier = sign === '' ? '+' : (sign as SpfQualifier); // the expression above lets through only these four
  const common = { qualifier, text: term };
  const kind = name.toLowerCase();
  switch (kind) {
    case 'all':
      return rest === '' ? { ...common, kind } : '"all" takes nothing behind it.';
    case 'include':
    case 'exists': {
      const domain = rest.slice(1);
      return rest.startsWith(':') && isDomainSpec(domain) ? { ...common, kind, domain } : `"${kind}:" needs a domain behind it.`;
    }
    case 'ptr':
      if (rest === '') return { ...common, kind, domain: null };
      return rest.startsWith(':') && isDomainSpec(rest.slice(1))
        ? { ...common, kind, domain: rest.slice(1) }
        : 'What stands behind "ptr" is no domain.';
    case 'a':
    case 'mx': {
      const read = readDomainAndPrefixes(rest);
      return read === null
        ? `What stands behind "${kind}" is no domain, or the length after the slash cannot be.`
        : { ...common, kind, ...read };
    }
    case 'ip4':
    case 'ip6': {
      const network = readNetwork(kind, rest);
      return network === null
        ? `"${kind}:" needs an ${kind === 'ip4' ? 'IPv4' : 'IPv6'} address behind it, with or without a length.`
        : { ...common, kind, ...network };
    }
    default:
      return `There is no mechanism "${name}".`;
  }
}

function readDomainAndPrefixes(rest: string): { domain: string | null; prefix4: number; prefix6: number } | null {
  // The lengths are taken from the end, because a domain-spec may hold slashes inside its macros.
  const parts = /^(.*?)(?:\/(\d+))?(?:\/\/(\d+))?$/s.exec(rest);
  if (!parts) return null;
  const [, domain = '', four, six] = parts;
  const prefix4 = readPrefix(four, 32);
  const prefix6 = readPrefix(six, 128);
  if (prefix4 === null || prefix6 === null) return null;
  if (domain === '') return { domain: null, prefix4, prefix6 };
  return domain.startsWith(':') && isDomainSpec(domain.slice(1)) ? { domain: domain.slice(1), prefix4, prefix6 } : null;
}

function readNetwork(kind: 'ip4' | 'ip6', rest: string): { address: string; prefix: number } | null {
  const [, address = '', length] = /^:([^/]+)(?:\/(\d+))?$/.exec(rest) ?? [];
  const valid =
    kind === 'ip4'
      ? ipaddr.IPv4.isValidFourPartDecimal(address)
      : address.includes(':') && !address.includes('%') && ipaddr.IPv6.isValid(address);
  const prefix = readPrefix(length, kind === 'ip4' ? 32 : 128);
  return valid && prefix !== null ? { address, prefix } : null;
}

/** No leading zeros, not longer than the address. */
function readPrefix(written: string | undefined, most: number): number | null {
  if (written === undefined) return most;
  return /^(?:0|[1-9]\d{0,2})$/.test(written) && Number(written) <= most ? Number(written) : null;
}

function wrong(term: string, message: string): SpfReading {
  return { ok: false, term, message };
}

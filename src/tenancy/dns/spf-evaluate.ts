// This file evaluates SPF as a receiver does: check_host() of RFC 7208 §4 to §7, over the DNS port. Terms are read left to right, the first
// match decides; ten look-ups, two that find nothing and ten names of a mail exchanger are the limits (§4.6.4).
import ipaddr from 'ipaddr.js';
import type { DnsLookup } from './lookup.ts';
import { expandMacros, expandName, type MacroLetter, readMacroString } from './spf-macro.ts';
import { type Matching, matchDirective, validatedNames } from './spf-match.ts';
import { chooseSpfRecord, costsLookup, readSpfRecord, type SpfDirective, type SpfQualifier, type SpfRecord } from './spf-record.ts';

export type SpfResult = 'pass' | 'fail' | 'softfail' | 'neutral' | 'none' | 'temperror' | 'permerror';

export interface SpfLimits {
  readonly lookups: number;
  readonly voids: number;
}

export interface SpfQuestion {
  readonly lookup: Pick<DnsLookup, 'txt' | 'a' | 'aaaa' | 'mx' | 'ptr'>;
  /** Address of the client, IPv4 or IPv6. */
  readonly ip: string;
  /** The envelope sender; '' for a bounce, then the HELO name stands in (§2.4). */
  readonly mailFrom: string;
  readonly helo: string;
  readonly limits?: SpfLimits;
  /** For %{r} and %{t} in explanations: our own name, and the time in seconds. */
  readonly receiver?: string;
  readonly nowS?: number;
  /** Tells that it took too long; the result is then temperror (§4.6.4 asks for a limit of time). */
  readonly expired?: () => boolean;
}

export interface SpfAnswer {
  readonly result: SpfResult;
  /** Terms that asked DNS, and how many answers were empty. */
  readonly lookups: number;
  readonly voids: number;
  /** The domain's own words on a fail, or null. */
  readonly explanation: string | null;
  /** The terms that matched, outermost first, each as "domain: term"; empty when none did. */
  readonly matched: readonly string[];
  /** Why it is none, temperror or permerror; else ''. */
  readonly detail: string;
}

export const SPF_LIMITS: SpfLimits = { lookups: 10, voids: 2 };

const RESULTS: Readonly<Record<SpfQualifier, SpfResult>> = { '+': 'pass', '-': 'fail', '~': 'softfail', '?': 'neutral' };

interface Outcome {
  readonly result: SpfResult;
  readonly detail: string;
  readonly matched: readonly string[];
  /** Whose `exp` explains a fail. */
  readonly explain: { readonly exp: string; readonly domain: string } | null;
}

/** Evaluates. Never rejects for DNS or for anything a record may hold. */
export async function evaluateSpf(question: SpfQuestion): Promise<SpfAnswer> {
  const run = startRun(question);
  if (run === null) {
    return { result: 'none', lookups: 0, voids: 0, explanation: null, matched: [], detail: `${question.ip} is no IP address` };
  }
  const outcome = await checkHost(run, run.senderDomain);
  const explanation = outcome.result === 'fail' && outcome.explain ? await explain(run, outcome.explain) : null;
  const { result, matched, detail } = outcome;
  return { result, lookups: run.lookups, voids: run.voids, explanation, matched, detail };
}

interface Run extends Matching {
  readonly limits: SpfLimits;
  readonly senderDomain: string;
  lookups: number;
  valueOf(letter: MacroLetter, domain: string): string | Promise<string>;
}

function startRun(question: SpfQuestion): Run | null {
  const { ip, mailFrom, helo, limits = SPF_LIMITS, receiver = 'unknown', nowS = 0, expired = () => false } = question;
  if (!ipaddr.isValid(ip) || ip.includes('%')) return null;
  const address = ipaddr.process(ip);
  const at = mailFrom.lastIndexOf('@');
  const senderDomain = (mailFrom === '' ? helo : mailFrom.slice(at + 1)).toLowerCase();
  // §4.3: a sender without a local part is the postmaster.
  const local = at > 0 ? mailFrom.slice(0, at) : 'postmaster';
  const run: Run = {
    lookup: question.lookup,
    limits,
    address,
    voidsMax: limits.voids,
    expired,
    senderDomain,
    lookups: 0,
    voids: 0,
    names: null,
    async valueOf(letter, domain) {
      switch (letter) {
        case 's':
          return `${local}@${senderDomain}`;
        case 'l':
          return local;
        case 'o':
          return senderDomain;
        case 'd':
          return domain;
        case 'i':
          return dotted(address);
        case 'v':
          return address.kind() === 'ipv4' ? 'in-addr' : 'ip6';
        case 'h':
          return helo;
        case 'p':
          return validatedName(run, domain);
        case 'c':
          return address.toString();
        case 'r':
          return receiver;
        case 't':
          return String(nowS);
      }
    },
  };
  return run;
}

async function checkHost(run: Run, domain: string): Promise<Outcome> {
  if (!isMailDomain(domain)) return ended('none', `"${domain}" is no domain of mail`);
  const answer = await run.lookup.txt(domain);
  if (!answer.ok && answer.why === 'unreachable') return ended('temperror', answer.detail);
  const choice = chooseSpfRecord(answer.ok ? answer.values : []);
  if (choice.kind === 'none') return ended('none', `${domain} has no SPF record`);
  if (choice.kind === 'several') return ended('permerror', `${domain} has several SPF records`);
  const reading = readSpfRecord(choice.text);
  if (!reading.ok) return ended('permerror', `${domain}: "${reading.term}": ${reading.message}`);
  return evaluateRecord(run, domain, reading.value);
}

async function evaluateRecord(run: Run, domain: string, record: SpfRecord): Promise<Outcome> {
  const explain = record.exp === null ? null : { exp: record.exp, domain };
  for (const directive of record.directives) {
    if (run.expired()) return ended('temperror', 'it took too long');
    if (costsLookup(directive) && !countLookup(run)) return tooMany(run, domain);
    const match = await evaluateDirective(run, domain, directive);
    if (typeof match === 'string') return ended('permerror', `${domain}: "${directive.text}": ${match}`);
    if ('result' in match) return match;
    if (!match.matches) continue;
    return { result: RESULTS[directive.qualifier], detail: '', matched: [`${domain}: ${directive.text}`, ...match.inner], explain };
  }
  if (record.redirect === null) return ended('neutral', 'no term of the record matched');
  if (!countLookup(run)) return tooMany(run, domain);
  const target = await nameOf(run, domain, record.redirect);
  const outcome = await checkHost(run, target);
  // §6.1: a redirect to nothing is an error of the record.
  if (outcome.result === 'none') return ended('permerror', `${domain}: redirect=${record.redirect}: ${outcome.detail}`);
  return outcome;
}

type DirectiveMatch = { readonly matches: boolean; readonly inner: readonly string[] } | Outcome | string;

async function evaluateDirective(run: Run, domain: string, directive: SpfDirective): Promise<DirectiveMatch> {
  if (directive.kind !== 'include') {
    const named = 'domain' in directive && directive.domain !== null ? await nameOf(run, domain, directive.domain) : domain;
    const match = await matchDirective(run, directive, named);
    if (match === 'temperror') return ended('temperror', `${domain}: "${directive.text}" was not answered`);
    if (match === 'too-many-voids') return `more than ${run.limits.voids} look-ups found nothing`;
    if (match === 'too-many-names') return 'it has more than 10 mail exchangers';
    return { matches: match === 'match', inner: [] };
  }
  const target = await nameOf(run, domain, directive.domain);
  const outcome = await checkHost(run, target);
  // §5.2: pass matches, a no of the other record is no match, its errors are ours.
  switch (outcome.result) {
    case 'pass':
      return { matches: true, inner: outcome.matched };
    case 'fail':
    case 'softfail':
    case 'neutral':
      return { matches: false, inner: [] };
    case 'temperror':
    case 'permerror':
      return { ...outcome, explain: null };
    case 'none':
      return outcome.detail;
  }
}

function nameOf(run: Run, domain: string, spec: string): Promise<string> {
  // Read once before, when the record was; a spec that cannot be read does not come this far.
  return expandName(readMacroString(spec) ?? [], (letter) => run.valueOf(letter, domain));
}

function countLookup(run: Run): boolean {
  run.lookups += 1;
  return run.lookups <= run.limits.lookups;
}

function tooMany(run: Run, domain: string): Outcome {
  return ended('permerror', `${domain}: more than ${run.limits.lookups} look-ups`);
}

function ended(result: SpfResult, detail: string): Outcome {
  return { result, detail, matched: [], explain: null };
}

/** §6.2: whatever goes wrong here only costs the explanation. */
async function explain(run: Run, { exp, domain }: { exp: string; domain: string }): Promise<string | null> {
  const answer = await run.lookup.txt(await nameOf(run, domain, exp));
  const [text, ...more] = answer.ok ? answer.values : [];
  if (text === undefined || more.length > 0 || !/^[\x20-\x7e]*$/.test(text)) return null;
  const pieces = readMacroString(text, { explanation: true });
  return pieces === null ? null : expandMacros(pieces, (letter) => run.valueOf(letter, domain));
}

/** §7.3 %{p}: a name of the address that leads back to it; the domain itself before names below it before any other. */
async function validatedName(run: Run, domain: string): Promise<string> {
  const names = await validatedNames(run);
  return names.find((name) => name === domain) ?? names.find((name) => name.endsWith(`.${domain}`)) ?? names[0] ?? 'unknown';
}

/** §7.3 %{i}: IPv4 as usual, IPv6 as 32 nibbles with dots. */
function dotted(address: ipaddr.IPv4 | ipaddr.IPv6): string {
  if (address.kind() === 'ipv4') return address.toString();
  return address
    .toByteArray()
    .flatMap((byte) => [byte >> 4, byte & 0xf])
    .map((nibble) => nibble.toString(16))
    .join('.');
}

/** §4.3: at least two labels, none empty or longer than 63, no address in brackets. */
function isMailDomain(domain: string): boolean {
  const labels = domain.replace(/\.$/, '').split('.');
  return (
    labels.length > 1 && domain.length <= 254 && !/[[\]\s]/.test(domain) && labels.every((label) => label !== '' && label.length <= 63)
  );
}

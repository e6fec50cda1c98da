// This file counts what an SPF record costs: all look-ups that a receiver could need, through every include and redirect, as a tree that shows
// where they come from. Circles are cut, and what cannot be answered is named.
import type { SpfReach } from './compared.ts';
import { type DnsLookup, plainName, valuesOf } from './lookup.ts';
import { chooseSpfRecord, costsLookup, readSpfRecord, type SpfDirective } from './spf-record.ts';

export interface SpfTree {
  readonly domain: string;
  readonly record: string | null;
  /** The term of the record above that leads here; null for the root. */
  readonly term: string | null;
  /** Look-ups of this record and of everything below it; the one that leads here is counted above. */
  readonly lookups: number;
  readonly problem: null | 'missing' | 'unreachable' | 'several' | 'syntax' | 'circle' | 'too-deep' | 'depends-on-mail';
  readonly detail: string;
  readonly children: readonly SpfTree[];
}

export interface SpfCount {
  /** Of 10 that receivers allow. */
  readonly lookups: number;
  /** Names that do not exist, of 2 that receivers allow. */
  readonly voids: number;
  readonly tree: SpfTree;
}

/** Nobody evaluates deeper than ten look-ups; a little more shows how far beyond a record is. */
const DEPTH_MAX = 12;
/** Records read in all: what goes beyond is not worth the questions. */
const RECORDS_MAX = 60;

/** What the record reaches, and the first of its terms that ends in an error. Includes whose names depend on the mail are not followed. */
export function spfReach({ lookups, voids, tree }: SpfCount): SpfReach {
  const broken = tree.children.find(isBroken)?.term ?? null;
  return { lookups, voids, included: passing(tree), broken };
}

/** An include or redirect of what has no one readable record is an error of the whole (RFC 7208 §5.2, §6.1), and so is a circle, which never ends. */
function isBroken({ problem, children }: SpfTree): boolean {
  if (problem === 'missing' || problem === 'several' || problem === 'syntax' || problem === 'circle') return true;
  return children.some(isBroken);
}

/** A pass of an include is a pass of the whole, unless its own qualifier says otherwise. */
function passing({ children }: SpfTree): string[] {
  const passed = children.filter(({ term, problem }) => problem === null && /^(?:\+?include:|redirect=)/i.test(term ?? ''));
  return passed.flatMap((child) => [child.domain, ...passing(child)]);
}

/** Counts. Includes whose name depends on the mail (macros) count as one look-up; what lies behind them cannot be known. */
export async function countSpf(lookup: Pick<DnsLookup, 'txt' | 'a' | 'aaaa' | 'mx'>, domain: string): Promise<SpfCount> {
  const budget = { records: RECORDS_MAX };
  const voids = new Set<string>();
  const tree = await readBranch(lookup, { domain: plainName(domain), term: null, path: [] }, budget, voids);
  return { lookups: tree.lookups, voids: voids.size, tree };
}

interface Branch {
  readonly domain: string;
  readonly term: string | null;
  readonly path: readonly string[];
}

async function readBranch(
  lookup: Pick<DnsLookup, 'txt' | 'a' | 'aaaa' | 'mx'>,
  { domain, term, path }: Branch,
  budget: { records: number },
  voids: Set<string>,
): Promise<SpfTree> {
  const leaf = (problem: SpfTree['problem'], detail = '', record: string | null = null): SpfTree => ({
    domain,
    record,
    term,
    lookups: 0,
    problem,
    detail,
    children: [],
  });
  if (path.includes(domain)) return leaf('circle', [...path.slice(path.indexOf(domain)), domain].join(' → '));
  if (domain.includes('%')) return leaf('depends-on-mail');
  budget.records -= 1;
  if (path.length >= DEPTH_MAX || budget.records < 0) return leaf('too-deep');
  const answer = await lookup.txt(domain);
  if (!answer.ok && answer.why === 'unreachable') return leaf('unreachable', answer.detail);
  const choice = chooseSpfRecord(valuesOf(answer));
  if (choice.kind === 'none') {
    if (!answer.ok && term !== null) voids.add(domain);
    return leaf('missing', `${domain} has no SPF record`);
  }
  if (choice.kind === 'several') return leaf('several', choice.texts.join(' · '));
  const reading = readSpfRecord(choice.text);
  if (!reading.ok) return leaf('syntax', `"${reading.term}": ${reading.message}`, choice.text);
  const { directives, redirect } = reading.value;
  const counted = directives.slice(0, reachable(directives)).filter(costsLookup);
  const next = counted.flatMap((directive) =>
    directive.kind === 'include' ? [{ domain: plainName(directive.domain), term: directive.text }] : [],
  );
  if (redirect !== null) next.push({ domain: plainName(redirect), term: `redirect=${redirect}` });
  const children: SpfTree[] = [];
  // One after the other: the budget decides how far to read, and the order should not depend on who answers first.
  for (const each of next) children.push(await readBranch(lookup, { ...each, path: [...path, domain] }, budget, voids));
  await Promise.all(counted.map((directive) => lookForVoid(lookup, domain, directive, voids)));
  const below = children.reduce((sum, child) => sum + child.lookups, 0);
  return { ...leaf(null, '', choice.text), lookups: counted.length + (redirect === null ? 0 : 1) + below, children };
}

/** What stands behind `all` is never read. */
function reachable(directives: readonly SpfDirective[]): number {
  const all = directives.findIndex(({ kind }) => kind === 'all');
  return all === -1 ? directives.length : all;
}

async function lookForVoid(
  lookup: Pick<DnsLookup, 'a' | 'aaaa' | 'mx'>,
  domain: string,
  directive: SpfDirective,
  voids: Set<string>,
): Promise<void> {
  if (directive.kind !== 'a' && directive.kind !== 'mx') return;
  const name = plainName(directive.domain ?? domain);
  if (name.includes('%')) return;
  const answers = directive.kind === 'mx' ? [await lookup.mx(name)] : await Promise.all([lookup.a(name), lookup.aaaa(name)]);
  if (answers.every((answer) => !answer.ok && answer.why === 'missing')) voids.add(name);
}

// This file says a domain check in every language we have. A check is made of sentences of many readers (SPF terms, keys, policies), one inside the other; they are written in
// English where something is found, and each is known here by that. A sentence nobody knows stays English: words.test.ts reads the sources for such.
import type { Language } from '../../language.ts';
import type { DomainCheck } from './examine-domain.ts';
import type { CheckFinding } from './finding.ts';
import { GERMAN_CHECK_SENTENCES } from './words/de.ts';
import { GERMAN_POLICY_SENTENCES } from './words/de-policies.ts';
import type { SentenceList } from './words/sentence-list.ts';

const LISTS: Readonly<Record<Exclude<Language, 'en'>, SentenceList>> = { de: { ...GERMAN_CHECK_SENTENCES, ...GERMAN_POLICY_SENTENCES } };

interface Sentence {
  /** What stands between the places, from the first character to the last. */
  readonly pieces: readonly string[];
  readonly said: string;
}

/** Those that say most come first: '{0} has no SPF record …' before anything that fits everywhere. */
const SENTENCES = Object.fromEntries(
  Object.entries(LISTS).map(([language, list]) => [
    language,
    Object.entries(list)
      .map(([english, said]): Sentence => ({ pieces: english.split(/\{\d\}/), said }))
      .toSorted((a, b) => literal(b) - literal(a)),
  ]),
);
/** "include:x": what is wrong there; host: what is wrong there. */
const PREFIXES = [/^("[^"]{1,500}": )(.+)$/s, /^([a-z0-9._-]{1,255}: )(.+)$/is] as const;
/** A sentence quotes a reader, which names a term: nothing goes deeper. */
const DEPTH_MAX = 4;

function literal({ pieces }: Sentence): number {
  return pieces.reduce((sum, piece) => sum + piece.length, 0);
}

/** The sentence in a language; as it is where nobody knows it. */
export function sayFinding(sentence: string, language: Language, depth = 0): string {
  if (language === 'en' || depth > DEPTH_MAX) return sentence;
  for (const { pieces, said } of SENTENCES[language] ?? []) {
    const facts = factsOf(sentence, pieces);
    if (facts !== null) return said.replace(/\{(\d)\}/g, (_, at: string) => sayFinding(facts[Number(at)] ?? '', language, depth + 1));
  }
  for (const prefix of PREFIXES) {
    const [, head, rest] = prefix.exec(sentence) ?? [];
    if (head === undefined || rest === undefined) continue;
    const inner = sayFinding(rest, language, depth + 1);
    if (inner !== rest) return `${head}${inner}`;
  }
  return sentence;
}

/** What stands in the places; null: it is another sentence. Each piece is looked for once, from left to right, so a long record costs no more than its length. */
function factsOf(sentence: string, pieces: readonly string[]): string[] | null {
  const [first = '', ...rest] = pieces;
  if (!sentence.startsWith(first)) return null;
  if (rest.length === 0) return sentence === first ? [] : null;
  const facts: string[] = [];
  let at = first.length;
  for (const [index, piece] of rest.entries()) {
    const last = index === rest.length - 1;
    if (last && !sentence.endsWith(piece)) return null;
    const next = last ? sentence.length - piece.length : sentence.indexOf(piece, at + 1);
    if (next <= at) return null;
    facts.push(sentence.slice(at, next));
    at = next + piece.length;
  }
  return facts;
}

/** The whole check in a language. */
export function sayCheck(check: DomainCheck, language: Language): DomainCheck {
  if (language === 'en') return check;
  const say = (findings: readonly CheckFinding[]) =>
    findings.map(({ says, next, ...finding }) => ({
      ...finding,
      says: sayFinding(says, language),
      next: next === null ? null : sayFinding(next, language),
    }));
  const part = <T extends { readonly findings: readonly CheckFinding[] }>(of: T): T => ({ ...of, findings: say(of.findings) });
  const selectors = check.dkim.selectors.map((selector) => {
    return { ...selector, warnings: selector.warnings.map((warning) => sayFinding(warning, language)) };
  });
  return {
    ...check,
    ...{ mx: part(check.mx), spf: part(check.spf), dkim: part({ ...check.dkim, selectors }), dmarc: part(check.dmarc) },
    ...{ mta_sts: part(check.mta_sts), tls_rpt: part(check.tls_rpt), bimi: part(check.bimi) },
    findings: say(check.findings),
  };
}

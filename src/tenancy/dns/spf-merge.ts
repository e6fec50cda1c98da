// This file writes one SPF record out of the one that is there and what has to be added: two records at a name count as an error, so the new
// words go into the old one, before its "all".
import { chooseSpfRecord, readSpfRecord, type SpfDirective, type SpfQualifier } from './spf-record.ts';

export interface SpfMerge {
  readonly record: string;
  /** What was not there before. */
  readonly added: readonly string[];
  /** Longer records do not fit into one answer without TCP at old resolvers. */
  readonly tooLong: boolean;
}

export type SpfMergeResult = { readonly ok: true; readonly value: SpfMerge } | { readonly ok: false; readonly message: string };

/** RFC 7208 §3.4: with the other TXT records of the name it should stay below 512 bytes of answer; about this is left for SPF. */
const RECORD_LENGTH_GOOD = 450;
const QUALIFIERS: readonly SpfQualifier[] = ['?', '~', '-'];
const STRICTNESS: Readonly<Record<SpfQualifier, number>> = { '+': 0, '?': 1, '~': 2, '-': 3 };

/**
 * Merges the SPF records found at a name (none, one, or several by mistake) with the mechanisms to add, such as `include:_spf.example`.
 * Order is kept, doubles go, the strictest `all` stays; `+all` never does, since it lets everybody in. A record without `all` and without
 * `redirect` gets `~all`.
 */
export function mergeSpf(found: readonly string[], add: readonly string[]): SpfMergeResult {
  const choice = chooseSpfRecord(found);
  const texts = choice.kind === 'several' ? choice.texts : choice.kind === 'record' ? [choice.text] : [];
  const records = [];
  for (const text of texts) {
    const reading = readSpfRecord(text);
    if (!reading.ok) return { ok: false, message: `"${reading.term}" in the record that is there is wrong: ${reading.message}` };
    records.push(reading.value);
  }
  const wanted = readSpfRecord(`v=spf1 ${add.join(' ')}`);
  if (!wanted.ok) return { ok: false, message: `"${wanted.term}" cannot be added: ${wanted.message}` };

  const present = records.flatMap(({ directives }) => directives);
  const terms = new Map<string, string>();
  const added: string[] = [];
  for (const directive of present)
    if (directive.kind !== 'all') terms.set(termKey(directive.text), terms.get(termKey(directive.text)) ?? directive.text);
  for (const directive of wanted.value.directives) {
    if (directive.kind === 'all' || terms.has(termKey(directive.text))) continue;
    // The same with another qualifier ("?include:") is not asked twice: ours takes its place.
    const weaker = QUALIFIERS.map((qualifier) => `${qualifier}${termKey(directive.text)}`).find((key) => terms.has(key));
    terms.set(weaker ?? termKey(directive.text), directive.text);
    added.push(directive.text);
  }
  const modifiers = [...new Set(records.flatMap(({ unknown, exp }) => [...unknown, ...(exp === null ? [] : [`exp=${exp}`])]))];
  const record = ['v=spf1', ...terms.values(), endOf([...present, ...wanted.value.directives], records), ...modifiers].join(' ');
  return { ok: true, value: { record, added, tooLong: record.length > RECORD_LENGTH_GOOD } };
}

/** How the record ends: its redirect where there is just one record with one, else the strictest `all`. */
function endOf(directives: readonly SpfDirective[], records: readonly { readonly redirect: string | null }[]): string {
  const qualifiers = directives.flatMap((directive) =>
    directive.kind === 'all' && directive.qualifier !== '+' ? [directive.qualifier] : [],
  );
  const redirects = [...new Set(records.flatMap(({ redirect }) => redirect ?? []))];
  if (qualifiers.length === 0 && redirects.length === 1) return `redirect=${redirects[0]}`;
  // A second redirect, or one beside an `all` of the other record, is asked for as an include: its passes stay passes.
  const strictest = qualifiers.toSorted((a, b) => STRICTNESS[b] - STRICTNESS[a])[0] ?? '~';
  return [...redirects.map((domain) => `include:${domain}`), `${strictest}all`].join(' ');
}

/** Two ways to write the same mechanism are one. */
export function termKey(text: string): string {
  return text
    .toLowerCase()
    .replace(/^\+/, '')
    .replace(/^(ip4:[^/]+)\/32$/, '$1')
    .replace(/^(ip6:[^/]+)\/128$/, '$1')
    .replace(/\.$/, '');
}

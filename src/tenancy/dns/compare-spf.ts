// This file compares an expected SPF record with what stands at its name. The customer's own record stays: only what we need has to be in it.
import type { Compared, ExpectedRecord, FoundRecords, mistaken } from './compared.ts';
import { plainName } from './lookup.ts';
import type { MistakeCode } from './mistake-codes.ts';
import { mergeSpf, termKey } from './spf-merge.ts';
import { chooseSpfRecord, readSpfRecord, type SpfRecord } from './spf-record.ts';

/** RFC 7208 §4.6.4. */
export const SPF_LOOKUPS_MAX = 10;
export const SPF_VOIDS_MAX = 2;

export function compareSpf(
  expected: ExpectedRecord,
  found: FoundRecords,
  texts: readonly string[],
  tell: ReturnType<typeof mistaken>,
): Compared {
  const wanted = termsOf(expected.value);
  const merged = mergeSpf(texts, wanted);
  const better = merged.ok ? merged.value.record : expected.value;
  const choice = chooseSpfRecord(texts);
  if (choice.kind === 'several') return tell('conflict', 'several-spf', { better }, choice.texts);
  if (choice.kind === 'none') {
    const nearly = texts.find((text) => /^\s{0,20}["'“”„]?\s{0,20}v\s*=\s*spf1/i.test(text));
    if (nearly === undefined) return tell('missing', 'not-published', {}, texts);
    return tell('different', pastedAs(nearly), { better, detail: `it begins with "${nearly.slice(0, 12)}"` }, [nearly]);
  }
  const seen = [choice.text];
  const reading = readSpfRecord(choice.text);
  if (!reading.ok) return tell('different', 'spf-syntax', { better, detail: `"${reading.term}": ${reading.message}` }, seen);
  const record = reading.value;
  if (record.directives.some(({ kind, qualifier }) => kind === 'all' && qualifier === '+'))
    return tell('different', 'spf-open', { better }, seen);
  const there = record.directives.map(({ text }) => termKey(text));
  const all = record.directives.findIndex(({ kind }) => kind === 'all');
  const reached = new Set(found.spf?.included.map((name) => `include:${plainName(name)}`));
  for (const term of wanted.map(termKey)) {
    const at = there.indexOf(term);
    if (at === -1 && reached.has(term)) continue;
    if (at === -1) return tell('different', 'spf-not-included', { better }, seen);
    if (all !== -1 && at > all) return tell('different', 'spf-after-all', { better }, seen);
  }
  if (found.spf && found.spf.lookups > SPF_LOOKUPS_MAX)
    return tell('different', 'spf-lookups', { detail: String(found.spf.lookups) }, seen);
  // Where it is ours that has no record, nothing in theirs is to be mended.
  if (found.spf?.broken && !wanted.map(termKey).includes(termKey(found.spf.broken))) {
    const without = choice.text.split(/\s+/).filter((term) => term !== found.spf?.broken);
    return tell('different', 'spf-include-broken', { detail: found.spf.broken, better: without.join(' ') }, seen);
  }
  if (found.spf && found.spf.voids > SPF_VOIDS_MAX) return tell('different', 'spf-voids', { detail: String(found.spf.voids) }, seen);
  return { state: 'ok', found: seen, mistake: null };
}

/** What happened to a text that means to be SPF and does not begin so. */
function pastedAs(text: string): MistakeCode {
  if (/["'“”„]/.test(text)) return 'quotes-in-value';
  if (text.includes('\\')) return 'backslashes-in-value';
  return /^\s/.test(text) ? 'spaces-in-value' : 'spf-syntax';
}

/** What has to be in the record: everything of the expected one but its end. */
function termsOf(value: string): string[] {
  const reading = readSpfRecord(value);
  const record: SpfRecord | null = reading.ok ? reading.value : null;
  return record ? record.directives.filter(({ kind }) => kind !== 'all').map(({ text }) => text) : [];
}

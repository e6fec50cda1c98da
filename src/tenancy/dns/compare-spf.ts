// This file compares an expected SPF record with what stands at its name. The customer's own record stays: only what we need has to be in it.
import type { Compared, ExpectedRecord, FoundRecords, mistaken } from './compared.ts';
import { mergeSpf } from './spf-merge.ts';
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
    const nearly = texts.find((text) => /^\s*["'“”„]?\s*v\s*=\s*spf1/i.test(text));
    if (nearly === undefined) return tell('missing', 'not-published', {}, texts);
    const quoted = /["'“”„]/.test(nearly);
    return tell('different', quoted ? 'quotes-in-value' : 'spf-syntax', { better, detail: `it begins with "${nearly.slice(0, 12)}"` }, [
      nearly,
    ]);
  }
  const seen = [choice.text];
  const reading = readSpfRecord(choice.text);
  if (!reading.ok) return tell('different', 'spf-syntax', { better, detail: `"${reading.term}": ${reading.message}` }, seen);
  const record = reading.value;
  if (record.directives.some(({ kind, qualifier }) => kind === 'all' && qualifier === '+'))
    return tell('different', 'spf-open', { better }, seen);
  const there = record.directives.map(({ text }) => text.toLowerCase().replace(/^\+/, ''));
  const all = record.directives.findIndex(({ kind }) => kind === 'all');
  for (const term of wanted.map((each) => each.toLowerCase().replace(/^\+/, ''))) {
    const at = there.indexOf(term);
    if (at === -1) return tell('different', 'spf-not-included', { better }, seen);
    if (all !== -1 && at > all) return tell('different', 'spf-after-all', { better }, seen);
  }
  if (found.spf && found.spf.lookups > SPF_LOOKUPS_MAX)
    return tell('different', 'spf-lookups', { detail: String(found.spf.lookups) }, seen);
  if (found.spf && found.spf.voids > SPF_VOIDS_MAX) return tell('different', 'spf-voids', { detail: String(found.spf.voids) }, seen);
  return { state: 'ok', found: seen, mistake: null };
}

/** What has to be in the record: everything of the expected one but its end. */
function termsOf(value: string): string[] {
  const reading = readSpfRecord(value);
  const record: SpfRecord | null = reading.ok ? reading.value : null;
  return record ? record.directives.filter(({ kind }) => kind !== 'all').map(({ text }) => text) : [];
}

// This file compares an expected TXT record with what stands at its name: the general mistakes of pasting first, then what each kind of record
// has of its own.

import type { Language } from '../../language.ts';
import { compareSpf } from './compare-spf.ts';
import { type Compared, type ExpectedRecord, type FoundRecords, mistaken } from './compared.ts';
import { readDkimKey, sameDkimKey } from './dkim-record.ts';
import { chooseDmarcRecord, type DmarcRecord, readDmarcRecord, writeDmarcRecord } from './dmarc-record.ts';
import { valuesOf } from './lookup.ts';
import { isMtaStsRecord, readMtaStsRecord } from './mta-sts-record.ts';
import { isSpfRecord } from './spf-record.ts';
import { readTagList } from './tag-list.ts';
import { isTlsRptRecord, readTlsRptRecord } from './tls-rpt-record.ts';

type Tell = ReturnType<typeof mistaken>;

export function compareText(expected: ExpectedRecord, found: FoundRecords, language: Language): Compared {
  const tell = mistaken(expected, found, language);
  const answer = found.txt;
  if (answer && !answer.ok && answer.why === 'unreachable') return tell('unreachable', 'no-answer', { detail: answer.detail });
  const texts = answer ? valuesOf(answer) : [];
  const judged = judgeTexts(expected, found, texts, tell);
  if (judged.state !== 'ok' && found.wildcard && found.elsewhere.length === 0) {
    return tell('missing', 'wildcard-answers', {}, texts.length > 0 ? texts : found.cname ? valuesOf(found.cname) : []);
  }
  // A right record in the wrong place, or an alias in its place, says more than "missing".
  return judged.state === 'missing' ? (whyMissing(expected, found, tell) ?? judged) : judged;
}

function judgeTexts(expected: ExpectedRecord, found: FoundRecords, texts: readonly string[], tell: Tell): Compared {
  if (isSpfRecord(expected.value)) return compareSpf(expected, found, texts, tell);
  if (/^v=DMARC1/.test(expected.value)) return compareDmarc(expected, texts, tell);
  if (isDkim(expected)) return compareKey(expected, texts, tell);
  if (isMtaStsRecord(expected.value)) return compareMtaSts(expected, texts, tell);
  if (isTlsRptRecord(expected.value)) return compareTlsRpt(expected, texts, tell);
  return compareExact(expected, texts, tell);
}

function isDkim({ purpose, host, value }: ExpectedRecord): boolean {
  return purpose === 'dkim' || (/\._domainkey\./.test(host) && /(^|;)\s*p=/.test(value));
}

/** A token that proves ownership: it may stand among other texts. */
function compareExact(expected: ExpectedRecord, texts: readonly string[], tell: Tell): Compared {
  if (texts.includes(expected.value)) return { state: 'ok', found: texts, mistake: null };
  const pasted = pastingMistake(expected, texts, tell);
  if (pasted) return pasted;
  // At the root stand many texts of others; they say nothing about ours.
  const key = /^([^=\s]{3,}=)/.exec(expected.value)?.[1];
  const rivals = key === undefined ? texts : texts.filter((text) => text.toLowerCase().startsWith(key.toLowerCase()));
  return rivals.length > 0 ? tell('different', 'other-value', {}, rivals) : nothingOfOurs(expected, texts, tell);
}

/** Nothing that means to be the record. A name that begins with an underscore is there for it alone, so other texts are worth a word. */
function nothingOfOurs({ host }: ExpectedRecord, texts: readonly string[], tell: Tell): Compared {
  return tell('missing', host.startsWith('_') && texts.length > 0 ? 'other-value' : 'not-published', {}, texts);
}

function compareKey(expected: ExpectedRecord, texts: readonly string[], tell: Tell): Compared {
  // "v=DKIM1" may be left out; a text with a p= of its own means to be a key.
  const keys = texts.filter((text) => /(^|;)\s*p\s*=/.test(text) || /^\s*["']?v\s*=\s*dkim1/i.test(text));
  const same = keys.filter((text) => sameDkimKey(text, expected.value));
  const wanted = keyIn(expected.value);
  if (wanted !== '' && same.length === 0 && isInPieces(wanted, texts.map(keyIn))) return tell('different', 'key-in-pieces', {}, texts);
  if (keys.length > 1) return tell('conflict', 'several-records', {}, keys);
  const [seen] = keys;
  // The record of a key that was revoked: one that is gone says the same to receivers as an empty one (RFC 6376 §6.1.2).
  if (isEmptyKey(expected.value) && (texts.length === 0 || (seen !== undefined && isEmptyKey(seen)))) {
    return { state: 'ok', found: keys, mistake: null };
  }
  if (seen === undefined) {
    const pasted = pastingMistake(expected, texts, tell);
    if (pasted) return pasted;
    if (texts.some((text) => text.length >= PIECE_CHARS_MIN && wanted.includes(keyIn(text))))
      return tell('different', 'key-cut', {}, texts);
    return texts.length === 0 ? tell('missing', 'not-published') : tell('different', 'other-value', {}, texts);
  }
  const pasted = same.length === 0 || /^\s*["']|\\/.test(seen) ? pastingMistake(expected, keys, tell) : null;
  if (pasted) return pasted;
  const reading = readDkimKey(seen);
  if (!reading.ok) {
    const code = reading.fault === 'key-cut' ? 'key-cut' : 'key-broken';
    return tell('different', code, { detail: reading.message }, keys);
  }
  if (same.length > 0) return { state: 'ok', found: keys, mistake: null };
  if (reading.value.revoked) return tell('different', 'key-revoked', {}, keys);
  const cut = wanted.startsWith(reading.value.publicKey.replace(/=+$/, ''));
  return tell('different', cut ? 'key-cut' : 'key-other', {}, keys);
}

/** What a text holds of a key; the text itself where it is no list of tags. */
function keyIn(text: string): string {
  return (readTagList(text).tags.get('p') ?? text).replace(/[\s"]+/g, '');
}

/** Shorter texts are no piece of a key. */
const PIECE_CHARS_MIN = 40;

function isInPieces(wanted: string, pieces: readonly string[]): boolean {
  return pieces.some((one, at) => pieces.some((other, index) => index !== at && one.length > 0 && one + other === wanted));
}

function isEmptyKey(text: string): boolean {
  return readTagList(text).tags.get('p') === '';
}

/** Any policy is good: the customer's own stricter one stays. What counts beside it is that reports come to us too. */
function compareDmarc(expected: ExpectedRecord, texts: readonly string[], tell: Tell): Compared {
  const choice = chooseDmarcRecord(texts);
  if (choice.kind === 'several') return tell('conflict', 'several-dmarc', {}, choice.texts);
  if (choice.kind === 'none' || choice.kind === 'unusable') {
    const pasted = pastingMistake(expected, texts, tell);
    if (pasted) return pasted;
    const meant = texts.find((text) => /\bdmarc1\b/i.test(text));
    if (choice.kind === 'none' && meant !== undefined) return tell('different', 'dmarc-syntax', { detail: readingFault(meant) }, [meant]);
    if (choice.kind === 'none') return nothingOfOurs(expected, texts, tell);
    const reading = readDmarcRecord(choice.text);
    const code = !reading.ok && reading.fault === 'letter-case' ? 'letter-case' : 'dmarc-syntax';
    return tell('different', code, { detail: choice.message }, [choice.text]);
  }
  const wanted = readDmarcRecord(expected.value);
  const missing = wanted.ok ? missingUris(wanted.value.rua, choice.record.rua) : [];
  if (missing.length === 0) return { state: 'ok', found: [choice.text], mistake: null };
  return tell('different', 'report-address-missing', { better: withReports(choice.record, missing) }, [choice.text]);
}

function readingFault(text: string): string {
  const reading = readDmarcRecord(text);
  return reading.ok ? '' : reading.message;
}

/** The record as it is, with our address among its own; removed tags fall away. */
function withReports(record: DmarcRecord, missing: readonly string[]): string {
  return writeDmarcRecord({ ...record, rua: [...record.rua, ...missing] });
}

function compareMtaSts(expected: ExpectedRecord, texts: readonly string[], tell: Tell): Compared {
  const meant = texts.filter(isMtaStsRecord);
  const [seen] = meant;
  if (meant.length > 1) return tell('conflict', 'several-records', {}, meant);
  if (seen === undefined) return pastingMistake(expected, texts, tell) ?? nothingOfOurs(expected, texts, tell);
  const reading = readMtaStsRecord(seen);
  if (!reading.ok) return tell('different', 'record-syntax', { detail: reading.message }, meant);
  // The id only has to change with the policy; which one it is, the owner of the policy decides.
  return { state: 'ok', found: meant, mistake: null };
}

function compareTlsRpt(expected: ExpectedRecord, texts: readonly string[], tell: Tell): Compared {
  const meant = texts.filter(isTlsRptRecord);
  const [seen] = meant;
  if (meant.length > 1) return tell('conflict', 'several-records', {}, meant);
  if (seen === undefined) return pastingMistake(expected, texts, tell) ?? nothingOfOurs(expected, texts, tell);
  const reading = readTlsRptRecord(seen);
  if (!reading.ok) return tell('different', 'record-syntax', { detail: reading.message }, meant);
  const wanted = readTlsRptRecord(expected.value);
  const missing = wanted.ok ? missingUris(wanted.rua, reading.rua) : [];
  if (missing.length === 0) return { state: 'ok', found: meant, mistake: null };
  return tell('different', 'report-address-missing', { better: `v=TLSRPTv1; rua=${[...reading.rua, ...missing].join(',')}` }, meant);
}

function missingUris(wanted: readonly string[], there: readonly string[]): string[] {
  const known = new Set(there.map((uri) => uri.toLowerCase()));
  return wanted.filter((uri) => !known.has(uri.toLowerCase()));
}

/** The value is there, but something happened to it on its way through the form. */
function pastingMistake(expected: ExpectedRecord, texts: readonly string[], tell: Tell): Compared | null {
  const wanted = squeezed(expected.value);
  for (const text of texts) {
    const bare = unquoted(text);
    if (/["'“”„‟]/.test(text) && squeezed(bare) === wanted) return tell('different', 'quotes-in-value', {}, [text]);
  }
  for (const text of texts) {
    const bare = unquoted(text).replace(/\.$/, '');
    if (bare !== unquoted(text) && squeezed(bare) === wanted) return tell('different', 'trailing-dot', {}, [text]);
  }
  for (const text of texts) {
    const plain = squeezed(unquoted(text).replace(/\.$/, ''));
    if (plain !== wanted && plain.toLowerCase() === wanted.toLowerCase()) return tell('different', 'letter-case', {}, [text]);
  }
  for (const text of texts) {
    const bare = squeezed(unquoted(text).replaceAll('\\', ''));
    if (text.includes('\\') && bare.slice(0, 6).toLowerCase() === wanted.slice(0, 6).toLowerCase())
      return tell('different', 'backslashes-in-value', {}, [text]);
    if (text !== expected.value && squeezed(text) === wanted) return tell('different', 'spaces-in-value', {}, [text]);
  }
  // A quotation mark anywhere breaks every one of these formats, whatever else stands there.
  const quoted = texts.find(
    (text) => /^\s*["'“”„]/.test(text) && squeezed(unquoted(text)).slice(0, 6).toLowerCase() === wanted.slice(0, 6).toLowerCase(),
  );
  return quoted === undefined ? null : tell('different', 'quotes-in-value', {}, [quoted]);
}

/** Nothing at the name: does it stand elsewhere, or is the name an alias? */
function whyMissing(expected: ExpectedRecord, found: FoundRecords, tell: Tell): Compared | null {
  const aliases = found.cname ? valuesOf(found.cname) : [];
  const wanted = expected.value.trim();
  if (aliases.some((alias) => alias === wanted.toLowerCase().replace(/\.$/, '')))
    return tell('different', 'wrong-type', { detail: 'CNAME' }, aliases);
  const [place] = found.elsewhere;
  if (place) return tell('missing', place.doubled ? 'doubled-domain' : 'wrong-host');
  if (aliases.length > 0) return tell('different', 'alias-at-host', { seen: aliases.join(', ') }, aliases);
  return null;
}

function unquoted(text: string): string {
  return text.replace(/\\?["'“”„‟]/g, '').trim();
}

/** White space does not count in tag lists, and a tag list may end with a semicolon. */
function squeezed(text: string): string {
  return text.replace(/\s+/g, '').replace(/;$/, '');
}

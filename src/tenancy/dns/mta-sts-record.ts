// This file reads what a domain says about encrypted delivery to it: the TXT record `_mta-sts` and the policy file (RFC 8461 §3.1, §3.2).
import { plainName } from './lookup.ts';
import { readTagList } from './tag-list.ts';

export interface MtaStsPolicy {
  readonly mode: 'enforce' | 'testing' | 'none';
  /** Patterns of mail exchangers, in lower case; "*." stands for one label. */
  readonly mx: readonly string[];
  readonly maxAgeS: number;
  readonly warnings: readonly string[];
}

/** §3.2: a year and a day. */
const MAX_AGE_MAX_S = 31_557_600;
/** A week: shorter policies hardly protect anybody. */
const MAX_AGE_GOOD_S = 604_800;
/** Policies are some lines; a file larger than this is something else. */
export const MTA_STS_POLICY_BYTES_MAX = 65_536;
const LINES_MAX = 1_000;

export type MtaStsRecordReading = { readonly ok: true; readonly id: string } | { readonly ok: false; readonly message: string };
export type MtaStsPolicyReading = { readonly ok: true; readonly value: MtaStsPolicy } | { readonly ok: false; readonly message: string };

export function isMtaStsRecord(text: string): boolean {
  return /^v=STSv1\s*;/.test(text);
}

export function readMtaStsRecord(text: string): MtaStsRecordReading {
  if (!isMtaStsRecord(text)) return { ok: false, message: 'The record does not begin with "v=STSv1;".' };
  const id = readTagList(text).tags.get('id');
  if (id === undefined) return { ok: false, message: 'The record has no "id=".' };
  return /^[A-Za-z0-9]{1,32}$/.test(id) ? { ok: true, id } : { ok: false, message: `"id=${id}" is not 1 to 32 letters and digits.` };
}

/** Reads the file at https://mta-sts.<domain>/.well-known/mta-sts.txt. The first of a repeated key counts, of `mx` all. */
export function readMtaStsPolicy(text: string): MtaStsPolicyReading {
  const fields = new Map<string, string>();
  const mx: string[] = [];
  const warnings: string[] = [];
  for (const line of text.slice(0, MTA_STS_POLICY_BYTES_MAX).split(/\r?\n/, LINES_MAX)) {
    if (line.trim() === '') continue;
    // Cut at the colon, then trimmed: one expression with blanks on both sides takes hours over a line of nothing but blanks.
    const at = line.indexOf(':');
    const name = line.slice(0, Math.max(0, at)).trimEnd();
    const value = line.slice(at + 1).trim();
    if (!/^[A-Za-z][A-Za-z0-9_.-]*$/.test(name)) warnings.push(`"${line.slice(0, 80)}" is not of the form "key: value".`);
    else if (name === 'mx') mx.push(value);
    else if (!fields.has(name)) fields.set(name, value);
  }
  if (fields.get('version') !== 'STSv1') return { ok: false, message: 'The policy does not say "version: STSv1".' };
  const mode = (['enforce', 'testing', 'none'] as const).find((each) => each === fields.get('mode'));
  if (!mode) return { ok: false, message: 'The policy has no "mode" of enforce, testing, none.' };
  const age = fields.get('max_age') ?? '';
  if (!/^\d{1,10}$/.test(age) || Number(age) > MAX_AGE_MAX_S) {
    return { ok: false, message: `The policy has no "max_age" from 0 to ${MAX_AGE_MAX_S} seconds.` };
  }
  const wrong = mx.find((pattern) => !/^(?:\*\.)?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*\.?$/i.test(pattern));
  if (wrong !== undefined)
    return { ok: false, message: `"mx: ${wrong.slice(0, 80)}" is no name of a mail server; "*." may only stand first.` };
  if (mx.length === 0 && mode !== 'none') return { ok: false, message: 'The policy names no "mx".' };
  if (mode === 'enforce' && Number(age) < MAX_AGE_GOOD_S) warnings.push('"max_age" is shorter than a week.');
  return { ok: true, value: { mode, mx: mx.map(plainName), maxAgeS: Number(age), warnings } };
}

/** §4.1: "*.example.org" covers one label in its place, nothing else. */
export function mtaStsCovers(patterns: readonly string[], exchange: string): boolean {
  const name = plainName(exchange);
  return patterns.some((pattern) =>
    pattern.startsWith('*.') ? name.slice(name.indexOf('.') + 1) === pattern.slice(2) && name.includes('.') : name === pattern,
  );
}

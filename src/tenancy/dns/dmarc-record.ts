// This file reads and writes DMARC policy records (RFC 9989 §4.7). The tags that RFC 9989 removed (pct, rf, ri) are read over with a warning
// and never written.
import { readTagList } from './tag-list.ts';

export type DmarcPolicy = 'none' | 'quarantine' | 'reject';
export type Alignment = 'relaxed' | 'strict';

export interface DmarcRecord {
  readonly p: DmarcPolicy;
  /** For names below; null: as `p`. */
  readonly sp: DmarcPolicy | null;
  /** For names below that do not exist; null: as `sp`, then `p`. */
  readonly np: DmarcPolicy | null;
  readonly adkim: Alignment;
  readonly aspf: Alignment;
  /** When failure reports are wanted: 0 (nothing passed), 1 (anything failed), d, s. */
  readonly fo: readonly ('0' | '1' | 'd' | 's')[];
  /** Where aggregate reports go; URIs as they are written, a size behind them ("!10m") taken off. */
  readonly rua: readonly string[];
  /** Where failure reports go. */
  readonly ruf: readonly string[];
  /** Test mode: the policy counts one step lower. */
  readonly t: boolean;
  /** Whether the name is a public suffix: y, n, or u for "find out". */
  readonly psd: 'y' | 'n' | 'u';
  readonly warnings: readonly string[];
}

export type DmarcReading =
  | { readonly ok: true; readonly value: DmarcRecord }
  | { readonly ok: false; readonly fault: 'not-dmarc' | 'letter-case' | 'unusable'; readonly message: string };

/** What became of the TXT records of one `_dmarc` name: several records count as none (RFC 9989 §4.10). */
export type DmarcChoice =
  | { readonly kind: 'none' }
  | { readonly kind: 'several'; readonly texts: readonly string[] }
  | { readonly kind: 'unusable'; readonly text: string; readonly message: string }
  | { readonly kind: 'record'; readonly text: string; readonly record: DmarcRecord };

const POLICIES: readonly DmarcPolicy[] = ['none', 'quarantine', 'reject'];
const KNOWN: ReadonlySet<string> = new Set(['v', 'p', 'sp', 'np', 'adkim', 'aspf', 'fo', 'rua', 'ruf', 't', 'psd']);
/** RFC 9989 removed them; receivers pass over them. */
const REMOVED: ReadonlySet<string> = new Set(['pct', 'rf', 'ri']);
/** Nobody reports to more. */
const URIS_MAX = 20;

/** Whether a TXT record means to be a DMARC record: the version comes first and is written exactly so. */
export function isDmarcRecord(text: string): boolean {
  return /^v\s*=\s*DMARC1\s*(?:;|$)/.test(text);
}

/** Reads one record. A missing or wrong `p` reads as none, as receivers do while there is an address to report to or nothing else is wrong. */
export function readDmarcRecord(text: string): DmarcReading {
  if (!isDmarcRecord(text)) {
    if (/^\s*v\s*=\s*dmarc1\s*(?:;|$)/i.test(text)) {
      return { ok: false, fault: 'letter-case', message: 'The record has to begin with "v=DMARC1", in exactly these letters.' };
    }
    return { ok: false, fault: 'not-dmarc', message: 'The record does not begin with "v=DMARC1".' };
  }
  const { tags, order, repeated, broken } = readTagList(text);
  const warnings = [
    ...broken.map((piece) => `"${piece}" is not of the form name=value and is passed over.`),
    ...repeated.map((name) => `"${name}=" stands more than once; the first counts.`),
    ...order.filter((name) => REMOVED.has(name)).map((name) => `"${name}=" was removed from DMARC (RFC 9989); take it out.`),
    ...order.filter((name) => !KNOWN.has(name) && !REMOVED.has(name)).map((name) => `"${name}=" is no tag of DMARC and is passed over.`),
  ];
  const rua = readUris(tags.get('rua'), 'rua', warnings);
  const policies = { p: readPolicy(tags, 'p', warnings), sp: readPolicy(tags, 'sp', warnings), np: readPolicy(tags, 'np', warnings) };
  const wrong = Object.values(policies).includes('wrong');
  if (wrong && rua.length === 0) {
    return {
      ok: false,
      fault: 'unusable',
      message: 'A policy in the record is none of none, quarantine, reject, so the record does not count.',
    };
  }
  if (!tags.has('p')) warnings.push('"p=" is missing; receivers read it as none.');
  if (wrong) warnings.push('A policy is none of none, quarantine, reject; receivers read the whole record as p=none.');
  const named = (policy: DmarcPolicy | 'wrong' | null) => (wrong || policy === 'wrong' ? null : policy);
  return {
    ok: true,
    value: {
      p: named(policies.p) ?? 'none',
      sp: named(policies.sp),
      np: named(policies.np),
      adkim: readAlignment(tags, 'adkim', warnings),
      aspf: readAlignment(tags, 'aspf', warnings),
      fo: readFo(tags.get('fo'), warnings),
      rua,
      ruf: readUris(tags.get('ruf'), 'ruf', warnings),
      t: letter(tags, 't', ['y', 'n'], warnings) === 'y',
      psd: letter(tags, 'psd', ['y', 'n', 'u'], warnings) ?? 'u',
      warnings,
    },
  };
}

/** Chooses among all TXT records of a `_dmarc` name. */
export function chooseDmarcRecord(texts: readonly string[]): DmarcChoice {
  const meant = texts.filter(isDmarcRecord);
  const [text] = meant;
  if (text === undefined) {
    const nearly = texts.find((each) => /^\s{0,20}["']?\s{0,20}v\s*=\s*dmarc/i.test(each));
    if (nearly === undefined) return { kind: 'none' };
    const reading = readDmarcRecord(nearly);
    return { kind: 'unusable', text: nearly, message: reading.ok ? '' : reading.message };
  }
  if (meant.length > 1) return { kind: 'several', texts: meant };
  const reading = readDmarcRecord(text);
  return reading.ok ? { kind: 'record', text, record: reading.value } : { kind: 'unusable', text, message: reading.message };
}

/** The policy that counts for mail of a name: `place` says where the name stands seen from the record. Test mode lowers it one step. */
export function effectivePolicy(record: DmarcRecord, place: 'itself' | 'below' | 'below-and-absent'): DmarcPolicy {
  const below = record.sp ?? record.p;
  const policy = place === 'itself' ? record.p : place === 'below' ? below : (record.np ?? below);
  if (!record.t) return policy;
  return policy === 'reject' ? 'quarantine' : 'none';
}

/** Writes a record in the order people expect; what equals the default is left out, removed tags cannot be asked for. */
export function writeDmarcRecord(wanted: Pick<DmarcRecord, 'p'> & Partial<Omit<DmarcRecord, 'warnings'>>): string {
  const tags = ['v=DMARC1', `p=${wanted.p}`];
  if (wanted.sp) tags.push(`sp=${wanted.sp}`);
  if (wanted.np) tags.push(`np=${wanted.np}`);
  if (wanted.rua?.length) tags.push(`rua=${wanted.rua.join(',')}`);
  if (wanted.ruf?.length) tags.push(`ruf=${wanted.ruf.join(',')}`);
  if (wanted.adkim === 'strict') tags.push('adkim=s');
  if (wanted.aspf === 'strict') tags.push('aspf=s');
  if (wanted.fo?.length && wanted.fo.join(':') !== '0') tags.push(`fo=${wanted.fo.join(':')}`);
  if (wanted.psd && wanted.psd !== 'u') tags.push(`psd=${wanted.psd}`);
  if (wanted.t) tags.push('t=y');
  return tags.join('; ');
}

function readPolicy(tags: ReadonlyMap<string, string>, name: 'p' | 'sp' | 'np', warnings: string[]): DmarcPolicy | 'wrong' | null {
  const written = tags.get(name);
  if (written === undefined) return null;
  const policy = POLICIES.find((each) => each === written.toLowerCase());
  if (!policy) warnings.push(`"${name}=${written}" is none of none, quarantine, reject.`);
  return policy ?? 'wrong';
}

function readAlignment(tags: ReadonlyMap<string, string>, name: 'adkim' | 'aspf', warnings: string[]): Alignment {
  return letter(tags, name, ['r', 's'], warnings) === 's' ? 'strict' : 'relaxed';
}

function letter<const T extends string>(
  tags: ReadonlyMap<string, string>,
  name: string,
  allowed: readonly T[],
  warnings: string[],
): T | null {
  const written = tags.get(name);
  if (written === undefined) return null;
  const found = allowed.find((each) => each === written.toLowerCase());
  if (found === undefined) warnings.push(`"${name}=${written}" is none of ${allowed.join(', ')}; the default counts.`);
  return found ?? null;
}

function readFo(written: string | undefined, warnings: string[]): ('0' | '1' | 'd' | 's')[] {
  if (written === undefined) return ['0'];
  const wanted = written.split(':').map((each) => each.trim().toLowerCase());
  const known = (['0', '1', 'd', 's'] as const).filter((each) => wanted.includes(each));
  if (known.length !== new Set(wanted).size) warnings.push(`"fo=${written}" holds something other than 0, 1, d, s.`);
  return known.length === 0 ? ['0'] : known;
}

function readUris(written: string | undefined, name: string, warnings: string[]): string[] {
  if (written === undefined) return [];
  const uris: string[] = [];
  for (const piece of written.split(',', URIS_MAX)) {
    const uri = piece.trim().replace(/!\d+[kmgt]?$/i, '');
    if (/^mailto:[^\s@]+@[^\s@]+$/i.test(uri) || /^https?:\/\/\S+$/i.test(uri)) uris.push(uri);
    else if (/^[^\s@:]+@[^\s@]+$/.test(uri)) warnings.push(`"${name}=" holds ${uri}; write mailto:${uri}.`);
    else warnings.push(`"${name}=" holds "${piece.trim()}", which is no address to report to.`);
  }
  return uris;
}

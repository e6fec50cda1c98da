// This file reads the public key of a DKIM selector (RFC 6376 §3.6.1, RFC 8301, RFC 8463) and says what is wrong with it.
import { createPublicKey, type KeyObject } from 'node:crypto';
import { readTagList } from './tag-list.ts';

export interface DkimKeyRecord {
  /** `k=`; rsa where the tag is absent. */
  readonly algorithm: string;
  /** `p=` without white space; '' means that the key was taken back. */
  readonly publicKey: string;
  readonly revoked: boolean;
  /** Length of the key in bits; null for a revoked key and for kinds that have no size to choose. */
  readonly bits: number | null;
  /** `h=`: the digests it may be used with; empty means all. */
  readonly hashes: readonly string[];
  /** `t=y`: receivers may treat mail as if it were unsigned. */
  readonly testing: boolean;
  /** `t=s`: the i= domain must equal the d= domain. */
  readonly strict: boolean;
  readonly warnings: readonly string[];
}

export type DkimKeyFault = 'version' | 'no-key' | 'not-base64' | 'key-cut' | 'key-broken' | 'key-short' | 'service';

export type DkimKeyReading =
  | { readonly ok: true; readonly value: DkimKeyRecord }
  | { readonly ok: false; readonly fault: DkimKeyFault; readonly message: string };

/** RFC 8301 §3.2: verifiers refuse shorter RSA keys; 2048 is what to publish. */
const RSA_BITS_MIN = 1024;
const RSA_BITS_GOOD = 2048;
/** RFC 8463 §4: the bare 32 bytes of the key, no ASN.1 around them. */
const ED25519_BYTES = 32;
/** What stands before those bytes in a SubjectPublicKeyInfo. */
const ED25519_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

/** Reads one TXT record found at `<selector>._domainkey.<domain>`. */
export function readDkimKey(text: string): DkimKeyReading {
  const { tags, order, repeated } = readTagList(text);
  const version = tags.get('v');
  if (version !== undefined && (version !== 'DKIM1' || order[0] !== 'v')) {
    return refuse('version', `The record begins with "v=${version}"; a key begins with "v=DKIM1".`);
  }
  const written = tags.get('p');
  if (written === undefined) return refuse('no-key', 'The record has no "p=" with the key.');
  const service = tags.get('s');
  if (service !== undefined && !lists(service).some((each) => each === '*' || each === 'email')) {
    return refuse('service', `The key is not for mail: "s=${service}".`);
  }
  const flags = lists(tags.get('t') ?? '');
  const common = {
    algorithm: (tags.get('k') ?? 'rsa').toLowerCase(),
    publicKey: written.replace(/\s+/g, ''),
    hashes: lists(tags.get('h') ?? ''),
    testing: flags.includes('y'),
    strict: flags.includes('s'),
  };
  const warnings = repeated.map((name) => `"${name}=" stands more than once; the first counts.`);
  if (common.testing) warnings.push('"t=y" says that the key is on trial; receivers may ignore the signature.');
  if (common.publicKey === '') return { ok: true, value: { ...common, revoked: true, bits: null, warnings } };
  const key = readKey(common.algorithm, common.publicKey);
  if ('fault' in key) return key;
  if (key.bits !== null && key.bits < RSA_BITS_GOOD) warnings.push(`The key has ${key.bits} bits; ${RSA_BITS_GOOD} is what to publish.`);
  return { ok: true, value: { ...common, revoked: false, bits: key.bits, warnings } };
}

/** Whether two records hold the same key, however they are written. */
export function sameDkimKey(a: string, b: string): boolean {
  const one = readTagList(a).tags;
  const other = readTagList(b).tags;
  const key = (tags: ReadonlyMap<string, string>) =>
    `${(tags.get('k') ?? 'rsa').toLowerCase()} ${(tags.get('p') ?? '').replace(/\s+/g, '').replace(/=+$/, '')}`;
  return one.has('p') && other.has('p') && key(one) === key(other);
}

function readKey(algorithm: string, base64: string): { bits: number | null } | (DkimKeyReading & { ok: false }) {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return refuse('not-base64', 'The key holds characters that no key has.');
  const bytes = Buffer.from(base64, 'base64');
  if (algorithm === 'ed25519') {
    if (bytes.length === ED25519_BYTES && parses(Buffer.concat([ED25519_PREFIX, bytes]))) return { bits: null };
    return refuse('key-broken', `An Ed25519 key has ${ED25519_BYTES} bytes; this one has ${bytes.length}.`);
  }
  // A kind that we do not know is not ours to judge.
  if (algorithm !== 'rsa') return { bits: null };
  const key = parses(bytes);
  if (!key) {
    // DER says in its first bytes how long it is: a value that was pasted by halves is shorter than it says.
    const said = derLength(bytes);
    if (said !== null && bytes.length < said) {
      return refuse('key-cut', `The key is cut off: ${bytes.length} of ${said} bytes are there.`);
    }
    return refuse('key-broken', 'The key cannot be read.');
  }
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (key.asymmetricKeyType !== 'rsa') return refuse('key-broken', `The key is of kind ${key.asymmetricKeyType}, the record says rsa.`);
  if (bits < RSA_BITS_MIN) return refuse('key-short', `The key has ${bits} bits; receivers refuse less than ${RSA_BITS_MIN}.`);
  return { bits };
}

function parses(der: Buffer): KeyObject | null {
  for (const type of ['spki', 'pkcs1'] as const) {
    try {
      return createPublicKey({ key: der, format: 'der', type });
    } catch {
      // Not this form; the other is tried, and null says that neither holds.
    }
  }
  return null;
}

/** Bytes of a DER sequence as its header says, header included; null when it is none. */
function derLength(bytes: Buffer): number | null {
  if (bytes[0] !== 0x30 || bytes[1] === undefined) return null;
  if (bytes[1] < 0x80) return bytes[1] + 2;
  const octets = bytes[1] & 0x7f;
  if (octets < 1 || octets > 2 || bytes.length < 2 + octets) return null;
  return bytes.readUIntBE(2, octets) + 2 + octets;
}

function lists(value: string): string[] {
  return value
    .split(':')
    .map((each) => each.trim().toLowerCase())
    .filter((each) => each !== '');
}

function refuse(fault: DkimKeyFault, message: string): { readonly ok: false; readonly fault: DkimKeyFault; readonly message: string } {
  return { ok: false, fault, message };
}

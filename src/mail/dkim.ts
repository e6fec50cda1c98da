// This file signs mail with DKIM (RFC 6376; Ed25519: RFC 8463), relaxed/relaxed. The key is parsed once and the signature made on the thread pool, so
// that the event loop only canonicalises and hashes.
import { createPrivateKey, hash, type KeyObject, sign as signOnPool } from 'node:crypto';
import { relaxedBody, relaxedHeader } from './dkim-canon.ts';
import { type HeaderBlock, type HeaderField, readHeaders } from './headers.ts';

/**
 * Every field of these names is signed, and each name once more than it occurs: nobody can add a second From, Subject or List-Unsubscribe on the
 * way without breaking the signature (RFC 6376 §8.15).
 */
const SIGNED_NAMES = [
  'from',
  'subject',
  'date',
  'to',
  'cc',
  'reply-to',
  'message-id',
  'mime-version',
  'content-type',
  'content-transfer-encoding',
  'list-unsubscribe',
  'list-unsubscribe-post',
  'feedback-id',
] as const;

export interface DkimKey {
  /** The d= domain, A-labels. */
  readonly domain: string;
  readonly selector: string;
  /** RSA of 2048 bits or more, or Ed25519: PEM text or a key that is already parsed. */
  readonly privateKey: KeyObject | string;
}

export interface DkimSigner {
  readonly domain: string;
  readonly selector: string;
  readonly algorithm: 'rsa-sha256' | 'ed25519-sha256';
  /** The DKIM-Signature field of a message with CRLF line ends, its own CRLF included. `nowMs` becomes t=. */
  signature(mime: Buffer, nowMs: number): Promise<Buffer>;
  /** The message with that field in front. */
  sign(mime: Buffer, nowMs: number): Promise<Buffer>;
}

/** Makes a signer for one domain. Throws RangeError for a key that is neither RSA of at least 1024 bits nor Ed25519. */
export function makeDkimSigner(key: DkimKey): DkimSigner {
  const ready = prepareKey(key);
  const signature = (mime: Buffer, nowMs: number) => signatureField(ready, readMessage(mime), nowMs);
  return {
    domain: key.domain,
    selector: key.selector,
    algorithm: ready.algorithm,
    signature,
    sign: async (mime, nowMs) => {
      const field = await signature(mime, nowMs);
      return Buffer.concat([field, mime], field.length + mime.length);
    },
  };
}

/**
 * Signs once with every key, the first key's field on top: RSA for everybody, Ed25519 beside it for those who read it (RFC 8463 §3 asks for both). The
 * message is read and its body hashed once, so the second signature costs little more than its own operation. Throws as `makeDkimSigner`.
 */
export function makeManySigner(keys: readonly DkimKey[]): Pick<DkimSigner, 'sign'> {
  const ready = keys.map(prepareKey);
  return {
    async sign(mime, nowMs) {
      const message = readMessage(mime);
      const fields = await Promise.all(ready.map((key) => signatureField(key, message, nowMs)));
      return Buffer.concat([...fields, mime]);
    },
  };
}

interface ReadyKey {
  readonly algorithm: 'rsa-sha256' | 'ed25519-sha256';
  readonly privateKey: KeyObject;
  /** The field's first tags. */
  readonly head: string;
}

interface ReadMessage {
  readonly bodyHash: string;
  readonly names: string;
  readonly canonical: string;
}

function prepareKey(key: DkimKey): ReadyKey {
  const privateKey = typeof key.privateKey === 'string' ? createPrivateKey(key.privateKey) : key.privateKey;
  const algorithm = algorithmOf(privateKey);
  return { algorithm, privateKey, head: `v=1; a=${algorithm}; c=relaxed/relaxed; d=${key.domain}; s=${key.selector};` };
}

function readMessage(mime: Buffer): ReadMessage {
  const block = readHeaders(mime);
  const bodyHash = hash('sha256', relaxedBody(mime.subarray(block.bodyStart)), 'base64');
  return { bodyHash, ...selectFields(block) };
}

async function signatureField({ algorithm, privateKey, head }: ReadyKey, message: ReadMessage, nowMs: number): Promise<Buffer> {
  const value = `${head} t=${Math.floor(nowMs / 1000)};\r\n h=${message.names};\r\n bh=${message.bodyHash};\r\n b=`;
  // The signature covers its own field with an empty b= and no line break at the end (RFC 6376 §3.7).
  const signed = Buffer.from(`${message.canonical}${relaxedHeader('dkim-signature', ` ${value}`)}`, 'latin1');
  const bytes = await signBytes(
    algorithm === 'rsa-sha256' ? 'sha256' : null,
    algorithm === 'rsa-sha256' ? signed : hash('sha256', signed, 'buffer'),
    privateKey,
  );
  return Buffer.from(`DKIM-Signature: ${value}${fold(bytes.toString('base64'))}\r\n`, 'latin1');
}

/** RFC 8301 §3.2: verifiers ignore RSA keys below 1024 bits. New keys are made with 2048. */
const RSA_BITS_MIN = 1024;

function algorithmOf(key: KeyObject): 'rsa-sha256' | 'ed25519-sha256' {
  if (key.asymmetricKeyType === 'ed25519') return 'ed25519-sha256';
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (key.asymmetricKeyType === 'rsa' && bits >= RSA_BITS_MIN) return 'rsa-sha256';
  throw new RangeError(`a DKIM key is RSA of at least ${RSA_BITS_MIN} bits or Ed25519`);
}

/** The h= list (folded) and the canonical text of the fields it names, each with its CRLF. */
function selectFields(block: HeaderBlock): { names: string; canonical: string } {
  const byName = new Map<string, HeaderField[]>();
  for (const field of block.fields) {
    if (!SIGNED.has(field.name)) continue;
    const same = byName.get(field.name);
    if (same === undefined) byName.set(field.name, [field]);
    else same.push(field);
  }
  let names = '';
  let column = 0;
  let canonical = '';
  for (const name of SIGNED_NAMES) {
    const same = byName.get(name) ?? [];
    // Verifiers take fields of one name from the bottom up (RFC 6376 §5.4.2).
    for (let i = same.length - 1; i >= 0; i -= 1) {
      const field = same[i];
      if (field !== undefined) canonical += `${relaxedHeader(name, block.text.slice(field.valueStart, field.end))}\r\n`;
    }
    for (let n = 0; n <= same.length; n += 1) {
      const separator = names === '' ? '' : ':';
      const folded = column + name.length > LIST_COLUMN_MAX;
      names += `${separator}${folded ? '\r\n  ' : ''}${name}`;
      column = folded ? name.length : column + name.length + 1;
    }
  }
  return { names, canonical };
}

const SIGNED: ReadonlySet<string> = new Set(SIGNED_NAMES);
/** Lines of the h= list stay below the 78 characters that RFC 5322 §2.1.1 recommends. */
const LIST_COLUMN_MAX = 68;
/** Characters of base64 on one line. */
const BASE64_LINE = 72;

function fold(base64: string): string {
  let text = base64.slice(0, BASE64_LINE);
  for (let i = BASE64_LINE; i < base64.length; i += BASE64_LINE) text += `\r\n ${base64.slice(i, i + BASE64_LINE)}`;
  return text;
}

function signBytes(digest: 'sha256' | null, data: Buffer, key: KeyObject): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    signOnPool(digest, data, key, (error, bytes) => (error === null ? resolve(bytes) : reject(error)));
  });
}

// This file writes and reads the signed envelope sender of one recipient: b-<token>@<return-path host>. Whoever holds the address can tell us about
// that one recipient and nothing else; an invented one is refused at RCPT TO. Local parts may come back in capitals (RFC 5321 §2.4 lets MTAs do it).
import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';

const PREFIX = 'b-';
const TENANT_BYTES = 4;
const ID_BYTES = 16;
/** 80 bits: guessing one takes 2^79 tries at our own door, and the local part stays at 50 characters of the 64 that RFC 5321 §4.5.3.1 allows. */
const MAC_BYTES = 10;
const PAYLOAD_BYTES = TENANT_BYTES + ID_BYTES;
const TOKEN_BYTES = PAYLOAD_BYTES + MAC_BYTES;
/** 30 bytes are exactly 48 characters of base32: no padding and no spare bits, so that each token has one spelling. */
const TOKEN_CHARS = (TOKEN_BYTES * 8) / 5;
/** Keeps these MACs apart from anything else that may be signed with the same key. */
const CONTEXT = Buffer.from('packetboat return path 1\n', 'latin1');

export interface ReturnPathParts {
  readonly secretKey: Buffer;
  /** Domain whose MX leads to our inbound door. */
  readonly host: string;
  /** 0 to 2^32 - 1. */
  readonly tenantNumber: number;
  /** UUID of the recipient. */
  readonly recipientId: string;
}

/** The envelope sender for one recipient. Throws RangeError when the tenant number or the id has not the stated form: that is a bug of ours. */
export function makeReturnPath(parts: ReturnPathParts): string {
  const hex = parts.recipientId.replaceAll('-', '');
  const input = Buffer.allocUnsafe(CONTEXT.length + TOKEN_BYTES);
  input.set(CONTEXT, 0);
  input.writeUInt32BE(parts.tenantNumber, CONTEXT.length);
  if (hex.length !== ID_BYTES * 2 || input.write(hex, CONTEXT.length + TENANT_BYTES, ID_BYTES, 'hex') !== ID_BYTES) {
    throw new RangeError('a recipient id is a UUID');
  }
  const mac = macOf(parts.secretKey, input.subarray(0, CONTEXT.length + PAYLOAD_BYTES));
  mac.copy(input, CONTEXT.length + PAYLOAD_BYTES, 0, MAC_BYTES);
  return `${PREFIX}${encodeBase32(input, CONTEXT.length)}@${parts.host}`;
}

/** Reads such an address, with or without angle brackets, in any case. `secretKeys`: the current key first, then those it replaced. */
export function readReturnPath(
  address: string,
  keys: { readonly secretKeys: readonly Buffer[]; readonly host: string },
): { tenantNumber: number; recipientId: string } | null {
  const bare = address.startsWith('<') && address.endsWith('>') ? address.slice(1, -1) : address;
  const at = PREFIX.length + TOKEN_CHARS;
  if (bare.length !== at + 1 + keys.host.length || bare[at] !== '@') return null;
  const lower = bare.toLowerCase();
  if (!lower.startsWith(PREFIX) || lower.slice(at + 1) !== keys.host.toLowerCase()) return null;
  const input = Buffer.allocUnsafe(CONTEXT.length + TOKEN_BYTES);
  input.set(CONTEXT, 0);
  if (!decodeBase32(lower, PREFIX.length, input, CONTEXT.length)) return null;
  const signed = input.subarray(0, CONTEXT.length + PAYLOAD_BYTES);
  const mac = input.subarray(CONTEXT.length + PAYLOAD_BYTES);
  for (const secretKey of keys.secretKeys) {
    if (timingSafeEqual(macOf(secretKey, signed).subarray(0, MAC_BYTES), mac)) {
      return { tenantNumber: input.readUInt32BE(CONTEXT.length), recipientId: uuid(input, CONTEXT.length + TENANT_BYTES) };
    }
  }
  return null;
}

function macOf(key: Buffer, signed: Uint8Array): Buffer {
  return createHmac('sha256', keyObjectOf(key)).update(signed).digest();
}

/** createHmac costs 10.8 µs with a Buffer and 2.2 µs with a prepared key. */
const keyObjects = new WeakMap<Buffer, KeyObject>();

function keyObjectOf(key: Buffer): KeyObject {
  const known = keyObjects.get(key);
  if (known !== undefined) return known;
  const made = createSecretKey(key);
  keyObjects.set(key, made);
  return made;
}

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
/** Two characters for every 10 bits: half as many look-ups. */
const PAIRS = Array.from({ length: 1024 }, (_, bits) => `${ALPHABET[bits >> 5]}${ALPHABET[bits & 31]}`);
const VALUES = new Int8Array(128).fill(-1);
for (const [value, char] of [...ALPHABET].entries()) VALUES[char.charCodeAt(0)] = value;

function encodeBase32(bytes: Uint8Array, from: number): string {
  let text = '';
  for (let i = from; i < from + TOKEN_BYTES; i += 5) {
    const high = (byteAt(bytes, i) << 12) | (byteAt(bytes, i + 1) << 4) | (byteAt(bytes, i + 2) >> 4);
    const low = ((byteAt(bytes, i + 2) & 15) << 16) | (byteAt(bytes, i + 3) << 8) | byteAt(bytes, i + 4);
    text += `${PAIRS[high >> 10]}${PAIRS[high & 1023]}${PAIRS[low >> 10]}${PAIRS[low & 1023]}`;
  }
  return text;
}

function decodeBase32(text: string, from: number, into: Buffer, at: number): boolean {
  let bits = 0;
  let count = 0;
  let write = at;
  for (let i = from; i < from + TOKEN_CHARS; i += 1) {
    const value = VALUES[text.charCodeAt(i)] ?? -1;
    if (value < 0) return false;
    bits = ((bits << 5) | value) & 0xfff;
    count += 5;
    if (count >= 8) {
      count -= 8;
      into[write] = (bits >> count) & 0xff;
      write += 1;
    }
  }
  return true;
}

function uuid(bytes: Buffer, at: number): string {
  const hex = bytes.toString('hex', at, at + ID_BYTES);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

function byteAt(bytes: Uint8Array, index: number): number {
  return bytes[index] ?? 0;
}

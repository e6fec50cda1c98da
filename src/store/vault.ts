// This file encrypts stored secrets (AES-256-GCM) with a key derived from a master key (HKDF, RFC 5869). A sealed value is a version byte, from version 2
// on the id of the key (8 bytes), nonce, tag and cipher text. Version 1 names no key: it is what the first key of a desk writes, so that processes of an
// older version can read along until that key is replaced.
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { AppError } from '../errors.ts';

/** What a sealed value is for. Purpose and row id are authenticated, so a value moved to another row does not open. */
export type VaultPurpose =
  | 'provider-secret'
  | 'provider-webhook-password'
  | 'dkim-key'
  | 'webhook-secret'
  | 'mailbox-secret'
  | 'access-token'
  | 'system-mail'
  | 'derived-keys';

/** One master key, ready to work. */
export interface Vault {
  /** Tells two master keys apart without telling anything about them; 16 hexadecimal digits. */
  readonly id: string;
  readonly master: Buffer;
  readonly key: Buffer;
}

/** Who a sealed value belongs to. */
export interface SealedFor {
  readonly purpose: VaultPurpose;
  readonly rowId: string;
}

export const MASTER_BYTES = 32;
const ID_BYTES = 8;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const NAMELESS = 1;
const NAMED = 2;

/** A working key of 32 bytes. */
export function derive(master: Buffer, use: string): Buffer {
  return Buffer.from(hkdfSync('sha256', master, '', `packetboat ${use}`, MASTER_BYTES));
}

/** Throws SECRET_KEY_INVALID for a key of another length. */
export function makeVault(master: Buffer): Vault {
  if (master.length !== MASTER_BYTES) throw new AppError('SECRET_KEY_INVALID', 'A master key is 32 bytes, written as base64.');
  return { id: derive(master, 'fingerprint').subarray(0, ID_BYTES).toString('hex'), master, key: derive(master, 'vault') };
}

/** `nameless`: as version 1. */
export function sealWith(vault: Vault, { purpose, rowId }: SealedFor, plain: string, nameless: boolean): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', vault.key, nonce).setAAD(Buffer.from(`${purpose}:${rowId}`));
  const text = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
  const head = nameless ? Buffer.of(NAMELESS) : Buffer.concat([Buffer.of(NAMED), Buffer.from(vault.id, 'hex')]);
  return Buffer.concat([head, nonce, cipher.getAuthTag(), text]);
}

/** The id of the key a value was sealed with; null: it does not say. Throws SECRET_KEY_INVALID for a form this version does not know. */
export function keyIdOf(sealed: Buffer): string | null {
  const head = headBytes(sealed);
  if (head === null || sealed.length < head + NONCE_BYTES + TAG_BYTES) {
    throw new AppError('SECRET_KEY_INVALID', 'A stored secret is not in a form this version knows.');
  }
  return sealed[0] === NAMED ? sealed.subarray(1, head).toString('hex') : null;
}

/** Null: it was sealed with another key, for another purpose or row, or it was changed. */
export function openWith(vault: Vault, { purpose, rowId }: SealedFor, sealed: Buffer): string | null {
  const head = headBytes(sealed);
  if (head === null) return null;
  const [nonceEnd, tagEnd] = [head + NONCE_BYTES, head + NONCE_BYTES + TAG_BYTES];
  try {
    const decipher = createDecipheriv('aes-256-gcm', vault.key, sealed.subarray(head, nonceEnd))
      .setAAD(Buffer.from(`${purpose}:${rowId}`))
      .setAuthTag(sealed.subarray(nonceEnd, tagEnd));
    return Buffer.concat([decipher.update(sealed.subarray(tagEnd)), decipher.final()]).toString('utf8');
  } catch {
    // Node says no more than that it does not fit, and the caller says so in words.
    return null;
  }
}

function headBytes(sealed: Buffer): number | null {
  return sealed[0] === NAMELESS ? 1 : sealed[0] === NAMED ? 1 + ID_BYTES : null;
}

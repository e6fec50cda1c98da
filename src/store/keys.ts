// This file holds the one key that lives outside the database, and what is derived from it (HKDF, RFC 5869): the vault that encrypts provider
// secrets, DKIM keys and webhook secrets (AES-256-GCM), the HMAC for credentials, and the key of return paths.
import { createCipheriv, createDecipheriv, createHmac, createSecretKey, hkdfSync, randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, readFileSync, unlinkSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { AppError } from '../errors.ts';
import type { Queryable } from './scope.ts';

/** What a sealed value is for. Purpose and row id are authenticated, so a value moved to another row does not open. */
export type VaultPurpose =
  | 'provider-secret'
  | 'provider-webhook-password'
  | 'dkim-key'
  | 'webhook-secret'
  | 'mailbox-secret'
  | 'access-token'
  | 'system-mail';

export interface Keys {
  /** Encrypts; the answer is version byte, nonce, tag and cipher text in one. */
  seal(purpose: VaultPurpose, rowId: string, plain: string): Buffer;
  /** Throws SECRET_KEY_INVALID when the value was sealed with another key, for another purpose or another row. */
  open(purpose: VaultPurpose, rowId: string, sealed: Buffer): string;
  /** HMAC-SHA-256 of a credential's or session's secret, 32 bytes: what the database keeps of it. */
  hash(secret: string): Buffer;
  /** For the MAC in return paths, 32 bytes. */
  readonly returnPathKey: Buffer;
  /** Tells two master keys apart without telling anything about them; 16 hexadecimal digits. */
  readonly fingerprint: string;
}

const MASTER_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const VERSION = 1;
const HEADER_BYTES = 1 + NONCE_BYTES + TAG_BYTES;
const KEY_TEXT = /^[A-Za-z0-9+/]{43}=$/;

/** Derives the working keys from a master key of 32 bytes. */
export function makeKeys(master: Buffer): Keys {
  if (master.length !== MASTER_BYTES) throw invalid('A master key is 32 bytes, written as base64.');
  const derive = (use: string) => Buffer.from(hkdfSync('sha256', master, '', `packetboat ${use}`, MASTER_BYTES));
  const vaultKey = derive('vault');
  // As a key object it costs 3 µs a hash, as bytes 15: every request is hashed once.
  const hashKey = createSecretKey(derive('credentials'));
  return {
    seal(purpose, rowId, plain) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', vaultKey, nonce).setAAD(Buffer.from(`${purpose}:${rowId}`));
      const text = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), text]);
    },
    open(purpose, rowId, sealed) {
      if (sealed.length < HEADER_BYTES || sealed[0] !== VERSION) throw invalid('A stored secret is not in a form this version knows.');
      const decipher = createDecipheriv('aes-256-gcm', vaultKey, sealed.subarray(1, 1 + NONCE_BYTES))
        .setAAD(Buffer.from(`${purpose}:${rowId}`))
        .setAuthTag(sealed.subarray(1 + NONCE_BYTES, HEADER_BYTES));
      try {
        return Buffer.concat([decipher.update(sealed.subarray(HEADER_BYTES)), decipher.final()]).toString('utf8');
      } catch (cause) {
        throw new AppError('SECRET_KEY_INVALID', 'A stored secret does not open with the key file of this desk.', { cause });
      }
    },
    hash: (secret) => createHmac('sha256', hashKey).update(secret).digest(),
    returnPathKey: derive('return path'),
    fingerprint: derive('fingerprint').toString('hex').slice(0, 16),
  };
}

/** Reads a master key as it stands in a setting or a file: 32 bytes as base64. */
export function parseMasterKey(text: string): Buffer {
  const trimmed = text.trim();
  if (!KEY_TEXT.test(trimmed)) throw invalid('The master key is not 32 bytes written as base64 (44 characters).');
  return Buffer.from(trimmed, 'base64');
}

/**
 * Reads the key file, or makes it (mode 0600) when there is none. Two processes that start at once end up with the same key, because the
 * finished file is linked into place and only the first link wins.
 */
export function loadMasterKey(path: string): Buffer {
  const there = readKeyFile(path);
  if (there) return there;
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  const file = openSync(draft, 'wx', 0o600);
  try {
    writeSync(file, `${randomBytes(MASTER_BYTES).toString('base64')}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  try {
    linkSync(draft, path);
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) throw error;
  } finally {
    unlinkSync(draft);
  }
  const made = readKeyFile(path);
  if (!made) throw invalid(`The key file ${path} could not be read back.`);
  return made;
}

/**
 * Remembers which key encrypted this database, and refuses another one: a lost key file must be noticed at the start, not at the first send.
 */
export async function checkKeyFingerprint(db: Queryable, keys: Keys): Promise<void> {
  await db.query('insert into settings (key, value) values ($1, to_jsonb($2::text)) on conflict (key) do nothing', [
    'master_key_fingerprint',
    keys.fingerprint,
  ]);
  const { rows } = await db.query<{ value: string }>('select value from settings where key = $1', ['master_key_fingerprint']);
  if (rows[0]?.value !== keys.fingerprint) throw invalid('The key file is not the one that encrypted the secrets in this database.');
}

function readKeyFile(path: string): Buffer | null {
  try {
    return parseMasterKey(readFileSync(path, 'utf8'));
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return null;
    throw error;
  }
}

function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

function invalid(message: string): AppError {
  return new AppError('SECRET_KEY_INVALID', message);
}

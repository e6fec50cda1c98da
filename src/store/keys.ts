// This file is the ring of keys that live outside the database, in memory: one of them encrypts what is stored from now on, the others still open what
// they encrypted. Hashes of credentials and the key of return paths were derived from the first key a desk had and stay as they are when it is replaced
// (docs/adr/0014-stored-secrets-change-their-key.md).
import { createHmac, createSecretKey } from 'node:crypto';
import { AppError } from '../errors.ts';
import { derive, keyIdOf, makeVault, openWith, sealWith, type Vault, type VaultPurpose } from './vault.ts';

export interface Keys {
  /** Encrypts with the key that writes. */
  seal(purpose: VaultPurpose, rowId: string, plain: string): Buffer;
  /** Throws SECRET_KEY_INVALID when the value was sealed with a key that is not at hand, for another purpose or another row. */
  open(purpose: VaultPurpose, rowId: string, sealed: Buffer): string;
  /** HMAC-SHA-256 of a credential's or session's secret, 32 bytes: what the database keeps of it. */
  hash(secret: string): Buffer;
  /** For the MAC in return paths, 32 bytes. */
  readonly returnPathKey: Buffer;
}

export interface KeyRing extends Keys {
  /** Ids of the keys at hand. */
  ids(): readonly string[];
  /** Id of the key that writes. */
  writing(): string;
  /** Exchanges the keys; `writing` is the id of one of them. */
  learn(masters: readonly Buffer[], writing: string): void;
  /** What the ring derives, encrypted with one of its keys: it is stored beside that key. */
  sealDerived(id: string): Buffer;
}

export interface RingParts {
  readonly masters: readonly Buffer[];
  readonly writing: string;
  /** Id of the first key of this desk. */
  readonly original: string;
  /** 32 bytes for hashes of credentials and 32 for return paths, as `derivedFrom` made them of the first key. */
  readonly derived: Buffer;
  /** Looks for keys that came since, before a secret is called unreadable. */
  readonly reread?: () => readonly Buffer[];
}

const HALF_BYTES = 32;
const KEY_TEXT = /^[A-Za-z0-9+/]{43}=$/;

/** What is derived from the first key of a desk, once. */
export function derivedFrom(master: Buffer): Buffer {
  return Buffer.concat([derive(master, 'credentials'), derive(master, 'return path')]);
}

/** The ring of a desk with one key. */
export function makeKeys(master: Buffer): KeyRing {
  const { id } = makeVault(master);
  return makeKeyRing({ masters: [master], writing: id, original: id, derived: derivedFrom(master) });
}

export function makeKeyRing(parts: RingParts): KeyRing {
  const { original, derived } = parts;
  let vaults = vaultsOf(parts.masters);
  let writing = held(vaults, parts.writing);
  // As a key object it costs 3 µs a hash, as bytes 15: every request is hashed once.
  const hashKey = createSecretKey(derived.subarray(0, HALF_BYTES));

  /** The keys that may open a value: the one it names, or for values that name none the first key of the desk, then all others. */
  function openers(id: string | null): Vault[] {
    const named = vaults.get(id ?? original);
    return id === null ? [...(named ? [named] : []), ...[...vaults.values()].filter((vault) => vault !== named)] : named ? [named] : [];
  }

  return {
    seal: (purpose, rowId, plain) => sealWith(writing, { purpose, rowId }, plain, writing.id === original),
    open(purpose, rowId, sealed) {
      const id = keyIdOf(sealed);
      if (id !== null && !vaults.has(id) && parts.reread) vaults = new Map([...vaults, ...vaultsOf(parts.reread())]);
      for (const vault of openers(id)) {
        const plain = openWith(vault, { purpose, rowId }, sealed);
        if (plain !== null) return plain;
      }
      const missing = id !== null && !vaults.has(id) ? `: it was encrypted with the key ${id}` : '';
      throw new AppError('SECRET_KEY_INVALID', `A stored secret does not open with the key file of this desk${missing}.`);
    },
    hash: (secret) => createHmac('sha256', hashKey).update(secret).digest(),
    returnPathKey: derived.subarray(HALF_BYTES),
    ids: () => [...vaults.keys()],
    writing: () => writing.id,
    learn(masters, id) {
      const next = vaultsOf(masters);
      writing = held(next, id);
      vaults = next;
    },
    sealDerived(id) {
      const vault = held(vaults, id);
      return sealWith(vault, { purpose: 'derived-keys', rowId: id }, derived.toString('base64'), false);
    },
  };
}

/** What `sealDerived` stored, with the key it was stored beside. Null: it does not open. */
export function openDerived(master: Buffer, sealed: Buffer): Buffer | null {
  const vault = makeVault(master);
  const text = openWith(vault, { purpose: 'derived-keys', rowId: vault.id }, sealed);
  return text === null ? null : Buffer.from(text, 'base64');
}

/** Tells two master keys apart without telling anything about them; 16 hexadecimal digits. */
export const idOfKey = (master: Buffer): string => makeVault(master).id;

/** Reads a master key as it stands in a file: 32 bytes as base64. */
export function parseMasterKey(text: string): Buffer {
  const trimmed = text.trim();
  if (!KEY_TEXT.test(trimmed)) {
    throw new AppError('SECRET_KEY_INVALID', 'A master key is not 32 bytes written as base64 (44 characters).');
  }
  return Buffer.from(trimmed, 'base64');
}

function vaultsOf(masters: readonly Buffer[]): Map<string, Vault> {
  return new Map(masters.map(makeVault).map((vault) => [vault.id, vault]));
}

function held(vaults: ReadonlyMap<string, Vault>, id: string): Vault {
  const vault = vaults.get(id);
  if (!vault) throw new AppError('SECRET_KEY_INVALID', `The key ${id} is not in the key file of this desk.`);
  return vault;
}

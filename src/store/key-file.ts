// This file reads and changes the key file: one master key a line. A change is written beside it, flushed and put in its place, so a crash leaves the old
// file or the new one. Whoever changes it keeps others from doing so at the same time (`alone`), wherever they run.
import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, readFileSync, renameSync, unlinkSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { AppError } from '../errors.ts';
import { parseMasterKey } from './keys.ts';
import { MASTER_BYTES } from './vault.ts';

/** A key is replaced once a year or so, and old ones are forgotten. */
const KEYS_MAX = 32;
/** What a file or its folder says that must not be written, or is put in place from outside (EBUSY: a file mounted into a container). */
const NOT_OURS: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'EROFS', 'EBUSY']);

/**
 * Reads the key file, or makes it (mode 0600) when there is none. Two processes that start at once end up with the same key, because the
 * finished file is linked into place and only the first link wins.
 */
export function loadKeyFile(path: string): Buffer[] {
  const there = readKeyFile(path);
  if (there) return there;
  mkdirSync(dirname(path), { recursive: true });
  const draft = writeDraft(path, [randomBytes(MASTER_BYTES)]);
  try {
    linkSync(draft, path);
  } catch (error) {
    if (errno(error) !== 'EEXIST') throw error;
  } finally {
    unlinkSync(draft);
  }
  const made = readKeyFile(path);
  if (!made) throw new AppError('SECRET_KEY_INVALID', `The key file ${path} could not be read back.`);
  return made;
}

/** Null: there is no file. Throws SECRET_KEY_INVALID for one that holds no keys, or something else. */
export function readKeyFile(path: string): Buffer[] | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (errno(error) === 'ENOENT') return null;
    throw error;
  }
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  if (lines.length === 0) throw new AppError('SECRET_KEY_INVALID', `The key file ${path} is empty.`);
  if (lines.length > KEYS_MAX) throw new AppError('SECRET_KEY_INVALID', `The key file ${path} has more than ${KEYS_MAX} lines.`);
  return lines.map(parseMasterKey);
}

/** Adds a new key as the last line and answers it. Throws SECRET_KEY_FILE_READ_ONLY. */
export function addKey(path: string): Buffer {
  const made = randomBytes(MASTER_BYTES);
  replaceFile(path, [...(readKeyFile(path) ?? []), made]);
  return made;
}

/** Takes keys out; the last one stays, whatever is asked. Throws SECRET_KEY_FILE_READ_ONLY. */
export function keepKeys(path: string, keep: (master: Buffer) => boolean): void {
  const there = readKeyFile(path) ?? [];
  const kept = there.filter(keep);
  if (kept.length > 0 && kept.length < there.length) replaceFile(path, kept);
}

function replaceFile(path: string, masters: readonly Buffer[]): void {
  let draft: string | null = null;
  try {
    draft = writeDraft(path, masters);
    renameSync(draft, path);
    const folder = openSync(dirname(path), 'r');
    fsyncSync(folder);
    closeSync(folder);
  } catch (cause) {
    if (draft !== null) discard(draft);
    if (!NOT_OURS.has(errno(cause) ?? '')) throw cause;
    throw new AppError('SECRET_KEY_FILE_READ_ONLY', `The desk may not write the key file ${path}.`, { cause });
  }
}

function writeDraft(path: string, masters: readonly Buffer[]): string {
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  const file = openSync(draft, 'wx', 0o600);
  try {
    writeSync(file, masters.map((master) => `${master.toString('base64')}\n`).join(''));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  return draft;
}

function discard(draft: string): void {
  try {
    unlinkSync(draft);
  } catch (error) {
    if (errno(error) !== 'ENOENT') throw error;
  }
}

function errno(error: unknown): string | null {
  return error instanceof Error && 'code' in error ? String(error.code) : null;
}

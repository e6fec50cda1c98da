// This file makes the data folder of this machine, or says in words why it cannot be.
import { mkdirSync } from 'node:fs';
import { AppError } from '../../errors.ts';

/** Throws DATABASE_START_FAILED where a file lies in the way or nobody may write. */
export function makeDataFolder(path: string): void {
  try {
    // What is kept here holds secrets: nobody else looks into it.
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (cause) {
    const why = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    const what = why === 'EEXIST' ? 'a file has its name' : why;
    throw new AppError('DATABASE_START_FAILED', `The data folder ${path} cannot be made: ${what}.`, {
      hint: 'Name a folder in which you may write with PACKETBOAT_DATA_DIR.',
      cause,
    });
  }
}

// This file reads the files a command was given, one after the other: one that cannot be opened is refused on stderr and the others are still read.
import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { AppError } from '../errors.ts';
import type { CommandIo } from './command.ts';
import { asFileTrouble, refuse } from './refusal.ts';

/** Folders in folders that are looked into; a Maildir of an account with sub-folders needs four. */
const DEPTH_MAX = 8;

/** Answers the exit status: 0 every file was read, 1 at least one could not be. With `folders`, a folder stands for what lies in it, by name. */
export async function readFiles(
  files: readonly string[],
  how: { readonly json: boolean; readonly io: CommandIo; readonly folders?: boolean },
  readOne: (file: string) => Promise<void>,
): Promise<0 | 1> {
  let status: 0 | 1 = 0;
  for (const named of files) {
    for (const file of how.folders ? filesIn(named, how.io.cwd, DEPTH_MAX) : [named]) {
      try {
        await readOne(file);
      } catch (error) {
        const message = `${file} cannot be read: ${error instanceof Error ? error.message : error}`;
        const refusal =
          asFileTrouble(error) ?? new AppError('CLI_USAGE', message, { hint: 'Check the path and its permissions.', cause: error });
        refuse(refusal, how.json, how.io);
        status = 1;
      }
    }
  }
  return status;
}

/** What is no folder stands for itself: reading it says what is wrong with it. Hidden names are programs' own. */
function* filesIn(named: string, cwd: string, depth: number): Generator<string> {
  const path = resolve(cwd, named);
  const folder = named !== '-' && depth > 0 && (statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false);
  if (!folder) {
    yield named;
    return;
  }
  const names = readdirSync(path).filter((name) => !name.startsWith('.'));
  for (const name of names.sort()) yield* filesIn(join(named, name), cwd, depth - 1);
}

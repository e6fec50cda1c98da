// This file reads the files a command was given, one after the other: one that cannot be opened is refused on stderr and the others are still read.
import { AppError } from '../errors.ts';
import type { CommandIo } from './command.ts';
import { asFileTrouble, refuse } from './refusal.ts';

/** Answers the exit status: 0 every file was read, 1 at least one could not be. */
export async function readFiles(
  files: readonly string[],
  how: { readonly json: boolean; readonly io: CommandIo },
  readOne: (file: string) => Promise<void>,
): Promise<0 | 1> {
  let status: 0 | 1 = 0;
  for (const file of files) {
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
  return status;
}

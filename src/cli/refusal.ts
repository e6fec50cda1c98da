// This file says a refusal on stderr in the one form of all commands: sentence, code and hint, or the same as JSON; and gives its exit status.
import { AppError } from '../errors.ts';
import type { CommandIo } from './command.ts';

/** Writes it and answers the exit status: 2 for what was not understood, else 1. */
export function refuse(error: AppError, json: boolean, io: Pick<CommandIo, 'stderr'>): number {
  const { code, message, hint } = error;
  io.stderr.write(json ? `${JSON.stringify({ error: { code, message, hint } })}\n` : `${message} (${code})\n${hint}\n`);
  return code === 'CLI_USAGE' ? 2 : 1;
}

const FILE_TROUBLE: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  EISDIR: 'is a folder',
  ENOTDIR: 'lies in something that is no folder',
  EACCES: 'may not be read or written by you',
  EPERM: 'may not be read or written by you',
  EROFS: 'lies on a disk that cannot be written',
  ENOSPC: 'found no room on its disk',
  EMFILE: 'is one file too many at once',
};

/** What the file system says about a file that a command was given, as CLI_USAGE; null for anything else. */
export function asFileTrouble(error: unknown): AppError | null {
  if (!(error instanceof Error && 'syscall' in error && 'code' in error)) return null;
  // A folder that is read like a file is the one trouble that comes without its path.
  const path = 'path' in error ? String(error.path) : error.code === 'EISDIR' ? 'What was named' : null;
  if (path === null) return null;
  const what = FILE_TROUBLE[String(error.code)] ?? `cannot be used (${String(error.code)})`;
  return new AppError('CLI_USAGE', `${path} ${what}.`, { hint: 'Check the path and its permissions.', cause: error });
}

/** What parseArgs of node:util throws for options it does not know, as CLI_USAGE; null for anything else. */
export function asUsage(error: unknown): AppError | null {
  if (!(error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'))) return null;
  // Its second sentence explains how to give a word that looks like an option, which nobody here wants.
  return new AppError('CLI_USAGE', `${error.message.split('. To specify')[0]}.`.replace(/\.\.$/, '.'), { cause: error });
}

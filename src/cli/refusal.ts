// This file says a refusal on stderr in the one form of all commands: sentence, code and hint, or the same as JSON; and gives its exit status.
import { AppError } from '../errors.ts';
import type { CommandIo } from './command.ts';

/** Writes it and answers the exit status: 2 for what was not understood, else 1. */
export function refuse(error: AppError, json: boolean, io: Pick<CommandIo, 'stderr'>): number {
  const { code, message, hint } = error;
  io.stderr.write(json ? `${JSON.stringify({ error: { code, message, hint } })}\n` : `${message} (${code})\n${hint}\n`);
  return code === 'CLI_USAGE' ? 2 : 1;
}

/** What parseArgs of node:util throws for options it does not know, as CLI_USAGE; null for anything else. */
export function asUsage(error: unknown): AppError | null {
  if (!(error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'))) return null;
  // Its second sentence explains how to give a word that looks like an option, which nobody here wants.
  return new AppError('CLI_USAGE', `${error.message.split('. To specify')[0]}.`.replace(/\.\.$/, '.'), { cause: error });
}

// This file is the `packetboat` command: it finds the command of that name, runs it, and says errors in one form: sentence, code, hint.
import { AppError } from '../errors.ts';
import type { Command, CommandIo } from './command.ts';
import { COMMANDS } from './commands.ts';

/** Runs one command line. Exit status: 0 done, 1 refused or failed, 2 not understood. */
export async function main(args: string[], io: CommandIo): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') return help(rest[0], io);
  const command = find(name);
  if (!command) {
    io.stderr.write(`There is no command "${name}". "packetboat help" lists them all.\n`);
    return 2;
  }
  if (rest.includes('--help') || rest.includes('-h')) return help(name, io);
  try {
    return await command.run(rest, io);
  } catch (error) {
    return report(error, rest.includes('--json'), command, io);
  }
}

function find(name: string): Command | undefined {
  return COMMANDS.find((command) => command.name === name);
}

function help(name: string | undefined, io: CommandIo): number {
  const command = name === undefined ? undefined : find(name);
  if (command) {
    io.stdout.write(command.usage.endsWith('\n') ? command.usage : `${command.usage}\n`);
    return 0;
  }
  const width = Math.max(...COMMANDS.map((each) => each.name.length));
  const lines = COMMANDS.map((each) => `  ${each.name.padEnd(width)}  ${each.summary}`);
  io.stdout.write(
    `packetboat COMMAND [--json] …\n\n${lines.join('\n')}\n\n"packetboat help COMMAND" says more. Exit status: 0 done, 1 refused or failed, 2 not understood.\n`,
  );
  return 0;
}

function report(error: unknown, json: boolean, command: Command, io: CommandIo): number {
  if (error instanceof AppError) {
    const { code, message, hint } = error;
    io.stderr.write(json ? `${JSON.stringify({ error: { code, message, hint } })}\n` : `${message} (${code})\n${hint}\n`);
    return code === 'CLI_USAGE' ? 2 : 1;
  }
  // parseArgs of node:util throws TypeErrors with these codes for options it does not know.
  if (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')) {
    io.stderr.write(`${error.message}\n\n${command.usage}`);
    return 2;
  }
  throw error;
}

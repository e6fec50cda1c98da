// This file is the `packetboat` command: it finds the command of that name, runs it, and says errors in one form: sentence, code, hint.
import { readFileSync } from 'node:fs';
import { AppError } from '../errors.ts';
import type { Command, CommandIo } from './command.ts';
import { COMMANDS } from './commands.ts';
import { asFileTrouble, asUsage, refuse } from './refusal.ts';

const HELP = new Set(['help', '--help', '-h']);
const VERSION = new Set(['version', '--version', '-v']);

/** Runs one command line. Exit status: 0 done, 1 refused or failed, 2 not understood. */
export async function main(args: string[], io: CommandIo): Promise<number> {
  const [name, ...rest] = args;
  const json = args.includes('--json');
  try {
    if (name === undefined || HELP.has(name)) return await help(rest[0], json, io);
    if (VERSION.has(name)) return version(json, io);
    const command = await find(name);
    if (rest.some((word) => word !== 'help' && HELP.has(word))) return await help(name, json, io);
    return await command.run(rest, io);
  } catch (error) {
    const refusal = error instanceof AppError ? error : (asUsage(error) ?? asFileTrouble(error));
    if (refusal === null) throw error;
    return refuse(refusal, json, io);
  }
}

/** Rejects with CLI_USAGE. */
async function find(name: string): Promise<Command> {
  const command = COMMANDS.find((each) => each.name === name);
  if (!command) throw new AppError('CLI_USAGE', `There is no command "${name}".`, { hint: '"packetboat help" lists them all.' });
  return command.load();
}

async function help(name: string | undefined, json: boolean, io: CommandIo): Promise<number> {
  if (name !== undefined && name !== '--json') {
    const { summary, usage } = await find(name);
    if (json) io.stdout.write(`${JSON.stringify({ name, summary, usage })}\n`);
    else io.stdout.write(usage.endsWith('\n') ? usage : `${usage}\n`);
    return 0;
  }
  const commands = await Promise.all(COMMANDS.map((each) => each.load()));
  if (json) {
    io.stdout.write(`${JSON.stringify({ data: commands.map(({ name: called, summary }) => ({ name: called, summary })) })}\n`);
    return 0;
  }
  const width = Math.max(...commands.map((each) => each.name.length));
  const lines = commands.map((each) => `  ${each.name.padEnd(width)}  ${each.summary}`);
  io.stdout.write(
    `packetboat COMMAND [--json] …\n\n${lines.join('\n')}\n\n"packetboat help COMMAND" says more. Exit status: 0 done, 1 refused or failed, 2 not understood.\n`,
  );
  return 0;
}

function version(json: boolean, io: CommandIo): number {
  // package.json is ours and has a version.
  const { version: number } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };
  io.stdout.write(json ? `${JSON.stringify({ version: number })}\n` : `packetboat ${number}\n`);
  return 0;
}

// This file is `packetboat config`: every setting with its value in force, meaning, default and example. Secrets are not printed.
// Exit status: 0 done, 1 a setting is wrong, 2 the command was not understood.
import { existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { configAsData, loadConfig, printConfig } from '../config.ts';
import { AppError } from '../errors.ts';
import type { Command } from './command.ts';

const USAGE = `packetboat config [--json]

Prints every setting: the value in force, what it means, its default and an example.
`;

export const configCommand: Command = {
  name: 'config',
  summary: 'Print every setting with its value, meaning and an example.',
  usage: USAGE,
  async run(args, io) {
    try {
      const { values } = parseArgs({
        args,
        options: { json: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false } },
      });
      if (values.help) {
        io.stdout.write(USAGE);
        return 0;
      }
      const config = loadConfig(io.env, (path) => (existsSync(path) ? readFileSync(path, 'utf8') : undefined));
      io.stdout.write(values.json ? `${JSON.stringify(configAsData(config))}\n` : printConfig(config));
      return 0;
    } catch (error) {
      if (error instanceof AppError) {
        io.stderr.write(`${error.code}: ${error.message}\n${error.hint}\n`);
        return 1;
      }
      io.stderr.write(`${error instanceof Error ? error.message : error}\n${USAGE}`);
      return 2;
    }
  },
};

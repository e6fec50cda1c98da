// This file is `packetboat config`: every setting with its value in force, meaning, default and example. Secrets are not printed.
import { existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { configAsData, loadConfig, printConfig } from '../config.ts';
import type { Command } from './command.ts';

export const configCommand: Command = {
  name: 'config',
  summary: 'Print every setting with its value, meaning and an example.',
  usage: `packetboat config [--json]

Prints every setting: the value in force, what it means, its default and an example. Exit status 1 when one is wrong.
`,
  async run(args, io) {
    const { values } = parseArgs({ args, options: { json: { type: 'boolean', default: false } } });
    const config = loadConfig(io.env, (path) => (existsSync(path) ? readFileSync(path, 'utf8') : undefined));
    io.stdout.write(values.json ? `${JSON.stringify(configAsData(config))}\n` : printConfig(config));
    return 0;
  },
};

// This file lists the commands of `packetboat` in the order in which help prints them.
import type { Command } from './command.ts';
import { configCommand } from './config.ts';
import { migrateCommand } from './migrate.ts';
import { providerCommand } from './provider.ts';
import { serveCommand } from './serve.ts';
import { simulateCommand } from './simulate.ts';

export const COMMANDS: readonly Command[] = [serveCommand, simulateCommand, providerCommand, configCommand, migrateCommand];

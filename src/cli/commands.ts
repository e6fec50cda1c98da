// This file lists the commands of `packetboat` in the order in which help prints them.
import type { Command } from './command.ts';
import { configCommand } from './config.ts';
import { doctorCommand } from './doctor.ts';
import { explainCommand } from './explain.ts';
import { feedbackCommand } from './feedback.ts';
import { migrateCommand } from './migrate.ts';
import { providerCommand } from './provider.ts';
import { serveCommand } from './serve.ts';
import { simulateCommand } from './simulate.ts';

export const COMMANDS: readonly Command[] = [
  serveCommand,
  doctorCommand,
  simulateCommand,
  feedbackCommand,
  explainCommand,
  providerCommand,
  configCommand,
  migrateCommand,
];

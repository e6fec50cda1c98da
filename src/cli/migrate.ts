// This file is `packetboat migrate`: it brings the database to the schema of this version, for desks that start with migrate=manual.
// Exit status: 0 done, 1 it could not be done, 2 the command was not understood.
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loadConfig } from '../config.ts';
import { AppError } from '../errors.ts';
import { makeLog } from '../log.ts';
import { openDb, storeUnavailable } from '../store/db.ts';
import { describeEmbedded, startEmbeddedPostgres } from '../store/embedded/supervisor.ts';
import { migrate, schemaStatus } from '../store/migrate.ts';
import type { Command, CommandIo } from './command.ts';

const USAGE = `packetboat migrate [--dry-run] [--json]

Applies the migrations that the database lacks. --dry-run only names them.
`;

const CHECKOUT = resolve(import.meta.dirname, '../..');

export const migrateCommand: Command = {
  name: 'migrate',
  summary: 'Bring the database to the schema of this version.',
  usage: USAGE,
  async run(args, io) {
    try {
      const { values } = parseArgs({
        args,
        options: {
          json: { type: 'boolean', default: false },
          'dry-run': { type: 'boolean', default: false },
          help: { type: 'boolean', short: 'h', default: false },
        },
      });
      if (values.help) {
        io.stdout.write(USAGE);
        return 0;
      }
      const numbers = await run(io, values['dry-run']);
      const verb = values['dry-run'] ? 'waiting' : 'applied';
      io.stdout.write(
        values.json
          ? `${JSON.stringify({ [verb]: numbers })}\n`
          : numbers.length === 0
            ? 'Nothing to do.\n'
            : `${verb}: ${numbers.join(', ')}\n`,
      );
      return 0;
    } catch (error) {
      if (error instanceof TypeError) {
        io.stderr.write(`${error.message}\n${USAGE}`);
        return 2;
      }
      const said = error instanceof AppError ? error : storeUnavailable(error);
      io.stderr.write(`${said.code}: ${said.message}\n${said.hint}\n`);
      return 1;
    }
  },
};

/** Uses the database that is set or runs; starts the embedded one for the moment where it does not. */
async function run(io: CommandIo, dryRun: boolean): Promise<number[]> {
  const config = loadConfig(io.env, (path) => (existsSync(path) ? readFileSync(path, 'utf8') : undefined));
  const log = makeLog('warn');
  const dataDir = resolve(CHECKOUT, config.dataDir);
  const url = config.databaseUrl ?? describeEmbedded(dataDir)?.url ?? null;
  const started = url === null ? await startEmbeddedPostgres({ dataDir, log }) : null;
  const db = openDb(url ?? started?.url ?? '', log);
  const directory = resolve(CHECKOUT, 'migrations');
  try {
    if (dryRun) return (await schemaStatus(db.pool, { directory })).pending.map(({ number }) => number);
    return (await migrate(db.pool, { directory, log })).applied;
  } finally {
    await db.close();
    await started?.stop();
  }
}

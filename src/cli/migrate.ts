// This file is `packetboat migrate`: it brings the database to the schema of this version, for desks that start with migrate=manual.
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

const CHECKOUT = resolve(import.meta.dirname, '../..');

export const migrateCommand: Command = {
  name: 'migrate',
  summary: 'Bring the database to the schema of this version.',
  usage: `packetboat migrate [--dry-run] [--json]

Applies the migrations that the database lacks. --dry-run only names them.
`,
  async run(args, io) {
    const { values } = parseArgs({
      args,
      options: { json: { type: 'boolean', default: false }, 'dry-run': { type: 'boolean', default: false } },
    });
    const numbers = await run(io, values['dry-run']);
    const verb = values['dry-run'] ? 'waiting' : 'applied';
    const said = numbers.length === 0 ? 'Nothing to do.' : `${verb}: ${numbers.join(', ')}`;
    io.stdout.write(values.json ? `${JSON.stringify({ [verb]: numbers })}\n` : `${said}\n`);
    return 0;
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
  } catch (error) {
    throw error instanceof AppError ? error : storeUnavailable(error);
  } finally {
    await db.close();
    await started?.stop();
  }
}

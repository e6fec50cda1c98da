// This file gives the benchmark of holds its databases: on the product's own PostgreSQL with the product's own settings, each migrated, with one tenant,
// one account and one lane.
import { join } from 'node:path';
import pg from 'pg';
import { silentLog } from '../../src/log.ts';
import { startEmbeddedPostgres } from '../../src/store/embedded/supervisor.ts';
import { migrate } from '../../src/store/migrate.ts';
import { type MailRows, mailRowsIn } from '../../test/support/mail-rows.ts';
import { CHECKOUT } from '../kit/desk.ts';
import type { Workshop } from '../kit/workshop.ts';

const AWAKE_MS = 1_000;

/** Opens one database for each name, on one server of their own. */
export async function openDatabases(shop: Workshop, names: readonly string[]): Promise<MailRows[]> {
  const server = await startEmbeddedPostgres({ dataDir: join(shop.folder, names.join('-')), log: silentLog });
  shop.defer(async () => {
    // The server is waited for by handles that let a process end; without this one, it would end before its report.
    const awake = setInterval(() => {}, AWAKE_MS);
    await server.stop().finally(() => clearInterval(awake));
  });
  const opened: MailRows[] = [];
  for (const name of names) {
    const maker = new pg.Client({ connectionString: server.url });
    await maker.connect();
    await maker.query(`create database ${name}`);
    await maker.end();
    const url = new URL(server.url);
    url.pathname = `/${name}`;
    const pool = new pg.Pool({ connectionString: url.href, max: 4 });
    // A server that stops ends idle connections; that is no failure of the benchmark.
    pool.on('error', () => {});
    pool.on('connect', (client) => client.on('error', () => {}));
    await migrate(pool, { directory: join(CHECKOUT, 'migrations'), log: silentLog });
    const rows = await mailRowsIn({ url: url.href, pool });
    shop.defer(async () => {
      await rows.db.close();
      await pool.end();
    });
    opened.push(rows);
  }
  return opened;
}

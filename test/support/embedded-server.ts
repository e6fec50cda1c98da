// This file is a small program for tests: it starts the embedded database in the folder given, says so in one JSON line, and stops on
// SIGTERM. Tests kill it in other ways.
import { silentLog } from '../../src/log.ts';
import { startEmbeddedPostgres } from '../../src/store/embedded/supervisor.ts';

const [dataDir = ''] = process.argv.slice(2);

const server = await startEmbeddedPostgres({ dataDir, log: silentLog });
console.log(JSON.stringify({ pid: server.pid, url: server.url, uid: process.getuid?.() }));
// The server alone does not keep a process alive.
const alive = setInterval(() => {}, 60_000);
process.once('SIGTERM', async () => {
  clearInterval(alive);
  await server.stop();
});

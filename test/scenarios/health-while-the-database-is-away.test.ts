// This file takes the database away from a running desk, by stopping its server, by freezing it, and by killing one that is started again: /health
// says so, /health/live and /metrics go on, and all is well again with the database.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { silentLog } from '../../src/log.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/store/embedded/supervisor.ts';
import { inReverse, startDesk, testFolder } from '../support/desk.ts';
import { until } from '../support/until.ts';

it('says so, and says when it is over', { timeout: 600_000 }, async () => {
  const end = inReverse({ after });
  const dataDir = join(testFolder(end), 'postgres');
  const launch = (port?: number) => startEmbeddedPostgres({ dataDir, log: silentLog, ...(port ? { port } : {}) });
  let server = await launch();
  end.after(async () => server.stop());
  const { port } = new URL(server.url);
  const desk = await startDesk(end, { database: { url: server.url } });
  const { bootstrap } = desk;
  const { from, api_key: key } = bootstrap.demo_tenant;
  const look = async (path = '/health') => {
    const answer = await fetch(`${bootstrap.http_url}${path}`);
    const text = await answer.text();
    return {
      status: answer.status,
      text,
      code: text.startsWith('{') ? JSON.parse(text).code : undefined,
      retry: answer.headers.get('retry-after'),
    };
  };
  let posts = 0;
  const post = async () => {
    posts += 1;
    return (await desk.api('POST', '/v1/messages', { from, to: 'member@mailbox.test', subject: 'x', text: 'x' }, key)).status;
  };
  const isWell = () => until(async () => (await look()).status === 200, { what: '/health to be well again' });
  const isAway = async () => {
    const answer = await until(async () => [await look()].find(({ status }) => status !== 200), { what: '/health to notice' });
    assert.deepEqual([answer.status, answer.code], [503, 'STORE_UNAVAILABLE']);
    assert.ok(answer.retry);
    assert.equal((await look('/health/live')).status, 200);
    assert.match((await look('/metrics')).text, /^packetboat_database_up 0$/m);
  };

  await isWell();
  await until(async () => /^packetboat_database_up 1$/m.test((await look('/metrics')).text), { what: '/metrics to say so, too' });
  assert.equal(await post(), 202);

  await server.stop();
  // The desk knows from its first request that fails; /health must not know less.
  assert.equal(await post(), 503);
  assert.equal((await look()).status, 503);
  await isAway();
  server = await launch(Number(port));
  await isWell();
  await until(async () => (await post()) === 202, { what: 'the door to take mail again' });

  const frozen = processesOf(server);
  for (const pid of frozen) process.kill(pid, 'SIGSTOP');
  try {
    await isAway();
  } finally {
    for (const pid of frozen) process.kill(pid, 'SIGCONT');
  }
  await isWell();
  await until(async () => (await post()) === 202, { what: 'the door to take mail again' });

  process.kill(server.pid, 'SIGKILL');
  await isWell();
  await until(async () => (await post()) === 202, { what: 'the door to take mail again' });
  const ledger = await desk.quiet();
  // What was refused because no answer came in time may have been kept all the same.
  assert.ok(ledger.injected >= 4 && ledger.injected <= posts, `${ledger.injected} of ${posts}`);
  await desk.stop();
});

/** The server and every process it started. */
function processesOf({ pid }: EmbeddedPostgres): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return [pid, ...children.split(' ').filter(Boolean).map(Number)];
}

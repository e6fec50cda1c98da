// This file stops a desk (SIGTERM) while a client takes its time with a request: the desk waits for it as long as it waits for anything, then it ends.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, it } from 'node:test';
import { inReverse, startDesk } from '../support/desk.ts';

const REQUEST_BYTES = 1_000;

it('ends in its time', { timeout: 600_000 }, async () => {
  const end = inReverse({ after });
  const desk = await startDesk(end, { env: { PACKETBOAT_SHUTDOWN_GRACE_S: '1' } });
  const { hostname, port } = new URL(desk.bootstrap.http_url);
  const client = connect(Number(port), hostname);
  client.on('error', () => {});
  end.after(async () => void client.destroy());
  const head = [
    'POST /v1/messages HTTP/1.1',
    `Host: ${hostname}`,
    `Authorization: Bearer ${desk.bootstrap.demo_tenant.api_key}`,
    'Content-Type: application/json',
    `Content-Length: ${REQUEST_BYTES}`,
    'Expect: 100-continue',
  ];
  client.write(`${head.join('\r\n')}\r\n\r\n`);
  // "100 Continue" says that the request has begun.
  await once(client, 'data');
  client.write('{"from":');
  const closed = new Promise((resolve) => client.once('close', resolve));
  assert.equal(await desk.kill('SIGTERM'), 0);
  await closed;
  await desk.start();
  assert.equal((await desk.ledger()).injected, 0);
});

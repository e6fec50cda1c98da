import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type Server } from 'node:net';
import { test } from 'node:test';
import { closeAndHold } from './held-port.ts';
import { closePort, openPort } from './ports.ts';

const HOST = '127.0.0.1';

async function answerAt(port: number): Promise<string> {
  const socket = connect(port, HOST);
  const [error] = await once(socket, 'connect').catch((error: NodeJS.ErrnoException) => [error]);
  socket.destroy();
  return error?.code ?? 'open';
}

test('a port that is held refuses connections, opens again, and can be let go more than once', async (t) => {
  const server = createServer();
  t.after(() => closePort(server));
  const port = await openPort(server, { host: HOST, port: 0 });
  const letGo = await closeAndHold(server, () => closePort(server));
  assert.equal(await answerAt(port), 'ECONNREFUSED');
  assert.equal(await openPort(server, { host: HOST, port }), port);
  assert.equal(await answerAt(port), 'open');
  letGo();
  letGo();
  assert.equal(await answerAt(port), 'open');
});

test('a port that is held is given to nobody who asks for any', {
  skip: process.platform !== 'linux' && 'other systems may give it away',
}, async () => {
  const server = createServer();
  const port = await openPort(server, { host: HOST, port: 0 });
  const letGo = await closeAndHold(server, () => closePort(server));
  const others: Server[] = [];
  // A share of all the ports there are, at the same time; how large it is changes nothing for the one that is held.
  for (let n = 0; n < 500; n += 1) {
    const other = createServer();
    others.push(other);
    assert.notEqual(await openPort(other, { host: HOST, port: 0 }), port);
  }
  for (const other of others) await closePort(other);
  letGo();
});

test('a server that does not listen has no port to hold', async () => {
  const server = createServer();
  (await closeAndHold(server, () => closePort(server)))();
});

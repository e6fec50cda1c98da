// This file tests the HTTPS side of the door with real sockets and certificates made here.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, get, type RequestOptions } from 'node:https';
import { createServer } from 'node:net';
import { type TestContext, test } from 'node:test';
import { connect } from 'node:tls';
import { httpDesk } from '../../test/support/http-desk.ts';
import { makeSelfSigned } from '../smtp/self-signed.ts';
import type { App } from './app.ts';
import { makeHttpsDoor } from './https-door.ts';

function makePair() {
  const { certificate: cert, key } = makeSelfSigned({ names: ['desk.example', 'localhost', '127.0.0.1'], nowMs: Date.now(), days: 1 });
  return { cert, key };
}

async function open(t: TestContext, app: App) {
  let pair = makePair();
  const door = makeHttpsDoor(app, () => pair);
  const port = await door.listen(0, '127.0.0.1');
  t.after(() => door.close());
  return {
    door,
    port,
    replace: () => {
      pair = makePair();
      return pair;
    },
    pair: () => pair,
  };
}

async function ask(
  options: RequestOptions,
): Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; body: string; socket: unknown }> {
  const request = get({ host: '127.0.0.1', servername: 'desk.example', ...options });
  const [answer] = await once(request, 'response');
  const { socket } = request;
  let body = '';
  for await (const chunk of answer) body += String(chunk);
  return { status: answer.statusCode, headers: answer.headers, body, socket };
}

test('The same routes are served by TLS, cookies are Secure and browsers are told to stay', async (t) => {
  const desk = await httpDesk(t);
  const { port, pair } = await open(t, desk.app);
  const agent = new Agent({ ca: pair().cert });
  t.after(() => agent.destroy());
  const named = await ask({
    port,
    agent,
    path: '/v1/tenants',
    headers: { host: 'desk.example', authorization: `Bearer ${desk.operatorKey}` },
  });
  assert.equal(named.status, 200);
  assert.match(String(named.headers['strict-transport-security']), /^max-age=31536000$/);
  const local = await ask({ port, agent, path: '/health/live', headers: { host: `localhost:${port}` } });
  assert.equal(local.status, 200);
  assert.equal(local.headers['strict-transport-security'], undefined, 'other programs of this machine speak plain HTTP');
});

test('TLS 1.2 and newer are spoken, older versions are not, and HTTP/1.1 is what is agreed on', async (t) => {
  const desk = await httpDesk(t);
  const { port, pair } = await open(t, desk.app);
  const shake = (options: object) => {
    const socket = connect({
      host: '127.0.0.1',
      port,
      servername: 'desk.example',
      ca: pair().cert,
      ALPNProtocols: ['h2', 'http/1.1'],
      ...options,
    });
    t.after(() => socket.destroy());
    return once(socket, 'secureConnect').then(() => [socket.getProtocol(), socket.alpnProtocol]);
  };
  assert.deepEqual(await shake({}), ['TLSv1.3', 'http/1.1']);
  assert.deepEqual(await shake({ maxVersion: 'TLSv1.2' }), ['TLSv1.2', 'http/1.1']);
  const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' };
  await assert.rejects(shake(old), /protocol version/);
});

test('A replaced certificate is shown from the next connection on, with and without a server name, and open connections go on', async (t) => {
  const desk = await httpDesk(t);
  const { port, pair, replace } = await open(t, desk.app);
  const first = pair();
  const kept = new Agent({ ca: first.cert, keepAlive: true, maxSockets: 1 });
  t.after(() => kept.destroy());
  const before = await ask({ port, agent: kept, path: '/health/live' });
  const second = replace();
  for (const servername of ['desk.example', '']) {
    const socket = connect({ host: '127.0.0.1', port, servername, ca: second.cert });
    await once(socket, 'secureConnect');
    assert.equal(socket.getPeerX509Certificate()?.toString().trim(), second.cert.trim(), `server name "${servername}"`);
    socket.destroy();
  }
  const after = await ask({ port, agent: kept, path: '/health/live' });
  assert.equal(after.status, 200);
  assert.equal(after.socket, before.socket, 'the connection from before');
});

test('A port that is taken is said so', async (t) => {
  const desk = await httpDesk(t);
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  t.after(() => void other.close());
  const address = other.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  await assert.rejects(makeHttpsDoor(desk.app, makePair).listen(port, '127.0.0.1'), { code: 'PORT_IN_USE' });
});

test('Closing lets an open request end, and does not wait for connections that ask nothing more', async (t) => {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  let asked = () => {};
  const arrived = new Promise<void>((resolve) => {
    asked = resolve;
  });
  const desk = await httpDesk(t, {
    metrics: async () => {
      asked();
      await held;
      return 'packetboat_up 1\n';
    },
  });
  const { door, port, pair } = await open(t, desk.app);
  const agent = new Agent({ ca: pair().cert, keepAlive: true });
  t.after(() => agent.destroy());
  await ask({ port, agent, path: '/health/live' });
  const silent = connect({ host: '127.0.0.1', port, servername: 'desk.example', ca: pair().cert });
  await once(silent, 'secureConnect');
  silent.on('error', () => {});
  const answer = ask({ port, agent, path: '/metrics' });
  await arrived;
  const closed = door.close();
  release();
  assert.equal((await answer).body, 'packetboat_up 1\n');
  await closed;
});

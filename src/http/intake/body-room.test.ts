import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import { fastify } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { until } from '../../../test/support/until.ts';
import { AppError } from '../../errors.ts';
import { makeBodyRoom } from './body-room.ts';
import { readJsonBodies } from './json-body.ts';

test('Bodies that have no room together are asked to come again, and find some once an answer is out', async (t) => {
  let goOn = () => {};
  const waits = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  let waiting = 0;
  const app = fastify().withTypeProvider<ZodTypeProvider>();
  const room = makeBodyRoom(1_000);
  readJsonBodies(app, room);
  app.setErrorHandler((error, _request, reply) =>
    error instanceof AppError ? reply.code(error.status).send({ code: error.code }) : reply.code(500).send(),
  );
  app.post('/', { bodyLimit: 800 }, async () => {
    waiting += 1;
    await waits;
    return 'taken';
  });
  t.after(() => app.close());
  const origin = await app.listen({ host: '127.0.0.1', port: 0 });
  const hand = (letters: number) =>
    fetch(origin, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify('x'.repeat(letters)) });
  const first = hand(600);
  await until(() => waiting === 1, { what: 'the first to be at work' });
  const second = await hand(600);
  assert.deepEqual([second.status, await second.json()], [503, { code: 'NOT_READY' }]);
  const small = hand(100);
  await until(() => waiting === 2, { what: 'the small one to be at work' });
  // It goes away before it has said everything: what came of it is given back.
  const { port } = new URL(origin);
  const broken = connect(Number(port), '127.0.0.1');
  broken.write(`POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 250\r\n\r\n${'x'.repeat(200)}`);
  await until(() => room.held === 904, { what: 'its beginning' });
  assert.equal((await hand(150)).status, 503);
  broken.destroy();
  await until(() => room.held === 704, { what: 'its end' });
  goOn();
  for (const each of [first, small]) assert.equal((await each).status, 200);
  await until(() => room.held === 0, { what: 'everything to be out' });
  assert.equal((await hand(798)).status, 200);
});

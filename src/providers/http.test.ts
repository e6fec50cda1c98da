// This file proves what the provider HTTP client says about broken lines, against a scripted server on loopback.
import assert from 'node:assert/strict';
import { type AddressInfo, createServer } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { type HttpProvider, httpProvider } from '../../test/fakes/http-provider.ts';
import { type HttpExchange, providerHttp } from './http.ts';

const small = { method: 'POST', path: '/x', headers: { 'content-type': 'application/json' }, body: Buffer.from('{"a":1}') } as const;
const large = { ...small, body: Buffer.alloc(24 * 1024 * 1024, 'x') };

describe('the HTTP client of the providers', () => {
  let fake: HttpProvider;
  before(async () => {
    fake = await httpProvider(() => ({ status: 200, body: { ok: true } }));
  });
  after(() => fake.close());

  async function once(change: { answerTimeoutMs?: number; base?: string } = {}, call: typeof small = small): Promise<HttpExchange> {
    const http = providerHttp({ baseUrl: change.base ?? `${fake.url}/api/v1/`, connections: 2, ...change });
    try {
      return await http.call(call);
    } finally {
      await http.close();
    }
  }

  it('puts the path behind the base address and sends the body whole', async () => {
    const result = await once();
    assert.equal(result.kind, 'answer');
    assert.equal(fake.seen.at(-1)?.url, '/api/v1/x');
    assert.equal(fake.seen.at(-1)?.body.toString(), '{"a":1}');
  });

  it('sends a large body in pieces with its length', async () => {
    assert.equal((await once({}, large)).kind, 'answer');
    assert.equal(fake.seen.at(-1)?.headers['content-length'], String(large.body.length));
    assert.equal(fake.seen.at(-1)?.body.equals(large.body), true);
  });

  /** Waited for in full by the one row that is silent; the others have all the time they need. */
  const silenceMs = 300;
  const rows: [string, () => void, HttpExchange['kind'], number | null, number?][] = [
    ['a status is an answer', () => (fake.answer = () => ({ status: 503, body: 'later' })), 'answer', 503],
    ['a cut after the last byte is lost', () => (fake.answer = () => 'cut'), 'lost', null],
    ['garbage instead of HTTP is lost', () => (fake.answer = () => ({ raw: '\u0001\u0002 nonsense\r\n\r\n' })), 'lost', null],
    ['silence is lost', () => (fake.answer = () => 'silence'), 'lost', null, silenceMs],
    ['a cut inside the answer keeps its status', () => (fake.answer = () => ({ cutAfterHead: 400, body: '{' })), 'answer', 400],
    ['an endless answer keeps its status', () => (fake.answer = () => ({ status: 200, body: 'x'.repeat(5_000_000) })), 'answer', 200],
  ];
  for (const [title, script, kind, status, answerTimeoutMs = 60_000] of rows)
    it(title, async () => {
      script();
      const result = await once({ answerTimeoutMs });
      assert.equal(result.kind, kind, JSON.stringify(result));
      if (result.kind === 'answer') assert.equal(result.status, status);
    });

  it('an answer whose body was cut has no text', async () => {
    fake.answer = () => ({ cutAfterHead: 200, body: '{"results":' });
    const result = await once();
    assert.equal(result.kind === 'answer' && result.text, null);
  });

  it('a large body cut on its way is not sent', async () => {
    fake.cutAtHead = true;
    const result = await once({}, large);
    fake.cutAtHead = false;
    assert.equal(result.kind, 'not_sent', JSON.stringify(result));
  });

  it('a server that never reads a large body is not sent', async () => {
    const held: import('node:net').Socket[] = [];
    const deaf = createServer({ pauseOnConnect: true }, (socket) => held.push(socket));
    await new Promise<void>((resolve) => deaf.listen(0, '127.0.0.1', resolve));
    // A TCP server's address is never a string.
    const { port } = deaf.address() as AddressInfo;
    const result = await once({ answerTimeoutMs: silenceMs, base: `http://127.0.0.1:${port}` }, large);
    for (const socket of held) socket.destroy();
    deaf.close();
    assert.equal(result.kind, 'not_sent', JSON.stringify(result));
  });

  it('a refused connection is not sent, for every waiting call', async () => {
    await fake.stop();
    const http = providerHttp({ baseUrl: fake.url, connections: 1 });
    const results = await Promise.all([1, 2, 3].map(() => http.call(small)));
    assert.deepEqual(
      results.map((result) => result.kind),
      ['not_sent', 'not_sent', 'not_sent'],
    );
    await http.close();
    await fake.start();
  });

  it('close lets a running call finish and takes no new one', async () => {
    const gate = Promise.withResolvers<void>();
    fake.answer = () => ({ after: gate.promise, reply: { status: 200, body: 'late' } });
    const http = providerHttp({ baseUrl: fake.url, connections: 1 });
    const running = http.call(small);
    await fake.nextRequest();
    const closing = http.close();
    gate.resolve();
    assert.equal((await running).kind, 'answer');
    await closing;
    assert.deepEqual(await http.call(small), { kind: 'not_sent', reason: 'the line to this account is closed', closed: true });
  });

  it('a kept connection that the server has closed is not written into', async () => {
    fake.answer = () => ({ status: 200, body: 'ok' });
    const http = providerHttp({ baseUrl: fake.url, connections: 1 });
    assert.equal((await http.call(small)).kind, 'answer');
    await fake.stop();
    const result = await http.call(small);
    assert.equal(result.kind, 'not_sent', JSON.stringify(result));
    await http.close();
    await fake.start();
  });

  it('a header with a line break never reaches the wire', async () => {
    const seen = fake.seen.length;
    const http = providerHttp({ baseUrl: fake.url, connections: 1 });
    assert.equal((await http.call({ ...small, headers: { 'x-a': 'b\r\nx-evil: 1' } })).kind, 'not_sent');
    await http.close();
    assert.equal(fake.seen.length, seen);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createSecureContext } from 'node:tls';
import { makeSelfSigned } from '../self-signed.ts';
import { RawClient } from './testing/raw-client.ts';
import { startTestServer } from './testing/test-server.ts';

const pair = makeSelfSigned({ names: ['mx.test', 'localhost', '127.0.0.1'], nowMs: Date.now(), days: 1 });
const context = createSecureContext({ cert: pair.certificate, key: pair.key });
const tls = { context: () => context };
const auth = { required: true, withoutTls: 'never' } as const;
const login = `AUTH PLAIN ${Buffer.from('\0u\0p').toString('base64')}`;

describe('STARTTLS (RFC 3207)', () => {
  it('changes to TLS, forgets the greeting, and offers AUTH only then', async () => {
    await using server = await startTestServer({ tls, auth });
    await using client = await RawClient.connect(server.port);
    await client.reply();
    const before = await client.ask('EHLO me');
    assert.match(before ?? '', /STARTTLS/);
    assert.doesNotMatch(before ?? '', /AUTH/);
    assert.match((await client.ask(login)) ?? '', /^530 5\.7\.0 .*TLS_REQUIRED/);
    assert.equal(await client.ask('STARTTLS'), '220 2.0.0 Ready to start TLS');
    await client.secure();
    assert.match((await client.ask(login)) ?? '', /^503/, 'EHLO has to be said again');
    const after = await client.ask('EHLO me');
    assert.doesNotMatch(after ?? '', /STARTTLS/);
    assert.match(after ?? '', /AUTH PLAIN LOGIN/);
    assert.match((await client.ask('STARTTLS')) ?? '', /^503/);
    assert.match((await client.ask(login)) ?? '', /^235/);
    await client.openData();
    assert.equal(await client.ask('hi\r\n.'), '250 2.0.0 taken 1');
    assert.equal(server.sessions[0]?.secure, true);
    assert.equal(await client.ask('QUIT'), '221 2.0.0 Goodbye');
    assert.equal(await client.reply(), null);
  });

  it('carries large messages and pipelines under TLS', async () => {
    await using server = await startTestServer({ tls });
    await using client = await RawClient.hello(server.port);
    await client.ask('STARTTLS');
    await client.secure();
    await client.ask('EHLO me');
    const text = `${'0123456789'.repeat(7)}\r\n`.repeat(20_000);
    client.write(`MAIL FROM:<a@b.test>\r\nRCPT TO:<c@d.test>\r\nDATA\r\n`);
    assert.deepEqual(
      [await client.reply(), await client.reply(), await client.reply()].map((reply) => reply?.slice(0, 3)),
      ['250', '250', '354'],
    );
    client.write(`${text}.\r\n`);
    assert.equal(await client.reply(), '250 2.0.0 taken 1');
    assert.equal(server.taken[0]?.data, text);
  });

  it('takes no command that was written in the clear behind STARTTLS', async () => {
    await using server = await startTestServer({ tls });
    await using client = await RawClient.hello(server.port);
    client.write('STARTTLS\r\nMAIL FROM:<evil@b.test>\r\nRCPT TO:<c@d.test>\r\n');
    assert.match((await client.rest()).join(), /^554 5\.5\.1 Nothing may follow STARTTLS/);
  });

  it('takes not even half a command behind STARTTLS', async () => {
    await using server = await startTestServer({ tls });
    await using client = await RawClient.hello(server.port);
    client.write('STARTTLS\r\nRSET');
    assert.match((await client.rest()).join(), /^554 5\.5\.1/);
  });

  it('treats plain text after the 220 as a broken handshake', async () => {
    await using server = await startTestServer({ tls });
    await using client = await RawClient.hello(server.port);
    assert.match((await client.ask('STARTTLS')) ?? '', /^220/);
    client.write('MAIL FROM:<evil@b.test>\r\n');
    for (const reply of await client.rest()) assert.doesNotMatch(reply, /^250/);
    assert.deepEqual(server.taken, []);
  });

  it('survives garbage under TLS and a client that vanishes in the handshake', async () => {
    await using server = await startTestServer({ tls });
    {
      await using client = await RawClient.hello(server.port);
      await client.ask('STARTTLS');
      client.socket.resetAndDestroy();
    }
    {
      await using client = await RawClient.hello(server.port);
      const raw = client.socket;
      await client.ask('STARTTLS');
      await client.secure();
      raw.write(Buffer.from('this is no TLS record'));
      assert.deepEqual(await client.rest(), []);
    }
    await using client = await RawClient.hello(server.port);
    assert.equal(await client.ask('NOOP'), '250 2.0.0 Ok');
  });

  it('is not possible after login or with an argument', async () => {
    await using server = await startTestServer({ tls, auth: { required: true, withoutTls: 'loopback' } });
    await using client = await RawClient.hello(server.port);
    assert.match((await client.ask('STARTTLS now')) ?? '', /^501/);
    await client.ask(login);
    assert.match((await client.ask('STARTTLS')) ?? '', /^503/);
  });

  it('is answered with 454 when there is no certificate at that moment', async () => {
    await using server = await startTestServer({
      tls: {
        context() {
          throw new Error('no such file');
        },
      },
    });
    await using client = await RawClient.hello(server.port);
    assert.match((await client.ask('STARTTLS')) ?? '', /^454 4\.7\.0/);
    assert.match((await client.ask('NOOP')) ?? '', /^250/, 'the client decides whether to go on in the clear');
  });
});

describe('implicit TLS', () => {
  it('greets under TLS and offers no STARTTLS', async () => {
    await using server = await startTestServer({ tls: { ...tls, implicit: true }, auth });
    await using client = await RawClient.connect(server.port, { tls: true });
    assert.match((await client.reply()) ?? '', /^220/);
    const hello = await client.ask('EHLO me');
    assert.doesNotMatch(hello ?? '', /STARTTLS/);
    assert.match(hello ?? '', /AUTH/);
  });

  it('hangs up on a client that speaks in the clear', async () => {
    await using server = await startTestServer({ tls: { ...tls, implicit: true } });
    await using client = await RawClient.connect(server.port);
    client.write('EHLO me\r\n');
    assert.deepEqual(await client.rest(), []);
  });
});

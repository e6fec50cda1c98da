import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RawClient } from './testing/raw-client.ts';
import { startTestServer } from './testing/test-server.ts';

describe('closing', () => {
  it('tells idle clients 421 and takes no new ones', async () => {
    await using server = await startTestServer();
    await using client = await RawClient.hello(server.port);
    const closed = server.close(1_000);
    assert.match((await client.rest()).join(), /^421 4\.3\.2/);
    client.end();
    await closed;
    await assert.rejects(RawClient.connect(server.port), { code: 'ECONNREFUSED' });
  });

  it('lets a transaction finish first, from any point after MAIL', async () => {
    await using server = await startTestServer();
    await using client = await RawClient.hello(server.port);
    await client.ask('MAIL FROM:<a@b.test>');
    const closed = server.close(5_000);
    assert.match((await client.ask('RCPT TO:<c@d.test>')) ?? '', /^250/);
    assert.match((await client.ask('DATA')) ?? '', /^354/);
    assert.equal(await client.ask('hi\r\n.'), '250 2.0.0 taken 1');
    assert.match((await client.reply()) ?? '', /^421 4\.3\.2/);
    client.end();
    await closed;
  });

  it('waits for a handler that is committing, and answers', async () => {
    const commit = Promise.withResolvers<void>();
    const asked = Promise.withResolvers<void>();
    await using server = await startTestServer({
      handlers: {
        async onData() {
          asked.resolve();
          await commit.promise;
          return { code: 250, enhanced: '2.0.0', text: 'committed' };
        },
      },
    });
    await using client = await RawClient.hello(server.port);
    await client.openData();
    client.write('hi\r\n.\r\n');
    await asked.promise;
    const closed = server.close(5_000);
    setImmediate(() => commit.resolve());
    assert.deepEqual(
      (await client.rest()).map((reply) => reply.slice(0, 13)),
      ['250 2.0.0 com', '421 4.3.2 Thi'],
    );
    client.end();
    await closed;
  });

  it('cuts off what is left after the grace time', async () => {
    await using server = await startTestServer();
    await using client = await RawClient.hello(server.port);
    await client.openData();
    await server.close(20);
    assert.equal(server.connections, 0);
    assert.deepEqual(await client.rest(), []);
  });

  it('says which port is taken', async () => {
    await using server = await startTestServer();
    const { createSmtpServer } = await import('./server.ts');
    const { testOptions } = await import('./testing/test-server.ts');
    await assert.rejects(createSmtpServer(testOptions([], [], {})).listen(server.port, '127.0.0.1'), { code: 'PORT_IN_USE' });
  });
});

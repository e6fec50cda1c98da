import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RawClient } from './testing/raw-client.ts';
import { startTestServer } from './testing/test-server.ts';

const AUTH = { required: true, withoutTls: 'loopback' } as const;
const line = (length: number) => `${'x'.repeat(length - 2)}\r\n`;

describe('limits', () => {
  it('a message over the size is read to its end and refused; the connection goes on', async () => {
    await using server = await startTestServer({ limits: { sizeBytes: 10_000 } });
    await using client = await RawClient.hello(server.port);
    await client.openData();
    client.write(`${line(100).repeat(101)}.\r\n`);
    assert.match((await client.reply()) ?? '', /^552 5\.3\.4 .*10000 bytes.*MAIL_TOO_LARGE/);
    await client.openData();
    client.write(`${line(100).repeat(100)}.\r\n`);
    assert.equal(await client.reply(), '250 2.0.0 taken 1');
    assert.equal(server.taken[0]?.data.length, 10_000);
  });

  it('a message far over the size is cut off after 552', async () => {
    await using server = await startTestServer({ limits: { sizeBytes: 10_000, discardBytes: 100_000 } });
    await using client = await RawClient.hello(server.port);
    await client.openData();
    client.write(line(1_000).repeat(150));
    assert.deepEqual(
      (await client.rest()).map((reply) => reply.slice(0, 3)),
      ['552'],
    );
  });

  it('messages over the memory of all connections are asked to come later', async () => {
    const commit = Promise.withResolvers<void>();
    const asked = Promise.withResolvers<void>();
    await using server = await startTestServer({
      limits: { heldBytes: 10_000 },
      handlers: {
        async onData(_session, { envelope }) {
          asked.resolve();
          if (envelope.from.address === 'slow@b.test') await commit.promise;
          return { code: 250, enhanced: '2.0.0', text: 'Ok' };
        },
      },
    });
    await using one = await RawClient.hello(server.port);
    await using two = await RawClient.hello(server.port);
    await one.openData('slow@b.test');
    one.write(`${line(6_000)}.\r\n`);
    await asked.promise;
    await two.openData();
    two.write(`${line(6_000)}.\r\n`);
    assert.match((await two.reply()) ?? '', /^452 4\.3\.1/);
    commit.resolve();
    assert.match((await one.reply()) ?? '', /^250/);
    await two.openData();
    two.write(`${line(6_000)}.\r\n`);
    assert.match((await two.reply()) ?? '', /^250/, 'the room was given back');
  });

  it('10,000 recipients pass, the next is refused with 452 and the 10,000 stay', async () => {
    await using server = await startTestServer();
    await using client = await RawClient.hello(server.port);
    const rcpt = (n: number) => `RCPT TO:<member-${n}@d.test>\r\n`;
    client.write(`MAIL FROM:<a@b.test>\r\n${Array.from({ length: 10_005 }, (_, n) => rcpt(n)).join('')}DATA\r\n`);
    const replies: (string | null)[] = [];
    for (let n = 0; n < 10_007; n++) replies.push(await client.reply());
    assert.equal(replies.filter((reply) => reply?.startsWith('250 2.1.5')).length, 10_000);
    assert.equal(replies.filter((reply) => reply?.startsWith('452 4.5.3 One message takes at most 10000 recipients.')).length, 5);
    assert.match(replies.at(-1) ?? '', /^354/);
    assert.equal(await client.ask('hi\r\n.'), '250 2.0.0 taken 1');
    assert.equal(server.taken[0]?.recipients.length, 10_000);
    assert.equal(server.taken[0]?.recipients.at(-1), 'member-9999@d.test');
  });

  it('a command line that is too long ends the connection, with or without its end', async () => {
    await using server = await startTestServer({ limits: { lineBytes: 1_000 } });
    for (const text of [line(1_001), 'x'.repeat(1_001)]) {
      await using client = await RawClient.hello(server.port);
      client.write(text);
      assert.match((await client.rest()).join(), /^500 5\.5\.2/);
    }
    await using client = await RawClient.hello(server.port);
    assert.match((await client.ask(`NOOP ${'x'.repeat(993)}`)) ?? '', /^250/);
  });

  it('errors end the connection with 421, and an accepted message forgives them', async () => {
    await using server = await startTestServer({ limits: { errors: 3 } });
    await using client = await RawClient.hello(server.port);
    for (let n = 0; n < 3; n++) assert.match((await client.ask('FROBNICATE')) ?? '', /^500/);
    await client.openData();
    await client.ask('hi\r\n.');
    for (let n = 0; n < 3; n++) assert.match((await client.ask('FROBNICATE')) ?? '', /^500/);
    client.write('FROBNICATE\r\nNOOP\r\n');
    assert.deepEqual(
      (await client.rest()).map((reply) => reply.slice(0, 3)),
      ['500', '421'],
    );
  });

  it('commands that move no mail end the connection with 421', async () => {
    await using server = await startTestServer({ limits: { idleCommands: 10 } });
    await using client = await RawClient.hello(server.port);
    client.write('NOOP\r\n'.repeat(20));
    assert.equal((await client.rest()).at(-1), '421 4.7.0 Too many errors; goodbye');
  });

  it('refused recipients end the connection with 421', async () => {
    await using server = await startTestServer({
      limits: { refusedRecipients: 5 },
      handlers: { onRcpt: () => ({ code: 550, enhanced: '5.1.1', text: 'No.' }) },
    });
    await using client = await RawClient.hello(server.port);
    client.write(`MAIL FROM:<>\r\n${'RCPT TO:<guess@d.test>\r\n'.repeat(10)}`);
    assert.deepEqual(
      (await client.rest()).map((reply) => reply.slice(0, 3)),
      ['250', '550', '550', '550', '550', '550', '550', '421'],
    );
  });

  it('commands before login end the connection with 421', async () => {
    await using server = await startTestServer({ auth: AUTH, limits: { commandsBeforeAuth: 5 } });
    await using client = await RawClient.hello(server.port);
    for (let n = 0; n < 4; n++) assert.match((await client.ask('NOOP')) ?? '', /^250/);
    assert.match((await client.ask('NOOP')) ?? '', /^421/);
    assert.equal(await client.reply(), null);
  });

  it('failed logins end the connection with 421', async () => {
    await using server = await startTestServer({ auth: AUTH, handlers: { onAuth: () => ({ code: 535, enhanced: '5.7.8', text: 'No.' }) } });
    await using client = await RawClient.hello(server.port);
    client.write('AUTH PLAIN AHUAcA==\r\n'.repeat(5));
    assert.deepEqual(
      (await client.rest()).map((reply) => reply.slice(0, 3)),
      ['535', '535', '535', '421'],
    );
  });

  it('connections from one address, and all connections, have a limit', async () => {
    for (const limits of [{ connectionsPerAddress: 2 }, { connections: 2 }]) {
      await using server = await startTestServer({ limits });
      await using _one = await RawClient.hello(server.port);
      const two = await RawClient.hello(server.port);
      await using three = await RawClient.connect(server.port);
      assert.match((await three.rest()).join(), /^421 4\.7\.0 Too many connections/);
      await two.ask('QUIT');
      await two[Symbol.asyncDispose]();
      while (server.connections > 1) await new Promise((resolve) => setImmediate(resolve));
      await using four = await RawClient.connect(server.port);
      assert.match((await four.reply()) ?? '', /^220/, 'a place that was given back is free again');
    }
  });
});

describe('patience', () => {
  it('a silent client is told 421 and let go', async () => {
    await using server = await startTestServer({ limits: { idleMs: 40 } });
    await using client = await RawClient.hello(server.port);
    assert.match((await client.rest()).join(), /^421 4\.4\.2/);
  });

  it('a client that drips half a command is silent', async () => {
    await using server = await startTestServer({ limits: { idleMs: 60 } });
    await using client = await RawClient.hello(server.port);
    const drip = setInterval(() => client.write('N'), 10);
    assert.match((await client.rest()).join(), /^421 4\.4\.2/);
    clearInterval(drip);
  });

  it('a message that trickles for ever is cut off', async () => {
    await using server = await startTestServer({ limits: { idleMs: 100, dataMs: 150 } });
    await using client = await RawClient.hello(server.port);
    await client.openData();
    const drip = setInterval(() => client.write('x'), 10);
    assert.match((await client.rest()).join(), /^421 4\.4\.2 This message/);
    clearInterval(drip);
    assert.deepEqual(server.taken, []);
  });

  it('a client that waits for a slow handler is not idle', async () => {
    const answer = Promise.withResolvers<undefined>();
    await using server = await startTestServer({ limits: { idleMs: 20 }, handlers: { onMail: () => answer.promise } });
    await using client = await RawClient.hello(server.port);
    client.write('MAIL FROM:<>\r\n');
    // Several idle limits pass while the handler thinks.
    setTimeout(() => answer.resolve(undefined), 120);
    assert.match((await client.reply()) ?? '', /^250/);
  });

  it('a handler that never answers costs the connection, not the server', async () => {
    await using server = await startTestServer({
      limits: { idleMs: 20, handlerMs: 50 },
      handlers: { onMail: () => new Promise(() => {}) },
    });
    await using client = await RawClient.hello(server.port);
    client.write('MAIL FROM:<>\r\n');
    assert.deepEqual(await client.rest(), []);
  });

  it('a client that never reads its replies is let go', async () => {
    await using server = await startTestServer({ limits: { idleMs: 50, idleCommands: 10_000_000 } });
    await using client = await RawClient.hello(server.port);
    client.socket.pause();
    const commands = 'HELP\r\n'.repeat(10_000);
    const feed = () => {
      while (client.socket.writable && client.socket.write(commands));
    };
    client.socket.on('drain', feed);
    feed();
    while (server.connections > 0) await new Promise((resolve) => setTimeout(resolve, 10));
  });
});

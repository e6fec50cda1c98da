import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { duplexPair } from 'node:stream';
import { describe, it } from 'node:test';
import { fc } from '../../../test/support/property.ts';
import { Connection } from './connection.ts';
import { phrasesOf } from './phrases.ts';
import { RawClient } from './testing/raw-client.ts';
import { startTestServer, type Taken, testOptions } from './testing/test-server.ts';

describe('pipelining (RFC 2920)', () => {
  it('answers a whole transaction written at once, in order and in one piece', async () => {
    await using server = await startTestServer();
    await using client = await RawClient.hello(server.port);
    client.write('MAIL FROM:<a@b.test>\r\nRCPT TO:<c@d.test>\r\nRCPT TO:<e f@d.test>\r\nDATA\r\n');
    const [chunk] = await once(client.socket, 'data');
    assert.deepEqual(
      String(chunk)
        .split('\r\n')
        .map((line) => line.slice(0, 3)),
      ['250', '250', '553', '354', ''],
    );
  });

  it('goes on with the next transaction behind the dot of the last', async () => {
    await using server = await startTestServer({
      handlers: {
        async onData(_session, { envelope }) {
          await new Promise((resolve) => setImmediate(resolve));
          return { code: 250, enhanced: '2.0.0', text: envelope.from.address };
        },
      },
    });
    await using client = await RawClient.hello(server.port);
    const transaction = (n: number) => `MAIL FROM:<${n}@b.test>\r\nRCPT TO:<c@d.test>\r\nDATA\r\nhello ${n}\r\n.\r\n`;
    client.write(`${transaction(1)}${transaction(2)}${transaction(3)}QUIT\r\n`);
    client.end();
    const replies = await client.rest();
    assert.deepEqual(
      replies.filter((reply) => reply.startsWith('250 2.0.0')),
      ['250 2.0.0 1@b.test', '250 2.0.0 2@b.test', '250 2.0.0 3@b.test'],
    );
    assert.equal(replies.at(-1), '221 2.0.0 Goodbye');
  });

  it('tells every verdict when MAIL is refused and the rest was sent already', async () => {
    await using server = await startTestServer({ handlers: { onMail: () => ({ code: 451, enhanced: '4.7.1', text: 'Later.' }) } });
    await using client = await RawClient.hello(server.port);
    client.write('MAIL FROM:<a@b.test>\r\nRCPT TO:<c@d.test>\r\nDATA\r\nRSET\r\n');
    const replies = [await client.reply(), await client.reply(), await client.reply(), await client.reply()];
    assert.deepEqual(
      replies.map((reply) => reply?.slice(0, 3)),
      ['451', '503', '503', '250'],
    );
  });

  it('holds back commands behind a handler that takes its time, however many come', async () => {
    const release = Promise.withResolvers<undefined>();
    await using server = await startTestServer({ handlers: { onMail: () => release.promise }, limits: { idleCommands: 100_000 } });
    await using client = await RawClient.hello(server.port);
    client.write('MAIL FROM:<a@b.test>\r\n');
    client.write('NOOP\r\n'.repeat(50_000));
    client.write('QUIT\r\n');
    setImmediate(() => release.resolve(undefined));
    assert.equal((await client.rest()).length, 50_002);
  });

  it('answers a client that closed its side right after the dot', async () => {
    await using server = await startTestServer({
      handlers: {
        async onData() {
          await new Promise((resolve) => setImmediate(resolve));
          return { code: 250, enhanced: '2.0.0', text: 'kept' };
        },
      },
    });
    await using client = await RawClient.hello(server.port);
    await client.openData();
    client.write('hi\r\n.\r\n');
    client.end();
    assert.deepEqual(await client.rest(), ['250 2.0.0 kept']);
  });
});

/** Everything the engine does with a byte stream cut into pieces: the replies and the messages. */
async function converse(pieces: readonly string[]): Promise<{ replies: string; taken: Taken[] }> {
  const taken: Taken[] = [];
  const options = testOptions(taken, [], { limits: { sizeBytes: 200 }, auth: { required: false, withoutTls: 'always' } });
  const [near, far] = duplexPair();
  // A pair of streams in memory cuts exactly where we say, which no network does; the engine uses only what all duplex streams have.
  const socket = far as unknown as Socket;
  const gone = Promise.withResolvers<void>();
  const board = {
    options,
    phrases: phrasesOf(options),
    account: { held: 0, max: 10_000 },
    sweepMs: 1_000,
    sweeps: 0,
    closing: false,
    gone: () => gone.resolve(),
  };
  new Connection(socket, { address: '127.0.0.1', port: 0, key: '127.0.0.1', number: 1 }, board).start();
  let replies = '';
  near.on('data', (chunk) => {
    replies += String(chunk);
  });
  for (const piece of pieces) near.write(piece, 'latin1');
  near.end();
  await once(near, 'end');
  assert.equal(board.account.held, 0);
  return { replies, taken };
}

describe('chunk borders', () => {
  const stream = fc
    .array(
      fc.constantFrom(
        'EHLO me\r\n',
        'MAIL FROM:<a@b.test>\r\n',
        'RCPT TO:<c@d.test>\r\n',
        'RCPT TO:<\xc3\xb6@d.test>\r\n',
        'DATA\r\n',
        'text\r\n',
        '.\r\n',
        '..dots\r\n',
        'RSET\r\n',
        'NOOP\r\n',
        `AUTH PLAIN ${Buffer.from('\0u\0p').toString('base64')}\r\n`,
        'AUTH LOGIN\r\n',
        '*\r\n',
        'bare\n',
        'bare\r',
        '\0\r\n',
        '\xff\r\n',
        `${'long '.repeat(50)}\r\n`,
        'MAIL FROM:<a@b.test>\r\nRCPT TO:<c@d.test>\r\nDATA\r\nhello\r\n.\r\n',
        '\r\n.\r\n',
        'BDAT 6\r\ntext\r\n',
        'BDAT 3\r\na\r\r',
        'BDAT 1\r\n\n',
        'BDAT 7 LAST\r\nQUIT\r\n.',
        'BDAT 0 LAST\r\n',
        'BDAT 150\r\n',
        'BDAT 201\r\n',
        'MAIL FROM:<a@b.test>\r\nRCPT TO:<c@d.test>\r\nBDAT 2\r\nheBDAT 5 LAST\r\nllo\r\n',
        'QUIT\r\n',
      ),
      { maxLength: 14 },
    )
    .map((lines) => `EHLO me\r\n${lines.join('')}\r\n.\r\nQUIT\r\n`);

  it('change nothing: any cut of the stream gives the same replies and messages', async () => {
    await fc.assert(
      fc.asyncProperty(stream, fc.array(fc.nat(600), { maxLength: 10 }), async (text, where) => {
        const cuts = [...new Set(where.map((cut) => cut % text.length))].sort((a, b) => a - b);
        const pieces = [0, ...cuts].map((from, index) => text.slice(from, cuts[index] ?? text.length)).filter((piece) => piece !== '');
        assert.deepEqual(await converse(pieces), await converse([text]));
      }),
      { numRuns: 300 },
    );
  });

  it('change nothing even between all bytes', async () => {
    const text =
      'EHLO me\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<c@d.test>\r\nDATA\r\n.a\r\n..b\r\n.\r\nMAIL FROM:<>\r\nRCPT TO:<c@d.test>\r\nDATA\r\n\n.\r\n\r\n.\r\nQUIT\r\n';
    const whole = await converse([text]);
    assert.deepEqual(whole.taken, [{ from: 'a@b.test', recipients: ['c@d.test'], data: 'a\r\n.b\r\n' }]);
    assert.match(whole.replies, /\r\n554 5\.6\.0 .*MAIL_LINE_ENDING_INVALID.*\r\n221 /);
    assert.deepEqual(await converse(text.split('')), whole);
  });
});

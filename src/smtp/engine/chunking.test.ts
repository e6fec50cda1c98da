import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RawClient } from './testing/raw-client.ts';
import { startTestServer } from './testing/test-server.ts';

const ENVELOPE = 'MAIL FROM:<a@b.test>\r\nRCPT TO:<c@d.test>\r\n';
const bdat = (text: string, last = false) => `BDAT ${Buffer.byteLength(text)}${last ? ' LAST' : ''}\r\n${text}`;

/** Opens a transaction, writes all of it at once with QUIT behind, and answers the replies after those to MAIL and RCPT. */
async function say(client: RawClient, text: string): Promise<string[]> {
  client.write(`${ENVELOPE}${text}QUIT\r\n`);
  const replies = await client.rest();
  assert.deepEqual(
    replies.slice(0, 2).map((reply) => reply.slice(0, 3)),
    ['250', '250'],
  );
  return replies.slice(2);
}

const codes = (replies: readonly string[]) => replies.map((reply) => reply.slice(0, 3)).join(' ');

describe('CHUNKING (RFC 3030)', () => {
  it('is offered, and a message comes in chunks that are answered one by one; dots are text', async () => {
    await using server = await startTestServer();
    await using client = await RawClient.connect(server.port);
    await client.reply();
    assert.match((await client.ask('EHLO client.test')) ?? '', /\|250-CHUNKING\|/);
    const replies = await say(client, `${bdat('Subject: x\r\n\r\n.\r\n')}${bdat('..two\r')}${bdat('\n.\r\n')}${bdat('end\r\n', true)}`);
    assert.deepEqual(replies, [
      '250 2.0.0 17 bytes taken',
      '250 2.0.0 6 bytes taken',
      '250 2.0.0 4 bytes taken',
      '250 2.0.0 taken 1',
      '221 2.0.0 Goodbye',
    ]);
    assert.deepEqual(server.taken, [{ from: 'a@b.test', recipients: ['c@d.test'], data: 'Subject: x\r\n\r\n.\r\n..two\r\n.\r\nend\r\n' }]);
  });

  it('ends the last line where nobody did, takes BDAT 0 LAST as the end, and goes on with the next transaction', async () => {
    await using server = await startTestServer();
    await using client = await RawClient.hello(server.port);
    const replies = await say(client, `${bdat('one', true)}${ENVELOPE}${bdat('two\r\n')}BDAT 0 LAST\r\n${ENVELOPE}bdat 0 last\r\n`);
    assert.equal(codes(replies), '250 250 250 250 250 250 250 250 221');
    assert.deepEqual(
      server.taken.map(({ data }) => data),
      ['one\r\n', 'two\r\n', ''],
    );
  });

  for (const text of ['a\nb\r\n', 'a\rb\r\n', 'a\0b\r\n', 'a\r\n.\n', '\n.\r\nMAIL FROM:<evil@b.test>\r\n', 'a\r\r\n']) {
    it(`refuses ${JSON.stringify(text)} at its chunk, throws later chunks away and runs nothing in them`, async () => {
      await using server = await startTestServer();
      await using client = await RawClient.hello(server.port);
      const evil = 'MAIL FROM:<evil@b.test>\r\nRCPT TO:<victim@d.test>\r\nDATA\r\nevil\r\n.\r\n';
      const replies = await say(client, `${bdat('fine\r\n')}${bdat(text)}${bdat(evil)}${bdat(evil, true)}NOOP\r\n`);
      assert.equal(codes(replies), '250 554 503 503 250 221');
      assert.match(replies[1] ?? '', /MAIL_LINE_ENDING_INVALID|MAIL_MALFORMED/);
      assert.deepEqual(server.taken, []);
    });
  }

  it('refuses a CR at the very end, and a CR whose LF does not come with the next chunk', async () => {
    await using server = await startTestServer();
    await using client = await RawClient.hello(server.port);
    const replies = await say(client, `${bdat('a\r', true)}${ENVELOPE}${bdat('a\r')}${bdat('b\r\n', true)}`);
    assert.equal(codes(replies), '554 250 250 250 554 221');
    assert.deepEqual(server.taken, []);
  });

  it('never takes bytes of a refused chunk for commands', async () => {
    await using server = await startTestServer();
    await using client = await RawClient.hello(server.port);
    const hidden = `${ENVELOPE}${bdat('evil\r\n', true)}`;
    client.write(
      `${bdat(hidden, true)}NOOP\r\nMAIL FROM:<a@b.test>\r\n${bdat(hidden)}RCPT TO:<c@d.test>\r\n${bdat('part\r\n', true)}QUIT\r\n`,
    );
    const replies = await client.rest();
    // Without recipients the chunk ends the transaction: a later one must not pass for the whole message.
    assert.equal(codes(replies), '503 250 250 554 503 503 221');
    assert.deepEqual(server.taken, []);
  });

  it('hangs up where nobody can tell how many bytes follow', async () => {
    for (const argument of ['', 'x', '-1', '1.5', '5 FIRST', '0x10', '5 LAST 5', '9'.repeat(21)]) {
      await using server = await startTestServer();
      await using client = await RawClient.hello(server.port);
      client.write(`${ENVELOPE}BDAT ${argument}\r\n${ENVELOPE}${bdat('evil\r\n', true)}`);
      assert.deepEqual(codes(await client.rest()), '250 250 501', argument);
      assert.deepEqual(server.taken, []);
    }
  });

  it('keeps to the size over all chunks, and reads on only as far as it throws away', async () => {
    await using server = await startTestServer({ limits: { sizeBytes: 1_000, discardBytes: 500 } });
    const line = `${'x'.repeat(498)}\r\n`;
    await using client = await RawClient.hello(server.port);
    const replies = await say(client, `${bdat(line)}${bdat(line)}${bdat('y\r\n', true)}${ENVELOPE}${bdat(line.repeat(2), true)}`);
    assert.equal(codes(replies), '250 250 552 250 250 250 221');
    assert.match(replies[2] ?? '', /1000 bytes.*MAIL_TOO_LARGE/);
    await using other = await RawClient.hello(server.port);
    other.write(`${ENVELOPE}BDAT 1501 LAST\r\n`);
    assert.equal(codes(await other.rest()), '250 250 552', 'nobody waits for that much');
    assert.equal(server.taken.length, 1);
  });

  it('takes neither DATA nor another recipient between chunks; RSET forgets them', async () => {
    await using server = await startTestServer();
    await using client = await RawClient.hello(server.port);
    const replies = await say(
      client,
      `${bdat('one\r\n')}DATA\r\nRCPT TO:<e@d.test>\r\nNOOP\r\n${bdat('two\r\n')}RSET\r\n${ENVELOPE}${bdat('three\r\n', true)}`,
    );
    assert.equal(codes(replies), '250 503 503 250 250 250 250 250 250 221');
    assert.deepEqual(
      server.taken.map(({ data, recipients }) => [data, ...recipients]),
      [['three\r\n', 'c@d.test']],
    );
  });

  it('ends a message of too many chunks, and a client that keeps on with chunks that nobody takes', async () => {
    await using server = await startTestServer({ limits: { chunks: 3, errors: 4 } });
    await using client = await RawClient.hello(server.port);
    const replies = await say(client, `${bdat('x').repeat(4)}${bdat('x', true)}`);
    assert.equal(codes(replies), '250 250 250 552 503 221');
    await using other = await RawClient.hello(server.port);
    other.write(bdat('x').repeat(10));
    assert.equal(codes(await other.rest()), '503 503 503 503 503 421');
  });

  it('hangs up on chunks before the login', async () => {
    await using server = await startTestServer({ auth: { required: true, withoutTls: 'always' } });
    await using client = await RawClient.hello(server.port);
    client.write(`${ENVELOPE}${bdat('evil\r\n', true)}NOOP\r\n`);
    assert.equal(codes(await client.rest()), '530 503 530');
  });

  it('waits for the commit before the last answer, and gives the room back behind it', async () => {
    const commit = Promise.withResolvers<void>();
    const asked = Promise.withResolvers<void>();
    await using server = await startTestServer({
      limits: { heldBytes: 10 },
      handlers: {
        async onData() {
          asked.resolve();
          await commit.promise;
          return { code: 250, enhanced: '2.0.0', text: 'kept' };
        },
      },
    });
    await using one = await RawClient.hello(server.port);
    one.write(`${ENVELOPE}${bdat('12345\r\n', true)}`);
    await asked.promise;
    await using two = await RawClient.hello(server.port);
    assert.equal(codes(await say(two, bdat('12345\r\n', true))), '452 221');
    commit.resolve();
    one.write('QUIT\r\n');
    assert.equal((await one.rest()).at(-2), '250 2.0.0 kept');
    await using three = await RawClient.hello(server.port);
    assert.equal(codes(await say(three, bdat('12345\r\n', true))), '250 221');
  });
});

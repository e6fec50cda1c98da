import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RawClient } from './testing/raw-client.ts';
import { startTestServer } from './testing/test-server.ts';

const SMUGGLED = 'MAIL FROM:<evil@b.test>\r\nRCPT TO:<victim@d.test>\r\nDATA\r\nevil';

/** Ends of a message that some server somewhere has taken for CR LF . CR LF (SMTP smuggling, 2023). */
const FALSE_ENDS = [
  '\n.\n',
  '\n.\r\n',
  '\r\n.\n',
  '\r.\r\n',
  '\r.\r',
  '\r\n.\r',
  '\n.\r',
  '\r\r\n.\r\r\n',
  '\r\n\0.\r\n',
  '\r\n.\0\r\n',
  '\n\n.\n\n',
  '\r\n.\r\r\n',
];

describe('smuggling', () => {
  for (const end of FALSE_ENDS) {
    // After CR CR LF the real end CR LF . CR may follow only broken; the whole is one message either way.
    it(`${JSON.stringify(end)} does not end a message; the whole is refused and nothing in it becomes a command`, async () => {
      await using server = await startTestServer();
      await using client = await RawClient.hello(server.port);
      await client.openData();
      client.write(`first${end}${SMUGGLED}\r\n.\r\n`);
      assert.match((await client.reply()) ?? '', /^554 5\.6\.0 .*(MAIL_LINE_ENDING_INVALID|MAIL_MALFORMED)/);
      assert.equal(await client.ask('NOOP'), '250 2.0.0 Ok');
      assert.equal(await client.ask('QUIT'), '221 2.0.0 Goodbye');
      assert.deepEqual(server.taken, []);
    });
  }

  it('a lone CR or LF anywhere in a message is refused, and the next message is not', async () => {
    await using server = await startTestServer();
    await using client = await RawClient.hello(server.port);
    for (const text of ['a\nb', 'a\rb', '\n', '\r', 'a\r\r\n', 'Subject: x\n\nbody']) {
      await client.openData();
      assert.match((await client.ask(`${text}\r\n.`)) ?? '', /^554 5\.6\.0 .*MAIL_LINE_ENDING_INVALID/, JSON.stringify(text));
    }
    await client.openData();
    assert.equal(await client.ask('fine\r\n.'), '250 2.0.0 taken 1');
  });

  for (const line of [
    'NOOP\n',
    'MAIL FROM:<a@b.test>\nRCPT TO:<c@d.test>\r\n',
    'NOOP\rQUIT\r\n',
    'NOOP\r\r\n',
    '\n',
    'MAIL FROM:<a@b.test>\r\n.\nQUIT\r\n',
  ]) {
    it(`the command line ${JSON.stringify(line)} ends the connection`, async () => {
      await using server = await startTestServer();
      await using client = await RawClient.hello(server.port);
      client.write(`${line}NOOP\r\n`);
      const replies = await client.rest();
      assert.match(replies.at(-1) ?? '', /^500 5\.5\.2 .*MAIL_LINE_ENDING_INVALID/);
    });
  }

  it('a NUL in a message is refused', async () => {
    await using server = await startTestServer();
    await using client = await RawClient.hello(server.port);
    await client.openData();
    assert.match((await client.ask('a\0b\r\n.')) ?? '', /^554 5\.6\.0 .*NUL/);
  });

  it('a stuffed dot is not taken for an end, and a dot on its own line with text after it is text', async () => {
    await using server = await startTestServer();
    await using client = await RawClient.hello(server.port);
    await client.openData();
    await client.ask('..\r\n.QUIT\r\n...\r\n.');
    assert.equal(server.taken[0]?.data, '.\r\nQUIT\r\n..\r\n');
  });
});

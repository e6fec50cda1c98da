import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AppError } from '../errors.ts';
import { silentLog } from '../log.ts';
import { RawClient } from './engine/testing/raw-client.ts';
import { createInboundDoor, type InboundDeps, type InboundMail } from './inbound.ts';

async function openDoor(changes: Partial<InboundDeps<string>> = {}) {
  const stored: InboundMail<string>[] = [];
  const door = createInboundDoor<string>({
    hostname: 'bounces.test',
    recognise: (address) => (address.startsWith('b-') ? { ok: true, token: address.slice(2, address.indexOf('@')) } : { ok: false }),
    store: async (mail) => {
      stored.push(mail);
    },
    log: silentLog,
    tls: null,
    clock: { monotonicMs: () => 1_000 },
    perMinute: 1_000,
    ...changes,
  });
  const { port } = await door.listen(0, '127.0.0.1');
  return { port, stored, [Symbol.asyncDispose]: () => door.close({ graceMs: 0 }) };
}

describe('the inbound door', () => {
  it('stores mail to a known return path with its token, raw', async () => {
    await using door = await openDoor();
    await using client = await RawClient.hello(door.port);
    await client.openData('', 'b-abc@bounces.test');
    assert.equal(await client.ask('Subject: Undelivered\r\n\r\n..\r\n.'), '250 2.0.0 Stored');
    assert.deepEqual(
      door.stored.map((mail) => ({ ...mail, data: mail.data.toString() })),
      [
        {
          mailFrom: '',
          recipients: [{ address: 'b-abc@bounces.test', token: 'abc' }],
          data: 'Subject: Undelivered\r\n\r\n.\r\n',
          remoteAddress: '127.0.0.1',
          helo: 'client.test',
        },
      ],
    );
  });

  it('refuses what it does not know at RCPT and keeps the rest of the transaction', async () => {
    await using door = await openDoor();
    await using client = await RawClient.hello(door.port);
    await client.ask('MAIL FROM:<>');
    assert.match((await client.ask('RCPT TO:<guess@bounces.test>')) ?? '', /^550 5\.1\.1 .*RETURN_PATH_UNKNOWN/);
    assert.match((await client.ask('RCPT TO:<b-1@bounces.test>')) ?? '', /^250/);
    assert.match((await client.ask('RCPT TO:<b-2@bounces.test>')) ?? '', /^250/);
    await client.ask('DATA');
    await client.ask('hi\r\n.');
    assert.deepEqual(
      door.stored[0]?.recipients.map(({ token }) => token),
      ['1', '2'],
    );
  });

  it('forgets the recipients of a transaction that was reset', async () => {
    await using door = await openDoor();
    await using client = await RawClient.hello(door.port);
    await client.ask('MAIL FROM:<>');
    await client.ask('RCPT TO:<b-old@bounces.test>');
    await client.ask('RSET');
    await client.openData('', 'b-new@bounces.test');
    await client.ask('hi\r\n.');
    assert.deepEqual(
      door.stored[0]?.recipients.map(({ token }) => token),
      ['new'],
    );
  });

  it('hangs up on somebody who guesses', async () => {
    await using door = await openDoor();
    await using client = await RawClient.hello(door.port);
    client.write(`MAIL FROM:<>\r\n${Array.from({ length: 30 }, (_, n) => `RCPT TO:<guess-${n}@bounces.test>\r\n`).join('')}`);
    const replies = await client.rest();
    assert.equal(replies.filter((reply) => reply.startsWith('550')).length, 21);
    assert.match(replies.at(-1) ?? '', /^421/);
  });

  it('answers only when it is stored, and with 4xx when it cannot be', async () => {
    await using door = await openDoor({ store: () => Promise.reject(new AppError('STORE_UNAVAILABLE', 'The database is away.')) });
    await using client = await RawClient.hello(door.port);
    await client.openData('', 'b-1@bounces.test');
    assert.match((await client.ask('hi\r\n.')) ?? '', /^451 4\.3\.0 .*STORE_UNAVAILABLE/);
  });

  it('offers no login, verifies no address, and takes 30 MiB', async () => {
    await using door = await openDoor();
    await using client = await RawClient.connect(door.port);
    await client.reply();
    const hello = (await client.ask('EHLO mx.other.test')) ?? '';
    assert.match(hello, /SIZE 31457280/);
    assert.doesNotMatch(hello, /AUTH/);
    assert.match((await client.ask('AUTH PLAIN AHUAcA==')) ?? '', /^502/);
    assert.match((await client.ask('VRFY b-1@bounces.test')) ?? '', /^252 /);
    assert.match((await client.ask('EXPN staff')) ?? '', /^502/);
    assert.match((await client.ask('MAIL FROM:<> SIZE=31457281')) ?? '', /^552/);
  });

  it('tells a storm of mails to one return path, and an address that sends too many, to come back later', async () => {
    await using door = await openDoor({ perMinute: 25 });
    await using client = await RawClient.hello(door.port);
    for (let n = 0; n < 20; n += 1) {
      await client.openData('', 'b-abc@bounces.test');
      assert.match((await client.ask('x\r\n.')) ?? '', /^250/);
    }
    await client.ask('MAIL FROM:<>');
    assert.match((await client.ask('RCPT TO:<b-ABC@bounces.test>')) ?? '', /^451 4\.7\.1 Too many mails come to this return path/);
    assert.match((await client.ask('RCPT TO:<b-other@bounces.test>')) ?? '', /^250/);
    for (let n = 0; n < 4; n += 1) {
      await client.ask('RSET');
      assert.match((await client.ask('MAIL FROM:<>')) ?? '', /^250/);
    }
    await client.ask('RSET');
    assert.match((await client.ask('MAIL FROM:<>')) ?? '', /^451 4\.7\.1 Too many mails come from your address\..*INBOUND_RATE_LIMITED/);
  });
});

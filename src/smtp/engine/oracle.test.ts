// This file holds the engine against the smtp-server library: what one client says to both, both must take in the same way.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SMTPServer } from 'smtp-server';
import { fc } from '../../../test/support/property.ts';
import { RawClient } from './testing/raw-client.ts';
import { startTestServer, type Taken } from './testing/test-server.ts';

async function startLibrary(taken: Taken[]) {
  const server = new SMTPServer({
    authOptional: true,
    disableReverseLookup: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        const from = mailFrom === false ? '' : mailFrom.address;
        taken.push({ from, recipients: rcptTo.map(({ address }) => address), data: Buffer.concat(chunks).toString('latin1') });
        done();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.server.address();
  assert.ok(bound !== null && typeof bound === 'object');
  return { port: bound.port, [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())) };
}

describe('the engine and the smtp-server library', () => {
  it('take the same envelope and the same bytes from the same client', async () => {
    const libraryTaken: Taken[] = [];
    await using library = await startLibrary(libraryTaken);
    await using engine = await startTestServer({ limits: { idleCommands: 1_000 } });
    await using one = await RawClient.hello(library.port);
    await using two = await RawClient.hello(engine.port);

    const line = fc.string({ maxLength: 30, unit: fc.constantFrom('.', 'a', ' ', ':', '=', '\xe4') });
    const address = fc.constantFrom('a@b.test', 'a.b+c@d.test', "o'neil@e.test");
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { maxLength: 20 }),
        address,
        fc.array(address, { minLength: 1, maxLength: 4 }),
        async (lines, from, to) => {
          const recipients = [...new Set(to)];
          const body = Buffer.from(`${lines.map((text) => `${text.startsWith('.') ? '.' : ''}${text}\r\n`).join('')}.\r\n`, 'latin1');
          for (const client of [one, two]) {
            assert.match((await client.ask(`MAIL FROM:<${from}>`)) ?? '', /^250/);
            for (const recipient of recipients) assert.match((await client.ask(`RCPT TO:<${recipient}>`)) ?? '', /^250/);
            assert.match((await client.ask('DATA')) ?? '', /^354/);
            client.write(body);
            assert.match((await client.reply()) ?? '', /^250/);
          }
          assert.deepEqual(engine.taken.at(-1), libraryTaken.at(-1));
        },
      ),
      { numRuns: 100 },
    );
  });
});

// This file holds the client against two servers that this project did not write: the smtp-server library and Postfix's smtp-sink.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { it } from 'node:test';
import { SMTPServer } from 'smtp-server';
import { letter, only, smtpClient } from '../../../test/fakes/smtp-client.ts';

const SINK = '/usr/sbin/smtp-sink';

const bodies = ['plain', '.dot', '.', '..\r\n.\r\n.', '', 'no line end'.repeat(300), 'ä'.repeat(40_000)];
const mimes = bodies.map((body, at) => Buffer.from(`Subject: ${at}\r\n\r\n${body}${at % 2 === 0 ? '\r\n' : ''}`));

it('hands every message to the smtp-server library as it is, over several sessions', { timeout: 120_000 }, async () => {
  const taken = new Map<string, Buffer>();
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        taken.set(session.envelope.rcptTo.map(({ address }) => address).join(), Buffer.concat(chunks));
        done(null);
      });
    },
  });
  const listening = server.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const address = listening.address();
  assert.ok(address !== null && typeof address === 'object');
  const client = smtpClient(address.port, { settings: { connections: 3 } });
  const results = await Promise.all(mimes.map((mime, at) => client.send(letter(`m${at}@mailbox.example`, { mime, eightBit: true }))));
  assert.deepEqual(new Set(results.map((result) => only(result).kind)), new Set(['handed_over']));
  for (const [at, mime] of mimes.entries()) {
    const ended = mime.subarray(-2).equals(Buffer.from('\r\n')) ? mime : Buffer.concat([mime, Buffer.from('\r\n')]);
    assert.deepEqual(taken.get(`m${at}@mailbox.example`), ended);
  }
  await client.close();
  await new Promise<void>((resolve) => server.close(() => resolve()));
});

it('hands a crowd of messages to Postfix smtp-sink', {
  timeout: 120_000,
  skip: existsSync(SINK) ? false : 'smtp-sink (Postfix) is not installed',
}, async () => {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const free = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  assert.ok(free !== null && typeof free === 'object');
  const asUser = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
  const sink = spawn(SINK, [...asUser, `127.0.0.1:${free.port}`, '20'], { stdio: 'ignore' });
  try {
    let skippedMs = 0;
    const clock = { nowMs: () => skippedMs, monotonicMs: () => performance.now() + skippedMs };
    const client = smtpClient(free.port, { settings: { connections: 4 }, clock });
    // The sink needs a moment to listen; until then it is a host that is down.
    for (let up = false; !up; skippedMs += 60_000) {
      up = only(await client.send(letter('first@mailbox.example'))).kind === 'handed_over';
      await new Promise((resolve) => setImmediate(resolve));
    }
    const results = await Promise.all(
      Array.from({ length: 300 }, (_, n) =>
        client.send(letter(`m${n}@mailbox.example`, { mime: mimes[n % mimes.length] ?? Buffer.alloc(0) })),
      ),
    );
    assert.deepEqual(new Set(results.map((result) => only(result).kind)), new Set(['handed_over']));
    await client.close();
  } finally {
    sink.kill('SIGTERM');
  }
});

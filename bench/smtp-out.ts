// This file measures what one hand-over over SMTP costs this process: CPU per 4 KB message, everything else (the host that takes the mail)
// in another process. `node bench/smtp-out.ts [--json] [--messages N] [--connections N] [--node-sink]`.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { parseArgs } from 'node:util';
import { systemClock } from '../src/clock.ts';
import type { HandOver, ProviderClient } from '../src/delivery/provider.ts';
import { idMint } from '../src/ids.ts';
import { Secret, silentLog } from '../src/log.ts';
import { smtpAdapter } from '../src/providers/smtp/adapter.ts';

/** Enough to settle the JIT and the clock, short enough for two shared cores (about a second). */
const MESSAGES_DEFAULT = 30_000;
const WARM_UP_SHARE = 0.1;
const MIME_BYTES = 4096;
const POSTFIX_SINK = '/usr/sbin/smtp-sink';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    messages: { type: 'string', default: String(MESSAGES_DEFAULT) },
    connections: { type: 'string', default: '10' },
    'node-sink': { type: 'boolean', default: false },
    sink: { type: 'string' },
  },
});

if (values.sink !== undefined) serveSink(Number(values.sink));
else await measure();

async function measure(): Promise<void> {
  const port = await freePort();
  const sink = startSink(port);
  const client = connect(port);
  try {
    const count = Number(values.messages);
    await untilUp(port);
    await run(client, Math.ceil(count * WARM_UP_SHARE));
    const cpu = process.cpuUsage();
    const startMs = performance.now();
    await run(client, count);
    const wallMs = performance.now() - startMs;
    const { user, system } = process.cpuUsage(cpu);
    const result = {
      messages: count,
      connections: Number(values.connections),
      sink: sink.name,
      cpu_us_per_message: round((user + system) / count),
      user_us: round(user / count),
      system_us: round(system / count),
      messages_per_second: Math.round((count / wallMs) * 1000),
    };
    console.log(
      values.json
        ? JSON.stringify(result)
        : Object.entries(result)
            .map(([name, value]) => `${name.padEnd(20)} ${value}`)
            .join('\n'),
    );
  } finally {
    await client.close();
    sink.child.kill('SIGTERM');
  }
}

/** Keeps all slots busy until `count` messages are handed over. */
async function run(client: ProviderClient, count: number): Promise<void> {
  const ids = idMint(systemClock);
  const mime = message();
  let left = count;
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      const result = await client.send(handOver(ids.next(), mime));
      const [outcome] = result.outcomes;
      if (outcome?.kind !== 'handed_over') throw new Error(`not handed over: ${JSON.stringify(result)}`);
    }
  };
  await Promise.all(Array.from({ length: client.slots }, worker));
}

function handOver(id: string, mime: Buffer): HandOver {
  const recipient = {
    id,
    address: `member.${id.slice(0, 8)}@mailbox.example`,
    returnPath: `b-${id.replaceAll('-', '')}@return.club.example`,
  };
  const fixed = { tenantId: id, stream: 'bulk', smtpUtf8: false, eightBit: false, pool: null, tags: [] } as const;
  return { ...fixed, messageId: id, mime, recipients: [recipient], idempotencyKey: id };
}

function message(): Buffer {
  const head = [
    'From: Club <office@club.example>',
    'To: Member <member@mailbox.example>',
    'Subject: The minutes',
    'MIME-Version: 1.0',
    '',
    '',
  ].join('\r\n');
  const line = `${'The committee met and agreed on nothing in particular.'.padEnd(72, '.')}\r\n`;
  const body = line.repeat(Math.ceil(MIME_BYTES / line.length)).slice(0, MIME_BYTES - head.length - 2);
  return Buffer.from(`${head}${body}\r\n`);
}

function connect(port: number): ProviderClient {
  const settings = { host: '127.0.0.1', port, tls: 'none', connections: Number(values.connections), messages_per_connection: 0 };
  const parsed = smtpAdapter.parseAccount({ settings, secret: {} });
  const account = { id: 'bench', name: 'bench', provider: 'smtp', settings: parsed.settings, secret: new Secret(parsed.secret) } as const;
  return smtpAdapter.connect(account, { clock: systemClock, log: silentLog, random: Math.random });
}

// ── the other process ────────────────────────────────────────────────────────

function startSink(port: number): { name: string; child: ChildProcess } {
  if (!values['node-sink'] && hasPostfixSink()) {
    const asUser = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
    return { name: 'smtp-sink', child: spawn(POSTFIX_SINK, [...asUser, `127.0.0.1:${port}`, '128'], { stdio: 'ignore' }) };
  }
  return { name: 'node', child: spawn(process.execPath, [import.meta.filename, '--sink', String(port)], { stdio: 'inherit' }) };
}

function hasPostfixSink(): boolean {
  try {
    accessSync(POSTFIX_SINK, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The smallest host that answers right: it counts commands and final dots, and answers each read with one write. */
function serveSink(port: number): void {
  createServer((socket: Socket) => {
    let inData = false;
    let rest = '';
    let taken = 0;
    socket.setNoDelay(true).on('error', () => {});
    socket.write('220 sink ESMTP\r\n');
    socket.on('data', (chunk) => {
      let text = rest + chunk.toString('latin1');
      let out = '';
      for (;;) {
        const mark = inData ? '\r\n.\r\n' : '\r\n';
        const at = text.indexOf(mark);
        if (at === -1) break;
        const line = inData ? '' : text.slice(0, 4).toUpperCase();
        text = text.slice(at + mark.length);
        if (inData) out += `250 2.0.0 Ok: queued as S${++taken}\r\n`;
        else if (line === 'EHLO') out += '250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 ENHANCEDSTATUSCODES\r\n';
        else out += line === 'DATA' ? '354 go\r\n' : line === 'QUIT' ? '221 bye\r\n' : '250 2.1.0 Ok\r\n';
        inData = line === 'DATA';
      }
      rest = text;
      if (out !== '') socket.write(out);
    });
  }).listen(port, '127.0.0.1');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** Waits for the sink's greeting, so that a slow start is no failed opening. */
async function untilUp(port: number): Promise<void> {
  const { connect: dial } = await import('node:net');
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const up = await new Promise<boolean>((resolve) => {
      const socket = dial(port, '127.0.0.1');
      socket.once('data', () => resolve(true)).once('error', () => resolve(false));
      socket.once('data', () => socket.destroy());
    });
    if (up) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('the sink did not start');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

// This file measures the submission door alone: CPU of the server process per message, 4 KB each, kept connections and one connection per
// message. The client runs in a child process, so that only the server's CPU is counted; messages are answered in groups on the next turn
// of the event loop, as group commit answers them. Run: node bench/smtp-in.ts [--messages N] [--sessions N] [--bytes N] [--runs N]
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { parseArgs } from 'node:util';
import { systemClock } from '../src/clock.ts';
import { silentLog } from '../src/log.ts';
import { createSubmissionDoor, type SubmissionLogin } from '../src/smtp/submission.ts';

/** Bounds of one run: the machine is shared. */
const MESSAGES_MAX = 200_000;
const SESSIONS_MAX = 200;
const SMTP_SOURCE = '/usr/sbin/smtp-source';

interface Load {
  readonly port: number;
  readonly messages: number;
  readonly sessions: number;
  readonly bytes: number;
  /** Stay connected over messages. */
  readonly kept: boolean;
  /** MAIL, RCPT and DATA in one write, instead of waiting for each answer. */
  readonly pipelined: boolean;
}

interface Figure {
  readonly name: string;
  readonly microsecondsPerMessage: number;
  readonly messagesPerSecond: number;
}

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '20000' },
    sessions: { type: 'string', default: '20' },
    bytes: { type: 'string', default: '4096' },
    runs: { type: 'string', default: '2' },
    only: { type: 'string' },
    client: { type: 'string' },
  },
});

if (values.client === undefined) await serve();
else await load(JSON.parse(values.client));

async function serve(): Promise<void> {
  const login: SubmissionLogin = { tenantId: 'bench', credentialId: 'bench', defaultStream: 'transactional' };
  const door = createSubmissionDoor({
    hostname: 'bench.localhost',
    authenticate: () => login,
    networkCredential: () => login,
    accept: groupAccept(),
    log: silentLog,
    clock: systemClock,
    tls: null,
  });
  const { port } = await door.listen(0, '127.0.0.1');
  const base = {
    port,
    messages: Math.min(MESSAGES_MAX, Number(values.messages)),
    sessions: Math.min(SESSIONS_MAX, Number(values.sessions)),
    bytes: Number(values.bytes),
  };
  const figures: Figure[] = [];
  for (let run = 0; run < Number(values.runs); run++) {
    for (const [name, start] of clients(base)) {
      if (values.only !== undefined && values.only !== name) continue;
      figures.push(await measure(name, base.messages, start));
    }
  }
  await door.close({ graceMs: 1_000 });
  console.log(JSON.stringify({ bench: 'smtp-in', ...base, port: undefined, figures }));
}

/** Answers every message that arrived in the same turn of the event loop together. */
function groupAccept(): () => Promise<{ id: string }> {
  let waiting: ((value: { id: string }) => void)[] = [];
  return () =>
    new Promise((resolve) => {
      if (waiting.push(resolve) > 1) return;
      setImmediate(() => {
        const group = waiting;
        waiting = [];
        for (const answer of group) answer({ id: '01890a5d-ac96-774b-bcce-b302099a8057' });
      });
    });
}

function clients(base: Omit<Load, 'kept' | 'pipelined'>): [string, () => ChildProcess][] {
  const own = (kept: boolean, pipelined: boolean) => () =>
    fork(import.meta.filename, ['--client', JSON.stringify({ ...base, kept, pipelined })]);
  const list: [string, () => ChildProcess][] = [
    ['kept, pipelined', own(true, true)],
    ['kept, one command at a time', own(true, false)],
    ['new connection each, pipelined', own(false, true)],
    ['new connection each, one command at a time', own(false, false)],
  ];
  if (existsSync(SMTP_SOURCE)) {
    const source = (...more: string[]) =>
      spawn(SMTP_SOURCE, [
        ...['-s', String(base.sessions), '-l', String(base.bytes), '-m', String(base.messages), ...more],
        ...['-f', 'a@bench.localhost', '-t', 'b@bench.localhost', `127.0.0.1:${base.port}`],
      ]);
    list.push(['smtp-source, kept', () => source('-d')], ['smtp-source, new connection each', () => source()]);
  }
  return list;
}

async function measure(name: string, messages: number, start: () => ChildProcess): Promise<Figure> {
  const startMs = performance.now();
  const before = process.cpuUsage();
  const [status] = await once(start(), 'exit');
  const used = process.cpuUsage(before);
  if (status !== 0) throw new Error(`the client "${name}" ended with status ${status}`);
  const figure = {
    name,
    microsecondsPerMessage: Number(((used.user + used.system) / messages).toFixed(1)),
    messagesPerSecond: Math.round((messages / (performance.now() - startMs)) * 1_000),
  };
  const { microsecondsPerMessage: cpu, messagesPerSecond: rate } = figure;
  console.log(`${name.padEnd(44)} ${cpu.toFixed(1).padStart(7)} µs CPU a message ${String(rate).padStart(7)} messages/s`);
  return figure;
}

/** The client's side, in the child process: `sessions` conversations until `messages` are accepted. */
async function load(options: Load): Promise<void> {
  const line = `${'x'.repeat(76)}\r\n`;
  const header = 'From: a@bench.localhost\r\nTo: b@bench.localhost\r\nSubject: bench\r\n\r\n';
  const body = `${header}${line.repeat(Math.max(0, Math.floor((options.bytes - header.length) / line.length)))}.\r\n`;
  const commands = ['MAIL FROM:<a@bench.localhost>\r\n', 'RCPT TO:<b@bench.localhost>\r\n', 'DATA\r\n'];
  const opening = options.pipelined ? [commands.join('')] : commands;
  let left = options.messages;

  async function converse(): Promise<void> {
    while (left > 0) {
      await new Promise<void>((resolve, reject) => {
        const socket = connect({ port: options.port, host: '127.0.0.1', noDelay: true });
        // Step 0 waits for the greeting, 1 for EHLO, then the opening and the body in turn; answers come in one piece on loopback.
        let step = -2;
        let quitting = false;
        socket.on('data', (chunk) => {
          if (step === opening.length && chunk[0] !== 0x32) reject(new Error(chunk.toString()));
          step += 1;
          if (quitting) return;
          if (step === -1) socket.write('EHLO bench.localhost\r\n');
          else if (step === opening.length) socket.write(body);
          else if (step < opening.length && (step > 0 || left-- > 0)) socket.write(opening[step] ?? '');
          else if (options.kept && left-- > 0) {
            step = 0;
            socket.write(opening[0] ?? '');
          } else {
            quitting = true;
            socket.write('QUIT\r\n');
          }
        });
        socket.on('error', reject);
        socket.on('close', () => resolve());
      });
    }
  }
  await Promise.all(Array.from({ length: options.sessions }, converse));
}

// This file is what the simulator's tests share: a running simulator at a quick pace, a desk that listens to webhooks and reports, and a
// raw SMTP client that shows every reply.
import { createServer, type Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { systemClock } from '../clock.ts';
import { silentLog } from '../log.ts';
import { type JsonRecord, list, record } from './json.ts';
import { type Simulator, type SimulatorOptions, startSimulator } from './simulator.ts';

export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface SeenReport {
  readonly mailFrom: string;
  readonly to: string;
  readonly raw: Buffer;
}

/** The desk's side: what came in over webhooks and inbound SMTP. */
export interface Desk {
  readonly url: string;
  readonly inbound: { readonly host: string; readonly port: number };
  readonly requests: SeenRequest[];
  readonly reports: SeenReport[];
  /** Status the next webhook requests get, in order; then 200. */
  readonly statuses: number[];
  /** Whether the inbound door knows a return path; all by default. */
  knows: (address: string) => boolean;
  /** Resolves once `found` gives something; asked again whenever something came in. */
  until<T>(found: () => T | undefined): Promise<T>;
  close(): Promise<void>;
}

/** A test that waits longer than this has found a fault, on the slowest machine, too. */
const UNTIL_MAX_MS = 240_000;

export async function startDesk(): Promise<Desk> {
  const requests: SeenRequest[] = [];
  const reports: SeenReport[] = [];
  const statuses: number[] = [];
  let watchers: (() => void)[] = [];
  const happened = () => {
    for (const watcher of watchers) watcher();
  };
  const http = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
      requests.push({ method: request.method ?? '', url: request.url ?? '', headers, body: Buffer.concat(chunks).toString('utf8') });
      response.writeHead(statuses.shift() ?? 200).end();
      happened();
    });
  });
  const desk: Desk = {
    url: '',
    inbound: { host: '127.0.0.1', port: 0 },
    requests,
    reports,
    statuses,
    knows: () => true,
    until: (found) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error('it did not come')), UNTIL_MAX_MS);
        const watcher = () => {
          const value = found();
          if (value === undefined) return;
          clearTimeout(timer);
          watchers = watchers.filter((one) => one !== watcher);
          resolve(value);
        };
        watchers.push(watcher);
        watcher();
      }),
    async close() {
      http.closeAllConnections();
      await Promise.all([new Promise((resolve) => http.close(resolve)), new Promise<void>((resolve) => smtp.close(() => resolve()))]);
    },
  };
  const smtp = inboundServer(desk, happened);
  const httpPort = await listening(http);
  // The cast: the library types its server by a union; it is a plain net.Server here.
  const smtpPort = await listening(smtp.server as unknown as Server);
  return Object.assign(desk, { url: `http://127.0.0.1:${httpPort}/hooks`, inbound: { host: '127.0.0.1', port: smtpPort } });
}

/** A library's server, so that two independent pieces of code speak SMTP with each other. */
function inboundServer(desk: Desk, happened: () => void): SMTPServer {
  return new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    onRcptTo(address, _session, callback) {
      callback(desk.knows(address.address) ? null : Object.assign(new Error('unknown return path'), { responseCode: 550 }));
    },
    onData(stream, session, callback) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const from = session.envelope.mailFrom;
        const [to] = session.envelope.rcptTo;
        callback(null, 'Ok');
        desk.reports.push({ mailFrom: from === false ? '' : from.address, to: to?.address ?? '', raw: Buffer.concat(chunks) });
        happened();
      });
    },
  });
}

function listening(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
}

/** A simulator that plays twenty times as fast, and its desk. */
export async function startWorld(
  options: Partial<SimulatorOptions> = {},
): Promise<{ simulator: Simulator; desk: Desk; close(): Promise<void> }> {
  const desk = await startDesk();
  const simulator = await startSimulator({
    log: silentLog,
    clock: systemClock,
    random: () => 0.5,
    inbound: desk.inbound,
    pace: 0.05,
    // Events that are told at the same moment over several lines overtake each other; tests read them in their order.
    webhookLines: 1,
    ...options,
  }).catch(async (error: unknown) => {
    await desk.close();
    throw error;
  });
  return {
    simulator,
    desk,
    async close() {
      await simulator.close();
      await desk.close();
    },
  };
}

export interface SmtpTalk {
  /** Sends one line (or bytes) and gives the reply, all lines of it. */
  say(line: string): Promise<string>;
  /** Sends without waiting. */
  write(bytes: string): void;
  reply(): Promise<string>;
  close(): void;
}

/** Opens a raw SMTP conversation; the greeting is read already. Rejects with the error when the line breaks. */
export async function openTalk(port: number): Promise<SmtpTalk> {
  const socket: Socket = connect(port, '127.0.0.1');
  let received = '';
  let broken: Error | null = null;
  let waiting: (() => void) | null = null;
  const wake = () => waiting?.();
  socket.setEncoding('utf8');
  socket.on('data', (chunk: string) => {
    received += chunk;
    wake();
  });
  socket.on('error', (error) => {
    broken = error;
    wake();
  });
  socket.on('close', () => {
    broken ??= new Error('the line was closed');
    wake();
  });
  const reply = () =>
    new Promise<string>((resolve, reject) => {
      waiting = () => {
        const found = /^(?:\d{3}-.*\r\n)*(?:\d{3} .*|[^\d].*)\r\n/.exec(received);
        if (found === null && broken === null) return;
        waiting = null;
        if (found === null) return reject(broken);
        received = received.slice(found[0].length);
        resolve(found[0].trimEnd());
      };
      waiting();
    });
  await reply();
  return {
    reply,
    write: (bytes) => void socket.write(bytes),
    say(line) {
      socket.write(`${line}\r\n`);
      return reply();
    },
    close: () => void socket.destroy(),
  };
}

/** Hands one message over by SMTP; gives the last reply. */
export async function smtpSend(
  port: number,
  mail: { from: string; to: string; body?: string; rcptParameters?: string; mailParameters?: string },
) {
  const talk = await openTalk(port);
  try {
    await talk.say('EHLO test');
    const from = await talk.say(`MAIL FROM:<${mail.from}>${mail.mailParameters ?? ''}`);
    if (!from.startsWith('250')) return from;
    const to = await talk.say(`RCPT TO:<${mail.to}>${mail.rcptParameters ?? ''}`);
    if (!to.startsWith('250')) return to;
    await talk.say('DATA');
    return await talk.say(`${mail.body ?? sampleMime(mail.to).toString()}.`);
  } finally {
    talk.close();
  }
}

/** A small message; `extra` are further header lines. */
export function sampleMime(to: string, extra = ''): Buffer {
  return Buffer.from(
    `From: Club <office@club.test>\r\nTo: ${to}\r\nSubject: Hello there\r\nMessage-ID: <one@club.test>\r\n${extra}` +
      'MIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\nSee https://club.test/agenda\r\n',
  );
}

/** Posts JSON; gives status and the parsed body, as object and as list. */
export async function post(
  url: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: JsonRecord; rows: unknown[] }> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: text });
  const parsed: unknown = await answer.json();
  return { status: answer.status, body: record(parsed), rows: list(parsed) };
}

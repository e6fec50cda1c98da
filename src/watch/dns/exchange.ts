// This file asks one DNS server one question: over UDP from a socket of its own that hears nobody else, and over TCP where the answer does not
// fit (RFC 7766). The question that comes back has to be the one that was asked (RFC 5452).
import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { connect, isIPv6 } from 'node:net';
import { decodeMessage, encodeQuestion, type RecordType, TYPE_CODES, type WireMessage } from './wire.ts';

export interface DnsServer {
  readonly address: string;
  readonly port: number;
}

export interface Question {
  readonly name: string;
  readonly type: RecordType;
  readonly recursion: boolean;
}

/** What one server said, or why it said nothing that counts. Never rejects. */
export type Exchange = { readonly ok: true; readonly message: WireMessage } | { readonly ok: false; readonly detail: string };

/** Answers of a server that only say that it will not or cannot tell. */
const RCODE_NAMES: Readonly<Record<number, string>> = { 1: 'FORMERR', 2: 'SERVFAIL', 4: 'NOTIMP', 5: 'REFUSED' };
const NOERROR = 0;
const NXDOMAIN = 3;
/** The length before a message on TCP is two bytes, so no message is longer. */
const TCP_MESSAGE_MAX = 65_535;

/**
 * Asks; `timeoutMs` counts for each of UDP and TCP. Only NOERROR and NXDOMAIN are answers. When the time is up, what has come is read first: a process that
 * stood still for a while has its answers lying at its sockets.
 */
export async function askServer(server: DnsServer, question: Question, timeoutMs: number): Promise<Exchange> {
  const first = await askUdp(server, question, timeoutMs);
  if (!first.ok || !first.message.truncated) return judged(server, first);
  return judged(server, await askTcp(server, question, timeoutMs));
}

function judged(server: DnsServer, exchange: Exchange): Exchange {
  if (!exchange.ok || exchange.message.rcode === NOERROR || exchange.message.rcode === NXDOMAIN) return exchange;
  const said = RCODE_NAMES[exchange.message.rcode] ?? `rcode ${exchange.message.rcode}`;
  return { ok: false, detail: `${server.address} answers ${said}` };
}

function askUdp(server: DnsServer, question: Question, timeoutMs: number): Promise<Exchange> {
  const id = randomInt(0x10000);
  return new Promise((resolve) => {
    const socket = createSocket(isIPv6(server.address) ? 'udp6' : 'udp4');
    let done = false;
    const finish = (exchange: Exchange) => {
      if (done) return;
      done = true;
      clearTimeout(timer);
      socket.close();
      resolve(exchange);
    };
    // What goes wrong after the end concerns nobody, but a socket without a listener for it would end the process.
    const fail = (error: Error) => finish({ ok: false, detail: reasonOf(server, error) });
    const timer = setTimeout(() => setImmediate(() => finish({ ok: false, detail: `${server.address} does not answer` })), timeoutMs);
    socket.on('error', fail);
    socket.on('message', (bytes) => {
      const message = decodeMessage(bytes);
      // Anything that does not answer our question may be forged; the true answer can still come.
      if (message && answers(message, id, question)) finish({ ok: true, message });
    });
    // The types do not know that the callback also brings the error.
    socket.connect(server.port, server.address, (...failures: unknown[]) => {
      const [failure] = failures;
      if (failure instanceof Error) return fail(failure);
      if (done) return;
      socket.send(encodeQuestion(id, question.name, question.type, question.recursion), (error) => {
        if (error) fail(error);
      });
    });
  });
}

function askTcp(server: DnsServer, question: Question, timeoutMs: number): Promise<Exchange> {
  const id = randomInt(0x10000);
  return new Promise((resolve) => {
    let received = Buffer.alloc(0);
    const socket = connect({ host: server.address, port: server.port });
    const finish = (exchange: Exchange) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(exchange);
    };
    const timer = setTimeout(
      () => setImmediate(() => finish({ ok: false, detail: `${server.address} does not answer over TCP` })),
      timeoutMs,
    );
    socket.on('error', (error) => finish({ ok: false, detail: reasonOf(server, error) }));
    socket.on('close', () => finish({ ok: false, detail: `${server.address} closed the connection` }));
    socket.on('connect', () => {
      const query = encodeQuestion(id, question.name, question.type, question.recursion);
      const length = Buffer.alloc(2);
      length.writeUInt16BE(query.length);
      socket.write(Buffer.concat([length, query]));
    });
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      if (received.length > TCP_MESSAGE_MAX + 2) finish({ ok: false, detail: `${server.address} says more than a message` });
      if (received.length < 2 || received.length < 2 + received.readUInt16BE(0)) return;
      const message = decodeMessage(received.subarray(2, 2 + received.readUInt16BE(0)));
      if (message && answers(message, id, question)) finish({ ok: true, message });
      else finish({ ok: false, detail: `${server.address} answers something that cannot be read` });
    });
  });
}

/** What the system says, in words where they are known. */
function reasonOf({ address, port }: DnsServer, error: Error): string {
  const code = 'code' in error ? error.code : '';
  if (code === 'ECONNREFUSED') return `no DNS server is at ${address}, port ${port}`;
  if (code === 'ENETUNREACH' || code === 'EHOSTUNREACH') return `there is no way to ${address}`;
  return `${address}: ${error.message}`;
}

function answers(message: WireMessage, id: number, { name, type }: Question): boolean {
  if (!message.response || message.id !== id) return false;
  // A server that cannot read a question may leave it out when it says so.
  if (message.question === null) return message.rcode !== NOERROR && message.rcode !== NXDOMAIN;
  return message.question.name === name.toLowerCase() && message.question.type === TYPE_CODES[type];
}

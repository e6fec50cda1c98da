// This file is a sink that remembers what it took, for what smtp-sink cannot say: which message, how often, when. It answers the final dot after
// a time of the caller's choice, so that the wire can be made slow and transactions stay open.

import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

export interface TakenMail {
  readonly from: string;
  readonly recipients: readonly string[];
  /** As it came over the wire, dots not unstuffed, without the final one. */
  readonly data: Buffer;
}

export interface NodeSink {
  readonly port: number;
  /** Transactions begun (MAIL FROM) whose last reply is not written. */
  open(): number;
  close(): Promise<void>;
}

export interface NodeSinkOptions {
  readonly port?: number;
  /** Called when the whole message is here, before its reply. */
  readonly onMail: (mail: TakenMail) => void;
  /** Milliseconds between the final dot and its reply. */
  readonly replyAfterMs?: () => number;
}

const DOT = Buffer.from('\r\n.\r\n');
const CAPABILITIES = '250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-ENHANCEDSTATUSCODES\r\n250 SIZE 52428800\r\n';
/** A message that never ends is a bug of the sender; larger ones are not part of any benchmark. */
const HELD_BYTES_MAX = 64 * 1024 * 1024;

export async function startNodeSink(options: NodeSinkOptions): Promise<NodeSink> {
  const sockets = new Set<Socket>();
  let open = 0;
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    const session = new Session(socket, options, (change) => {
      open += change;
    });
    socket.on('data', (chunk) => {
      if (typeof chunk !== 'string') session.take(chunk);
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      sockets.delete(socket);
      session.end();
    });
    socket.write('220 sink ESMTP\r\n');
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen({ port: options.port ?? 0, host: '127.0.0.1' }, resolve);
  });
  return {
    // A TCP server's address is an AddressInfo.
    port: (server.address() as AddressInfo).port,
    open: () => open,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

class Session {
  readonly #socket: Socket;
  readonly #options: NodeSinkOptions;
  readonly #count: (change: 1 | -1) => void;
  #held: Buffer = Buffer.alloc(0);
  #reading = false;
  #busy = false;
  #from: string | null = null;
  #recipients: string[] = [];

  constructor(socket: Socket, options: NodeSinkOptions, count: (change: 1 | -1) => void) {
    this.#socket = socket;
    this.#options = options;
    this.#count = count;
  }

  take(chunk: Buffer): void {
    this.#held = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    if (this.#held.length > HELD_BYTES_MAX) this.#socket.destroy();
    else this.#turn();
  }

  end(): void {
    if (this.#from !== null) this.#count(-1);
    this.#from = null;
  }

  #turn(): void {
    let replies = '';
    while (!this.#busy) {
      if (this.#reading) {
        const end = this.#held.indexOf(DOT);
        if (end === -1) break;
        const data = this.#held.subarray(0, end + 2);
        this.#held = this.#held.subarray(end + DOT.length);
        this.#reading = false;
        this.#busy = true;
        void this.#finish(data);
        break;
      }
      const end = this.#held.indexOf('\r\n');
      if (end === -1) break;
      replies += this.#answer(this.#held.toString('latin1', 0, end));
      this.#held = this.#held.subarray(end + 2);
    }
    if (replies !== '') this.#socket.write(replies);
  }

  async #finish(data: Buffer): Promise<void> {
    this.#options.onMail({ from: this.#from ?? '', recipients: this.#recipients, data });
    const waitMs = this.#options.replyAfterMs?.() ?? 0;
    if (waitMs > 0) await delay(waitMs);
    this.#busy = false;
    if (this.#socket.destroyed) return;
    this.#socket.write('250 2.0.0 taken\r\n');
    this.end();
    this.#turn();
  }

  #answer(line: string): string {
    const verb = line.slice(0, 4).toUpperCase();
    switch (verb) {
      case 'EHLO':
        return CAPABILITIES;
      case 'MAIL':
        if (this.#from === null) this.#count(1);
        this.#from = pathOf(line);
        this.#recipients = [];
        return '250 2.1.0 ok\r\n';
      case 'RCPT':
        this.#recipients.push(pathOf(line));
        return '250 2.1.5 ok\r\n';
      case 'DATA':
        this.#reading = true;
        return '354 go on\r\n';
      case 'RSET':
        this.end();
        return '250 2.0.0 ok\r\n';
      case 'QUIT':
        this.#socket.end('221 2.0.0 bye\r\n');
        return '';
      default:
        return verb === 'HELO' || verb === 'NOOP' ? '250 2.0.0 ok\r\n' : '502 5.5.1 what\r\n';
    }
  }
}

function pathOf(line: string): string {
  return /<([^>]*)>/.exec(line)?.[1] ?? '';
}

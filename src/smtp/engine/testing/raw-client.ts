// This file is a bare SMTP client for tests: it writes exactly the bytes it is given and reads replies one by one.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

export class RawClient implements AsyncDisposable {
  #socket: Socket;
  #received = '';
  #closed = false;
  #wake: () => void = () => {};

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#attach();
  }

  /** Connects and reads nothing yet: the greeting is the first reply. */
  static async connect(port: number, options: { readonly tls?: boolean; readonly host?: string } = {}): Promise<RawClient> {
    const host = options.host ?? '127.0.0.1';
    // Half-open as some clients are: the side that still waits for an answer may have closed its own.
    const socket = options.tls
      ? connectTls({ port, host, rejectUnauthorized: false })
      : connect({ port, host, noDelay: true, allowHalfOpen: true });
    await once(socket, options.tls ? 'secureConnect' : 'connect');
    return new RawClient(socket);
  }

  /** Connects, reads the greeting and says EHLO. */
  static async hello(port: number): Promise<RawClient> {
    const client = await RawClient.connect(port);
    await client.reply();
    await client.ask('EHLO client.test');
    return client;
  }

  get socket(): Socket {
    return this.#socket;
  }

  /** The next whole reply, its lines joined by "|"; null when the server closed without one. */
  async reply(): Promise<string | null> {
    for (;;) {
      const whole = /^(?:\d{3}-[^\n]*\n)*\d{3} [^\n]*\n/.exec(this.#received);
      if (whole !== null) {
        this.#received = this.#received.slice(whole[0].length);
        return whole[0].trimEnd().replaceAll('\r\n', '|');
      }
      if (this.#closed) return null;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Every reply until the server closes. */
  async rest(): Promise<string[]> {
    const replies: string[] = [];
    for (let reply = await this.reply(); reply !== null; reply = await this.reply()) replies.push(reply);
    return replies;
  }

  write(bytes: string | Buffer): void {
    this.#socket.write(bytes);
  }

  /** Writes one line and reads one reply. */
  ask(line: string): Promise<string | null> {
    this.write(`${line}\r\n`);
    return this.reply();
  }

  /** Opens a transaction up to the 354. */
  async openData(from = 'a@client.test', to = 'b@client.test'): Promise<string | null> {
    await this.ask(`MAIL FROM:<${from}>`);
    await this.ask(`RCPT TO:<${to}>`);
    return this.ask('DATA');
  }

  /** Does the TLS handshake after a 220 to STARTTLS. */
  async secure(): Promise<void> {
    this.#socket.removeAllListeners();
    const secured = connectTls({ socket: this.#socket, rejectUnauthorized: false });
    this.#socket = secured;
    await once(secured, 'secureConnect');
    this.#attach();
  }

  end(): void {
    this.#socket.end();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.destroy();
    if (!this.#socket.closed) await once(this.#socket, 'close');
  }

  #attach(): void {
    const closed = () => {
      this.#closed = true;
      this.#wake();
    };
    this.#socket.on('data', (chunk: Buffer) => {
      this.#received += chunk.toString('latin1');
      this.#wake();
    });
    this.#socket.on('end', closed);
    this.#socket.on('close', closed);
    this.#socket.on('error', closed);
  }
}

// This file is one SMTP connection to the desk's inbound door (RFC 5321 client side), a command at a time: reports are few.
import { connect, type Socket } from 'node:net';
import type { Report } from './reports.ts';

export type Delivery =
  | { readonly kind: 'taken' | 'refused' | 'later'; readonly reply: string }
  /** The connection is gone or never came about. */
  | { readonly kind: 'broken'; readonly reply: string };

/** The desk is on this machine; ten seconds are already generous. */
const ANSWER_MAX_MS = 10_000;
/** An SMTP answer of more lines than this is no answer. */
const ANSWER_MAX_CHARS = 64 * 1024;

class LineBroken extends Error {}

export class Line {
  readonly #inbound: { readonly host: string; readonly port: number };
  #socket: Socket | null = null;
  #extensions = '';
  #received = '';
  #waiting: { readonly resolve: (reply: string) => void; readonly reject: (error: Error) => void } | null = null;

  constructor(inbound: { readonly host: string; readonly port: number }) {
    this.#inbound = inbound;
  }

  /** Hands over one report; never rejects. */
  async deliver(report: Report): Promise<Delivery> {
    try {
      if (this.#socket === null) await this.#open();
      return await this.#transaction(report);
    } catch (error) {
      this.close();
      return { kind: 'broken', reply: error instanceof Error ? error.message : String(error) };
    }
  }

  close(): void {
    const socket = this.#socket;
    this.#socket = null;
    if (socket !== null && !socket.destroyed) socket.end('QUIT\r\n');
    this.#fail('the line was closed');
  }

  async #open(): Promise<void> {
    const socket = connect({ host: this.#inbound.host, port: this.#inbound.port, noDelay: true });
    this.#socket = socket;
    socket.setEncoding('latin1');
    socket.setTimeout(ANSWER_MAX_MS, () => socket.destroy(new LineBroken('no answer in time')));
    socket.on('error', (error) => this.#fail(error.message));
    socket.on('close', () => {
      this.#fail('the line was closed');
      if (this.#socket === socket) this.#socket = null;
    });
    socket.on('data', (chunk: string) => this.#take(chunk));
    const greeting = await this.#answer();
    if (!greeting.startsWith('220')) throw new LineBroken(greeting);
    const hello = await this.#command('EHLO smarthost.sim.test');
    if (!hello.startsWith('250')) throw new LineBroken(hello);
    this.#extensions = hello.toUpperCase();
  }

  async #transaction(report: Report): Promise<Delivery> {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII includes the control characters
    const ascii = (text: string) => /^[\x00-\x7f]*$/.test(text);
    const eightBit = !ascii(report.mime) && this.#extensions.includes('8BITMIME') ? ' BODY=8BITMIME' : '';
    const utf8 = !ascii(report.to) && this.#extensions.includes('SMTPUTF8') ? ' SMTPUTF8' : '';
    for (const command of [`MAIL FROM:<${report.from ?? ''}>${eightBit}${utf8}`, `RCPT TO:<${report.to}>`, 'DATA']) {
      const reply = await this.#command(command);
      if (reply.startsWith(command === 'DATA' ? '354' : '25')) continue;
      // 421 announces that the server hangs up.
      if (reply.startsWith('421')) throw new LineBroken(reply);
      await this.#command('RSET');
      return { kind: reply.startsWith('5') ? 'refused' : 'later', reply };
    }
    const stuffed = report.mime.replace(/(^|\r\n)\./g, '$1..').replace(/(?:\r\n)?$/, '\r\n');
    const reply = await this.#command(`${stuffed}.`);
    if (reply.startsWith('421')) throw new LineBroken(reply);
    return { kind: reply.startsWith('2') ? 'taken' : reply.startsWith('5') ? 'refused' : 'later', reply };
  }

  #command(line: string): Promise<string> {
    const answer = this.#answer();
    this.#socket?.write(`${line}\r\n`, 'utf8');
    return answer;
  }

  #answer(): Promise<string> {
    return new Promise((resolve, reject) => {
      if (this.#socket === null || this.#socket.destroyed) return reject(new LineBroken('the line was closed'));
      this.#waiting = { resolve, reject };
      this.#take('');
    });
  }

  /** An answer is complete at a line with a space after its code. */
  #take(chunk: string): void {
    this.#received += chunk;
    const found = /^(?:\d{3}-[^\n]*\n)*\d{3}(?: [^\n]*)?\r?\n/.exec(this.#received);
    if (found === null && this.#received.length > ANSWER_MAX_CHARS) this.#fail('the answer has no end');
    if (found === null || this.#waiting === null) return;
    this.#received = this.#received.slice(found[0].length);
    const { resolve } = this.#waiting;
    this.#waiting = null;
    resolve(found[0].trimEnd());
  }

  #fail(reason: string): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.reject(new LineBroken(reason));
  }
}

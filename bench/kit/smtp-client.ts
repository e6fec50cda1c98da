// This file is a small SMTP client for what smtp-source cannot do: log in over TLS, keep count of what was accepted while servers die. One
// command at a time, as most applications speak; one connection, used by one caller at a time.
import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectSecure } from 'node:tls';

export interface SmtpReply {
  readonly code: number;
  readonly text: string;
}

export interface SmtpClient {
  /** Hands one message in and answers the reply to its final dot, or the refusal before it. Rejects when the line breaks. */
  send(mail: { from: string; to: readonly string[]; data: Buffer }): Promise<SmtpReply>;
  /** Says goodbye; never rejects. */
  quit(): Promise<void>;
  /** Drops the connection. */
  destroy(): void;
}

export interface SmtpClientOptions {
  readonly port: number;
  /** STARTTLS without looking at the certificate, then AUTH PLAIN. */
  readonly login?: { readonly username: string; readonly password: string };
}

/** A server that says nothing for this long is taken for dead. */
const SILENCE_LIMIT_MS = 60_000;
const NAME = 'bench.localhost';
const BROKEN = 'the connection broke';

/** Connects, greets and, where a login is given, starts TLS and logs in. Rejects when the server does not want us. */
export async function connectSmtp(options: SmtpClientOptions): Promise<SmtpClient> {
  let line = openLine(connectPlain({ port: options.port, host: '127.0.0.1', noDelay: true }));
  try {
    expect(await line.read(), 220);
    expect(await line.ask(`EHLO ${NAME}`), 250);
    if (options.login) {
      expect(await line.ask('STARTTLS'), 220);
      line = openLine(await secure(line.release()));
      expect(await line.ask(`EHLO ${NAME}`), 250);
      const { username, password } = options.login;
      expect(await line.ask(`AUTH PLAIN ${Buffer.from(`\0${username}\0${password}`).toString('base64')}`), 235);
    }
  } catch (error) {
    line.destroy();
    throw error;
  }
  const open = line;
  return {
    async send({ from, to, data }) {
      const mail = await open.ask(`MAIL FROM:<${from}>`);
      if (mail.code !== 250) return mail;
      for (const address of to) {
        const rcpt = await open.ask(`RCPT TO:<${address}>`);
        if (rcpt.code !== 250) return rcpt;
      }
      const go = await open.ask('DATA');
      if (go.code !== 354) return go;
      return open.ask(data);
    },
    async quit() {
      await open.ask('QUIT').catch(() => undefined);
      open.destroy();
    },
    destroy: () => open.destroy(),
  };
}

/** A message as it goes over the wire after DATA: its final dot included. `bytes`: of the body, about. */
export function wireMessage(headers: Readonly<Record<string, string>>, bytes: number): Buffer {
  const row = `${'The fees of this year have been paid, says the treasurer. '.repeat(2).slice(0, 76)}\r\n`;
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`${head.join('')}\r\n${row.repeat(Math.ceil(bytes / row.length))}.\r\n`, 'latin1');
}

interface Line {
  read(): Promise<SmtpReply>;
  ask(command: string | Buffer): Promise<SmtpReply>;
  /** Lets the socket go, for TLS. */
  release(): Socket;
  destroy(): void;
}

function openLine(socket: Socket): Line {
  let received = '';
  let broken: Error | null = null;
  let waiting: { resolve: (reply: SmtpReply) => void; reject: (error: Error) => void } | null = null;
  const turn = () => {
    // The last line of a reply has a blank after its code (RFC 5321 §4.2.1).
    const end = /^(\d{3})(?: .*)?\r\n/m.exec(received);
    if (!waiting) return;
    const { resolve, reject } = waiting;
    if (end) {
      const text = received.slice(0, end.index + end[0].length).trimEnd();
      received = received.slice(end.index + end[0].length);
      waiting = null;
      resolve({ code: Number(end[1]), text });
    } else if (broken) {
      waiting = null;
      reject(broken);
    }
  };
  const fail = (error: Error) => {
    broken ??= error;
    turn();
  };
  const onData = (chunk: Buffer) => {
    received += chunk.toString('latin1');
    turn();
  };
  const onError = (error: Error) => fail(error);
  const onClose = () => fail(new Error(BROKEN));
  socket.on('data', onData).on('error', onError).on('close', onClose);
  socket.setTimeout(SILENCE_LIMIT_MS, () => socket.destroy(new Error('the server is silent')));
  const read = () =>
    new Promise<SmtpReply>((resolve, reject) => {
      waiting = { resolve, reject };
      turn();
    });
  return {
    read,
    ask(command) {
      if (!broken) socket.write(typeof command === 'string' ? `${command}\r\n` : command);
      return read();
    },
    release() {
      socket.off('data', onData).off('error', onError).off('close', onClose);
      return socket;
    },
    destroy: () => void socket.destroy(),
  };
}

function secure(socket: Socket): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const tls = connectSecure({ socket, rejectUnauthorized: false }, () => resolve(tls));
    tls.once('error', reject);
  });
}

function expect(reply: SmtpReply, code: number): void {
  if (reply.code !== code) throw new Error(`expected ${code}, was answered ${reply.text}`);
}

// This file is a smarthost for tests: a small honest SMTP server that a test can script per command, cut off at any byte, make slow, and
// ask what it truly accepted. A message counts as accepted when the 2yz reply to its dot is decided, before that reply is written.
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, TLSSocket } from 'node:tls';
import type { Certificate } from './certificate.ts';

export type HostStage = 'connect' | 'ehlo' | 'helo' | 'starttls' | 'auth' | 'mail' | 'rcpt' | 'data' | 'dot' | 'rset' | 'quit' | 'other';

export interface HostContext {
  /** The command line without its line end; empty at `connect` and `dot`. */
  readonly line: string;
  /** 1 for the first connection, and so on. */
  readonly session: number;
  readonly mailFrom: string;
  readonly rcptTo: readonly string[];
}

/** What to do instead of the honest answer: a reply (no line end needed), or more; `undefined` means be honest. */
export type HostAct =
  | string
  | undefined
  | {
      readonly reply?: string;
      /** Bytes written as they are, in place of a reply. */
      readonly raw?: string;
      /** Cut the line, before or after the reply. */
      readonly cut?: 'before' | 'after';
      /** Answer only when this has resolved. */
      readonly hold?: Promise<unknown>;
    };

export interface AcceptedMail {
  readonly mailFrom: string;
  readonly mailLine: string;
  readonly rcptTo: readonly string[];
  readonly rcptLines: readonly string[];
  /** Dots undoubled, without the final dot. */
  readonly mime: Buffer;
  readonly session: number;
  readonly tls: boolean;
  readonly queueId: string;
}

export interface HostOptions {
  /** Lines of the EHLO answer after the first; STARTTLS and AUTH are added where they are on. */
  readonly extensions?: readonly string[];
  readonly tls?: 'none' | 'starttls' | 'implicit';
  readonly certificate?: Certificate;
  readonly login?: { readonly username: string; readonly password: string };
  readonly mechanisms?: readonly string[];
  readonly answer?: (stage: HostStage, context: HostContext) => HostAct;
}

export const ALL_EXTENSIONS = ['PIPELINING', 'SIZE 10485760', '8BITMIME', 'SMTPUTF8', 'DSN', 'ENHANCEDSTATUSCODES'] as const;

export interface SmtpHost {
  readonly port: number;
  readonly accepted: AcceptedMail[];
  /** Every command line, with the session it came in. */
  readonly heard: { readonly session: number; readonly line: string }[];
  /** Connections that ever came, and those open now. */
  sessions: number;
  open: number;
  /** Sessions whose TLS was resumed. */
  resumed: number;
  answer: (stage: HostStage, context: HostContext) => HostAct;
  /** Cut a session after so many bytes read from it, or written to it; later bytes are neither read nor written. */
  cutAfterIn: number;
  cutAfterOut: number;
  /** Reset the line instead of closing it when cutting. */
  cutHard: boolean;
  close(): Promise<void>;
}

/** Starts a host on 127.0.0.1, any port. */
export async function startSmtpHost(options: HostOptions = {}): Promise<SmtpHost> {
  const { certificate, tls = 'none' } = options;
  const sockets = new Set<Socket>();
  const pair = certificate === undefined ? {} : { key: certificate.key, cert: certificate.cert };
  const onSocket = (socket: Socket) => {
    socket.setNoDelay(true);
    host.sessions += 1;
    host.open += 1;
    sockets.add(socket);
    socket.on('close', () => {
      host.open -= 1;
      sockets.delete(socket);
    });
    new Session(host, options, socket, host.sessions).greet();
  };
  const server: Server = tls === 'implicit' ? createTlsServer(pair, onSocket) : createServer(onSocket);
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const host: SmtpHost = {
    port: address !== null && typeof address === 'object' ? address.port : 0,
    accepted: [],
    heard: [],
    sessions: 0,
    open: 0,
    resumed: 0,
    answer: options.answer ?? (() => undefined),
    cutAfterIn: Number.POSITIVE_INFINITY,
    cutAfterOut: Number.POSITIVE_INFINITY,
    cutHard: false,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return host;
}

const DOT_END = Buffer.from('\r\n.\r\n');

class Session {
  #socket: Socket;
  #buffer: Buffer = Buffer.alloc(0);
  #mode: 'command' | 'data' | 'auth' = 'command';
  #mailLine = '';
  #rcptLines: string[] = [];
  #authLines: string[] = [];
  #mechanism = '';
  #loggedIn = false;
  #tls: boolean;
  #readBytes = 0;
  #wroteBytes = 0;
  #busy = false;
  #dead = false;
  readonly #host: SmtpHost;
  readonly #options: HostOptions;
  readonly #number: number;

  constructor(host: SmtpHost, options: HostOptions, socket: Socket, number: number) {
    this.#host = host;
    this.#options = options;
    this.#socket = socket;
    this.#number = number;
    this.#tls = socket instanceof TLSSocket;
    if (socket instanceof TLSSocket && socket.isSessionReused()) host.resumed += 1;
    this.#listen(socket);
  }

  greet(): void {
    void this.#act('connect', '', '220 fake.example ESMTP').then(() => this.#pump());
  }

  #listen(socket: Socket): void {
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#dead = true;
    });
    socket.on('data', (chunk: Buffer) => {
      const room = this.#host.cutAfterIn - this.#readBytes;
      this.#readBytes += chunk.length;
      this.#buffer = Buffer.concat([this.#buffer, chunk.subarray(0, Math.max(0, room))]);
      void this.#pump().then(() => {
        if (this.#readBytes >= this.#host.cutAfterIn) this.#cut();
      });
    });
  }

  async #pump(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    while (!this.#dead && (await this.#step()));
    this.#busy = false;
  }

  /** Handles one command or one message; false when more bytes are needed. */
  async #step(): Promise<boolean> {
    if (this.#mode === 'data') return this.#message();
    const at = this.#buffer.indexOf('\r\n');
    if (at === -1) return false;
    const line = this.#buffer.toString('utf8', 0, at);
    this.#buffer = this.#buffer.subarray(at + 2);
    this.#host.heard.push({ session: this.#number, line });
    if (this.#mode === 'auth') await this.#authStep(line);
    else await this.#command(line);
    return true;
  }

  async #message(): Promise<boolean> {
    // The data begins after a line end, so a first line of a lone dot ends it at once.
    const whole = Buffer.concat([Buffer.from('\r\n'), this.#buffer]);
    const end = whole.indexOf(DOT_END);
    if (end === -1) return false;
    this.#buffer = whole.subarray(end + DOT_END.length);
    this.#mode = 'command';
    const text = end === 0 ? '' : whole.toString('latin1', 2, end + 2);
    const mime = Buffer.from(text.replace(/(^|\r\n)\./g, '$1'), 'latin1');
    const queueId = `Q${this.#number}x${this.#host.accepted.length + 1}`;
    const mail = {
      mailFrom: pathIn(this.#mailLine),
      mailLine: this.#mailLine,
      rcptTo: this.#rcptLines.map(pathIn),
      rcptLines: this.#rcptLines,
    };
    await this.#act('dot', '', `250 2.0.0 Ok: queued as ${queueId}`, (reply) => {
      if (reply.startsWith('2')) this.#host.accepted.push({ ...mail, mime, session: this.#number, tls: this.#tls, queueId });
    });
    this.#reset();
    return true;
  }

  async #command(line: string): Promise<void> {
    const verb = /^(EHLO|HELO|STARTTLS|AUTH|MAIL|RCPT|DATA|RSET|QUIT)\b/i.exec(line)?.[1]?.toLowerCase() ?? 'other';
    // The list of verbs above is the list of stages.
    const stage = verb as HostStage;
    switch (stage) {
      case 'ehlo':
        return this.#act(stage, line, this.#hello());
      case 'starttls':
        await this.#act(stage, line, '220 2.0.0 go ahead');
        return this.#startTls();
      case 'auth':
        return this.#auth(line);
      case 'mail':
        if (this.#options.login !== undefined && !this.#loggedIn) return this.#act(stage, line, '530 5.7.0 Authentication required');
        if (this.#mailLine !== '') return this.#act(stage, line, '503 5.5.1 nested MAIL command');
        return this.#act(stage, line, '250 2.1.0 Ok', (reply) => {
          if (reply.startsWith('2')) this.#mailLine = line;
        });
      case 'rcpt':
        if (this.#mailLine === '') return this.#act(stage, line, '503 5.5.1 need MAIL command');
        return this.#act(stage, line, '250 2.1.5 Ok', (reply) => {
          if (reply.startsWith('2')) this.#rcptLines.push(line);
        });
      case 'data':
        return this.#act(stage, line, this.#rcptLines.length === 0 ? '554 5.5.1 no valid recipients' : '354 go', (reply) => {
          if (reply.startsWith('3')) this.#mode = 'data';
        });
      case 'rset':
        this.#reset();
        return this.#act(stage, line, '250 2.0.0 Ok');
      case 'quit':
        await this.#act(stage, line, '221 2.0.0 Bye');
        this.#socket.end();
        return;
      default:
        return this.#act(stage, line, stage === 'helo' ? '250 fake.example' : '500 5.5.2 unknown command');
    }
  }

  #reset(): void {
    this.#mailLine = '';
    this.#rcptLines = [];
  }

  #hello(): string {
    const lines = [...(this.#options.extensions ?? ALL_EXTENSIONS)];
    if (this.#options.tls === 'starttls' && !this.#tls) lines.push('STARTTLS');
    if (this.#options.login !== undefined) lines.push(`AUTH ${(this.#options.mechanisms ?? ['PLAIN', 'LOGIN']).join(' ')}`);
    return ['fake.example', ...lines].map((text, at) => `250${at === lines.length ? ' ' : '-'}${text}`).join('\r\n');
  }

  #startTls(): void {
    const { certificate } = this.#options;
    if (this.#dead || certificate === undefined || this.#tls) return;
    this.#socket.removeAllListeners('data');
    this.#buffer = Buffer.alloc(0);
    const secure = new TLSSocket(this.#socket, { isServer: true, key: certificate.key, cert: certificate.cert });
    this.#socket = secure;
    this.#tls = true;
    secure.once('secure', () => {
      if (secure.isSessionReused()) this.#host.resumed += 1;
    });
    this.#listen(secure);
  }

  async #auth(line: string): Promise<void> {
    const [, mechanism = '', initial] = line.split(' ');
    this.#mechanism = mechanism.toUpperCase();
    this.#authLines = [];
    if (initial !== undefined) return this.#authStep(initial);
    return this.#act('auth', line, this.#mechanism === 'LOGIN' ? '334 VXNlcm5hbWU6' : '334 ', (reply) => {
      if (reply.startsWith('3')) this.#mode = 'auth';
    });
  }

  async #authStep(line: string): Promise<void> {
    this.#authLines.push(Buffer.from(line, 'base64').toString());
    if (this.#mechanism === 'LOGIN' && this.#authLines.length < 2) {
      this.#mode = 'auth';
      return this.#act('auth', line, '334 UGFzc3dvcmQ6');
    }
    this.#mode = 'command';
    const given = this.#mechanism === 'LOGIN' ? this.#authLines.join('\0') : (this.#authLines[0] ?? '').slice(1);
    const { login } = this.#options;
    const right = login !== undefined && given === `${login.username}\0${login.password}`;
    return this.#act('auth', line, right ? '235 2.7.0 welcome' : '535 5.7.8 wrong name or password', (reply) => {
      this.#loggedIn = reply.startsWith('2');
    });
  }

  async #act(stage: HostStage, line: string, honest: string, decided: (reply: string) => void = () => {}): Promise<void> {
    const rcptTo = this.#rcptLines.map(pathIn);
    const act = this.#host.answer(stage, { line, session: this.#number, mailFrom: pathIn(this.#mailLine), rcptTo });
    const { reply = honest, raw, cut, hold } = typeof act === 'object' ? act : { reply: act ?? honest };
    if (hold !== undefined) await hold;
    if (cut === 'before') return this.#cut();
    decided(raw ?? reply);
    this.#write(raw ?? `${reply}\r\n`);
    if (cut === 'after') this.#cut();
  }

  #write(text: string): void {
    if (this.#dead) return;
    const bytes = Buffer.from(text);
    const room = this.#host.cutAfterOut - this.#wroteBytes;
    this.#wroteBytes += bytes.length;
    if (room > 0) this.#socket.write(bytes.subarray(0, room));
    if (this.#wroteBytes >= this.#host.cutAfterOut) this.#cut();
  }

  #cut(): void {
    if (this.#dead) return;
    this.#dead = true;
    if (this.#host.cutHard) this.#socket.resetAndDestroy();
    else this.#socket.end(() => this.#socket.destroy());
  }
}

/** The path between the angle brackets. */
function pathIn(line: string): string {
  return /<(.*?)>(?: |$)/.exec(line)?.[1] ?? '';
}

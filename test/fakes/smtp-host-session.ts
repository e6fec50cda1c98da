// This file is one session of the fake smarthost: it reads commands and messages, and answers as the test scripted or honestly.
import type { Socket } from 'node:net';
import { type SecureContext, TLSSocket } from 'node:tls';
import type { HostOptions, HostStage, SmtpHost } from './smtp-host.ts';

export interface SessionOptions extends HostOptions {
  readonly extensions: readonly string[];
  readonly context: SecureContext | undefined;
}

const TOKEN_MECHANISMS = ['OAUTHBEARER', 'XOAUTH2'];
const TOKEN_FORM = '^user=([^\x01]*)\x01auth=Bearer ([!-~]+)\x01\x01$';
const DOT_END = Buffer.from('\r\n.\r\n');

export class HostSession {
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
  readonly #options: SessionOptions;
  readonly #number: number;

  constructor(host: SmtpHost, options: SessionOptions, socket: Socket, number: number) {
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
      const limit = this.#number <= this.#host.cutSessions ? this.#host.cutAfterIn : Number.POSITIVE_INFINITY;
      const room = limit - this.#readBytes;
      this.#readBytes += chunk.length;
      this.#buffer = Buffer.concat([this.#buffer, chunk.subarray(0, Math.max(0, room))]);
      void this.#pump().then(() => {
        if (this.#readBytes >= limit) this.#cut();
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
        if ((this.#options.login ?? this.#options.tokenGood) !== undefined && !this.#loggedIn)
          return this.#act(stage, line, '530 5.7.0 Authentication required');
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
    const lines = [...this.#options.extensions];
    if (this.#options.tls === 'starttls' && !this.#tls) lines.push('STARTTLS');
    const { login, tokenGood, mechanisms = login === undefined ? ['OAUTHBEARER', 'XOAUTH2'] : ['PLAIN', 'LOGIN'] } = this.#options;
    if (login !== undefined || tokenGood !== undefined) lines.push(`AUTH ${mechanisms.join(' ')}`);
    return ['fake.example', ...lines].map((text, at) => `250${at === lines.length ? ' ' : '-'}${text}`).join('\r\n');
  }

  #startTls(): void {
    const { context } = this.#options;
    if (this.#dead || context === undefined || this.#tls) return;
    this.#socket.removeAllListeners('data');
    this.#buffer = Buffer.alloc(0);
    const secure = new TLSSocket(this.#socket, { isServer: true, secureContext: context });
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
    if (TOKEN_MECHANISMS.includes(this.#mechanism)) return this.#tokenStep(line);
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

  /** RFC 7628 §3.2.2: a token that is not good is answered with a challenge, and refused after the client gave up. */
  async #tokenStep(line: string): Promise<void> {
    const [first = ''] = this.#authLines;
    const bearer = this.#mechanism === 'OAUTHBEARER';
    const { port } = this.#host;
    const form = bearer ? `^n,a=([^,]*),\x01host=127\\.0\\.0\\.1\x01port=${port}\x01auth=Bearer ([!-~]+)\x01\x01$` : TOKEN_FORM;
    const [, username = '', token = ''] = new RegExp(form).exec(first) ?? [];
    const good = this.#options.tokenGood?.(username.replaceAll('=2C', ',').replaceAll('=3D', '='), token) === true;
    if (this.#authLines.length === 1 && !good) {
      this.#mode = 'auth';
      return this.#act('auth', line, `334 ${Buffer.from('{"status":"invalid_token","schemes":"bearer"}').toString('base64')}`);
    }
    this.#mode = 'command';
    const ended = line === (bearer ? 'AQ==' : '');
    return this.#act('auth', line, good ? '235 2.7.0 welcome' : ended ? '535 5.7.8 token refused' : '501 5.5.2 what', (reply) => {
      this.#loggedIn = reply.startsWith('2');
    });
  }

  async #act(stage: HostStage, line: string, honest: string, decided: (reply: string) => void = () => {}): Promise<void> {
    const rcptTo = this.#rcptLines.map(pathIn);
    const behind = this.#buffer.toString('latin1');
    const act = this.#host.answer(stage, { line, session: this.#number, mailFrom: pathIn(this.#mailLine), rcptTo, behind });
    const { reply = honest, raw, cut, hold, deaf } = typeof act === 'object' ? act : { reply: act ?? honest };
    if (hold !== undefined) await hold;
    if (cut === 'before') return this.#cut();
    decided(raw ?? reply);
    this.#write(raw ?? `${reply}\r\n`);
    if (deaf) this.#socket.pause();
    if (cut === 'after') this.#cut();
  }

  #write(text: string): void {
    if (this.#dead) return;
    const bytes = Buffer.from(text);
    const limit = this.#number <= this.#host.cutSessions ? this.#host.cutAfterOut : Number.POSITIVE_INFINITY;
    const room = limit - this.#wroteBytes;
    this.#wroteBytes += bytes.length;
    if (room > 0) this.#socket.write(bytes.subarray(0, room));
    if (this.#wroteBytes >= limit) this.#cut();
  }

  #cut(): void {
    if (this.#dead) return;
    this.#dead = true;
    // A reset after `end` leaves Node with a handle that is never closed and spins (seen on 24.21).
    if (this.#host.cutHard && !this.#socket.writableEnded) this.#socket.resetAndDestroy();
    else this.#socket.end(() => this.#socket.destroy());
  }
}

/** The path between the angle brackets. */
function pathIn(line: string): string {
  return /<(.*?)>(?: |$)/.exec(line)?.[1] ?? '';
}

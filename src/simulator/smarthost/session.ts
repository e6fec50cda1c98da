// This file is one SMTP conversation with the simulated smarthost (RFC 5321, 2920 pipelining, 4954 AUTH, 3461 DSN parameters): plain,
// forgiving about order, strict about line ends at the end of data.
import type { Socket } from 'node:net';
import type { Account } from '../accounts.ts';
import { fateOf } from '../fate-choice.ts';
import { HANG_MS } from '../http/exchange.ts';
import type { Outage } from '../outages.ts';
import { replyText } from '../replies.ts';
import type { World } from '../world.ts';
import { takeMail } from './accept.ts';
import { type DataReader, makeDataReader } from './data.ts';
import { type MailCommand, parseMail, parseRcpt, type RcptCommand, unstuff } from './envelope.ts';

export interface SessionDeps {
  readonly world: World;
  readonly outage: () => Outage | null;
  /** The account of a user name, or of nobody. */
  readonly account: (username: string | null) => Account | null;
  /** Counts one recipient; false when the account's quota has no room for it. */
  readonly charge: (account: Account) => boolean;
}

/** One command line; RFC 5321 asks for 512 and more for extensions. */
const LINE_MAX_BYTES = 8_192;
/** RFC 5321 §4.5.3.1.8 asks for at least 100. */
const RCPTS_MAX = 1_000;
/** RFC 5321 §4.5.3.2.7. */
const IDLE_MAX_MS = 300_000;
const HOST = 'smarthost.sim.test';

export class Session {
  readonly #socket: Socket;
  readonly #deps: SessionDeps;
  #buffer: Buffer = Buffer.alloc(0);
  #out: string[] = [];
  /** An answer that comes late; nothing is read before it is out. */
  #paused = false;
  #closing = false;
  #account: Account | null;
  #authenticated = false;
  /** The step of AUTH that waits for a line. */
  #awaiting: ((line: string) => string) | null = null;
  #mail: MailCommand | null = null;
  #rcpts: RcptCommand[] = [];
  #data: DataReader | null = null;

  /** Greets and talks with one client until it leaves. */
  constructor(socket: Socket, deps: SessionDeps) {
    this.#socket = socket;
    this.#deps = deps;
    this.#account = deps.account(null);
    socket.setTimeout(IDLE_MAX_MS, () => socket.destroy());
    socket.setNoDelay(true);
    // A client that breaks the line needs no answer.
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk: Buffer) => {
      this.#buffer = this.#buffer.length === 0 ? chunk : Buffer.concat([this.#buffer, chunk]);
      this.#work();
    });
    this.#say(`220 ${HOST} ESMTP Packetboat simulator`);
    this.#flush();
  }

  /** Queues an answer; one that takes leave ends the conversation once it is out. */
  #say(reply: string | null): void {
    if (reply === null) return;
    this.#out.push(`${reply}\r\n`);
    if (/^(?:221|421|500) /.test(reply)) this.#closing = true;
  }

  /** Answers go out once per burst of commands, as PIPELINING wants it. */
  #flush(): void {
    const text = this.#out.join('');
    this.#out = [];
    if (text === '' || this.#socket.destroyed) return;
    const outage = this.#deps.outage();
    if (outage?.kind !== 'slow') {
      this.#write(text);
      return;
    }
    this.#paused = true;
    setTimeout(() => {
      this.#paused = false;
      if (this.#socket.destroyed) return;
      this.#write(text);
      this.#work();
    }, outage.delayMs).unref();
  }

  #write(text: string): void {
    if (this.#closing) this.#socket.end(text);
    else this.#socket.write(text);
  }

  #work(): void {
    while (!this.#paused && !this.#closing && !this.#socket.destroyed && this.#buffer.length > 0) {
      if (!(this.#data === null ? this.#readLine() : this.#readData(this.#data))) break;
    }
    this.#flush();
  }

  /** Handles one command line; false when none is complete. */
  #readLine(): boolean {
    const end = this.#buffer.indexOf(0x0a);
    if (end > LINE_MAX_BYTES || (end < 0 && this.#buffer.length > LINE_MAX_BYTES)) this.#say('500 5.5.2 Line too long');
    if (end < 0 || this.#closing) return false;
    const line = this.#buffer.toString('utf8', 0, end).replace(/\r$/, '');
    this.#buffer = this.#buffer.subarray(end + 1);
    const waiting = this.#awaiting;
    this.#awaiting = null;
    if (waiting === null) this.#say(this.#command(line));
    else this.#say(line === '*' ? '501 5.7.0 Authentication cancelled' : waiting(line));
    return true;
  }

  #readData(data: DataReader): boolean {
    const read = data.push(this.#buffer);
    this.#buffer = read.rest;
    if (!read.done) return false;
    this.#data = null;
    this.#say(this.#endOfData(data.content()));
    return true;
  }

  #command(line: string): string {
    const space = line.indexOf(' ');
    const verb = (space < 0 ? line : line.slice(0, space)).toUpperCase();
    const rest = space < 0 ? '' : line.slice(space + 1).trim();
    switch (verb) {
      case 'EHLO':
        this.#reset();
        return extensions(this.#account?.sizeMaxBytes ?? 0);
      case 'HELO':
        this.#reset();
        return `250 ${HOST}`;
      case 'AUTH':
        return this.#auth(rest);
      case 'MAIL':
        return this.#mailFrom(rest);
      case 'RCPT':
        return this.#rcptTo(rest);
      case 'DATA':
        return this.#beginData();
      case 'RSET':
        this.#reset();
        return '250 2.0.0 Ok';
      case 'NOOP':
        return '250 2.0.0 Ok';
      case 'VRFY':
        return '252 2.5.0 Send a message and see';
      case 'QUIT':
        return '221 2.0.0 Bye';
      default:
        return '502 5.5.2 Command not known here';
    }
  }

  #auth(rest: string): string {
    const [mechanism = '', initial] = rest.split(' ');
    const plain = (encoded: string) => {
      const [, username = '', password = ''] = decode(encoded).split('\0');
      return this.#authenticate(username, password);
    };
    const login = (name: string) => this.#ask('UGFzc3dvcmQ6', (password) => this.#authenticate(decode(name), decode(password)));
    if (mechanism.toUpperCase() === 'PLAIN') return initial === undefined ? this.#ask('', plain) : plain(initial);
    if (mechanism.toUpperCase() === 'LOGIN') return initial === undefined ? this.#ask('VXNlcm5hbWU6', login) : login(initial);
    return '504 5.5.4 Only PLAIN and LOGIN are offered';
  }

  #ask(prompt: string, next: (line: string) => string): string {
    this.#awaiting = next;
    return `334 ${prompt}`;
  }

  #authenticate(username: string, password: string): string {
    const found = username === '' ? null : this.#deps.account(username);
    if (found === null || (found.password !== null && found.password !== password)) return '535 5.7.8 Authentication credentials invalid';
    if (this.#deps.outage()?.kind === 'suspended') return '535 5.7.8 This account is suspended';
    this.#account = found;
    this.#authenticated = true;
    return '235 2.7.0 Authentication successful';
  }

  #mailFrom(rest: string): string {
    const trouble = outageReply(this.#deps.outage());
    if (trouble !== null) return trouble;
    const account = this.#account;
    if (account === null || (account.password !== null && !this.#authenticated)) return '530 5.7.0 Authentication required';
    const command = parseMail(rest);
    if (command === null) return '501 5.1.7 Write MAIL FROM:<address>';
    if ((command.sizeBytes ?? 0) > account.sizeMaxBytes) return '552 5.3.4 Message size exceeds the fixed limit';
    this.#reset();
    this.#mail = command;
    return '250 2.1.0 Ok';
  }

  #rcptTo(rest: string): string {
    if (this.#mail === null || this.#account === null) return '503 5.5.1 MAIL first';
    const command = parseRcpt(rest);
    if (command === null) return '501 5.1.3 Write RCPT TO:<address>';
    if (this.#rcpts.length >= RCPTS_MAX) return '452 4.5.3 Too many recipients';
    const { address } = command;
    const { door } = fateOf(address).fate;
    if (door === 'foreign') return replyText('foreign', address);
    if (door === 'refuse-at-rcpt') return replyText('unknown-user', address);
    if (door === 'defer-at-rcpt' && this.#deps.world.door(address, `smtp:${this.#mail.address}:${address}`) !== null) {
      return '450 4.2.0 Mailbox busy, try again later';
    }
    if (!this.#deps.charge(this.#account)) return '454 4.7.0 Daily sending quota exceeded';
    this.#rcpts.push(command);
    return '250 2.1.5 Ok';
  }

  #beginData(): string {
    if (this.#mail === null) return '503 5.5.1 MAIL first';
    if (this.#rcpts.length === 0) return '554 5.5.1 No valid recipients';
    this.#data = makeDataReader(this.#account?.sizeMaxBytes ?? 0);
    return '354 End data with <CR><LF>.<CR><LF>';
  }

  /** The answer to the final dot, or null where the line says nothing more. */
  #endOfData(content: Buffer | null): string | null {
    const mail = this.#mail;
    const rcpts = this.#rcpts;
    this.#reset();
    if (content === null) return '552 5.3.4 Message size exceeds the fixed limit';
    if (mail === null || this.#account === null) return '503 5.5.1 MAIL first';
    const taken = takeMail({ account: this.#account, mail, rcpts, mime: unstuff(content) }, this.#deps.world);
    const lying = taken.accepted && this.#deps.outage()?.kind === 'lying';
    if (taken.line === 'drop' || (lying && content.length % 2 === 0)) {
      this.#socket.destroy();
      return null;
    }
    if (lying) return 'It works!';
    if (taken.line === 'answer') return taken.reply;
    this.#paused = true;
    setTimeout(() => this.#socket.destroy(), taken.seconds === null ? HANG_MS : taken.seconds * 1_000).unref();
    return null;
  }

  #reset(): void {
    this.#mail = null;
    this.#rcpts = [];
  }
}

function decode(base64: string): string {
  return Buffer.from(base64, 'base64').toString('utf8');
}

function extensions(sizeMaxBytes: number): string {
  const offered = [HOST, 'PIPELINING', `SIZE ${sizeMaxBytes}`, '8BITMIME', 'SMTPUTF8', 'ENHANCEDSTATUSCODES', 'DSN', 'AUTH PLAIN LOGIN'];
  return offered.map((word, index) => `250${index === offered.length - 1 ? ' ' : '-'}${word}`).join('\r\n');
}

function outageReply(outage: Outage | null): string | null {
  switch (outage?.kind) {
    case '5xx':
      return '421 4.3.0 Internal error, try again later';
    case 'throttle':
      return '421 4.7.0 Too many messages, slow down and try again later';
    case 'quota':
      return '454 4.7.0 Daily sending quota exceeded';
    case 'suspended':
      return '550 5.7.1 This account is suspended';
    default:
      return null;
  }
}

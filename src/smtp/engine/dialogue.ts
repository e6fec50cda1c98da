// This file is the SMTP server's side of a conversation (RFC 5321 §4.1, §4.3): lines go in, replies come out, it knows no sockets.
//
// Modes: `command` takes command lines → `auth` takes the client's answers to AUTH challenges → `data` takes a message until its end →
// `tls` waits for the handshake after STARTTLS was agreed → `closed` takes nothing more: the reply given last ends the connection.
// auth, data and tls go back to `command`; every mode can go to `closed`.

import { AuthExchange, type AuthStep } from './auth.ts';
import type { Garbage } from './command-line.ts';
import type { MaybePromise, SmtpServerOptions, SmtpSession } from './contract.ts';
import type { DataOutcome } from './data-reader.ts';
import { isLoopback } from './peer.ts';
import { errorReply, renderReply, replyOfError, whenAnswered } from './replies.ts';
import { Transaction } from './transaction.ts';

export type DialogueMode = 'command' | 'auth' | 'data' | 'tls' | 'closed';

/** The engine's own, writable side of a session. */
export interface LiveSession<State> extends SmtpSession<State> {
  secure: boolean;
  helo: string;
  esmtp: boolean;
}

/** Longest name a client may give itself (RFC 5321 §4.5.3.1.2). */
const HELO_MAX = 255;

const BYE = '221 2.0.0 Goodbye\r\n';
const OK = '250 2.0.0 Ok\r\n';
const UNKNOWN = '500 5.5.1 Unknown command; HELP lists what is known here\r\n';
const NOT_HERE = '502 5.5.1 This command is switched off\r\n';
const HELO_FIRST = '503 5.5.1 Say EHLO first\r\n';
const HELO_FORM = '501 5.5.4 Give the name of your machine after EHLO\r\n';
const ALONE = '501 5.5.4 This command stands alone on its line\r\n';
const NO_VRFY = '252 2.5.0 Addresses are not verified here; try it with a message\r\n';
const HELP = '214 2.0.0 EHLO HELO STARTTLS AUTH MAIL RCPT DATA RSET NOOP VRFY HELP QUIT\r\n';
const TLS_READY = '220 2.0.0 Ready to start TLS\r\n';
const TLS_UP = '503 5.5.1 TLS is up already\r\n';
const TLS_BEFORE_AUTH = '503 5.5.1 STARTTLS comes before AUTH\r\n';
const AUTH_DONE = '503 5.5.1 You are logged in already\r\n';
const AUTH_IN_MAIL = '503 5.5.1 AUTH does not go inside a transaction\r\n';
const AUTH_OK = '235 2.7.0 Logged in\r\n';
const AUTH_NEEDS_TLS = renderReply(errorReply('TLS_REQUIRED', 'Login without TLS is not offered to you.'));
const TOO_MANY_ERRORS = '421 4.7.0 Too many errors; goodbye\r\n';
const WEB_CLIENT = '421 4.7.0 This is a mail server, not a web server; goodbye\r\n';

/** First words of HTTP requests: a browser was made to speak to us, and the body of its request must not become commands. */
const WEB_VERBS = new Set(['GET', 'POST', 'PUT', 'HEAD', 'OPTIONS', 'PATCH', 'DELETE', 'CONNECT']);

/** One conversation. Methods answer with the bytes to write; a promise never rejects. */
export class Dialogue<State> {
  mode: DialogueMode = 'command';
  readonly session: LiveSession<State>;
  readonly #options: SmtpServerOptions<State>;
  readonly #transaction: Transaction<State>;
  #auth: AuthExchange | null = null;
  #loggedIn = false;
  #errors = 0;
  #idleCommands = 0;
  #refusedRecipients = 0;
  #authFailures = 0;
  #beforeAuth = 0;

  constructor(session: LiveSession<State>, options: SmtpServerOptions<State>) {
    this.session = session;
    this.#options = options;
    this.#transaction = new Transaction(session, options);
  }

  /** A transaction is open, or its message is on the way. */
  get inTransaction(): boolean {
    return this.#transaction.open || this.mode === 'data';
  }

  greet(): MaybePromise<string> {
    const { handlers, hostname, log } = this.#options;
    return whenAnswered(
      () => handlers.onConnect?.(this.session),
      (reply) => {
        if (reply !== undefined && reply.code >= 400) this.mode = 'closed';
        return reply === undefined ? `220 ${hostname} ESMTP Packetboat\r\n` : renderReply(reply);
      },
      (error) => {
        this.mode = 'closed';
        return renderReply(replyOfError(error, log, { session: this.session.number, command: 'connect' }));
      },
    );
  }

  /** RFC 3207 §4.2: after the handshake everything starts anew. */
  secured(): void {
    this.session.secure = true;
    this.session.helo = '';
    this.session.esmtp = false;
    this.#transaction.reset();
    this.mode = 'command';
  }

  /** A line without its CR LF, checked for forbidden bytes, decoded as UTF-8. */
  line(line: string): MaybePromise<string> {
    if (this.mode === 'auth') return this.#authStep(this.#auth?.answer(line) ?? null);
    const space = line.indexOf(' ');
    const verb = (space < 0 ? line : line.slice(0, space)).toUpperCase();
    const argument = space < 0 ? '' : line.slice(space + 1);
    const { auth, limits } = this.#options;
    if (auth?.required && !this.session.authenticated && ++this.#beforeAuth > limits.commandsBeforeAuth)
      return this.#hangUp(TOO_MANY_ERRORS);
    const answer = this.#command(verb, argument);
    return typeof answer === 'string' ? this.#count(verb, answer) : answer.then((text) => this.#count(verb, text));
  }

  /** A line that cannot be a command at all. */
  garbage({ reply, hangUp }: Garbage): string {
    if (hangUp) return this.#hangUp(reply);
    this.mode = 'command';
    this.#auth = null;
    return this.#count('', reply);
  }

  /** The message announced by DATA is read to its end. */
  finishData(outcome: DataOutcome): MaybePromise<string> {
    this.mode = 'command';
    const answer = this.#transaction.finish(outcome);
    return typeof answer === 'string' ? this.#count('.', answer) : answer.then((text) => this.#count('.', text));
  }

  #command(verb: string, argument: string): MaybePromise<string> {
    switch (verb) {
      case 'MAIL':
        return this.session.helo === '' ? HELO_FIRST : this.#transaction.mail(argument);
      case 'RCPT':
        return this.#transaction.rcpt(argument);
      case 'DATA': {
        const reply = this.#transaction.data(argument);
        if (reply.startsWith('354')) this.mode = 'data';
        return reply;
      }
      case 'EHLO':
      case 'HELO':
        return this.#hello(verb === 'EHLO', argument);
      case 'AUTH':
        return this.#startAuth(argument);
      case 'STARTTLS':
        return this.#startTls(argument);
      case 'RSET':
        if (argument !== '') return ALONE;
        this.#transaction.reset();
        return OK;
      case 'QUIT':
        if (argument !== '') return ALONE;
        return this.#hangUp(BYE);
      case 'NOOP':
        return OK;
      case 'VRFY':
        return NO_VRFY;
      case 'HELP':
        return HELP;
      case 'EXPN':
        return NOT_HERE;
      default:
        return WEB_VERBS.has(verb) ? WEB_CLIENT : UNKNOWN;
    }
  }

  #hello(esmtp: boolean, argument: string): string {
    const name = argument.trim();
    if (name === '' || name.length > HELO_MAX || !/^[!-~]+$/.test(name)) return HELO_FORM;
    this.#transaction.reset();
    this.session.helo = name;
    this.session.esmtp = esmtp;
    const { hostname, limits, tls, dsn } = this.#options;
    if (!esmtp) return `250 ${hostname}\r\n`;
    const words = [hostname, 'PIPELINING', `SIZE ${limits.sizeBytes}`, '8BITMIME', 'SMTPUTF8'];
    if (tls !== null && !this.session.secure) words.push('STARTTLS');
    if (this.#authOffered()) words.push('AUTH PLAIN LOGIN');
    if (dsn) words.push('DSN');
    return `250-${words.join('\r\n250-')}\r\n250 ENHANCEDSTATUSCODES\r\n`;
  }

  #startTls(argument: string): string {
    if (this.#options.tls === null) return NOT_HERE;
    if (this.session.secure) return TLS_UP;
    if (argument !== '') return ALONE;
    if (this.#loggedIn) return TLS_BEFORE_AUTH;
    this.mode = 'tls';
    return TLS_READY;
  }

  #authOffered(): boolean {
    const { auth } = this.#options;
    if (auth === null || this.#loggedIn) return false;
    if (this.session.secure || auth.withoutTls === 'always') return true;
    return auth.withoutTls === 'loopback' && isLoopback(this.session.remoteAddress);
  }

  #startAuth(argument: string): MaybePromise<string> {
    if (this.#options.auth === null) return NOT_HERE;
    // AUTH came with ESMTP (RFC 4954 §3), but old mailers say HELO and log in all the same.
    if (this.session.helo === '') return HELO_FIRST;
    if (this.#loggedIn) return AUTH_DONE;
    if (this.#transaction.open) return AUTH_IN_MAIL;
    if (!this.#authOffered()) return AUTH_NEEDS_TLS;
    this.#auth = new AuthExchange();
    return this.#authStep(this.#auth.start(argument));
  }

  #authStep(step: AuthStep | null): MaybePromise<string> {
    if (step?.kind === 'challenge') {
      this.mode = 'auth';
      return step.line;
    }
    this.mode = 'command';
    this.#auth = null;
    if (step === null) return UNKNOWN;
    if (step.kind === 'refused') return this.#authFailed(renderReply(step.reply));
    const { handlers, log } = this.#options;
    return whenAnswered(
      () => handlers.onAuth?.(this.session, { username: step.username, password: step.password }),
      (reply) => {
        if (reply !== undefined && reply.code >= 400) return this.#authFailed(renderReply(reply));
        this.#loggedIn = true;
        this.session.authenticated = true;
        return reply === undefined ? AUTH_OK : renderReply(reply);
      },
      (error) => this.#authFailed(renderReply(replyOfError(error, log, { session: this.session.number, command: 'auth' }))),
    );
  }

  #authFailed(reply: string): string {
    if (reply.startsWith('421')) return this.#hangUp(reply);
    return ++this.#authFailures < this.#options.limits.authFailures ? reply : this.#hangUp(reply + TOO_MANY_ERRORS);
  }

  /** Keeps count of what went wrong and of what leads nowhere, and ends the conversation at its limits. */
  #count(verb: string, reply: string): string {
    const { limits } = this.#options;
    if (reply.startsWith('421')) return this.#hangUp(reply);
    const refused = reply.startsWith('5') || reply.startsWith('4');
    if (verb === 'RCPT') {
      if (refused) this.#refusedRecipients++;
    } else if (verb === 'MAIL' || verb === 'DATA') {
      if (refused) this.#idleCommands++;
    } else if (verb === '.' && !refused) {
      this.#errors = 0;
      this.#idleCommands = 0;
      this.#refusedRecipients = 0;
    } else if (refused && verb !== '.') {
      this.#errors++;
    } else {
      this.#idleCommands++;
    }
    const over =
      this.#errors > limits.errors || this.#idleCommands > limits.idleCommands || this.#refusedRecipients > limits.refusedRecipients;
    return over && this.mode !== 'closed' ? this.#hangUp(reply + TOO_MANY_ERRORS) : reply;
  }

  #hangUp(reply: string): string {
    this.mode = 'closed';
    this.#transaction.reset();
    return reply;
  }
}

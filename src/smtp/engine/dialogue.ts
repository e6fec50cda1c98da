// This file is the SMTP server's side of a conversation (RFC 5321 §4.1, §4.3): lines go in, replies come out, it knows no sockets.
//
// Modes: `command` takes command lines → `auth` takes the client's answers to AUTH challenges → `data` takes a message until its end →
// `chunk` takes the bytes that a BDAT counted → `tls` waits for the handshake after STARTTLS was agreed → `closed` takes nothing more: the reply given
// last ends the connection. auth, data, chunk and tls go back to `command`; every mode can go to `closed`.

import type { SecureContext } from 'node:tls';
import type { MaybePromise, SmtpServerOptions, SmtpSession } from './contract.ts';
import { Patience } from './patience.ts';
import { isLoopback } from './peer.ts';
import type { Phrases } from './phrases.ts';
import { AuthExchange, type AuthStep } from './syntax/auth.ts';
import type { Garbage } from './syntax/command-line.ts';
import type { DataOutcome } from './syntax/kept-message.ts';
import { errorReply, renderReply, replyOfError, whenAnswered } from './syntax/replies.ts';
import { type Chunk, Transaction } from './transaction.ts';

export type DialogueMode = 'command' | 'auth' | 'data' | 'chunk' | 'tls' | 'closed';

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
const HELP = '214 2.0.0 EHLO HELO STARTTLS AUTH MAIL RCPT DATA BDAT RSET NOOP VRFY HELP QUIT\r\n';
const BDAT_FORM = '501 5.5.4 BDAT is followed by the number of bytes, and by LAST at the end; goodbye\r\n';
const TLS_READY = '220 2.0.0 Ready to start TLS\r\n';
const NO_CERTIFICATE = '454 4.7.0 TLS is not available at this moment\r\n';
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
  /** What `chunk` mode takes. */
  chunk: Chunk | null = null;
  /** For the handshake that `tls` mode waits for. */
  tlsContext: SecureContext | null = null;
  readonly session: LiveSession<State>;
  readonly #options: SmtpServerOptions<State>;
  readonly #phrases: Phrases;
  readonly #transaction: Transaction<State>;
  #auth: AuthExchange | null = null;
  #loggedIn = false;
  #authFailures = 0;
  readonly #patience: Patience;

  constructor(session: LiveSession<State>, options: SmtpServerOptions<State>, phrases: Phrases) {
    this.session = session;
    this.#options = options;
    this.#phrases = phrases;
    this.#patience = new Patience(options.limits);
    this.#transaction = new Transaction(session, options, phrases);
  }

  /** A transaction is open, or its message is on the way. */
  get inTransaction(): boolean {
    return this.#transaction.open || this.mode === 'data' || this.mode === 'chunk';
  }

  /** Chunks of a message are kept for those that follow. */
  get chunked(): boolean {
    return this.#transaction.chunked;
  }

  greet(): MaybePromise<string> {
    const { handlers, log } = this.#options;
    return whenAnswered(
      () => handlers.onConnect?.(this.session),
      (reply) => {
        if (reply !== undefined && reply.code >= 400) this.mode = 'closed';
        return reply === undefined ? this.#phrases.greeting : renderReply(reply);
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
    if (this.#options.auth?.required && !this.session.authenticated && !this.#patience.waitForAuth()) return this.#hangUp(TOO_MANY_ERRORS);
    if (verb === 'BDAT') return this.#bdat(argument);
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

  /** The answer to BDAT follows its bytes. */
  #bdat(argument: string): string {
    const chunk = this.#transaction.bdat(argument);
    // Nobody can tell where these bytes end and the next command begins.
    if (chunk === null) return this.#hangUp(BDAT_FORM);
    const { limits, auth } = this.#options;
    // Nor is everything read that somebody announces, or anything of somebody who is not known.
    const stranger = auth?.required && !this.session.authenticated;
    if (chunk.refusal !== null && (stranger || chunk.size > limits.sizeBytes + limits.discardBytes)) return this.#hangUp(chunk.refusal);
    this.chunk = chunk;
    this.mode = 'chunk';
    return '';
  }

  /** The bytes of a chunk are read: all of the message where it was the last, what is wrong with it, or null where more comes. */
  finishChunk(outcome: DataOutcome | null): MaybePromise<string> {
    const { chunk } = this;
    this.mode = 'command';
    this.chunk = null;
    if (chunk === null) return UNKNOWN;
    if (chunk.refusal !== null) return this.#count('BDAT', chunk.refusal);
    return outcome === null ? this.#count('BDAT', `250 2.0.0 ${chunk.size} bytes taken\r\n`) : this.finishData(outcome);
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
    const startTls = this.#options.tls !== null && !this.session.secure;
    return esmtp ? this.#phrases.ehlo({ startTls, auth: this.#authOffered() }) : this.#phrases.helo;
  }

  #startTls(argument: string): string {
    if (this.#options.tls === null) return NOT_HERE;
    if (this.session.secure) return TLS_UP;
    if (argument !== '') return ALONE;
    if (this.#loggedIn) return TLS_BEFORE_AUTH;
    if (!this.prepareTls()) return NO_CERTIFICATE;
    this.mode = 'tls';
    return TLS_READY;
  }

  /** Fetches what the handshake needs; false when the certificate cannot be had at this moment. */
  prepareTls(): boolean {
    try {
      this.tlsContext = this.#options.tls?.context() ?? null;
    } catch (error) {
      this.#options.log.error({ err: error }, 'smtp.tls_context_failed');
      return false;
    }
    return this.tlsContext !== null;
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

  #count(verb: string, reply: string): string {
    if (reply.startsWith('421')) return this.#hangUp(reply);
    const patient = this.#patience.note(verb, reply);
    return patient || this.mode === 'closed' ? reply : this.#hangUp(reply + TOO_MANY_ERRORS);
  }

  #hangUp(reply: string): string {
    this.mode = 'closed';
    this.#transaction.reset();
    return reply;
  }
}

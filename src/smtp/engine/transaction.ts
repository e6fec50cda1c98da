// This file is one mail transaction: MAIL, RCPT, DATA or BDAT and the answer to the whole message (RFC 5321 §3.3, §4.1.1.2 to §4.1.1.4, RFC 3030).
import type { MailParams, MaybePromise, RcptParams, SmtpMail, SmtpRcpt, SmtpReply, SmtpServerOptions, SmtpSession } from './contract.ts';
import type { Phrases } from './phrases.ts';
import { type BdatArguments, parseBdat } from './syntax/bdat.ts';
import type { DataOutcome, DataProblem } from './syntax/kept-message.ts';
import { type ParsedParams, parseMailParams, parseRcptParams } from './syntax/parameters.ts';
import { type PathProblem, parsePath } from './syntax/path.ts';
import { errorReply, renderReply, replyOfError, whenAnswered } from './syntax/replies.ts';

const MAIL_OK = '250 2.1.0 Sender ok\r\n';
const RCPT_OK = '250 2.1.5 Recipient ok\r\n';
const GO_AHEAD = '354 End the message with a dot on a line of its own\r\n';
const NESTED_MAIL = '503 5.5.1 A transaction is open; finish it, or give RSET first\r\n';
const MAIL_FIRST = '503 5.5.1 Give MAIL FROM first\r\n';
const NO_RECIPIENTS = renderReply(errorReply('MAIL_RECIPIENTS_MISSING', 'No recipient was accepted.'));
const DATA_ALONE = '501 5.5.4 DATA stands alone on its line\r\n';
const CHUNKS_BEGUN = '503 5.5.1 The message has begun with BDAT; go on with it, or give RSET\r\n';
const TOO_MANY_CHUNKS = '552 5.3.4 The message comes in too many chunks; take larger ones\r\n';
const MAIL_FORM = '501 5.5.4 Write MAIL FROM:<name@domain.example>\r\n';
const RCPT_FORM = '501 5.5.4 Write RCPT TO:<name@domain.example>\r\n';
const NEEDS_SMTPUTF8 = renderReply(errorReply('MAIL_NEEDS_SMTPUTF8', 'The address is not ASCII.'));
const AUTH_FIRST = renderReply(errorReply('AUTH_MISSING', 'This server takes mail after login only.', 'Log in with AUTH first.'));

const PATH_TEXT: Readonly<Record<Exclude<PathProblem, 'brackets'>, string>> = {
  syntax: 'The address cannot be read.',
  literal: 'Address literals such as name@[192.0.2.1] are not accepted here; name a domain.',
  'too-long': 'The address is too long: 64 bytes before the @, 255 after it, 254 together.',
};

const DATA_REPLY: Readonly<Record<Exclude<DataProblem, 'too-large'>, string>> = {
  'line-ending': renderReply(errorReply('MAIL_LINE_ENDING_INVALID', 'The message holds a CR or LF that stands alone.')),
  nul: renderReply(errorReply('MAIL_MALFORMED', 'The message holds a NUL byte.', 'Encode binary parts as base64.')),
  'no-room': '452 4.3.1 Too many large messages are on their way at this moment; try again in a minute\r\n',
};

/** What a BDAT command announced. */
export interface Chunk extends BdatArguments {
  /** Set where its bytes are thrown away: the reply that follows them. */
  readonly refusal: string | null;
}

/** The transaction of one connection, empty or open. Methods answer with the bytes of the reply. */
export class Transaction<State> {
  #from: SmtpMail | null = null;
  #recipients: SmtpRcpt[] = [];
  #chunks = 0;
  #chunkBytes = 0;
  readonly #session: SmtpSession<State>;
  readonly #options: SmtpServerOptions<State>;
  readonly #offered: { readonly dsn: boolean; readonly auth: boolean };
  readonly #phrases: Phrases;

  constructor(session: SmtpSession<State>, options: SmtpServerOptions<State>, phrases: Phrases) {
    this.#session = session;
    this.#options = options;
    this.#offered = { dsn: options.dsn, auth: options.auth !== null };
    this.#phrases = phrases;
  }

  /** MAIL was accepted and neither finished nor reset. */
  get open(): boolean {
    return this.#from !== null;
  }

  /** Chunks of a message have come, and more will. */
  get chunked(): boolean {
    return this.#chunks > 0;
  }

  reset(): void {
    this.#from = null;
    this.#recipients = [];
    this.#chunks = 0;
    this.#chunkBytes = 0;
  }

  mail(argument: string): MaybePromise<string> {
    if (this.#from !== null) return NESTED_MAIL;
    if (this.#options.auth?.required && !this.#session.authenticated) return AUTH_FIRST;
    if (!startsWithWord(argument, 'FROM:')) return MAIL_FORM;
    const path = parsePath(argument.slice(5));
    if (!path.ok) return path.problem === 'brackets' ? MAIL_FORM : refusedPath(path.problem, '5.1.7');
    // RFC 5321 §4.1.1.3 lets only a recipient go without a domain.
    if (path.address !== '' && !path.address.includes('@')) return refusedPath('syntax', '5.1.7');
    const parsed: ParsedParams<MailParams> = parseMailParams(path.rest, this.#offered);
    if (!parsed.ok) return renderReply(parsed.reply);
    if (!path.ascii && !parsed.params.smtpUtf8) return NEEDS_SMTPUTF8;
    if (parsed.params.size !== null && parsed.params.size > this.#options.limits.sizeBytes) return this.#phrases.tooLarge;
    const mail: SmtpMail = { address: path.address, params: parsed.params };
    return this.#ask(
      'mail',
      () => this.#options.handlers.onMail?.(this.#session, mail),
      MAIL_OK,
      () => {
        this.#from = mail;
      },
    );
  }

  rcpt(argument: string): MaybePromise<string> {
    if (this.#from === null) return MAIL_FIRST;
    if (this.chunked) return CHUNKS_BEGUN;
    if (!startsWithWord(argument, 'TO:')) return RCPT_FORM;
    const path = parsePath(argument.slice(3));
    if (!path.ok) return path.problem === 'brackets' ? RCPT_FORM : refusedPath(path.problem, '5.1.3');
    if (path.address === '') return refusedPath('syntax', '5.1.3');
    const parsed: ParsedParams<RcptParams> = parseRcptParams(path.rest, this.#offered);
    if (!parsed.ok) return renderReply(parsed.reply);
    if (!path.ascii && !this.#from.params.smtpUtf8) return NEEDS_SMTPUTF8;
    if (this.#recipients.length >= this.#options.limits.recipients) return this.#phrases.tooManyRecipients;
    const recipient: SmtpRcpt = { address: path.address, params: parsed.params };
    return this.#ask(
      'rcpt',
      () => this.#options.handlers.onRcpt?.(this.#session, recipient),
      RCPT_OK,
      () => {
        this.#recipients.push(recipient);
      },
    );
  }

  /** The reply to DATA; 354 when the message may come. */
  data(argument: string): string {
    if (argument !== '') return DATA_ALONE;
    if (this.#from === null) return MAIL_FIRST;
    if (this.chunked) return CHUNKS_BEGUN;
    return this.#recipients.length === 0 ? NO_RECIPIENTS : GO_AHEAD;
  }

  /** A chunk is coming; null: its length cannot be read. A refused one ends the transaction, so that no later chunk passes for the whole message. */
  bdat(argument: string): Chunk | null {
    const given = parseBdat(argument);
    if (given === null) return null;
    const refusal = this.#refusalOf(given.size);
    if (refusal !== null) this.reset();
    else {
      this.#chunks += 1;
      this.#chunkBytes += given.size;
    }
    return { ...given, refusal };
  }

  #refusalOf(size: number): string | null {
    const { limits, auth } = this.#options;
    if (this.#from === null) return auth?.required && !this.#session.authenticated ? AUTH_FIRST : MAIL_FIRST;
    if (this.#recipients.length === 0) return NO_RECIPIENTS;
    if (this.#chunks >= limits.chunks) return TOO_MANY_CHUNKS;
    return this.#chunkBytes + size > limits.sizeBytes ? this.#phrases.tooLarge : null;
  }

  /** The message came to its end; whatever the answer, the transaction is over with it. */
  finish(outcome: DataOutcome): MaybePromise<string> {
    const from = this.#from;
    const recipients = this.#recipients;
    this.reset();
    if (from === null) return MAIL_FIRST;
    if (!outcome.ok) return outcome.problem === 'too-large' ? this.#phrases.tooLarge : DATA_REPLY[outcome.problem];
    return whenAnswered(
      () => this.#options.handlers.onData(this.#session, { envelope: { from, recipients }, data: outcome.data }),
      renderReply,
      (error) => this.#failed('data', error),
    );
  }

  #ask(command: string, ask: () => MaybePromise<SmtpReply | undefined>, yes: string, accepted: () => void): MaybePromise<string> {
    return whenAnswered(
      ask,
      (reply) => {
        if (reply !== undefined && reply.code >= 400) return renderReply(reply);
        accepted();
        return reply === undefined ? yes : renderReply(reply);
      },
      (error) => this.#failed(command, error),
    );
  }

  #failed(command: string, error: unknown): string {
    return renderReply(replyOfError(error, this.#options.log, { session: this.#session.number, command }));
  }
}

function refusedPath(problem: Exclude<PathProblem, 'brackets'>, enhanced: string): string {
  return renderReply({ ...errorReply('MAIL_ADDRESS_INVALID', PATH_TEXT[problem]), enhanced });
}

function startsWithWord(text: string, word: string): boolean {
  return text.startsWith(word) || text.slice(0, word.length).toUpperCase() === word;
}

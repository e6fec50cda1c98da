// This file is the engine of one session that stands ready: it pipelines transactions (RFC 2920), keeps count of which reply belongs to
// which of them, and knows at every instant what a loss of the line would mean for each.
//
// Two transactions at most are on the wire. `front` is the one whose reply is due. `ahead` is the next one: its MAIL, RCPT and DATA left in
// the same write as the front's body, which RFC 2920 §3.1 allows, so its replies follow the front's last. Only the front is ever given a
// final dot, so a loss leaves at most one message open per connection.
import { ending } from './dot-stuff.ts';
import type { Extensions } from './extensions.ts';
import { judge, replyOf, type TransactionStage } from './outcome.ts';
import { FAULT, MORE } from './reply.ts';
import type { SmtpTimeouts } from './settings.ts';
import { openingCommands, settle, type Transaction } from './transaction.ts';
import { JOINED_BODY_MAX_BYTES, type Wire } from './wire.ts';

/** How long a server may take to say goodbye before the line is cut; the mail is settled by then. */
export const QUIT_GRACE_MS = 2000;

export interface ConnectionOwner {
  /** The next hand-over this server can take, or null. */
  take(connection: SmtpConnection): Transaction | null;
  /** Provably untouched by a connection that died in use: it may go over another one, once. */
  again(transaction: Transaction): void;
  idle(connection: SmtpConnection): void;
  /** It says goodbye and takes nothing more; `gone` follows. */
  leaving(connection: SmtpConnection): void;
  gone(connection: SmtpConnection, why: string): void;
  nowMs(): number;
}

export interface ConnectionOptions {
  readonly wire: Wire;
  readonly offers: Extensions;
  readonly owner: ConnectionOwner;
  readonly timeouts: SmtpTimeouts;
  /** Transactions this session may carry; 0: no limit. */
  readonly messagesMax: number;
}

export class SmtpConnection {
  readonly offers: Extensions;
  /** Transactions begun. */
  started = 0;
  /** Transactions the server answered to the end. */
  completed = 0;
  #front: Transaction | null = null;
  #ahead: Transaction | null = null;
  #needsReset = false;
  #retiring = false;
  #quitting = false;
  readonly #wire: Wire;
  readonly #owner: ConnectionOwner;
  readonly #timeouts: SmtpTimeouts;
  readonly #messagesMax: number;

  constructor({ wire, offers, owner, timeouts, messagesMax }: ConnectionOptions) {
    this.offers = offers;
    this.#wire = wire;
    this.#owner = owner;
    this.#timeouts = timeouts;
    this.#messagesMax = messagesMax;
    wire.onReadable = () => this.#read();
    wire.onLost = (why) => this.#afterLoss(why);
    this.#allow(timeouts.idle_ms);
  }

  /** Puts the first transaction of a quiet connection on the wire. */
  start(transaction: Transaction) {
    this.started += 1;
    this.#front = transaction;
    const { mail, rcpt, utf8 } = openingCommands(transaction, this.offers);
    transaction.step = this.#needsReset ? 'rset' : 'mail';
    const first = this.#needsReset ? 'RSET\r\n' : '';
    this.#needsReset = false;
    this.#allow(this.#timeouts.mail_ms);
    if (this.offers.pipelining) this.#wire.writeText(`${first}${mail}${rcpt}DATA\r\n`, utf8);
    else this.#wire.writeText(first === '' ? mail : first, utf8);
  }

  /** Takes no more; says goodbye when what is on the wire is answered. */
  retire() {
    this.#retiring = true;
    if (this.#front === null) this.#quit();
  }

  /** Cuts the line now. */
  cut(why: string) {
    this.#wire.lose(why);
  }

  /** Called by the pool's sweep, some times a second at most. */
  sweep(nowMs: number) {
    if (nowMs < this.#wire.deadlineMs) return;
    const front = this.#front;
    if (this.#quitting) return this.#wire.lose('The server did not close the session after QUIT.');
    if (front === null) return this.retire();
    this.#wire.lose(
      front.step === 'body' ? 'The server stopped reading the message.' : `The server did not answer ${front.step.toUpperCase()} in time.`,
    );
  }

  get #mayTake(): boolean {
    return !this.#retiring && (this.#messagesMax === 0 || this.started < this.#messagesMax);
  }

  #allow(ms: number) {
    this.#wire.deadlineMs = this.#owner.nowMs() + ms;
  }

  #read() {
    const { reader } = this.#wire;
    for (let code = reader.next(); code !== MORE; code = reader.next()) {
      if (code === FAULT) this.#wire.lose('The server answered with something that is no SMTP reply.');
      else this.#reply(code);
      if (this.#wire.lost !== null) return;
    }
  }

  #reply(code: number) {
    const front = this.#front;
    // After QUIT whatever is said is goodbye.
    if (this.#quitting) return;
    if (front === null) return this.#wire.lose(`The server spoke out of turn: ${replyOf(this.#wire.reader.text())}`);
    if (code === 421) return this.#serviceClosing(front);
    switch (front.step) {
      case 'rset':
        return this.#afterReset(front, code);
      case 'mail':
        return this.#afterMail(front, code);
      case 'rcpt':
        return this.#afterRcpt(front, code);
      case 'data':
        return this.#afterData(front, code);
      case 'dot':
        return this.#afterDot(front, code);
      default:
        // A reply before the end of a large body: the server has made up its mind, and the rest of the body would be read as commands.
        this.#judge(front, 'data', code);
        return this.#wire.lose('The server answered before the end of the message.');
    }
  }

  #judge(transaction: Transaction, stage: TransactionStage, code: number) {
    if (!transaction.settled) settle(transaction, judge(stage, code, this.#wire.reader.text()));
  }

  /** RFC 5321 §3.8: the server shuts the session down. What has no answer yet was not accepted. */
  #serviceClosing(front: Transaction) {
    const why = replyOf(this.#wire.reader.text());
    if (!this.#untouched(front)) this.#judge(front, stageOf(front), 421);
    this.#wire.lose(why);
  }

  #afterReset(front: Transaction, code: number) {
    if (!isDone(code)) return this.#wire.lose('The server refused RSET.');
    this.#allow(this.#timeouts.mail_ms);
    front.step = 'mail';
    if (!this.offers.pipelining) {
      const { mail, utf8 } = openingCommands(front, this.offers);
      this.#wire.writeText(mail, utf8);
    }
  }

  #afterMail(front: Transaction, code: number) {
    this.#allow(this.#timeouts.mail_ms);
    if (!isDone(code)) {
      this.#judge(front, 'mail', code);
      if (code < 400) return this.#wire.lose('The server answered MAIL with nonsense.');
      // The commands behind it are on the wire already; their replies are only counted.
      if (!this.offers.pipelining) return this.#finish({ reset: false });
    }
    front.step = 'rcpt';
    if (this.offers.pipelining) return;
    const { rcpt, utf8 } = openingCommands(front, this.offers);
    this.#wire.writeText(rcpt, utf8);
  }

  #afterRcpt(front: Transaction, code: number) {
    this.#allow(this.#timeouts.data_ms);
    const mailRefused = front.settled;
    if (isDone(code) && mailRefused) return this.#wire.lose('The server took a recipient after it had refused the sender.');
    if (!isDone(code)) {
      this.#judge(front, 'rcpt', code);
      if (code < 400) return this.#wire.lose('The server answered RCPT with nonsense.');
      if (!this.offers.pipelining) return this.#finish({ reset: true });
    }
    front.step = 'data';
    if (!this.offers.pipelining) this.#wire.writeText('DATA\r\n', false);
  }

  #afterData(front: Transaction, code: number) {
    const goAhead = code >= 300 && code < 400;
    if (goAhead && !front.settled) return this.#writeBody(front);
    if (goAhead) {
      // RFC 2920 §3.1: no recipient was taken, yet the server waits for data: a lone dot ends that, and its reply means nothing.
      front.step = 'dot';
      this.#allow(this.#timeouts.dot_ms);
      return this.#wire.writeText('.\r\n', false);
    }
    this.#judge(front, 'data', code);
    if (code < 400) return this.#wire.lose('The server answered DATA with nonsense.');
    this.#finish({ reset: true });
  }

  #afterDot(front: Transaction, code: number) {
    this.#judge(front, 'dot', code);
    if (code >= 300 && code < 400) return this.#wire.lose('The server answered the message with nonsense.');
    this.#finish({ reset: false });
  }

  #writeBody(front: Transaction) {
    const { body } = front;
    if (body.length <= JOINED_BODY_MAX_BYTES) return this.#writeDot(front, body);
    front.step = 'body';
    const wrote = () => this.#allow(this.#timeouts.block_ms);
    // The dot follows only when the kernel has the whole body: cut before, the message is provably not accepted.
    this.#wire.writeLarge(body, wrote, () => this.#writeDot(front, null));
  }

  /** The body unless it is out already, the final dot, and the opening of the next transaction when one waits. */
  #writeDot(front: Transaction, body: Buffer | null) {
    const next = this.offers.pipelining && this.#mayTake ? this.#owner.take(this) : null;
    let rest: string = ending(front.body);
    let utf8 = false;
    if (next !== null) {
      this.started += 1;
      this.#ahead = next;
      next.step = 'mail';
      const opening = openingCommands(next, this.offers);
      rest += `${opening.mail}${opening.rcpt}DATA\r\n`;
      utf8 = opening.utf8;
    }
    front.step = 'dot';
    front.dotWritten = true;
    this.#allow(this.#timeouts.dot_ms);
    if (body === null) this.#wire.writeText(rest, utf8);
    else this.#wire.writeJoined(body, rest, utf8);
  }

  /** The front's last reply is in. */
  #finish({ reset }: { reset: boolean }) {
    this.completed += 1;
    this.#needsReset = reset;
    this.#front = this.#ahead;
    this.#ahead = null;
    if (this.#front !== null) return this.#allow(this.#timeouts.mail_ms);
    const next = this.#mayTake ? this.#owner.take(this) : null;
    if (next !== null) return this.start(next);
    if (!this.#mayTake) return this.#quit();
    this.#allow(this.#timeouts.idle_ms);
    this.#owner.idle(this);
  }

  #quit() {
    if (this.#quitting) return;
    this.#quitting = true;
    this.#owner.leaving(this);
    this.#allow(QUIT_GRACE_MS);
    this.#wire.writeText('QUIT\r\n', false);
    this.#wire.end();
  }

  /** No reply to it and no dot: on a session that worked before, the line or the session died, not the message. */
  #untouched(transaction: Transaction): boolean {
    return !transaction.retried && this.started > 1 && (transaction.step === 'mail' || transaction.step === 'rset');
  }

  #afterLoss(why: string) {
    const open = [this.#front, this.#ahead];
    this.#front = this.#ahead = null;
    for (const transaction of open) {
      if (transaction === null || transaction.settled) continue;
      if (transaction.dotWritten) settle(transaction, { outcome: { kind: 'unknown', reply: why } });
      else if (!this.#retiring && this.#untouched(transaction)) {
        transaction.retried = true;
        transaction.step = 'queued';
        this.#owner.again(transaction);
      } else {
        // A line that never carried a message to its end tells on the host.
        const account = { kind: 'unreachable', reason: why } as const;
        settle(transaction, { outcome: { kind: 'not_sent', reply: why }, ...(this.completed === 0 ? { account } : {}) });
      }
    }
    this.#owner.gone(this, why);
  }
}

function isDone(code: number): boolean {
  return code >= 200 && code < 300;
}

function stageOf({ step }: Transaction): TransactionStage {
  if (step === 'rcpt' || step === 'data' || step === 'dot') return step;
  return step === 'body' ? 'data' : 'mail';
}

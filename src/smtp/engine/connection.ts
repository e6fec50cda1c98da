// This file joins one socket to its dialogue: bytes to lines and messages, replies to the wire, the change to TLS, the end.
//
// What arrives is worked off in order. A handler that answers with a promise stops the work until it is settled; what comes meanwhile
// waits in `#input`. Replies gather in `#out` and go out in one write per batch (RFC 2920 §3.2) when there is nothing left to do.
import type { Socket } from 'node:net';
import type { MaybePromise } from './contract.ts';
import { Dialogue } from './dialogue.ts';
import { IncomingMessage } from './incoming-message.ts';
import type { Switchboard } from './switchboard.ts';
import { LINE_TOO_LONG, readCommandLine } from './syntax/command-line.ts';
import { upgradeToTls } from './tls-upgrade.ts';
import type { Chunk } from './transaction.ts';

type Pause = 'handler' | 'drain' | 'handshake';

const LF = 0x0a;
const EMPTY = Buffer.alloc(0);
/** Input that may wait behind a handler before the socket is paused. */
const WAITING_INPUT_MAX = 65_536;
/** How long a connection we ended may stay open for the client to read its last reply and close. */
const LINGER_MS = 5_000;

const INJECTION = '554 5.5.1 Nothing may follow STARTTLS before the handshake; goodbye\r\n';
const IDLE = '421 4.4.2 Nothing was heard for too long; goodbye\r\n';
const DATA_TIMEOUT = '421 4.4.2 This message took too long; goodbye\r\n';
export const SHUTTING_DOWN = '421 4.3.2 This server is stopping; try again in a few seconds\r\n';

export class Connection<State> {
  readonly addressKey: string;
  readonly #board: Switchboard<State, Connection<State>>;
  readonly #dialogue: Dialogue<State>;
  #socket: Socket;
  #input: Buffer = EMPTY;
  #at = 0;
  #out = '';
  readonly #message: IncomingMessage;
  #pause: Pause | null = null;
  /** The client has closed its side. */
  #ended = false;
  /** We have closed ours: what still comes is thrown away. */
  #hungUp = false;
  #lastHeard: number;
  #waitingSince = 0;

  constructor(
    socket: Socket,
    peer: { readonly address: string; readonly port: number; readonly key: string; readonly number: number },
    board: Switchboard<State, Connection<State>>,
  ) {
    this.addressKey = peer.key;
    this.#board = board;
    this.#socket = socket;
    this.#lastHeard = board.sweeps;
    this.#message = new IncomingMessage(board.options.limits, board.account);
    this.#dialogue = new Dialogue<State>(
      {
        number: peer.number,
        remoteAddress: peer.address,
        remotePort: peer.port,
        secure: false,
        helo: '',
        esmtp: false,
        authenticated: false,
        state: undefined,
      },
      board.options,
      board.phrases,
    );
    socket.on('close', () => this.#closed());
    socket.on('error', () => socket.destroy());
  }

  /** Speaks first: the greeting, or the handshake where TLS is implicit. */
  start(): void {
    if (this.#board.options.tls?.implicit) {
      this.#dialogue.prepareTls();
      this.#startTls(() => this.#open());
      return;
    }
    this.#listen();
    this.#open();
  }

  /** Called once per sweep: ends what has been silent or busy for too long. */
  sweep(): void {
    const { limits, log } = this.#board.options;
    const silentMs = (this.#board.sweeps - this.#lastHeard) * this.#board.sweepMs;
    if (this.#hungUp) {
      if (silentMs > Math.min(LINGER_MS, limits.idleMs)) this.#socket.destroy();
    } else if (this.#pause === 'handler') {
      const waitedMs = (this.#board.sweeps - this.#waitingSince) * this.#board.sweepMs;
      if (waitedMs <= limits.handlerMs) return;
      log.error({ session: this.#dialogue.session.number }, 'smtp.handler_too_slow');
      this.#socket.destroy();
    } else if (silentMs > limits.idleMs) {
      // In a handshake, or when the client does not read, no words of ours would arrive.
      if (this.#pause === null) this.#hangUp(IDLE);
      else this.#socket.destroy();
    } else if (this.#message.open && (this.#board.sweeps - this.#waitingSince) * this.#board.sweepMs > limits.dataMs) {
      this.#hangUp(DATA_TIMEOUT);
    }
  }

  /** The server stops: says goodbye now if nothing is in flight; otherwise the work loop does, later. */
  stop(): void {
    if (this.#hungUp || this.#dialogue.inTransaction || this.#pause === 'handler') return;
    if (this.#pause === null) this.#hangUp(SHUTTING_DOWN);
    else this.#socket.destroy();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #open(): void {
    this.#settle(this.#dialogue.greet());
    this.#work();
  }

  #listen(): void {
    this.#socket.on('data', (chunk: Buffer) => this.#heard(chunk));
    this.#socket.on('end', () => {
      this.#ended = true;
      this.#work();
    });
  }

  #heard(chunk: Buffer): void {
    if (this.#hungUp) return;
    if (this.#dialogue.mode === 'data' || this.#dialogue.mode === 'chunk') this.#lastHeard = this.#board.sweeps;
    this.#input = this.#at >= this.#input.length ? chunk : Buffer.concat([this.#input.subarray(this.#at), chunk]);
    this.#at = 0;
    if (this.#pause === null) this.#work();
    else if (this.#input.length > WAITING_INPUT_MAX) this.#socket.pause();
  }

  /** Works off the input until it is used up, a handler is awaited or the conversation is over. */
  #work(): void {
    try {
      while (this.#pause === null && !this.#hungUp && this.#step());
    } catch (error) {
      this.#broken(error);
    }
    if (this.#hungUp) return;
    if (this.#at >= this.#input.length) this.#forgetInput();
    this.#flush();
    if (this.#pause !== null) return;
    if (this.#ended) this.#hangUp('');
    else if (this.#socket.isPaused()) this.#socket.resume();
  }

  /** One line, or as much of a message as there is; false when more input is needed. */
  #step(): boolean {
    const { mode, chunk } = this.#dialogue;
    if (mode === 'closed') this.#hangUp('');
    else if (this.#board.closing && !this.#dialogue.inTransaction) this.#hangUp(SHUTTING_DOWN);
    else if (mode === 'tls') this.#agreeOnTls();
    else if (mode === 'data') return this.#readData();
    else return chunk === null ? this.#readLine() : this.#readChunk(chunk);
    return true;
  }

  #readLine(): boolean {
    const start = this.#at;
    const end = this.#input.indexOf(LF, start);
    if ((end < 0 ? this.#input.length : end + 1) - start > this.#board.options.limits.lineBytes) {
      this.#settle(this.#dialogue.garbage(LINE_TOO_LONG));
      return true;
    }
    if (end < 0) return false;
    this.#at = end + 1;
    this.#lastHeard = this.#board.sweeps;
    const line = readCommandLine(this.#input, start, end);
    this.#settle(typeof line === 'string' ? this.#dialogue.line(line) : this.#dialogue.garbage(line));
    if (this.#message.prepare(this.#dialogue)) this.#waitingSince = this.#board.sweeps;
    return true;
  }

  /** Feeds the input to the message on its way; false when it goes on beyond the input. */
  #readData(): boolean {
    if (this.#at >= this.#input.length) return false;
    const end = this.#message.pushData(this.#input, this.#at);
    if (end < 0) {
      this.#forgetInput();
      if (this.#message.endless) this.#hangUp(this.#board.phrases.tooLarge);
      return false;
    }
    this.#at = end;
    this.#settle(this.#dialogue.finishData(this.#message.takeData()));
    // An answer that is still to come keeps the message, and the room it takes, until it is there.
    if (this.#pause === null) this.#message.release();
    return true;
  }

  /** Feeds the input to the running chunk; false when that goes on beyond the input. */
  #readChunk(chunk: Chunk): boolean {
    this.#at = this.#message.pushChunk(this.#input, this.#at, chunk);
    if (!this.#message.chunkEnded) {
      this.#forgetInput();
      return false;
    }
    const outcome = this.#message.takeChunk(chunk);
    this.#settle(this.#dialogue.finishChunk(outcome));
    if (outcome !== null && this.#pause === null) this.#message.release();
    return true;
  }

  #forgetInput(): void {
    this.#input = EMPTY;
    this.#at = 0;
  }

  #settle(answer: MaybePromise<string>): void {
    if (typeof answer === 'string') {
      this.#out += answer;
      return;
    }
    this.#flush();
    this.#pause = 'handler';
    this.#waitingSince = this.#board.sweeps;
    const settled = (text: string) => {
      this.#pause = null;
      this.#lastHeard = this.#board.sweeps;
      this.#message.release();
      if (this.#hungUp) return;
      this.#out += text;
      this.#work();
    };
    answer.then(settled).catch((error: unknown) => this.#broken(error));
  }

  #flush(): void {
    if (this.#out === '') return;
    const written = this.#socket.write(this.#out, 'latin1');
    this.#out = '';
    if (written || this.#pause !== null) return;
    // The client does not read its replies: no more commands until it does.
    this.#pause = 'drain';
    this.#socket.once('drain', () => {
      if (this.#pause === 'drain') this.#pause = null;
      this.#work();
    });
  }

  #agreeOnTls(): void {
    if (this.#at < this.#input.length) {
      // Bytes sent in the clear behind STARTTLS would count as sent under TLS (CVE-2011-0411).
      this.#out = '';
      this.#hangUp(INJECTION);
      return;
    }
    this.#flush();
    this.#startTls(() => this.#work());
  }

  #startTls(then: () => void): void {
    const context = this.#dialogue.tlsContext;
    if (context === null) {
      this.#socket.destroy();
      return;
    }
    this.#pause = 'handshake';
    this.#socket = upgradeToTls(this.#socket, context, () => {
      this.#pause = null;
      this.#lastHeard = this.#board.sweeps;
      this.#dialogue.secured();
      this.#listen();
      then();
    });
  }

  /** Writes the last words and closes our side; the client closes the other. */
  #hangUp(lastWords: string): void {
    if (this.#hungUp) return;
    this.#hungUp = true;
    this.#lastHeard = this.#board.sweeps;
    const out = this.#out + lastWords;
    this.#out = '';
    this.#forgetInput();
    if (this.#pause !== 'handler') this.#message.release();
    if (out === '') this.#socket.end();
    else this.#socket.end(out, 'latin1');
    if (this.#socket.isPaused()) this.#socket.resume();
  }

  /** A fault of ours must cost this connection only, never the process with all the others. */
  #broken(error: unknown): void {
    this.#board.options.log.error({ session: this.#dialogue.session.number, err: error }, 'smtp.connection_failed');
    this.#hungUp = true;
    this.#socket.destroy();
  }

  #closed(): void {
    this.#hungUp = true;
    if (this.#pause !== 'handler') this.#message.release();
    this.#board.gone(this);
  }
}

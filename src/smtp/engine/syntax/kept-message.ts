// This file keeps the bytes of one message while it comes in, within the room that all connections share, and knows what spoiled it.

/** Bytes of messages held in memory, shared by all connections of a server. */
export interface HeldBytes {
  held: number;
  readonly max: number;
}

export type DataOutcome = { readonly ok: true; readonly data: Buffer } | { readonly ok: false; readonly problem: DataProblem };

/** In the order of telling: of several problems the first is told, wherever it stood, so that chunk borders change nothing. */
const PROBLEMS = ['line-ending', 'nul', 'too-large', 'no-room'] as const;
export type DataProblem = (typeof PROBLEMS)[number];

const FORBIDDEN = /(?<!\r)\n|\r(?!\n)|\0/;
const LONE_CR_OR_LF = /(?<!\r)\n|\r(?!\n)/;

/** Up to this many pieces are kept as they came; after that small ones are copied together, so that a drip of bytes costs only bytes. */
const PIECES_MAX = 16;
const SMALL_PIECE_BYTES = 4_096;
const BLOCK_BYTES = 65_536;

/** One message on its way in. What is kept of a chunk may stay part of it: chunks belong to the message from `keep` on. */
export class KeptMessage {
  #pieces: Buffer[] = [];
  /** Last piece, while it is a block with room behind `#blockUsed`. */
  #block: Buffer | null = null;
  #blockUsed = 0;
  #size = 0;
  /** Bytes kept, counted in the shared account until `release`. */
  #kept = 0;
  #problems: Set<DataProblem> | null = null;
  readonly #sizeMax: number;
  readonly #account: HeldBytes;

  constructor(sizeMax: number, account: HeldBytes) {
    this.#sizeMax = sizeMax;
    this.#account = account;
  }

  /** Bytes of content so far, thrown away or not. */
  get size(): number {
    return this.#size;
  }

  /** Nothing can make a message of it any more. */
  get spoiled(): boolean {
    return this.#problems !== null;
  }

  /** Looks for what no message may hold, in text whose line ends are whole. */
  check(text: string): void {
    if (!FORBIDDEN.test(text)) return;
    if (text.includes('\0')) this.spoil('nul');
    if (LONE_CR_OR_LF.test(text)) this.spoil('line-ending');
  }

  keep(chunk: Buffer, from: number, to: number): void {
    const length = to - from;
    if (length === 0) return;
    this.#size += length;
    if (this.#size > this.#sizeMax) this.spoil('too-large');
    if (this.#account.held + length > this.#account.max) this.spoil('no-room');
    if (this.#problems !== null) return;
    this.#account.held += length;
    this.#kept += length;
    if (this.#pieces.length < PIECES_MAX || length >= SMALL_PIECE_BYTES) {
      this.#closeBlock();
      this.#pieces.push(chunk.subarray(from, to));
    } else {
      this.#copyIntoBlock(chunk, from, to);
    }
  }

  /** The message will be refused: what was kept of it is no longer needed. */
  spoil(problem: DataProblem): void {
    this.#problems ??= new Set();
    this.#problems.add(problem);
    this.release();
  }

  /** The message, once its end was found. It stays in the shared account until `release`. */
  take(): DataOutcome {
    const problem = PROBLEMS.find((name) => this.#problems?.has(name));
    if (problem !== undefined) return { ok: false, problem };
    this.#closeBlock();
    const [only] = this.#pieces;
    return { ok: true, data: this.#pieces.length === 1 && only ? only : Buffer.concat(this.#pieces, this.#size) };
  }

  /** Gives the bytes back to the account: the message was taken over, refused or broken off. */
  release(): void {
    this.#account.held -= this.#kept;
    this.#kept = 0;
    this.#pieces = [];
    this.#block = null;
  }

  #copyIntoBlock(chunk: Buffer, from: number, to: number): void {
    if (this.#block === null || this.#blockUsed + to - from > BLOCK_BYTES) {
      this.#closeBlock();
      this.#block = Buffer.allocUnsafeSlow(BLOCK_BYTES);
      this.#pieces.push(this.#block);
    }
    this.#blockUsed += chunk.copy(this.#block, this.#blockUsed, from, to);
  }

  #closeBlock(): void {
    if (this.#block !== null) this.#pieces[this.#pieces.length - 1] = this.#block.subarray(0, this.#blockUsed);
    this.#block = null;
    this.#blockUsed = 0;
  }
}

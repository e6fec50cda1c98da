// This file is the message of one connection while it comes in: behind DATA up to its dot, or by BDAT in counted chunks with commands between them.
import type { SmtpLimits } from './limits.ts';
import { ChunkReader } from './syntax/chunk-reader.ts';
import { DataReader } from './syntax/data-reader.ts';
import type { DataOutcome, HeldBytes } from './syntax/kept-message.ts';
import type { Chunk } from './transaction.ts';

/** What the conversation expects after a command. */
interface Expected {
  readonly mode: string;
  readonly chunk: Chunk | null;
  readonly chunked: boolean;
}

export class IncomingMessage {
  #data: DataReader | null = null;
  /** From the first chunk to the last. */
  #chunks: ChunkReader | null = null;
  /** Bytes of the running chunk that are still to come. */
  #chunkLeft = 0;
  readonly #limits: Pick<SmtpLimits, 'sizeBytes' | 'discardBytes'>;
  readonly #account: HeldBytes;

  constructor(limits: Pick<SmtpLimits, 'sizeBytes' | 'discardBytes'>, account: HeldBytes) {
    this.#limits = limits;
    this.#account = account;
  }

  get open(): boolean {
    return this.#data !== null || this.#chunks !== null;
  }

  /** After each command: forgets chunks whose transaction is over, makes ready for what follows. True when a message begins. */
  prepare({ mode, chunk, chunked }: Expected): boolean {
    if (!chunked && this.#chunks !== null) this.release();
    if (mode === 'data') {
      this.#data = new DataReader(this.#limits.sizeBytes, this.#account);
      return true;
    }
    if (mode === 'chunk' && chunk !== null) this.#chunkLeft = chunk.size;
    if (!chunked || this.#chunks !== null) return false;
    this.#chunks = new ChunkReader(this.#limits.sizeBytes, this.#account);
    return true;
  }

  /** Feeds what came behind DATA. The index after its end, or -1 when it goes on. */
  pushData(input: Buffer, at: number): number {
    return this.#data?.push(input, at) ?? -1;
  }

  /** So much came behind DATA that nobody reads on. */
  get endless(): boolean {
    return this.#data !== null && this.#data.size > this.#limits.sizeBytes + this.#limits.discardBytes;
  }

  takeData(): DataOutcome {
    return this.#data?.take() ?? { ok: false, problem: 'line-ending' };
  }

  /** Feeds the running chunk, or throws away a refused one. The index after what belongs to it. */
  pushChunk(input: Buffer, at: number, chunk: Chunk): number {
    const end = Math.min(at + this.#chunkLeft, input.length);
    if (chunk.refusal === null) this.#chunks?.push(input, at, end);
    this.#chunkLeft -= end - at;
    return end;
  }

  get chunkEnded(): boolean {
    return this.#chunkLeft === 0;
  }

  /** The message with its last chunk, or what spoils it; null while it goes on, and for a refused chunk. */
  takeChunk({ refusal, last }: Chunk): DataOutcome | null {
    if (refusal !== null || this.#chunks === null) return null;
    return last || this.#chunks.spoiled ? this.#chunks.finish() : null;
  }

  /** Gives its room back. */
  release(): void {
    this.#data?.release();
    this.#data = null;
    this.#chunks?.release();
    this.#chunks = null;
  }
}

// This file reads a message that comes by BDAT (RFC 3030 §2): in chunks whose bytes are counted, with no dot that ends it and none that is stuffed.
//
// BINARYMIME is not offered, so the message is lines: a CR or LF alone, or a NUL, spoils it here as it does behind DATA, because it goes on by DATA.
import { type DataOutcome, type HeldBytes, KeptMessage } from './kept-message.ts';

const LINE_END = Buffer.from('\r\n');

export class ChunkReader {
  readonly #kept: KeptMessage;
  /** The last byte was a CR whose LF may come with the next. */
  #afterCr = false;
  #endsLine = true;

  constructor(sizeMax: number, account: HeldBytes) {
    this.#kept = new KeptMessage(sizeMax, account);
  }

  /** Nothing can make a message of it any more. */
  get spoiled(): boolean {
    return this.#kept.spoiled;
  }

  /** Reads `chunk` between two places. */
  push(chunk: Buffer, from: number, to: number): void {
    if (from === to) return;
    const text = chunk.toString('latin1', from, to);
    const pending = this.#afterCr && text.startsWith('\n') ? 1 : 0;
    if (this.#afterCr && pending === 0) this.#kept.spoil('line-ending');
    this.#afterCr = text.endsWith('\r');
    this.#endsLine = text.endsWith('\r\n') || (pending === 1 && text.length === 1);
    this.#kept.check(text.slice(pending, this.#afterCr ? -1 : undefined));
    this.#kept.keep(chunk, from, to);
  }

  /** The message behind its last chunk; a line that was not ended is. It stays in the shared account until `release`. */
  finish(): DataOutcome {
    if (this.#afterCr) this.#kept.spoil('line-ending');
    else if (!this.#endsLine) this.#kept.keep(LINE_END, 0, LINE_END.length);
    return this.#kept.take();
  }

  release(): void {
    this.#kept.release();
  }
}

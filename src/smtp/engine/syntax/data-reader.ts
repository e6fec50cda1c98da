// This file reads what follows DATA (RFC 5321 §4.1.1.4): it finds the end, removes stuffed dots (§4.5.2) and catches smuggling.
//
// Only CR LF . CR LF ends a message. A CR or LF alone, or a NUL, spoils it: it is still read to its real end, then refused, because any
// server that took `\n.\r\n` for the end would see a second message in the rest.
//
// Speed: the work per chunk is one conversion, one search for CR LF . and one regular expression, all native; JavaScript looks at single
// bytes only where a chunk ends inside CR LF . CR LF. Measured for 4 KB: 2 µs (a loop over the bytes 2.1, over the lines 3.2, on top).

import { type DataOutcome, type HeldBytes, KeptMessage } from './kept-message.ts';

const LF = 0x0a;
const CR = 0x0d;
const DOT = 0x2e;

/** How much of CR LF . CR LF the stream ends with. It starts as if a line had just ended, which one had: the DATA command. */
const NOTHING = 0;
const AFTER_CR = 1;
const AFTER_CRLF = 2;
const AFTER_DOT = 3;
const AFTER_DOT_CR = 4;

/** Reads one message. The chunks are changed in place: they belong to the reader from `push` on. */
export class DataReader {
  #seen = AFTER_CRLF;
  readonly #kept: KeptMessage;

  constructor(sizeMax: number, account: HeldBytes) {
    this.#kept = new KeptMessage(sizeMax, account);
  }

  /** Bytes of content so far, thrown away or not. */
  get size(): number {
    return this.#kept.size;
  }

  /** Reads `chunk` from `from` on. Returns the index after the end of the message, or -1 when all of the chunk belongs to it. */
  push(chunk: Buffer, from: number): number {
    let at = from;
    let keepFrom = from;
    while (this.#seen !== NOTHING && at < chunk.length) {
      const byte = chunk[at];
      if (this.#seen === AFTER_CRLF && byte === DOT) {
        this.#kept.keep(chunk, keepFrom, at);
        keepFrom = at + 1;
      } else if (this.#seen === AFTER_DOT_CR && byte === LF) {
        return at + 1;
      }
      const next = this.#step(byte);
      if (next !== NOTHING) at++;
      this.#seen = next;
    }
    return at < chunk.length ? this.#scan(chunk, keepFrom, at) : this.#rest(chunk, keepFrom, at);
  }

  /** The message, after `push` found its end. It stays in the shared account until `release`. */
  take(): DataOutcome {
    return this.#kept.take();
  }

  /** Gives the bytes back to the account: the message was taken over, refused or broken off. */
  release(): void {
    this.#kept.release();
  }

  /** What the stream ends with after `byte`. Called only between a CR and the first byte of a line. */
  #step(byte: number | undefined): number {
    if (this.#seen === AFTER_CR && byte === LF) return AFTER_CRLF;
    if (this.#seen === AFTER_CRLF && byte === DOT) return AFTER_DOT;
    if (this.#seen === AFTER_DOT && byte === CR) return AFTER_DOT_CR;
    if (this.#seen === AFTER_CR || this.#seen === AFTER_DOT_CR) {
      this.#kept.spoil('line-ending');
      if (byte === CR) return AFTER_CR;
    }
    return NOTHING;
  }

  /** The inside of a chunk, from a place where nothing of CR LF . CR LF is pending. */
  #scan(chunk: Buffer, keepFrom: number, from: number): number {
    const text = chunk.toString('latin1', from);
    let copied = keepFrom;
    let copyFrom = keepFrom;
    for (let dot = text.indexOf('\r\n.'); dot >= 0; dot = text.indexOf('\r\n.', dot + 3)) {
      const end = from + dot + 2;
      // Stuffed dots are squeezed out in place: a message of dots only must not cost an object per line.
      if (copied !== copyFrom) chunk.copyWithin(copied, copyFrom, end);
      copied += end - copyFrom;
      copyFrom = end + 1;
      const next = text.charCodeAt(dot + 3);
      if (next === CR && text.charCodeAt(dot + 4) === LF) {
        this.#kept.check(text.length === dot + 5 ? text : text.slice(0, dot + 5));
        this.#kept.keep(chunk, keepFrom, copied);
        return from + dot + 5;
      }
      // The chunk ends after the dot, or after the CR behind it (which is not kept: either the end follows, or a lone CR).
      if (dot + 3 === text.length || (next === CR && dot + 4 === text.length)) {
        this.#seen = next === CR ? AFTER_DOT_CR : AFTER_DOT;
        this.#kept.check(next === CR ? text.slice(0, -1) : text);
        this.#kept.keep(chunk, keepFrom, copied);
        return -1;
      }
    }
    this.#seen = text.endsWith('\r\n') ? AFTER_CRLF : text.endsWith('\r') ? AFTER_CR : NOTHING;
    this.#kept.check(this.#seen === AFTER_CR ? text.slice(0, -1) : text);
    if (copied !== copyFrom) chunk.copyWithin(copied, copyFrom);
    this.#kept.keep(chunk, keepFrom, copied + chunk.length - copyFrom);
    return -1;
  }

  /** A chunk that ended while something was pending: its dot and the CR behind it are not kept, everything else is. */
  #rest(chunk: Buffer, keepFrom: number, at: number): number {
    const end = this.#seen === AFTER_DOT_CR && at > keepFrom ? at - 1 : at;
    this.#kept.keep(chunk, keepFrom, end);
    return -1;
  }
}

// This file cuts what an SMTP server says into replies (RFC 5321 §4.2), in place and without strings: the text of a reply is made only
// when somebody asks for it, which for the three replies before a body is never.

/** RFC 5321 §4.5.3.1.5 says 512; real servers explain themselves at greater length. */
export const REPLY_LINE_MAX_BYTES = 4096;
/** A whole multi-line reply; the longest real ones (policy essays, EHLO lists) stay below 8 KB. */
export const REPLY_MAX_BYTES = 65_536;
/** First size of the buffer that keeps an unfinished reply between two reads. */
const HOLD_START_BYTES = 1024;

const LF = 0x0a;
const CR = 0x0d;
const HYPHEN = 0x2d;
const SPACE = 0x20;

/** `next` found no whole reply yet. */
export const MORE = 0;
/** `next` found something that is no reply, or one beyond the limits; nothing after it can be trusted. */
export const FAULT = -1;

// Control characters are exactly what is removed here.
// biome-ignore lint/suspicious/noControlCharactersInRegex: see above
const CONTROLS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/;

export class ReplyReader {
  #bytes: Buffer = Buffer.alloc(0);
  #end = 0;
  /** First byte of the reply that is being read. */
  #start = 0;
  /** First byte of its line that is being read. */
  #line = 0;
  #code = 0;
  /** Bounds of the reply `next` returned last. */
  #textStart = 0;
  #textEnd = 0;
  /** Keeps an unfinished reply; `#bytes` is this buffer while one is kept, else the caller's. */
  #hold: Buffer = Buffer.alloc(0);
  #faulty = false;

  /** Takes `length` bytes of `chunk`; they are read in place, so the caller may reuse `chunk` only after `next` has returned MORE. */
  feed(chunk: Buffer, length: number): void {
    const kept = this.#end - this.#start;
    if (kept === 0) {
      this.#bytes = chunk;
      this.#end = length;
      this.#start = 0;
      this.#line = 0;
      return;
    }
    this.#keep(kept + length);
    chunk.copy(this.#hold, kept, 0, length);
    this.#end = kept + length;
  }

  /** The code of the next whole reply, MORE, or FAULT. */
  next(): number {
    if (this.#faulty) return FAULT;
    while (this.#line < this.#end) {
      const lf = this.#bytes.indexOf(LF, this.#line);
      // Behind `#end` may stand bytes of an earlier read.
      if (lf === -1 || lf >= this.#end) break;
      const code = this.#codeAt(this.#line, lf);
      if (code === FAULT || (this.#line > this.#start && code !== this.#code)) return this.#fault();
      this.#code = code;
      const last = this.#bytes[this.#line + 3] !== HYPHEN;
      if (lf - this.#line > REPLY_LINE_MAX_BYTES || lf - this.#start > REPLY_MAX_BYTES) return this.#fault();
      this.#line = lf + 1;
      if (!last) continue;
      this.#textStart = this.#start;
      this.#textEnd = this.#bytes[lf - 1] === CR ? lf - 1 : lf;
      this.#start = lf + 1;
      return code;
    }
    if (this.#end - this.#line > REPLY_LINE_MAX_BYTES || this.#end - this.#start > REPLY_MAX_BYTES) return this.#fault();
    this.#keep(this.#end - this.#start);
    return MORE;
  }

  /** All lines of the reply that `next` returned last, codes included, joined by "\n". Valid until the next call of `next` or `feed`. */
  text(): string {
    const text = this.#bytes.toString('utf8', this.#textStart, this.#textEnd);
    return CONTROLS.test(text) ? text.replaceAll('\r\n', '\n').replace(new RegExp(CONTROLS, 'g'), ' ') : text;
  }

  /** Bytes that came after the last whole reply. */
  get pendingBytes(): number {
    return this.#end - this.#start;
  }

  /** Forgets everything: after STARTTLS nothing said in clear counts (RFC 3207 §4.2). */
  reset(): void {
    this.#end = this.#start = this.#line = 0;
  }

  #fault(): typeof FAULT {
    this.#faulty = true;
    return FAULT;
  }

  /** Moves the unfinished reply to the front of a buffer of our own with room for `room` bytes. */
  #keep(room: number): void {
    const kept = this.#end - this.#start;
    if (kept === 0 && room === 0) {
      this.reset();
      return;
    }
    const target = this.#hold.length >= room ? this.#hold : Buffer.allocUnsafe(Math.max(room * 2, HOLD_START_BYTES));
    if (target !== this.#bytes || this.#start !== 0) this.#bytes.copy(target, 0, this.#start, this.#end);
    this.#hold = this.#bytes = target;
    this.#line -= this.#start;
    this.#end = kept;
    this.#start = 0;
  }

  /** Three digits, then a space, a hyphen or the end of the line. */
  #codeAt(at: number, lf: number): number {
    const bytes = this.#bytes;
    const a = (bytes[at] ?? 0) - 48;
    const b = (bytes[at + 1] ?? 0) - 48;
    const c = (bytes[at + 2] ?? 0) - 48;
    if (lf - at < 3 || a < 2 || a > 5 || b < 0 || b > 9 || c < 0 || c > 9) return FAULT;
    const after = bytes[at + 3];
    return after === SPACE || after === HYPHEN || after === CR || after === LF ? a * 100 + b * 10 + c : FAULT;
  }
}

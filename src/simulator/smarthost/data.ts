// This file collects the bytes after DATA up to CR LF . CR LF (RFC 5321 §4.1.1.4); a bare LF never ends a message.

export interface DataReader {
  /** Takes bytes; `rest` is what follows the end. */
  push(chunk: Buffer): { readonly done: boolean; readonly rest: Buffer };
  /** The content without its final dot line, still dot-stuffed; null when it was larger than allowed. */
  content(): Buffer | null;
}

const END = Buffer.from('\r\n.\r\n');
const NOTHING = Buffer.alloc(0);

/** Makes a reader for one message of at most `maxBytes`. */
export function makeDataReader(maxBytes: number): DataReader {
  const parts: Buffer[] = [];
  let bytes = 0;
  // The line end of the DATA command counts as the one before a dot that stands first.
  let tail: Buffer = Buffer.from('\r\n');
  return {
    push(chunk) {
      const window = Buffer.concat([tail, chunk]);
      const at = window.indexOf(END);
      const taken = at < 0 ? chunk : chunk.subarray(0, at + END.length - tail.length);
      bytes += taken.length;
      // What is too large is read to its end and forgotten.
      if (bytes <= maxBytes + END.length) parts.push(taken);
      tail = window.subarray(Math.max(0, window.length - (END.length - 1)));
      return { done: at >= 0, rest: at < 0 ? NOTHING : chunk.subarray(taken.length) };
    },
    content() {
      const whole = bytes - 3;
      return whole > maxBytes ? null : Buffer.concat(parts).subarray(0, whole);
    },
  };
}

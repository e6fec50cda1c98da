// This file counts the bytes of messages that are in memory for the wire: a lane may hold a hundred letters of 50 MB, and a desk that read all
// of them ahead would end for lack of memory with mail in its hands.

/** A message in memory. */
export interface Body {
  readonly raw: { readonly length: number };
}

/**
 * Bytes at which nothing more is read ahead. The wire keeps a settled and a signed copy beside the original, so memory may hold three times
 * of it; with the usual letter of 20 KB it is never reached.
 */
const BYTES_MAX = 256 * 1024 * 1024;

export interface BodiesInHand {
  /** A job of this message waits in memory, or is on the wire. */
  enter(message: Body): void;
  /** The job needs the body no more. */
  leave(message: Body): void;
  /** True while there is room for more. What is on its way in when it becomes false still comes. */
  hasRoom(): boolean;
  readonly bytes: number;
}

/** Makes an empty count; a message counts once, however many jobs it has. */
export function makeBodiesInHand(bytesMax = BYTES_MAX): BodiesInHand {
  const jobs = new Map<Body, number>();
  let bytes = 0;
  return {
    enter(message) {
      const before = jobs.get(message) ?? 0;
      if (before === 0) bytes += message.raw.length;
      jobs.set(message, before + 1);
    },
    leave(message) {
      const before = jobs.get(message);
      if (before === undefined) return;
      if (before > 1) {
        jobs.set(message, before - 1);
        return;
      }
      jobs.delete(message);
      bytes -= message.raw.length;
    },
    hasRoom: () => bytes < bytesMax,
    get bytes() {
      return bytes;
    },
  };
}

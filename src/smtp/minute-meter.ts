// This file counts happenings per key over the last minute: failed logins per address, messages per credential. One node counts for itself.

interface Count {
  minute: number;
  current: number;
  previous: number;
}

const MINUTE_MS = 60_000;

/**
 * A sliding minute from two counters per key: the running clock minute, and the one before weighted by how much of it still lies within
 * 60 seconds. At most `keysMax` keys are remembered; past that the stale ones go first, then the oldest.
 */
export class MinuteMeter {
  readonly #counts = new Map<string, Count>();
  readonly #keysMax: number;

  constructor(keysMax: number) {
    this.#keysMax = keysMax;
  }

  /** Happenings of `key` in the 60 seconds before `nowMs` (monotonic milliseconds), estimated. */
  count(key: string, nowMs: number): number {
    const count = this.#counts.get(key);
    if (count === undefined) return 0;
    const minute = Math.floor(nowMs / MINUTE_MS);
    const remaining = 1 - (nowMs % MINUTE_MS) / MINUTE_MS;
    if (count.minute === minute) return count.current + count.previous * remaining;
    return count.minute === minute - 1 ? count.current * remaining : 0;
  }

  add(key: string, nowMs: number): void {
    const minute = Math.floor(nowMs / MINUTE_MS);
    const count = this.#counts.get(key);
    if (count === undefined) {
      if (this.#counts.size >= this.#keysMax) this.#forget(minute);
      this.#counts.set(key, { minute, current: 1, previous: 0 });
      return;
    }
    if (count.minute !== minute) {
      count.previous = count.minute === minute - 1 ? count.current : 0;
      count.current = 0;
      count.minute = minute;
    }
    count.current += 1;
  }

  #forget(minute: number): void {
    for (const [key, count] of this.#counts) {
      if (count.minute < minute - 1) this.#counts.delete(key);
    }
    for (const key of this.#counts.keys()) {
      if (this.#counts.size < this.#keysMax) return;
      this.#counts.delete(key);
    }
  }
}

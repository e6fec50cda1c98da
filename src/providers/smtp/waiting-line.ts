// This file is the line of hand-overs that wait for a session: first come, first served, with a place at the front for those sent back.
import type { Transaction } from './transaction.ts';

/** The dead front of the array is cut off when it has grown to this many places. */
const COMPACT_AT = 1024;

export class WaitingLine {
  #places: (Transaction | null)[] = [];
  #head = 0;

  get length(): number {
    return this.#places.length - this.#head;
  }

  push(transaction: Transaction): void {
    this.#places.push(transaction);
  }

  unshift(transaction: Transaction): void {
    if (this.#head === 0) this.#places.unshift(transaction);
    else this.#places[--this.#head] = transaction;
  }

  shift(): Transaction | null {
    if (this.#head >= this.#places.length) return null;
    const transaction = this.#places[this.#head] ?? null;
    // Let go of the body at once.
    this.#places[this.#head++] = null;
    if (this.#head === this.#places.length) {
      this.#places.length = 0;
      this.#head = 0;
    } else if (this.#head >= COMPACT_AT) {
      this.#places.splice(0, this.#head);
      this.#head = 0;
    }
    return transaction;
  }
}

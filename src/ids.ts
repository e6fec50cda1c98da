// This file mints and reads UUIDv7 (RFC 9562 §5.7): 48 bits of milliseconds, then a counter and chance, so ids of one process only grow.
import { randomFillSync } from 'node:crypto';
import type { Clock } from './clock.ts';

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
/** Random bytes are drawn in blocks; one system call serves this many ids. */
const POOL_IDS = 512;

export interface IdMint {
  /** A new UUIDv7, larger than every one this mint made before. */
  next(): string;
}

/** Makes a mint on `clock`; one per process is enough. */
export function idMint(clock: Pick<Clock, 'nowMs'>): IdMint {
  const pool = Buffer.allocUnsafe(8 * POOL_IDS);
  let offset = pool.length;
  let lastMs = 0;
  let counter = 0;
  return {
    next() {
      if (offset >= pool.length) {
        randomFillSync(pool);
        offset = 0;
      }
      const now = Math.floor(clock.nowMs());
      if (now > lastMs) {
        lastMs = now;
        counter = byteAt(pool, offset) & 0x7f;
      } else {
        counter += 1;
        // 12 bits of counter are used up in this millisecond: borrow the next one (RFC 9562 §6.2).
        if (counter > 0xfff) {
          lastMs += 1;
          counter = 0;
        }
      }
      const id = format(lastMs, counter, pool, offset);
      offset += 8;
      return id;
    },
  };
}

/** The time inside a UUIDv7, in milliseconds since 1970. */
export function idTimeMs(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

/** The smallest UUIDv7 of a millisecond: the edge of a range over ids. */
export function idFloor(ms: number): string {
  const hex = Math.max(0, Math.floor(ms)).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** True for any UUID; foreign or invented ones simply find nothing later. */
export function isId(text: string): boolean {
  return UUID.test(text);
}

function format(ms: number, counter: number, random: Buffer, at: number): string {
  const time = ms.toString(16).padStart(12, '0');
  const mid = (0x7000 | counter).toString(16);
  const variant = HEX[(byteAt(random, at) & 0x3f) | 0x80];
  const h = (i: number) => HEX[byteAt(random, at + i)];
  return `${time.slice(0, 8)}-${time.slice(8)}-${mid}-${variant}${h(1)}-${h(2)}${h(3)}${h(4)}${h(5)}${h(6)}${h(7)}`;
}

function byteAt(buffer: Buffer, index: number): number {
  return buffer[index] ?? 0;
}

// This file waits for things that happen in other processes: it looks again and again, and gives up loudly.
import { setTimeout as delay } from 'node:timers/promises';

/** Short enough that no figure in seconds feels it, long enough to cost nothing. */
const LOOK_MS = 20;

/** Looks until `look` answers something other than null or false; rejects after `limitMs` with what was waited for. */
export async function until<T>(
  what: string,
  look: () => Promise<T | null | false> | T | null | false,
  options: { limitMs: number; everyMs?: number },
): Promise<T> {
  const endMs = performance.now() + options.limitMs;
  for (;;) {
    const found = await look();
    if (found !== null && found !== false) return found;
    if (performance.now() > endMs) throw new Error(`waited ${Math.round(options.limitMs / 1000)} s for ${what}`);
    await delay(options.everyMs ?? LOOK_MS);
  }
}

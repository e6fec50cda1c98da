// This file waits in tests for something that nobody announces: it looks again and again, and says what it waited for when it gives up.
import { setTimeout as delay } from 'node:timers/promises';

/** Resolves with what `look` answers as soon as that is neither false, null nor undefined. */
export async function until<T>(
  look: () => T | Promise<T>,
  options: { what: string; withinMs?: number; everyMs?: number },
): Promise<Exclude<T, false | null | undefined>> {
  const { what, withinMs = 240_000, everyMs = 50 } = options;
  const end = performance.now() + withinMs;
  for (;;) {
    const answer = await look();
    // What is left is what the type says.
    if (answer !== false && answer !== null && answer !== undefined) return answer as Exclude<T, false | null | undefined>;
    if (performance.now() > end) throw new Error(`waited ${withinMs / 1000} s in vain for ${what}`);
    await delay(everyMs);
  }
}

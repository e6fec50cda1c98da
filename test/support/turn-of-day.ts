// This file keeps tests of what is counted by day away from the turn of the day (UTC), which would begin their counts anew in the middle.
import { setTimeout as delay } from 'node:timers/promises';

const DAY_MS = 86_400_000;
/** Longer than any of these tests takes, also on a slow machine. */
const NEEDED_MS = 120_000;

/** Resolves at once, unless the day is about to end: then when the next one has begun. */
export async function clearOfMidnight(): Promise<void> {
  const leftMs = DAY_MS - (Date.now() % DAY_MS);
  if (leftMs < NEEDED_MS) await delay(leftMs + 1_000);
}

// This file loads an HTTP door in two ways: as fast as a number of callers can (how much is taken), and at a fixed rate whatever the answers do
// (how long one waits, measured from the moment the request was due, so that a stall is not hidden by requests that were never made).
import { setTimeout as delay } from 'node:timers/promises';
import type { Pool } from 'undici';

export interface HttpRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | string;
}

export interface Measured {
  readonly requests: number;
  readonly seconds: number;
  /** Milliseconds. */
  readonly latencies: readonly number[];
}

/** A timer is as exact as this; requests due meanwhile go together. */
const TICK_MS = 1;

/** `callers` callers, each asking again as soon as it has its answer, until `stop` says so. */
export async function closedLoop(
  pool: Pool,
  make: (n: number) => HttpRequest,
  options: { callers: number; stop: (made: number, elapsedMs: number) => boolean },
): Promise<Measured> {
  const latencies: number[] = [];
  const startMs = performance.now();
  let made = 0;
  const caller = async () => {
    while (!options.stop(made, performance.now() - startMs)) {
      const n = made;
      made += 1;
      const beganMs = performance.now();
      await ask(pool, make(n));
      latencies.push(performance.now() - beganMs);
    }
  };
  await Promise.all(Array.from({ length: options.callers }, caller));
  return { requests: latencies.length, seconds: (performance.now() - startMs) / 1000, latencies };
}

/** `perSecond` requests a second, evenly, for `forMs`. */
export async function openLoop(
  pool: Pool,
  make: (n: number) => HttpRequest,
  options: { perSecond: number; forMs: number },
): Promise<Measured> {
  const latencies: number[] = [];
  const running: Promise<void>[] = [];
  const startMs = performance.now();
  const total = Math.floor((options.perSecond * options.forMs) / 1000);
  for (let made = 0; made < total; ) {
    const elapsedMs = performance.now() - startMs;
    for (; made < total && (made / options.perSecond) * 1000 <= elapsedMs; made += 1) {
      const dueMs = startMs + (made / options.perSecond) * 1000;
      running.push(ask(pool, make(made)).then(() => void latencies.push(performance.now() - dueMs)));
    }
    await delay(TICK_MS);
  }
  await Promise.all(running);
  return { requests: latencies.length, seconds: (performance.now() - startMs) / 1000, latencies };
}

async function ask(pool: Pool, { path, headers, body }: HttpRequest): Promise<void> {
  const answer = await pool.request({ method: 'POST', path, headers, body });
  const text = await answer.body.text();
  if (answer.statusCode >= 300) throw new Error(`POST ${path} was answered ${answer.statusCode}: ${text.slice(0, 500)}`);
}

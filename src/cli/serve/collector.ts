// This file sets V8's garbage collector for a process through which much more passes than it keeps, beside a PostgreSQL on the same cores.
import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';

/** How much memory in use may grow before all of it is collected, in percent. A desk keeps some 80 MB, so it may come to 240. */
const GROWTH_PERCENT = 200;

/**
 * What V8 is told on a machine with so many cores. By itself it collects the whole heap after every 64 MB of buffers, that is every 2.3 s at 700
 * messages/s, marking on as many threads as its pool has (four): on two cores everybody waited for 40 to 90 ms, PostgreSQL too. With buffers counted
 * together with the rest, and one core left free, the p99 of `POST /v1/messages` at that load fell from 68 to 20 ms.
 */
export function collectorFlags(cores: number): string[] {
  return [
    '--external-memory-accounted-in-global-limit',
    `--heap-growing-percent=${GROWTH_PERCENT}`,
    `--concurrent-marking-max-worker-num=${Math.max(1, cores - 1)}`,
  ];
}

/** Tells V8; it heeds it from its next collection on. */
export function setCollector(): void {
  for (const flag of collectorFlags(availableParallelism())) setFlagsFromString(flag);
}

// This file keeps everything that is still to happen, in one heap with one timer, so that a hundred thousand waiting steps cost one timer.
import type { Clock } from '../clock.ts';

export interface Agenda {
  /** Runs `run` once the clock reaches `dueMs` (milliseconds since 1970). */
  at(dueMs: number, run: () => void): void;
  readonly waiting: number;
  /** Forgets everything that waits. */
  stop(): void;
}

interface Entry {
  readonly dueMs: number;
  readonly run: () => void;
}

/** Entries run before sockets get their turn again. */
const BURST = 500;
/** setTimeout takes 31 bits; a longer wait is simply asked again. */
const WAIT_MAX_MS = 60_000;

/** Makes an agenda on `clock`. */
export function makeAgenda(clock: Pick<Clock, 'nowMs'>): Agenda {
  const heap: Entry[] = [];
  let timer: NodeJS.Timeout | undefined;
  let timerDueMs = Number.POSITIVE_INFINITY;
  let stopped = false;

  function arm(): void {
    const next = heap[0];
    if (next === undefined || stopped || timerDueMs <= next.dueMs) return;
    clearTimeout(timer);
    timerDueMs = next.dueMs;
    timer = setTimeout(turn, Math.min(Math.max(0, next.dueMs - clock.nowMs()), WAIT_MAX_MS));
  }

  function turn(): void {
    timerDueMs = Number.POSITIVE_INFINITY;
    const nowMs = clock.nowMs();
    for (let ran = 0; ran < BURST && !stopped; ran += 1) {
      const next = heap[0];
      if (next === undefined || next.dueMs > nowMs) break;
      pop(heap);
      next.run();
    }
    arm();
  }

  return {
    at(dueMs, run) {
      if (stopped) return;
      push(heap, { dueMs, run });
      arm();
    },
    get waiting() {
      return heap.length;
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
      heap.length = 0;
    },
  };
}

function push(heap: Entry[], entry: Entry): void {
  let child = heap.length;
  heap.push(entry);
  while (child > 0) {
    const parent = (child - 1) >> 1;
    const above = heap[parent];
    if (above === undefined || above.dueMs <= entry.dueMs) break;
    heap[child] = above;
    heap[parent] = entry;
    child = parent;
  }
}

function pop(heap: Entry[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let parent = 0;
  for (;;) {
    let child = 2 * parent + 1;
    const right = heap[child + 1];
    if (right !== undefined && right.dueMs < (heap[child]?.dueMs ?? Number.POSITIVE_INFINITY)) child += 1;
    const below = heap[child];
    if (below === undefined || below.dueMs >= last.dueMs) break;
    heap[parent] = below;
    parent = child;
  }
  heap[parent] = last;
}

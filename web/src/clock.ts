// This file is the console's clock: the desk's time, ticking slowly enough not to disturb a reader.
import { useSyncExternalStore } from 'react';

/** Relative times ("38 min") are rewritten this often, milliseconds. */
const TICK_MS = 15_000;

const listeners = new Set<() => void>();
let aheadMs = 0;
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

/** Tells the clock what time it is at the desk, so that a wrong clock in the browser shows no wrong ages. */
export function setDeskTime(iso: string): void {
  const desk = Date.parse(iso);
  if (Number.isNaN(desk)) return;
  aheadMs = desk - Date.now();
  tick();
}

/** The desk's time in milliseconds since 1970, as of the last tick. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}

function tick(): void {
  now = Date.now() + aheadMs;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(tick, TICK_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

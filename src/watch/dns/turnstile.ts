// This file lets only so many pieces of work run at once and only so many wait.

/** Makes the turnstile: runs the work when a place is free; null at once where too many wait already. Work that rejects frees its place. */
export function makeTurnstile(runningMax: number, waitingMax: number): <T>(work: () => Promise<T>) => Promise<T | null> {
  const waiting: (() => void)[] = [];
  let running = 0;

  function leave(): void {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }

  return async (work) => {
    if (running < runningMax) running += 1;
    else {
      if (waiting.length >= waitingMax) return null;
      // Who leaves hands its place on, so `running` stays.
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
    try {
      return await work();
    } finally {
      leave();
    }
  };
}

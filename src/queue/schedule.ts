// This file runs chores on their intervals: each at once at the start, then again after its interval, never two runs of one chore together.
// The first wait is cut so that the chores come spread over time from then on: thirty that look every second or two would otherwise ask the database
// in one moment, and mail would wait for them.
import type { Log } from '../log.ts';

export interface ScheduledChore {
  readonly name: string;
  readonly everyMs: number;
  run(): Promise<void>;
}

export interface Schedule {
  start(): void;
  /** Runs one chore now, or as soon as its present run ended. Unknown names are ignored. */
  nudge(name: string): void;
  /** Starts no more runs and waits for the ones that run. */
  stop(): Promise<void>;
}

/** Makes a schedule of chores; nothing runs before `start`. */
export function makeSchedule(chores: readonly ScheduledChore[], log: Log): Schedule {
  const timers = new Map<string, NodeJS.Timeout>();
  const running = new Map<string, Promise<void>>();
  const again = new Set<string>();
  /** Chores that had their first wait. */
  const spread = new Set<string>();
  let stopped = false;

  function run(chore: ScheduledChore): void {
    clearTimeout(timers.get(chore.name));
    if (stopped) return;
    if (running.has(chore.name)) {
      again.add(chore.name);
      return;
    }
    const work = chore
      .run()
      .catch((error: unknown) =>
        log.warn({ event: 'chore_failed', chore: chore.name, reason: error instanceof Error ? error.message : String(error) }),
      )
      .finally(() => {
        running.delete(chore.name);
        if (stopped) return;
        if (again.delete(chore.name)) run(chore);
        else
          timers.set(
            chore.name,
            setTimeout(() => run(chore), waitOf(chore)),
          );
      });
    running.set(chore.name, work);
  }

  function waitOf(chore: ScheduledChore): number {
    if (spread.has(chore.name)) return chore.everyMs;
    spread.add(chore.name);
    return (chore.everyMs * (chores.indexOf(chore) + 1)) / chores.length;
  }

  return {
    start() {
      for (const chore of chores) run(chore);
    },
    nudge(name) {
      const chore = chores.find((each) => each.name === name);
      if (chore) run(chore);
    },
    async stop() {
      stopped = true;
      for (const timer of timers.values()) clearTimeout(timer);
      await Promise.all(running.values());
    },
  };
}

// This file slows down guessing: who failed too often within a minute waits, whatever comes next. It lives in the memory of one process;
// several nodes multiply the allowance by their number, which guessing 256 bits or an argon2id password does not notice.
import type { Clock } from '../clock.ts';
import { AppError } from '../errors.ts';

export interface FailureGate {
  /** Throws AUTH_THROTTLED when `who` has to wait. */
  check(who: string): void;
  failed(who: string): void;
  /** Takes one failure back: the try that was counted in advance was right. */
  forgive(who: string): void;
  /** Forgets every failure of `who`. */
  succeeded(who: string): void;
}

const WINDOW_MS = 60_000;
/** Names remembered. When more fail at once, the oldest are forgotten rather than memory filled. */
const NAMES_MAX = 10_000;

export function makeFailureGate(clock: Pick<Clock, 'monotonicMs'>, { failuresMax }: { failuresMax: number }): FailureGate {
  const failures = new Map<string, { count: number; sinceMs: number }>();
  const current = (who: string) => {
    const entry = failures.get(who);
    if (entry && clock.monotonicMs() - entry.sinceMs < WINDOW_MS) return entry;
    failures.delete(who);
    return null;
  };
  return {
    check(who) {
      const entry = current(who);
      if (entry && entry.count >= failuresMax) throw new AppError('AUTH_THROTTLED', `${entry.count} log-ins failed within a minute.`);
    },
    failed(who) {
      const entry = current(who);
      if (entry) entry.count += 1;
      else failures.set(who, { count: 1, sinceMs: clock.monotonicMs() });
      if (failures.size > NAMES_MAX) failures.delete(failures.keys().next().value ?? '');
    },
    forgive(who) {
      const entry = current(who);
      if (entry) entry.count -= 1;
    },
    succeeded(who) {
      failures.delete(who);
    },
  };
}

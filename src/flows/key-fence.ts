// This file keeps a process from signing with a key that was revoked elsewhere. Keys are kept parsed in memory; before one is used, this process must
// have heard within a few seconds that none was taken away since. A process that cannot ask (its database is away) signs nothing until it can.
import type pg from 'pg';
import type { Clock } from '../clock.ts';
import { readKeyFence } from '../store/key-fence.ts';

/** No process signs with a revoked key for longer than this after the revocation, seconds. */
export const REVOKED_WITHIN_S = 5;
const BOUND_MS = REVOKED_WITHIN_S * 1_000;
/** While mail flows, the question is asked this often. */
const ASK_EVERY_MS = 1_000;

export interface KeyFence {
  /** Nothing when what is known is fresh enough to sign by; else a promise that it is, which rejects while the database is away. */
  fresh(): Promise<void> | undefined;
  /** Rises whenever this process hears that a key was taken away. */
  version(): number;
}

/** `changed` is called when a key was taken away since the last question. */
export function makeKeyFence(deps: {
  readonly pool: pg.Pool;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly changed?: () => void;
}): KeyFence {
  const { pool, clock } = deps;
  let heard: string | null = null;
  let version = 0;
  let heardAtMs = Number.NEGATIVE_INFINITY;
  let asking: Promise<void> | null = null;

  async function ask(): Promise<void> {
    // From before the question: what is committed later is not in the answer.
    const askedAtMs = clock.monotonicMs();
    const now = await readKeyFence(pool);
    const before = heard;
    heard = now;
    heardAtMs = askedAtMs;
    if (before === null || before === now) return;
    version += 1;
    deps.changed?.();
  }

  function asked(): Promise<void> {
    asking ??= ask().finally(() => {
      asking = null;
    });
    return asking;
  }

  return {
    fresh() {
      const ageMs = clock.monotonicMs() - heardAtMs;
      if (ageMs < ASK_EVERY_MS) return undefined;
      const question = asked();
      if (ageMs >= BOUND_MS) return question;
      // Fresh enough for now; a question that fails is asked again by the next who signs.
      question.catch(() => undefined);
      return undefined;
    },
    version: () => version,
  };
}

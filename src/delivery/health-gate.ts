// This file is the part of the route decision that is about health: an account that is not well is left alone until its rest is over.
import type { AccountSignal } from './provider.ts';

interface HealthCandidate {
  readonly health: 'well' | AccountSignal['kind'];
  readonly healthReason: string | null;
  /** Milliseconds since 1970. */
  readonly healthUntilMs: number | null;
}

/** Gate 2: is the account well? Null: yes. An unwell one is probed by the first message after its rest. */
export function isUnwell(candidate: HealthCandidate, nowMs: number) {
  const { health } = candidate;
  if (health === 'well') return null;
  if (candidate.healthUntilMs !== null && candidate.healthUntilMs <= nowMs) return null;
  const words = candidate.healthReason;
  const facts = words === null ? { health } : { health, words };
  return { because: `The account is ${health}${words === null ? '' : `: ${words}`}`, code: 'unwell' as const, facts };
}

// This file says how long an account that reported trouble is left alone before one message probes it.
import type { AccountSignal } from './provider.ts';

/** First rest, and the cap it doubles up to with every failure; milliseconds. */
const REST_MS: Readonly<Record<AccountSignal['kind'], readonly [first: number, cap: number]>> = {
  unreachable: [5_000, 300_000],
  throttled: [5_000, 300_000],
  quota: [900_000, 3_600_000],
  suspended: [1_800_000, 3_600_000],
  misconfigured: [300_000, 1_800_000],
  degraded: [600_000, 3_600_000],
};
/** Doublings after which the cap is reached in every row. */
const DOUBLINGS_MAX = 10;

/** Milliseconds of rest after the `failures`-th failure in a row; never shorter than the provider asked. */
export function accountRestMs(signal: AccountSignal, failures: number): number {
  const [first, cap] = REST_MS[signal.kind];
  return Math.max(signal.retryAfterMs ?? 0, Math.min(cap, first * 2 ** Math.min(failures - 1, DOUBLINGS_MAX)));
}

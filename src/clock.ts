// This file is the only place that reads time. Core and flows receive a Clock; tests hand in one they move by themselves.

export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  nowMs(): number;
  /** Milliseconds on a clock that never jumps; only differences mean something. */
  monotonicMs(): number;
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};

/** A clock that is set once, by `base`, and then goes on evenly: it takes no part in it when somebody sets the machine's clock. */
export function steadyClock(base: Clock): Clock {
  const startMs = base.nowMs() - base.monotonicMs();
  return { nowMs: () => Math.round(startMs + base.monotonicMs()), monotonicMs: () => base.monotonicMs() };
}

/** A clock that runs at the pace of `base` but is set to the database's time, so that ids and leases of several machines agree. */
export function anchoredClock(base: Clock, offsetMs: () => number): Clock {
  return { nowMs: () => base.nowMs() + offsetMs(), monotonicMs: () => base.monotonicMs() };
}

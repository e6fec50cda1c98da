// This file puts what happened to one recipient in the order in which it can have happened. Providers tell whole seconds, so what followed a hand-over can
// seem to have come before it.

import { idTimeMs } from '../ids.ts';

/** The clock of a provider that tells whole seconds, milliseconds. */
const COARSE_MS = 1_000;

interface Happening {
  /** UUIDv7, made when we heard of it. */
  readonly id: string;
  /** ISO 8601. */
  readonly at: string;
}

interface Try {
  readonly ended_at: string;
}

/** Events in order of time; one that is told in whole seconds stands after every try that ended within its second and before we heard of it. */
export function inStoryOrder<E extends Happening>(events: readonly E[], tries: readonly Try[]): E[] {
  const ends = tries.map((each) => Date.parse(each.ended_at));
  const placed = events.map((event) => {
    const at = Date.parse(event.at);
    const coarse = at % COARSE_MS === 0;
    const heard = idTimeMs(event.id);
    return { event, coarse, at: coarse ? Math.max(at, ...ends.filter((end) => end < at + COARSE_MS && end <= heard)) : at };
  });
  return placed.sort((a, b) => a.at - b.at || Number(a.coarse) - Number(b.coarse)).map(({ event }) => event);
}

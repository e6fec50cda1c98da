// This file remembers what happened lately, for the providers' pull endpoints: a ring, because nobody asks a simulator about last month.
import type { Journey, Step } from './journey.ts';

export interface Happened {
  readonly journey: Journey;
  readonly step: Step;
}

export interface History {
  add(happened: Happened): void;
  /** Newest last; only what happened to journeys that `keep` accepts. */
  find(keep: (journey: Journey) => boolean): Happened[];
}

/** Events that can still be pulled, over all accounts; each keeps its journey, about 1.5 KB. */
const HAPPENED_MAX = 20_000;

/** Makes an empty history. */
export function makeHistory(max = HAPPENED_MAX): History {
  const ring: Happened[] = [];
  let next = 0;
  return {
    add(happened) {
      ring[next] = happened;
      next = (next + 1) % max;
    },
    find(keep) {
      const inOrder = ring.length < max ? ring : [...ring.slice(next), ...ring.slice(0, next)];
      return inOrder.filter((one) => keep(one.journey));
    },
  };
}

// This file is a gate: a way out with a number of places on the wire and, where it has one, a rate.
import type { Job } from './contract.ts';
import { makeRing, type Ring } from './ring.ts';

export interface Gate<J extends Job> {
  readonly id: number;
  /** Places on the wire. */
  places: number;
  /** Jobs a minute; null: as many as the places carry. */
  perMinute: number | null;
  /** What may start now under `perMinute`, and when that was last reckoned. */
  tokens: number;
  reckonedAtMs: number;
  busy: number;
  reserved: number;
  claimed: number;
  /** It is pumped when this turn of the event loop is over. */
  pumpsSoon: boolean;
  readonly ring: Ring<J>;
  /** Doors waiting for a hot place, first come first served. */
  readonly waiters: { laneId: number; untilMs: number; answer: (granted: boolean) => void }[];
  /** Lanes waiting to be claimed from, in turn. */
  readonly hungry: Set<number>;
}

/** A gate without work. */
export function makeGate<J extends Job>(id: number, nowMs: number): Gate<J> {
  return {
    id,
    places: 0,
    perMinute: null,
    tokens: 1,
    reckonedAtMs: nowMs,
    busy: 0,
    reserved: 0,
    claimed: 0,
    pumpsSoon: false,
    ring: makeRing(),
    waiters: [],
    hungry: new Set(),
  };
}

/** Takes one token of a gate with a rate; tokens gather for at most a second, so a pause is not made up for in a burst. */
export function mayStart(gate: Gate<Job>, nowMs: number): boolean {
  if (gate.perMinute === null) return true;
  const most = Math.max(1, gate.perMinute / 60);
  gate.tokens = Math.min(most, gate.tokens + ((nowMs - gate.reckonedAtMs) * gate.perMinute) / 60_000);
  gate.reckonedAtMs = nowMs;
  if (gate.tokens < 1) return false;
  gate.tokens -= 1;
  return true;
}

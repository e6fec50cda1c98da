// This file decides how many requests may be on their way to each tenant endpoint, so that a slow or dead one costs the others nothing.
//
// An endpoint begins with a few places and earns more with quick answers; slow ones halve them. One that does not answer at all, or says that
// it is overloaded (429, 502, 503, 504), keeps a single place and rests between tries, longer each time: its other deliveries wait without
// using up their tries. One half of all places is for anybody; the other half gives one place each to endpoints that hold none and are not
// known to be away, so that even a crowd of dead endpoints leaves room for the living.

/** How a request ended, as far as the endpoint's health goes. */
export type Ending = 'answered' | 'refused' | 'away';

export interface Line {
  readonly endpointId: string;
  readonly share: number;
}

export interface WebhookLines {
  /** Requests on their way. */
  readonly total: number;
  /** Places that may be taken now. */
  readonly free: number;
  /** How many of them an endpoint may take that `shares` does not name. */
  readonly share: number;
  shares(nowMs: number): Line[];
  started(endpointId: string): void;
  /** `tookMs` is the time of the request; `restMs` what the endpoint asked for. All times are of a monotonic clock. */
  ended(endpointId: string, end: { how: Ending; tookMs: number; nowMs: number; restMs?: number | null }): void;
  /** Takes a place back of which nothing is to be learned. */
  cancelled(endpointId: string): void;
}

/** Requests at once of one node. Sockets are cheap; this bounds the memory for bodies and the answers waiting to be written down. */
const PLACES = 256;
/** From here on places are given one by one. */
const CROWDED = PLACES / 2;
/** A small application bears this without noticing. */
const SHARE_START = 4;
/** The most for one endpoint and node. */
const SHARE_MAX = 10;
/** An answer that takes this long comes from somebody who is busy. */
const SLOW_MS = 2_000;
const REST_FIRST_MS = 1_000;
/** An endpoint that came back is noticed within this. */
const REST_MAX_MS = 30_000;
/** Endpoints remembered; the idle ones beyond are forgotten and begin anew. */
const REMEMBERED_MAX = 10_000;

interface State {
  inFlight: number;
  share: number;
  failures: number;
  restUntilMs: number;
}

export function makeWebhookLines(): WebhookLines {
  const states = new Map<string, State>();
  let total = 0;

  function stateOf(endpointId: string): State {
    let state = states.get(endpointId);
    if (!state) {
      if (states.size >= REMEMBERED_MAX) for (const [id, each] of states) if (each.inFlight === 0) states.delete(id);
      state = { inFlight: 0, share: SHARE_START, failures: 0, restUntilMs: 0 };
      states.set(endpointId, state);
    }
    return state;
  }

  function leave(endpointId: string): State {
    const state = stateOf(endpointId);
    state.inFlight -= 1;
    total -= 1;
    return state;
  }

  return {
    get total() {
      return total;
    },
    get free() {
      return (total >= CROWDED ? PLACES : CROWDED) - total;
    },
    get share() {
      return total >= CROWDED ? 1 : SHARE_START;
    },
    shares(nowMs) {
      const crowded = total >= CROWDED;
      return [...states].map(([endpointId, state]) => {
        if (state.restUntilMs > nowMs) return { endpointId, share: 0 };
        if (crowded) return { endpointId, share: state.inFlight === 0 && state.failures === 0 ? 1 : 0 };
        return { endpointId, share: Math.max(0, state.share - state.inFlight) };
      });
    },
    started(endpointId) {
      stateOf(endpointId).inFlight += 1;
      total += 1;
    },
    ended(endpointId, { how, tookMs, nowMs, restMs }) {
      const state = leave(endpointId);
      if (how === 'away') {
        // Those that were on their way together fail together; that is one failure.
        if (state.restUntilMs <= nowMs) state.failures += 1;
        const ownRestMs = Math.min(REST_FIRST_MS * 2 ** (state.failures - 1), REST_MAX_MS);
        state.restUntilMs = Math.max(state.restUntilMs, nowMs + Math.max(ownRestMs, restMs ?? 0));
        state.share = 1;
        return;
      }
      state.failures = 0;
      state.restUntilMs = 0;
      if (tookMs >= SLOW_MS) state.share = Math.max(1, Math.floor(state.share / 2));
      else if (how === 'answered') state.share = Math.min(state.share + 1, SHARE_MAX);
      // A healthy one that is idle is like one never met; the list that each claim carries stays short.
      if (state.inFlight === 0 && state.share >= SHARE_START) states.delete(endpointId);
    },
    cancelled(endpointId) {
      leave(endpointId);
    },
  };
}

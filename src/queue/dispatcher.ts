// This file is the dispatcher: it decides which waiting job goes on the wire next. It knows lanes, gates and jobs, but no e-mail.
// Long because the moves of lanes and gates work on one shared state and are read together.
//
// A gate is a way out with a number of places on the wire. A lane is a queue in the database whose rows all go through one gate at a time.
// Jobs reach a gate in two ways:
// - hot: a caller reserves a place before its commit and hands the job over afterwards; possible only when the lane has no backlog, so order
//   within a lane is kept and a lane with a million rows cannot be overtaken by its own new ones;
// - claimed: a lane that is known or suspected to have ready rows is `hungry`; whenever the gate has room, the next hungry lane in turn is
//   claimed from, a few rows at a time.
// Both enter the gate's ring (deficit round robin, urgent first) and leave it when a place on the wire is free.
//
// A lane whose last claim found less than it could take has nearly caught up: doors wait the moment until it has, instead of adding to what waits
// in the database. Otherwise a busy lane that once fell behind would never come back to hot jobs: something new would be queued during each claim.
//
// A lane's state in memory: `hungry` (rows may be ready now) → claiming → hungry again (the claim was full) | idle with `dueAtMs` (when its
// next row comes due, as far as we know). `blockedUntilMs` shuts it whatever else is true. Every 5 s `rescan` tells what the database
// knows, which covers restarts, other nodes and everything this memory forgot.
import type { Dispatcher, DispatcherDeps, Job, LaneTraits } from './contract.ts';
import { type Gate, makeGate, mayStart } from './gate.ts';

interface LaneState {
  readonly id: number;
  readonly urgent: boolean;
  blockedUntilMs: number;
  hungry: boolean;
  claiming: boolean;
  /** The last claim found fewer rows than it could take. */
  nearlyEmpty: boolean;
  dueAtMs: number;
}

/** Rows a single claim takes at most; above it the statement's cost per row no longer falls. */
const CLAIM_MAX = 100;
/** Rows claimed ahead of the wire, per place: the wire never waits for the database, and little is in doubt when a node dies. */
const AHEAD_PER_PLACE = 1;
const AHEAD_MIN = 32;
/** A gate with a rate holds in memory what it starts within this: who waits there can be called back no more, and no hold stops it. Seconds. */
const AHEAD_PACED_S = 10;
/** Hot jobs may wait in memory beyond the wire: this many places more. */
const HOT_ROOM = 32;
/** How long a door waits for a hot place, and how many may wait at once; past either the row goes through the queue. */
const PLACE_WAIT_MS = 50;
const PLACE_WAITERS_MAX = 200;
const TICK_MS = 50;
const RESCAN_MS = 5_000;
/** Claims running at once on all gates; each holds a database connection. */
const CLAIMS_MAX = 3;

/** Makes a dispatcher; nothing runs before `start`. */
export function makeDispatcher<J extends Job>(deps: DispatcherDeps<J>): Dispatcher<J> {
  const lanes = new Map<number, LaneState>();
  const gates = new Map<number, Gate<J>>();
  /** Gate that a reservation was made on, by lane and count: launch must release the same one. */
  const reservations = new Map<number, number[]>();
  let allowed = true;
  let stopping = false;
  let claims = 0;
  let busyTotal = 0;
  let ticker: NodeJS.Timeout | null = null;
  let rescanAtMs = 0;
  let rescanning = false;
  const onQuiet: (() => void)[] = [];

  const now = () => deps.clock.nowMs();
  const open = (lane: LaneState) => lane.blockedUntilMs <= now();
  const mayWork = () => allowed && !stopping && deps.mayWrite();

  function gateFor(laneId: number): Gate<J> | null {
    const id = deps.gateOf(laneId);
    const gate = id === null ? undefined : gates.get(id);
    return gate && gate.places > 0 ? gate : null;
  }

  /** The gate of a lane whose rows may go from memory: nothing of the lane waits in the database. */
  function hotGate(lane: LaneState): Gate<J> | null {
    return lane.hungry || lane.claiming ? null : openGate(lane);
  }

  function openGate(lane: LaneState): Gate<J> | null {
    return mayWork() && open(lane) ? gateFor(lane.id) : null;
  }

  function grant(gate: Gate<J>, lane: LaneState): boolean {
    // Others wait already: a bulk job queues up like everybody else, an urgent one may still come in from the side.
    const unpaced = gate.places + (lane.urgent || gate.hungry.size === 0 ? HOT_ROOM : 0);
    const room = Math.min(unpaced, gate.busy + pacedAhead(gate));
    if (gate.busy + gate.ring.size + gate.reserved >= room || !deps.hasRoom()) return false;
    gate.reserved += 1;
    const list = reservations.get(lane.id);
    if (list) list.push(gate.id);
    else reservations.set(lane.id, [gate.id]);
    return true;
  }

  /** Lets waiting doors in as places come free, and sends those away who waited long enough. */
  function admit(gate: Gate<J>): void {
    const still: typeof gate.waiters = [];
    // In a lane and among lanes first come is first served: behind one that found no place nobody gets one.
    let full = false;
    for (const waiter of gate.waiters.splice(0)) {
      const lane = lanes.get(waiter.laneId);
      const hot = lane !== undefined && hotGate(lane) === gate;
      const catchingUp = lane !== undefined && !hot && lane.nearlyEmpty && openGate(lane) === gate;
      if (hot && !full && grant(gate, lane)) {
        waiter.answer(true);
        continue;
      }
      full ||= hot;
      if ((hot || catchingUp) && waiter.untilMs > now()) still.push(waiter);
      else waiter.answer(false);
    }
    gate.waiters.push(...still);
  }

  function pump(gate: Gate<J>): void {
    while (gate.busy < gate.places && gate.ring.size > 0 && mayWork() && mayStart(gate, now())) {
      const job = gate.ring.shift();
      if (!job) break;
      gate.busy += 1;
      busyTotal += 1;
      void deps.perform(job, gate.id).finally(() => {
        gate.busy -= 1;
        busyTotal -= 1;
        pump(gate);
        if (stopping && busyTotal === 0) for (const resolve of onQuiet.splice(0)) resolve();
      });
    }
    if (gate.waiters.length > 0) admit(gate);
    feed(gate);
  }

  /**
   * Pumps when this turn of the event loop is over. A commit answers many doors in one turn, and each launches its job before it writes its answer:
   * done at once, the last caller would wait for the hand-overs of all before it.
   */
  function pumpSoon(gate: Gate<J>): void {
    if (gate.pumpsSoon) return;
    gate.pumpsSoon = true;
    setImmediate(() => {
      gate.pumpsSoon = false;
      pump(gate);
    });
  }

  /** Jobs that a gate with a rate may hold ahead of its wire. */
  const pacedAhead = ({ perMinute }: Gate<J>) =>
    perMinute === null ? Number.POSITIVE_INFINITY : Math.max(1, Math.ceil((perMinute * AHEAD_PACED_S) / 60));

  /** Claims for hungry lanes in turn while the gate has room ahead of its wire. */
  function feed(gate: Gate<J>): void {
    const ahead = Math.max(AHEAD_MIN, gate.places * AHEAD_PER_PLACE);
    const paced = pacedAhead(gate);
    while (claims < CLAIMS_MAX && gate.hungry.size > 0 && mayWork()) {
      // Memory may be full of what waits for a gate that does not move: the others go on, one job at a time.
      const full = !deps.hasRoom();
      if (full && gate.busy + gate.ring.size + gate.claimed + gate.reserved > 0) return;
      const room = Math.min(gate.places - gate.busy + ahead, paced) - gate.ring.size - gate.claimed;
      if (room < Math.max(1, Math.min(ahead, paced) / 4)) return;
      const lane = nextHungry(gate);
      if (!lane) return;
      void claimFrom(gate, lane, full ? 1 : Math.min(CLAIM_MAX, Math.max(1, Math.ceil(room / (gate.hungry.size + 1)))));
    }
  }

  function nextHungry(gate: Gate<J>): LaneState | null {
    let found: LaneState | null = null;
    for (const id of gate.hungry) {
      const lane = lanes.get(id);
      if (!lane?.hungry || !open(lane) || deps.gateOf(id) !== gate.id) {
        gate.hungry.delete(id);
        continue;
      }
      if (lane.claiming) continue;
      if (lane.urgent) {
        found = lane;
        break;
      }
      found ??= lane;
    }
    // Taken out and put back at the end after its claim: the set keeps the order of turns.
    if (found) gate.hungry.delete(found.id);
    return found;
  }

  async function claimFrom(gate: Gate<J>, lane: LaneState, limit: number): Promise<void> {
    claims += 1;
    gate.claimed += limit;
    lane.claiming = true;
    lane.hungry = false;
    try {
      const { jobs, found } = await deps.claim(lane.id, limit, gate.id);
      lane.nearlyEmpty = found < limit;
      if (!lane.nearlyEmpty) lane.hungry = true;
      // The gate may have been shut meanwhile: then nothing would take them out of its ring.
      if (!mayWork() || gate.places === 0) await deps.giveBack(jobs);
      else for (const job of jobs) gate.ring.push(lane.id, lane.urgent, job);
    } catch (error) {
      // The database is away or restarting; the next rescan finds the lane again.
      deps.log.warn({ event: 'claim_failed', lane: lane.id, reason: error instanceof Error ? error.message : String(error) });
      lane.dueAtMs = Math.min(lane.dueAtMs, now() + 1_000);
    } finally {
      claims -= 1;
      gate.claimed -= limit;
      lane.claiming = false;
      if (lane.hungry) wake(lane);
      pump(gate);
    }
  }

  function wake(lane: LaneState): void {
    lane.hungry = true;
    if (!open(lane)) return;
    const gate = gateFor(lane.id);
    if (!gate) return;
    gate.hungry.add(lane.id);
    feed(gate);
  }

  function ensure(laneId: number, traits: LaneTraits): LaneState {
    let lane = lanes.get(laneId);
    if (!lane) {
      lane = {
        id: laneId,
        urgent: traits.urgent,
        blockedUntilMs: traits.blockedUntilMs ?? 0,
        hungry: false,
        claiming: false,
        nearlyEmpty: false,
        dueAtMs: Number.POSITIVE_INFINITY,
      };
      lanes.set(laneId, lane);
    }
    return lane;
  }

  function tick(): void {
    const at = now();
    for (const lane of lanes.values()) {
      if (lane.dueAtMs <= at) {
        lane.dueAtMs = Number.POSITIVE_INFINITY;
        lane.hungry = true;
      }
      if (lane.hungry && !lane.claiming) wake(lane);
    }
    for (const gate of gates.values()) if (gate.waiters.length > 0 || gate.perMinute !== null) pump(gate);
    if (at >= rescanAtMs && !rescanning) void rescan();
  }

  async function rescan(): Promise<void> {
    rescanning = true;
    try {
      const rows = await deps.rescan();
      const unknown = rows.map((row) => row.laneId).filter((id) => !lanes.has(id));
      if (unknown.length > 0) for (const [id, traits] of await deps.traits(unknown)) ensure(id, traits);
      for (const row of rows) poke(row.laneId, row.dueAtMs);
    } catch (error) {
      deps.log.warn({ event: 'rescan_failed', reason: error instanceof Error ? error.message : String(error) });
    } finally {
      rescanAtMs = now() + RESCAN_MS;
      rescanning = false;
    }
  }

  function poke(laneId: number, dueAtMs = 0): void {
    const lane = lanes.get(laneId);
    if (!lane) {
      rescanAtMs = 0;
      return;
    }
    if (dueAtMs <= now()) {
      if (!lane.hungry) wake(lane);
    } else lane.dueAtMs = Math.min(lane.dueAtMs, dueAtMs);
  }

  function returnWaiting(gate: Gate<J>): void {
    const waiting = gate.ring.drain();
    if (waiting.length === 0) return;
    void deps.giveBack(waiting).finally(() => {
      for (const job of waiting) poke(job.laneId);
    });
  }

  function release(laneId: number): Gate<J> | null {
    const list = reservations.get(laneId);
    const id = list?.pop();
    if (list?.length === 0) reservations.delete(laneId);
    const gate = id === undefined ? undefined : gates.get(id);
    if (gate) gate.reserved -= 1;
    return gate ?? null;
  }

  return {
    reserve(laneId) {
      const lane = lanes.get(laneId);
      const gate = lane && openGate(lane);
      if (!gate) return false;
      const hot = hotGate(lane) === gate;
      if (hot && grant(gate, lane)) return true;
      const worthIt = hot ? gate.hungry.size === 0 : lane.nearlyEmpty;
      if (!worthIt || gate.waiters.length >= PLACE_WAITERS_MAX) return false;
      return new Promise((answer) => gate.waiters.push({ laneId, untilMs: now() + PLACE_WAIT_MS, answer }));
    },
    launch(job) {
      const gate = release(job.laneId);
      if (!gate || stopping || gate.places === 0) {
        void deps.giveBack([job]);
        return;
      }
      gate.ring.push(job.laneId, lanes.get(job.laneId)?.urgent ?? false, job);
      pumpSoon(gate);
    },
    cancelReservation(laneId) {
      const gate = release(laneId);
      if (gate) pump(gate);
    },
    meet(laneId, traits) {
      ensure(laneId, traits);
    },
    poke,
    block(laneId, untilMs) {
      const lane = lanes.get(laneId);
      if (!lane) return;
      lane.blockedUntilMs = Math.max(lane.blockedUntilMs, untilMs);
      lane.hungry = true;
    },
    setGate(id, places, perMinute = null) {
      let gate = gates.get(id);
      if (!gate) {
        gate = makeGate<J>(id, now());
        gates.set(id, gate);
      }
      gate.places = places;
      gate.perMinute = perMinute;
      if (places === 0) {
        gate.hungry.clear();
        returnWaiting(gate);
      } else pump(gate);
    },
    start() {
      ticker = setInterval(tick, TICK_MS);
    },
    async stop(graceMs) {
      stopping = true;
      for (const gate of gates.values()) admit(gate);
      if (ticker) clearInterval(ticker);
      const waiting = [...gates.values()].flatMap((gate) => gate.ring.drain());
      await deps.giveBack(waiting);
      if (busyTotal === 0) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, graceMs);
        onQuiet.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    },
    flush() {
      for (const gate of gates.values()) returnWaiting(gate);
    },
    setAllowed(value) {
      allowed = value;
      if (allowed) for (const gate of gates.values()) pump(gate);
    },
    get stats() {
      let waiting = 0;
      let hungry = 0;
      for (const gate of gates.values()) {
        waiting += gate.ring.size;
        hungry += gate.hungry.size;
      }
      return { busy: busyTotal, waiting, lanes: lanes.size, hungry };
    },
  };
}

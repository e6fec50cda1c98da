// This file is deficit round robin over flows of waiting jobs: every flow gets the same share of the wire, measured in cost, however many
// jobs it has. Urgent flows go first; one turn in eight goes to the others while both wait, so nothing starves.

export interface RingJob {
  /** In units of about one small message; large messages cost more. */
  readonly cost: number;
}

interface Flow<J> {
  readonly key: number;
  /** Without those that were served: a flow may be remembered longer than it is used. */
  jobs: (J | undefined)[];
  head: number;
  deficit: number;
}

/** What a flow may spend in one turn. */
const QUANTUM = 4;
/** While urgent and other jobs wait, every n-th pick goes to the others. */
const OTHERS_EVERY = 8;
/** Served jobs are cut off the front of a flow's list once there are this many. */
const COMPACT_AT = 256;

class Class<J extends RingJob> {
  readonly flows = new Map<number, Flow<J>>();
  /** Flows that have jobs, in turn order. */
  turn: Flow<J>[] = [];
  size = 0;

  push(key: number, job: J): void {
    let flow = this.flows.get(key);
    if (!flow) {
      flow = { key, jobs: [], head: 0, deficit: 0 };
      this.flows.set(key, flow);
    }
    if (flow.head === flow.jobs.length) this.turn.push(flow);
    flow.jobs.push(job);
    this.size += 1;
  }

  shift(): J | undefined {
    // Each pass over the turn adds a quantum to every flow, so a job of any cost is reached in cost / QUANTUM passes.
    for (;;) {
      const flow = this.turn[0];
      const job = flow?.jobs[flow.head];
      if (!flow || !job) return undefined;
      if (flow.deficit < job.cost) {
        flow.deficit += QUANTUM;
        if (this.turn.length > 1) this.turn.push(...this.turn.splice(0, 1));
        continue;
      }
      flow.deficit -= job.cost;
      this.#remove(flow);
      return job;
    }
  }

  #remove(flow: Flow<J>): void {
    flow.jobs[flow.head] = undefined;
    flow.head += 1;
    this.size -= 1;
    if (flow.head === flow.jobs.length) {
      // An empty flow keeps no credit: fairness is about those who wait now.
      this.turn.shift();
      this.flows.delete(flow.key);
    } else if (flow.head >= COMPACT_AT) {
      flow.jobs = flow.jobs.slice(flow.head);
      flow.head = 0;
    }
  }
}

export interface Ring<J extends RingJob> {
  /** `flow` names who is served fairly against others. */
  push(flow: number, urgent: boolean, job: J): void;
  /** The next job in turn. */
  shift(): J | undefined;
  readonly size: number;
  /** Takes out everything, for shutdown or when the gate closed. */
  drain(): J[];
}

/** Makes an empty ring. */
export function makeRing<J extends RingJob>(): Ring<J> {
  const urgent = new Class<J>();
  const others = new Class<J>();
  let picks = 0;
  return {
    push(flow, isUrgent, job) {
      (isUrgent ? urgent : others).push(flow, job);
    },
    shift() {
      picks += 1;
      const othersTurn = urgent.size === 0 || (others.size > 0 && picks % OTHERS_EVERY === 0);
      return othersTurn ? (others.shift() ?? urgent.shift()) : urgent.shift();
    },
    get size() {
      return urgent.size + others.size;
    },
    drain() {
      const jobs: J[] = [];
      for (let job = this.shift(); job; job = this.shift()) jobs.push(job);
      return jobs;
    },
  };
}

// This file says when a route that a mailbox provider refuses is tried again: by one recipient at a time, less often while it is refused again, more
// often while nothing bad is heard. Whoever tries it risks nothing but a detour: a refusal of our IP takes another route.

/** An open incident of a route at a mailbox provider, as routing looks at it. */
export interface Dent {
  readonly routeId: number;
  readonly mailboxProvider: string;
  readonly incidentId: string;
  readonly openedAtMs: number;
  /** How often the incident came back. */
  readonly reopened: number;
  /** When the receiver refused last. */
  readonly lastSeenAtMs: number;
}

/** What this node knows about its probes of one dent. */
export interface Probes {
  /** Before this nobody tries; milliseconds since 1970. */
  readonly dueAtMs: number;
  readonly lastAtMs: number | null;
  /** The rest after the next probe is the first one doubled this often. */
  readonly doublings: number;
}

/** First rest, and the cap of doubling; the incident closes after 30 quiet minutes, so probes come at least twice in that time. */
const REST_FIRST_MS = 30_000;
const REST_MAX_MS = 15 * 60_000;
const DOUBLINGS_MAX = 5;

export function firstProbes(dent: Dent): Probes {
  return { dueAtMs: dent.lastSeenAtMs + REST_FIRST_MS, lastAtMs: null, doublings: 0 };
}

/** After a probe left at `nowMs`. The one before it was refused when the receiver was heard since. */
export function afterProbe(probes: Probes, lastSeenAtMs: number, nowMs: number): Probes {
  const refused = probes.lastAtMs === null || lastSeenAtMs >= probes.lastAtMs;
  const doublings = refused ? Math.min(probes.doublings + 1, DOUBLINGS_MAX) : Math.max(probes.doublings - 1, 0);
  return { dueAtMs: nowMs + Math.min(REST_FIRST_MS * 2 ** doublings, REST_MAX_MS), lastAtMs: nowMs, doublings };
}

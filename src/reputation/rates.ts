// This file states every rate the desk shows, once (rate-words.ts says what is divided by what): its 90 % interval; and its value shrunk toward the
// fleet, so that a club with forty messages and one bounce is not told that it bounces 2.5 %. Pure; counts come from the rollups.

/** Recipients by what became of them; failures for a fault of the operator are left out by the caller. */
export interface FateCounts {
  readonly delivered: number;
  readonly bounced: number;
  readonly failed: number;
  readonly expired: number;
  readonly complained: number;
  /** Handed over on a route that never reports deliveries, and not refused: of messages accepted SETTLED_AFTER_MS ago or earlier. */
  readonly not_refused: number;
  /** The same, younger than that: it may still bounce. */
  readonly silent_fresh: number;
  /** Of delivered, bounced, failed and expired: those on routes that never report deliveries. */
  readonly silent: KnownFates;
  /** Of silent: those of messages that are younger than SETTLED_AFTER_MS. */
  readonly silent_young: KnownFates;
}

export interface KnownFates {
  readonly delivered: number;
  readonly bounced: number;
  readonly failed: number;
  readonly expired: number;
}

export interface Rate {
  /** 0 to 1; null when nothing is known yet. */
  readonly value: number | null;
  /** Wilson bounds, 90 % sure. */
  readonly low: number | null;
  readonly high: number | null;
  /** Recipients it is measured on. */
  readonly n: number;
  /** The value pulled toward the fleet's, the more the smaller n is. */
  readonly shrunk: number | null;
}

export const RATE_NAMES = ['delivered_rate', 'not_refused_rate', 'bounce_rate', 'complaint_rate'] as const;
export type RateName = (typeof RATE_NAMES)[number];
export type Priors = Readonly<Record<RateName, number>>;

/** Status mails come within days: after five without one, a hand-over that nobody reports on counts as not refused. */
export const SETTLED_AFTER_MS = 5 * 24 * 3_600_000;

/** What stands for the fleet while it is small: a usual sender. */
export const USUAL: Priors = { delivered_rate: 0.985, not_refused_rate: 0.985, bounce_rate: 0.01, complaint_rate: 0.0003 };

/** Recipients that the fleet's rate weighs as much as: at this n, a rate of one's own counts half. Complaints are rare, so it takes more of them. */
export const PRIOR_WEIGHT: Priors = { delivered_rate: 200, not_refused_rate: 200, bounce_rate: 200, complaint_rate: 3_000 };

/** Complaint rates that mailbox providers publish: stay below the first, never reach the second. */
export const COMPLAINT_LINES = { good: 0.001, stop: 0.003 } as const;
/** One or two people are not a rate. */
const COMPLAINTS_MIN = 3;

export type ComplaintVerdict = 'good' | 'watch' | 'stop' | 'too-little';

/** Two-sided 90 %. */
const Z = 1.645;

/** All rates of one set of counts. */
export function ratesOf(counts: FateCounts, priors: Priors = USUAL): Record<RateName, Rate> {
  const {
    delivered,
    bounced,
    failed,
    expired,
    complained,
    not_refused: notRefused,
    silent_fresh: fresh,
    silent,
    silent_young: young,
  } = counts;
  const told = delivered - silent.delivered;
  const untold = bounced + failed + expired - silent.bounced - silent.failed - silent.expired;
  const reached = delivered + notRefused;
  // Refusals come within minutes and silence counts after days. On silent routes a message counts with all that became of it once it is old
  // enough, and with nothing before: else its refusals would stand beside hand-overs that do not count yet.
  const settled = reached - young.delivered;
  const refused = bounced + failed + expired - young.bounced - young.failed - young.expired;
  return {
    delivered_rate: rate('delivered_rate', told, told + untold, priors),
    not_refused_rate: rate('not_refused_rate', settled, settled + refused, priors),
    bounce_rate: rate('bounce_rate', bounced, bounced + reached + fresh, priors),
    // A complaint may be heard before the delivery it is about.
    complaint_rate: rate('complaint_rate', complained, Math.max(complained, reached + fresh), priors),
  };
}

/** One rate: `x` of `n`. */
export function rate(name: RateName, x: number, n: number, priors: Priors = USUAL): Rate {
  if (n <= 0) return { value: null, low: null, high: null, n: 0, shrunk: null };
  const p = Math.min(1, Math.max(0, x / n));
  const spread = Z * Math.sqrt((p * (1 - p)) / n + (Z * Z) / (4 * n * n));
  const centre = p + (Z * Z) / (2 * n);
  const scale = 1 + (Z * Z) / n;
  const weight = PRIOR_WEIGHT[name];
  return {
    value: p,
    low: p === 0 ? 0 : Math.max(0, (centre - spread) / scale),
    high: p === 1 ? 1 : Math.min(1, (centre + spread) / scale),
    n,
    shrunk: (p * n + weight * priors[name]) / (n + weight),
  };
}

/** The fleet's rates as priors: its own counts, which themselves begin at the usual. */
export function priorsOf(fleet: FateCounts): Priors {
  const rates = ratesOf(fleet, USUAL);
  // Every rate name stands in RATE_NAMES, so the record is complete.
  return Object.fromEntries(RATE_NAMES.map((name) => [name, rates[name].shrunk ?? USUAL[name]])) as Record<RateName, number>;
}

/**
 * Where a complaint rate stands to the lines. It is `stop` or `watch` only when that is sure, `good` only when it surely is below the upper
 * line; else there is too little mail to say.
 */
export function complaintVerdict({ value, low, high, n }: Rate): ComplaintVerdict {
  if (value === null || low === null || high === null) return 'too-little';
  if (low > COMPLAINT_LINES.good && Math.round(value * n) >= COMPLAINTS_MIN) return value >= COMPLAINT_LINES.stop ? 'stop' : 'watch';
  if (high < COMPLAINT_LINES.stop) return value < COMPLAINT_LINES.good ? 'good' : 'watch';
  return 'too-little';
}

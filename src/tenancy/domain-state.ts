// This file decides what a look at a domain's records means for its state, and when the next look is due.
//
//   pending ──all required right──▶ verified ──one is wrong──▶ warning ──still wrong after the grace──▶ broken
//      ▲ never proven: stays             ▲────────────────right again──────┴──────────────────────────────┘
//
// A record that could not be asked for keeps what was last known of it, so a name server that is away moves nothing. What an operator vouches
// for stays usable whatever the DNS says, until it was proven once; from then on it is told like any other when its records break.
import type { CheckNoteCode } from './check-note.ts';
import type { ComparedState, RecordPurpose } from './dns/compared.ts';
import type { RecordNeed } from './expected-records.ts';
import type { DomainState } from './may-send.ts';
import { tell } from './told.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Time to mend a required record: a weekend and a working day. */
export const GRACE_MS = 72 * HOUR_MS;
/** A recommended record that went away is worth a warning for this long; later it is how the domain is. */
const CARE_MS = 14 * DAY_MS;
/** Nobody publishes records any more after this: looks end until a person asks for one. */
export const GIVE_UP_MS = 14 * DAY_MS;

/** One record at this look. */
export interface RecordLook {
  readonly purpose: RecordPurpose;
  readonly needed: RecordNeed;
  /** What it is, or was at the last look that was answered; null: never known. */
  readonly settled: Exclude<ComparedState, 'unreachable'> | null;
  /** It was answered at this look. */
  readonly answered: boolean;
  /** When it was last right, milliseconds since 1970. */
  readonly okAtMs: number | null;
}

export interface Standing {
  readonly state: DomainState;
  readonly authenticated: boolean;
  /** An operator said that receivers can prove it. */
  readonly vouchedAuthenticated: boolean;
  readonly proven: boolean;
  readonly breaksAtMs: number | null;
}

/** The standing after a look. Pure. */
export function judgeDomain(before: Standing, looks: readonly RecordLook[], nowMs: number): Standing {
  const required = looks.filter((look) => look.needed === 'required');
  const bad = required.filter((look) => look.settled !== null && look.settled !== 'ok');
  const unknown = required.some((look) => look.settled === null);
  // What is known from before keeps things as they are; only an answer makes them worse.
  const worse = bad.some((look) => look.answered);
  const after = worse ? withBad(before, nowMs) : unknown || bad.length > 0 ? before : allRight(before, looks, nowMs);
  return { ...after, authenticated: before.vouchedAuthenticated || proves(before, after, required) };
}

function allRight(before: Standing, looks: readonly RecordLook[], nowMs: number): Standing {
  const lost = looks.some(
    (look) =>
      look.needed === 'recommended' &&
      look.settled !== null &&
      look.settled !== 'ok' &&
      look.okAtMs !== null &&
      nowMs - look.okAtMs < CARE_MS,
  );
  return { ...before, state: lost ? 'warning' : 'verified', proven: true, breaksAtMs: null };
}

function withBad(before: Standing, nowMs: number): Standing {
  if (!before.proven || before.state === 'broken') return before;
  const breaksAtMs = before.breaksAtMs ?? nowMs + GRACE_MS;
  return { ...before, state: nowMs >= breaksAtMs ? 'broken' : 'warning', breaksAtMs };
}

/** Our DKIM key proves the domain; while it is wrong, the grace holds what was proven before. */
function proves(before: Standing, after: Standing, required: readonly RecordLook[]): boolean {
  if (!after.proven || after.state === 'broken' || after.state === 'pending') return false;
  const keys = required.filter((look) => look.purpose === 'dkim');
  if (keys.length > 0 && keys.every((look) => look.settled === 'ok')) return true;
  return before.authenticated;
}

export interface NextLook {
  readonly atMs: number | null;
  /** Why nobody looks by itself any more, as `checkNoteText` reads it. */
  readonly note: string | null;
}

/** Waits while records are being published: by the age of the wish. DNS hosts take minutes, people take days. */
const PENDING: readonly { readonly ageMs: number; readonly everyMs: number }[] = [
  { ageMs: HOUR_MS, everyMs: 5 * MINUTE_MS },
  { ageMs: 6 * HOUR_MS, everyMs: 15 * MINUTE_MS },
  { ageMs: 2 * DAY_MS, everyMs: HOUR_MS },
  { ageMs: GIVE_UP_MS, everyMs: 6 * HOUR_MS },
];
const EVERY_MS: Readonly<Record<DomainState, number>> = { pending: DAY_MS, verified: DAY_MS, warning: HOUR_MS, broken: 6 * HOUR_MS };
const UNREACHABLE_MS = 10 * MINUTE_MS;
const UNREACHABLE_DOUBLINGS_MAX = 8;
/** Part of the wait by which looks are spread, so that ten thousand domains registered in one night are not asked for in one minute. */
const JITTER = 0.2;

/**
 * When the domain is looked at next. `fromMs`: since when records are being published (it was registered, or a person asked). `unreachable`:
 * looks in a row that were not answered. `random`: 0 ≤ n < 1.
 */
export function nextLook(
  domain: Pick<Standing, 'state' | 'proven' | 'breaksAtMs'> & {
    readonly vouched: boolean;
    readonly fromMs: number;
    readonly unreachable: number;
  },
  nowMs: number,
  random: number,
): NextLook {
  const waitMs = waitFor(domain, nowMs);
  if (waitMs === null) {
    return {
      atMs: null,
      note: tell('gave-up' satisfies CheckNoteCode, { days: String(GIVE_UP_MS / DAY_MS) }),
    };
  }
  const tried = domain.unreachable > 0 ? UNREACHABLE_MS * 2 ** Math.min(domain.unreachable - 1, UNREACHABLE_DOUBLINGS_MAX) : waitMs;
  const atMs = nowMs + Math.round(Math.min(waitMs, tried) * (1 + (random - 0.5) * JITTER));
  // The end of the grace is not slept through.
  const limit = domain.state === 'warning' && domain.breaksAtMs !== null ? Math.max(domain.breaksAtMs, nowMs + MINUTE_MS) : atMs;
  return { atMs: Math.min(atMs, limit), note: null };
}

function waitFor(domain: { state: DomainState; proven: boolean; vouched: boolean; fromMs: number }, nowMs: number): number | null {
  if (domain.proven) return EVERY_MS[domain.state];
  const step = PENDING.find(({ ageMs }) => nowMs - domain.fromMs < ageMs);
  if (step) return step.everyMs;
  return domain.vouched ? DAY_MS : null;
}

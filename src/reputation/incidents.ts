// This file holds the rules of incidents: what opens one, what belongs to it, and when it is over. An incident is one thing that is wrong on
// our side or with one domain or mailing — an IP on a list at Gmail, an account without quota, a domain whose records fail — said once, with
// the receivers' own words, instead of a thousand times in a thousand messages.
//
// A case is watched from its first sighting. It opens when enough recipients met it within the window AND they are a real share of what was
// tried since (the lower end of the range counts, so three of three open it and three of a thousand do not). It closes when nothing like it
// was seen for a while, and the same case opens again when it comes back within a day.
import { addEvidence, type Evidence } from './evidence.ts';

export const INCIDENT_KINDS = ['ip-blocked', 'authentication', 'account', 'capacity', 'content'] as const;
export type IncidentKind = (typeof INCIDENT_KINDS)[number];

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

interface Rule {
  /** Different recipients that must have met it within the window. */
  readonly recipients: number;
  /** Lower end of their share among all answers since the first. */
  readonly share: number;
  readonly windowMs: number;
  readonly quietMs: number;
}

/** Facts: block bounces above 10 % alarm; receivers' own rules act after 2 to 5 answers an hour; an incident ends after 30 quiet minutes. */
export const INCIDENT_RULES: Readonly<Record<IncidentKind, Rule>> = {
  'ip-blocked': { recipients: 3, share: 0.05, windowMs: HOUR_MS, quietMs: 30 * MINUTE_MS },
  // A club mails once a week: its domain's task must not close and open with every mailing, nor wait for a third member.
  authentication: { recipients: 2, share: 0.02, windowMs: DAY_MS, quietMs: DAY_MS },
  account: { recipients: 5, share: 0.1, windowMs: HOUR_MS, quietMs: 30 * MINUTE_MS },
  // A receiver that slows us down is everyday; it is an incident when a crowd waits.
  capacity: { recipients: 20, share: 0.1, windowMs: HOUR_MS, quietMs: 30 * MINUTE_MS },
  content: { recipients: 5, share: 0.05, windowMs: DAY_MS, quietMs: 30 * MINUTE_MS },
};

/** A closed incident that comes back within this is the same one; later it is a new one. */
export const REOPENS_WITHIN_MS = DAY_MS;
/** Recipients remembered per case, so that one who is tried five times counts once. Beyond it every sighting counts. */
const REMEMBERED_MAX = 200;
/** Two-sided 90 %. */
const Z = 1.645;

/** One answer that belongs to a case. */
export interface Sighting {
  readonly recipientId: string;
  readonly messageId: string;
  readonly atMs: number;
  /** The receiver's or provider's own words. */
  readonly reply: string | null;
  readonly class: string | null;
  /** Its recipient went another way. */
  readonly rerouted: boolean;
  /** Leaves no doubt: the provider itself says that the account is suspended. */
  readonly sure: boolean;
}

/** What was counted since the window began. */
export interface Watch {
  readonly sinceMs: number;
  readonly bad: number;
  readonly good: number;
  readonly recipients: readonly string[];
}

export interface IncidentCase {
  readonly state: 'watching' | 'open' | 'closed';
  readonly openedAtMs: number | null;
  readonly lastSeenAtMs: number;
  readonly closedAtMs: number | null;
  /** How often it came back. */
  readonly reopened: number;
  /** Recipients that met it, and those of them that went another way. */
  readonly messages: number;
  readonly rerouted: number;
  readonly watch: Watch;
  readonly evidence: readonly Evidence[];
}

/** The case after a page of news. `good` are answers that went well where this case would have shown. */
export function advanceCase(
  kind: IncidentKind,
  before: IncidentCase | null,
  news: { readonly sightings: readonly Sighting[]; readonly good: number },
  nowMs: number,
): IncidentCase {
  const rule = INCIDENT_RULES[kind];
  const expired = before !== null && nowMs - before.watch.sinceMs > rule.windowMs;
  // What never opened and is out of its window begins anew; an open case keeps what it knows.
  const base = before === null || (expired && before.state === 'watching') ? fresh(nowMs) : before;
  const watch = count(expired ? fresh(nowMs).watch : base.watch, news);
  const met = watch.bad - (expired ? 0 : base.watch.bad);
  const seen = news.sightings.length > 0;
  const next: IncidentCase = {
    ...base,
    watch,
    messages: base.messages + met,
    rerouted: base.rerouted + news.sightings.filter((each) => each.rerouted).length,
    lastSeenAtMs: seen ? nowMs : base.lastSeenAtMs,
    evidence: addEvidence(base.evidence, news.sightings),
  };
  if (base.state === 'open' || !seen) return next;
  const sure = news.sightings.some((each) => each.sure);
  if (!sure && !isEnough(rule, watch)) return next;
  return {
    ...next,
    state: 'open',
    openedAtMs: base.openedAtMs ?? nowMs,
    closedAtMs: null,
    reopened: base.state === 'closed' ? base.reopened + 1 : base.reopened,
  };
}

/** True when an open case is over. `unwell`: its account says itself that it is not. */
export function isOver(kind: IncidentKind, lastSeenAtMs: number, now: { readonly nowMs: number; readonly unwell: boolean }): boolean {
  return !now.unwell && now.nowMs - lastSeenAtMs >= INCIDENT_RULES[kind].quietMs;
}

/** True when a closed case is too old to open again. */
export function isForgotten(closedAtMs: number | null, nowMs: number): boolean {
  return closedAtMs !== null && nowMs - closedAtMs > REOPENS_WITHIN_MS;
}

function fresh(nowMs: number): IncidentCase {
  return {
    state: 'watching',
    openedAtMs: null,
    lastSeenAtMs: nowMs,
    closedAtMs: null,
    reopened: 0,
    messages: 0,
    rerouted: 0,
    watch: { sinceMs: nowMs, bad: 0, good: 0, recipients: [] },
    evidence: [],
  };
}

function count(watch: Watch, news: { readonly sightings: readonly Sighting[]; readonly good: number }): Watch {
  const known = new Set(watch.recipients);
  let bad = watch.bad;
  for (const { recipientId } of news.sightings) {
    if (known.has(recipientId)) continue;
    bad += 1;
    if (known.size < REMEMBERED_MAX) known.add(recipientId);
  }
  return { sinceMs: watch.sinceMs, bad, good: watch.good + news.good, recipients: [...known] };
}

function isEnough(rule: Rule, { bad, good }: Watch): boolean {
  return bad >= rule.recipients && lowerEnd(bad, bad + good) >= rule.share;
}

/** Lower end of a share (Wilson, 90 %). */
function lowerEnd(bad: number, n: number): number {
  const p = bad / n;
  const spread = Z * Math.sqrt((p * (1 - p)) / n + (Z * Z) / (4 * n * n));
  return Math.max(0, (p + (Z * Z) / (2 * n) - spread) / (1 + (Z * Z) / n));
}

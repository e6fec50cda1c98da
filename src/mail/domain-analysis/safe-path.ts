// This file finds the next safe step of a domain's DMARC policy: none → quarantine → reject, each first with t=y (receivers of RFC 9989 then act one step milder, and all report), with the
// evidence for it, or what stands in its way. Records are written without the tags that RFC 9989 removed.
import { isNotOurs, type SourceGroup } from './summary.ts';

export type PolicyName = 'none' | 'quarantine' | 'reject';

/** The policy as receivers saw it last. */
export interface SeenPolicy {
  readonly p: PolicyName;
  readonly testing: boolean;
  /** Days for which it has been seen without a change, as far as the evidence reaches. */
  readonly sinceDays: number;
}

/** A policy as reports name it, with the time of the first and the last report that did. Seconds since 1970. */
export interface PolicySighting {
  readonly p: string | null;
  /** `y` or `n`; null from receivers that do not know the tag. */
  readonly testing: string | null;
  readonly firstS: number;
  readonly lastS: number;
}

/**
 * What receivers see now and since when. Reports of the day of a change name the old policy and the new one; receivers that do not know `t` say nothing about it, which is no
 * change. Null: nobody reported.
 */
export function seenPolicy(sightings: readonly PolicySighting[], nowS: number): SeenPolicy | null {
  const newest = sightings.toSorted((a, b) => b.lastS - a.lastS);
  const [last] = newest;
  if (last === undefined) return null;
  const same = newest.filter(({ p }) => p === last.p);
  const told = same.filter(({ testing }) => testing === 'y' || testing === 'n');
  const testing = told[0]?.testing === 'y';
  const others = [...newest.filter(({ p }) => p !== last.p), ...told.filter((each) => (each.testing === 'y') !== testing)];
  const since = Math.max(Math.min(...same.map(({ firstS }) => firstS)), ...others.map(({ lastS }) => lastS));
  const p = last.p === 'quarantine' || last.p === 'reject' ? last.p : 'none';
  return { p, testing, sinceDays: Math.floor((nowS - since) / DAY_S) };
}

const DAY_S = 86_400;

export interface Evidence {
  /** Length of the window. Days. */
  readonly days: number;
  /** Days of it with at least one report. */
  readonly reportedDays: number;
  readonly groups: readonly SourceGroup[];
}

export interface SafeStep {
  readonly policy: PolicyName;
  readonly testing: boolean;
}

export type BlockerCode =
  | 'no-reports'
  | 'few-days'
  | 'few-messages'
  | 'too-soon'
  | 'own-mail-fails'
  | 'judged-ours-fails'
  | 'provider-fails'
  | 'unknown-steady'
  | 'forwarding-suffers';

export interface Blocker {
  readonly code: BlockerCode;
  /** The source it is about; null: none. */
  readonly source: SourceGroup | null;
  readonly messages: number;
}

export interface SafePath {
  readonly policy: PolicyName | null;
  readonly testing: boolean;
  /** The next step; null at the end of the path, or while something stands in the way. */
  readonly next: SafeStep | null;
  readonly blockers: readonly Blocker[];
  readonly facts: EvidenceFacts;
}

export interface EvidenceFacts {
  readonly days: number;
  /** Messages that count: all but those of sources that somebody said are not theirs. */
  readonly messages: number;
  readonly aligned: number;
  /** Messages that fail and are not by anybody known to send for the domain: what the next step stops. */
  readonly strangers: number;
  /** Sources of what fails, the largest first. */
  readonly rest: readonly SourceGroup[];
  /** What does not count, because somebody said that it is not theirs. `aligned` of it passes all the same, whatever the policy. */
  readonly notOurs: { readonly sources: number; readonly messages: number; readonly aligned: number };
}

/** How far back evidence is looked at: a month has every weekly and monthly mailing. */
export const EVIDENCE_DAYS = 30;
/** Fewer days with reports say nothing about the others. */
export const REPORTED_DAYS_MIN = 14;
/** Fewer messages are too few to show a share. */
export const MESSAGES_MIN = 100;
/** A step needs to be seen this long before the next. Days. */
export const STEP_DAYS_MIN = 14;
/** Share of a known sender's messages that may fail: single messages always do. By step. */
export const FAILING_SHARE_MAX = { none: 0.02, quarantine: 0.02, reject: 0.005 } as const;
/** Forwarded mail that fails is lost or filed as spam; beyond this share of all mail, members notice. By step. */
export const FORWARDED_SHARE_MAX = { none: 0.02, quarantine: 0.02, reject: 0.005 } as const;
/** Failures below this number are no pattern. */
export const FAILING_MIN = 5;
/** More steady addresses than this in one place are no device of a club. */
export const STEADY_IPS_MAX = 3;

export function safePath(seen: SeenPolicy | null, evidence: Evidence): SafePath {
  const facts = factsOf(evidence);
  const policy = seen?.p ?? null;
  const testing = seen?.testing ?? false;
  if (seen === null || facts.messages + facts.notOurs.messages === 0) {
    return { policy, testing, next: null, blockers: [{ code: 'no-reports', source: null, messages: 0 }], facts };
  }
  const next = nextStep(seen);
  if (next === null) return { policy, testing, next, blockers: [], facts };
  const blockers = [...waits(seen, evidence, facts), ...evidence.groups.flatMap((group) => blockerOf(group, next, facts))];
  return { policy, testing, next: blockers.length === 0 ? next : null, blockers, facts };
}

/** The path itself. */
export function nextStep({ p, testing }: Pick<SeenPolicy, 'p' | 'testing'>): SafeStep | null {
  if (p === 'none') return { policy: 'quarantine', testing: true };
  if (testing) return { policy: p, testing: false };
  return p === 'quarantine' ? { policy: 'reject', testing: true } : null;
}

function waits(seen: SeenPolicy, { reportedDays }: Evidence, { messages }: EvidenceFacts): Blocker[] {
  const blocker = (code: BlockerCode): Blocker => ({ code, source: null, messages });
  return [
    ...(reportedDays < REPORTED_DAYS_MIN ? [blocker('few-days')] : []),
    ...(messages < MESSAGES_MIN ? [blocker('few-messages')] : []),
    // The first step follows from evidence alone.
    ...(seen.p !== 'none' && seen.sinceDays < STEP_DAYS_MIN ? [blocker('too-soon')] : []),
  ];
}

function blockerOf(group: SourceGroup, next: SafeStep, facts: EvidenceFacts): Blocker[] {
  const failing = group.messages - group.aligned;
  if (failing < FAILING_MIN || isNotOurs(group)) return [];
  const blocker = (code: BlockerCode): Blocker[] => [{ code, source: group, messages: failing }];
  const often = failing / group.messages > FAILING_SHARE_MAX[next.policy];
  // Mail that somebody misses: no matter on how many days, from how many addresses, or through whom it comes.
  if (group.kind !== 'ours' && group.judgement?.verdict === 'ours') return often ? blocker('judged-ours-fails') : [];
  switch (group.kind) {
    case 'ours':
    case 'provider':
      // What a stranger sends through a provider of many fails nearly always, and is no mail of the domain.
      if (group.kind === 'provider' && group.aligned === 0 && group.steady.ips === 0) return [];
      return often ? blocker(group.kind === 'ours' ? 'own-mail-fails' : 'provider-fails') : [];
    case 'forwarder':
      return failing / facts.messages > FORWARDED_SHARE_MAX[next.policy] ? blocker('forwarding-suffers') : [];
    case 'unknown':
      if (group.steady.messages < FAILING_MIN || group.steady.ips > STEADY_IPS_MAX) return [];
      return [{ code: 'unknown-steady', source: group, messages: group.steady.messages }];
  }
}

function factsOf({ days, groups }: Evidence): EvidenceFacts {
  const counted = groups.filter((group) => !isNotOurs(group));
  const notOurs = groups.filter(isNotOurs);
  const rest = counted
    .filter(({ messages, aligned }) => messages > aligned)
    .toSorted((a, b) => b.messages - b.aligned - (a.messages - a.aligned));
  const strange = (group: SourceGroup) => group.kind === 'unknown' && group.judgement?.verdict !== 'ours';
  return {
    days,
    messages: sum(counted, ({ messages }) => messages),
    aligned: sum(counted, ({ aligned }) => aligned),
    strangers: sum(rest, (group) => (strange(group) ? group.messages - group.aligned - group.steady.messages : 0)),
    rest,
    notOurs: {
      sources: notOurs.length,
      messages: sum(notOurs, ({ messages }) => messages),
      aligned: sum(notOurs, ({ aligned }) => aligned),
    },
  };
}

function sum(groups: readonly SourceGroup[], of: (group: SourceGroup) => number): number {
  return groups.reduce((total, group) => total + of(group), 0);
}

/** Tags that RFC 9989 removed; they are left out of everything we write. */
const REMOVED_TAGS = new Set(['pct', 'rf', 'ri']);
/** In the order people are used to. */
const TAG_ORDER = ['v', 'p', 'sp', 'np', 't', 'adkim', 'aspf', 'fo', 'rua', 'ruf'];

/**
 * The record of a step: what stands in DNS (or null) with `p`, `t` and `np` changed. Subdomains that do not exist send no mail, so they are refused from the first step on. Reports
 * keep going where they went, and to `reportAddress`.
 */
export function stepRecord(existing: string | null, step: SafeStep, reportAddress: string | null): string {
  const tags = new Map(
    (existing ?? '').split(';').flatMap((part): [string, string][] => {
      const [, name, value] = /^\s*([a-z]+)\s*=\s*(.*?)\s*$/i.exec(part) ?? [];
      return name === undefined || value === undefined || REMOVED_TAGS.has(name.toLowerCase()) ? [] : [[name.toLowerCase(), value]];
    }),
  );
  tags.set('v', 'DMARC1').set('p', step.policy).set('np', 'reject').delete('t');
  if (step.testing) tags.set('t', 'y');
  const uri = reportAddress === null ? null : `mailto:${reportAddress}`;
  const rua = (tags.get('rua') ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
  if (uri !== null && !rua.some((each) => each.toLowerCase().startsWith(uri.toLowerCase()))) rua.push(uri);
  if (rua.length > 0) tags.set('rua', rua.join(','));
  const order = (name: string) => (TAG_ORDER.includes(name) ? TAG_ORDER.indexOf(name) : TAG_ORDER.length);
  return [...tags]
    .toSorted(([a], [b]) => order(a) - order(b))
    .map(([name, value]) => `${name}=${value}`)
    .join('; ');
}

// This file groups what reports counted by source and says of each failure why it failed: which of DKIM and SPF was there, for whose domain, and what became of it.
import type { RecordTrace } from '../domain-reports/trace.ts';
import { type Judgement, type Judgements, sourceKey } from './judgement.ts';
import { bearsOurMarks, isBelow, networkOf, type OwnMarks, type Source, type SourceKind, type SourceRow, sourceOf } from './source.ts';

/**
 * Why messages failed. forwarded: passed on, and changed on the way. signature-broken: signed with the domain, and the signature does not verify. signed-by-other: the provider
 * signs with its own domain. spf-not-listed: the domain's SPF does not name the server. other-envelope: SPF holds for somebody else's domain and nothing is signed. nothing: no
 * proof at all.
 */
export const FAILURE_CAUSES = ['forwarded', 'signature-broken', 'signed-by-other', 'spf-not-listed', 'other-envelope', 'nothing'] as const;
export type FailureCause = (typeof FAILURE_CAUSES)[number];

export interface SourceGroup {
  readonly kind: SourceKind;
  readonly name: string;
  readonly messages: number;
  readonly aligned: number;
  readonly spfAligned: number;
  readonly dkimAligned: number;
  /** Addresses that fail on many days, and what fails from them: devices and servers, not waves of abuse. Nothing where months were read. */
  readonly steady: { readonly ips: number; readonly messages: number };
  readonly ipCount: number;
  /** The busiest first. */
  readonly ips: readonly { readonly ip: string; readonly ptr: string | null; readonly messages: number }[];
  /** The commonest cause of its failures; null: nothing failed. */
  readonly cause: FailureCause | null;
  /** Messages that bear our marks: mail of this desk, as far as a report can tell. */
  readonly ownMarks: number;
  /** What a person said about it; null: nobody did. */
  readonly judgement: Judgement | null;
}

/** True for a source that somebody said is not theirs, and that carries nothing of ours: it is what a stricter policy is for. */
export function isNotOurs({ judgement, ownMarks }: Pick<SourceGroup, 'judgement' | 'ownMarks'>): boolean {
  return judgement?.verdict === 'not-ours' && ownMarks === 0;
}

export interface Failure {
  readonly cause: FailureCause;
  readonly kind: SourceKind;
  readonly source: string;
  readonly messages: number;
  /** Domains it failed for, as receivers saw them; the commonest. */
  readonly headerFrom: string | null;
  /** What a person said about its source, where it holds. */
  readonly judgement: Judgement | null;
}

export interface DmarcSummary {
  /** Largest first; those that somebody judged are always among them. */
  readonly groups: readonly SourceGroup[];
  readonly failures: readonly Failure[];
}

/** An address that fails on so many days of a month is a device or a server. */
export const STEADY_DAYS_MIN = 8;
const IPS_SHOWN = 10;
const GROUPS_SHOWN = 500;
const FAILURES_SHOWN = 50;

interface Draft {
  readonly kind: SourceKind;
  readonly name: string;
  messages: number;
  aligned: number;
  spfAligned: number;
  dkimAligned: number;
  ownMarks: number;
  readonly ips: Map<string, { ptr: string | null; messages: number; failing: number; days: number }>;
  readonly causes: Map<FailureCause, number>;
}

/** `rows` may be tens of thousands; the answer is bounded. */
export function summarise(rows: readonly SourceRow[], own: OwnMarks, judgements: Judgements = NOTHING_SAID): DmarcSummary {
  const drafts = new Map<string, Draft>();
  const failures = new Map<string, { key: string; failure: FailureDraft; messages: number; names: Map<string, number> }>();
  for (const row of rows) {
    const source = asJudged(row, sourceOf(row, own), judgements);
    const { kind, name } = source;
    const key = sourceKey(source);
    const draft = drafts.get(key) ?? draftOf(kind, name);
    drafts.set(key, draft);
    count(draft, row);
    if (bearsOurMarks(row, own)) draft.ownMarks += row.messages;
    if (row.trace.dkimAligned || row.trace.spfAligned) continue;
    const cause = causeOf(row.trace, kind, own.domain);
    add(draft.causes, cause, row.messages);
    const failed = failures.get(`${cause} ${key}`) ?? { key, failure: { cause, kind, source: name }, messages: 0, names: new Map() };
    failures.set(`${cause} ${key}`, failed);
    failed.messages += row.messages;
    add(failed.names, row.trace.headerFrom ?? '', row.messages);
  }
  const groups = new Map([...drafts].map(([key, draft]) => [key, groupOf(draft, judgements.get(key) ?? null)] as const));
  return {
    groups: byMessages([...groups.values()]).filter(({ judgement }, at) => at < GROUPS_SHOWN || judgement !== null),
    failures: byMessages(
      [...failures.values()].map(({ key, failure, messages, names }) => {
        return { ...failure, messages, headerFrom: mostOf(names) || null, judgement: holding(groups.get(key)) };
      }),
    ).slice(0, FAILURES_SHOWN),
  };
}

type FailureDraft = Omit<Failure, 'messages' | 'headerFrom' | 'judgement'>;
const NOTHING_SAID: Judgements = new Map();

/** What somebody said about a network stays true of it when names of its addresses become known; what they said about a name comes first. */
function asJudged(row: SourceRow, source: Source, judgements: Judgements): Source {
  if (judgements.size === 0 || source.kind !== 'unknown' || judgements.has(sourceKey(source))) return source;
  const network: Source = { kind: 'unknown', name: networkOf(row.ip) };
  return judgements.has(sourceKey(network)) ? network : source;
}

function holding(group: SourceGroup | undefined): Judgement | null {
  if (group === undefined || group.judgement === null) return null;
  return group.judgement.verdict === 'ours' || isNotOurs(group) ? group.judgement : null;
}

function draftOf(kind: SourceKind, name: string): Draft {
  return { kind, name, messages: 0, aligned: 0, spfAligned: 0, dkimAligned: 0, ownMarks: 0, ips: new Map(), causes: new Map() };
}

function count(draft: Draft, { ip, ptr, messages, days, trace }: SourceRow): void {
  draft.messages += messages;
  if (trace.dkimAligned || trace.spfAligned) draft.aligned += messages;
  if (trace.spfAligned) draft.spfAligned += messages;
  if (trace.dkimAligned) draft.dkimAligned += messages;
  if (ip === null) return;
  const seen = draft.ips.get(ip) ?? { ptr, messages: 0, failing: 0, days: 0 };
  seen.messages += messages;
  if (!trace.dkimAligned && !trace.spfAligned) {
    seen.failing += messages;
    seen.days = Math.max(seen.days, days ?? 0);
  }
  draft.ips.set(ip, seen);
}

function groupOf({ ips, causes, ...draft }: Draft, judgement: Judgement | null): SourceGroup {
  const shown = byMessages([...ips].map(([ip, { ptr, messages }]) => ({ ip, ptr, messages }))).slice(0, IPS_SHOWN);
  const steady = [...ips.values()].filter(({ days }) => days >= STEADY_DAYS_MIN);
  const messages = steady.reduce((sum, { failing }) => sum + failing, 0);
  return { ...draft, steady: { ips: steady.length, messages }, ipCount: ips.size, ips: shown, cause: mostOf(causes), judgement };
}

/** Why a message without any aligned result failed. */
export function causeOf(trace: RecordTrace, kind: SourceKind, domain: string): FailureCause {
  if (kind === 'forwarder') return 'forwarded';
  const from = trace.headerFrom ?? domain;
  const about = (name: string | null) => name !== null && (isBelow(name, domain) || isBelow(from, name));
  if (trace.dkimDomain !== null && about(trace.dkimDomain) && trace.dkimResult !== 'pass') return 'signature-broken';
  if (trace.dkimResult === 'pass') return 'signed-by-other';
  if (about(trace.spfDomain) && trace.spfResult !== 'pass') return trace.spfResult === 'none' ? 'nothing' : 'spf-not-listed';
  return trace.spfResult === 'pass' ? 'other-envelope' : 'nothing';
}

function add<K>(counts: Map<K, number>, key: K, messages: number): void {
  counts.set(key, (counts.get(key) ?? 0) + messages);
}

function mostOf<K>(counts: ReadonlyMap<K, number>): K | null {
  let most: [K, number] | null = null;
  for (const entry of counts) if (most === null || entry[1] > most[1]) most = entry;
  return most?.[0] ?? null;
}

function byMessages<T extends { readonly messages: number }>(list: readonly T[]): T[] {
  return list.toSorted((a, b) => b.messages - a.messages);
}

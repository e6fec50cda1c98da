// This file puts together what reports say about a domain: days, sources, failures in plain words, and the next safe step of its policy, all from counts that stand ready.

import type { Clock } from '../clock.ts';
import type { Language } from '../language.ts';
import { type Judgements, sourceKey, type Verdict } from '../mail/domain-analysis/judgement.ts';
import { EVIDENCE_DAYS, type SafePath, safePath, seenPolicy, stepRecord } from '../mail/domain-analysis/safe-path.ts';
import type { OwnMarks, SourceKind } from '../mail/domain-analysis/source.ts';
import { type FailureCause, isNotOurs, type SourceGroup, summarise } from '../mail/domain-analysis/summary.ts';
import { summariseTls, type TlsSummary } from '../mail/domain-analysis/tls-summary.ts';
import { evidenceText, labelOf, wordsOfBlocker, wordsOfFailure, wordsOfTls } from '../mail/domain-analysis/words.ts';
import { dayOf } from '../mail/domain-reports/report-days.ts';
import { readIp } from '../mail/domain-reports/values.ts';
import {
  allowLargeSums,
  countUncounted,
  type DayRange,
  type DmarcDay,
  readDmarcDays,
  readDmarcSources,
  readReportedPolicies,
  readSelectors,
  readTlsReports,
} from '../store/dmarc-counts.ts';
import type { SendingDomain } from '../store/domains.ts';
import type { Queryable } from '../store/scope.ts';
import { listJudgements, type StoredJudgement } from '../store/source-judgements.ts';
import { type SourceView, sourceViews } from './dmarc-sources.ts';

export type ReportedDomain = Pick<SendingDomain, 'id' | 'tenant_id' | 'name' | 'return_path_host' | 'surroundings'>;

export interface DmarcViewDeps {
  readonly clock: Pick<Clock, 'nowMs'>;
  /** Domain of our return paths. */
  readonly returnPathHost: string;
  /** Public addresses of our own servers, as the settings name them. */
  readonly sendingIps?: readonly string[];
}

export interface DmarcQuestion extends DayRange {
  readonly language: Language;
  readonly reportAddress: string | null;
}

const DAY_S = 86_400;
/** How far back it is looked since when the policy is what it is. Days. */
const POLICY_DAYS = 2 * EVIDENCE_DAYS;

export interface DmarcView {
  readonly from: string;
  readonly to: string;
  readonly messages: number;
  readonly aligned: number;
  /** What of these is from sources that somebody said are not theirs. */
  readonly not_ours: { readonly sources: number; readonly messages: number; readonly aligned: number };
  readonly days: readonly DmarcDay[];
  readonly sources: readonly SourceView[];
  readonly safe_path: SafePathView;
  readonly failures: readonly FailureView[];
  /** Reports of the range that do not count, by state. */
  readonly uncounted: Readonly<Record<string, number>>;
}

export interface SafePathView {
  readonly policy: string | null;
  readonly testing: boolean;
  readonly next: { readonly policy: string; readonly testing: boolean; readonly record: string; readonly evidence: string } | null;
  readonly blockers: readonly {
    readonly code: string;
    readonly source: string | null;
    readonly messages: number;
    readonly why: string;
    readonly next_step: string;
  }[];
  /** What the judgement stands on, also while something is in the way. */
  readonly evidence: string;
}

export interface FailureView {
  readonly cause: FailureCause;
  readonly kind: SourceKind;
  readonly source: string;
  /** What people call the source: what somebody said, else its name. */
  readonly label: string;
  readonly verdict: Verdict | null;
  readonly header_from: string | null;
  readonly messages: number;
  readonly why: string;
  readonly next_step: string;
}

export async function dmarcView(deps: DmarcViewDeps, db: Queryable, domain: ReportedDomain, question: DmarcQuestion): Promise<DmarcView> {
  const { from, to, language } = question;
  const key = { tenantId: domain.tenant_id, domainId: domain.id };
  const days = await readDmarcDays(db, key, question);
  const said = await listJudgements(db, key);
  // The path stands on the last days that reports can know of, whatever range is shown; mostly they are the same.
  const recent = lastDays(deps.clock.nowMs());
  const groupsOf = await grouping(deps, db, domain, said);
  const evidence = await groupsOf({ ...recent, daily: true });
  const same = from === recent.from && to === recent.to;
  const { groups, failures } = same ? evidence : await groupsOf({ from, to, daily: false });
  const path = await pathOf(deps, db, domain, { range: recent, groups: evidence.groups });
  const all = { messages: sum(days, 'messages'), aligned: sum(days, 'aligned') };
  const foreign = groups.filter(isNotOurs);
  const uncounted = await countUncounted(db, {
    tenantId: domain.tenant_id,
    domain: domain.name,
    sinceS: Date.parse(`${from}T00:00:00Z`) / 1000,
  });
  return {
    from,
    to,
    ...all,
    not_ours: { sources: foreign.length, messages: sum(foreign, 'messages'), aligned: sum(foreign, 'aligned') },
    days,
    sources: sourceViews(groups, { domain: domain.name, all, said, language }),
    safe_path: pathView(path, domain, question),
    failures: failures.map((failure) => {
      const { cause, kind, source, headerFrom, messages, judgement } = failure;
      const { why, next } = wordsOfFailure(failure, domain.name, language);
      const label = labelOf({ name: source, judgement });
      return { cause, kind, source, label, verdict: judgement?.verdict ?? null, header_from: headerFrom, messages, why, next_step: next };
    }),
    uncounted,
  };
}

type Grouping = (range: DayRange & { readonly daily: boolean }) => Promise<ReturnType<typeof summarise>>;

/** Makes what groups the sources of a range, as far as `said` goes in the words of people. */
export async function grouping(
  deps: DmarcViewDeps,
  db: Queryable,
  domain: ReportedDomain,
  said: readonly StoredJudgement[],
): Promise<Grouping> {
  await allowLargeSums(db);
  const own = await ownMarks(deps, db, domain);
  const judgements: Judgements = new Map(said.map((each) => [sourceKey(each), each]));
  const key = { tenantId: domain.tenant_id, domainId: domain.id };
  return async (range) => summarise(await readDmarcSources(db, key, range), own, judgements);
}

function sum<K extends 'messages' | 'aligned'>(rows: readonly Readonly<Record<K, number>>[], of: K): number {
  return rows.reduce((total, row) => total + row[of], 0);
}

async function ownMarks(deps: DmarcViewDeps, db: Queryable, domain: ReportedDomain): Promise<OwnMarks> {
  const selectors = await readSelectors(db, { tenantId: domain.tenant_id, domainId: domain.id });
  const addresses = new Set(deps.sendingIps?.flatMap((text) => readIp(text)?.ip ?? []));
  const hosts = [deps.returnPathHost, ...(domain.return_path_host === null ? [] : [domain.return_path_host])];
  return { domain: domain.name, selectors: new Set(selectors), envelopeHosts: hosts.map((host) => host.toLowerCase()), addresses };
}

/** The days that evidence is taken from. */
export function lastDays(nowMs: number): DayRange {
  const nowS = Math.floor(nowMs / 1000);
  return { from: dayOf(nowS - (EVIDENCE_DAYS - 1) * DAY_S), to: dayOf(nowS) };
}

async function pathOf(
  deps: DmarcViewDeps,
  db: Queryable,
  domain: ReportedDomain,
  evidence: { readonly range: DayRange; readonly groups: readonly SourceGroup[] },
): Promise<SafePath> {
  const key = { tenantId: domain.tenant_id, domainId: domain.id };
  const nowS = Math.floor(deps.clock.nowMs() / 1000);
  const days = await readDmarcDays(db, key, evidence.range);
  const sightings = await readReportedPolicies(db, key, { domain: domain.name, sinceS: nowS - POLICY_DAYS * DAY_S });
  const reportedDays = days.filter(({ messages }) => messages > 0).length;
  return safePath(seenPolicy(sightings, nowS), { days: EVIDENCE_DAYS, reportedDays, groups: evidence.groups });
}

function pathView(path: SafePath, domain: ReportedDomain, { language, reportAddress }: DmarcQuestion): SafePathView {
  const evidence = evidenceText(path, language);
  const { next } = path;
  const published = domain.surroundings.dmarc ?? [];
  return {
    policy: path.policy,
    testing: path.testing,
    next: next === null ? null : { ...next, record: stepRecord(published[0] ?? null, next, reportAddress), evidence },
    blockers: path.blockers.map((blocker) => {
      const { why, next: step } = wordsOfBlocker(blocker, language);
      return { code: blocker.code, source: blocker.source?.name ?? null, messages: blocker.messages, why, next_step: step };
    }),
    evidence,
  };
}

export interface TlsView extends DayRange, Omit<TlsSummary, 'failures'> {
  readonly failures: readonly {
    readonly result_type: string;
    readonly mx_host: string | null;
    readonly sessions: number;
    readonly why: string;
    readonly next_step: string;
  }[];
}

export async function tlsView(
  db: Queryable,
  domain: ReportedDomain,
  { from, to, language }: DayRange & { readonly language: Language },
): Promise<TlsView> {
  const reports = await readTlsReports(db, { tenantId: domain.tenant_id, domainId: domain.id }, { from, to });
  const { failures, ...summary } = summariseTls(reports, { from, to }, domain.name);
  return {
    from,
    to,
    ...summary,
    failures: failures.map(({ resultType, mxHost, sessions }) => {
      const { why, next } = wordsOfTls(resultType, language);
      return { result_type: resultType, mx_host: mxHost, sessions, why, next_step: next };
    }),
  };
}

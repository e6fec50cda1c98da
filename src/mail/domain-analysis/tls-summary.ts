// This file sums up TLS reports (RFC 8460): connections to a domain's mail servers by day, and why some could not be encrypted.

import { reportDays, shareOf } from '../domain-reports/report-days.ts';
import type { TlsDetail } from '../domain-reports/tls-detail.ts';

export const TLS_RESULTS = [
  'starttls-not-supported',
  'certificate-host-mismatch',
  'certificate-expired',
  'certificate-not-trusted',
  'validation-failure',
  'tlsa-invalid',
  'dnssec-invalid',
  'dane-required',
  'sts-policy-fetch-error',
  'sts-policy-invalid',
  'sts-webpki-invalid',
] as const;
export type TlsResult = (typeof TLS_RESULTS)[number];

export interface StoredTlsReport {
  readonly orgName: string | null;
  readonly beginS: number | null;
  readonly endS: number | null;
  readonly storedS: number;
  readonly detail: TlsDetail;
}

export interface TlsSummary {
  readonly sessions: number;
  readonly failed: number;
  readonly days: readonly { readonly day: string; readonly sessions: number; readonly failed: number }[];
  readonly policies: readonly { readonly type: string; readonly sessions: number; readonly failed: number }[];
  readonly failures: readonly { readonly resultType: string; readonly mxHost: string | null; readonly sessions: number }[];
  readonly reporters: readonly { readonly name: string; readonly sessions: number; readonly failed: number }[];
}

const SHOWN_MAX = 50;
/** Word for results that RFC 8460 does not know, in `failures[].resultType`. */
export const UNKNOWN_RESULT = 'other';

/** Counts days from `from` to `to` (`2026-03-01`, both included). Policies of other domains than `domain` and those below it are left out. */
export function summariseTls(reports: readonly StoredTlsReport[], range: { from: string; to: string }, domain: string): TlsSummary {
  const days = new Map<string, [sessions: bigint, failed: bigint]>();
  const policies = new Map<string, [bigint, bigint]>();
  const reporters = new Map<string, [bigint, bigint]>();
  const failures = new Map<string, { resultType: string; mxHost: string | null; sessions: bigint }>();
  for (const report of reports) {
    const own = report.detail.policies.filter(
      (policy) => policy.domain === null || policy.domain === domain || policy.domain.endsWith(`.${domain}`),
    );
    if (own.length === 0 && report.detail.policies.length > 0) continue;
    const spread = reportDays(report, report.storedS);
    if (spread === null) continue;
    for (const { type, sessions, failed } of own) {
      for (const share of spread.shares) {
        if (share.day < range.from || share.day > range.to) continue;
        const counts = [shareOf(BigInt(sessions), share, spread.totalS), shareOf(BigInt(failed), share, spread.totalS)] as const;
        add(days, share.day, counts);
        add(policies, type ?? 'no-policy-found', counts);
        add(reporters, report.orgName ?? '?', counts);
      }
    }
    for (const { result_type, mx_host, sessions } of report.detail.failures) {
      const key = JSON.stringify([result_type, mx_host]);
      const seen = failures.get(key) ?? { resultType: result_type ?? UNKNOWN_RESULT, mxHost: mx_host, sessions: 0n };
      failures.set(key, { ...seen, sessions: seen.sessions + BigInt(sessions) });
    }
  }
  const byDay = list(days, 'day').toSorted((a, b) => (a.day < b.day ? -1 : 1));
  return {
    sessions: byDay.reduce((sum, { sessions }) => sum + sessions, 0),
    failed: byDay.reduce((sum, { failed }) => sum + failed, 0),
    days: byDay,
    policies: most(list(policies, 'type')),
    failures: most([...failures.values()].map((failure) => ({ ...failure, sessions: Number(failure.sessions) }))),
    reporters: most(list(reporters, 'name')),
  };
}

export function isTlsResult(text: string): text is TlsResult {
  return TLS_RESULTS.some((known) => known === text);
}

function add(map: Map<string, [bigint, bigint]>, key: string, [sessions, failed]: readonly [bigint, bigint]): void {
  const [before, failedBefore] = map.get(key) ?? [0n, 0n];
  map.set(key, [before + sessions, failedBefore + failed]);
}

function list<K extends string>(map: ReadonlyMap<string, readonly [bigint, bigint]>, key: K) {
  return [...map].map(([name, [sessions, failed]]) => ({
    // A computed key of type K loses its name in TypeScript.
    ...({ [key]: name } as Record<K, string>),
    sessions: Number(sessions),
    failed: Number(failed),
  }));
}

function most<T extends { readonly sessions: number }>(rows: readonly T[]): T[] {
  return rows.toSorted((a, b) => b.sessions - a.sessions).slice(0, SHOWN_MAX);
}

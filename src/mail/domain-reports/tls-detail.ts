// This file keeps of a TLS report what its summary is made of, bounded: reporters are strangers.
import type { TlsReport } from './model.ts';

/** As it is stored; field names are those of the API. */
export interface TlsDetail {
  readonly policies: readonly {
    readonly type: string | null;
    readonly domain: string | null;
    readonly strings: readonly string[];
    readonly mx_hosts: readonly string[];
    readonly sessions: string;
    readonly failed: string;
  }[];
  readonly failures: readonly {
    readonly result_type: string | null;
    readonly mx_host: string | null;
    readonly receiving_ip: string | null;
    readonly sending_ip: string | null;
    readonly sessions: string;
    readonly reason: string | null;
  }[];
}

const POLICIES_MAX = 50;
const STRINGS_MAX = 20;
const FAILURES_MAX = 200;
const TEXT_CHARS_MAX = 300;

/** Counts are texts, exact beyond 2^53. Of many failures those with most sessions stay. */
export function tlsDetail({ policies }: TlsReport): TlsDetail {
  const failures = policies.flatMap((policy) => policy.failures).toSorted((a, b) => Number(b.failedSessions - a.failedSessions));
  return {
    policies: policies.slice(0, POLICIES_MAX).map((policy) => ({
      type: cut(policy.type),
      domain: policy.domain?.domain ?? null,
      strings: policy.strings.slice(0, STRINGS_MAX).map((text) => text.slice(0, TEXT_CHARS_MAX)),
      mx_hosts: policy.mxHosts.slice(0, STRINGS_MAX).map((text) => text.slice(0, TEXT_CHARS_MAX)),
      sessions: String(policy.successfulSessions + policy.failedSessions),
      failed: String(policy.failedSessions),
    })),
    failures: failures.slice(0, FAILURES_MAX).map((failure) => ({
      result_type: cut(failure.resultType),
      mx_host: cut(failure.receivingMxHostname),
      receiving_ip: failure.receivingIp?.ip ?? null,
      sending_ip: failure.sendingMtaIp?.ip ?? null,
      sessions: String(failure.failedSessions),
      reason: cut(failure.failureReasonCode),
    })),
  };
}

function cut(text: string | null): string | null {
  return text === null ? null : text.slice(0, TEXT_CHARS_MAX);
}

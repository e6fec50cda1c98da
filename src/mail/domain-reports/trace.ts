// This file brings a record of an aggregate report down to what says where a message came from and why it passed or failed: everything but address and count. Records that
// agree in it are counted together.
import { createHash } from 'node:crypto';
import type { AggregateRecord, DkimResult } from './model.ts';

export interface RecordTrace {
  /** Lower case; null when the reporter named none. */
  readonly headerFrom: string | null;
  /** The signature that tells most: one of the author's domain before others, a good one before a bad one. Null: none was reported. */
  readonly dkimDomain: string | null;
  readonly dkimSelector: string | null;
  /** Raw result; `none` when there was no signature. */
  readonly dkimResult: string;
  /** What DMARC made of it: the only results that count. */
  readonly dkimAligned: boolean;
  readonly spfDomain: string | null;
  readonly spfResult: string;
  readonly spfAligned: boolean;
  readonly disposition: string;
  /** Types of override reasons, sorted, and `arc` where a comment says arc=pass; empty: none. */
  readonly reasons: string;
}

/** Reporters are strangers: a text that is longer is cut, so that an index can hold it. */
const WORD_CHARS_MAX = 100;
const REASONS_MAX = 5;

export function traceOf(record: AggregateRecord): RecordTrace {
  const headerFrom = record.headerFrom?.domain ?? null;
  const dkim = record.dkimResults.length === 0 ? null : record.dkimResults.reduce((best, next) => (rank(next) > rank(best) ? next : best));
  // RFC 9990 knows the envelope sender only; older reports may add a result for HELO.
  const spf = record.spfResults.find(({ scope }) => scope !== 'helo') ?? record.spfResults[0] ?? null;
  return {
    headerFrom,
    dkimDomain: dkim?.domain?.domain ?? null,
    dkimSelector: word(dkim?.selector) || null,
    dkimResult: word(dkim?.result) || 'none',
    dkimAligned: record.dkim === 'pass',
    spfDomain: spf?.domain?.domain ?? null,
    spfResult: word(spf?.result) || 'none',
    spfAligned: record.spf === 'pass',
    disposition: word(record.disposition),
    reasons: reasonsOf(record),
  };

  function rank({ domain, result }: DkimResult): number {
    return (related(headerFrom, domain?.domain ?? null) ? 2 : 0) + (result === 'pass' ? 1 : 0);
  }
}

/** A digest of a trace in the form of a UUID: the same words have the same id on every node. */
export function traceId(trace: RecordTrace): string {
  const text = [
    trace.headerFrom,
    trace.dkimDomain,
    trace.dkimSelector,
    trace.dkimResult,
    trace.dkimAligned,
    trace.spfDomain,
    trace.spfResult,
    trace.spfAligned,
    trace.disposition,
    trace.reasons,
  ];
  const hex = createHash('md5').update(JSON.stringify(text)).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** One name is the other or lies below it: enough to prefer a signature, whatever the exact alignment is. */
function related(a: string | null, b: string | null): boolean {
  return a !== null && b !== null && (a === b || a.endsWith(`.${b}`) || b.endsWith(`.${a}`));
}

function reasonsOf({ reasons }: AggregateRecord): string {
  const words = reasons
    .slice(0, REASONS_MAX)
    .flatMap(({ type, comment }) => [word(type), /\barc\s*=\s*pass\b/i.test(comment ?? '') ? 'arc' : '']);
  return [...new Set(words.filter((each) => each !== ''))].sort().join(' ');
}

function word(text: string | null | undefined): string {
  return (text ?? '').trim().slice(0, WORD_CHARS_MAX).toLowerCase().replace(/\s+/g, '-');
}

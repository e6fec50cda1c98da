// This file says which words about reports every language has: what a source is, why mail failed and what mends it, what stands in the way of a stricter policy.
import type { BlockerCode } from '../safe-path.ts';
import type { SourceKind } from '../source.ts';
import type { FailureCause } from '../summary.ts';
import type { TlsResult } from '../tls-summary.ts';

export interface WhyAndNext {
  readonly why: string;
  /** Empty: nothing to do. */
  readonly next: string;
}

/** `source` is a name, `domain` the domain the reports are about. Numbers come written. */
export interface DomainWords {
  /** BCP 47. */
  readonly locale: string;
  /** A source all of whose mail passes. */
  readonly passing: (kind: SourceKind, source: string) => WhyAndNext;
  /** Many sources of a few messages each, told as one. */
  readonly tail: WhyAndNext;
  readonly failing: (cause: FailureCause, kind: SourceKind, names: { source: string; domain: string }) => WhyAndNext;
  /** The same where somebody said about the source whose it is; `passing`: messages that are proven, written, null: none. */
  readonly judged: JudgedWords;
  readonly blocker: (code: BlockerCode, facts: { source: string; messages: string; daysMin: string; messagesMin: string }) => WhyAndNext;
  readonly evidence: (facts: {
    days: string;
    messages: string;
    share: string;
    rest: string;
    /** Where the rest comes from, the largest first; empty: everything passes. */
    sources: readonly string[];
    strangers: string | null;
    /** What somebody said is not theirs; null: nothing came from there. */
    notOurs: { sources: number; written: string; messages: string; passing: string | null } | null;
  }) => string;
  readonly tls: (result: TlsResult | 'other') => WhyAndNext;
  readonly digest: DigestWords;
}

export interface JudgedWords {
  /** It is theirs, and all of it passes. */
  readonly oursPassing: (source: string) => WhyAndNext;
  /** It is theirs and fails: what mends it. */
  readonly oursNext: (cause: FailureCause, names: { source: string; domain: string }) => string;
  readonly notOursFailing: (source: string) => WhyAndNext;
  readonly notOursPassing: (passing: string, source: string) => WhyAndNext;
  /** Somebody said that it is not theirs, but it carries mail of this desk. */
  readonly bearsOurMarks: (source: string) => string;
  /** Nothing was reported from it in the days shown. */
  readonly unseen: WhyAndNext;
}

export interface DigestWords {
  readonly subject: (domain: string, week: string) => string;
  readonly greeting: (organisation: string) => string;
  readonly numbers: (domain: string, messages: string, share: string) => string;
  readonly before: (share: string) => string;
  /** After `numbers`. */
  readonly notOurs: (messages: string, sources: number, written: string) => string;
  readonly failures: string;
  readonly failure: (messages: string, source: string) => string;
  readonly step: string;
  readonly forged: (count: string) => string;
  readonly tls: (failed: string, sessions: string) => string;
  readonly end: string;
}

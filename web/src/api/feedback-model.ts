// This file names what the console reads of bounces, holds, complaints and incidents.
import type { Operations, Suppression } from './schema.gen.ts';

export type {
  Bounce,
  BounceExplanation as Verdict,
  Complaint,
  ComplaintRates,
  FeedbackClass as ClassWords,
  Incident,
  Rate as ApiRate,
  Statistics,
  StatisticsRow,
} from './schema.gen.ts';

export type Grouping = NonNullable<Operations['getStatistics']['query']['by']>;
export type ComplaintRate = Operations['getComplaintRates']['answer']['data'][number];
/** An address on hold, and how many times it has been. */
export type Hold = Suppression & { readonly holds?: number };

export interface HoldRule {
  readonly classes: readonly string[];
  readonly failures: number;
  readonly over_days: number;
  /** Null: for good. */
  readonly hold_days: number | null;
  readonly streams: 'all' | 'bulk';
  readonly doubles: boolean;
}

export interface HoldPolicy {
  readonly tenant_id: string | null;
  readonly inherited: boolean;
  readonly rules: readonly HoldRule[];
  readonly cap_days: number;
}

export interface DryRun {
  readonly held: number;
  readonly of_addresses: number;
  readonly later_delivered: number;
  readonly by_class: readonly { readonly class: string; readonly held: number; readonly later_delivered: number }[];
}

export interface ImportResult {
  readonly added: number;
  readonly already: number;
  readonly refused: readonly { readonly line: number; readonly address: string | null; readonly code: string; readonly message: string }[];
}

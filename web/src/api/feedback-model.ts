// This file names what the console reads of bounces, holds, complaints and incidents.
import type { Fault, RecipientState, Stream } from './model.ts';

/** A rate with what is likely; null where nothing is known yet. */
export interface ApiRate {
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly n: number;
}

export interface StatisticsRow {
  readonly key: string | null;
  readonly label: string | null;
  readonly accepted: number;
  readonly handed_over: number;
  readonly delivered: number;
  readonly bounced: number;
  readonly failed: number;
  readonly expired: number;
  readonly complained: number;
  readonly unsubscribed: number;
  readonly by_fault: Readonly<Record<string, number>>;
  readonly delivered_rate: ApiRate | null;
  readonly bounce_rate: ApiRate | null;
  readonly complaint_rate: ApiRate | null;
}

export type Grouping = 'tenant' | 'domain' | 'stream' | 'mailbox_provider' | 'account' | 'class' | 'fault' | 'hour' | 'day';

export interface Statistics {
  readonly from: string;
  readonly to: string;
  readonly by: string | null;
  readonly total: StatisticsRow;
  readonly data: readonly StatisticsRow[];
  readonly definitions: Readonly<Record<string, string>>;
}

export interface Bounce {
  readonly id: string;
  readonly at: string;
  readonly tenant_id: string;
  readonly tenant_name: string;
  readonly message_id: string;
  readonly recipient_id: string;
  readonly address: string;
  readonly subject: string;
  readonly type: string;
  readonly class: string | null;
  readonly fault: Fault | null;
  readonly hard: boolean;
  readonly diagnostic: string | null;
  readonly provider_label: string | null;
  readonly rule: string | null;
  readonly mailbox_provider: string | null;
  readonly domain: string | null;
  readonly account: string | null;
  readonly state: RecipientState;
  /** The address is on hold now. */
  readonly held: boolean;
}

/** What a class means, in one language. */
export interface ClassWords {
  readonly class: string;
  readonly fault: Fault | null;
  readonly volunteer: string;
  readonly developer: string;
  readonly next: string;
}

export interface Hold {
  readonly id: string;
  readonly tenant_id: string;
  readonly address: string;
  /** Null: every stream. */
  readonly stream: Stream | null;
  readonly reason: string;
  readonly source: string;
  readonly evidence: string | null;
  readonly recipient_id: string | null;
  readonly created_at: string;
  /** Null: for good. */
  readonly expires_at: string | null;
  /** How many times it has been on hold. */
  readonly holds?: number;
}

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

export interface Complaint {
  readonly id: string;
  readonly at: string;
  readonly tenant_id: string;
  readonly tenant_name: string;
  readonly message_id: string;
  readonly recipient_id: string;
  readonly address: string;
  readonly subject: string;
  readonly tags: readonly string[];
  readonly mailbox_provider: string | null;
  readonly account: string | null;
  readonly type: string | null;
}

export interface ComplaintRate {
  readonly mailbox_provider: string;
  readonly delivered: number;
  readonly complained: number;
  readonly rate: ApiRate | null;
  readonly verdict: 'good' | 'watch' | 'stop' | 'too-little';
}

export interface ComplaintRates {
  readonly lines: { readonly good: number; readonly stop: number };
  readonly data: readonly ComplaintRate[];
}

export interface Incident {
  readonly id: string;
  readonly kind: string;
  readonly state: 'open' | 'closed';
  readonly title: string;
  readonly subject: {
    readonly account?: string | null;
    readonly pool?: string | null;
    readonly mailbox_provider?: string | null;
    readonly domain?: string | null;
  };
  readonly tenant_id: string | null;
  readonly fault: Fault | null;
  readonly opened_at: string;
  readonly last_seen_at: string;
  readonly closed_at: string | null;
  readonly acknowledged_at: string | null;
  readonly acknowledged_by: string | null;
  readonly messages: number;
  readonly rerouted: number;
  readonly evidence: readonly { readonly at: string; readonly reply: string; readonly class: string | null; readonly count: number }[];
  readonly next_step: string;
}

export interface Verdict {
  readonly code: number | string | null;
  readonly enhanced: string | null;
  readonly class: string;
  readonly fault: Fault | null;
  readonly bounce_type: 'hard' | 'soft' | 'block';
  readonly hard: boolean;
  readonly suppress: boolean;
  readonly rule: string | null;
  readonly words: { readonly volunteer: string; readonly developer: string; readonly next: string };
}

// This file names what the console reads from the HTTP API. The server adds fields freely; it never takes one of these away.

export const RECIPIENT_STATES = [
  'delivered',
  'handed_over',
  'submitting',
  'queued',
  'scheduled',
  'deferred',
  'held',
  'uncertain',
  'bounced',
  'failed',
  'expired',
  'suppressed',
  'cancelled',
] as const;

/** In the order of the ledger bar. */
export type RecipientState = (typeof RECIPIENT_STATES)[number];
export type StateCounts = Readonly<Record<RecipientState, number>>;
export type Stream = 'transactional' | 'bulk';
export type Fault = 'recipient' | 'receiver' | 'content' | 'sender-reputation' | 'authentication' | 'policy' | 'capacity' | 'operator';
export type Role = 'owner' | 'operator' | 'viewer';
export type Mark = 'complained' | 'opened' | 'clicked' | 'unsubscribed' | 'resent' | 'silent';
export type Health = 'well' | 'unreachable' | 'throttled' | 'quota' | 'suspended' | 'misconfigured' | 'degraded';

export interface Page<T> {
  readonly data: readonly T[];
  readonly next: string | null;
  readonly total?: number | null;
}

export interface Session {
  /** Null when a key was used instead of a session. */
  readonly login: string | null;
  readonly role: Role | null;
  readonly tenant_id: string | null;
  readonly tenant_name?: string | null;
  readonly csrf_token: string | null;
}

export interface RateReport {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly n: number;
  readonly definition: string;
}

export interface Need {
  readonly kind: string;
  readonly title: string;
  readonly text: string;
  readonly href: string | null;
  readonly since: string | null;
}

export interface FlowMinute {
  readonly minute: string;
  readonly transactional: number;
  readonly bulk: number;
  readonly handed_over: number;
}

export interface AccountHealth {
  readonly id: string;
  readonly name: string;
  readonly provider: string;
  readonly state: 'active' | 'paused' | 'removed';
  readonly health: Health;
  readonly health_reason: string | null;
  readonly health_until: string | null;
  readonly simulated: boolean;
}

export interface Overview {
  readonly now: string;
  readonly taken_in_last_minute: number;
  readonly handed_over_last_minute: number;
  readonly oldest_waiting: { readonly transactional_s: number | null; readonly bulk_s: number | null };
  readonly ledger: { readonly difference: number; readonly checked_at: string };
  readonly flow: readonly FlowMinute[];
  readonly last_24h: {
    readonly recipients: number;
    readonly messages: number;
    readonly states: Partial<StateCounts>;
    readonly delivered_rate: RateReport | null;
    readonly answer_seconds: { readonly median: number | null; readonly p99: number | null; readonly n: number };
  };
  readonly needs_person: readonly Need[];
  readonly accounts: readonly AccountHealth[];
  readonly simulator: boolean;
  readonly bootstrap_done: boolean;
}

export interface MessageRow {
  readonly id: string;
  readonly tenant_id: string;
  readonly tenant_name: string;
  readonly from: string;
  readonly subject: string;
  readonly stream: Stream;
  readonly created_at: string;
  readonly recipient_count: number;
  readonly states: Partial<StateCounts>;
  readonly first_recipient: string | null;
}

export interface Attempt {
  readonly id: string;
  readonly number: number;
  readonly account_name: string | null;
  readonly pool?: string | null;
  readonly outcome: 'handed_over' | 'refused' | 'deferred' | 'not_sent' | 'unknown';
  readonly class: string | null;
  readonly fault?: Fault | null;
  readonly reply: string | null;
  readonly provider_message_id: string | null;
  readonly started_at: string;
  readonly ended_at: string;
}

export interface RecipientEvent {
  readonly id: string;
  readonly type: string;
  readonly at: string;
  readonly data: Readonly<Record<string, unknown>> | null;
}

export interface Judgement {
  readonly account: string;
  readonly provider: string;
  readonly pool: string;
  readonly chosen: boolean;
  readonly stopped_at: 'may' | 'well' | 'room' | 'preferred' | null;
  readonly because: string;
}

export interface Decision {
  readonly judgements: readonly Judgement[];
  readonly better: string | null;
  readonly held_because: string | null;
  readonly waits: boolean;
}

export interface Recipient {
  readonly id: string;
  readonly address: string;
  readonly state: RecipientState;
  readonly state_at: string;
  readonly next_at: string | null;
  readonly reason: string | null;
  readonly marks: readonly Mark[];
  readonly attempts: readonly Attempt[];
  readonly events: readonly RecipientEvent[];
  readonly decision: Decision | null;
}

export interface Message {
  readonly id: string;
  readonly tenant_id: string;
  readonly tenant_name: string;
  readonly from: string;
  readonly mail_from: string;
  readonly subject: string;
  readonly stream: Stream;
  readonly created_at: string;
  readonly send_at: string | null;
  readonly size: number;
  readonly header_message_id: string;
  readonly tags: readonly string[];
  readonly metadata: Readonly<Record<string, string>> | null;
  readonly credential: { readonly id: string; readonly name: string; readonly kind: CredentialKind } | null;
  readonly recipients: readonly Recipient[];
}

export interface Preview {
  readonly html: string | null;
  readonly text: string | null;
  readonly attachments: readonly { readonly filename: string | null; readonly content_type: string; readonly size: number }[];
}

export interface Tenant {
  readonly id: string;
  readonly name: string;
  readonly state: 'active' | 'suspended';
  readonly uncertain_policy: 'resend' | 'hold' | null;
  readonly created_at: string;
}

export type CredentialKind = 'api_key' | 'smtp' | 'network';
export type CredentialState = 'active' | 'suspended' | 'revoked';

export interface Credential {
  readonly id: string;
  readonly tenant_id: string | null;
  readonly tenant_name?: string | null;
  readonly kind: CredentialKind;
  readonly name: string;
  readonly handle: string | null;
  readonly scopes: readonly string[];
  readonly default_stream: Stream;
  readonly networks: readonly string[];
  readonly rate_per_minute: number | null;
  readonly state: CredentialState;
  readonly created_at: string;
  readonly last_used_at: string | null;
}

/** What a new or rotated credential shows once. */
export interface CredentialSecret {
  readonly id: string;
  readonly api_key?: string;
  readonly smtp_username?: string;
  readonly smtp_password?: string;
}

export interface SendingDomain {
  readonly id: string;
  readonly name: string;
  readonly authenticated: boolean;
  readonly state: 'pending' | 'verified' | 'warning' | 'broken';
  readonly records: readonly { readonly type: string; readonly host: string; readonly value: string }[];
  readonly created_at: string;
}

export interface Sender {
  readonly id: string;
  readonly address: string;
  readonly verified_at: string | null;
  readonly created_at: string;
}

export interface Capabilities {
  readonly needsAuthenticatedDomain: boolean;
  readonly acceptsVerifiedAddress: boolean;
  readonly rawMime: boolean;
  readonly preservesMime: boolean;
  readonly batchMax: number;
  readonly sizeMaxBytes: number | null;
  readonly returnPath: string;
  readonly ipPools: boolean;
  readonly subaccounts: boolean;
  readonly idempotency: boolean;
  readonly deliveryEvents: boolean;
  readonly webhookSignature: string;
}

export interface ProviderInfo {
  readonly kind: string;
  readonly title: string;
  readonly capabilities: Capabilities;
  readonly cannot: readonly { readonly what: string; readonly reason: string }[];
}

export interface ProviderAccount extends AccountHealth {
  readonly settings: Readonly<Record<string, unknown>>;
  /** Only where one account is shown. */
  readonly webhook_url?: string;
  readonly webhook_auth?: { readonly username: string; readonly password: string };
  readonly created_at: string;
}

export interface AccountTest {
  readonly ok: boolean;
  /** What happened, in a sentence. */
  readonly detail: string;
  readonly outcome: string | null;
  /** The provider's own words, when a mail was handed over. */
  readonly reply: string | null;
}

export interface Ledger {
  readonly injected: number;
  readonly states: Partial<StateCounts>;
  readonly difference: number;
}

export interface DeskEvent extends RecipientEvent {
  readonly message_id: string;
  readonly recipient_id: string;
  readonly address: string | null;
  readonly tags: readonly string[];
}

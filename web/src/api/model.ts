// This file names what the console reads, in terms of the types generated from openapi.json, and the few shapes it makes of them.
import type {
  Credential as ApiCredential,
  Session as ApiSession,
  MessageDetail,
  NewCredential,
  Operations,
  ProviderAccountWithWebhook,
  RecipientDetail,
} from './schema.gen.ts';

export type {
  Credential,
  Domain as SendingDomain,
  Event as DeskEvent,
  Ledger,
  MessagePreview as Preview,
  MessageSummary as MessageRow,
  Overview,
  Provider as ProviderInfo,
  ProviderAccount,
  Sender,
  Tenant,
} from './schema.gen.ts';

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
] as const satisfies readonly RecipientDetail['state'][];

/** In the order of the ledger bar. */
export type RecipientState = (typeof RECIPIENT_STATES)[number];
export type StateCounts = Readonly<Record<RecipientState, number>>;
export type Stream = MessageDetail['stream'];
export type Mark = RecipientDetail['marks'][number];
export const FAULTS = [
  'recipient',
  'receiver',
  'content',
  'authentication',
  'sender-reputation',
  'capacity',
  'operator',
  'policy',
] as const;
/** In the order of whose turn it is: theirs, the sender's, ours, a rule's. */
export type Fault = (typeof FAULTS)[number];
export type CredentialKind = ApiCredential['kind'];
export type CredentialState = ApiCredential['state'];
export type Role = 'owner' | 'operator' | 'viewer';

export interface Page<T> {
  readonly data: readonly T[];
  readonly next: string | null;
}

/** The name of a tenant's own organisation is asked for beside the session. */
export type Session = ApiSession;
export type AccountTest = Operations['testProviderAccount']['answer'];
export type CredentialSecret = Pick<NewCredential, 'id' | 'api_key' | 'smtp_username' | 'smtp_password'>;
/** One account, shown with where it reports. */
export type OneAccount = ProviderAccountWithWebhook;
/** What a breaker is drawn from; the overview and the list both give it. */
export type AccountHealth = Pick<
  ProviderAccountWithWebhook,
  'id' | 'name' | 'provider' | 'simulated' | 'health' | 'health_reason' | 'health_until'
> & { readonly state: string };

export interface Judgement {
  readonly account: string;
  readonly provider: string;
  readonly pool: string;
  readonly chosen: boolean;
  readonly stopped_at: 'may' | 'well' | 'room' | 'preferred' | null;
  /** From is written anew on this way. */
  readonly rewritten: boolean;
  readonly because: string;
  /** For other languages; null in decisions from before there were codes. */
  readonly code: string | null;
  readonly facts: {
    readonly domain: string | null;
    readonly bytes: number | null;
    readonly bytesMax: number | null;
    readonly first: string | null;
    readonly address: string | null;
    readonly signed_with: string | null;
  };
}

/** A stored route decision, read. */
export interface Decision {
  readonly judgements: readonly Judgement[];
  readonly better: string | null;
  readonly better_code: string | null;
  readonly held_because: string | null;
  readonly held_code: string | null;
  readonly facts: { readonly domain: string | null; readonly account: string | null };
  readonly waits: boolean;
}

/** An attempt with the name of the account it went to; null for people who may not know it. */
export type Attempt = RecipientDetail['attempts'][number] & { readonly account_name: string | null };
export type RecipientEvent = RecipientDetail['events'][number];
export type Recipient = Omit<RecipientDetail, 'attempts'> & { readonly attempts: readonly Attempt[] };
export type Message = Omit<MessageDetail, 'recipients'> & { readonly recipients: readonly Recipient[] };

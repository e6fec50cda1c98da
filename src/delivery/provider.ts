// This file is the port every provider adapter implements: what it can do, how a hand-over looks, and what may come of it.
import type { Clock } from '../clock.ts';
import type { OwnRules } from '../feedback/own-rules.ts';
import type { FeedbackClass, FeedbackEvent } from '../feedback/vocabulary.ts';
import type { Log, Secret } from '../log.ts';
import type { AccessTokens } from './access-tokens.ts';
import type { ProviderDomains } from './provider-domain.ts';
import type { ListCapabilities, ProviderSuppressions } from './provider-list.ts';

export type ProviderKind = 'smtp' | 'sparkpost' | 'elastic-email' | 'mandrill';

/** What an adapter can carry, as data: the router reads it before the wire, the docs print it. */
export interface Capabilities {
  /** Refuses mail whose From domain has no SPF/DKIM proof at the provider. */
  readonly needsAuthenticatedDomain: boolean;
  /** Accepts a single verified address without a domain. */
  readonly acceptsVerifiedAddress: boolean;
  readonly rawMime: boolean;
  /** Forwards our bytes unchanged, so that our own DKIM signature survives. */
  readonly preservesMime: boolean;
  /** Recipients of one message that may go into one `send`. */
  readonly batchMax: number;
  /** Largest message in bytes of MIME; null: the server says it itself (SIZE). */
  readonly sizeMaxBytes: number | null;
  /** `address`: our whole return path is kept; `domain`: only its domain; `none`: the provider uses its own. */
  readonly returnPath: 'address' | 'domain' | 'none';
  readonly ipPools: boolean;
  readonly subaccounts: boolean;
  readonly idempotency: boolean;
  /** Tells us by webhook what became of a hand-over. */
  readonly deliveryEvents: boolean;
  readonly webhookSignature: 'hmac' | 'none';
  /** Its own list of addresses that it hands nothing to; null: it keeps none that we could read. */
  readonly suppressions: ListCapabilities | null;
  /** Sending domains can be made known to it, and looked at, through its API. */
  readonly domains: boolean;
  /** What it cannot do, for the docs and for the router's explanation. */
  readonly cannot: readonly { readonly what: string; readonly reason: string }[];
}

/** An account at a provider with its settings parsed by the adapter's own schema. */
export interface ProviderAccount {
  readonly id: string;
  readonly name: string;
  readonly provider: ProviderKind;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly secret: Secret<Readonly<Record<string, string>>>;
}

export interface HandOverRecipient {
  /** Our recipient id (UUIDv7): goes into provider metadata as `pm_rcpt`. */
  readonly id: string;
  readonly address: string;
  /** Signed envelope sender of this recipient (`b-…@return-path-host`). */
  readonly returnPath: string;
}

/** One message on its way to one account, for one or several of its recipients. */
export interface HandOver {
  readonly messageId: string;
  readonly tenantId: string;
  readonly stream: 'transactional' | 'bulk';
  /** The whole message, CR LF line ends, headers settled and signed where the route preserves MIME. Not dot-stuffed. */
  readonly mime: Buffer;
  /** 1 to `capabilities.batchMax` recipients; they must not learn of each other. */
  readonly recipients: readonly HandOverRecipient[];
  /** True when an address or header needs SMTPUTF8 (RFC 6531). */
  readonly smtpUtf8: boolean;
  /** Body or headers hold bytes above 127. */
  readonly eightBit: boolean;
  /** Stable over repetitions of the same attempt. */
  readonly idempotencyKey: string;
  /** The provider's own name for the IP pool; null: its default. */
  readonly pool: string | null;
  readonly tags: readonly string[];
}

/** What came of a hand-over for one recipient. Only `unknown` leaves open whether the provider has the message. */
export type Outcome =
  | { readonly kind: 'handed_over'; readonly providerMessageId: string | null; readonly reply: string }
  /** Provably not accepted, for good by this account. `class` and its fault decide whether another route may try. */
  | {
      readonly kind: 'refused';
      readonly reply: string;
      readonly class: FeedbackClass;
      readonly suppress: boolean;
      /** The rule of the classifier that decided, where the adapter or the operator's own rules know it. */
      readonly rule?: string;
      /** The provider's label, when it refused only because the address stands on its own suppression list. */
      readonly listed?: string;
      /** Nothing that is done about the account will change it: the adapter cannot carry such a message. */
      readonly lasting?: true;
    }
  /** Provably not accepted now. */
  | {
      readonly kind: 'deferred';
      readonly reply: string;
      readonly class: FeedbackClass;
      readonly retryAfterMs?: number;
      readonly rule?: string;
    }
  /** The line broke before acceptance was possible: the recipient is still ours and whole. */
  | { readonly kind: 'not_sent'; readonly reply: string }
  /** The line broke after the last byte, or the provider answered nonsense: it may have the message. */
  | { readonly kind: 'unknown'; readonly reply: string };

/** What an answer says about our account rather than about a recipient. */
export interface AccountSignal {
  readonly kind: 'unreachable' | 'throttled' | 'quota' | 'suspended' | 'misconfigured' | 'degraded';
  /** The provider's own words. */
  readonly reason: string;
  /** How long to leave the account alone, where the provider says; milliseconds. */
  readonly retryAfterMs?: number;
}

export interface SendResult {
  /** In the order of `HandOver.recipients`, one each. */
  readonly outcomes: readonly Outcome[];
  readonly account?: AccountSignal;
}

/** An open line to one account. Safe to call concurrently up to `slots`; more calls wait inside. */
export interface ProviderClient {
  /** Hand-overs that may be on the wire at once. */
  readonly slots: number;
  /** Never rejects for anything the network or the provider does; those are outcomes. */
  send(handOver: HandOver): Promise<SendResult>;
  /**
   * Asks the provider whether it has an uncertain hand-over. `absent` only where the provider can prove it; most answer `unknown`.
   */
  find?(query: {
    readonly messageId: string;
    readonly recipientId: string;
    readonly address: string;
    readonly sinceMs: number;
  }): Promise<'accepted' | 'absent' | 'unknown'>;
  /** The receiver's words for an answer that came as a label alone; where the adapter's webhook reads `byWords`. Never rejects. */
  wordsFor?(answer: { readonly providerMessageId: string; readonly recipient: string | null }): Promise<AnswerWords>;
  /** Reaches the provider and logs in, and hands nothing over. Answers what is wrong, or null. Never rejects. */
  check?(): Promise<AccountSignal | null>;
  /** Where the adapter declares `suppressions`. */
  readonly suppressions?: ProviderSuppressions;
  /** Where the adapter declares `domains`. */
  readonly domains?: ProviderDomains;
  /** Finishes what is on the wire (bounded) and closes. */
  close(): Promise<void>;
}

/** `none`: the provider knows of none (yet); `failed`: it could not be asked. */
export type AnswerWords =
  | { readonly kind: 'words'; readonly words: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'failed'; readonly reason: string };

/** A webhook request exactly as it came in. */
export interface WebhookRequest {
  readonly method: string;
  /** Path and query as received. */
  readonly url: string;
  /** Lower-cased names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface WebhookVerification {
  readonly ok: boolean;
  /** Why not; for the log and the operator, never for the caller. */
  readonly reason?: string;
}

export interface WebhookReader {
  /**
   * Verifies the raw bytes. `publicUrl` is the exact address configured at the provider; `auth` the basic-auth pair we gave out for it.
   */
  verify(
    request: WebhookRequest,
    context: {
      readonly account: ProviderAccount;
      readonly publicUrl: string;
      readonly auth: { username: string; password: Secret } | null;
    },
  ): WebhookVerification;
  /** Reads events out of a verified request; `own`: the operator's rules for answers. Never throws for odd content: what cannot be read becomes `unknown` events. Pure. */
  events(request: WebhookRequest, own?: OwnRules): FeedbackEvent[];
  /** Where labels come without words: which events want them, and what words make of one. Pure. */
  readonly byWords?: {
    wanted(event: FeedbackEvent): boolean;
    read(event: FeedbackEvent, words: string, own?: OwnRules): FeedbackEvent;
  };
}

export interface AdapterDeps {
  readonly clock: Clock;
  readonly log: Log;
  /** 0 ≤ n < 1. */
  readonly random: () => number;
  /** For accounts that log in without a password; a running desk has it. */
  readonly accessTokens?: AccessTokens;
}

/** One provider: everything the house knows about it. `providers/registry.ts` lists them all. */
export interface ProviderAdapter {
  readonly kind: ProviderKind;
  readonly title: string;
  readonly capabilities: Capabilities;
  /** Checks settings and secret of a new account. Throws AppError PROVIDER_SETTINGS_INVALID naming the field. Returns them with defaults filled in. */
  parseAccount(input: { readonly settings: Record<string, unknown>; readonly secret: Record<string, string> }): {
    settings: Record<string, unknown>;
    secret: Record<string, string>;
  };
  connect(account: ProviderAccount, deps: AdapterDeps): ProviderClient;
  /** Says why this MIME cannot be carried without loss (raw → structured), or null when it can. */
  carries(mime: Buffer): string | null;
  readonly webhook?: WebhookReader;
}

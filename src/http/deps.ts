// This file names everything the HTTP door is handed by the composition root; it opens nothing itself.
import type pg from 'pg';
import type { Clock } from '../clock.ts';
import type { ProviderAdapter, ProviderKind, WebhookRequest } from '../delivery/provider.ts';
import type { RecipientState, Stream } from '../delivery/states.ts';
import type { OwnRules } from '../feedback/own-rules.ts';
import type { Authenticator } from '../flows/authenticate.ts';
import type { SelfChecks } from '../flows/check-ourselves.ts';
import type { AlignmentQuestion, DomainAlignment } from '../flows/domain-alignment.ts';
import type { ExamineDomain } from '../flows/domain-check/examine-domain.ts';
import type { DomainDesk } from '../flows/domain-desk.ts';
import type { Explained } from '../flows/explain-route.ts';
import type { ReportDesk } from '../flows/report-desk.ts';
import type { RewritingDomain } from '../flows/rewriting-domain.ts';
import type { SecretKeys } from '../flows/secret-keys.ts';
import type { SenderIdentity } from '../flows/sender-identity.ts';
import type { SendingRights } from '../flows/sending-rights.ts';
import type { AcceptMessage } from '../flows/submission.ts';
import type { IdMint } from '../ids.ts';
import type { Log } from '../log.ts';
import type { Keys } from '../store/keys.ts';
import type { Reachable } from '../store/reachable.ts';
import type { Scope } from '../store/scope.ts';

/** Settings of the door, already checked. */
export interface HttpConfig {
  /** Version of this build, for /health and the API description. */
  readonly version: string;
  /** Origin under which providers reach `/hooks/…`, without a slash at its end. */
  readonly hooksOrigin: () => string;
  /** Origin under which people reach pages of this desk, without a slash at its end; null: it has none. */
  readonly publicUrl: string | null;
  /** The console is reached by https whatever this process sees: cookies are always marked Secure. Else those of requests that came by TLS are. */
  readonly secure: boolean;
  /** The desk itself speaks HTTPS, on this port: plain HTTP from other machines leads there. Null: it does not. */
  readonly https: { readonly port: () => number } | null;
  /** Networks of proxies whose word about the client is believed, and the headers in which they give it. */
  readonly trustedProxies: readonly string[];
  readonly proxyHeader: 'x-forwarded' | 'forwarded';
  readonly messageBytesMax: number;
  readonly recipientsMax: number;
  /** Bytes of a batch request. */
  readonly batchBytesMax: number;
  /** Tenants' webhooks may go to private addresses: for tests and for platforms inside one network. */
  readonly allowPrivateWebhooks: boolean;
  /** Lets others than this machine read /metrics; null: nobody else. */
  readonly metricsToken: string | null;
  /** Requests a minute for credentials without a rate of their own. */
  readonly defaultRatePerMinute: number;
  /** The zone whose records the desk answers for; null: customers publish their DKIM keys themselves. */
  readonly dkimZone: string | null;
  /** Names of the servers that answer for it. */
  readonly dkimNameServers: readonly string[];
  /** How long a DKIM key stays visible after its last signature, milliseconds. */
  readonly dkimRetireMs: number;
}

export interface RouteQuestionInput {
  readonly tenantId: string;
  readonly from: string;
  readonly to: string;
  readonly stream: Stream;
  readonly sizeBytes: number;
}

export interface LedgerAnswer {
  readonly injected: number;
  readonly states: Readonly<Record<RecipientState, number>>;
  readonly difference: number;
  /** The range after rounding to whole hours, milliseconds; null is open. */
  readonly fromMs: number | null;
  readonly toMs: number | null;
}

export interface HttpDeps {
  readonly pool: pg.Pool;
  readonly keys: Keys;
  /** The replacement of the key behind them. */
  readonly secretKeys: Pick<SecretKeys, 'rotate' | 'forget' | 'learn'>;
  readonly clock: Clock;
  readonly ids: IdMint;
  readonly log: Log;
  readonly config: HttpConfig;
  readonly registry: ReadonlyMap<ProviderKind, ProviderAdapter>;
  readonly authenticator: Pick<Authenticator, 'bearer' | 'forget'>;
  readonly rights: Pick<SendingRights, 'check' | 'forget'>;
  /** Sending domains as they are shown. */
  readonly domains: DomainDesk;
  /** Everything DNS says about mail of any domain. */
  readonly examineDomain: ExamineDomain;
  /** Looks at the desk from outside now, and keeps the result. */
  readonly checkOurselves: () => Promise<SelfChecks>;
  /** What receivers will find on every way mail of a domain could take. */
  readonly alignment: (question: AlignmentQuestion) => DomainAlignment;
  /** As whom mail of a sender goes out. */
  readonly senders: SenderIdentity;
  /** Null: this desk writes no From anew. */
  readonly rewriting: Pick<RewritingDomain, 'domain' | 'keys' | 'presetCap' | 'look'> | null;
  /** Reports about domains: taking them in, and what they say. */
  readonly reports: ReportDesk;
  readonly accept: AcceptMessage;
  /** True once every role of this process works. */
  readonly ready: () => boolean;
  /** Whether the database takes writes, for /health. */
  readonly reachable: Pick<Reachable, 'ask' | 'doubt'>;
  /** No account takes mail of anybody now. */
  readonly noWayOut: () => boolean;
  readonly explainRoute: (question: RouteQuestionInput) => Promise<Explained>;
  readonly ledger: (tenantId: string | null, range: { stream?: Stream; fromMs?: number; toMs?: number }) => Promise<LedgerAnswer>;
  /** Cancels what has not left yet; the rest stays as it is. */
  readonly cancel: (tenantId: string, messageId: string, actor: string) => Promise<{ cancelled: number; unchanged: number }>;
  /** held → queued. Throws STATE_FORBIDS when it is not held. */
  readonly release: (tenantId: string, recipientId: string, actor: string) => Promise<{ state: RecipientState }>;
  /** Whether a provider account has this webhook address: asked before anything of the request is read. */
  readonly webhookKnown: (token: string) => Promise<boolean>;
  /** A provider's webhook: verifies, stores it raw, answers. */
  readonly webhookIn: (token: string, request: WebhookRequest) => Promise<{ status: number }>;
  /** A stored answer waits to be read. */
  readonly answersStored: () => void;
  /** Accounts, routing or limits changed: the dispatcher has read them again once this resolves. */
  readonly accountsChanged: () => Promise<void>;
  /** The operator's own rules for answers; `changed` makes every node read them again. */
  readonly ownRules: { current(): OwnRules; changed(): Promise<void> };
  /** Asks a provider now how a domain stands at an account; `id` is the entry's or the account's. Throws NOT_FOUND. */
  readonly lookAtProvider: (scope: Scope, of: { domainId: string; id: string }) => Promise<void>;
  /** Removes a domain, which is gone here, at a provider now. Throws NOT_FOUND. */
  readonly removeAtProvider: (scope: string | null, id: string) => Promise<void>;
  /** Looks in DNS now for the keys of a domain that are on their way, and moves them on. The caller has checked whose domain it is. */
  readonly lookAtKeys: (domainId: string) => Promise<void>;
  /** Folder of the built console; null: this build has none. */
  readonly consoleRoot: string | null;
  /** Metrics in Prometheus' text form. */
  readonly metrics: () => Promise<string>;
}

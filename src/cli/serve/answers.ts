// This file wires the ways back: provider webhooks and status mails, from their doors to the record.
import type { Clock } from '../../clock.ts';
import type { Config } from '../../config.ts';
import type { ProviderAccount, ProviderAdapter, ProviderKind, WebhookRequest } from '../../delivery/provider.ts';
import type { OwnRules } from '../../feedback/own-rules.ts';
import { makeAskForWords } from '../../flows/ask-for-words.ts';
import { makeForwardReply } from '../../flows/forward-reply.ts';
import type { HoldPolicies } from '../../flows/hold-policies.ts';
import type { Chore } from '../../flows/housekeeping.ts';
import { makeInboundReader } from '../../flows/read-inbound.ts';
import { type InboundIntake, makeInboundIntake } from '../../flows/receive-inbound.ts';
import { makeWebhookDoor, makeWebhookReader, type WebhookAccount } from '../../flows/receive-webhook.ts';
import { makeRecordFeedback } from '../../flows/record-feedback.ts';
import type { RerouteReported } from '../../flows/reroute-reported.ts';
import type { SendingRights } from '../../flows/sending-rights.ts';
import type { AcceptMessage } from '../../flows/submission.ts';
import type { IdMint } from '../../ids.ts';
import { type Log, Secret } from '../../log.ts';
import type { Db } from '../../store/db.ts';
import type { Keys } from '../../store/keys.ts';
import { openAccountByWebhookToken, WEBHOOK_USERNAME } from '../../store/provider-accounts.ts';
import { makeInboundStore, makeWebhookStore } from '../../store/webhook-intake.ts';
import { reportAddresses } from './report-addresses.ts';

export interface AnswersDeps {
  readonly db: Db;
  readonly keys: Keys;
  readonly clock: Clock;
  readonly ids: IdMint;
  readonly random: () => number;
  readonly log: Log;
  readonly registry: ReadonlyMap<ProviderKind, ProviderAdapter>;
  readonly config: Config;
  readonly policies: HoldPolicies;
  readonly hooksOrigin: () => string;
  /** The operator's own rules for answers, as they stand now. */
  readonly ownRules: () => OwnRules;
  readonly accountById: (id: string) => { readonly account: ProviderAccount; readonly adapter: ProviderAdapter } | null;
  readonly reroute: RerouteReported;
  readonly rights: SendingRights;
  /** Below it From is written anew; null: this desk has none. */
  readonly rewriteDomain: string | null;
  readonly accept: AcceptMessage;
  /** Something was stored: the readers may run. */
  readonly nudge: () => void;
}

export interface Answers {
  readonly webhookKnown: (token: string) => Promise<boolean>;
  readonly webhookIn: (token: string, request: WebhookRequest) => Promise<{ status: number }>;
  readonly inbound: InboundIntake;
  /** Something waits to be read. */
  readonly stored: () => void;
  readonly chores: readonly Chore[];
  /** After the chores have stopped. */
  close(): Promise<void>;
}

/** An account that was removed or got a new token is known at most this much longer. */
const ACCOUNT_TTL_MS = 5_000;
/** Requests that wait for a later try are looked for this often; new ones nudge. */
const READ_EVERY_MS = 1_000;

export function openAnswers(deps: AnswersDeps): Answers {
  const { db, clock, ids, log, registry } = deps;
  const record = makeRecordFeedback({ hot: db.hot, ids, nowMs: () => clock.nowMs(), policies: deps.policies, reroute: deps.reroute });
  const known = new Map<string, { untilMs: number; found: WebhookAccount | null }>();

  async function accountByToken(token: string): Promise<WebhookAccount | null> {
    const entry = known.get(token);
    if (entry && entry.untilMs > clock.monotonicMs()) return entry.found;
    const opened = await openAccountByWebhookToken(db.pool, deps.keys, token);
    const found = opened && {
      account: opened.account,
      publicUrl: `${deps.hooksOrigin()}/hooks/${token}`,
      auth: { username: WEBHOOK_USERNAME, password: new Secret(opened.password) },
    };
    // Only real tokens are remembered: guesses must not fill the memory.
    if (found) known.set(token, { untilMs: clock.monotonicMs() + ACCOUNT_TTL_MS, found });
    else known.delete(token);
    return found;
  }

  const words = makeAskForWords({ clock, log, random: deps.random, accountById: deps.accountById, ownRules: deps.ownRules });
  const webhookDeps = {
    hot: db.hot,
    clock,
    ids,
    log,
    registry,
    accountByToken,
    accountById: deps.accountById,
    ownRules: deps.ownRules,
    words,
    store: makeWebhookStore(db.hot),
    record,
    stored: deps.nudge,
  };
  const inboundDeps = {
    pool: db.pool,
    hot: db.hot,
    clock,
    ids,
    log,
    ownRules: deps.ownRules,
    returnPath: { secretKeys: [deps.keys.returnPathKey], host: deps.config.returnPathHost },
    reportAddresses: reportAddresses(deps.config, deps.keys),
    rewriteDomain: deps.rewriteDomain,
    hosts: ownHosts(deps),
    store: makeInboundStore(db.hot),
    record,
    stored: deps.nudge,
  };
  const readWebhooks = makeWebhookReader(webhookDeps);
  const forward = makeForwardReply({
    pool: db.pool,
    clock,
    rights: deps.rights,
    accept: deps.accept,
    rewriteDomain: deps.rewriteDomain,
    returnPathHost: deps.config.returnPathHost,
  });
  const readInbound = makeInboundReader({ ...inboundDeps, forward });
  return {
    webhookKnown: async (token) => (await accountByToken(token)) !== null,
    webhookIn: makeWebhookDoor(webhookDeps),
    inbound: makeInboundIntake(inboundDeps),
    stored: deps.nudge,
    chores: [
      {
        name: 'read-answers',
        everyMs: READ_EVERY_MS,
        async run() {
          await Promise.all([readWebhooks(), readInbound()]);
        },
      },
    ],
    close: () => words.close(),
  };
}

/** Names under which mail comes to this desk. */
function ownHosts({ config, keys, rewriteDomain }: Pick<AnswersDeps, 'config' | 'keys' | 'rewriteDomain'>): ReadonlySet<string> {
  const names = [config.hostname, config.returnPathHost, reportAddresses(config, keys).host, rewriteDomain];
  return new Set(names.flatMap((name) => (name === null ? [] : [name.toLowerCase()])));
}

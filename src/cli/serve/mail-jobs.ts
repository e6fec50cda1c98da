// This file wires what works with mail on a schedule: bounce mailboxes that are read, notices to applications that only know mail, mail of the desk itself,
// reports about domains, and mail that released holds left to be handed in.
import type { Clock } from '../../clock.ts';
import type { Config } from '../../config.ts';
import type { AccessTokens } from '../../delivery/access-tokens.ts';
import type { Chore } from '../../flows/housekeeping.ts';
import { makeMailboxPoller } from '../../flows/poll-mailboxes.ts';
import { resendChore } from '../../flows/resend-stopped.ts';
import { sendNoticesChores } from '../../flows/send-notices.ts';
import { systemMailChores } from '../../flows/send-system-mails.ts';
import type { SendingRights } from '../../flows/sending-rights.ts';
import { makeSystemSender } from '../../flows/system-sender.ts';
import { askDns, askSystem } from '../../flows/webhook-target.ts';
import type { IdMint } from '../../ids.ts';
import type { Log } from '../../log.ts';
import type { Db } from '../../store/db.ts';
import type { Keys } from '../../store/keys.ts';
import { readSource } from '../../store/message-detail.ts';
import { withTenant } from '../../store/scope.ts';
import type { Dispatch } from './dispatch.ts';
import { reportChores } from './reports.ts';

export interface MailJobsDeps {
  readonly config: Config;
  readonly db: Db;
  readonly keys: Keys;
  readonly clock: Clock;
  readonly ids: IdMint;
  readonly log: Log;
  /** 0 ≤ n < 1. */
  readonly random: () => number;
  readonly rights: SendingRights;
  readonly accessTokens: AccessTokens;
  readonly dispatch: () => Dispatch;
  /** The desk winds up. */
  readonly signal: AbortSignal;
}

export interface MailJobs {
  readonly chores: readonly Chore[];
  /** Resolves when mailboxes are logged out of; the signal has to be given before. */
  ended(): Promise<void>;
}

export function openMailJobs(deps: MailJobsDeps): MailJobs {
  const { config, db, keys, clock, ids, log, random, rights } = deps;
  const mailboxes = makeMailboxPoller({
    pool: db.pool,
    keys,
    accessTokens: deps.accessTokens,
    ids,
    log,
    returnPath: { secretKeys: [keys.returnPathKey], host: config.returnPathHost },
    mailBytesMax: config.inboundSizeMaxBytes,
    allowPrivate: config.allowPrivateWebhooks,
    resolve: config.allowPrivateWebhooks ? askSystem : askDns(),
    stored: () => deps.dispatch().nudge('read-answers'),
    signal: deps.signal,
  });
  const notices = sendNoticesChores({
    pool: db.pool,
    clock,
    log,
    random,
    rights,
    routing: () => deps.dispatch().routing,
    lines: () => deps.dispatch().lines,
    hostname: config.hostname,
    returnPathHost: config.returnPathHost,
    retentionDays: config.retentionDays,
  });
  const from = config.systemFrom ?? `desk@${config.hostname}`;
  const systemMails = systemMailChores({
    pool: db.pool,
    keys,
    clock,
    log,
    accept: (submission) => deps.dispatch().accept(submission),
    tenant: makeSystemSender({ pool: db.pool, keys, ids, rights, from }),
    from,
    retentionDays: config.retentionDays,
  });
  const resends = resendChore({
    pool: db.pool,
    clock,
    ids,
    log,
    accept: (submission) => deps.dispatch().accept(submission),
    read: (tenantId, messageId) => withTenant(db.pool, tenantId, (scoped) => readSource(scoped, tenantId, messageId)),
    signal: deps.signal,
  });
  const chores = [...mailboxes.chores, ...notices, ...systemMails, resends, ...reportChores(deps)];
  return { chores, ended: () => mailboxes.ended() };
}

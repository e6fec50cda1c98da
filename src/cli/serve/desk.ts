// This file is the desk of one process: database, flows, doors and simulator opened in order and closed in the opposite one. serve.ts decides
// what a process is for; tests open desks of their own with it.
// Long because everything a desk is made of is connected in one place.

import { resolveMx } from 'node:dns/promises';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { anchoredClock, type Clock, steadyClock, systemClock } from '../../clock.ts';
import type { Config } from '../../config.ts';
import type { ProviderAdapter, ProviderKind } from '../../delivery/provider.ts';
import { AppError } from '../../errors.ts';
import { makeAuthenticator } from '../../flows/authenticate.ts';
import { consumeEventsChore } from '../../flows/consume-events.ts';
import { makeHoldPolicies } from '../../flows/hold-policies.ts';
import { makeKeyFence } from '../../flows/key-fence.ts';
import { makeManageRecipients } from '../../flows/manage-recipients.ts';
import { tenantWebhookChores } from '../../flows/notify-tenants.ts';
import { makeOwnRules } from '../../flows/own-rules.ts';
import { makeProviderRemovals } from '../../flows/provider-domain-removals.ts';
import { makeProviderDomains } from '../../flows/provider-domains.ts';
import { reencryptSecretsChore } from '../../flows/reencrypt-secrets.ts';
import { releaseHeldChore } from '../../flows/release-held.ts';
import { makeRerouteReported } from '../../flows/reroute-reported.ts';
import { openSecretKeys } from '../../flows/secret-keys.ts';
import { makeSendingRights } from '../../flows/sending-rights.ts';
import { syncSuppressionsChores } from '../../flows/sync-suppressions.ts';
import { closeIncidentsChore, type WatchIncidentsDeps } from '../../flows/watch-incidents.ts';
import { withAccessTokens } from '../../flows/with-access-tokens.ts';
import { idMint } from '../../ids.ts';
import type { Log } from '../../log.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import { answerBacklog } from '../../store/answer-queues.ts';
import { countDomainStates } from '../../store/domain-checks.ts';
import { openHints } from '../../store/hints.ts';
import { countOpenIncidents } from '../../store/incident-lists.ts';
import { countMailboxes } from '../../store/mailbox-health.ts';
import { listRealSettings } from '../../store/provider-accounts.ts';
import { makeMailboxProviders } from '../../watch/dns/mailbox-providers.ts';
import { openAccessTokens } from './access-tokens.ts';
import { openAnswers } from './answers.ts';
import { eventConsumers } from './consumers.ts';
import { makeDataFolder } from './data-folder.ts';
import { CHECKOUT, openDatabase } from './database.ts';
import { openDispatch } from './dispatch.ts';
import { openDkim } from './dkim.ts';
import { openExamineDomain } from './dns.ts';
import { openDomains } from './domains.ts';
import { openDoors } from './doors.ts';
import { type Bootstrap, firstStart } from './first-start.ts';
import { isRunning } from './is-running.ts';
import { makeLedgerWatch } from './ledger-watch.ts';
import { openMailJobs } from './mail-jobs.ts';
import { makeMetrics } from './metrics.ts';
import { checkedRewriteDomain, openRewriting } from './rewriting.ts';
import { openSelfChecks } from './self-checks.ts';
import { runSimulator, simulatorIsNeeded } from './simulated.ts';

export interface Desk {
  readonly bootstrap: Bootstrap;
  /** True when this start made the desk. */
  readonly first: boolean;
  /** Mail goes to the simulator, as there is no other account. */
  readonly simulated: boolean;
  /** Null: HTTPS is not spoken. */
  readonly httpsPort: number | null;
  readonly database: string;
  readonly simulator: Simulator | null;
  close(): Promise<void>;
}

export interface DeskOptions {
  readonly config: Config;
  readonly log: Log;
  readonly registry: ReadonlyMap<ProviderKind, ProviderAdapter>;
  readonly version: string;
}

/** Opens everything. Rejects with the AppError of the part that could not start; what was open is closed again. */
export async function openDesk(options: DeskOptions): Promise<Desk> {
  const { config, log } = options;
  const closers: (() => Promise<void>)[] = [];
  const closeAll = async () => {
    for (const close of closers.splice(0).toReversed()) {
      await close().catch((error: unknown) => log.error({ event: 'close_failed', err: error }));
    }
  };
  try {
    return await open(options, closers, closeAll);
  } catch (error) {
    // What a person can mend is said in words, last on the screen; only the unexpected needs its stack.
    log.error(
      error instanceof AppError
        ? { event: 'start_failed', code: error.code, reason: error.message }
        : { event: 'start_failed', err: error },
    );
    await closeAll();
    throw error;
  }

  async function open({ version }: DeskOptions, toClose: (() => Promise<void>)[], close: () => Promise<void>): Promise<Desk> {
    const dataDir = resolve(CHECKOUT, config.dataDir);
    const place = `${hostname()}:${dataDir}`;
    makeDataFolder(dataDir);
    // Whoever sets the machine's clock must not age the mail: its time is the database's, which is asked again every minute.
    const steady = steadyClock(systemClock);
    const database = await openDatabase(config, { log, clock: steady });
    toClose.push(() => database.close());
    const { db } = database;
    const clock: Clock = anchoredClock(steady, database.offsetMs);
    const ids = idMint(clock);
    const secretKeys = await openSecretKeys({
      ...{ pool: db.pool, log, epoch: () => dispatch.lease.epoch },
      path: config.secretKeyFile === null ? join(dataDir, 'secret.key') : resolve(CHECKOUT, config.secretKeyFile),
    });
    const keys = secretKeys.ring;
    const random = Math.random;
    const accessTokens = openAccessTokens({ config, pool: db.pool, keys, clock, ids, log });
    const registry = withAccessTokens(options.registry, accessTokens);
    const does = (role: Config['roles'][number]) => config.roles.includes(role);

    const rights = makeSendingRights({ pool: db.pool, clock, rewriteDomain: checkedRewriteDomain(config) });
    // What routing knows of domains is asked again with the keys.
    const fence = makeKeyFence({ pool: db.pool, clock, changed: () => rights.forget(null) });
    const windingUp = new AbortController();
    const dkim = openDkim({ config, pool: db.pool, keys, clock, ids, log, signal: windingUp.signal });
    const common = { config, keys, pool: db.pool, clock, ids, log, random, rights, signal: windingUp.signal };
    const domains = openDomains({ ...common, keySeen: dkim.look });
    const machineOffsetMs = () => clock.nowMs() - systemClock.nowMs();
    const selfChecks = openSelfChecks({ config, pool: db.pool, clock, log, lookup: domains.lookup, offsetMs: machineOffsetMs });
    const rewriting = openRewriting(config, { ...common, lookup: domains.lookup, fence, dkim });
    const policies = makeHoldPolicies({ pool: db.pool, clock });
    const authenticator = makeAuthenticator({ pool: db.pool, keys, clock, log });
    const ledgerWatch = makeLedgerWatch(db.pool, clock, log);
    const metrics = makeMetrics({
      stats: () => dispatch.stats(),
      connections: () => doors.connections(),
      ledgerDifference: () => ledgerWatch.last()?.difference ?? null,
      incidents: () => countOpenIncidents(db.pool, null),
      mailboxes: () => countMailboxes(db.pool),
      domains: () => countDomainStates(db.pool),
      answers: () => answerBacklog(db.pool),
      databaseAnswers: () => database.reachable.ask(),
    });
    const ownRules = makeOwnRules({ pool: db.pool, log });
    toClose.push(async () => ownRules.stop());
    const hints = openHints(db.pool, log, (hint) => {
      if (hint.kind === 'lane') dispatch.poke(hint.laneId);
      else if (hint.kind === 'accounts') void dispatch.routing.refresh().catch(() => undefined);
      else if (hint.kind === 'blocked') void dispatch.heedBlocks().catch(() => undefined);
      else if (hint.kind === 'rules') void ownRules.refresh().catch(() => undefined);
      else dispatch.nudge('read-answers');
    });
    // It holds a connection from now on, which must not keep a start that fails from ending.
    toClose.push(() => hints.stop());
    const rulesChanged = async () => {
      hints.send({ kind: 'rules' });
      await ownRules.refresh();
    };
    const accountsChanged = async () => {
      hints.send({ kind: 'accounts' });
      await dispatch.routing.refresh();
    };
    const poke = (laneId: number) => (does('dispatch') ? dispatch.poke(laneId) : hints.send({ kind: 'lane', laneId }));
    const answers = openAnswers({
      db,
      keys,
      clock,
      ids,
      log,
      random,
      registry,
      config,
      policies,
      hooksOrigin: () => doors.hooksOrigin(),
      accountById: (id) => dispatch.routing.accountById(id),
      rights,
      rewriteDomain: rewriting?.domain ?? null,
      accept: (submission) => dispatch.accept(submission),
      ownRules: ownRules.current,
      reroute: makeRerouteReported({
        clock,
        log,
        routing: () => dispatch.routing,
        lanes: () => dispatch.lanes,
        rights,
        poke,
        ladders: { transactional: config.retryTransactional, bulk: config.retryBulk },
        measure: metrics.rerouted,
      }),
      nudge: () => (does('jobs') ? dispatch.nudge('read-answers') : hints.send({ kind: 'answers' })),
    });
    toClose.push(() => answers.close());
    const tenantWebhooks = () =>
      tenantWebhookChores({
        pool: db.pool,
        keys,
        clock,
        ids,
        log,
        random,
        allowPrivate: config.allowPrivateWebhooks,
        signal: windingUp.signal,
        retentionDays: config.retentionDays,
      });
    const incidents: WatchIncidentsDeps = {
      pool: db.pool,
      clock,
      ids,
      log,
      changed: () => void accountsChanged().catch(() => undefined),
      measure: metrics.incident,
    };
    const consumers = eventConsumers({ ...incidents, registry });
    const consume = () => consumeEventsChore({ pool: db.pool, clock, log, consumers, signal: windingUp.signal });
    const mailJobs = openMailJobs({
      config,
      db,
      keys,
      clock,
      ids,
      log,
      random,
      rights,
      accessTokens,
      dispatch: () => dispatch,
      signal: windingUp.signal,
    });
    const providerDomains = makeProviderDomains({ ...common, registry, changed: () => void accountsChanged().catch(() => undefined) });
    const providerRemovals = makeProviderRemovals({ ...common, registry });
    const listSync = () => syncSuppressionsChores({ pool: db.pool, keys, clock, ids, log, random, registry, signal: windingUp.signal });
    const mailboxProvider = makeMailboxProviders({ clock, resolveMx });
    const dispatch = openDispatch({
      db,
      clock,
      ids,
      log,
      random,
      keys,
      registry,
      rights,
      fence,
      policies,
      mailboxProvider,
      node: { name: place, pid: process.pid, roles: config.roles, isRunning },
      rewriting,
      returnPathHost: config.returnPathHost,
      platform: config.platformName,
      limits: { messageBytesMax: config.messageSizeMaxBytes, recipientsMax: config.recipientsMax },
      retentionDays: config.retentionDays,
      uncertain: { policy: config.uncertainPolicy, waitMs: config.uncertainWait },
      ladders: { transactional: config.retryTransactional, bulk: config.retryBulk },
      measure: metrics.measure,
      ownRules: ownRules.current,
      does: { dispatch: does('dispatch'), jobs: does('jobs') },
      hint: (laneId) => hints.send({ kind: 'lane', laneId }),
      chores: [
        secretKeys.chore,
        ...(does('jobs')
          ? [
              ledgerWatch.chore,
              reencryptSecretsChore({ ...common, secretKeys }),
              ...answers.chores,
              ...tenantWebhooks(),
              consume(),
              ...mailJobs.chores,
              ...dkim.chores,
              ...(rewriting ? [rewriting.keys.chore] : []),
              providerDomains.chore,
              providerRemovals.chore,
              closeIncidentsChore(incidents),
              ...domains.chores,
              selfChecks.chore,
              releaseHeldChore({
                ...common,
                routing: () => dispatch.routing,
                lanes: () => dispatch.lanes,
                poke: (laneId) => poke(laneId),
                presetCap: rewriting?.presetCap ?? null,
                ladders: { transactional: config.retryTransactional, bulk: config.retryBulk },
              }),
              ...listSync(),
            ]
          : []),
      ],
    });
    const manage = makeManageRecipients({
      pool: db.pool,
      ids,
      lanes: dispatch.lanes,
      routing: dispatch.routing,
      poke,
      rewriting,
    });
    let ready = false;
    let simulator: Simulator | null = null;
    // Before the first mail comes: without any route it would be held for a person.
    await dispatch.routing.refresh();
    await ownRules.start();
    const doors = await openDoors({
      config,
      dataDir,
      version,
      db,
      keys,
      secretKeys,
      clock,
      ids,
      log,
      registry,
      authenticator,
      rights,
      rewriting,
      domains: domains.desk,
      lookAtKeys: dkim.look,
      examineDomain: openExamineDomain(domains.lookup, config, clock),
      lookAtProvider: providerDomains.look,
      removeAtProvider: providerRemovals.retry,
      checkOurselves: () => selfChecks.run(),
      dispatch,
      mailboxProvider,
      manage,
      answers,
      metrics,
      accountsChanged,
      ownRules: { current: ownRules.current, changed: rulesChanged },
      ready: () => ready,
      reachable: database.reachable,
    });
    // Closed in the opposite order: first nobody brings new work, then what is on the wire ends, then those who take it.
    toClose.push(async () => simulator?.close());
    toClose.push(() => dispatch.stop(config.shutdownGraceS * 1_000));
    toClose.push(() => mailJobs.ended());
    toClose.push(async () => windingUp.abort());
    toClose.push(() => authenticator.stop());
    toClose.push(() => doors.close(config.shutdownGraceS * 1_000));
    toClose.push(async () => simulator?.hush());
    const dns = does('dns') ? await dkim.openDoor() : null;
    toClose.push(async () => dns?.close());
    await authenticator.start();
    const wantsSimulator = config.simulator === 'on' || (config.simulator === 'auto' && (await simulatorIsNeeded(db.pool, dataDir)));
    if (wantsSimulator && does('dispatch')) {
      const hooks = { origin: doors.hooksOrigin(), via: doors.httpUrl() };
      const inbound = { host: '127.0.0.1', port: doors.ports().inbound };
      simulator = await runSimulator({ pool: db.pool, keys, ids, clock, log, random, registry, dataDir, inbound, hooks });
    }
    // After the simulator: what waits would find nobody there, and the accounts would be left alone for a while.
    await dispatch.start();
    // From here on others wait for this process before another key writes; what they agreed on until now has to be at hand.
    await secretKeys.learn();
    const { http, https, submission, inbound } = doors.ports();
    const { bootstrap, first } = await firstStart(
      { pool: db.pool, keys, ids, log, registry, file: join(dataDir, 'bootstrap.json'), place },
      { http_url: doors.httpUrl(), smtp_host: config.submissionHost, smtp_port: submission, inbound_port: inbound },
    );
    ready = true;
    log.info({ event: 'ready', http, https, submission, inbound, roles: config.roles, simulator: simulator !== null });
    return {
      bootstrap,
      first,
      httpsPort: https,
      simulated: simulator !== null && (await listRealSettings(db.pool)).length === 0,
      database: database.embedded ? `embedded, ${database.embedded.place.home}` : 'external (DATABASE_URL)',
      simulator,
      close,
    };
  }
}

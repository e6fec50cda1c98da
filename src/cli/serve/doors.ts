// This file opens the doors: HTTP, submission and inbound SMTP, those of the process's roles, on the addresses of the settings.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Clock } from '../../clock.ts';
import type { Config } from '../../config.ts';
import type { ProviderAdapter, ProviderKind } from '../../delivery/provider.ts';
import { AppError } from '../../errors.ts';
import type { Authenticator } from '../../flows/authenticate.ts';
import { domainAlignment } from '../../flows/domain-alignment.ts';
import type { ExamineDomain } from '../../flows/domain-check/examine-domain.ts';
import type { DomainDesk } from '../../flows/domain-desk.ts';
import { makeExplainRoute } from '../../flows/explain-route.ts';
import type { ManageRecipients } from '../../flows/manage-recipients.ts';
import type { RewritingDomain } from '../../flows/rewriting-domain.ts';
import type { SecretKeys } from '../../flows/secret-keys.ts';
import { makeSenderIdentity } from '../../flows/sender-identity.ts';
import type { SendingRights } from '../../flows/sending-rights.ts';
import type { HttpDeps } from '../../http/deps.ts';
import { createHttpServer } from '../../http/server.ts';
import type { IdMint } from '../../ids.ts';
import type { Log, Secret } from '../../log.ts';
import { receivedField } from '../../mail/received.ts';
import type { SmtpServer, SmtpTls } from '../../smtp/engine/contract.ts';
import { createInboundDoor } from '../../smtp/inbound.ts';
import { createSubmissionDoor, type SubmissionLogin } from '../../smtp/submission.ts';
import { type Db, isDatabaseAway, storeUnavailable } from '../../store/db.ts';
import type { Keys } from '../../store/keys.ts';
import { readLedger } from '../../store/ledger.ts';
import type { Reachable } from '../../store/reachable.ts';
import type { Answers } from './answers.ts';
import { CHECKOUT } from './database.ts';
import type { Dispatch } from './dispatch.ts';
import { nameServersOf } from './dkim.ts';
import { openTls } from './door-tls.ts';
import { makeHttpListeners } from './http-listeners.ts';
import type { Metrics } from './metrics.ts';
import { reportDesk } from './report-desk.ts';

export interface DoorsDeps {
  readonly config: Config;
  readonly dataDir: string;
  readonly version: string;
  readonly db: Db;
  readonly keys: Keys;
  readonly secretKeys: SecretKeys;
  readonly clock: Clock;
  readonly ids: IdMint;
  readonly log: Log;
  readonly registry: ReadonlyMap<ProviderKind, ProviderAdapter>;
  readonly authenticator: Authenticator;
  readonly rights: SendingRights;
  readonly rewriting: RewritingDomain | null;
  readonly domains: DomainDesk;
  readonly lookAtKeys: HttpDeps['lookAtKeys'];
  readonly examineDomain: ExamineDomain;
  readonly lookAtProvider: HttpDeps['lookAtProvider'];
  readonly removeAtProvider: HttpDeps['removeAtProvider'];
  readonly checkOurselves: HttpDeps['checkOurselves'];
  readonly dispatch: Dispatch;
  readonly mailboxProvider: (domain: string) => string;
  readonly manage: ManageRecipients;
  readonly answers: Answers;
  readonly metrics: Metrics;
  readonly accountsChanged: () => Promise<void>;
  readonly ownRules: HttpDeps['ownRules'];
  readonly ready: () => boolean;
  readonly reachable: Reachable;
}

export interface Doors {
  /** `https` is null where HTTPS is not spoken. */
  ports(): { readonly http: number; readonly https: number | null; readonly submission: number; readonly inbound: number };
  /** Origin of the HTTP door on this machine. */
  httpUrl(): string;
  /** Origin providers are told for their webhooks. */
  hooksOrigin(): string;
  /** Open SMTP connections. */
  connections(): number;
  close(graceMs: number): Promise<void>;
}

const DAY_MS = 86_400_000;
const DISCARD_SHARE = 1.1;
const BATCH_BYTES_MAX = 64 * 1024 * 1024;

export async function openDoors(deps: DoorsDeps): Promise<Doors> {
  const { config, log } = deps;
  const does = (role: Config['roles'][number]) => config.roles.includes(role);
  const tls = openTls(deps);
  const submission = does('submission') ? submissionDoor(deps, tls.smtp) : null;
  const inbound = does('inbound')
    ? createInboundDoor({
        hostname: config.hostname,
        log,
        tls: tls.smtp,
        clock: deps.clock,
        limits: inboundLimits(config),
        proxies: config.smtpProxies,
        perMinute: config.inboundRatePerMinute,
        recognise(address) {
          const known = deps.answers.inbound.recognise(address);
          return known instanceof Promise ? sayWhenAway(() => known) : known;
        },
        store: (mail) => sayWhenAway(() => deps.answers.inbound.store(mail)),
      })
    : null;
  const doors: SmtpServer[] = [];
  let ports: ReturnType<Doors['ports']> = {
    http: config.httpPort,
    https: config.httpsPort,
    submission: config.submissionPort,
    inbound: config.inboundPort,
  };
  const httpUrl = () => `http://${config.httpHost.includes(':') ? `[${config.httpHost}]` : loopbackFor(config.httpHost)}:${ports.http}`;
  const hooksOrigin = () => config.publicUrl ?? httpUrl();
  const app = does('http') ? await httpDoor(deps, { hooksOrigin, httpsPort: () => ports.https ?? 0 }) : null;
  const http = app && makeHttpListeners(app, config, tls.https);
  const closeAll = async (graceMs: number) => {
    await Promise.all([http?.close(graceMs), ...doors.map((door) => door.close({ graceMs }))]);
  };
  try {
    if (http) ports = { ...ports, ...(await http.listen()) };
    if (submission) {
      ports = { ...ports, submission: (await submission.listen(config.submissionPort, config.submissionHost)).port };
      doors.push(submission);
    }
    if (inbound) {
      ports = { ...ports, inbound: (await inbound.listen(config.inboundPort, config.inboundHost)).port };
      doors.push(inbound);
    }
  } catch (error) {
    await closeAll(0);
    throw error;
  }
  return {
    ports: () => ports,
    httpUrl,
    hooksOrigin,
    connections: () => doors.reduce((sum, door) => sum + door.connections, 0),
    close: closeAll,
  };
}

/** Past the size a client is read on a little, so that it hears 552 instead of a broken line. */
function inboundLimits(config: Config): { sizeBytes: number; discardBytes: number } {
  return { sizeBytes: config.inboundSizeMaxBytes, discardBytes: Math.ceil(config.inboundSizeMaxBytes * DISCARD_SHARE) };
}

/** An address to dial for one that listens everywhere. */
function loopbackFor(host: string): string {
  return host === '0.0.0.0' ? '127.0.0.1' : host;
}

function httpDoor(
  deps: DoorsDeps,
  { hooksOrigin, httpsPort }: { hooksOrigin: () => string; httpsPort: () => number },
): ReturnType<typeof createHttpServer> {
  const { config, db, dispatch, metrics } = deps;
  const consoleRoot = resolve(CHECKOUT, 'web/dist');
  return createHttpServer({
    pool: db.pool,
    keys: deps.keys,
    secretKeys: deps.secretKeys,
    clock: deps.clock,
    ids: deps.ids,
    log: deps.log,
    config: {
      version: deps.version,
      hooksOrigin,
      publicUrl: config.publicUrl,
      secure: config.publicUrl?.startsWith('https:') ?? false,
      https: config.httpsPort === null ? null : { port: httpsPort },
      trustedProxies: config.trustedProxies,
      proxyHeader: config.proxyHeader,
      messageBytesMax: config.messageSizeMaxBytes,
      recipientsMax: config.recipientsMax,
      batchBytesMax: BATCH_BYTES_MAX,
      allowPrivateWebhooks: config.allowPrivateWebhooks,
      metricsToken: config.metricsToken,
      defaultRatePerMinute: config.ratePerMinute,
      dkimZone: config.dkimZone,
      dkimNameServers: nameServersOf(config),
      dkimRetireMs: config.dkimRetireDays * DAY_MS,
    },
    registry: deps.registry,
    authenticator: deps.authenticator,
    rights: deps.rights,
    domains: deps.domains,
    reports: reportDesk(deps),
    lookAtKeys: deps.lookAtKeys,
    examineDomain: deps.examineDomain,
    checkOurselves: deps.checkOurselves,
    alignment: (question) => domainAlignment({ routing: () => dispatch.routing, returnPathHost: config.returnPathHost }, question),
    senders: makeSenderIdentity({ rights: deps.rights, routing: () => dispatch.routing }),
    rewriting: deps.rewriting,
    lookAtProvider: deps.lookAtProvider,
    removeAtProvider: deps.removeAtProvider,
    accept: counted(deps, 'http'),
    ready: deps.ready,
    reachable: deps.reachable,
    noWayOut: () => dispatch.routing.noWayOut(),
    explainRoute: makeExplainRoute({ rights: deps.rights, routing: () => dispatch.routing, mailboxProvider: deps.mailboxProvider }),
    ledger: (tenantId, range) => readLedger(db.pool, tenantId, range),
    cancel: deps.manage.cancel,
    release: deps.manage.release,
    webhookKnown: deps.answers.webhookKnown,
    webhookIn: deps.answers.webhookIn,
    answersStored: deps.answers.stored,
    accountsChanged: deps.accountsChanged,
    ownRules: deps.ownRules,
    consoleRoot: existsSync(join(consoleRoot, 'index.html')) ? consoleRoot : null,
    metrics: () => metrics.text(),
  });
}

/** Says of a database that is away that it is, in the words of the catalogue, wherever on the way it was missed. */
async function sayWhenAway<T>(ask: () => T | Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw isDatabaseAway(error) ? storeUnavailable(error) : error;
  }
}

function counted(deps: DoorsDeps, door: 'http' | 'smtp'): Dispatch['accept'] {
  return async (submission) => {
    try {
      const accepted = await sayWhenAway(() => deps.dispatch.accept(submission));
      if (!accepted.repeated) deps.metrics.accepted(door, accepted.recipients.length);
      return accepted;
    } catch (error) {
      deps.metrics.refused(door, error instanceof AppError ? error.code : 'INTERNAL');
      throw error;
    }
  };
}

function submissionDoor(deps: DoorsDeps, tls: SmtpTls | null): SmtpServer {
  const { authenticator, config, log, clock } = deps;
  const accept = counted(deps, 'smtp');
  /** How each login was proven, to look again at every message whether it still holds, and with which limits. */
  const proofs = new WeakMap<SubmissionLogin, () => SubmissionLogin | null | Promise<SubmissionLogin | null>>();
  type Proof = NonNullable<ReturnType<typeof proofs.get>>;
  const remember = (found: SubmissionLogin | null, proof: Proof): SubmissionLogin | null => {
    const login = found && { ...found };
    if (login) proofs.set(login, proof);
    return login;
  };
  /** The login as it stands now, plainly where it was looked up lately; null: it holds no longer. */
  const prove = (proof: Proof | undefined): SubmissionLogin | null | Promise<SubmissionLogin | null> => {
    const asked = proof?.() ?? null;
    if (!proof || asked === null) return null;
    return asked instanceof Promise ? sayWhenAway(() => asked).then((found) => remember(found, proof)) : remember(asked, proof);
  };
  return createSubmissionDoor({
    hostname: config.hostname,
    proxies: config.smtpProxies,
    authenticate: (username: string, password: Secret, remote: string) => prove(() => authenticator.smtp(username, password, remote)),
    networkCredential(remote) {
      const ask = () => authenticator.network(remote);
      return remember(ask(), ask);
    },
    renew: (login) => prove(proofs.get(login)),
    async accept(login, mail) {
      const proven = prove(proofs.get(login));
      const holds = proven instanceof Promise ? await proven : proven;
      if (!holds) throw new AppError('AUTH_INVALID', 'This login no longer holds.');
      return accept({
        tenantId: holds.tenantId,
        credentialId: holds.credentialId,
        stream: holds.defaultStream,
        raw: mail.data,
        trace: Buffer.from(receivedField({ ...mail.client, hostname: config.hostname, authenticated: true, atMs: clock.nowMs() })),
        mailFrom: mail.mailFrom,
        recipients: mail.recipients,
        tags: [],
        metadata: null,
        sendAtMs: null,
        idempotency: null,
      });
    },
    log,
    clock,
    tls,
    limits: { sizeBytes: config.messageSizeMaxBytes, recipients: config.recipientsMax },
    authWithoutTls: config.allowPlaintextAuth,
  });
}

// This file proves who is asking: API keys, SMTP log-ins and trusted networks, looked up once and remembered for a few seconds, so that a
// busy door costs no query per message. A change made in this process counts at once (`forget`), one made by another node within the TTL.
import { timingSafeEqual } from 'node:crypto';
import type pg from 'pg';
import type { Clock } from '../clock.ts';
import { AppError } from '../errors.ts';
import type { Log, Secret } from '../log.ts';
import { parseApiKey } from '../store/credentials.ts';
import type { Keys } from '../store/keys.ts';
import { findLogIn, type LogInRow, listNetworkLogIns, touchCredentials } from '../store/log-ins.ts';
import { inNetwork, type Network, readNetwork, readPeer } from '../tenancy/networks.ts';
import type { Principal, PrincipalScope, SubmissionLogin } from '../tenancy/principal.ts';

export interface AuthenticatorDeps {
  readonly pool: pg.Pool;
  readonly keys: Keys;
  readonly clock: Clock;
  readonly log: Log;
}

export interface Authenticator {
  /** Who holds this API key. Throws AUTH_INVALID, CREDENTIAL_SUSPENDED, TENANT_SUSPENDED. */
  bearer(key: string): Promise<Principal>;
  /**
   * Who logs in at the SMTP door, plainly when it was looked up lately, so that a connection that stays open can ask again at every message. Throws (or
   * rejects with) the same. The door itself slows down guessing.
   */
  smtp(username: string, password: Secret, remote: string): SubmissionLogin | Promise<SubmissionLogin>;
  /** Who a peer is by its address alone; null when no active credential names its network. Never waits: the list is kept in memory. */
  network(remote: string): SubmissionLogin | null;
  /**
   * Forgets what was looked up, because credentials or tenants changed. Resolves once the trusted networks are read anew, too: whoever is told of
   * the change can rely on it. Never rejects.
   */
  forget(): Promise<void>;
  /** Loads the trusted networks and starts keeping house. */
  start(): Promise<void>;
  /** Writes the last uses down and ends. */
  stop(): Promise<void>;
}

/** How long a look-up counts: a key revoked on another node works at most this much longer. */
const TTL_MS = 5_000;
/** A key in use is looked up anew after this, beside the request that noticed: at a busy door none ever waits for it. */
const RENEW_MS = 2_500;
/** Look-ups remembered; a desk has fewer credentials in use than this, and beyond it the oldest are asked for again. */
const CACHE_MAX = 20_000;
const NETWORKS_MAX = 1_000;
/** `last_used_at` is for people who clean up old keys; a minute is more than fine enough. */
const TOUCH_EVERY_MS = 60_000;
const HOUSEKEEPING_MS = 5_000;

interface Remembered {
  readonly atMs: number;
  readonly row: LogInRow;
}

export function makeAuthenticator({ pool, keys, clock, log }: AuthenticatorDeps): Authenticator {
  const remembered = new Map<string, Remembered>();
  /** The HMAC of a password that a session shows again at every message. */
  const shown = new WeakMap<Secret, Buffer>();
  /** Look-ups on their way: whoever wants the same row waits for the same answer. */
  const asking = new Map<string, Promise<LogInRow>>();
  /** Grows with every `forget`: what was asked before it is not remembered after it. */
  let era = 0;
  const uses = new Map<string, { atMs: number; written: number }>();
  let networks: { network: Network; row: LogInRow }[] = [];
  /** Readings of the networks begun, and the youngest of those that count: one that comes in behind a younger one is out of date. */
  let readings = 0;
  let latest = 0;
  let timer: NodeJS.Timeout | undefined;

  function remember(key: string, row: LogInRow): void {
    if (remembered.size >= CACHE_MAX) remembered.delete(remembered.keys().next().value ?? '');
    remembered.delete(key);
    remembered.set(key, { atMs: clock.monotonicMs(), row });
  }

  function hashOf(password: Secret): Buffer {
    const known = shown.get(password);
    if (known) return known;
    const hash = keys.hash(password.reveal());
    shown.set(password, hash);
    return hash;
  }

  /** The row whose secret has this HMAC, which is all that is remembered of it. */
  function verified(kind: 'api_key' | 'smtp', handle: string, hash: Buffer): LogInRow | Promise<LogInRow> {
    const key = `${kind} ${handle} ${hash.toString('base64')}`;
    const known = remembered.get(key);
    const ageMs = known ? clock.monotonicMs() - known.atMs : TTL_MS;
    if (known && ageMs < TTL_MS) {
      // A database that is away is told to those who come when the time is over.
      if (ageMs >= RENEW_MS && !asking.has(key)) lookUp(key, { kind, handle, hash }).catch(() => undefined);
      return known.row;
    }
    return asking.get(key) ?? lookUp(key, { kind, handle, hash });
  }

  function lookUp(key: string, { kind, handle, hash }: { kind: 'api_key' | 'smtp'; handle: string; hash: Buffer }): Promise<LogInRow> {
    const asked = era;
    const question = ask(kind, handle, hash)
      .then(
        (row) => {
          if (asked === era) remember(key, row);
          return row;
        },
        (error: unknown) => {
          // It was taken away: nobody is let in by what was known before.
          if (error instanceof AppError && asked === era) remembered.delete(key);
          throw error;
        },
      )
      .finally(() => {
        if (asking.get(key) === question) asking.delete(key);
      });
    asking.set(key, question);
    return question;
  }

  async function ask(kind: 'api_key' | 'smtp', handle: string, hash: Buffer): Promise<LogInRow> {
    const row = await findLogIn(pool, kind, handle);
    if (row && row.state !== 'revoked' && (same(hash, row.secret_hash) || same(hash, row.previous_secret_hash))) return row;
    throw new AppError('AUTH_INVALID', kind === 'api_key' ? 'This API key is not known here.' : 'User name or password are wrong.');
  }

  function used(row: LogInRow): LogInRow {
    refuseSuspended(row);
    const use = uses.get(row.id);
    if (use) use.atMs = clock.nowMs();
    else uses.set(row.id, { atMs: clock.nowMs(), written: Number.NEGATIVE_INFINITY });
    return row;
  }

  async function loadNetworks(): Promise<void> {
    readings += 1;
    const reading = readings;
    const rows = await listNetworkLogIns(pool, NETWORKS_MAX);
    if (reading < latest) return;
    latest = reading;
    networks = rows
      .flatMap((row) => row.networks.map((text) => ({ network: readNetwork(text), row })))
      .filter((entry): entry is { network: Network; row: LogInRow } => entry.network !== null)
      // The narrowest network wins.
      .sort((a, b) => b.network[1] - a.network[1]);
  }

  async function writeUses(onlyDue: boolean): Promise<void> {
    const now = clock.monotonicMs();
    const due = [...uses].filter(([, use]) => !onlyDue || now - use.written >= TOUCH_EVERY_MS);
    if (due.length === 0) return;
    for (const [id, use] of due) {
      if (use.written === Number.NEGATIVE_INFINITY) use.written = now;
      else uses.delete(id);
    }
    await touchCredentials(
      pool,
      due.map(([id, use]) => ({ id, atMs: use.atMs })),
    );
  }

  return {
    async bearer(key) {
      const halves = parseApiKey(key);
      if (!halves) throw new AppError('AUTH_INVALID', 'This is not an API key of this desk.');
      return principalOf(used(await verified('api_key', halves.handle, keys.hash(halves.secret))));
    },
    smtp(username, password, _remote) {
      const row = verified('smtp', username, hashOf(password));
      return row instanceof Promise ? row.then((asked) => loginOf(used(asked))) : loginOf(used(row));
    },
    network(remote) {
      const peer = readPeer(remote);
      const match = peer && networks.find(({ network }) => inNetwork(peer, network));
      return match ? loginOf(used(match.row)) : null;
    },
    forget() {
      era += 1;
      remembered.clear();
      asking.clear();
      return loadNetworks().catch((error: Error) => log.warn({ event: 'networks_not_loaded', reason: error.message }));
    },
    async start() {
      await loadNetworks();
      timer = setInterval(() => {
        Promise.all([loadNetworks(), writeUses(true)]).catch((error: Error) =>
          log.warn({ event: 'authenticator_housekeeping_failed', reason: error.message }),
        );
      }, HOUSEKEEPING_MS);
      timer.unref();
    },
    async stop() {
      clearInterval(timer);
      await writeUses(false).catch((error: Error) => log.warn({ event: 'last_uses_not_written', reason: error.message }));
    },
  };
}

function refuseSuspended(row: LogInRow): void {
  if (row.state === 'suspended') throw new AppError('CREDENTIAL_SUSPENDED', 'This credential is paused.');
  if (row.tenant_state === 'suspended') throw new AppError('TENANT_SUSPENDED', 'This organisation is paused.');
}

function principalOf(row: LogInRow): Principal {
  return {
    kind: row.tenant_id === null ? 'operator' : 'tenant',
    tenantId: row.tenant_id,
    credentialId: row.id,
    personId: null,
    // The column holds what the credentials endpoint checked against the lists of scopes.
    scopes: row.scopes as PrincipalScope[],
    defaultStream: row.default_stream,
    ratePerMinute: row.rate_per_minute,
  };
}

function loginOf(row: LogInRow): SubmissionLogin {
  if (row.tenant_id === null) throw new AppError('AUTH_INVALID', 'This log-in belongs to no organisation.');
  return { tenantId: row.tenant_id, credentialId: row.id, defaultStream: row.default_stream, ratePerMinute: row.rate_per_minute };
}

function same(hash: Buffer, stored: Buffer | null): boolean {
  return stored !== null && stored.length === hash.length && timingSafeEqual(hash, stored);
}

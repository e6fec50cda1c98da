// This file keeps the sessions to one smarthost account: it opens them on demand, gives every waiting hand-over to one, leaves a host alone
// for a while after it failed, and watches all deadlines with a single timer.
import type {
  AccountSignal,
  AdapterDeps,
  HandOver,
  HandOverRecipient,
  Outcome,
  ProviderAccount,
  ProviderClient,
  SendResult,
} from '../../delivery/provider.ts';
import { grantOf } from '../../token-grant.ts';
import { type ConnectionOwner, SmtpConnection } from './connection.ts';
import { dotStuff } from './dot-stuff.ts';
import type { LogIn } from './log-in.ts';
import { type OpenOptions, openSession } from './open.ts';
import { type Judgement, unreachable } from './outcome.ts';
import type { SmtpSettings } from './settings.ts';
import { settle, type Transaction, unfit, wireFault } from './transaction.ts';
import { WaitingLine } from './waiting-line.ts';
import { Wire, wireShared } from './wire.ts';

/** Per connection: one message being answered, one looked ahead, one at hand so that the look-ahead always finds work. */
const SLOTS_PER_CONNECTION = 3;
/** Hand-overs that wait inside; a caller that keeps to `slots` stays far below. */
const WAITING_MAX = 10_000;
/** First pause after a failed opening; it doubles up to the second. A restart of the host takes a second or two. */
const BACKOFF_FIRST_MS = 500;
const BACKOFF_MAX_MS = 60_000;
/** A log line is read at a glance. */
const LOGGED_REPLY_CHARS = 300;
/** Deadlines are counted in seconds; tests set shorter ones. */
const SWEEP_MAX_MS = 1000;
const SWEEP_MIN_MS = 10;
/** What is on the wire at `close` gets this long; it stays below the 10 s after which another node may take our work (ARCHITECTURE §4). */
export const CLOSE_GRACE_MS = 9000;

/** Opens nothing until the first `send`. */
export function smtpPool(account: ProviderAccount, settings: SmtpSettings, deps: AdapterDeps): ProviderClient {
  return new SmtpPool(account, settings, deps);
}

class SmtpPool implements ProviderClient, ConnectionOwner {
  readonly slots: number;
  readonly #account: ProviderAccount;
  readonly #settings: SmtpSettings;
  readonly #deps: AdapterDeps;
  readonly #openOptions: OpenOptions;
  readonly #shared = wireShared();
  readonly #waiting = new WaitingLine();
  readonly #opening = new Set<Wire>();
  readonly #connections = new Set<SmtpConnection>();
  /** Last used first out, so that surplus sessions stay quiet and are closed. */
  readonly #idle: SmtpConnection[] = [];
  /** Openings, or sessions without a single answer, that failed in a row. */
  #failures = 0;
  #blockedUntilMs = Number.NEGATIVE_INFINITY;
  #lastFailure: Judgement = unreachable('No connection was tried yet.');
  #sweep: NodeJS.Timeout | null = null;
  #closing: Promise<void> | null = null;
  #closeByMs = Number.POSITIVE_INFINITY;
  #allGone: () => void = () => {};

  constructor(account: ProviderAccount, settings: SmtpSettings, deps: AdapterDeps) {
    this.#account = account;
    this.#settings = settings;
    this.#deps = deps;
    this.slots = settings.connections * SLOTS_PER_CONNECTION;
    this.#openOptions = { settings, logIn: logInOf(account, settings, deps), nowMs: () => this.nowMs() };
  }

  nowMs(): number {
    return this.#deps.clock.monotonicMs();
  }

  send(handOver: HandOver): Promise<SendResult> {
    const body = dotStuff(handOver.mime);
    const { recipients } = handOver;
    const [first] = recipients;
    if (recipients.length === 1 && first !== undefined) return this.#transact(handOver, first, body);
    // Each recipient has its own return path, so each has its own transaction; the host never sees two together.
    return Promise.all(recipients.map((recipient) => this.#transact(handOver, recipient, body))).then((results) => {
      const account = results.find((result) => result.account !== undefined)?.account;
      return { outcomes: results.flatMap((result) => result.outcomes), ...(account === undefined ? {} : { account }) };
    });
  }

  #transact(handOver: HandOver, recipient: HandOverRecipient, body: Buffer | null): Promise<SendResult> {
    const fault = wireFault(recipient);
    if (fault !== null) return answered(fault.outcome);
    if (body === null) return answered({ kind: 'refused', reply: BARE_BREAK, class: 'content', suppress: false });
    if (this.#closing !== null) return answered({ kind: 'not_sent', reply: 'This account is being closed.' });
    if (this.#waiting.length >= WAITING_MAX) return answered({ kind: 'not_sent', reply: 'Too many hand-overs wait for this account.' });
    return new Promise((resolve) => {
      this.#waiting.push({
        handOver,
        recipient,
        body,
        settle: (outcome, account) => resolve(account === undefined ? { outcomes: [outcome] } : { outcomes: [outcome], account }),
        step: 'queued',
        settled: false,
        dotWritten: false,
        retried: false,
      });
      this.#pump();
    });
  }

  async check(): Promise<AccountSignal | null> {
    const wire = this.#newWire();
    const opened = await openSession(wire, this.#openOptions);
    this.#opening.delete(wire);
    if (opened.refusal === undefined) wire.writeText('QUIT\r\n', false);
    wire.end();
    wire.lose('It was only a look.');
    this.#rest();
    if (opened.refusal === undefined) return null;
    return opened.refusal.account ?? { kind: 'unreachable', reason: opened.refusal.outcome.reply };
  }

  close(): Promise<void> {
    this.#closing ??= this.#shutDown();
    return this.#closing;
  }

  // ── what the sessions ask and tell ─────────────────────────────────────────

  take(connection: SmtpConnection): Transaction | null {
    for (let next = this.#waiting.shift(); next !== null; next = this.#waiting.shift()) {
      const judgement = unfit(next, connection.offers);
      if (judgement === null) return next;
      settle(next, judgement);
    }
    return null;
  }

  again(transaction: Transaction): void {
    this.#waiting.unshift(transaction);
  }

  idle(connection: SmtpConnection): void {
    this.#failures = 0;
    this.#idle.push(connection);
  }

  leaving(connection: SmtpConnection): void {
    const at = this.#idle.indexOf(connection);
    if (at !== -1) this.#idle.splice(at, 1);
  }

  gone(connection: SmtpConnection, why: string): void {
    this.#connections.delete(connection);
    this.leaving(connection);
    if (connection.completed > 0) this.#failures = 0;
    else if (connection.started > 0) this.#failed(unreachable(why));
    this.#rest();
    this.#pump();
  }

  // ── opening and backing off ────────────────────────────────────────────────

  /** Gives the waiting hand-overs to idle sessions and opens more where they are too few. */
  #pump() {
    while (this.#waiting.length > 0) {
      const connection = this.#idle.pop();
      if (connection === undefined) break;
      const next = this.take(connection);
      if (next === null) this.#idle.push(connection);
      else connection.start(next);
    }
    if (this.#waiting.length === 0) return;
    if (this.#closing !== null || this.nowMs() < this.#blockedUntilMs) return this.#answerStranded();
    // After a failure one probe goes ahead of the others.
    const atOnce = this.#failures > 0 ? 1 : this.#settings.connections;
    while (
      this.#opening.size < Math.min(atOnce, this.#waiting.length) &&
      this.#opening.size + this.#connections.size < this.#settings.connections
    ) {
      this.#open();
    }
  }

  #open(): void {
    const settings = this.#settings;
    const wire = this.#newWire();
    void openSession(wire, this.#openOptions).then((opened) => {
      this.#opening.delete(wire);
      if (opened.refusal !== undefined) {
        // A polite server waits for QUIT, but nothing is owed to one that refused us.
        wire.lose('The session was not opened.');
        this.#failed(opened.refusal);
        this.#rest();
        this.#pump();
        return;
      }
      const options = { wire, offers: opened.offers, owner: this, timeouts: settings.timeouts };
      const connection = new SmtpConnection({ ...options, messagesMax: settings.messages_per_connection });
      this.#connections.add(connection);
      if (wire.lost !== null) return this.gone(connection, wire.lost);
      if (this.#closing !== null) return connection.retire();
      this.#idle.push(connection);
      this.#pump();
    });
  }

  #newWire(): Wire {
    const { host, port, tls, verify_certificate: verifyCertificate, ca } = this.#settings;
    const wire = new Wire({ host, port, tls, verifyCertificate, ca }, this.#shared);
    this.#opening.add(wire);
    this.#watch();
    return wire;
  }

  /** Leaves the host alone for a while, longer with every failure in a row. */
  #failed(judgement: Judgement): void {
    this.#failures += 1;
    const pause = Math.min(BACKOFF_FIRST_MS * 2 ** Math.min(this.#failures - 1, 16), BACKOFF_MAX_MS);
    this.#blockedUntilMs = this.nowMs() + pause * (0.75 + this.#deps.random() / 2);
    this.#lastFailure = judgement;
    const { account, outcome } = judgement;
    // Servers like to repeat addresses; logs do not.
    const reply = outcome.reply.slice(0, LOGGED_REPLY_CHARS).replace(/[^\s<]*@[^\s>]*/g, '(address)');
    this.#deps.log.warn({ event: 'smtp_session_failed', account: this.#account.id, signal: account?.kind, reply, pause_ms: pause });
  }

  /** Nobody can take what waits, and nothing will be tried soon: the callers hear it now rather than hang. */
  #answerStranded(): void {
    if (this.#connections.size > 0 || this.#opening.size > 0) return;
    const { outcome, account } = this.#lastFailure;
    const retryAfterMs = account?.retryAfterMs ?? Math.max(1, Math.ceil(this.#blockedUntilMs - this.nowMs()));
    const judgement = { outcome, ...(account === undefined ? {} : { account: { ...account, retryAfterMs } }) };
    for (let next = this.#waiting.shift(); next !== null; next = this.#waiting.shift()) settle(next, judgement);
  }

  // ── time, and the end ──────────────────────────────────────────────────────

  /** One timer for all deadlines, running only while a line is open. */
  #watch(): void {
    if (this.#sweep !== null) return;
    const shortest = Math.min(...Object.values(this.#settings.timeouts));
    const everyMs = Math.max(SWEEP_MIN_MS, Math.min(SWEEP_MAX_MS, Math.floor(shortest / 4)));
    this.#sweep = setInterval(() => {
      const nowMs = this.nowMs();
      for (const wire of this.#opening)
        if (nowMs >= wire.deadlineMs) wire.lose('The server did not answer in time while the session was opened.');
      for (const connection of this.#connections) {
        if (nowMs >= this.#closeByMs) connection.cut('The time to finish was over.');
        else connection.sweep(nowMs);
      }
    }, everyMs).unref();
  }

  #rest(): void {
    if (this.#opening.size + this.#connections.size > 0) return;
    if (this.#sweep !== null) clearInterval(this.#sweep);
    this.#sweep = null;
    this.#allGone();
  }

  async #shutDown(): Promise<void> {
    for (let next = this.#waiting.shift(); next !== null; next = this.#waiting.shift()) {
      settle(next, { outcome: { kind: 'not_sent', reply: 'This account is being closed.' } });
    }
    const gone = new Promise<void>((resolve) => {
      this.#allGone = resolve;
    });
    for (const wire of this.#opening) wire.lose('This account is being closed.');
    for (const connection of this.#connections) connection.retire();
    this.#closeByMs = this.nowMs() + CLOSE_GRACE_MS;
    if (this.#opening.size + this.#connections.size > 0) await gone;
  }
}

const BARE_BREAK = 'The message holds a bare CR or LF before a dot, which can smuggle a second message; end every line with CR LF.';

const NO_TOKENS = { ok: false, kind: 'misconfigured', reason: 'Access tokens can be asked for by a running desk only.' } as const;

function answered(outcome: Outcome): Promise<SendResult> {
  return Promise.resolve({ outcomes: [outcome] });
}

/** Null: the account has no user name. */
function logInOf({ id, secret }: ProviderAccount, settings: SmtpSettings, deps: AdapterDeps): LogIn | null {
  const { username, host, port, tls } = settings;
  if (username === undefined) return null;
  const place = { username, host, port, clear: tls === 'none' };
  const grant = grantOf(settings, secret.reveal());
  if (grant === null) return { ...place, proof: { kind: 'password', password: secret.reveal()['password'] ?? '' } };
  const token = async (refused?: string) =>
    deps.accessTokens?.get({ ownerId: id, grant, ...(refused === undefined ? {} : { refused }) }) ?? NO_TOKENS;
  return { ...place, proof: { kind: 'token', token } };
}

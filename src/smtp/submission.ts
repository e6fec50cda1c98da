// This file is the submission door (RFC 6409): applications log in, or come from a known network, and hand in mail. A 250 after the
// message means it is committed. Recipients come from RCPT TO and from nowhere else; headers are not read here.
import { isAscii } from 'node:buffer';
import type { Clock } from '../clock.ts';
import { AppError } from '../errors.ts';
import type { Log, Secret } from '../log.ts';
import { proxyTest } from './engine/behind-proxy.ts';
import type { DsnNotify, MaybePromise, SmtpAuth, SmtpEnvelope, SmtpReply, SmtpServer, SmtpSession, SmtpTls } from './engine/contract.ts';
import { type SmtpLimits, SUBMISSION_LIMITS } from './engine/limits.ts';
import { addressGroup } from './engine/peer.ts';
import { createSmtpServer } from './engine/server.ts';
import { MinuteMeter } from './minute-meter.ts';

/** Who hands in mail: what a log-in or a known network stands for. */
export interface SubmissionLogin {
  readonly tenantId: string;
  readonly credentialId: string;
  readonly defaultStream: 'transactional' | 'bulk';
  /** Messages in any 60 seconds on this node, as it stands when a message begins; null or absent: no limit. */
  readonly ratePerMinute?: number | null;
}

/** What the client asked about reports (RFC 3461), as it asked it. Null when it asked nothing. */
export interface SubmissionDsn {
  readonly ret: 'FULL' | 'HDRS' | null;
  /** xtext. */
  readonly envid: string | null;
  readonly recipients: readonly { readonly address: string; readonly notify: readonly DsnNotify[] | null; readonly orcpt: string | null }[];
}

export interface SubmittedMail {
  /** Reverse path; empty for `<>`. */
  readonly mailFrom: string;
  /** From RCPT TO, in order, exact repetitions left out. Their form is checked, nothing else. */
  readonly recipients: readonly string[];
  /** The message as it came, dots unstuffed, CR LF line ends only. Its headers are untouched: Bcc is still there. */
  readonly data: Buffer;
  /** The client said SMTPUTF8. */
  readonly smtpUtf8: boolean;
  /** There are bytes above 127 in the message, whatever BODY= said. */
  readonly eightBit: boolean;
  readonly dsn: SubmissionDsn | null;
  /** For the Received header (RFC 5321 §4.4). */
  readonly client: { readonly remoteAddress: string; readonly helo: string; readonly esmtp: boolean; readonly secure: boolean };
}

export interface SubmissionDeps {
  readonly hostname: string;
  /**
   * Null: no such login, or a wrong password. AppErrors (CREDENTIAL_SUSPENDED, STORE_UNAVAILABLE …) are told to the client. Answer plainly,
   * without a promise, where the answer is cached. A login lasts as long as its connection: `renew` and `accept` look again whether it still holds.
   */
  authenticate(username: string, password: Secret, remoteAddress: string): MaybePromise<SubmissionLogin | null>;
  /** The login that a network stands for; null where it has to log in. Called once per connection, before the greeting. */
  networkCredential(remoteAddress: string): SubmissionLogin | null;
  /**
   * The login as it stands now, asked before each message; null: it holds no longer. AppErrors (CREDENTIAL_SUSPENDED …) are told to the client. Left out:
   * what was true at the login stays true.
   */
  renew?(login: SubmissionLogin): MaybePromise<SubmissionLogin | null>;
  /** Resolves once the message is committed. AppErrors are told to the client. */
  accept(login: SubmissionLogin, mail: SubmittedMail): Promise<{ readonly id: string }>;
  readonly log: Log;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  /** Null: no TLS at all, and AUTH only from this machine. */
  readonly tls: SmtpTls | null;
  readonly limits?: Partial<SmtpLimits>;
  /** Networks of proxies that write PROXY headers. Default: none. */
  readonly proxies?: readonly string[];
  /** Default `loopback`. */
  readonly authWithoutTls?: SmtpAuth['withoutTls'];
  /** Offer DSN (RFC 3461). Default false: whoever offers it owes the reports. */
  readonly dsn?: boolean;
}

/** One application with a wrong password is stopped early, without its neighbours on the same machine. */
const LOGIN_FAILURES_PER_MINUTE = 10;
/** All of them together: guessing 256-bit keys is hopeless, this only keeps the log and the database quiet. */
const ADDRESS_FAILURES_PER_MINUTE = 60;
const METER_KEYS_MAX = 10_000;

const WRONG_LOGIN = new AppError('AUTH_INVALID', 'This user name and password do not belong together.').smtp;
const THROTTLED = new AppError('AUTH_THROTTLED', 'No login for now.').smtp;

/** Failures that repeat until somebody changes something: hammering on them is throttled. */
const COUNTED: ReadonlySet<string> = new Set(['AUTH_INVALID', 'CREDENTIAL_SUSPENDED', 'TENANT_SUSPENDED', 'SCOPE_MISSING']);

/** Makes the door; `listen` opens it. */
export function createSubmissionDoor(deps: SubmissionDeps): SmtpServer {
  const logins = new LoginThrottle(deps);
  const messages = new MinuteMeter(METER_KEYS_MAX);

  function refuseTooMany({ credentialId, ratePerMinute }: SubmissionLogin): void {
    if (ratePerMinute == null || messages.count(credentialId, deps.clock.monotonicMs()) < ratePerMinute) return;
    throw new AppError('RATE_LIMITED', `This credential may hand in ${ratePerMinute} messages a minute.`, {
      hint: 'Try again in a minute, or ask the operator of your platform for more.',
    });
  }

  return createSmtpServer<SubmissionLogin>({
    hostname: deps.hostname,
    limits: { ...SUBMISSION_LIMITS, ...deps.limits },
    tls: deps.tls,
    proxies: proxyTest(deps.proxies ?? []),
    auth: { required: true, withoutTls: deps.authWithoutTls ?? 'loopback' },
    dsn: deps.dsn ?? false,
    log: deps.log,
    handlers: {
      onConnect(session) {
        const login = deps.networkCredential(session.remoteAddress);
        if (login !== null) enter(session, login);
        return undefined;
      },
      onAuth: (session, { username, password }) => logins.attempt(session, username, password),
      onMail(session) {
        const begin = (login: SubmissionLogin | null): undefined => {
          if (login === null) throw new AppError('AUTH_INVALID', 'This login no longer holds.');
          session.state = login;
          refuseTooMany(login);
        };
        const login = loginOf(session);
        const now = deps.renew ? deps.renew(login) : login;
        return now instanceof Promise ? now.then(begin) : begin(now);
      },
      onRcpt(_session, { address }) {
        if (address.includes('@')) return undefined;
        throw new AppError('MAIL_ADDRESS_INVALID', 'A recipient needs a domain here.');
      },
      onData(session, { envelope, data }) {
        const login = loginOf(session);
        if (login.ratePerMinute != null) messages.add(login.credentialId, deps.clock.monotonicMs());
        return deps.accept(login, submittedMail(session, envelope, data)).then(queued);
      },
    },
  });
}

/** Log-ins with their failures counted, per name and per address. */
class LoginThrottle {
  readonly #failures = new MinuteMeter(METER_KEYS_MAX);
  readonly #deps: SubmissionDeps;

  constructor(deps: SubmissionDeps) {
    this.#deps = deps;
  }

  attempt(session: SmtpSession<SubmissionLogin>, username: string, password: Secret): MaybePromise<SmtpReply | undefined> {
    const peer = addressGroup(session.remoteAddress);
    const account = `${peer} ${username}`;
    const now = this.#deps.clock.monotonicMs();
    if (this.#failures.count(account, now) >= LOGIN_FAILURES_PER_MINUTE || this.#failures.count(peer, now) >= ADDRESS_FAILURES_PER_MINUTE) {
      return THROTTLED;
    }
    const done = (login: SubmissionLogin | null) => {
      if (login !== null) return enter(session, login);
      this.#failed(session, peer, account, 'AUTH_INVALID');
      return WRONG_LOGIN;
    };
    const failed = (error: unknown): never => {
      if (error instanceof AppError && COUNTED.has(error.code)) this.#failed(session, peer, account, error.code);
      throw error;
    };
    try {
      const answer = this.#deps.authenticate(username, password, session.remoteAddress);
      return answer instanceof Promise ? answer.then(done, failed) : done(answer);
    } catch (error) {
      return failed(error);
    }
  }

  #failed(session: SmtpSession<SubmissionLogin>, peer: string, account: string, code: string): void {
    const now = this.#deps.clock.monotonicMs();
    this.#failures.add(account, now);
    this.#failures.add(peer, now);
    this.#deps.log.warn({ session: session.number, remote_address: session.remoteAddress, code }, 'smtp.login_refused');
  }
}

function enter(session: SmtpSession<SubmissionLogin>, login: SubmissionLogin): undefined {
  session.state = login;
  session.authenticated = true;
}

function loginOf(session: SmtpSession<SubmissionLogin>): SubmissionLogin {
  if (session.state === undefined) throw new AppError('AUTH_MISSING', 'This server takes mail after login only.');
  return session.state;
}

function queued({ id }: { readonly id: string }): SmtpReply {
  return { code: 250, enhanced: '2.0.0', text: `queued as ${id}` };
}

function submittedMail(session: SmtpSession<SubmissionLogin>, envelope: SmtpEnvelope, data: Buffer): SubmittedMail {
  const addresses = envelope.recipients.map((recipient) => recipient.address);
  const { address: mailFrom, params } = envelope.from;
  return {
    mailFrom,
    recipients: addresses.length === 1 ? addresses : [...new Set(addresses)],
    data,
    smtpUtf8: params.smtpUtf8,
    eightBit: !isAscii(data),
    dsn: dsnOf(envelope),
    client: { remoteAddress: session.remoteAddress, helo: session.helo, esmtp: session.esmtp, secure: session.secure },
  };
}

function dsnOf({ from, recipients }: SmtpEnvelope): SubmissionDsn | null {
  const asked = recipients.filter(({ params }) => params.notify !== null || params.orcpt !== null);
  if (asked.length === 0 && from.params.ret === null && from.params.envid === null) return null;
  return { ret: from.params.ret, envid: from.params.envid, recipients: asked.map(({ address, params }) => ({ address, ...params })) };
}

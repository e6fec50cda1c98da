// This file fixes how a door speaks with the SMTP engine: options in, handlers called, replies back (RFC 5321).
import type { SecureContext } from 'node:tls';
import type { Log, Secret } from '../../log.ts';
import type { SmtpLimits } from './limits.ts';

/** Handlers that have their answer at hand return it plainly: the engine awaits only real promises. */
export type MaybePromise<T> = T | Promise<T>;

/** One answer to a client. 421 always ends the connection after it was written. */
export interface SmtpReply {
  /** RFC 5321 reply code, 200 to 599. */
  readonly code: number;
  /** RFC 3463 code such as `2.1.0`; left out only for 1xx and 3xx replies and greetings. */
  readonly enhanced?: string;
  /** Plain words; what is not printable ASCII is rewritten, long text goes over several reply lines. */
  readonly text: string;
}

/** What a handler may know of its peer. `state` belongs to the door; the engine never looks into it. */
export interface SmtpSession<State> {
  /** Counts up from 1 in the life of a server; good for logs. */
  readonly number: number;
  /** IPv4 or IPv6 text; IPv4-mapped addresses are written as IPv4. */
  readonly remoteAddress: string;
  readonly remotePort: number;
  /** TLS is up. */
  readonly secure: boolean;
  /** What the client called itself; empty before EHLO or HELO. */
  readonly helo: string;
  /** It said EHLO, not HELO. */
  readonly esmtp: boolean;
  /** May give mail although AUTH is required. Set by the engine after AUTH, or by `onConnect` for peers known by their address. */
  authenticated: boolean;
  state: State | undefined;
}

/** ESMTP parameters of MAIL FROM. */
export interface MailParams {
  /** SIZE= (RFC 1870), bytes; null when not given. */
  readonly size: number | null;
  readonly body: '7BIT' | '8BITMIME' | null;
  readonly smtpUtf8: boolean;
  /** RET= (RFC 3461 §4.3). */
  readonly ret: 'FULL' | 'HDRS' | null;
  /** ENVID= (RFC 3461 §4.4), still in xtext. */
  readonly envid: string | null;
}

export type DsnNotify = 'NEVER' | 'SUCCESS' | 'FAILURE' | 'DELAY';

/** ESMTP parameters of RCPT TO (RFC 3461 §4.1, §4.2). */
export interface RcptParams {
  readonly notify: readonly DsnNotify[] | null;
  /** ORCPT= still in xtext, `rfc822;name@domain.example`. */
  readonly orcpt: string | null;
}

export interface SmtpMail {
  /** Reverse path without brackets and source route; empty for `<>`. */
  readonly address: string;
  readonly params: MailParams;
}

export interface SmtpRcpt {
  /** Forward path without brackets and source route. `postmaster` may stand without a domain (RFC 5321 §4.5.1). */
  readonly address: string;
  readonly params: RcptParams;
}

/** One transaction as the commands gave it; headers have no say in it. */
export interface SmtpEnvelope {
  readonly from: SmtpMail;
  /** In the order of the accepted RCPT commands, repetitions included. */
  readonly recipients: readonly SmtpRcpt[];
}

/**
 * What a door decides. No answer (`undefined`) means yes, in the engine's words. A reply of 400 or more refuses. An AppError, thrown or
 * rejected, is told in its SMTP form; any other error is logged and told as 451 4.3.0.
 */
export interface SmtpHandlers<State> {
  onConnect?(session: SmtpSession<State>): MaybePromise<SmtpReply | undefined>;
  onAuth?(
    session: SmtpSession<State>,
    login: { readonly username: string; readonly password: Secret },
  ): MaybePromise<SmtpReply | undefined>;
  /** Starts a transaction: a door that keeps things per transaction in `state` clears them here. */
  onMail?(session: SmtpSession<State>, mail: SmtpMail): MaybePromise<SmtpReply | undefined>;
  /** Called last of all checks: a recipient not refused here is in the envelope. */
  onRcpt?(session: SmtpSession<State>, recipient: SmtpRcpt): MaybePromise<SmtpReply | undefined>;
  /** The whole message, dots unstuffed, every line ended by CR LF. A reply below 400 takes it over for good. */
  onData(session: SmtpSession<State>, message: { readonly envelope: SmtpEnvelope; readonly data: Buffer }): MaybePromise<SmtpReply>;
}

export interface SmtpTls {
  /** Asked at every handshake, so that a renewed certificate is used without a restart. */
  context(): SecureContext;
  /** TLS from the first byte (port 465) instead of STARTTLS. */
  readonly implicit?: boolean;
}

export interface SmtpAuth {
  /** MAIL is refused until AUTH, unless `onConnect` vouched for the peer. */
  readonly required: boolean;
  /** May AUTH come without TLS? `loopback`: only from this machine. */
  readonly withoutTls: 'always' | 'loopback' | 'never';
}

export interface SmtpServerOptions<State> {
  /** Name in the greeting and in the answer to EHLO. */
  readonly hostname: string;
  readonly limits: SmtpLimits;
  /** Null: neither STARTTLS nor implicit TLS. */
  readonly tls: SmtpTls | null;
  /** Null: AUTH is not offered. */
  readonly auth: SmtpAuth | null;
  /** Offer DSN (RFC 3461): its parameters are read and kept in the envelope. */
  readonly dsn: boolean;
  readonly handlers: SmtpHandlers<State>;
  /** Addresses of proxies that begin every connection with a PROXY header: the client it names is the peer. Null or left out: there are none. */
  readonly proxies?: ((address: string) => boolean) | null;
  readonly log: Log;
}

export interface SmtpServer {
  /** Resolves with the real port once connections are accepted. Rejects with AppError PORT_IN_USE when the port is taken. */
  listen(port: number, host: string): Promise<{ port: number }>;
  /**
   * Takes no more connections, tells idle ones 421, lets transactions in flight finish, then tells those 421 too. What is left after
   * `graceMs` is cut off. Resolves when every connection is gone.
   */
  close(options: { readonly graceMs: number }): Promise<void>;
  /** Open connections. */
  readonly connections: number;
}

// This file holds every limit of the SMTP doors with its reason. A door takes one set and may change single numbers.

export interface SmtpLimits {
  /** Largest message, bytes after unstuffing; told in EHLO as SIZE (RFC 1870). */
  readonly sizeBytes: number;
  /** Read and thrown away past `sizeBytes`, so that a client hears 552 instead of a broken line; then it is cut off. */
  readonly discardBytes: number;
  /** Bytes of unfinished and uncommitted messages over all connections; beyond it, 452 4.3.1. */
  readonly heldBytes: number;
  /** BDAT chunks of one message (RFC 3030). */
  readonly chunks: number;
  /** Recipients of one transaction (RFC 5321 §4.5.3.1.8 asks for at least 100). */
  readonly recipients: number;
  /** Refused RCPT commands since the last accepted message, then 421. */
  readonly refusedRecipients: number;
  /** Longest command line, bytes with CR LF. AUTH needs 12,288 (RFC 4954 §4); nothing needs more. */
  readonly lineBytes: number;
  /** Commands before AUTH where AUTH is required; a client needs about ten. */
  readonly commandsBeforeAuth: number;
  /** Failed AUTH commands of one connection, then 421. */
  readonly authFailures: number;
  /** Commands that are no SMTP, or out of order, since the last accepted message, then 421. */
  readonly errors: number;
  /** Commands that move no mail (NOOP, RSET, refused MAIL …) since the last accepted message, then 421. */
  readonly idleCommands: number;
  /** Milliseconds without a finished command or a byte of DATA (RFC 5321 §4.5.3.2.7: at least 5 minutes). */
  readonly idleMs: number;
  /** Milliseconds for one DATA, however steadily it trickles. */
  readonly dataMs: number;
  /** Milliseconds a handler may take; clients give up after 10 minutes (RFC 5321 §4.5.3.2.6), so an answer after that reaches nobody. */
  readonly handlerMs: number;
  readonly connections: number;
  /** Per IPv4 address, or per /64 of IPv6: one customer holds a whole /64. */
  readonly connectionsPerAddress: number;
}

const MIB = 1024 * 1024;
const MINUTE_MS = 60_000;

/** Applications of the platform: few addresses, many sessions, long lists, real keys. */
export const SUBMISSION_LIMITS: SmtpLimits = {
  sizeBytes: 50 * MIB,
  discardBytes: 64 * MIB,
  heldBytes: 512 * MIB,
  // 50 MiB in chunks of half a kilobyte; clients write tens of kilobytes at once.
  chunks: 100_000,
  recipients: 10_000,
  // A long list may hold as many bad addresses as good ones without losing the good ones.
  refusedRecipients: 10_000,
  lineBytes: 12_288,
  commandsBeforeAuth: 50,
  authFailures: 3,
  errors: 20,
  idleCommands: 100,
  idleMs: 5 * MINUTE_MS,
  // 50 MiB in an hour is 15 KB/s, slower than any line that carries attachments.
  dataMs: 60 * MINUTE_MS,
  handlerMs: 10 * MINUTE_MS,
  connections: 1_000,
  // A busy web host opens one connection per PHP request.
  connectionsPerAddress: 250,
};

/** Mail servers of the world, mostly with one report for one return path; guessing tokens must not pay. */
export const INBOUND_LIMITS: SmtpLimits = {
  ...SUBMISSION_LIMITS,
  sizeBytes: 30 * MIB,
  discardBytes: 32 * MIB,
  heldBytes: 256 * MIB,
  recipients: 100,
  refusedRecipients: 20,
  connections: 500,
  connectionsPerAddress: 50,
};

// This file reads what a server offers in its answer to EHLO (RFC 5321 §4.1.1.1) as far as a hand-over makes use of it.

export interface Extensions {
  /** RFC 2920. */
  readonly pipelining: boolean;
  /** RFC 1870: largest message in bytes; 0: it says none; null: SIZE is not offered. */
  readonly size: number | null;
  /** RFC 6152. */
  readonly eightBitMime: boolean;
  /** RFC 6531. */
  readonly smtpUtf8: boolean;
  /** RFC 3461. */
  readonly dsn: boolean;
  /** RFC 3207. */
  readonly startTls: boolean;
  /** RFC 4954: mechanisms in capitals. */
  readonly auth: ReadonlySet<string>;
}

/** What a server of HELO's time offers: nothing. */
export const NO_EXTENSIONS: Extensions = {
  pipelining: false,
  size: null,
  eightBitMime: false,
  smtpUtf8: false,
  dsn: false,
  startTls: false,
  auth: new Set(),
};

/** Reads the lines of a 250 reply to EHLO; the first one is the server's name. */
export function readExtensions(reply: string): Extensions {
  const offered = new Map<string, string>();
  const auth = new Set<string>();
  for (const line of reply.split('\n').slice(1)) {
    const [, keyword = '', parameters = ''] = /^\d{3}[ -]([^\s=]+)[\s=]?(.*)$/.exec(line) ?? [];
    // "AUTH=LOGIN" is how servers spoke to an old mail reader; both forms may stand in one reply.
    if (keyword.toUpperCase() === 'AUTH') for (const mechanism of parameters.toUpperCase().split(/\s+/)) auth.add(mechanism);
    offered.set(keyword.toUpperCase(), parameters.trim());
  }
  const size = offered.get('SIZE');
  return {
    pipelining: offered.has('PIPELINING'),
    size: size === undefined ? null : sizeOf(size),
    eightBitMime: offered.has('8BITMIME'),
    smtpUtf8: offered.has('SMTPUTF8'),
    dsn: offered.has('DSN'),
    startTls: offered.has('STARTTLS'),
    auth,
  };
}

function sizeOf(parameter: string): number {
  return /^\d{1,15}$/.test(parameter) ? Number(parameter) : 0;
}

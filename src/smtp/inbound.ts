// This file is the inbound door (RFC 5321): bounces and reports come back to signed return paths, mail for people to postmaster. Unknown addresses are refused at
// RCPT, so nothing is ever bounced from here. A 250 after the message means it is stored raw; reading it comes later.
import type { Clock } from '../clock.ts';
import { AppError } from '../errors.ts';
import type { Log } from '../log.ts';
import { proxyTest } from './engine/behind-proxy.ts';
import type { SmtpServer, SmtpTls } from './engine/contract.ts';
import { INBOUND_LIMITS, type SmtpLimits } from './engine/limits.ts';
import { createSmtpServer } from './engine/server.ts';
import { MinuteMeter } from './minute-meter.ts';

export interface InboundMail<Token> {
  /** Reverse path; empty for `<>`, as reports have it. */
  readonly mailFrom: string;
  /** At least one, in the order of RCPT. */
  readonly recipients: readonly { readonly address: string; readonly token: Token }[];
  /** The message as it came, dots unstuffed, CR LF line ends only. */
  readonly data: Buffer;
  readonly remoteAddress: string;
  /** What the other server called itself. */
  readonly helo: string;
}

type Recognised<Token> = { readonly ok: true; readonly token: Token } | { readonly ok: false };

export interface InboundDeps<Token> {
  readonly hostname: string;
  /** Is this one of our return paths, reporting addresses, rewritten senders, or our postmaster? The first two are computed and answered at once. */
  recognise(address: string): Recognised<Token> | Promise<Recognised<Token>>;
  /** Resolves once the mail is stored. AppErrors are told to the other server, which tries again after a 4xx. */
  store(mail: InboundMail<Token>): Promise<void>;
  readonly log: Log;
  /** Null: STARTTLS is not offered. */
  readonly tls: SmtpTls | null;
  readonly limits?: Partial<SmtpLimits>;
  /** Networks of proxies that write PROXY headers. Default: none. */
  readonly proxies?: readonly string[];
  readonly clock: Pick<Clock, 'monotonicMs'>;
  /** Mails a minute from one address of the world; beyond it, 451 and try again later. */
  readonly perMinute: number;
}

/** Mails a minute to one return path: a report or two are usual, a loop or a storm of automatic answers is not. */
const PER_RETURN_PATH = 20;
/** Addresses and return paths that are counted at once. */
const COUNTED_MAX = 50_000;

const UNKNOWN = new AppError('RETURN_PATH_UNKNOWN', 'No such address.').smtp;
const STORED = { code: 250, enhanced: '2.0.0', text: 'Stored' } as const;

const CROWDED = new AppError('INBOUND_RATE_LIMITED', 'Too many mails come from your address.').smtp;
const STORM = new AppError('INBOUND_RATE_LIMITED', 'Too many mails come to this return path.').smtp;

/** Makes the door; `listen` opens it. */
export function createInboundDoor<Token>(deps: InboundDeps<Token>): SmtpServer {
  const byPeer = new MinuteMeter(COUNTED_MAX);
  const byPath = new MinuteMeter(COUNTED_MAX);
  // The session's state is the recipients of the open transaction with their tokens.
  return createSmtpServer<{ address: string; token: Token }[]>({
    hostname: deps.hostname,
    limits: { ...INBOUND_LIMITS, ...deps.limits },
    tls: deps.tls,
    proxies: proxyTest(deps.proxies ?? []),
    auth: null,
    dsn: false,
    log: deps.log,
    handlers: {
      onMail(session) {
        const nowMs = deps.clock.monotonicMs();
        if (byPeer.count(session.remoteAddress, nowMs) >= deps.perMinute) return CROWDED;
        byPeer.add(session.remoteAddress, nowMs);
        session.state = [];
        return undefined;
      },
      onRcpt(session, { address }) {
        const finish = (known: Recognised<Token>) => {
          if (!known.ok) return UNKNOWN;
          const nowMs = deps.clock.monotonicMs();
          const path = address.toLowerCase();
          if (byPath.count(path, nowMs) >= PER_RETURN_PATH) return STORM;
          byPath.add(path, nowMs);
          session.state?.push({ address, token: known.token });
          return undefined;
        };
        const known = deps.recognise(address);
        return known instanceof Promise ? known.then(finish) : finish(known);
      },
      onData(session, { envelope, data }) {
        const mail = { mailFrom: envelope.from.address, recipients: session.state ?? [], data };
        return deps.store({ ...mail, remoteAddress: session.remoteAddress, helo: session.helo }).then(() => STORED);
      },
    },
  });
}

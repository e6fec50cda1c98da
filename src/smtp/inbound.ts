// This file is the inbound door (RFC 5321): bounces and reports come back to signed return paths. Unknown addresses are refused at RCPT,
// so nothing is ever bounced from here. A 250 after the message means it is stored raw; reading it comes later.
import { AppError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { SmtpServer, SmtpTls } from './engine/contract.ts';
import { INBOUND_LIMITS, type SmtpLimits } from './engine/limits.ts';
import { createSmtpServer } from './engine/server.ts';

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

export interface InboundDeps<Token> {
  readonly hostname: string;
  /** Is this one of our return paths or reporting addresses? Computed, not looked up: it answers at once. */
  recognise(address: string): { readonly ok: true; readonly token: Token } | { readonly ok: false };
  /** Resolves once the mail is stored. AppErrors are told to the other server, which tries again after a 4xx. */
  store(mail: InboundMail<Token>): Promise<void>;
  readonly log: Log;
  /** Null: STARTTLS is not offered. */
  readonly tls: SmtpTls | null;
  readonly limits?: Partial<SmtpLimits>;
}

const UNKNOWN = new AppError('RETURN_PATH_UNKNOWN', 'No such address.').smtp;
const STORED = { code: 250, enhanced: '2.0.0', text: 'Stored' } as const;

/** Makes the door; `listen` opens it. */
export function createInboundDoor<Token>(deps: InboundDeps<Token>): SmtpServer {
  // The session's state is the recipients of the open transaction with their tokens.
  return createSmtpServer<{ address: string; token: Token }[]>({
    hostname: deps.hostname,
    limits: { ...INBOUND_LIMITS, ...deps.limits },
    tls: deps.tls,
    auth: null,
    dsn: false,
    log: deps.log,
    handlers: {
      onMail(session) {
        session.state = [];
        return undefined;
      },
      onRcpt(session, { address }) {
        const known = deps.recognise(address);
        if (!known.ok) return UNKNOWN;
        session.state?.push({ address, token: known.token });
        return undefined;
      },
      onData(session, { envelope, data }) {
        const mail = { mailFrom: envelope.from.address, recipients: session.state ?? [], data };
        return deps.store({ ...mail, remoteAddress: session.remoteAddress, helo: session.helo }).then(() => STORED);
      },
    },
  });
}

// This file is a smarthost for tests: a small honest SMTP server that a test can script per command, cut off at any byte, make slow, and
// ask what it truly accepted. A message counts as accepted when the 2yz reply to its dot is decided, before that reply is written.
import { createServer, type Server, type Socket } from 'node:net';
import { createSecureContext, createServer as createTlsServer } from 'node:tls';
import { closeAndHold, type LetGo } from '../../src/simulator/held-port.ts';
import type { Certificate } from './certificate.ts';
import { HostSession } from './smtp-host-session.ts';

export type HostStage = 'connect' | 'ehlo' | 'helo' | 'starttls' | 'auth' | 'mail' | 'rcpt' | 'data' | 'dot' | 'rset' | 'quit' | 'other';

export interface HostContext {
  /** The command line without its line end; empty at `connect` and `dot`. */
  readonly line: string;
  /** 1 for the first connection, and so on. */
  readonly session: number;
  readonly mailFrom: string;
  readonly rcptTo: readonly string[];
  /** What has come in already behind this command or message: what the client wrote ahead. */
  readonly behind: string;
}

/** What to do instead of the honest answer: a reply (no line end needed), or more; `undefined` means be honest. */
export type HostAct =
  | string
  | undefined
  | {
      readonly reply?: string;
      /** Bytes written as they are, in place of a reply. */
      readonly raw?: string;
      /** Cut the line, before or after the reply. */
      readonly cut?: 'before' | 'after';
      /** Read nothing more after the reply. */
      readonly deaf?: true;
      /** Answer only when this has resolved. */
      readonly hold?: Promise<unknown>;
    };

export interface AcceptedMail {
  readonly mailFrom: string;
  readonly mailLine: string;
  readonly rcptTo: readonly string[];
  readonly rcptLines: readonly string[];
  /** Dots undoubled, without the final dot. */
  readonly mime: Buffer;
  readonly session: number;
  readonly tls: boolean;
  readonly queueId: string;
}

export interface HostOptions {
  /** Lines of the EHLO answer after the first; STARTTLS and AUTH are added where they are on. */
  readonly extensions?: readonly string[];
  readonly tls?: 'none' | 'starttls' | 'implicit';
  readonly certificate?: Certificate;
  readonly login?: { readonly username: string; readonly password: string };
  readonly mechanisms?: readonly string[];
  /** Access tokens are taken: true when this one is good for this user. Mechanisms are OAUTHBEARER and XOAUTH2 unless others are named. */
  readonly tokenGood?: (username: string, token: string) => boolean;
  readonly answer?: (stage: HostStage, context: HostContext) => HostAct;
}

export const ALL_EXTENSIONS = ['PIPELINING', 'SIZE 10485760', '8BITMIME', 'SMTPUTF8', 'DSN', 'ENHANCEDSTATUSCODES'] as const;

export interface SmtpHost {
  readonly port: number;
  readonly accepted: AcceptedMail[];
  /** Every command line, with the session it came in. */
  readonly heard: { readonly session: number; readonly line: string }[];
  /** Connections that ever came, and those open now. */
  sessions: number;
  open: number;
  /** Sessions whose TLS was resumed. */
  resumed: number;
  answer: (stage: HostStage, context: HostContext) => HostAct;
  /** Cut a session after so many bytes read from it, or written to it; later bytes are neither read nor written. */
  cutAfterIn: number;
  cutAfterOut: number;
  /** Only sessions up to this number are cut. */
  cutSessions: number;
  /** Reset the line instead of closing it when cutting. */
  cutHard: boolean;
  /** Closes all open sessions after these words, which may be none. */
  drop(words: string): void;
  /** Goes for good, as `close`; connections to its port are refused from then on, whoever asks the system for a port meanwhile. Ends with `close`. */
  leave(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a host on 127.0.0.1, any port. */
export async function startSmtpHost(options: HostOptions = {}): Promise<SmtpHost> {
  const { certificate, tls = 'none' } = options;
  const sockets = new Set<Socket>();
  const pair = certificate === undefined ? {} : { key: certificate.key, cert: certificate.cert };
  // One for all sessions, so that STARTTLS can resume.
  const context = certificate === undefined ? undefined : createSecureContext(pair);
  const onSocket = (socket: Socket) => {
    socket.setNoDelay(true);
    host.sessions += 1;
    host.open += 1;
    sockets.add(socket);
    socket.on('close', () => {
      host.open -= 1;
      sockets.delete(socket);
    });
    new HostSession(host, { extensions: ALL_EXTENSIONS, ...options, context }, socket, host.sessions).greet();
  };
  let letGo: LetGo = () => {};
  const shut = (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(() => resolve()));
  };
  const server: Server = tls === 'implicit' ? createTlsServer(pair, onSocket) : createServer(onSocket);
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const host: SmtpHost = {
    port: address !== null && typeof address === 'object' ? address.port : 0,
    accepted: [],
    heard: [],
    sessions: 0,
    open: 0,
    resumed: 0,
    answer: options.answer ?? (() => undefined),
    cutAfterIn: Number.POSITIVE_INFINITY,
    cutAfterOut: Number.POSITIVE_INFINITY,
    cutSessions: Number.POSITIVE_INFINITY,
    cutHard: false,
    drop: (words) => {
      for (const socket of sockets) socket.end(words);
    },
    async leave() {
      letGo = await closeAndHold(server, shut);
    },
    async close() {
      await shut();
      letGo();
    },
  };
  return host;
}

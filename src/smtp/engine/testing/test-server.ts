// This file starts an engine for tests: it takes everything, remembers it, and stops with the scope it was made in.
import { silentLog } from '../../../log.ts';
import type { SmtpHandlers, SmtpServerOptions, SmtpSession } from '../contract.ts';
import { type SmtpLimits, SUBMISSION_LIMITS } from '../limits.ts';
import { createSmtpServer } from '../server.ts';

export interface Taken {
  readonly from: string;
  readonly recipients: readonly string[];
  readonly data: string;
}

export interface TestServer extends AsyncDisposable {
  readonly port: number;
  readonly taken: Taken[];
  readonly sessions: SmtpSession<string>[];
  readonly connections: number;
  close(graceMs: number): Promise<void>;
}

export type TestOptions = Partial<Omit<SmtpServerOptions<string>, 'handlers' | 'limits'>> & {
  readonly handlers?: Partial<SmtpHandlers<string>>;
  readonly limits?: Partial<SmtpLimits>;
};

export function testOptions(taken: Taken[], sessions: SmtpSession<string>[], options: TestOptions): SmtpServerOptions<string> {
  return {
    hostname: 'mx.test',
    tls: null,
    auth: null,
    dsn: false,
    log: silentLog,
    ...options,
    limits: { ...SUBMISSION_LIMITS, ...options.limits },
    handlers: {
      onConnect(session) {
        sessions.push(session);
        return undefined;
      },
      onData(_session, { envelope, data }) {
        const recipients = envelope.recipients.map((recipient) => recipient.address);
        taken.push({ from: envelope.from.address, recipients, data: data.toString('latin1') });
        return { code: 250, enhanced: '2.0.0', text: `taken ${taken.length}` };
      },
      ...options.handlers,
    },
  };
}

export async function startTestServer(options: TestOptions = {}): Promise<TestServer> {
  const taken: Taken[] = [];
  const sessions: SmtpSession<string>[] = [];
  const server = createSmtpServer<string>(testOptions(taken, sessions, options));
  const { port } = await server.listen(0, '127.0.0.1');
  return {
    port,
    taken,
    sessions,
    get connections() {
      return server.connections;
    },
    close: (graceMs) => server.close({ graceMs }),
    [Symbol.asyncDispose]: () => server.close({ graceMs: 0 }),
  };
}

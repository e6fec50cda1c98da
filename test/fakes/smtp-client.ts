// This file connects the SMTP adapter to a fake host for tests, with short names for what tests ask all the time.
import { type Clock, systemClock } from '../../src/clock.ts';
import type { AccessTokens } from '../../src/delivery/access-tokens.ts';
import type { HandOver, Outcome, ProviderClient, SendResult } from '../../src/delivery/provider.ts';
import { Secret, silentLog } from '../../src/log.ts';
import { smtpAdapter } from '../../src/providers/smtp/adapter.ts';
import { type HostOptions, type SmtpHost, startSmtpHost } from './smtp-host.ts';

export interface HostAndClient extends AsyncDisposable {
  readonly host: SmtpHost;
  readonly client: ProviderClient;
  /** Lets the client believe that so many milliseconds have passed. */
  skip(ms: number): void;
}

export interface HostAndClientOptions {
  readonly host?: HostOptions;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly secret?: Readonly<Record<string, string>>;
  readonly clock?: Clock;
  readonly accessTokens?: AccessTokens;
}

/** A fake host and a client of it with one connection unless the settings say otherwise; both end with the scope. */
export async function hostAndClient(options: HostAndClientOptions = {}): Promise<HostAndClient> {
  const host = await startSmtpHost(options.host);
  let skippedMs = 0;
  const clock = { nowMs: () => systemClock.nowMs() + skippedMs, monotonicMs: () => systemClock.monotonicMs() + skippedMs };
  const client = smtpClient(host.port, { ...options, clock });
  const skip = (ms: number) => {
    skippedMs += ms;
  };
  const dispose = async () => {
    await client.close();
    await host.close();
  };
  return { host, client, skip, [Symbol.asyncDispose]: dispose };
}

export function smtpClient(
  port: number,
  { settings, secret = {}, clock = systemClock, accessTokens }: HostAndClientOptions = {},
): ProviderClient {
  const input = { settings: { host: '127.0.0.1', port, tls: 'none', connections: 1, ...settings }, secret };
  const parsed = smtpAdapter.parseAccount(input);
  const account = {
    id: 'account-1',
    name: 'smarthost',
    provider: 'smtp',
    settings: parsed.settings,
    secret: new Secret(parsed.secret),
  } as const;
  return smtpAdapter.connect(account, { clock, log: silentLog, random: () => 0.5, ...(accessTokens ? { accessTokens } : {}) });
}

/** A hand-over of a short message to one address; the return path is fixed. */
export function letter(address: string, change: Partial<HandOver> = {}): HandOver {
  const recipients = [{ id: 'recipient-1', address, returnPath: 'b-token@return.example' }];
  const fixed = {
    messageId: 'message-1',
    tenantId: 'tenant-1',
    stream: 'bulk',
    smtpUtf8: false,
    eightBit: false,
    pool: null,
    tags: [],
  } as const;
  return { ...fixed, mime: Buffer.from('Subject: Hi\r\n\r\nHello\r\n'), recipients, idempotencyKey: 'attempt-1', ...change };
}

/** The outcome of a hand-over with one recipient. */
export function only(result: SendResult): Outcome {
  const [outcome] = result.outcomes;
  if (outcome === undefined || result.outcomes.length !== 1) throw new Error(`expected one outcome: ${JSON.stringify(result)}`);
  return outcome;
}

/** Resolves once `condition` holds; looks again after every turn of the event loop. The test's own time limit ends a wait in vain. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

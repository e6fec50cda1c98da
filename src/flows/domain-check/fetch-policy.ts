// This file fetches an MTA-STS policy (RFC 8461 §3.3): https with a valid certificate, no redirect, some kilobytes, some seconds, and never from
// an address inside our own network.
import { Agent, request } from 'undici';
import { AppError } from '../../errors.ts';
import { MTA_STS_POLICY_BYTES_MAX } from '../../tenancy/dns/mta-sts-record.ts';
import { type ResolveHost, webhookConnector } from '../webhook-target.ts';

export type FetchedPolicy =
  | { readonly ok: true; readonly text: string; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly message: string };

/** Fetches the policy of a host such as `mta-sts.example.org`. Never rejects. */
export type FetchPolicy = (host: string) => Promise<FetchedPolicy>;

export interface PolicyFetcherOptions {
  readonly resolve: ResolveHost;
  /** Let it go to private and loopback addresses. */
  readonly allowPrivate: boolean;
  /** 443 everywhere but in tests. */
  readonly port?: number;
  /** Certificates to trust in place of the machine's, PEM. */
  readonly ca?: string;
}

/** §3.3 suggests a minute for mail servers; somebody waits for this answer. */
const TIMEOUT_MS = 10_000;
const HTTPS_PORT = 443;

export function makePolicyFetcher({ resolve, allowPrivate, port = HTTPS_PORT, ca }: PolicyFetcherOptions): FetchPolicy {
  return async (host) => {
    const agent = new Agent({
      connect: webhookConnector({ allowPrivate, resolve, ...(ca === undefined ? {} : { ca }) }),
      headersTimeout: TIMEOUT_MS,
      bodyTimeout: TIMEOUT_MS,
      maxResponseSize: MTA_STS_POLICY_BYTES_MAX,
    });
    try {
      const url = `https://${host}${port === HTTPS_PORT ? '' : `:${port}`}/.well-known/mta-sts.txt`;
      const answer = await request(url, {
        dispatcher: agent,
        signal: AbortSignal.timeout(TIMEOUT_MS),
        headers: { 'user-agent': 'Packetboat-Check/1' },
      });
      if (answer.statusCode !== 200) {
        await answer.body.dump();
        const redirect = answer.statusCode >= 300 && answer.statusCode < 400;
        return {
          ok: false,
          message: redirect ? 'the server redirects, which is not allowed here.' : `the server answers ${answer.statusCode}.`,
        };
      }
      const type = String(answer.headers['content-type'] ?? '');
      const warnings = /^text\/plain\b/i.test(type) ? [] : [`The policy is served as "${type || 'nothing'}"; it should be text/plain.`];
      return { ok: true, text: await answer.body.text(), warnings };
    } catch (error) {
      return { ok: false, message: reason(error) };
    } finally {
      await agent.destroy();
    }
  };
}

function reason(error: unknown): string {
  if (error instanceof AppError) return error.message;
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return `no answer within ${TIMEOUT_MS / 1000} seconds.`;
  const cause = error.cause instanceof Error ? error.cause : error;
  return `${cause.message}.`;
}

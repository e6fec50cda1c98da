// This file asks a token endpoint for an access token (RFC 6749 §4.4.2 and §6): one form, one JSON answer, bounded in time and size, over a connection that
// only goes to permitted addresses. Redirects are not followed: a secret goes where a person said, and nowhere else.
import { Agent, request } from 'undici';
import type { TokenGrant } from '../token-grant.ts';
import { TOKEN_MAX_CHARS } from '../token-grant.ts';
import { type ResolveHost, webhookConnector } from './webhook-target.ts';

export type TokenExchange =
  | {
      readonly kind: 'token';
      readonly accessToken: string;
      readonly expiresInS: number;
      /** In place of the one that was used; null: that one goes on. */
      readonly refreshToken: string | null;
    }
  /** A person has to do something. `error` is the endpoint's code, or ours in words that no endpoint uses. */
  | { readonly kind: 'refused'; readonly error: string; readonly description: string }
  /** It may pass by itself. */
  | { readonly kind: 'failed'; readonly reason: string; readonly retryAfterMs?: number };

export interface TokenEndpoint {
  /** Never rejects. */
  exchange(grant: TokenGrant, refreshToken: string | null): Promise<TokenExchange>;
}

/** A log-in waits for it; endpoints answer in well under a second. */
export const EXCHANGE_TIMEOUT_MS = 15_000;
/** Answers are 1 to 6 KB. */
const ANSWER_MAX_BYTES = 64 * 1024;
/** An endpoint that does not say how long a token is good (RFC 6749 §5.1 only recommends it): Microsoft and Google give an hour. */
const EXPIRES_DEFAULT_S = 600;
const EXPIRES_MAX_S = 7 * 24 * 3_600;
/** Longer rests are not believed. */
const RETRY_AFTER_MAX_MS = 3_600_000;
const DESCRIPTION_CHARS_MAX = 400;
/** RFC 6749 §4.1.2.1 names them for the other endpoint; token endpoints use them, too. */
const PASSING = new Set(['temporarily_unavailable', 'server_error', 'slow_down', 'timeout']);

export function makeTokenEndpoint(options: { allowPrivate: boolean; resolve: ResolveHost; timeoutMs?: number }): TokenEndpoint {
  const timeoutMs = options.timeoutMs ?? EXCHANGE_TIMEOUT_MS;
  return {
    async exchange(grant, refreshToken) {
      // One connection for one question an hour: kept ones would be closed long before the next.
      const agent = new Agent({ connect: webhookConnector(options), pipelining: 0 });
      try {
        const answer = await request(grant.tokenUrl, {
          dispatcher: agent,
          method: 'POST',
          headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json', 'user-agent': 'Packetboat/1' },
          body: formOf(grant, refreshToken),
          signal: AbortSignal.timeout(timeoutMs),
        });
        const text = await beginning(answer.body);
        return judged(answer.statusCode, text, answer.headers['retry-after'], [grant.clientSecret, refreshToken]);
      } catch (error) {
        return { kind: 'failed', reason: reasonOf(error, timeoutMs) };
      } finally {
        await agent.destroy();
      }
    },
  };
}

/** The client says who it is in the body (RFC 6749 §2.3.1), which is how Microsoft and Google document it. */
function formOf(grant: TokenGrant, refreshToken: string | null): string {
  const form = new URLSearchParams({ grant_type: grant.kind, client_id: grant.clientId });
  if (grant.clientSecret !== null) form.set('client_secret', grant.clientSecret);
  if (grant.kind === 'refresh_token' && refreshToken !== null) form.set('refresh_token', refreshToken);
  if (grant.scope !== null) form.set('scope', grant.scope);
  return form.toString();
}

/** Reads status and body (RFC 6749 §5); null: the body was too long. Nothing that was asked with comes back in words. */
function judged(
  status: number,
  text: string | null,
  retryAfter: string | string[] | undefined,
  secrets: readonly (string | null)[],
): TokenExchange {
  const fields = text === null ? {} : fieldsOf(text);
  if (status === 200) return issued(fields);
  const said = words(fields['error_description'] ?? (typeof fields['error'] === 'string' ? '' : text), secrets);
  const error = typeof fields['error'] === 'string' ? words(fields['error'], secrets).slice(0, 60) : `http_${status}`;
  if (status === 429 || status >= 500 || PASSING.has(error)) {
    const seconds = typeof retryAfter === 'string' && /^\d{1,9}$/.test(retryAfter) ? Number(retryAfter) : null;
    const rest = seconds === null ? {} : { retryAfterMs: Math.min(seconds * 1_000, RETRY_AFTER_MAX_MS) };
    return { kind: 'failed', reason: `it answered ${status}${said === '' ? '' : `: ${said}`}`, ...rest };
  }
  return { kind: 'refused', error, description: said };
}

function issued(fields: Readonly<Record<string, unknown>>): TokenExchange {
  const { access_token: accessToken, token_type: type, expires_in: expires, refresh_token: refreshToken } = fields;
  if (typeof accessToken !== 'string' || !isToken(accessToken)) {
    return { kind: 'refused', error: 'no_token', description: 'the answer holds no access token' };
  }
  if (typeof type === 'string' && type.toLowerCase() !== 'bearer') {
    return {
      kind: 'refused',
      error: 'token_type',
      description: `the token is of the kind "${type.slice(0, 40)}", mail servers take "Bearer"`,
    };
  }
  const seconds = Number(expires);
  return {
    kind: 'token',
    accessToken,
    // Some endpoints write the number as a text.
    expiresInS: expires !== undefined && Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, EXPIRES_MAX_S) : EXPIRES_DEFAULT_S,
    refreshToken: typeof refreshToken === 'string' && isToken(refreshToken) ? refreshToken : null,
  };
}

/** Visible ASCII: what stands in an Authorization field, and what SASL lets through (RFC 6750 §2.1, RFC 7628 §3.1). */
function isToken(text: string): boolean {
  return text.length <= TOKEN_MAX_CHARS && /^[\x21-\x7e]+$/.test(text);
}

function fieldsOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? Object.fromEntries(Object.entries(parsed)) : {};
  } catch {
    return {};
  }
}

function words(value: unknown, secrets: readonly (string | null)[]): string {
  let text = typeof value === 'string' ? value : '';
  for (const secret of secrets) if (secret !== null) text = text.replaceAll(secret, '***');
  return text
    .replace(/<[^>]{0,500}>/g, ' ')
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, DESCRIPTION_CHARS_MAX)
    .toWellFormed();
}

async function beginning(body: AsyncIterable<Buffer>): Promise<string | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > ANSWER_MAX_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function reasonOf(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return 'the request failed';
  if (error.name === 'TimeoutError') return `no answer within ${timeoutMs / 1_000} s`;
  // One error per address that was tried; the first says enough.
  const inner = error instanceof AggregateError && error.errors[0] instanceof Error ? error.errors[0] : error;
  return inner.message;
}

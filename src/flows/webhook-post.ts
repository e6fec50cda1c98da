// This file makes one webhook request: signed as Standard Webhooks 1.0 describes (webhook-id, webhook-timestamp, webhook-signature v1), over a
// connection that only goes to permitted addresses, bounded in time, and with eyes for no more than the first kilobyte of the answer.
import { createHmac } from 'node:crypto';
import { Agent, request } from 'undici';
import type { Clock } from '../clock.ts';
import { AppError } from '../errors.ts';
import { parseWebhookTarget } from '../tenancy/webhook-target.ts';
import { type ResolveHost, webhookConnector } from './webhook-target.ts';

export interface WebhookPost {
  readonly url: string;
  /** `whsec_` and base64. */
  readonly secret: string;
  /** The same at every repetition, so that the receiver recognises it. */
  readonly webhookId: string;
  readonly body: string;
}

export type PostAnswer =
  | {
      readonly kind: 'answer';
      readonly status: number;
      /** How the answer begins, on one line; '' for an empty one. */
      readonly words: string;
      /** What Retry-After asks for, in milliseconds; null when it asks for nothing. */
      readonly retryAfterMs: number | null;
    }
  /** No answer in time, or no connection: a sentence that says which. */
  | { readonly kind: 'no-answer'; readonly reason: string }
  /** The address itself is not permitted. */
  | { readonly kind: 'forbidden'; readonly reason: string }
  /** We ended it ourselves: shutdown. */
  | { readonly kind: 'given-up' };

export interface WebhookPoster {
  /** Never rejects. */
  post(post: WebhookPost): Promise<PostAnswer>;
  /** Ends every request that runs, and any further one, as `given-up`. */
  giveUp(): void;
  close(): Promise<void>;
}

/** Enough for an application that stores the event and thinks later, which is what the documentation advises. */
const TIMEOUT_MS = 15_000;
/** What an answer says beyond this is not read. */
const ANSWER_MAX_BYTES = 1_024;
/** Of it, what stands in a delivery's last error. */
const WORDS_CHARS_MAX = 200;
/** Below the shortest idle time-out of common servers (5 s): a request into a connection that is just being closed costs a retry. */
const KEEP_ALIVE_MS = 4_000;
/** Longer rests are not believed. */
const RETRY_AFTER_MAX_MS = 3_600_000;
const USER_AGENT = 'Packetboat-Webhooks/1';

/** Opens the sender; `resolve` finds the addresses of a host. */
export function openWebhookPoster(options: {
  allowPrivate: boolean;
  resolve: ResolveHost;
  clock: Clock;
  timeoutMs?: number;
}): WebhookPoster {
  const timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
  const agent = new Agent({
    connect: webhookConnector(options),
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MS,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    pipelining: 1,
  });

  async function attempt(post: WebhookPost, signal: AbortSignal): Promise<PostAnswer> {
    const timestamp = Math.floor(options.clock.nowMs() / 1_000);
    // Looked at again: what may be registered can have changed since.
    const answer = await request(parseWebhookTarget(post.url, options.allowPrivate), {
      dispatcher: agent,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': USER_AGENT,
        'webhook-id': post.webhookId,
        'webhook-timestamp': String(timestamp),
        'webhook-signature': signWebhook(post.secret, post.webhookId, timestamp, post.body),
      },
      body: post.body,
      signal,
    });
    const words = await beginning(answer.body);
    return { kind: 'answer', status: answer.statusCode, words, retryAfterMs: retryAfter(answer.headers['retry-after']) };
  }

  /** Requests that run. One signal for all would gather a listener for each of them. */
  const running = new Set<AbortController>();
  let givenUp = false;

  return {
    async post(post) {
      if (givenUp) return { kind: 'given-up' };
      const stop = new AbortController();
      let late = false;
      const timer = setTimeout(() => {
        late = true;
        stop.abort();
      }, timeoutMs);
      running.add(stop);
      try {
        return await attempt(post, stop.signal);
      } catch (error) {
        if (late) return { kind: 'no-answer', reason: `No answer within ${timeoutMs / 1_000} s.` };
        if (givenUp) return { kind: 'given-up' };
        return error instanceof AppError ? { kind: 'forbidden', reason: error.message } : { kind: 'no-answer', reason: reasonOf(error) };
      } finally {
        clearTimeout(timer);
        running.delete(stop);
      }
    },
    giveUp() {
      givenUp = true;
      for (const stop of running) stop.abort();
    },
    close: () => agent.destroy(),
  };
}

/** The value of `webhook-signature`: HMAC-SHA-256 over id, timestamp (seconds) and body, joined by dots. */
export function signWebhook(secret: string, webhookId: string, timestampS: number, body: string): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  return `v1,${createHmac('sha256', key).update(`${webhookId}.${timestampS}.${body}`).digest('base64')}`;
}

/** Reads the first kilobyte and lets the rest go, with the connection where the answer is longer. */
async function beginning(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of body) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= ANSWER_MAX_BYTES) break;
    }
  } catch {
    // The status has been read; how its text ends changes nothing.
  }
  const text = Buffer.concat(chunks).subarray(0, ANSWER_MAX_BYTES).toString('utf8');
  return text
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, WORDS_CHARS_MAX);
}

function retryAfter(header: string | string[] | undefined): number | null {
  const seconds = typeof header === 'string' && /^\d{1,9}$/.test(header) ? Number(header) : null;
  return seconds === null ? null : Math.min(seconds * 1_000, RETRY_AFTER_MAX_MS);
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'The request failed.';
  // One error per address that was tried; the first says enough.
  const inner = error instanceof AggregateError && error.errors[0] instanceof Error ? error.errors[0] : error;
  const code = 'code' in inner && typeof inner.code === 'string' ? inner.code : '';
  return inner.message.includes(code) ? inner.message : `${inner.message} (${code})`;
}

// This file delivers events to tenants' endpoints: takes due deliveries, posts each, and writes down what came of it. At least once: a node that
// dies between an answer and its record lets the delivery be made again, under the same webhook-id.
import type pg from 'pg';
import type { Clock } from '../clock.ts';
import { AppError } from '../errors.ts';
import type { IdMint } from '../ids.ts';
import type { Log } from '../log.ts';
import type { Keys } from '../store/keys.ts';
import {
  type ClaimedDelivery,
  claimDeliveries,
  type DeliveryResult,
  makeDeliveryResults,
  pauseGoneEndpoint,
} from '../store/webhook-deliveries.ts';
import { openWebhookSecret } from '../store/webhook-endpoints.ts';
import { type Ending, makeWebhookLines } from './webhook-lines.ts';
import type { PostAnswer, WebhookPoster } from './webhook-post.ts';

export interface DeliverWebhooksDeps {
  readonly pool: pg.Pool;
  readonly keys: Keys;
  readonly clock: Clock;
  readonly ids: IdMint;
  readonly log: Log;
  readonly random: () => number;
  readonly poster: WebhookPoster;
  /** Ends the work: nothing more is taken, and what is on its way gets a short grace. */
  readonly signal: AbortSignal;
}

/** Waits after each failed try, milliseconds: a day in all. After the last of them one more try decides. */
export const RETRY_WAITS_MS = [5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400, 28_800, 28_800].map((seconds) => seconds * 1_000);
/** Each wait is up to this part shorter or longer, so that what failed together does not come back together. */
const JITTER = 0.2;
/** While requests are on their way, what has become due meanwhile is looked for this often. */
const LOOK_EVERY_MS = 200;
/** A shutdown lets answers come in for this long. */
const STOP_GRACE_MS = 3_000;
/** Says "gone for good": the endpoint is paused (Standard Webhooks). */
const GONE = 410;
/** Answers of an endpoint, or of what stands before it, that cannot cope; and of one that is about to be paused. */
const AWAY: ReadonlySet<number> = new Set([429, 502, 503, 504, GONE]);

/**
 * Makes the delivery. A call works until nothing is due and nothing is on its way, and answers how many deliveries arrived; it also picks up
 * what becomes due meanwhile, so a slow endpoint does not keep the others waiting. Rejects when the database is away, after its requests ended.
 */
export function makeDeliverWebhooks(deps: DeliverWebhooksDeps): () => Promise<number> {
  const { pool, clock, log, signal } = deps;
  const lines = makeWebhookLines();
  const results = makeDeliveryResults(pool);
  signal.addEventListener('abort', () => setTimeout(deps.poster.giveUp, STOP_GRACE_MS).unref(), { once: true });
  /** Deliveries that are on their way or being written down. */
  const open = new Set<Promise<void>>();
  let after: string | null = null;
  let arrived = 0;
  /** Something ended since the last look at what is due. */
  let stirred = false;
  let wakeUp = () => {};

  async function claim(): Promise<ClaimedDelivery[]> {
    const limit = lines.free;
    if (signal.aborted || limit === 0) return [];
    const want = { limit, share: lines.share, shares: lines.shares(clock.monotonicMs()) };
    let claimed = await claimDeliveries(pool, { after, ...want });
    if (claimed.length === 0 && after !== null) claimed = await claimDeliveries(pool, { after: null, ...want });
    // A full hand means that endpoints behind these may wait: they come first the next time.
    after = claimed.length < limit ? null : claimed.reduce((last, { endpointId }) => (endpointId > last ? endpointId : last), '');
    return claimed;
  }

  function launch(delivery: ClaimedDelivery): void {
    lines.started(delivery.endpointId);
    const work = perform(delivery)
      .catch((error: unknown) => log.warn({ event: 'webhook_result_lost', delivery: delivery.id, reason: String(error) }))
      .finally(() => {
        open.delete(work);
        wake();
      });
    open.add(work);
  }

  async function perform(delivery: ClaimedDelivery): Promise<void> {
    const startedMs = clock.monotonicMs();
    const answer = await post(delivery);
    const nowMs = clock.monotonicMs();
    if (answer.kind === 'given-up') lines.cancelled(delivery.endpointId);
    else lines.ended(delivery.endpointId, { how: endingOf(answer), tookMs: nowMs - startedMs, nowMs, restMs: restOf(answer) });
    // The place is free; the next request need not wait for the record of this one.
    wake();
    const result = (await pausedBy(delivery, answer)) ?? resultOf(delivery, answer, deps.random);
    await results.submit(result);
    if (result.end === 'delivered') arrived += 1;
    else tell(delivery, result);
  }

  async function post(delivery: ClaimedDelivery): Promise<PostAnswer> {
    try {
      const secret = openWebhookSecret(deps.keys, { id: delivery.endpointId, secret: delivery.secret });
      return await deps.poster.post({ url: delivery.url, secret, webhookId: delivery.eventId, body: delivery.body });
    } catch (error) {
      return { kind: 'forbidden', reason: error instanceof AppError ? `${error.message} ${error.hint}` : String(error) };
    }
  }

  /** The result when the endpoint says that it is gone: it is paused, and the delivery waits until somebody resumes it. */
  async function pausedBy(delivery: ClaimedDelivery, answer: PostAnswer): Promise<DeliveryResult | null> {
    if (answer.kind !== 'answer' || answer.status !== GONE) return null;
    const { tenantId, endpointId, url, id, tries } = delivery;
    if (await pauseGoneEndpoint(pool, tenantId, { endpointId, url, ids: deps.ids }))
      log.warn({ event: 'webhook_endpoint_paused', endpoint: endpointId, tenant: tenantId });
    return {
      id,
      tries,
      end: 'later',
      waitMs: 0,
      status: GONE,
      error: 'The endpoint answered 410 (gone) and was paused; resume it to go on.',
    };
  }

  function tell(delivery: ClaimedDelivery, { end, status, error }: DeliveryResult): void {
    const line = { delivery: delivery.id, endpoint: delivery.endpointId, tenant: delivery.tenantId, tries: delivery.tries, status };
    if (end === 'dead') log.warn({ event: 'webhook_dead', ...line, reason: error });
    else log.debug({ event: 'webhook_put_off', ...line, reason: error });
  }

  return async () => {
    const before = arrived;
    try {
      for (;;) {
        stirred = false;
        const claimed = await claim();
        for (const delivery of claimed) launch(delivery);
        if (claimed.length > 0 && lines.free > 0) continue;
        // What ended during the look freed places that the look did not know of.
        if (open.size === 0 && !stirred) return arrived - before;
        await woken();
      }
    } finally {
      await Promise.all(open);
    }
  };

  function wake(): void {
    stirred = true;
    wakeUp();
  }

  /** Resolves when a request has ended since the last look, or when it is time to look again. */
  function woken(): Promise<void> {
    if (stirred) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, LOOK_EVERY_MS);
      wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

function endingOf(answer: PostAnswer): Ending {
  if (answer.kind !== 'answer' || AWAY.has(answer.status)) return 'away';
  return isArrived(answer) ? 'answered' : 'refused';
}

function restOf(answer: PostAnswer): number | null {
  return answer.kind === 'answer' ? answer.retryAfterMs : null;
}

function isArrived(answer: PostAnswer): boolean {
  return answer.kind === 'answer' && answer.status >= 200 && answer.status < 300;
}

function resultOf(delivery: ClaimedDelivery, answer: PostAnswer, random: () => number): DeliveryResult {
  const { id, tries } = delivery;
  if (answer.kind === 'given-up') return { id, tries, end: 'returned', waitMs: 0, status: null, error: null };
  const status = answer.kind === 'answer' ? answer.status : null;
  if (isArrived(answer)) return { id, tries, end: 'delivered', waitMs: 0, status, error: null };
  const waitMs = RETRY_WAITS_MS[tries - 1];
  const error = wordsOf(answer);
  if (waitMs === undefined) return { id, tries, end: 'dead', waitMs: 0, status, error };
  return { id, tries, end: 'later', waitMs: Math.round(waitMs * (1 + JITTER * (2 * random() - 1))), status, error };
}

/** A sentence for the list of deliveries. */
function wordsOf(answer: Exclude<PostAnswer, { kind: 'given-up' }>): string {
  if (answer.kind !== 'answer') return answer.reason;
  const { status, words } = answer;
  if (status >= 300 && status < 400)
    return `The endpoint answered ${status}, a redirect; redirects are not followed. Give its final address.`;
  return `The endpoint answered ${status}${words === '' ? '.' : `: ${words}`}`;
}

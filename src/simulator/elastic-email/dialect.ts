// This file is the front desk of the simulated Elastic Email v4: keys, outages in its words, remembered answers for
// Idempotency-Key, and which path leads where.
import { AppError } from '../../errors.ts';
import type { Account } from '../accounts.ts';
import { type DialectContext, type HttpDialect, json, type SimAnswer, type SimRequest } from '../http/exchange.ts';
import { text } from '../json.ts';
import { bodyOf, Refusal, refused } from './errors.ts';
import { elasticEmailWebhooks } from './events.ts';
import { elasticListing } from './list.ts';
import { manage } from './manage.ts';
import { type Answers, send } from './send.ts';
import { manageWebhooks } from './webhooks.ts';

/** A day's worth of a rehearsal. */
const ANSWERS_MAX = 10_000;

/** Makes the dialect; each one has its own memory of idempotency keys. */
export function makeElasticEmail(): HttpDialect {
  const answers = rememberedAnswers();
  return {
    webhooks: elasticEmailWebhooks,
    listing: elasticListing,
    sends,
    async handle(request, context) {
      try {
        return await route(request, context, answers);
      } catch (error) {
        if (error instanceof Refusal) return refused(error);
        if (error instanceof AppError) return refused(new Refusal(400, error.message));
        throw error;
      }
    },
  };
}

function sends(request: SimRequest): boolean {
  return request.method === 'POST' && (request.path === '/emails' || request.path === '/emails/transactional');
}

async function route(request: SimRequest, context: DialectContext, answers: Answers): Promise<SimAnswer> {
  playOutage(context, sends(request));
  const account = accountOf(request, context);
  if (sends(request)) {
    const idempotencyKey = text(request.headers['idempotency-key']);
    return send(account, { body: bodyOf(request), bulk: request.path === '/emails', idempotencyKey, answers, context });
  }
  const inWebhooks = request.path === '/webhook' || request.path.startsWith('/webhook/');
  const answer = inWebhooks ? await manageWebhooks(account, request, context) : manage(account, request, context);
  return answer ?? json(404, { Error: 'Not found.' });
}

function accountOf(request: SimRequest, context: DialectContext): Account {
  const key = text(request.headers['x-elasticemail-apikey']);
  const account = key === '' ? null : context.account(key);
  if (account === null) throw new Refusal(401, 'Access Denied. The ApiKey is invalid or expired.');
  return account;
}

function playOutage(context: DialectContext, sending: boolean): void {
  switch (context.outage()?.kind) {
    case '5xx':
      throw new Refusal(500, 'Internal server error.');
    case 'throttle':
      throw new Refusal(429, 'Too many requests. Try again later.');
    case 'suspended':
      throw new Refusal(403, 'Your account has been suspended.');
    case 'quota':
      if (sending) throw new Refusal(400, 'Daily limit reached. Not enough credits.');
      return;
    default:
      return;
  }
}

function rememberedAnswers(): Answers {
  const byKey = new Map<string, SimAnswer>();
  return {
    get: (key) => byKey.get(key),
    put(key, answer) {
      byKey.set(key, answer);
      const [oldest] = byKey.keys();
      if (byKey.size > ANSWERS_MAX && oldest !== undefined) byKey.delete(oldest);
    },
  };
}

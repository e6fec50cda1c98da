// This file is the front desk of the simulated Mandrill: the key inside the JSON body, outages in its words, and which call is meant.
import { AppError } from '../../errors.ts';
import type { Account } from '../accounts.ts';
import { type DialectContext, type HttpDialect, json, type SimAnswer, type SimRequest } from '../http/exchange.ts';
import { parseRecord, text } from '../json.ts';
import { listFault } from '../lists.ts';
import { Refusal, refused } from './errors.ts';
import { mandrillWebhooks } from './events.ts';
import { mandrillListing } from './list.ts';
import { manage } from './manage.ts';
import { rawMessage, structuredMessage } from './message.ts';
import { send } from './send.ts';

export const mandrill: HttpDialect = {
  webhooks: mandrillWebhooks,
  listing: mandrillListing,
  sends: (request) => /^messages\/send(-raw)?$/.test(callOf(request)),
  async handle(request, context) {
    const body = parseRecord(request.body);
    const account = body === null ? null : context.account(text(body['key']));
    try {
      return await route(request, { account, body, context });
    } catch (error) {
      if (error instanceof Refusal) return refused(error, account);
      if (error instanceof AppError) return refused(new Refusal('ValidationError', error.message), account);
      throw error;
    }
  },
};

/** `/messages/send.json` → `messages/send`. */
function callOf(request: SimRequest): string {
  return request.path.slice(1).replace(/\.json$/, '');
}

async function route(
  request: SimRequest,
  of: { account: Account | null; body: Record<string, unknown> | null; context: DialectContext },
): Promise<SimAnswer> {
  const { account, body, context } = of;
  const outage = context.outage()?.kind;
  if (outage === '5xx') throw new Refusal('GeneralError', 'An unexpected error occurred processing the request');
  // Too many requests are turned away before anything is read, in no JSON at all.
  if (outage === 'throttle') return { kind: 'answer', status: 429, body: 'Too Many Requests', headers: { 'content-type': 'text/plain' } };
  if (request.method !== 'POST' || body === null) throw new Refusal('ValidationError', 'The call is a POST with a JSON object');
  if (account === null) throw new Refusal('Invalid_Key', 'Invalid API key');
  const nowMs = context.world.clock.nowMs();
  const call = callOf(request);
  if (call === 'messages/send') return send(account, structuredMessage(body, nowMs), context);
  if (call === 'messages/send-raw') return send(account, rawMessage(body, nowMs), context);
  if (call.startsWith('rejects/')) {
    const fault = listFault(account);
    if (fault === 'cut') return { kind: 'drop' };
    if (fault === '5xx') throw new Refusal('GeneralError', 'An unexpected error occurred processing the request');
    if (fault === 'throttle') return { kind: 'answer', status: 429, body: 'Too Many Requests', headers: { 'content-type': 'text/plain' } };
  }
  const answer = await manage(account, call, { body, context });
  return answer ?? json(404, { status: 'error', code: -1, name: 'Unknown_Url', message: `Unknown call ${call}` });
}

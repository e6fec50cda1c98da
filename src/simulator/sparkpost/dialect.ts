// This file is the front desk of the simulated SparkPost: keys, outages in SparkPost's words, and which path leads where.
import { AppError } from '../../errors.ts';
import type { Account } from '../accounts.ts';
import { type DialectContext, type HttpDialect, json, type SimAnswer, type SimRequest } from '../http/exchange.ts';
import { text } from '../json.ts';
import { bodyOf, Refusal, refused } from './errors.ts';
import { sparkpostWebhooks } from './events.ts';
import { sparkpostListing } from './list.ts';
import { manage } from './manage.ts';
import { transmit } from './send.ts';
import { manageWebhooks } from './webhooks.ts';

export const sparkpost: HttpDialect = {
  webhooks: sparkpostWebhooks,
  listing: sparkpostListing,
  sends: (request) => request.method === 'POST' && request.path === '/transmissions',
  async handle(request, context) {
    try {
      return await route(request, context);
    } catch (error) {
      if (error instanceof Refusal) return refused(error);
      if (error instanceof AppError) return refused(new Refusal(422, '1300', 'invalid data format/type', error.message));
      throw error;
    }
  },
};

function route(request: SimRequest, context: DialectContext): SimAnswer | Promise<SimAnswer> {
  const sends = sparkpost.sends(request);
  playOutage(context, sends);
  const account = accountOf(request, context);
  if (sends) {
    const body = bodyOf(request);
    return transmit(account, body, text(request.headers['x-msys-subaccount']), context);
  }
  if (request.path === '/webhooks' || request.path.startsWith('/webhooks/')) return manageWebhooks(account, request, context);
  return manage(account, request, context) ?? json(404, { errors: [{ message: 'Resource could not be found', code: '1600' }] });
}

/** The key stands bare in Authorization, or as the user of basic auth. */
function accountOf(request: SimRequest, context: DialectContext): Account {
  const header = request.headers.authorization ?? '';
  const basic = /^basic\s+(\S+)$/i.exec(header)?.[1];
  const key = basic === undefined ? header.trim() : (Buffer.from(basic, 'base64').toString('utf8').split(':', 1)[0] ?? '');
  const account = key === '' ? null : context.account(key);
  if (account === null) throw new Refusal(401, '1303', 'Unauthorized.');
  return account;
}

function playOutage(context: DialectContext, sends: boolean): void {
  switch (context.outage()?.kind) {
    case '5xx':
      throw new Refusal(500, '1500', 'Internal Server Error');
    case 'throttle':
      throw new Refusal(429, '2100', 'Too many requests', 'Rate limit exceeded; try again later');
    case 'suspended':
      throw new Refusal(403, '1601', 'Forbidden.', 'This account is suspended');
    case 'quota':
      if (sends) throw new Refusal(420, '2102', 'Exceed Sending Limit', 'daily sending limit reached');
      return;
    default:
      return;
  }
}

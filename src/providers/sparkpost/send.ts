// This file hands mail to SparkPost: POST /transmissions with the raw message and one entry per recipient, and reads what came of it.
import type { AdapterDeps, HandOver, HandOverRecipient, ProviderAccount, ProviderClient, SendResult } from '../../delivery/provider.ts';
import { type HttpExchange, type ProviderHttp, providerHttp } from '../http.ts';
import { withoutCommands } from '../raw-mime.ts';
import {
  alike,
  cannotCarry,
  lineResult,
  type ProviderAnswer,
  refusalResult,
  replyText,
  sendToSound,
  unreadableResult,
} from '../send-rules.ts';
import { type Json, objectOf, textOf } from '../webhook-reading.ts';
import { sparkpostDomains } from './domains.ts';
import { SPARKPOST_ERRORS } from './errors.ts';
import { carries, readSettings, type SparkpostSettings } from './settings.ts';
import { sparkpostSuppressions } from './suppressions.ts';

/** Events of one recipient since a hand-over; more are not looked at, and the answer is `unknown`. */
const FIND_EVENTS_MAX = 500;
/** How far before the doubt events are looked at: a day, as far as SparkPost goes back by itself. */
const FIND_BACK_MS = 24 * 3_600_000;
/** `X-MSYS-API` commands SparkPost (pool, campaign, archive copies); a tenant's message must not. */
const COMMAND_FIELDS = /^x-msys-/;

/** Opens a line to one SparkPost account. */
export function connectSparkpost(account: ProviderAccount, deps: AdapterDeps): ProviderClient {
  const settings = readSettings(account.settings);
  const http = providerHttp({
    baseUrl: settings.base_url,
    connections: settings.connections,
    answerTimeoutMs: settings.answer_timeout_s * 1000,
  });
  const headers = (): Record<string, string> => ({
    authorization: account.secret.reveal()['api_key'] ?? '',
    'content-type': 'application/json',
    accept: 'application/json',
    'user-agent': 'packetboat',
    ...(settings.subaccount === undefined ? {} : { 'x-msys-subaccount': String(settings.subaccount) }),
  });
  return {
    slots: settings.connections,
    async send(handOver) {
      const problem = carries(handOver.mime);
      if (problem !== null) return cannotCarry(handOver, problem);
      return sendToSound(handOver, async (recipients) => {
        const body = Buffer.from(JSON.stringify(transmission(handOver, recipients, settings)));
        const exchange = await http.call({ method: 'POST', path: '/transmissions', headers: headers(), body });
        const result = readExchange(exchange, recipients.length, deps.clock.nowMs());
        if (exchange.kind === 'lost') deps.log.warn({ event: 'provider_line_lost', account: account.id, reason: exchange.reason });
        return result;
      });
    },
    find: (query) => find(http, headers(), query),
    domains: sparkpostDomains({ http, headers, nowMs: () => deps.clock.nowMs() }),
    suppressions: sparkpostSuppressions({ http, headers, subaccount: settings.subaccount, nowMs: () => deps.clock.nowMs() }),
    close: () => http.close(),
  };
}

function transmission(handOver: HandOver, recipients: readonly HandOverRecipient[], settings: SparkpostSettings): Json {
  const pool = handOver.pool ?? settings.ip_pool;
  return {
    options: {
      // Tracking would rewrite the message; the desk tracks by itself where a tenant wants it.
      open_tracking: false,
      initial_open: false,
      click_tracking: false,
      transactional: handOver.stream === 'transactional',
      perform_substitutions: false,
      ...(pool === undefined ? {} : { ip_pool: pool }),
    },
    metadata: { pm_message: handOver.messageId, pm_tenant: handOver.tenantId },
    recipients: recipients.map((recipient) => ({
      address: { email: recipient.address },
      metadata: { pm_rcpt: recipient.id },
      ...returnPath(recipient, settings),
    })),
    content: { email_rfc822: withoutCommands(handOver.mime, COMMAND_FIELDS) },
  };
}

/** SparkPost keeps the domain (a verified CNAME of the account) and, outside Enterprise, writes its own local part. */
function returnPath(recipient: HandOverRecipient, settings: SparkpostSettings): { return_path?: string } {
  if (settings.return_path_domain === undefined) return {};
  return { return_path: `${recipient.returnPath.split('@')[0]}@${settings.return_path_domain}` };
}

/** What the answer to a transmission of `count` recipients means. */
function readExchange(exchange: HttpExchange, count: number, nowMs: number): SendResult {
  if (exchange.kind !== 'answer') return lineResult(exchange, count);
  const body = parse(exchange.text);
  if (exchange.status < 200 || exchange.status > 299) return refusalResult(SPARKPOST_ERRORS, answerOf(exchange, body), count, nowMs);
  const results = objectOf(body['results']);
  const accepted = countOf(results['total_accepted_recipients']);
  const rejected = countOf(results['total_rejected_recipients']);
  if (accepted === null) return unreadableResult(exchange.status, count);
  const id = textOf(results['id']);
  if (accepted === count && (rejected ?? 0) === 0)
    return alike(count, { kind: 'handed_over', providerMessageId: id, reply: `${exchange.status} ${id ?? ''}`.trim() });
  const why = replyText(errorText(results['rcpt_to_errors']) || errorText(body['errors']) || 'refused without a reason');
  if (accepted === 0 && rejected === count)
    return alike(count, { kind: 'refused', reply: `${exchange.status} ${why}`, class: 'invalid-recipient', suppress: false });
  // Only totals come back: nobody can say which recipients the rest were, and guessing would lose mail or send it twice.
  return alike(count, {
    kind: 'unknown',
    reply: replyText(`${exchange.status} ${accepted} of ${count} accepted, ${rejected ?? '?'} refused: ${why}`),
  });
}

function answerOf(exchange: Extract<HttpExchange, { kind: 'answer' }>, body: Json): ProviderAnswer {
  const errors = Array.isArray(body['errors']) ? body['errors'] : [];
  const first = objectOf(errors[0]);
  return {
    status: exchange.status,
    code: textOf(first['code']) ?? '',
    text: errorText(errors),
    ownFormat: errors.length > 0,
    headers: exchange.headers,
  };
}

/** "message: description" of the first error; both may be missing. */
function errorText(errors: unknown): string {
  const first = objectOf(Array.isArray(errors) ? errors[0] : undefined);
  return [textOf(first['message']), textOf(first['description'])].filter((part) => part !== null).join(': ');
}

function countOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : null;
}

function parse(text: string | null): Json {
  try {
    return objectOf(JSON.parse(text ?? ''));
  } catch {
    return {};
  }
}

type FindQuery = Parameters<NonNullable<ProviderClient['find']>>[0];

/**
 * Looks for any event that carries our recipient id. An event proves acceptance; none proves nothing, events take a minute to appear. The injection was
 * before the doubt: by the time an answer is waited for, or by all the time in which the desk stood still after its node died.
 */
async function find(http: ProviderHttp, headers: Record<string, string>, query: FindQuery): Promise<'accepted' | 'unknown'> {
  const from = `${new Date(query.sinceMs - FIND_BACK_MS).toISOString().slice(0, 19)}Z`;
  const params = new URLSearchParams({ recipients: query.address, from, per_page: String(FIND_EVENTS_MAX) });
  const exchange = await http.call({ method: 'GET', path: `/events/message?${params}`, headers });
  if (exchange.kind !== 'answer' || exchange.status !== 200) return 'unknown';
  const rows = parse(exchange.text)['results'];
  if (!Array.isArray(rows)) return 'unknown';
  const ours = rows.slice(0, FIND_EVENTS_MAX).some((row) => objectOf(objectOf(row)['rcpt_meta'])['pm_rcpt'] === query.recipientId);
  return ours ? 'accepted' : 'unknown';
}

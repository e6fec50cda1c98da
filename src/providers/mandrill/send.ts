// This file hands mail to Mandrill: /messages/send-raw with the raw message and its envelope recipients, and reads the outcome of each.
// The key travels in the request body, so no body is ever logged.
import type {
  AccountSignal,
  AdapterDeps,
  HandOver,
  HandOverRecipient,
  Outcome,
  ProviderAccount,
  ProviderClient,
  SendResult,
} from '../../delivery/provider.ts';
import { type HttpExchange, type ProviderHttp, providerHttp } from '../http.ts';
import { notText, withoutCommands } from '../raw-mime.ts';
import { cannotCarry, lineResult, refusalResult, replyText, sendToSound, unreadableResult } from '../send-rules.ts';
import { type Json, objectOf, textOf, timeOf } from '../webhook-reading.ts';
import { mandrillDomains } from './domains.ts';
import { DEGRADED_REASONS, MANDRILL_ERRORS, REJECT_REASONS } from './errors.ts';
import { type MandrillSettings, readSettings } from './settings.ts';
import { mandrillSuppressions } from './suppressions.ts';

/** `X-MC-*` headers command Mandrill (pool, subaccount, send time, a hidden copy); those of a tenant are taken out. */
const COMMAND_FIELDS = /^x-(mc|mandrill)-/;
/** Rows of a search; more are not looked at, and the answer is `unknown`. */
const FIND_ROWS_MAX = 100;
const DAY_MS = 24 * 3_600_000;
const CLOCKS_DIFFER_MS = 60_000;

/** Opens a line to one Mandrill account. */
export function connectMandrill(account: ProviderAccount, deps: AdapterDeps): ProviderClient {
  const settings = readSettings(account.settings);
  const http = providerHttp({
    baseUrl: settings.base_url,
    connections: settings.connections,
    answerTimeoutMs: settings.answer_timeout_s * 1000,
  });
  const ask = (path: string, parameters: Json) => {
    const body = Buffer.from(JSON.stringify({ key: account.secret.reveal()['api_key'], ...parameters }));
    const headers = { 'content-type': 'application/json', accept: 'application/json', 'user-agent': 'packetboat' };
    return http.call({ method: 'POST', path, headers, body });
  };
  return {
    slots: settings.connections,
    async send(handOver) {
      const problem = notText(handOver.mime);
      if (problem !== null) return cannotCarry(handOver, problem);
      return sendToSound(handOver, async (recipients) => {
        const exchange = await ask('/messages/send-raw.json', rawMessage(handOver, recipients, settings));
        if (exchange.kind === 'lost') deps.log.warn({ event: 'provider_line_lost', account: account.id, reason: exchange.reason });
        return readExchange(exchange, recipients, deps.clock.nowMs());
      });
    },
    find: (query) => find(ask, query, settings.answer_timeout_s * 1000),
    domains: mandrillDomains({ ask, nowMs: () => deps.clock.nowMs() }),
    suppressions: mandrillSuppressions({ ask, subaccount: settings.subaccount, nowMs: () => deps.clock.nowMs() }),
    close: () => http.close(),
  };
}

function rawMessage(handOver: HandOver, recipients: readonly HandOverRecipient[], settings: MandrillSettings): Json {
  const pool = handOver.pool ?? settings.ip_pool;
  return {
    raw_message: withoutCommands(handOver.mime, COMMAND_FIELDS, commands(handOver, recipients, settings)),
    to: recipients.map(({ address }) => address),
    // Ten recipients or fewer are answered at once, each with its own id and refusal.
    async: false,
    ...(pool === undefined ? {} : { ip_pool: pool }),
    ...(settings.return_path_domain === undefined ? {} : { return_path_domain: settings.return_path_domain }),
  };
}

/**
 * Metadata of the whole call: every recipient becomes a message of its own with the same metadata, so our recipient id goes in only when
 * there is one recipient. Of several, each is known by the `_id` in the answer.
 */
function commands(handOver: HandOver, recipients: readonly HandOverRecipient[], settings: MandrillSettings): string {
  const [only, ...others] = recipients;
  const metadata = {
    pm_message: handOver.messageId,
    pm_tenant: handOver.tenantId,
    ...(only !== undefined && others.length === 0 ? { pm_rcpt: only.id } : {}),
  };
  const subaccount = settings.subaccount === undefined ? '' : `X-MC-Subaccount: ${settings.subaccount}\r\n`;
  return `X-MC-Metadata: ${JSON.stringify(metadata)}\r\n${subaccount}`;
}

/** What the answer means for each recipient of the call. */
function readExchange(exchange: HttpExchange, recipients: readonly HandOverRecipient[], nowMs: number): SendResult {
  const count = recipients.length;
  if (exchange.kind !== 'answer') return lineResult(exchange, count);
  const body = parse(exchange.text);
  const fields = objectOf(body);
  const ownFormat = fields['status'] === 'error' && typeof fields['name'] === 'string';
  const success = exchange.status >= 200 && exchange.status <= 299;
  if (!success || ownFormat) {
    const code = textOf(fields['name']) ?? '';
    const text = ownFormat ? (textOf(fields['message']) ?? '') : '';
    return refusalResult(
      MANDRILL_ERRORS,
      { status: exchange.status, code: ownFormat ? code : '', text, ownFormat, headers: exchange.headers },
      count,
      nowMs,
    );
  }
  if (!Array.isArray(body)) return unreadableResult(exchange.status, count);
  return readRows(body.map(objectOf), recipients);
}

function readRows(rows: readonly Json[], recipients: readonly HandOverRecipient[]): SendResult {
  const waiting = new Map<string, Json[]>();
  for (const row of rows) {
    const address = (textOf(row['email']) ?? '').toLowerCase();
    waiting.set(address, [...(waiting.get(address) ?? []), row]);
  }
  const signals: AccountSignal[] = [];
  const outcomes = recipients.map(({ address }): Outcome => {
    const row = waiting.get(address.toLowerCase())?.shift();
    if (row === undefined) return { kind: 'unknown', reply: 'the answer does not name this recipient' };
    const { outcome, signal } = readRow(row);
    if (signal !== undefined) signals.push(signal);
    return outcome;
  });
  const [signal] = signals;
  return signal === undefined ? { outcomes } : { outcomes, account: signal };
}

function readRow(row: Json): { outcome: Outcome; signal?: AccountSignal } {
  const status = textOf(row['status']) ?? '';
  const queued = textOf(row['queued_reason']);
  const rejected = textOf(row['reject_reason']);
  const reply = replyText([status, rejected, queued].filter((part) => part !== null).join(' '));
  if (status === 'sent' || status === 'queued' || status === 'scheduled') {
    const outcome: Outcome = { kind: 'handed_over', providerMessageId: textOf(row['_id']), reply };
    return queued !== null && DEGRADED_REASONS.has(queued) ? { outcome, signal: { kind: 'degraded', reason: queued } } : { outcome };
  }
  if (status !== 'rejected' && status !== 'invalid') return { outcome: { kind: 'unknown', reply: reply || 'no status' } };
  const known = REJECT_REASONS[rejected ?? (status === 'invalid' ? 'invalid' : '')];
  if (known?.quota === true) return { outcome: { kind: 'not_sent', reply }, signal: { kind: 'quota', reason: reply } };
  const refused = { kind: 'refused', reply, class: known?.class ?? 'unclassified', suppress: known?.suppress ?? false } as const;
  return { outcome: known?.listed === true && rejected !== null ? { ...refused, listed: rejected } : refused };
}

function parse(text: string | null): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}

type FindQuery = Parameters<NonNullable<ProviderClient['find']>>[0];
type Ask = (path: string, parameters: Json) => ReturnType<ProviderHttp['call']>;

/**
 * Searches for the message by address and takes only a row that carries our ids. Mandrill's own `rejected` row of this hand-over proves that nobody will
 * get it; one of an earlier hand-over proves nothing, nor does no row: the index lags.
 */
async function find(ask: Ask, query: FindQuery, answerTimeoutMs: number): Promise<'accepted' | 'absent' | 'unknown'> {
  // Days are UTC there; one day more on both sides costs nothing.
  const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
  const parameters = { query: `full_email:${query.address}`, date_from: day(query.sinceMs - DAY_MS), limit: FIND_ROWS_MAX };
  const exchange = await ask('/messages/search.json', parameters);
  const rows = exchange.kind === 'answer' && exchange.status === 200 ? parse(exchange.text) : undefined;
  if (!Array.isArray(rows)) return 'unknown';
  const ours = rows
    .slice(0, FIND_ROWS_MAX)
    .map(objectOf)
    .filter((row) => isOurs(row, query));
  if (ours.length === 0) return 'unknown';
  if (ours.some((row) => row['state'] !== 'rejected')) return 'accepted';
  // In doubt since its answer did not come in time.
  const earliestMs = query.sinceMs - answerTimeoutMs - CLOCKS_DIFFER_MS;
  return ours.some((row) => (timeOf(row['ts']) ?? 0) >= earliestMs) ? 'absent' : 'unknown';
}

function isOurs(row: Json, query: FindQuery): boolean {
  const metadata = objectOf(row['metadata']);
  if (metadata['pm_rcpt'] !== undefined) return metadata['pm_rcpt'] === query.recipientId;
  return metadata['pm_message'] === query.messageId && (textOf(row['email']) ?? '').toLowerCase() === query.address.toLowerCase();
}

// This file hands mail to Elastic Email: POST /emails/transactional, one call per recipient, so that the postback names one recipient and
// nobody sees anybody else.
import type { AdapterDeps, HandOver, HandOverRecipient, ProviderAccount, ProviderClient, SendResult } from '../../delivery/provider.ts';
import type { Mailbox } from '../../mail/address-list.ts';
import { type HttpExchange, providerHttp } from '../http.ts';
import { alike, cannotCarry, lineResult, refusalResult, replyText, sendToSound, unreadableResult } from '../send-rules.ts';
import { hashId, type Json, objectOf, textOf } from '../webhook-reading.ts';
import { elasticDomains } from './domains.ts';
import { ELASTIC_EMAIL_ERRORS } from './errors.ts';
import { type ElasticContent, mailboxText, toFields } from './fields.ts';
import { type ElasticEmailSettings, readSettings } from './settings.ts';
import { elasticSuppressions } from './suppressions.ts';
import { elasticWords } from './words.ts';

/** Opens a line to one Elastic Email account. */
export function connectElasticEmail(account: ProviderAccount, deps: AdapterDeps): ProviderClient {
  const settings = readSettings(account.settings);
  const http = providerHttp({
    baseUrl: settings.base_url,
    connections: settings.connections,
    answerTimeoutMs: settings.answer_timeout_s * 1000,
  });
  const common = (): Record<string, string> => ({
    'x-elasticemail-apikey': account.secret.reveal()['api_key'] ?? '',
    'content-type': 'application/json',
    accept: 'application/json',
    'user-agent': 'packetboat',
  });
  const sendOne = async (handOver: HandOver, recipient: HandOverRecipient, message: Message): Promise<SendResult> => {
    const { content, to } = message;
    // Elastic Email writes its recipient into To: of a hidden copy or a list, the visible To would change.
    if (to !== null && to.address.toLowerCase() !== recipient.address.toLowerCase()) {
      return cannotCarry(
        { ...handOver, recipients: [recipient] },
        'The To header shows another address; Elastic Email would show its recipient instead.',
      );
    }
    // Hashed, because a key may hold anything and a header may not.
    const headers = { ...common(), 'idempotency-key': hashId(handOver.idempotencyKey, recipient.id) };
    const body = Buffer.from(JSON.stringify(transactional(handOver, recipient, { content, to }, settings)));
    const exchange = await http.call({ method: 'POST', path: '/emails/transactional', headers, body });
    if (exchange.kind === 'lost') deps.log.warn({ event: 'provider_line_lost', account: account.id, reason: exchange.reason });
    return readExchange(exchange, deps.clock.nowMs());
  };
  return {
    slots: settings.connections,
    async send(handOver) {
      const fields = toFields(handOver.mime);
      if (!fields.ok) return cannotCarry(handOver, fields.reason);
      return sendToSound(handOver, async (recipients) => {
        const results = await Promise.all(recipients.map((recipient) => sendOne(handOver, recipient, fields)));
        const signal = results.find((result) => result.account !== undefined)?.account;
        const outcomes = results.flatMap((result) => result.outcomes);
        return signal === undefined ? { outcomes } : { outcomes, account: signal };
      });
    },
    wordsFor: (answer) => elasticWords(http, common(), answer),
    domains: elasticDomains({ http, headers: common, nowMs: () => deps.clock.nowMs(), dkimValue: settings.dkim_value }),
    suppressions: elasticSuppressions({ http, headers: common, nowMs: () => deps.clock.nowMs() }),
    // No `find`: neither a request that lost its answer nor an event of their log carries our id, so a match would be a guess.
    close: () => http.close(),
  };
}

interface Message {
  readonly content: ElasticContent;
  readonly to: Mailbox | null;
}

function transactional(handOver: HandOver, recipient: HandOverRecipient, message: Message, settings: ElasticEmailSettings): Json {
  const pool = handOver.pool ?? settings.ip_pool;
  const shown = message.to === null ? recipient.address : mailboxText(message.to);
  return {
    Recipients: { To: [shown] },
    Content: {
      ...message.content,
      ...(settings.return_path_domain === undefined
        ? {}
        : { EnvelopeFrom: `${recipient.returnPath.split('@')[0]}@${settings.return_path_domain}` }),
      Postback: `${handOver.messageId}.${recipient.id}`,
    },
    Options: {
      ...(pool === undefined ? {} : { PoolName: pool }),
      ChannelName: handOver.stream,
      Encoding: 'QuotedPrintable',
      TrackOpens: false,
      TrackClicks: false,
    },
  };
}

/** What the answer to one call means. */
function readExchange(exchange: HttpExchange, nowMs: number): SendResult {
  if (exchange.kind !== 'answer') return lineResult(exchange, 1);
  const body = parse(exchange.text);
  const error = textOf(body['Error']) ?? textOf(body['error']);
  const transaction = textOf(body['TransactionID']);
  const success = exchange.status >= 200 && exchange.status <= 299;
  if (success && error === null) {
    if (transaction === null) return unreadableResult(exchange.status, 1);
    return alike(1, { kind: 'handed_over', providerMessageId: transaction, reply: replyText(`${exchange.status} ${transaction}`) });
  }
  const answer = { status: exchange.status, code: '', text: error ?? '', ownFormat: error !== null, headers: exchange.headers };
  return refusalResult(ELASTIC_EMAIL_ERRORS, answer, 1, nowMs);
}

function parse(text: string | null): Json {
  try {
    return objectOf(JSON.parse(text ?? ''));
  } catch {
    return {};
  }
}

// This file plays POST /transmissions of SparkPost: validation, unverified domains, quotas, partial rejection, and the hand-over into the
// simulated internet. Nothing here sends idempotently, because SparkPost does not.
import { type Account, charge, domainVerified } from '../accounts.ts';
import { composeMime, mailboxText } from '../compose.ts';
import { brokenLine, type DialectContext, json, type SimAnswer } from '../http/exchange.ts';
import { isRecord, type JsonRecord, list, record, text, textRecord, texts } from '../json.ts';
import { type Lookup, merge, sparkpostSyntaxError } from '../merge.ts';
import { decodeWords, domainOf, firstAddress, firstLink, headerField, isAddress, splitMessage, withCrLf } from '../mime.ts';
import type { SubmittedRecipient } from '../world.ts';
import { failure, Refusal } from './errors.ts';

/** Published: 64 bytes of campaign, 10 KB of metadata; a schedule reaches three days. Recipients have no hard number: advice says 10,000. */
const CAMPAIGN_MAX_BYTES = 64;
const METADATA_MAX_BYTES = 10 * 1024;
const RECIPIENTS_MAX = 10_000;
const SCHEDULE_MAX_MS = 3 * 86_400_000;

interface Rcpt {
  readonly address: string;
  readonly name: string;
  readonly headerTo: string;
  readonly metadata: JsonRecord;
  readonly substitution: JsonRecord;
  readonly tags: readonly string[];
}

interface Content {
  readonly from: string;
  readonly subject: string;
  readonly bytes: number;
  readonly link: string;
  /** What is wrong with its placeholders; told later, by an event. */
  readonly problem: string | null;
  readonly render: (rcpt: Rcpt, messageId: string) => Buffer;
}

/** Takes one transmission. Throws Refusal for everything SparkPost answers with an error. */
export function transmit(account: Account, body: JsonRecord, subaccount: string, context: DialectContext): SimAnswer {
  const { world } = context;
  const all = list(body['recipients']).map(readRcpt);
  if (all.length === 0) throw new Refusal(422, '1400', 'required field is missing', 'recipients or list_id required');
  if (all.length > RECIPIENTS_MAX) throw new Refusal(422, '1300', 'invalid data format/type', `more than ${RECIPIENTS_MAX} recipients`);
  checkLimits(body, all);
  const content = readContent(body, world.clock.nowMs());
  if (content.bytes > account.sizeMaxBytes)
    throw new Refusal(413, '1900', 'payload too large', `content exceeds ${account.sizeMaxBytes} bytes`);
  if (!domainVerified(account, domainOf(content.from))) {
    throw new Refusal(400, '7001', 'Invalid domain', `Unconfigured Sending Domain <${domainOf(content.from)}>`);
  }
  const options = record(body['options']);
  const pool = text(options['ip_pool']);
  if (pool !== '' && !account.pools.has(pool))
    throw new Refusal(422, '1300', 'invalid data format/type', `ip_pool '${pool}' does not exist`);
  const doors = all.map((rcpt) => world.door(rcpt.address, `sparkpost:${rcpt.address}`));
  if (doors.some((one) => one?.door === 'refuse-at-data'))
    throw new Refusal(400, '1902', 'generation rejected', 'message refused by policy');
  if (doors.some((one) => one?.door === 'defer-at-data')) throw new Refusal(503, '1900', 'generator unavailable');
  const taken = all.filter((rcpt, index) => isAddress(rcpt.address) && doors[index]?.door !== 'refuse-at-rcpt');
  if (taken.length === 0) throw new Refusal(400, '5002', 'no valid recipients', 'at least one valid recipient is required');
  const broken = brokenLine(doors.find((one) => brokenLine(one) !== null) ?? null);
  if (doors.some((one) => one?.door === 'drop-refused')) return { kind: 'drop' };
  if (!world.room(taken.length, content.bytes)) throw new Refusal(503, '1900', 'generator unavailable');
  const over = charge(account, taken.length, world.clock.nowMs());
  if (over !== null) throw new Refusal(420, over === 'hourly' ? '2101' : '2102', 'Exceed Sending Limit', `${over} sending limit reached`);
  const transactionId = decimalId(world.mint.next());
  const startMs = startTime(options, world.clock.nowMs());
  world.accept({
    account,
    from: content.from,
    subject: content.subject,
    sizeBytes: content.bytes,
    transactionId,
    mailType: options['transactional'] === true ? 'transactional' : 'non_transactional',
    subaccount: subaccount === '0' ? '' : subaccount,
    ...(startMs === null ? {} : { startMs }),
    recipients: taken.map((rcpt) => submitted(rcpt, { body, content, options, subaccount, pool, mintId: () => world.mint.next() })),
  });
  return broken ?? accepted(transactionId, taken.length, all.length - taken.length);
}

function accepted(id: string, takenCount: number, rejectedCount: number): SimAnswer {
  const results = { total_rejected_recipients: rejectedCount, total_accepted_recipients: takenCount, id };
  if (rejectedCount === 0) return json(200, { results });
  const errors = [failure('2000', 'Transmission created, but with validation errors')];
  return json(200, {
    errors,
    results: { ...results, rcpt_to_errors: Array.from({ length: rejectedCount }, () => failure('1400', 'invalid recipient')) },
  });
}

function submitted(
  rcpt: Rcpt,
  of: { body: JsonRecord; content: Content; options: JsonRecord; subaccount: string; pool: string; mintId: () => string },
): SubmittedRecipient {
  const { body, content, options } = of;
  const messageId = of.mintId().replaceAll('-', '').slice(0, 20);
  // The local part of the return path is SparkPost's own; only the domain is the sender's.
  const returnDomain = domainOf(text(body['return_path']) || 'bounces@sparkpostmail.com');
  return {
    address: rcpt.address,
    mailFrom: `msprvs1=${messageId}=${returnDomain.replaceAll('.', '-')}@${returnDomain}`,
    messageId,
    facts: {
      rcpt_meta: { ...record(body['metadata']), ...rcpt.metadata },
      rcpt_tags: rcpt.tags,
      campaign_id: text(body['campaign_id']),
      ip_pool: of.pool,
      subaccount_id: of.subaccount,
      open_tracking: options['open_tracking'] !== false,
      initial_open: options['initial_open'] !== false,
      click_tracking: options['click_tracking'] !== false,
      link: content.link,
      ...(content.problem === null ? {} : { problem: content.problem }),
    },
    render: () => content.render(rcpt, messageId),
    ...(content.problem === null ? {} : { stopped: 'generation-failed' as const }),
  };
}

function readRcpt(value: unknown): Rcpt {
  const rcpt = record(value);
  const address = isRecord(rcpt['address']) ? rcpt['address'] : { email: rcpt['address'] };
  const email = firstAddress(text(address['email'])) || text(address['email']);
  return {
    address: email,
    name: text(address['name']),
    headerTo: text(address['header_to']),
    metadata: record(rcpt['metadata']),
    substitution: record(rcpt['substitution_data']),
    tags: texts(rcpt['tags']),
  };
}

function checkLimits(body: JsonRecord, rcpts: readonly Rcpt[]): void {
  if (Buffer.byteLength(text(body['campaign_id'])) > CAMPAIGN_MAX_BYTES) {
    throw new Refusal(422, '1300', 'invalid data format/type', `campaign_id is longer than ${CAMPAIGN_MAX_BYTES} bytes`);
  }
  for (const metadata of [record(body['metadata']), ...rcpts.map((rcpt) => rcpt.metadata)]) {
    if (Buffer.byteLength(JSON.stringify(metadata)) <= METADATA_MAX_BYTES) continue;
    throw new Refusal(422, '1300', 'invalid data format/type', `metadata is larger than ${METADATA_MAX_BYTES} bytes`);
  }
}

function readContent(body: JsonRecord, nowMs: number): Content {
  const content = record(body['content']);
  const shared = record(body['substitution_data']);
  const substitutes = record(body['options'])['perform_substitutions'] !== false;
  const lookup = (rcpt: Rcpt): Lookup => {
    const values = { ...textRecord(shared), ...textRecord(rcpt.substitution) };
    return (name) => values[name];
  };
  return typeof content['email_rfc822'] === 'string'
    ? rawContent(content['email_rfc822'], { substitutes, lookup })
    : inlineContent(content, { substitutes, lookup, nowMs });
}

/** Placeholders in headers are filled in even when substitution is switched off; the body is then left alone. */
function rawContent(raw: string, by: { substitutes: boolean; lookup: (rcpt: Rcpt) => Lookup }): Content {
  const mime = Buffer.from(withCrLf(raw));
  const { head, body } = splitMessage(mime);
  const from = firstAddress(headerField(head, 'From') ?? '');
  if (from === '') throw new Refusal(422, '1400', 'required field is missing', 'From header required in email_rfc822');
  const inBody = by.substitutes && body.includes('{{');
  const problem = sparkpostSyntaxError(head) ?? (inBody ? sparkpostSyntaxError(body.toString('utf8')) : null);
  return {
    from,
    subject: decodeWords(headerField(head, 'Subject') ?? ''),
    bytes: mime.length,
    link: firstLink(body.toString('latin1')),
    problem,
    render: (rcpt) => {
      if (!head.includes('{{') && !inBody) return mime;
      const filledBody = inBody ? Buffer.from(merge(body.toString('utf8'), 'sparkpost', by.lookup(rcpt))) : body;
      return Buffer.concat([Buffer.from(`${merge(head, 'sparkpost', by.lookup(rcpt))}\r\n`), filledBody]);
    },
  };
}

function inlineContent(content: JsonRecord, by: { substitutes: boolean; lookup: (rcpt: Rcpt) => Lookup; nowMs: number }): Content {
  const from = isRecord(content['from'])
    ? { email: text(content['from']['email']), name: text(content['from']['name']) }
    : { email: firstAddress(text(content['from'])), name: '' };
  if (!isAddress(from.email)) throw new Refusal(422, '1400', 'required field is missing', 'content.from is required');
  const [html, plain, subject] = [content['html'], content['text'], text(content['subject'])];
  if (subject === '') throw new Refusal(422, '1400', 'required field is missing', 'content.subject is required');
  if (typeof html !== 'string' && typeof plain !== 'string') {
    throw new Refusal(422, '1400', 'required field is missing', 'at least one of content.text or content.html is required');
  }
  const files = (value: unknown, inline: boolean) =>
    list(value)
      .map(record)
      .map((file) => ({
        name: text(file['name']),
        type: text(file['type']),
        base64: text(file['data']),
        cid: inline ? text(file['name']) : null,
      }));
  const attachments = [...files(content['attachments'], false), ...files(content['inline_images'], true)];
  const bytes = text(html).length + text(plain).length + attachments.reduce((sum, file) => sum + file.base64.length, 0);
  const everything = `${subject}${text(html)}${text(plain)}`;
  return {
    from: from.email,
    subject,
    bytes,
    link: firstLink(text(html) || text(plain)),
    problem: by.substitutes ? sparkpostSyntaxError(everything) : null,
    render: (rcpt, messageId) => {
      const fill = (value: string) => (by.substitutes ? merge(value, 'sparkpost', by.lookup(rcpt)) : value);
      const fillIf = (value: unknown) => (typeof value === 'string' ? fill(value) : null);
      return composeMime({
        from,
        to: rcpt.headerTo || mailboxText({ email: rcpt.address, name: rcpt.name }),
        subject: fill(subject),
        text: fillIf(plain),
        html: fillIf(html),
        replyTo: text(content['reply_to']) || null,
        headers: textRecord(content['headers']),
        attachments,
        messageId,
        atMs: by.nowMs,
      });
    },
  };
}

function startTime(options: JsonRecord, nowMs: number): number | null {
  const wanted = text(options['start_time']);
  if (wanted === '' || wanted === 'now') return null;
  const atMs = Date.parse(wanted);
  if (Number.isNaN(atMs)) throw new Refusal(422, '1300', 'invalid data format/type', 'start_time is not a time');
  if (atMs > nowMs + SCHEDULE_MAX_MS) throw new Refusal(422, '1300', 'invalid data format/type', 'start_time is more than 3 days ahead');
  return atMs;
}

/** Ids are large numbers as strings. */
function decimalId(uuid: string): string {
  return BigInt(`0x${uuid.replaceAll('-', '').slice(0, 16)}`).toString();
}

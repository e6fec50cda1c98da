// This file plays Elastic Email's POST /emails/transactional (up to 50 recipients who see each other) and POST /emails (everybody gets an
// own mail): validation by text, verified domain or address, quotas, Idempotency-Key, and the hand-over into the simulated internet.
import { type Account, charge, domainVerified } from '../accounts.ts';
import { type Attachment, composeMime, type Mailbox, mailboxText } from '../compose.ts';
import { brokenLine, type DialectContext, json, type SimAnswer } from '../http/exchange.ts';
import { type JsonRecord, list, record, text, textRecord, texts } from '../json.ts';
import { merge } from '../merge.ts';
import { domainOf, firstAddress, firstLink, isAddress } from '../mime.ts';
import { Refusal } from './errors.ts';

/** Published for transactional calls; bulk calls have no documented limit, 10,000 keeps one call sensible. */
const TRANSACTIONAL_MAX = 50;
const BULK_MAX = 10_000;

interface Rcpt {
  readonly mailbox: Mailbox;
  readonly fields: Readonly<Record<string, string>>;
}

export interface Answers {
  get(key: string): SimAnswer | undefined;
  put(key: string, answer: SimAnswer): void;
}

/** Takes one call. Throws Refusal for everything Elastic Email answers with an error. */
export function send(
  account: Account,
  of: { body: JsonRecord; bulk: boolean; idempotencyKey: string; answers: Answers; context: DialectContext },
): SimAnswer {
  const { body, bulk, context, answers } = of;
  const key = of.idempotencyKey === '' ? '' : `${account.key}\n${of.idempotencyKey}`;
  const before = key === '' ? undefined : answers.get(key);
  if (before !== undefined) return before;
  const rcpts = bulk ? bulkRecipients(body) : transactionalRecipients(body);
  const mail = readMail(body, context.world.clock.nowMs());
  check(account, { body, rcpts, mail, bulk });
  const { world } = context;
  const doors = rcpts.map(({ mailbox }) => world.door(mailbox.email, `elastic-email:${mailbox.email}`));
  if (doors.some((one) => one?.door === 'refuse-at-rcpt')) throw new Refusal(400, 'One of the recipients is not a valid email address.');
  if (doors.some((one) => one?.door === 'refuse-at-data')) throw new Refusal(400, 'The message content was rejected.');
  if (doors.some((one) => one?.door === 'defer-at-data')) throw new Refusal(503, 'Service unavailable, try again later.');
  if (doors.some((one) => one?.door === 'drop-refused')) return { kind: 'drop' };
  if (!world.room(rcpts.length, mail.bytes)) throw new Refusal(503, 'Service unavailable, try again later.');
  const over = charge(account, rcpts.length, world.clock.nowMs());
  if (over !== null) throw new Refusal(400, over === 'daily' ? 'Daily limit reached.' : 'Hourly quota reached.');
  const answer = accept(account, { body, rcpts, mail, bulk, context });
  if (key !== '') answers.put(key, answer);
  return brokenLine(doors.find((one) => brokenLine(one) !== null) ?? null) ?? answer;
}

interface Mail {
  readonly from: Mailbox;
  readonly subject: string;
  readonly html: string | null;
  readonly plain: string | null;
  readonly attachments: readonly Attachment[];
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: number;
  readonly atMs: number;
}

function readMail(body: JsonRecord, atMs: number): Mail {
  const content = record(body['Content']);
  const parts = list(content['Body']).map(record);
  const part = (type: RegExp) => parts.find((one) => type.test(text(one['ContentType'])))?.['Content'];
  const [html, plain] = [part(/^html$/i), part(/^plaintext$/i)];
  const attachments = list(content['Attachments'])
    .map(record)
    .map((one) => ({ name: text(one['Name']), type: text(one['ContentType']), base64: text(one['BinaryContent']), cid: null }));
  return {
    from: mailboxOf(text(content['From'])),
    subject: text(content['Subject']),
    html: typeof html === 'string' ? html : null,
    plain: typeof plain === 'string' ? plain : null,
    attachments,
    headers: textRecord(content['Headers']),
    bytes: text(html).length + text(plain).length + attachments.reduce((sum, one) => sum + one.base64.length, 0),
    atMs,
  };
}

function check(account: Account, of: { body: JsonRecord; rcpts: readonly Rcpt[]; mail: Mail; bulk: boolean }): void {
  const { rcpts, mail, bulk, body } = of;
  const most = bulk ? BULK_MAX : TRANSACTIONAL_MAX;
  if (rcpts.length === 0) throw new Refusal(400, 'Recipients are required.');
  if (rcpts.length > most) throw new Refusal(400, `Too many recipients: at most ${most} per call.`);
  const bad = rcpts.find(({ mailbox }) => !isAddress(mailbox.email));
  if (bad !== undefined) throw new Refusal(400, `${bad.mailbox.email || 'A recipient'} is not a valid email address.`);
  if (!isAddress(mail.from.email)) throw new Refusal(400, 'From is not a valid email address.');
  if (mail.html === null && mail.plain === null) throw new Refusal(400, 'The message has no Body.');
  if (mail.bytes > account.sizeMaxBytes) throw new Refusal(400, `The email is too large; at most ${account.sizeMaxBytes} bytes.`);
  const known = domainVerified(account, domainOf(mail.from.email)) || account.addresses.has(mail.from.email.toLowerCase());
  if (!known) throw new Refusal(400, `The sender ${mail.from.email} is not verified.`);
  const pool = text(record(body['Options'])['PoolName']);
  if (pool !== '' && !account.pools.has(pool)) throw new Refusal(400, `The pool "${pool}" was not found.`);
}

function accept(
  account: Account,
  of: { body: JsonRecord; rcpts: readonly Rcpt[]; mail: Mail; bulk: boolean; context: DialectContext },
): SimAnswer {
  const { rcpts, mail, bulk } = of;
  const { world } = of.context;
  const content = record(of.body['Content']);
  const options = record(of.body['Options']);
  const shared = textRecord(content['Merge']);
  const transactionId = world.mint.next();
  const everybody = visibleTo(of.body);
  const delayMs = Math.max(0, Number(text(options['TimeOffset'])) || 0) * 60_000;
  const recipients = rcpts.map((rcpt) => {
    const messageId = Buffer.from(world.mint.next().replaceAll('-', ''), 'hex').toString('base64url');
    return {
      address: rcpt.mailbox.email,
      mailFrom: firstAddress(text(content['EnvelopeFrom'])) || `bounce-${messageId}@bounces.elasticemail.sim.test`,
      messageId,
      facts: {
        postback: text(content['Postback']),
        channel: text(options['ChannelName']),
        pool: text(options['PoolName']),
        track_opens: options['TrackOpens'] !== false,
        track_clicks: options['TrackClicks'] !== false,
        link: firstLink(mail.html ?? mail.plain ?? ''),
      },
      render: () =>
        render(mail, { to: bulk ? mailboxText(rcpt.mailbox) : everybody, values: { ...shared, ...rcpt.fields }, content, messageId }),
    };
  });
  const [first] = recipients;
  world.accept({
    account,
    from: mail.from.email,
    subject: mail.subject,
    sizeBytes: mail.bytes,
    transactionId,
    ...(delayMs > 0 ? { startMs: world.clock.nowMs() + delayMs } : {}),
    recipients,
  });
  return json(200, { TransactionID: transactionId, MessageID: first?.messageId ?? '' });
}

/** Single braces around a word are merge fields in every text part, asked for or not; what nobody gave is eaten. */
function render(mail: Mail, by: { to: string; values: Readonly<Record<string, string>>; content: JsonRecord; messageId: string }): Buffer {
  const fill = (value: string) => merge(value, 'elastic-email', (name) => by.values[name]);
  return composeMime({
    from: mail.from,
    to: by.to,
    subject: fill(mail.subject),
    text: mail.plain === null ? null : fill(mail.plain),
    html: mail.html === null ? null : fill(mail.html),
    replyTo: text(by.content['ReplyTo']) || null,
    headers: mail.headers,
    attachments: mail.attachments,
    messageId: by.messageId,
    atMs: mail.atMs,
  });
}

function transactionalRecipients(body: JsonRecord): Rcpt[] {
  const recipients = record(body['Recipients']);
  const all = [...texts(recipients['To']), ...texts(recipients['CC']), ...texts(recipients['BCC'])];
  return all.map((one) => ({ mailbox: mailboxOf(one), fields: {} }));
}

function bulkRecipients(body: JsonRecord): Rcpt[] {
  return list(body['Recipients']).map((one) => ({
    mailbox: mailboxOf(text(record(one)['Email'])),
    fields: textRecord(record(one)['Fields']),
  }));
}

function visibleTo(body: JsonRecord): string {
  return texts(record(body['Recipients'])['To'])
    .map((one) => mailboxText(mailboxOf(one)))
    .join(', ');
}

/** `Name <address>` or a bare address. */
function mailboxOf(value: string): Mailbox {
  const email = firstAddress(value);
  const name = value.includes('<') ? value.slice(0, value.indexOf('<')).trim().replace(/^"|"$/g, '') : '';
  return { email, name };
}

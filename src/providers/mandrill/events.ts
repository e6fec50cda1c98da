// This file verifies and reads Mandrill's webhooks: a form with one field `mandrill_events`, a JSON array, signed by HMAC-SHA1 over the
// configured address and the decoded form fields.
import { createHmac } from 'node:crypto';
import type { ProviderAccount, WebhookReader, WebhookRequest } from '../../delivery/provider.ts';
import { NO_OWN_RULES, type OwnRules } from '../../feedback/own-rules.ts';
import { ON_PROVIDER_LIST } from '../../feedback/provider-list.ts';
import type { EventType, FeedbackEvent } from '../../feedback/vocabulary.ts';
import type { Secret } from '../../log.ts';
import { type BounceReading, bounceRow, readBounce, readDelay } from '../bounce-class.ts';
import {
  checkBasicAuth,
  detailOf,
  eventOf,
  eventsOfJson,
  hashId,
  idOf,
  type Json,
  objectOf,
  sameSecret,
  textOf,
  timeOf,
  unreadable,
} from '../webhook-reading.ts';
import { BOUNCE_DESCRIPTIONS, REJECT_REASONS } from './errors.ts';

const FIELD = 'mandrill_events';
/** Mandrill signs its "send test" post, which holds no event, with this public key before it shows the real one. */
const TEST_KEY = 'test-webhook';

const PLAIN: Readonly<Record<string, EventType>> = { send: 'sent', open: 'opened', click: 'clicked', inbound: 'inbound' };
/** Happen again for the same message, so their id holds the time and place. */
const REPEATED: ReadonlySet<string> = new Set(['open', 'click', 'deferral']);

interface Meaning extends Pick<FeedbackEvent, 'type'>, Partial<Pick<FeedbackEvent, 'class' | 'hard' | 'suppress' | 'rule'>> {
  /** Dropped for the account's own suppression list. */
  readonly listed?: boolean;
}

function meaningOf(name: string, msg: Json, diagnostic: string | null, own: OwnRules): Meaning {
  const plain = PLAIN[name];
  if (plain !== undefined) return { type: plain };
  switch (name) {
    case 'delivered':
      return { type: 'delivered', class: 'delivered' };
    case 'deferral':
      return { type: 'deferred', ...readDelay(null, diagnostic, own) };
    case 'hard_bounce':
    case 'soft_bounce':
      return bounceOf(name, msg, diagnostic, own);
    case 'spam':
      return { type: 'complained', class: 'complaint', suppress: true };
    case 'unsub':
      return { type: 'unsubscribed', suppress: true };
    case 'reject': {
      const row = REJECT_REASONS[rejectReason(msg) ?? ''];
      const listed = row?.listed === true;
      return {
        type: 'rejected',
        listed,
        class: listed && row.class === 'unclassified' ? null : (row?.class ?? 'unclassified'),
        hard: row?.class === 'invalid-recipient',
        suppress: row?.suppress ?? false,
      };
    }
    default:
      return { type: 'unknown' };
  }
}

/** The number first, then the description, then the receiver's words, then the event's name. */
function bounceOf(name: 'hard_bounce' | 'soft_bounce', msg: Json, diagnostic: string | null, own: OwnRules): BounceReading {
  const described = BOUNCE_DESCRIPTIONS[textOf(msg['bounce_description']) ?? ''] ?? null;
  const numbered = bounceRow(textOf(msg['bgtools_code']));
  const reading = readBounce(numbered === null || numbered.generic === true ? (described ?? numbered) : numbered, diagnostic, own);
  if (reading.class !== 'unclassified' || reading.rule !== null || name === 'soft_bounce') return reading;
  // "Hard" alone, with no word why: final for this message, too little to hold the address.
  return { type: 'bounced', class: 'invalid-recipient', hard: true, suppress: false, listed: false, rule: null };
}

/** `reject` is an object, and was a bare word in older posts. */
function rejectReason(msg: Json): string | null {
  return textOf(msg['reject']) ?? textOf(objectOf(msg['reject'])['reason']);
}

/** The receiver's words: `diag` ("smtp;550 …"), else the last line of the SMTP dialogue that Mandrill kept. */
function diagnosticOf(msg: Json): string | null {
  const diag = textOf(msg['diag']);
  if (diag !== null) return diag;
  const steps = msg['smtp_events'];
  return Array.isArray(steps) ? textOf(objectOf(steps.at(-1))['diag']) : null;
}

function readItem(item: Json, fallbackId: string, own: OwnRules): FeedbackEvent {
  const name = textOf(item['event']);
  if (name === null) return readSync(item, fallbackId);
  const msg = objectOf(item['msg']);
  const diagnostic = diagnosticOf(msg) ?? rejectReason(msg);
  const id = textOf(item['_id']) ?? textOf(msg['_id']);
  const ts = textOf(item['ts']);
  const place = REPEATED.has(name) ? [ts, textOf(item['url']) ?? textOf(item['ip'])] : [];
  const labels = [name, textOf(msg['bgtools_code']), textOf(msg['bounce_description'])];
  const { listed, ...meaning } = meaningOf(name, msg, diagnostic?.replace(/^smtp; */i, '') ?? null, own);
  return eventOf({
    ...meaning,
    recipient: textOf(msg['email']),
    atMs: timeOf(item['ts']),
    providerEventId: id === null ? fallbackId : hashId(name, id, ...place),
    providerMessageId: id,
    recipientId: idOf(objectOf(msg['metadata'])['pm_rcpt']),
    diagnostic,
    providerLabel: labels.filter((label) => label !== null).join(', '),
    detail: detailOf({
      [ON_PROVIDER_LIST]: listed === true ? (rejectReason(msg) ?? name) : null,
      url: item['url'],
      user_agent: item['user_agent'],
      ip: item['ip'],
    }),
  });
}

/** A change of the account's denylist or allowlist: about an address, but not about a message. */
function readSync(item: Json, fallbackId: string): FeedbackEvent {
  const entry = objectOf(item['reject'] ?? item['entry']);
  const labels = [textOf(item['type']), textOf(item['action']), textOf(entry['reason'])].filter((label) => label !== null);
  return eventOf({
    type: 'unknown',
    recipient: textOf(entry['email']),
    atMs: timeOf(item['ts']),
    providerEventId: fallbackId,
    diagnostic: textOf(entry['detail']) ?? textOf(entry['reason']),
    providerLabel: labels.join(', ') || null,
  });
}

function formOf(request: WebhookRequest): URLSearchParams {
  return new URLSearchParams(request.body.toString('utf8'));
}

/** `base64(HMAC-SHA1(key, address + name + value …))`, fields sorted by name, values decoded. */
function signature(key: string, address: string, form: URLSearchParams): string {
  const fields = [...form].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const hmac = createHmac('sha1', key).update(address);
  for (const [name, value] of fields) hmac.update(name).update(value);
  return hmac.digest('base64');
}

/** The addresses under which an operator may have configured this webhook: as given, and with the user and password in it. */
function addresses(publicUrl: string, auth: { username: string; password: Secret } | null): string[] {
  if (auth === null) return [publicUrl];
  const pair = `${encodeURIComponent(auth.username)}:${encodeURIComponent(auth.password.reveal())}@`;
  return [publicUrl, publicUrl.replace('://', `://${pair}`)];
}

export const mandrillWebhook: WebhookReader = {
  verify(request, { account, publicUrl, auth }) {
    // On creation Mandrill asks by HEAD, unsigned, before anybody knows the key.
    if (request.method === 'HEAD') return { ok: true };
    const basic = checkBasicAuth(request.headers, auth, { required: false });
    if (!basic.ok) return basic;
    const given = request.headers['x-mandrill-signature'];
    if (given === undefined) return { ok: false, reason: 'the request has no X-Mandrill-Signature' };
    const form = formOf(request);
    const fits = (key: string) => addresses(publicUrl, auth).some((address) => sameSecret(given, signature(key, address, form)));
    if (form.get(FIELD) === '[]' && fits(TEST_KEY)) return { ok: true };
    const key = keyOf(account);
    if (key === undefined) return { ok: false, reason: 'the account has no webhook_key; copy it from Mandrill' };
    return fits(key)
      ? { ok: true }
      : { ok: false, reason: 'the signature does not fit; check webhook_key and that the address at Mandrill is exactly ours' };
  },
  events(request, own = NO_OWN_RULES) {
    if (request.body.length === 0) return [];
    const text = formOf(request).get(FIELD);
    return text === null ? [unreadable(request, `no field ${FIELD}`)] : eventsOfJson(request, text, (item, id) => readItem(item, id, own));
  },
};

function keyOf(account: ProviderAccount): string | undefined {
  return account.secret.reveal()['webhook_key'];
}

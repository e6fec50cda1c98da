// This file reads SparkPost's event webhooks: JSON arrays of {"msys":{"<class>":{…}}}, unordered, repeated as whole batches, most values text.
import type { WebhookReader } from '../../delivery/provider.ts';
import { explainReply } from '../../feedback/classify.ts';
import { NO_OWN_RULES, type OwnRules } from '../../feedback/own-rules.ts';
import { ON_PROVIDER_LIST } from '../../feedback/provider-list.ts';
import type { EventType, FeedbackEvent } from '../../feedback/vocabulary.ts';
import { bounceRow, readBounce, readDelay } from '../bounce-class.ts';
import {
  checkBasicAuth,
  detailOf,
  eventOf,
  eventsOfJson,
  idOf,
  type Json,
  objectOf,
  sameSecret,
  textOf,
  timeOf,
} from '../webhook-reading.ts';

/** Events that say one thing and nothing about fault. */
const PLAIN: Readonly<Record<string, EventType>> = {
  injection: 'queued',
  delivery: 'delivered',
  open: 'opened',
  initial_open: 'opened',
  amp_open: 'opened',
  amp_initial_open: 'opened',
  click: 'clicked',
  amp_click: 'clicked',
};

const BOUNCES = new Set(['bounce', 'out_of_band']);
const UNSUBSCRIBES = new Set(['list_unsubscribe', 'link_unsubscribe']);
/** SparkPost refused before any receiver was asked: its rules, or our set-up there ("Unconfigured Sending Domain"). */
const REFUSALS = new Set(['policy_rejection', 'generation_rejection']);
/** Our set-up at SparkPost is the reason, not the mail. */
const OUR_SETUP = /unconfigured|sending domain|suspended|not verified/i;

interface Meaning extends Pick<FeedbackEvent, 'type'>, Partial<Pick<FeedbackEvent, 'class' | 'hard' | 'suppress' | 'rule'>> {
  /** Dropped for the account's own suppression list. */
  readonly listed?: boolean;
}

function meaningOf(type: string, fields: Json, diagnostic: string | null, own: OwnRules): Meaning {
  const plain = PLAIN[type];
  if (plain === 'delivered') return { type: plain, class: 'delivered' };
  if (plain !== undefined) return { type: plain };
  const code = textOf(fields['bounce_class']);
  if (BOUNCES.has(type)) return readBounce(bounceRow(code), diagnostic, own);
  if (type === 'delay') return { type: 'deferred', ...readDelay(code, diagnostic, own) };
  if (UNSUBSCRIBES.has(type)) return { type: 'unsubscribed', suppress: true };
  if (type === 'spam_complaint') return complaintOf(textOf(fields['fbtype']));
  if (type === 'generation_failure') return { type: 'failed', class: 'content' };
  if (REFUSALS.has(type)) return { type: 'rejected', ...refusalOf(diagnostic, own) };
  return { type: 'unknown' };
}

/** RFC 5965 §7.3: `auth-failure` and `not-spam` are no complaints and must never hold an address; `opt-out` is an unsubscription. */
function complaintOf(kind: string | null): Meaning {
  if (kind === 'opt-out' || kind === 'opt-out-list') return { type: 'unsubscribed', suppress: true };
  if (kind === 'auth-failure' || kind === 'not-spam') return { type: 'unknown' };
  return { type: 'complained', class: 'complaint', suppress: true };
}

function refusalOf(diagnostic: string | null, own: OwnRules): Pick<FeedbackEvent, 'class' | 'rule'> {
  if (diagnostic === null) return { class: 'policy', rule: null };
  if (OUR_SETUP.test(diagnostic)) return { class: 'operator', rule: null };
  const { verdict, rule } = explainReply(diagnostic, { stage: 'mail', own });
  return verdict.class === 'unclassified' ? { class: 'policy', rule: null } : { class: verdict.class, rule };
}

/** One `msys` entry; null for the ping `{"msys":{}}`. */
function readItem(item: Json, fallbackId: string, own: OwnRules): FeedbackEvent | null {
  const msys = item['msys'];
  const group = Object.keys(objectOf(msys))[0];
  if (group === undefined) return msys === undefined || Array.isArray(msys) ? unknown(fallbackId, 'no msys') : null;
  const fields = objectOf(objectOf(msys)[group]);
  if (group === 'relay_message') return inbound(fields, fallbackId);
  const type = textOf(fields['type']) ?? group;
  const diagnostic = textOf(fields['raw_reason']) ?? textOf(fields['reason']);
  const code = textOf(fields['bounce_class']);
  const { listed, ...meaning } = meaningOf(type, fields, diagnostic, own);
  const label = code === null ? type : `${type}, bounce_class ${code}`;
  return eventOf({
    ...meaning,
    recipient: textOf(fields['raw_rcpt_to']) ?? textOf(fields['rcpt_to']),
    atMs: timeOf(fields['timestamp']),
    providerEventId: textOf(fields['event_id']) ?? fallbackId,
    // The transmission id is the one that the answer to our hand-over names; message_id appears in events only.
    providerMessageId: textOf(fields['transmission_id']),
    recipientId: idOf(objectOf(fields['rcpt_meta'])['pm_rcpt']),
    diagnostic,
    providerLabel: label,
    detail: detailOf({
      [ON_PROVIDER_LIST]: listed === true ? label : null,
      url: fields['target_link_url'],
      user_agent: fields['user_agent'],
      ip: fields['ip_address'],
      feedback_type: fields['fbtype'],
      reported_by: fields['report_by'],
      sending_ip: fields['sending_ip'],
    }),
  });
}

function inbound(fields: Json, fallbackId: string): FeedbackEvent {
  const recipient = textOf(fields['rcpt_to']);
  return eventOf({
    type: 'inbound',
    providerEventId: fallbackId,
    recipient,
    providerLabel: 'relay_message',
    detail: detailOf({ mail_from: fields['msg_from'] }),
  });
}

function unknown(id: string, label: string): FeedbackEvent {
  return eventOf({ type: 'unknown', providerEventId: id, providerLabel: label });
}

export const sparkpostWebhook: WebhookReader = {
  /** SparkPost signs nothing: basic auth, and its token header where the account knows a token. The secret path was checked at the door. */
  verify({ headers }, { account, auth }) {
    const basic = checkBasicAuth(headers, auth, { required: true });
    if (!basic.ok) return basic;
    const token = account.secret.reveal()['webhook_key'];
    const given = headers['x-messagesystems-webhook-token'];
    if (token !== undefined && given !== undefined && !sameSecret(given, token)) return { ok: false, reason: 'the webhook token is wrong' };
    return { ok: true };
  },
  events: (request, own = NO_OWN_RULES) => eventsOfJson(request, request.body.toString('utf8'), (item, id) => readItem(item, id, own)),
};

// This file reads Elastic Email's webhooks: one event per request as GET query, POST form or POST JSON of the same flat names, without event id.
import type { WebhookReader, WebhookRequest, WebhookVerification } from '../../delivery/provider.ts';
import { NO_OWN_RULES, type OwnRules } from '../../feedback/own-rules.ts';
import { ON_PROVIDER_LIST } from '../../feedback/provider-list.ts';
import type { EventType, FeedbackEvent } from '../../feedback/vocabulary.ts';
import { readBounce } from '../bounce-class.ts';
import { checkBasicAuth, detailOf, eventOf, eventsOfJson, hashId, idOf, type Json, textOf, unreadable } from '../webhook-reading.ts';
import { CATEGORIES, UNKNOWN_CATEGORY } from './errors.ts';
import { signatureLayout } from './signature.ts';

/** `Sent` means that the receiver's server took it. */
const STATUSES: Readonly<Record<string, EventType>> = {
  sent: 'delivered',
  opened: 'opened',
  clicked: 'clicked',
  abusereport: 'complained',
  unsubscribed: 'unsubscribed',
  error: 'bounced',
  notdelivered: 'bounced',
  bounced: 'bounced',
};
/** A query or form longer than this is no event of theirs; subjects and links are at most some thousand characters. */
const FORM_MAX_CHARS = 64 * 1024;

interface Meaning extends Pick<FeedbackEvent, 'type'>, Partial<Pick<FeedbackEvent, 'class' | 'hard' | 'suppress' | 'rule'>> {
  /** Dropped for the account's own suppression list. */
  readonly listed?: boolean;
}

function meaningOf(status: string, category: string | null, diagnostic: string | null, own: OwnRules): Meaning {
  const type = STATUSES[status.toLowerCase()] ?? 'unknown';
  if (type === 'delivered') return { type, class: 'delivered' };
  if (type === 'complained') return { type, class: 'complaint', suppress: true };
  if (type === 'unsubscribed') return { type, suppress: true };
  if (type !== 'bounced') return { type };
  const row = CATEGORIES[(category ?? status).toLowerCase()] ?? UNKNOWN_CATEGORY;
  return row.listed === true ? { type: row.type ?? type, class: row.class, listed: true } : readBounce(row, diagnostic, own);
}

/** `M/D/YYYY h:mm:ss AM` or ISO, in UTC even where no zone is named. Milliseconds since 1970. */
export function elasticTime(text: string | null): number | null {
  if (text === null) return null;
  const [, month, day, year, hour, minute, second, half] =
    /^(\d{1,2})\/(\d{1,2})\/(\d{4})[ T](\d{1,2}):(\d{2})(?::(\d{2}))?(?: ?([AaPp])\.?[Mm]\.?)?$/.exec(text.trim()) ?? [];
  if (month !== undefined) {
    const hours = half === undefined ? Number(hour) : (Number(hour) % 12) + (half.toLowerCase() === 'p' ? 12 : 0);
    return Date.UTC(Number(year), Number(month) - 1, Number(day), hours, Number(minute), Number(second ?? 0));
  }
  const iso = text.trim().replace(' ', 'T');
  const ms = Date.parse(/(?:Z|[+-]\d{2}:?\d{2})$/i.test(iso) || !iso.includes('T') ? iso : `${iso}Z`);
  return Number.isFinite(ms) ? ms : null;
}

/** The category of a failure's label, null for any other label. */
function categoryOf({ providerLabel }: FeedbackEvent): string | null {
  const [, status = '', category = null] = /^([^,]*), (.*)$/s.exec(providerLabel ?? '') ?? [];
  return STATUSES[status.toLowerCase()] === 'bounced' ? category : null;
}

function readFields(fields: Json, own: OwnRules): FeedbackEvent {
  const field = (name: string) => textOf(fields[name]);
  const status = field('status') ?? '';
  const category = field('category');
  const [, recipientId] = field('postback')?.split('.') ?? [];
  const failed = STATUSES[status.toLowerCase()] === 'bounced';
  // The documented form has no words of the receiver; its event log calls them so, and whoever passes them on does.
  const diagnostic = failed ? field('message') : null;
  const { listed, ...meaning } = meaningOf(status, category, diagnostic, own);
  const label = failed && category !== null ? `${status}, ${category}` : status || 'no status';
  return eventOf({
    ...meaning,
    recipient: field('to'),
    atMs: elasticTime(field('date')),
    providerEventId: hashId(field('messageid'), field('to'), status, field('date'), field('target'), category),
    // The answer to our hand-over names the transaction for certain, and each of ours has one recipient.
    providerMessageId: field('transaction'),
    recipientId: idOf(recipientId),
    diagnostic,
    providerLabel: label,
    detail: detailOf({
      [ON_PROVIDER_LIST]: listed === true ? label : null,
      url: fields['target'],
      message_id: fields['messageid'],
      channel: fields['channel'],
    }),
  });
}

/** Names in lower case, so that `MessageID` of the JSON form and `messageid` of the query are one. */
function lowered(fields: Iterable<readonly [string, unknown]>): Json {
  return Object.fromEntries([...fields].map(([name, value]) => [name.toLowerCase(), value]));
}

/** The one event of a query or form; null when it holds none. */
function formEvent(text: string, own: OwnRules): FeedbackEvent | null {
  const fields = lowered(new URLSearchParams(text.slice(0, FORM_MAX_CHARS)));
  return fields['status'] === undefined && fields['to'] === undefined ? null : readFields(fields, own);
}

function verifySignature(request: WebhookRequest, secret: string | undefined): WebhookVerification {
  if (secret === undefined) return { ok: false, reason: 'webhook_signing is on and the account has no webhook_key' };
  const layout = signatureLayout(request, secret);
  return layout === null ? { ok: false, reason: 'no known signature layout fits' } : { ok: true, reason: `signed: ${layout}` };
}

export const elasticEmailWebhook: WebhookReader = {
  /** The classic form is unsigned and sends no credentials: the secret path is the lock, and basic auth counts where it comes. */
  verify(request, { account, auth }) {
    const basic = checkBasicAuth(request.headers, auth, { required: false });
    const bare = request.body.length === 0 && !request.url.includes('?');
    if (!basic.ok || bare || account.settings['webhook_signing'] !== true) return basic;
    return verifySignature(request, account.secret.reveal()['webhook_key']);
  },
  events(request, own = NO_OWN_RULES) {
    if (request.body.length === 0) {
      // A bare request is the check that Elastic Email makes when a webhook is saved.
      const event = formEvent(request.url.split('?')[1] ?? '', own);
      return event === null ? [] : [event];
    }
    const text = request.body.toString('utf8');
    const json = request.headers['content-type']?.includes('json') ?? /^\s*[[{]/.test(text);
    if (json) return eventsOfJson(request, text, (item, id) => itemEvent(item, id, own));
    return [formEvent(text, own) ?? unreadable(request, 'a form without status')];
  },
  byWords: {
    wanted(event) {
      const category = categoryOf(event);
      return category !== null && event.diagnostic === null && (CATEGORIES[category.toLowerCase()] ?? UNKNOWN_CATEGORY).generic === true;
    },
    read(event, words, own = NO_OWN_RULES) {
      const { listed: _, ...meaning } = meaningOf('error', categoryOf(event), words, own);
      return eventOf({ ...event, hard: false, suppress: false, rule: null, ...meaning, diagnostic: words });
    },
  },
};

function itemEvent(item: Json, id: string, own: OwnRules): FeedbackEvent {
  const fields = lowered(Object.entries(item));
  if (fields['status'] !== undefined || fields['to'] !== undefined) return readFields(fields, own);
  return eventOf({ type: 'unknown', providerEventId: id, providerLabel: 'no status' });
}

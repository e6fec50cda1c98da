// This file holds webhook posts in Mandrill's form, written by us for the tests, and signs them as Mandrill would.
import { createHmac } from 'node:crypto';
import type { WebhookRequest } from '../../delivery/provider.ts';

export const MANDRILL_RCPT = '0192f0c0-0000-7000-8000-000000000002';

const event = (name: string, id: string, msg: object = {}, more: object = {}) => ({
  event: name,
  _id: id,
  ts: 1_795_276_801,
  msg: { _id: id, ts: 1_795_276_800, email: 'A@example.com', metadata: [], ...msg },
  ...more,
});

/** One of each kind, as one batch. */
export const MANDRILL_BATCH: readonly object[] = [
  event('send', '1', { state: 'sent', metadata: { pm_message: MANDRILL_RCPT, pm_rcpt: MANDRILL_RCPT } }),
  event('delivered', '1', { state: 'delivered', diag: '250 OK' }),
  event('deferral', '1', { diag: null, smtp_events: [{ type: 'deferred', diag: '451 4.7.1 greylisted, try again later' }] }),
  event('soft_bounce', '2', { bounce_description: 'mailbox_full', bgtools_code: 22, diag: 'smtp;552 5.2.2 Over Quota' }),
  event('hard_bounce', '3', { bounce_description: 'bad_mailbox', bgtools_code: 10, diag: 'smtp;550 5.1.1 user unknown' }),
  event('spam', '1'),
  event('reject', '4', { reject: { reason: 'hard-bounce', last_event_at: '2026-10-01 10:00:00' } }),
  event('open', '1', {}, { ip: '203.0.113.9', user_agent: 'Mozilla/5.0' }),
  event('click', '1', {}, { url: 'https://club.example/x', ip: '203.0.113.9' }),
  event('unsub', '1'),
  { type: 'blacklist', action: 'add', ts: 1_795_277_300, reject: { reason: 'hard-bounce', detail: '550 no', email: 'x@example.com' } },
  { event: 'inbound', ts: 1_795_277_300, msg: { email: 'box@in.club.example', raw_msg: 'Subject: Hi\n\nHi' } },
];

/** A post with these events, signed with `key` over `address`; an absent key leaves the signature out. */
export function mandrillPost(
  events: unknown,
  sign?: { key: string; address: string },
  headers: Record<string, string> = {},
): WebhookRequest {
  const text = typeof events === 'string' ? events : JSON.stringify(events);
  const signed = sign && createHmac('sha1', sign.key).update(`${sign.address}mandrill_events${text}`).digest('base64');
  return {
    method: 'POST',
    url: '/hooks/x',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      ...(signed === undefined ? {} : { 'x-mandrill-signature': signed }),
      ...headers,
    },
    body: Buffer.from(new URLSearchParams({ mandrill_events: text }).toString()),
  };
}

// This file writes webhook requests as SparkPost and Mandrill send them: batches of events with the fields of real ones, about recipients that
// were handed over before.
import { createHmac } from 'node:crypto';
import type { Handed } from './api-provider.ts';
import type { HttpRequest } from './http-load.ts';

export interface Hook {
  /** As the desk shows it; its path is where to post, all of it is what Mandrill signs. */
  readonly url: string;
  readonly username: string;
  readonly password: string;
}

export interface WebhookPost extends HttpRequest {
  readonly events: number;
}

/** SparkPost sends 100 to 350 events at once (its own documentation); the sizes go round. */
const SPARKPOST_BATCHES = [100, 170, 240, 310, 350] as const;
const MANDRILL_BATCH = 100;
const AGENT = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36';

/** What happens to recipient n: every one is delivered, a third opens, a tenth clicks, one in two hundred complains. */
function fates(n: number): ('taken' | 'delivered' | 'opened' | 'clicked' | 'complained')[] {
  return [
    'taken',
    'delivered',
    ...(n % 3 === 0 ? (['opened'] as const) : []),
    ...(n % 10 === 0 ? (['clicked'] as const) : []),
    ...(n % 200 === 0 ? (['complained'] as const) : []),
  ];
}

/** `round` keeps the ids of later posts about the same recipients apart. */
export function sparkpostPosts(handed: readonly Handed[], hook: Hook, round: string): WebhookPost[] {
  const events = handed.flatMap((one, n) => fates(n).map((fate) => sparkpostEvent(one, fate, `${round}${n}${fate}`)));
  const authorization = `Basic ${Buffer.from(`${hook.username}:${hook.password}`).toString('base64')}`;
  const path = new URL(hook.url).pathname;
  const posts: WebhookPost[] = [];
  for (let at = 0; at < events.length; ) {
    const batch = events.slice(at, at + (SPARKPOST_BATCHES[posts.length % SPARKPOST_BATCHES.length] ?? 100));
    at += batch.length;
    const headers = {
      authorization,
      'content-type': 'application/json',
      'user-agent': 'SparkPost',
      'x-messagesystems-batch-id': `${round}${at}`,
    };
    posts.push({ path, headers, body: Buffer.from(JSON.stringify(batch)), events: batch.length });
  }
  return posts;
}

export function mandrillPosts(handed: readonly Handed[], hook: Hook, options: { key: string; round: string }): WebhookPost[] {
  const events = handed.flatMap((one, n) => fates(n).map((fate) => mandrillEvent(one, fate, options.round)));
  const path = new URL(hook.url).pathname;
  const posts: WebhookPost[] = [];
  for (let at = 0; at < events.length; at += MANDRILL_BATCH) {
    const batch = events.slice(at, at + MANDRILL_BATCH);
    const text = JSON.stringify(batch);
    const signature = createHmac('sha1', options.key).update(`${hook.url}mandrill_events${text}`).digest('base64');
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      'user-agent': 'Mandrill-Webhook/1.0',
      'x-mandrill-signature': signature,
    };
    posts.push({ path, headers, body: Buffer.from(new URLSearchParams({ mandrill_events: text }).toString()), events: batch.length });
  }
  return posts;
}

const SPARKPOST_TYPES = {
  taken: 'injection',
  delivered: 'delivery',
  opened: 'open',
  clicked: 'click',
  complained: 'spam_complaint',
} as const;

function sparkpostEvent(one: Handed, fate: keyof typeof SPARKPOST_TYPES, id: string): object {
  const group = fate === 'opened' || fate === 'clicked' ? 'track_event' : 'message_event';
  return {
    msys: {
      [group]: {
        type: SPARKPOST_TYPES[fate],
        event_id: id,
        timestamp: String(Math.floor(Date.now() / 1000)),
        transmission_id: one.messageId,
        message_id: `000443ee14578172be22-${id}`,
        rcpt_to: one.address.toLowerCase(),
        raw_rcpt_to: one.address,
        rcpt_meta: { pm_rcpt: one.recipientId },
        rcpt_tags: [],
        customer_id: '1337',
        subaccount_id: '0',
        friendly_from: 'office@bench-events.example',
        msg_from: 'msprvs1=17827RA6TC8Pz=bounces-1337@sparkpostmail1.com',
        msg_size: '4377',
        subject: 'Fees of this year',
        ip_pool: 'shared',
        sending_ip: '198.51.100.7',
        routing_domain: 'dest.example',
        recv_method: 'rest',
        delv_method: 'esmtp',
        queue_time: '12',
        num_retries: '0',
        outbound_tls: '1',
        injection_time: new Date().toISOString(),
        ...(group === 'track_event'
          ? {
              ip_address: '203.0.113.9',
              user_agent: AGENT,
              target_link_url: 'https://club.example/fees',
              geo_ip: { country: 'US', region: 'MD', city: 'Columbia', latitude: 39.1749, longitude: -76.8375 },
            }
          : {}),
        ...(fate === 'complained' ? { fbtype: 'abuse', report_by: 'fbl.example.org', report_to: 'abuse@example.org' } : {}),
      },
    },
  };
}

const MANDRILL_TYPES = { taken: 'send', delivered: 'delivered', opened: 'open', clicked: 'click', complained: 'spam' } as const;

function mandrillEvent(one: Handed, fate: keyof typeof MANDRILL_TYPES, round: string): object {
  const seconds = Math.floor(Date.now() / 1000);
  const tracked = fate === 'opened' || fate === 'clicked';
  return {
    event: MANDRILL_TYPES[fate],
    _id: one.messageId,
    ts: seconds,
    msg: {
      ts: seconds,
      _id: one.messageId,
      state: 'sent',
      subject: 'Fees of this year',
      email: one.address,
      sender: 'office@bench-events.example',
      template: null,
      tags: [],
      opens: [],
      clicks: [],
      smtp_events: [
        { ts: seconds, type: 'sent', diag: '250 2.0.0 OK', source_ip: '198.51.100.7', destination_ip: '203.0.113.25', size: 4377 },
      ],
      resends: [],
      metadata: { pm_rcpt: one.recipientId },
    },
    ...(tracked
      ? {
          ip: '203.0.113.9',
          user_agent: AGENT,
          location: { country: 'Germany', city: 'Kiel', timezone: '+01:00' },
          url: `https://club.example/fees?${round}`,
        }
      : {}),
  };
}

// This file makes what receivers answer in the mock's world: bounces, complaints, holds, incidents, and the counts over them.
// Longer than 300 lines because it is data: replies, incidents and their words read better whole.
import type {
  ApiRate,
  Bounce,
  ClassWords,
  Complaint,
  ComplaintRate,
  Hold,
  HoldPolicy,
  Incident,
  StatisticsRow,
} from '../src/api/feedback-model.ts';
import type { Fault } from '../src/api/model.ts';
import { DAY, HOUR, id, iso, MINUTE, TENANT } from './clockwork.ts';

export interface Answered {
  readonly bounces: Bounce[];
  readonly complaints: Complaint[];
  readonly holds: Hold[];
  readonly incidents: Incident[];
  policy: HoldPolicy;
}

const REPLIES: readonly (readonly [name: string, fault: Fault, at: string, hard: boolean, reply: string, rule: string])[] = [
  [
    'invalid-recipient',
    'recipient',
    'google',
    true,
    '550-5.1.1 The email account that you tried to reach does not exist.',
    'gmail-no-such-user',
  ],
  ['mailbox-full', 'recipient', 'gmx', false, '552 5.2.2 Requested mail action aborted: exceeded storage allocation', 'storage-exceeded'],
  [
    'ip-reputation',
    'sender-reputation',
    'microsoft',
    false,
    '550 5.7.1 Unfortunately, messages from [198.51.100.24] were not accepted. Part of their network is on our block list (S3150).',
    'outlook-s3150',
  ],
  [
    'auth-failure',
    'authentication',
    'google',
    false,
    '550-5.7.26 This mail has been blocked because the sender is unauthenticated.',
    'gmail-unauthenticated',
  ],
  [
    'rate-limited',
    'capacity',
    'yahoo',
    false,
    '421 4.7.0 [TSS04] Messages from 198.51.100.25 temporarily deferred due to unexpected volume',
    'yahoo-tss',
  ],
  ['spam-content', 'content', 'gmx', false, '554 Transaction failed. Reject due to policy restrictions.', 'gmx-spam'],
  [
    'policy',
    'policy',
    'microsoft',
    false,
    '550 5.7.1 TRANSPORT.RULES.RejectMessage; the message was rejected by organization policy',
    'exchange-rule',
  ],
  ['bad-domain', 'recipient', 'other', true, '512 5.1.2 Host or domain name not found', 'no-such-domain'],
  ['network', 'receiver', 'other', false, '', 'line-broke'],
];
const PEOPLE = ['anna.w', 'meier.h', 'l.brandt', 'kassenwart-alt', 'info', 'm.hofer', 'treasurer', 'k.yilmaz', 'board'];

export function makeAnswered(now: number): Answered {
  const bounces = Array.from({ length: 140 }, (_, index) => bounceOf(index, now));
  return {
    bounces,
    complaints: Array.from({ length: 9 }, (_, index) => complaintOf(index, now)),
    holds: bounces
      .filter((bounce) => bounce.held)
      .map((bounce, index) => ({
        id: id(7, index + 1),
        tenant_id: bounce.tenant_id,
        address: bounce.address,
        stream: index % 5 === 4 ? ('bulk' as const) : null,
        reason: index % 5 === 4 ? 'complaint' : (bounce.class ?? 'manual'),
        source: 'webhook',
        evidence: bounce.diagnostic,
        recipient_id: bounce.recipient_id,
        created_at: bounce.at,
        expires_at: bounce.class === 'mailbox-full' ? iso(Date.parse(bounce.at) + 14 * DAY) : null,
        holds: 1 + (index % 3),
        by_answers: true,
      })),
    incidents: makeIncidents(now),
    policy: POLICY,
  };
}

function bounceOf(index: number, now: number): Bounce {
  const reply = REPLIES[index < 80 ? index % 3 : index % REPLIES.length];
  const [name, fault, at, hard, diagnostic, rule] = reply ?? ['unclassified', 'receiver' as const, 'other', false, '', ''];
  const own = index % 4 !== 3;
  return {
    id: id(8, index + 1),
    at: iso(now - index * 68 * MINUTE),
    tenant_id: own ? TENANT : id(1, 2),
    tenant_name: own ? 'rowing-club.example' : 'Chess League',
    message_id: id(4, 1),
    recipient_id: id(5, 3),
    address: `${PEOPLE[index % PEOPLE.length]}${index > 8 ? index : ''}@${at === 'other' ? 'firm' : at}.test`,
    subject: index % 3 === 0 ? 'Your membership renewal' : 'Invitation to the spring regatta',
    type: 'bounced',
    class: name,
    fault,
    hard,
    diagnostic: diagnostic === '' ? null : diagnostic,
    provider_label: index % 2 === 0 ? 'bounce_class 10' : null,
    rule,
    mailbox_provider: at,
    domain: own ? 'rowing-club.example' : 'chess-league.example',
    account: 'SparkPost EU',
    account_id: id(3, 1),
    stream: 'bulk',
    state: fault === 'sender-reputation' ? 'delivered' : 'bounced',
    held: hard || name === 'mailbox-full',
  };
}

function complaintOf(index: number, now: number): Complaint {
  return {
    id: id(9, index + 1),
    at: iso(now - index * 15 * HOUR),
    tenant_id: TENANT,
    tenant_name: 'rowing-club.example',
    message_id: id(4, 1),
    recipient_id: id(5, 3),
    address: `reader${index}@${index % 2 === 0 ? 'microsoft' : 'yahoo'}.test`,
    subject: 'Club news, March',
    tags: ['newsletter', 'march'],
    mailbox_provider: index % 2 === 0 ? 'microsoft' : 'yahoo',
    account: 'SparkPost EU',
    account_id: id(3, 1),
    stream: 'bulk',
    domain: 'rowing-club.example',
    state: 'delivered',
    held: true,
    type: 'abuse',
  };
}

export const RATES: readonly ComplaintRate[] = [
  {
    mailbox_provider: 'microsoft',
    delivered: 6240,
    complained: 12,
    rate: { value: 0.0019, low: 0.0011, high: 0.0032, n: 6240, shrunk: 0.0018 },
    verdict: 'watch',
  },
  {
    mailbox_provider: 'yahoo',
    delivered: 3120,
    complained: 1,
    rate: { value: 0.0004, low: 0.0001, high: 0.0014, n: 3120, shrunk: 0.0005 },
    verdict: 'good',
  },
  {
    mailbox_provider: 'gmx',
    delivered: 90,
    complained: 1,
    rate: { value: 0.011, low: 0.002, high: 0.04, n: 90, shrunk: 0.002 },
    verdict: 'too-little',
  },
];

const POLICY: HoldPolicy = {
  tenant_id: null,
  inherited: false,
  cap_days: 365,
  rules: [
    { classes: ['invalid-recipient', 'bad-domain'], failures: 1, over_days: 0, hold_days: null, streams: 'all', doubles: false },
    { classes: ['mailbox-full'], failures: 3, over_days: 14, hold_days: 14, streams: 'all', doubles: true },
    { classes: ['complaint', 'unsubscribed'], failures: 1, over_days: 0, hold_days: null, streams: 'bulk', doubles: false },
  ],
};

function makeIncidents(now: number): Incident[] {
  const base = {
    tenant_id: null,
    closed_at: null,
    closed_by: null,
    closed_why: null,
    reopened: 0,
    acknowledged_at: null,
    acknowledged_by: null,
    state: 'open' as const,
  };
  return [
    {
      ...base,
      id: id(10, 1),
      kind: 'ip-blocked',
      title: 'Outlook refuses the IP of SparkPost EU (pool north-dedicated).',
      subject: {
        account: { id: id(3, 1), name: 'SparkPost EU' },
        pool: { id: id(11, 1), name: 'north-dedicated' },
        mailbox_provider: 'microsoft',
      },
      fault: 'sender-reputation',
      opened_at: iso(now - 89 * MINUTE),
      last_seen_at: iso(now - 4 * MINUTE),
      messages: 161,
      rerouted: 158,
      evidence: [
        {
          at: iso(now - 4 * MINUTE),
          reply:
            "550 5.7.1 Unfortunately, messages from [198.51.100.24] weren't accepted. Part of their network is on our block list (S3150).",
          class: 'ip-reputation',
          count: 158,
        },
        {
          at: iso(now - 30 * HOUR),
          reply: '451 4.7.650 The mail server [198.51.100.25] has been temporarily rate limited.',
          class: 'rate-limited',
          count: 3,
        },
      ],
      next_step: 'Ask SparkPost to look at 198.51.100.24, and fill in the form of Outlook for senders.',
    },
    {
      ...base,
      id: id(10, 2),
      kind: 'authentication',
      title: 'Gmail cannot verify chess-league.example.',
      subject: { domain: 'chess-league.example', mailbox_provider: 'google' },
      tenant_id: id(1, 2),
      fault: 'authentication',
      opened_at: iso(now - 2 * DAY),
      last_seen_at: iso(now - 3 * HOUR),
      acknowledged_at: iso(now - DAY),
      acknowledged_by: 'owner',
      messages: 16,
      rerouted: 0,
      evidence: [
        {
          at: iso(now - 3 * HOUR),
          reply: '550-5.7.26 This mail has been blocked because the sender is unauthenticated.',
          class: 'auth-failure',
          count: 16,
        },
      ],
      next_step: 'The records of chess-league.example are on its page; the DKIM key is missing.',
    },
    {
      ...base,
      id: id(10, 3),
      kind: 'account',
      state: 'closed',
      title: 'Mandrill wanted to be paid.',
      subject: { account: { id: id(3, 3), name: 'Mandrill' } },
      fault: 'operator',
      opened_at: iso(now - 9 * DAY),
      last_seen_at: iso(now - 8 * DAY),
      closed_at: iso(now - 8 * DAY),
      closed_by: 'owner',
      closed_why: 'The bill was paid.',
      messages: 4,
      rerouted: 4,
      evidence: [],
      next_step: 'Nothing: it was paid.',
    },
  ];
}

const WORDS: Readonly<Record<string, readonly [en: string, de: string, nextEn: string, nextDe: string]>> = {
  'invalid-recipient': [
    'This address does not exist.',
    'Diese Adresse gibt es nicht.',
    'Ask the person for their current address.',
    'Fragen Sie die Person nach ihrer heutigen Adresse.',
  ],
  'mailbox-full': [
    'The mailbox is full, as after a long holiday.',
    'Das Postfach quillt über, wie nach einem langen Urlaub.',
    'Your next mail tries again.',
    'Ihre nächste Nachricht versucht es wieder.',
  ],
  'ip-reputation': [
    'A mail server does not trust one of our machines.',
    'Ein Mailserver misstraut einem unserer Rechner.',
    'Nothing for you to do.',
    'Sie müssen nichts tun.',
  ],
};

export function classWords(lang: string): ClassWords[] {
  const at = lang === 'de' ? 1 : 0;
  return [...REPLIES.map(([name, fault]) => ({ class: name, fault })), { class: 'complaint', fault: null }].map(
    ({ class: name, fault }) => {
      const words = WORDS[name];
      const told = words?.[at] ?? (at === 0 ? `What ${name} means, in a sentence.` : `Was ${name} bedeutet, in einem Satz.`);
      const next = words?.[at + 2] ?? (at === 0 ? 'Look at the message.' : 'Sehen Sie sich die Nachricht an.');
      const said = { volunteer: told, developer: told, next };
      return { class: name, fault, ...said, ended: said };
    },
  );
}

/** Counts over bounces, as statistics give them. */
export function countsOf(key: string, rows: readonly Bounce[], accepted: number): StatisticsRow {
  const by_fault: Record<string, number> = {};
  for (const { fault } of rows) if (fault !== null) by_fault[fault] = (by_fault[fault] ?? 0) + 1;
  const bounced = rows.length;
  return {
    key,
    label: key,
    accepted,
    handed_over: 0,
    delivered: accepted - bounced,
    bounced,
    failed: 0,
    expired: 0,
    suppressed: 0,
    cancelled: 0,
    under_way: 0,
    not_refused: 0,
    unknown: 0,
    complained: accepted === 0 ? 0 : 3,
    unsubscribed: 2,
    by_fault,
    operator_failed: null,
    delivered_rate: rateOf(accepted - bounced, accepted),
    not_refused_rate: rateOf(accepted - bounced, accepted),
    bounce_rate: rateOf(bounced, accepted),
    complaint_rate: rateOf(3, accepted),
  };
}

/** Roughly as likely as the real one says. */
function rateOf(part: number, n: number): ApiRate {
  if (n === 0) return { value: null, low: null, high: null, n, shrunk: null };
  const value = part / n;
  const wide = 1.6 * Math.sqrt((value * (1 - value) + 1 / n) / n);
  return { value, low: Math.max(0, value - wide), high: Math.min(1, value + wide), n, shrunk: value };
}

// This file writes the messages of the mock's world: one in every state, one to three people, one to a crew, and many that arrived.
// Longer than 300 lines because it is data: a list of fates reads better whole.
import type { Mark, RecipientState } from '../src/api/model.ts';
import type { MessageDetail, MessageSummary, RecipientDetail } from '../src/api/schema.gen.ts';
import { DAY, HOUR, id, iso, MINUTE, SECOND, TENANT } from './clockwork.ts';

type Attempt = RecipientDetail['attempts'][number];
type RecipientEvent = RecipientDetail['events'][number];
type Decision = NonNullable<RecipientDetail['decision']>;

interface Fate {
  readonly state: RecipientState;
  readonly address: string;
  readonly reason?: string;
  readonly marks?: readonly Mark[];
  readonly attempts?: readonly Partial<Attempt>[];
  readonly events?: readonly Partial<RecipientEvent>[];
  /** Milliseconds from now. */
  readonly dueMs?: number;
  readonly decision?: Decision;
}

const chose = (
  account: string,
  rest: readonly [string, string, 'may' | 'well' | 'room' | 'preferred', string][],
  better: string | null = null,
): Decision => ({
  judgements: [
    { account, provider: '', pool: '', chosen: true, stoppedAt: null, because: 'First in the order that is eligible and well.' },
    ...rest.map(([name, pool, gate, because]) => ({ account: name, provider: '', pool, chosen: false, stoppedAt: gate, because })),
  ],
  better,
  heldBecause: null,
  waits: false,
});
const FIRST = chose('SparkPost EU', [
  ['Elastic Email', '', 'preferred', 'SparkPost EU comes first in the order.'],
  ['Mandrill', '', 'may', 'mandrill insists on SPF and DKIM, and rowing-club.example is not authenticated.'],
]);
const SECOND_WAY = chose(
  'Elastic Email',
  [
    ['SparkPost EU', 'north-dedicated', 'may', 'This account refused this recipient already.'],
    ['Own smarthost', '', 'well', 'The account is unreachable: connect ECONNREFUSED'],
    ['Mandrill', '', 'may', 'mandrill insists on SPF and DKIM, and rowing-club.example is not authenticated.'],
  ],
  'Authenticate rowing-club.example (SPF and DKIM) and this mail can take Mandrill.',
);

const took = (fromMs: number, toMs: number, more: Partial<Attempt>): Partial<Attempt> => ({
  started_at: String(fromMs),
  ended_at: String(toMs),
  account_id: id(3, 1),
  ...more,
});
const OK = took(300, 800, { outcome: 'handed_over', reply: '250 2.0.0 accepted, id 11668787484950529' });

const RENEWAL: readonly Fate[] = [
  {
    address: 'anna.w@outlook.test',
    state: 'delivered',
    attempts: [
      took(300, 1_600, {
        outcome: 'refused',
        class: 'ip-reputation',
        reply:
          "550 5.7.1 Unfortunately, messages from [198.51.100.24] weren't sent. Please contact your Internet service provider since part of their network is on our block list (S3150).",
      }),
      took(2_300, 8_900, { outcome: 'handed_over', account_id: id(3, 2), reply: '200 {"MessageID":"E7kQ2"}' }),
    ],
    events: [{ type: 'delivered', at: '13200', data: { diagnostic: '250 2.6.0 Queued mail for delivery', account: 'Elastic Email' } }],
    decision: SECOND_WAY,
  },
  {
    address: 'treasurer@club.test',
    state: 'deferred',
    reason: 'mailbox-full',
    dueMs: 54 * MINUTE,
    attempts: [2_100, 60_000, 360_000, 1_260_000, 3_060_000].map((at) =>
      took(at - 1_800, at, {
        outcome: 'deferred',
        class: 'mailbox-full',
        reply: '452 4.2.2 The email account that you tried to reach is over quota.',
      }),
    ),
    decision: FIRST,
  },
  {
    address: 'old-board@mailbox.test',
    state: 'bounced',
    reason: 'invalid-recipient',
    attempts: [took(300, 900, { outcome: 'handed_over', reply: '250 ok' })],
    events: [
      {
        type: 'bounced',
        at: '1900',
        data: {
          class: 'invalid-recipient',
          fault: 'recipient',
          diagnostic: '550 5.1.1 <old-board@mailbox.test>: Recipient address rejected: User unknown',
          provider_label: 'bounce_class 10',
          rule: 'postfix-unknown-user',
        },
      },
      { type: 'suppressed', at: '1950', data: {} },
    ],
    decision: FIRST,
  },
];

const SINGLES: readonly (readonly [subject: string, fate: Fate, agoMs: number, stream?: 'bulk'])[] = [
  ['Your receipt for March', { state: 'submitting', address: 'l.brandt@mailbox.test' }, 2 * SECOND],
  [
    'Invitation to the spring regatta',
    { state: 'handed_over', address: 'm.hofer@outlook.test', attempts: [OK], decision: FIRST },
    40 * SECOND,
  ],
  [
    'Welcome to the club',
    {
      state: 'handed_over',
      marks: ['silent'],
      address: 'new.member@provider.test',
      attempts: [{ ...OK, account_id: id(3, 4) }],
      decision: FIRST,
    },
    6 * MINUTE,
  ],
  ['Password for the members’ area', { state: 'queued', address: 'slow@greylist.test', dueMs: 4 * MINUTE }, 8 * MINUTE],
  ['Board meeting on Thursday', { state: 'scheduled', address: 'board@rowing-club.example', dueMs: 5 * HOUR }, 12 * MINUTE],
  [
    'Donation receipt 2025',
    {
      state: 'held',
      address: 'info@firm.test',
      reason: 'no-route',
      decision: {
        ...SECOND_WAY,
        judgements: (SECOND_WAY['judgements'] as unknown[]).slice(1),
        better: null,
        heldBecause: 'Every account of the order is paused or has refused this message.',
        heldCode: 'every-account-out',
      },
    },
    25 * MINUTE,
  ],
  [
    'Your booking of boat 7',
    {
      state: 'uncertain',
      address: 'k.yilmaz@mailbox.test',
      reason: 'line-broke',
      attempts: [took(300, 30_400, { outcome: 'unknown', reply: 'The connection closed after the final dot.' })],
    },
    31 * MINUTE,
  ],
  [
    'Your invoice 4711',
    {
      state: 'failed',
      address: 'office@firm.test',
      reason: 'message-too-large',
      attempts: [took(300, 700, { outcome: 'refused', class: 'message-too-large', reply: '552 5.3.4 Message size exceeds fixed limit' })],
    },
    2 * HOUR,
  ],
  ['Training is cancelled today', { state: 'expired', address: 'coach@unreachable.test', reason: 'expired' }, 3 * DAY],
  ['Newsletter, March', { state: 'suppressed', address: 'no.more@mailbox.test', reason: 'unsubscribed' }, 4 * HOUR, 'bulk'],
  ['Draft, do not read', { state: 'cancelled', address: 'board@rowing-club.example' }, 5 * HOUR],
  [
    'Newsletter, March',
    {
      state: 'delivered',
      address: 'reader@yahoo.test',
      marks: ['complained', 'opened'],
      attempts: [OK],
      events: [
        { type: 'delivered', at: '3100', data: { diagnostic: '250 ok dirdel' } },
        { type: 'opened', at: '1900000', data: {} },
        { type: 'complained', at: '2400000', data: {} },
      ],
      decision: FIRST,
    },
    4 * HOUR,
    'bulk',
  ],
];

/** All messages, newest first. */
export function makeMessages(now: number): MessageDetail[] {
  const out = [message(now, 1, 'Your membership renewal', RENEWAL, 54 * MINUTE)];
  SINGLES.forEach(([subject, fate, ago, stream], index) => {
    out.push(message(now, index + 2, subject, [fate], ago, stream));
  });
  const crew: Fate[] = Array.from({ length: 24 }, (_, index) => ({
    address: `rower${index + 1}@${index % 3 === 0 ? 'outlook' : 'mailbox'}.test`,
    state: index === 5 ? 'bounced' : index === 9 ? 'deferred' : index > 20 ? 'handed_over' : 'delivered',
    ...(index === 5 ? { reason: 'invalid-recipient' } : index === 9 ? { reason: 'greylist', dueMs: 9 * MINUTE } : {}),
    attempts: [OK],
    decision: FIRST,
  }));
  out.push(message(now, 20, 'Spring regatta, crew list', crew, 70 * MINUTE));
  for (let index = 0; index < 60; index += 1) {
    out.push(
      message(
        now,
        100 + index,
        `Membership card ${2026 - (index % 3)}`,
        [
          {
            address: `member${index}@mailbox.test`,
            state: 'delivered',
            attempts: [OK],
            events: [{ type: 'delivered', at: '2800', data: { diagnostic: '250 2.0.0 OK' } }],
            decision: FIRST,
          },
        ],
        (80 + index * 23) * MINUTE,
      ),
    );
  }
  return out.sort((a, b) => (a.created_at < b.created_at ? 1 : -1));
}

function message(
  now: number,
  number: number,
  subject: string,
  fates: readonly Fate[],
  agoMs: number,
  stream: 'transactional' | 'bulk' = 'transactional',
): MessageDetail {
  const born = now - agoMs;
  const recipients = fates.map((fate, index) =>
    recipient(now, born, { number: number * 1_000 + index, messageId: id(4, number), stream }, fate),
  );
  return {
    id: id(4, number),
    tenant_id: TENANT,
    tenant_name: 'rowing-club.example',
    from: 'office@rowing-club.example',
    mail_from: 'bounces@rowing-club.example',
    subject,
    stream,
    created_at: iso(born),
    send_at: null,
    size: 18_400 + number * 37,
    header_message_id: `<${number}.4f2a@rowing-club.example>`,
    tags: number % 2 === 1 ? ['renewal', 'crm'] : [],
    metadata: number === 1 ? { member: '20117', run: '2026-03' } : null,
    credential_id: id(2, 1),
    recipient_count: recipients.length,
    states: statesOf(recipients),
    recipients,
    truncated: false,
  };
}

interface Place {
  readonly number: number;
  readonly messageId: string;
  readonly stream: 'transactional' | 'bulk';
}

function recipient(now: number, born: number, { number, messageId, stream }: Place, fate: Fate): RecipientDetail {
  const at = (text: string | undefined) => iso(born + Number(text ?? 0));
  const attempts = (fate.attempts ?? []).map(
    (attempt, index): Attempt => ({
      id: id(7, number * 10 + index),
      number: index + 1,
      account_id: id(3, 1),
      decision_id: null,
      outcome: 'handed_over',
      class: null,
      reply: null,
      provider_message_id: null,
      ...attempt,
      started_at: at(attempt.started_at),
      ended_at: at(attempt.ended_at),
    }),
  );
  const events = (fate.events ?? []).map(
    (event, index): RecipientEvent => ({ id: id(8, number * 10 + index), type: '', data: null, ...event, at: at(event.at) }),
  );
  const last = [...attempts.map((attempt) => attempt.ended_at), ...events.map((event) => event.at)].sort().at(-1) ?? iso(born + 40);
  return {
    id: id(9, number),
    tenant_id: TENANT,
    message_id: messageId,
    stream,
    attempt_count: attempts.length,
    account_id: attempts.at(-1)?.account_id ?? null,
    address: fate.address,
    state: fate.state,
    state_at: fate.state === 'expired' ? iso(born + 2.9 * DAY) : last,
    next_at: fate.dueMs === undefined ? null : iso(now + fate.dueMs),
    reason: fate.reason ?? null,
    marks: fate.marks ?? [],
    attempts,
    events,
    decision: fate.decision ?? null,
  };
}

function statesOf(recipients: readonly RecipientDetail[]): MessageDetail['states'] {
  const states: Partial<Record<RecipientState, number>> = {};
  for (const { state } of recipients) states[state] = (states[state] ?? 0) + 1;
  return states;
}

/** A message as the list shows it. */
export function rowOf(message: MessageDetail): MessageSummary {
  const { id: own, tenant_id, tenant_name, from, subject, stream, created_at, send_at, size, tags, recipients } = message;
  const first_recipient = recipients[0]?.address ?? null;
  return {
    id: own,
    tenant_id,
    tenant_name,
    from,
    subject,
    stream,
    created_at,
    send_at,
    size,
    tags,
    recipient_count: recipients.length,
    states: statesOf(recipients),
    first_recipient,
  };
}

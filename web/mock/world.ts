// This file is the small world behind the mock API: one platform, three organisations, four accounts, and messages in every state. It is for
// development and for looking at pages; nothing of it is in the built console.
import type {
  Attempt,
  Credential,
  Decision,
  DeskEvent,
  Mark,
  Message,
  MessageRow,
  ProviderAccount,
  Recipient,
  RecipientEvent,
  RecipientState,
  Sender,
  SendingDomain,
  Tenant,
} from '../src/api/model.ts';

export interface World {
  readonly tenants: Tenant[];
  readonly credentials: Credential[];
  readonly domains: (SendingDomain & { tenant_id: string })[];
  readonly senders: (Sender & { tenant_id: string })[];
  readonly accounts: ProviderAccount[];
  readonly messages: Message[];
  readonly events: DeskEvent[];
  /** Every account belongs to the simulator. */
  simulator: boolean;
  nextId(): string;
}

export const TENANT = '0198c000-0000-7000-8000-000000000001';
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const iso = (ms: number) => new Date(ms).toISOString();
const id = (kind: number, number: number) => `0198c0${kind.toString(16).padStart(2, '0')}-0000-7000-8000-${number.toString(16).padStart(12, '0')}`;

/** A world as of `nowMs`. The same time gives the same world. */
export function makeWorld(nowMs: number): World {
  let made = 0;
  const tenants = makeTenants(nowMs);
  return {
    tenants,
    credentials: makeCredentials(nowMs),
    domains: makeDomains(nowMs),
    senders: [{ id: id(6, 1), tenant_id: tenants[1]?.id ?? '', address: 'chess.league@mailbox.test', verified_at: null, created_at: iso(nowMs - 9 * DAY) }],
    accounts: makeAccounts(nowMs),
    messages: makeMessages(nowMs),
    events: [],
    simulator: false,
    nextId: () => {
      made += 1;
      return id(99, made);
    },
  };
}

function makeTenants(now: number): Tenant[] {
  const row = (number: number, name: string, more: Partial<Tenant> = {}): Tenant => ({
    id: number === 1 ? TENANT : id(1, number),
    name,
    state: 'active',
    uncertain_policy: null,
    created_at: iso(now - number * 40 * DAY),
    ...more,
  });
  return [row(1, 'rowing-club.example'), row(2, 'Chess League'), row(3, 'Verein Nord e. V.', { state: 'suspended', uncertain_policy: 'hold' })];
}

function makeCredentials(now: number): Credential[] {
  const row = (number: number, more: Partial<Credential>): Credential => ({
    id: id(2, number),
    tenant_id: TENANT,
    kind: 'api_key',
    name: '',
    handle: null,
    scopes: ['messages:write', 'messages:read'],
    default_stream: 'transactional',
    networks: [],
    rate_per_minute: null,
    state: 'active',
    created_at: iso(now - 30 * DAY),
    last_used_at: null,
    ...more,
  });
  return [
    row(1, { name: 'crm-live', handle: 'pb_live_7q3x', last_used_at: iso(now - 4 * MINUTE) }),
    row(2, { kind: 'smtp', name: 'old newsletter tool', handle: 'rowing-club-2', default_stream: 'bulk', state: 'suspended', last_used_at: iso(now - 3 * DAY) }),
    row(3, { tenant_id: id(1, 2), name: '', handle: 'pb_live_k2aa' }),
    row(4, { tenant_id: id(1, 2), kind: 'network', name: 'school server', networks: ['10.4.0.0/16'], last_used_at: iso(now - 20 * HOUR) }),
    row(5, { tenant_id: null, name: 'first operator key', handle: 'pb_op_1b9f', scopes: ['operator'], last_used_at: iso(now - 40 * SECOND) }),
    row(6, { name: 'crm-2024', handle: 'pb_live_0001', state: 'revoked', last_used_at: iso(now - 200 * DAY) }),
  ];
}

function makeDomains(now: number): (SendingDomain & { tenant_id: string })[] {
  const records = (name: string) => [
    { type: 'TXT', host: `pb1._domainkey.${name}`, value: `v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAwS${'x7Qp2'.repeat(30)}` },
    { type: 'TXT', host: `_dmarc.${name}`, value: 'v=DMARC1; p=none' },
  ];
  return [
    { id: id(5, 1), tenant_id: TENANT, name: 'rowing-club.example', authenticated: true, state: 'verified', records: records('rowing-club.example'), created_at: iso(now - 39 * DAY) },
    { id: id(5, 2), tenant_id: TENANT, name: 'regatta.example', authenticated: false, state: 'pending', records: records('regatta.example'), created_at: iso(now - DAY) },
  ];
}

function makeAccounts(now: number): ProviderAccount[] {
  const row = (number: number, name: string, provider: string, more: Partial<ProviderAccount> = {}): ProviderAccount => ({
    id: id(3, number),
    name,
    provider,
    state: 'active',
    health: 'well',
    health_reason: null,
    health_until: null,
    simulated: false,
    settings: provider === 'smtp' ? { host: 'mx1.harbour.example', port: 587, tls: 'starttls', username: 'desk' } : { base_url: `https://api.${provider}.example/v1` },
    webhook_url: `http://127.0.0.1:8480/hooks/w_${number}f8c2b7d9e4a1650`,
    webhook_auth: { username: 'packetboat', password: `Qx7-${number}kT-v9Lm-2Rzd` },
    created_at: iso(now - number * 20 * DAY),
    ...more,
  });
  return [
    row(1, 'SparkPost EU', 'sparkpost'),
    row(2, 'Elastic Email', 'elastic-email', { health: 'degraded', health_reason: '2 of the last 20 answers took longer than 30 s' }),
    row(3, 'Mandrill', 'mandrill', { health: 'unreachable', health_reason: 'connect ETIMEDOUT 203.0.113.7:443', health_until: iso(now + 41 * SECOND + 2 * MINUTE) }),
    row(4, 'Own smarthost', 'smtp'),
  ];
}

// ── messages ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

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

const chose = (account: string, rest: readonly [string, string, 'may' | 'well' | 'room' | 'preferred', string][], better: string | null = null): Decision => ({
  judgements: [
    { account, provider: '', pool: '', chosen: true, stopped_at: null, because: 'First in the order that is eligible and well.' },
    ...rest.map(([name, pool, gate, because]) => ({ account: name, provider: '', pool, chosen: false, stopped_at: gate, because })),
  ],
  better,
  held_because: null,
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

const took = (fromMs: number, toMs: number, more: Partial<Attempt>): Partial<Attempt> => ({ started_at: String(fromMs), ended_at: String(toMs), account_name: 'SparkPost EU', ...more });
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
      took(2_300, 8_900, { outcome: 'handed_over', account_name: 'Elastic Email', reply: '200 {"MessageID":"E7kQ2"}' }),
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
      took(at - 1_800, at, { outcome: 'deferred', class: 'mailbox-full', reply: '452 4.2.2 The email account that you tried to reach is over quota.' }),
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
  ['Invitation to the spring regatta', { state: 'handed_over', address: 'm.hofer@outlook.test', attempts: [OK], decision: FIRST }, 40 * SECOND],
  [
    'Welcome to the club',
    { state: 'handed_over', marks: ['silent'], address: 'new.member@provider.test', attempts: [{ ...OK, account_name: 'Own smarthost' }], decision: FIRST },
    6 * MINUTE,
  ],
  ['Password for the members’ area', { state: 'queued', address: 'slow@greylist.test', dueMs: 4 * MINUTE }, 8 * MINUTE],
  ['Board meeting on Thursday', { state: 'scheduled', address: 'board@rowing-club.example', dueMs: 5 * HOUR }, 12 * MINUTE],
  [
    'Donation receipt 2025',
    { state: 'held', address: 'info@firm.test', reason: 'no-route', decision: { ...chose('', []), judgements: SECOND_WAY.judgements.slice(1), held_because: 'Every account of the order is paused or has refused this message.' } },
    25 * MINUTE,
  ],
  ['Your booking of boat 7', { state: 'uncertain', address: 'k.yilmaz@mailbox.test', reason: 'line-broke', attempts: [took(300, 30_400, { outcome: 'unknown', reply: 'The connection closed after the final dot.' })] }, 31 * MINUTE],
  ['Your invoice 4711', { state: 'failed', address: 'office@firm.test', reason: 'message-too-large', attempts: [took(300, 700, { outcome: 'refused', class: 'message-too-large', reply: '552 5.3.4 Message size exceeds fixed limit' })] }, 2 * HOUR],
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

function makeMessages(now: number): Message[] {
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
        [{ address: `member${index}@mailbox.test`, state: 'delivered', attempts: [OK], events: [{ type: 'delivered', at: '2800', data: { diagnostic: '250 2.0.0 OK' } }], decision: FIRST }],
        (80 + index * 23) * MINUTE,
      ),
    );
  }
  return out.sort((a, b) => (a.created_at < b.created_at ? 1 : -1));
}

function message(now: number, number: number, subject: string, fates: readonly Fate[], agoMs: number, stream: 'transactional' | 'bulk' = 'transactional'): Message {
  const born = now - agoMs;
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
    credential: { id: id(2, 1), name: 'crm-live', kind: 'api_key' },
    recipients: fates.map((fate, index) => recipient(now, born, number * 1_000 + index, fate)),
  };
}

function recipient(now: number, born: number, number: number, fate: Fate): Recipient {
  const at = (text: string | undefined) => iso(born + Number(text ?? 0));
  const attempts = (fate.attempts ?? []).map(
    (attempt, index): Attempt => ({
      id: id(7, number * 10 + index),
      number: index + 1,
      account_name: 'SparkPost EU',
      outcome: 'handed_over',
      class: null,
      reply: null,
      provider_message_id: null,
      ...attempt,
      started_at: at(attempt.started_at),
      ended_at: at(attempt.ended_at),
    }),
  );
  const events = (fate.events ?? []).map((event, index): RecipientEvent => ({ id: id(8, number * 10 + index), type: '', data: null, ...event, at: at(event.at) }));
  const last = [...attempts.map((attempt) => attempt.ended_at), ...events.map((event) => event.at)].sort().at(-1) ?? iso(born + 40);
  return {
    id: id(9, number),
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

/** A message as the list shows it. */
export function rowOf(message: Message): MessageRow {
  const states: Partial<Record<RecipientState, number>> = {};
  for (const { state } of message.recipients) states[state] = (states[state] ?? 0) + 1;
  const { id: own, tenant_id, tenant_name, from, subject, stream, created_at, recipients } = message;
  return { id: own, tenant_id, tenant_name, from, subject, stream, created_at, recipient_count: recipients.length, states, first_recipient: recipients[0]?.address ?? null };
}

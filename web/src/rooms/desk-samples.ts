// This file holds what the development page shows.
import type { Decision, Fault, Mark, StateCounts } from '../api/model.ts';

export const FAULTS: readonly Fault[] = [
  'recipient',
  'receiver',
  'content',
  'authentication',
  'sender-reputation',
  'capacity',
  'operator',
  'policy',
];
export const MARKS: readonly Mark[] = ['complained', 'opened', 'clicked', 'unsubscribed', 'resent', 'silent'];

export const COUNTS: readonly (readonly [name: string, counts: Partial<StateCounts>])[] = [
  ['whole', { delivered: 2 }],
  [
    'loupe',
    {
      delivered: 40_377,
      handed_over: 412,
      submitting: 3,
      queued: 61,
      deferred: 188,
      held: 7,
      uncertain: 1,
      bounced: 98,
      expired: 2,
      suppressed: 58,
      cancelled: 1,
    },
  ],
  [
    'all',
    {
      delivered: 30,
      handed_over: 12,
      submitting: 9,
      queued: 9,
      scheduled: 9,
      deferred: 9,
      held: 9,
      uncertain: 9,
      bounced: 9,
      failed: 9,
      expired: 9,
      suppressed: 9,
      cancelled: 9,
    },
  ],
];

export const ROWS = [
  { name: 'First', count: 12 },
  { name: 'Second', count: 0 },
  { name: 'Third', count: 4_711 },
] as const;

const NO_CODE = {
  code: null,
  facts: { domain: null, bytes: null, bytesMax: null, first: null, address: null, signed_with: null },
} as const;

export const CHOSEN: Decision = {
  judgements: [
    {
      account: 'Elastic Email',
      provider: 'elastic-email',
      pool: '',
      chosen: true,
      stopped_at: null,
      rewritten: false,
      because: 'First in the order that is eligible and well.',
      ...NO_CODE,
    },
    {
      account: 'SparkPost EU',
      provider: 'sparkpost',
      pool: 'north-dedicated',
      chosen: false,
      stopped_at: 'well',
      rewritten: false,
      because: 'The account is throttled.',
      ...NO_CODE,
    },
    {
      account: 'Mandrill',
      provider: 'mandrill',
      pool: '',
      chosen: false,
      stopped_at: 'may',
      rewritten: false,
      because: 'It insists on SPF and DKIM.',
      ...NO_CODE,
    },
    {
      account: 'Own smarthost',
      provider: 'smtp',
      pool: '',
      chosen: false,
      stopped_at: 'preferred',
      rewritten: false,
      because: 'Elastic Email comes first in the order.',
      ...NO_CODE,
    },
  ],
  better: 'Authenticate rowing-club.example and this mail can take Mandrill.',
  better_code: null,
  held_because: null,
  held_code: null,
  facts: { domain: null, account: null },
  waits: false,
};

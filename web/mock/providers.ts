// This file holds the kinds of providers that the mock knows.
import type { ProviderInfo } from '../src/api/model.ts';

type Capabilities = ProviderInfo['capabilities'];

const BASE: Capabilities = {
  needsAuthenticatedDomain: true,
  acceptsVerifiedAddress: false,
  rawMime: true,
  preservesMime: false,
  batchMax: 1_000,
  sizeMaxBytes: 20_000_000,
  returnPath: 'domain',
  ipPools: true,
  subaccounts: true,
  idempotency: false,
  deliveryEvents: true,
  webhookSignature: 'none',
  suppressions: null,
  domains: false,
};

export const PROVIDERS: readonly ProviderInfo[] = [
  {
    kind: 'smtp',
    title: 'SMTP smarthost',
    capabilities: {
      ...BASE,
      needsAuthenticatedDomain: false,
      preservesMime: true,
      deliveryEvents: false,
      ipPools: false,
      subaccounts: false,
      sizeMaxBytes: null,
    },
    cannot: [{ what: 'Delivery events', reason: 'A smarthost only says that it took the message; bounces come back by mail.' }],
  },
  {
    kind: 'sparkpost',
    title: 'SparkPost',
    capabilities: {
      ...BASE,
      suppressions: { since: true, pageMax: 10_000, listMax: null, perStream: true, ownListBy: 'subaccount', everyS: 3_600, delayS: 300 },
    },
    cannot: [
      {
        what: 'Notice a repetition',
        reason: 'The transmissions call has no idempotency key, so a lost answer stays uncertain until an event comes.',
      },
      { what: 'Sign its reports', reason: 'Webhooks carry basic auth only; the address is secret.' },
    ],
  },
  {
    kind: 'elastic-email',
    title: 'Elastic Email',
    capabilities: { ...BASE, rawMime: false, acceptsVerifiedAddress: true },
    cannot: [{ what: 'Raw messages', reason: 'Its API takes fields, so a message it would change is refused by the router.' }],
  },
  { kind: 'mandrill', title: 'Mandrill', capabilities: { ...BASE, webhookSignature: 'hmac' }, cannot: [] },
];

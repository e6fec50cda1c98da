// This file is SparkPost (now Bird Email) as the house knows it: what it can do, and the parts that do it.
import type { ProviderAdapter } from '../../delivery/provider.ts';
import { sparkpostWebhook } from './events.ts';
import { connectSparkpost } from './send.ts';
import { carries, parseSparkpostAccount } from './settings.ts';
import { SPARKPOST_PAGE_MAX } from './suppressions.ts';

/** Recipients of one transmission. SparkPost names no limit and advises small parallel batches; one uncertain answer concerns them all. */
const BATCH_MAX = 1_000;
/** SparkPost's limit for text, html and attachments together. */
const SIZE_MAX_BYTES = 20_000_000;

export const sparkpostAdapter: ProviderAdapter = {
  kind: 'sparkpost',
  title: 'SparkPost',
  capabilities: {
    needsAuthenticatedDomain: true,
    acceptsVerifiedAddress: false,
    rawMime: true,
    preservesMime: false,
    batchMax: BATCH_MAX,
    sizeMaxBytes: SIZE_MAX_BYTES,
    returnPath: 'domain',
    ipPools: true,
    subaccounts: true,
    idempotency: false,
    deliveryEvents: true,
    webhookSignature: 'none',
    suppressions: {
      since: true,
      pageMax: SPARKPOST_PAGE_MAX,
      listMax: null,
      perStream: true,
      ownListBy: 'a subaccount of its own (setting `subaccount`)',
      everyS: 900,
      delayS: 60,
    },
    domains: true,
    cannot: [
      {
        what: 'keep our DKIM signature',
        reason: 'SparkPost substitutes in headers, may replace List-Unsubscribe of bulk mail, and signs by itself.',
      },
      { what: 'addresses with a blank in quotes', reason: 'Nothing says that the API takes them for one address; another account does.' },
      { what: 'headers that hold "{{"', reason: 'Substitution in headers cannot be switched off, so the text would change.' },
      { what: 'messages that are not UTF-8', reason: 'The raw message travels inside JSON, which is Unicode.' },
      { what: 'keep the local part of the return path', reason: 'SparkPost overwrites it; only a verified bounce domain can be chosen.' },
      {
        what: 'an outcome per recipient of a batch',
        reason: 'The answer holds totals only; a batch accepted in part is uncertain as a whole until its events come.',
      },
      { what: 'idempotent hand-overs', reason: 'SparkPost has no idempotency key; a request repeated after a broken line may send twice.' },
      { what: 'tags', reason: 'SparkPost knows 100 distinct tags per account, too few for many tenants; tags stay with us.' },
      {
        what: 'take rows of the source "Compliance" off its suppression list',
        reason: 'SparkPost puts them there itself and changes them for nobody; write to its support.',
      },
      {
        what: 'show its global suppression list',
        reason:
          'Role accounts and mistyped domains stand on a list of SparkPost that no call reads; mail to them is dropped with "system policy".',
      },
      { what: 'sign its webhooks', reason: 'SparkPost offers basic auth and OAuth2; we use a secret path and basic auth.' },
    ],
  },
  parseAccount: parseSparkpostAccount,
  connect: connectSparkpost,
  carries,
  webhook: sparkpostWebhook,
};

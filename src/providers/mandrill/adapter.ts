// This file is Mandrill (Mailchimp Transactional) as the house knows it: what it can do, and the parts that do it.
import type { ProviderAdapter } from '../../delivery/provider.ts';
import { notText } from '../raw-mime.ts';
import { mandrillWebhook } from './events.ts';
import { connectMandrill } from './send.ts';
import { parseMandrillAccount } from './settings.ts';
import { MANDRILL_LIST_MAX } from './suppressions.ts';

/** Above ten recipients Mandrill answers "queued" for everybody and tells refusals by webhook only. */
const BATCH_MAX = 10;
/** The whole message, base64 included. */
const SIZE_MAX_BYTES = 25_000_000;

export const mandrillAdapter: ProviderAdapter = {
  kind: 'mandrill',
  title: 'Mandrill (Mailchimp Transactional)',
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
    webhookSignature: 'hmac',
    suppressions: {
      since: false,
      pageMax: MANDRILL_LIST_MAX,
      listMax: MANDRILL_LIST_MAX,
      perStream: false,
      ownListBy: 'a subaccount of its own (setting `subaccount`)',
      everyS: 3_600,
      delayS: 0,
    },
    domains: true,
    cannot: [
      { what: 'keep our DKIM signature', reason: 'Mandrill builds the message anew and signs by itself.' },
      { what: 'addresses with a blank in quotes', reason: 'Nothing says that the API takes them for one address; another account does.' },
      { what: 'messages that are not UTF-8', reason: 'The raw message travels inside JSON, which is Unicode.' },
      {
        what: 'switch tracking off for one message',
        reason: 'Raw messages follow the account; switch open and click tracking off in its sending defaults.',
      },
      {
        what: 'our recipient id on each recipient of a batch',
        reason: 'A raw message has one set of metadata; several recipients are known by the ids in the answer.',
      },
      { what: 'keep the local part of the return path', reason: 'Only a return-path domain can be chosen.' },
      { what: 'idempotent hand-overs', reason: 'Mandrill has no idempotency key; a request repeated after a broken line may send twice.' },
      {
        what: 'refuse when the account is paused or over quota',
        reason: 'Mandrill accepts and keeps such mail; we record it as handed over and mark the account as degraded.',
      },
      {
        what: 'list more than 1,000 entries of its denylist',
        reason: 'The API has no second page; what is missing is looked up when Mandrill rejects a hand-over for it.',
      },
      {
        what: 'take entries off its denylist for free',
        reason: 'Mandrill lets every entry be removed and counts removals of bounces and complaints against the account.',
      },
      { what: 'tags', reason: 'Mandrill keeps about 100 distinct tags per account, too few for many tenants; tags stay with us.' },
    ],
  },
  parseAccount: parseMandrillAccount,
  connect: connectMandrill,
  carries: notText,
  webhook: mandrillWebhook,
};

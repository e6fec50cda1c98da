// This file is Elastic Email as the house knows it: what it can do, and the parts that do it.
import type { ProviderAdapter } from '../../delivery/provider.ts';
import { elasticEmailWebhook } from './events.ts';
import { toFields } from './fields.ts';
import { connectElasticEmail } from './send.ts';
import { parseElasticEmailAccount } from './settings.ts';
import { ELASTIC_PAGE_MAX } from './suppressions.ts';

export const elasticEmailAdapter: ProviderAdapter = {
  kind: 'elastic-email',
  title: 'Elastic Email',
  capabilities: {
    // A verified single address is enough; a domain without proof is branded with the account's default domain.
    needsAuthenticatedDomain: false,
    acceptsVerifiedAddress: true,
    rawMime: false,
    preservesMime: false,
    // One recipient per call: several would see each other, and there is one postback per call.
    batchMax: 1,
    sizeMaxBytes: null,
    returnPath: 'domain',
    ipPools: true,
    subaccounts: true,
    // An Idempotency-Key is sent with every call; that it works is said by the newest SDKs only, so nothing relies on it.
    idempotency: false,
    deliveryEvents: true,
    webhookSignature: 'none',
    suppressions: {
      since: false,
      pageMax: ELASTIC_PAGE_MAX,
      listMax: null,
      perStream: false,
      ownListBy: 'the key of a subaccount, which the account cannot prove (`push_holds` "always")',
      everyS: 21_600,
      delayS: 0,
    },
    domains: true,
    cannot: [
      {
        what: 'raw MIME',
        reason: 'There is no endpoint for it; a message goes only if it can be taken apart and put together without loss.',
      },
      { what: 'keep our DKIM signature', reason: 'Elastic Email builds the message anew and signs by itself.' },
      { what: 'addresses with a blank in quotes', reason: 'Nothing says that the API takes them for one address; another account does.' },
      { what: 'inline images', reason: 'Attachments have no field for a Content-ID.' },
      {
        what: 'several addresses in To or Cc',
        reason: 'The recipient of a call is what To shows, and everybody named there gets the mail.',
      },
      { what: 'text that holds {name}', reason: 'It would be taken for a merge field, and plain text has no way to escape it.' },
      { what: 'keep the Date header', reason: 'Elastic Email writes its own at the moment of the hand-over.' },
      { what: 'find an uncertain hand-over', reason: 'Its log carries none of our ids; uncertain mail is settled by its events.' },
      {
        what: 'say why in words by webhook',
        reason: 'They carry a category; the event log is asked for the words where the category says too little.',
      },
      { what: 'tell of delays', reason: 'Only the final fate has a webhook.' },
      {
        what: 'sign its webhooks in a way that is published',
        reason: 'Signatures are checked where webhook_signing is on; the secret path is the lock otherwise.',
      },
      {
        what: 'say what changed on its suppression lists since a moment',
        reason: 'They are read whole, page by page; a row carries its date.',
      },
      {
        what: 'keep transactional and bulk mail apart on its suppression lists',
        reason: 'An address on any of the three lists gets nothing at all from this account.',
      },
      { what: 'tell its size limit', reason: 'It is set per account (EmailSizeLimit); too large a message is refused by the API.' },
      { what: 'tags', reason: 'There is no field for them; the channel names the stream, tags stay with us.' },
    ],
  },
  parseAccount: parseElasticEmailAccount,
  connect: connectElasticEmail,
  carries(mime) {
    const fields = toFields(mime);
    return fields.ok ? null : fields.reason;
  },
  webhook: elasticEmailWebhook,
};

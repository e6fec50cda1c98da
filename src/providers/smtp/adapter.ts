// This file is the adapter for any SMTP smarthost: what such a host can carry, its settings, and the line to it.
import type { ProviderAdapter } from '../../delivery/provider.ts';
import { smtpPool } from './pool.ts';
import { parseSmtpAccount } from './settings.ts';

export const smtpAdapter: ProviderAdapter = {
  kind: 'smtp',
  title: 'SMTP smarthost',
  capabilities: {
    needsAuthenticatedDomain: false,
    // A host relays any From, but nothing vouches for it: mail in a free mailbox's name would fail at the receiver.
    acceptsVerifiedAddress: false,
    rawMime: true,
    preservesMime: true,
    // Every recipient has a return path of its own, and a transaction has only one MAIL FROM.
    batchMax: 1,
    sizeMaxBytes: null,
    returnPath: 'address',
    ipPools: false,
    subaccounts: false,
    idempotency: false,
    deliveryEvents: false,
    webhookSignature: 'none',
    suppressions: null,
    domains: false,
    cannot: [
      {
        what: 'delivery events',
        reason: 'SMTP has no events; bounces come back as mail to the return path, silence settles after five days.',
      },
      { what: 'idempotency', reason: 'SMTP has no key that a server would compare; a lost answer leaves the hand-over uncertain.' },
      {
        what: 'asking for a message',
        reason: 'SMTP cannot be asked whether it has a message; the stable Message-ID lets receivers drop a copy.',
      },
      { what: 'IP pools', reason: 'The host alone chooses the address it sends from; use one account per pool.' },
      {
        what: 'a suppression list of its own that could be read',
        reason: 'SMTP has no words for one; a host that keeps one says so in its refusals. The holds of this desk are the list.',
      },
      { what: 'subaccounts', reason: 'A log-in is one account; use one account per log-in.' },
    ],
  },
  parseAccount: ({ settings, secret }) => {
    const parsed = parseSmtpAccount({ settings, secret });
    return { settings: parsed.settings, secret: parsed.secret };
  },
  connect: (account, deps) => {
    const { settings } = parseSmtpAccount({ settings: account.settings, secret: account.secret.reveal() });
    return smtpPool(account, settings, deps);
  },
  carries: () => null,
};

// This file tests the suite itself: an adapter that lies must be caught by the cases that ask.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Outcome, ProviderAdapter, ProviderClient } from '../delivery/provider.ts';
import { Secret } from '../log.ts';
import { type ContractCase, type ProviderWorld, runContractCase } from './contract.ts';

/** A world without a wire: the adapter says the same of everything, and nothing is ever accepted. */
async function liar(outcome: Outcome): Promise<ProviderWorld> {
  const client: ProviderClient = {
    slots: 1,
    send: async ({ recipients }) => ({ outcomes: recipients.map(() => outcome) }),
    close: async () => {},
  };
  const capabilities = {
    needsAuthenticatedDomain: false,
    acceptsVerifiedAddress: true,
    rawMime: false,
    preservesMime: true,
    batchMax: 1,
    sizeMaxBytes: null,
    returnPath: 'address',
    ipPools: false,
    subaccounts: false,
    idempotency: false,
    deliveryEvents: true,
    webhookSignature: 'none',
    suppressions: null,
    domains: false,
    cannot: [],
  } as const;
  const adapter: ProviderAdapter = {
    kind: 'smtp',
    title: 'Liar',
    capabilities,
    parseAccount: (input) => input,
    connect: () => client,
    carries: () => null,
  };
  return {
    adapter,
    account: { id: 'a', name: 'a', provider: 'smtp', settings: {}, secret: new Secret({}) },
    fates: { deliver: (n) => `m${n}@mailbox.example`, refuse: 'no@mailbox.example', defer: 'later@mailbox.example' },
    accepted: async () => [],
    script: () => {},
    held: async () => {},
    close: async () => {},
  };
}

const HANDED_OVER: Outcome = { kind: 'handed_over', providerMessageId: null, reply: '250 Ok' };
const NOT_SENT: Outcome = { kind: 'not_sent', reply: 'lost' };

const lies: readonly (readonly [name: ContractCase, outcome: Outcome])[] = [
  ['hands over one', HANDED_OVER],
  ['hands over several, who do not learn of each other', HANDED_OVER],
  ['a refused recipient leaves the others alone', HANDED_OVER],
  ['a deferred recipient is deferred', NOT_SENT],
  ['quota is a signal of the account', NOT_SENT],
  ['closed before acceptance is not_sent', HANDED_OVER],
  ['closed after the last byte is unknown', NOT_SENT],
  ['a nonsense answer to a whole hand-over is unknown', HANDED_OVER],
  ['line breaks in an address never reach the wire', HANDED_OVER],
  ['more calls than slots wait inside and each is answered once', HANDED_OVER],
  ['close waits for what is on the wire', HANDED_OVER],
  ['capabilities are coherent', HANDED_OVER],
  ['an account names its bad field', HANDED_OVER],
];
for (const [name, outcome] of lies) {
  it(`"${name}" catches an adapter that always says ${outcome.kind}`, async () => {
    await assert.rejects(
      runContractCase(name, () => liar(outcome)),
      assert.AssertionError,
    );
  });
}

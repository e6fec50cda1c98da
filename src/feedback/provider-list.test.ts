// This file tests what entries of providers' suppression lists mean: a table, newest knowledge first, and the law that only a recipient's own
// fault, wish, or a person's hand holds an address.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fc } from '../../test/support/property.ts';
import { judgeListed, type ListedAddress, type ListFacts, listedBounceClass } from './provider-list.ts';
import { CLASS_FAULT, type FeedbackClass } from './vocabulary.ts';

const AT = Date.UTC(2026, 10, 1);
const entry = (change: Partial<ListedAddress> = {}): ListedAddress => ({
  address: 'member@club.example',
  stream: null,
  why: 'bounce',
  label: 'Bounce Rule',
  class: 'invalid-recipient',
  atMs: AT,
  expiresAtMs: null,
  diagnostic: '550 no such user',
  ours: false,
  ...change,
});
const facts = (change: Partial<ListFacts> = {}): ListFacts => ({
  tenants: 1,
  deliveredAtMs: null,
  releasedAtMs: null,
  marked: false,
  ...change,
});

const rows: readonly [title: string, ListedAddress, ListFacts, string][] = [
  ['a hard bounce holds everything', entry(), facts(), 'hold invalid-recipient all'],
  ['a hard bounce listed for bulk alone holds everything', entry({ stream: 'bulk' }), facts(), 'hold invalid-recipient all'],
  ['a full mailbox by its words', entry({ class: 'mailbox-full' }), facts(), 'hold mailbox-full all'],
  ['our listed IP holds nobody', entry({ class: 'ip-reputation' }), facts(), 'leave not-the-recipient'],
  ['a receiver that was away holds nobody', entry({ class: 'network' }), facts(), 'leave not-the-recipient'],
  ['words that say nothing hold nobody', entry({ class: 'unclassified' }), facts(), 'leave not-the-recipient'],
  ['a delivery after the listing is newer', entry(), facts({ deliveredAtMs: AT + 1 }), 'leave delivered-since'],
  ['a delivery before the listing is older', entry(), facts({ deliveredAtMs: AT - 1 }), 'hold invalid-recipient all'],
  ['a release after the listing is newer', entry(), facts({ releasedAtMs: AT }), 'leave released-since'],
  ['a bounce after the release is newer', entry(), facts({ releasedAtMs: AT - 1 }), 'hold invalid-recipient all'],
  ['an undated entry knows nothing of releases', entry({ atMs: null }), facts({ releasedAtMs: AT }), 'hold invalid-recipient all'],
  ['a complaint stops bulk', entry({ why: 'complaint', class: null }), facts(), 'hold complaint bulk'],
  ['a complaint outlives deliveries', entry({ why: 'complaint', class: null }), facts({ deliveredAtMs: AT + 1 }), 'hold complaint bulk'],
  [
    'a complaint among several organisations names none',
    entry({ why: 'complaint', class: null }),
    facts({ tenants: 2 }),
    'hold provider-list bulk',
  ],
  ['a complaint that is known here', entry({ why: 'complaint', class: null }), facts({ tenants: 2, marked: true }), 'hold complaint bulk'],
  ['an unsubscription', entry({ why: 'unsubscribe', class: null }), facts(), 'hold unsubscribed bulk'],
  ['somebody typed it in there', entry({ why: 'manual', class: null }), facts(), 'hold manual all'],
  ['typed in for bulk', entry({ why: 'manual', class: null, stream: 'bulk' }), facts(), 'hold manual bulk'],
  ['we typed it in', entry({ why: 'manual', class: null, ours: true }), facts(), 'leave ours'],
  ['the rules of the provider', entry({ why: 'provider', class: null }), facts(), 'leave provider-rule'],
  ['an entry that passes', entry({ expiresAtMs: AT + 1 }), facts(), 'leave passing'],
];

describe('an entry of a provider list', () => {
  for (const [title, listed, known, expected] of rows)
    it(title, () => {
      const verdict = judgeListed(listed, known);
      const words = verdict.kind === 'leave' ? `leave ${verdict.because}` : `hold ${verdict.reason} ${verdict.stream ?? 'all'}`;
      assert.equal(words, expected);
    });

  it('never holds for a fault that is not the recipient’s', () => {
    // Object.keys of a const object are exactly its keys.
    const classes = Object.keys(CLASS_FAULT) as FeedbackClass[];
    const time = fc.option(fc.integer({ min: 0, max: 2 * AT }));
    fc.assert(
      fc.property(
        fc.constantFrom(...classes),
        time,
        time,
        time,
        fc.nat(3),
        fc.boolean(),
        (cls, atMs, deliveredAtMs, releasedAtMs, tenants, marked) => {
          const verdict = judgeListed(entry({ class: cls, atMs }), { tenants, deliveredAtMs, releasedAtMs, marked });
          if (verdict.kind === 'hold') assert.equal(CLASS_FAULT[cls], 'recipient');
        },
      ),
    );
  });

  it('is read by its words before its label', () => {
    assert.equal(listedBounceClass('550 5.1.1 no such user', 'unclassified'), 'invalid-recipient');
    assert.equal(
      listedBounceClass('554 5.7.1 client host [198.51.100.7] blocked using dnsbl.example', 'invalid-recipient'),
      'ip-reputation',
    );
    assert.equal(listedBounceClass('', 'invalid-recipient'), 'invalid-recipient');
    assert.equal(listedBounceClass(null, 'unclassified'), 'unclassified');
  });
});

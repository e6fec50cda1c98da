import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fc } from '../../test/support/property.ts';
import { type DomainState, domainsCovering, maySend, type SendingFacts } from './may-send.ts';

const domain = (name: string, state: DomainState = 'verified', authenticated = state === 'verified') => ({
  id: name,
  name,
  state,
  authenticated,
  dmarc: ['v=DMARC1; p=none'],
  inherited: null,
  signs: true,
  returnPathHost: null,
});
const none: SendingFacts = { domains: [], sender: null };

test('Who may stand in From', () => {
  const rows: [why: string, address: string, facts: SendingFacts, expected: string][] = [
    ['a registered domain', 'a@club.example', { ...none, domains: [domain('club.example')] }, 'club.example proven'],
    ['any case', 'A@Club.Example', { ...none, domains: [domain('club.example')] }, 'club.example proven'],
    ['a name below it', 'a@news.club.example', { ...none, domains: [domain('club.example')] }, 'club.example proven'],
    [
      'the nearest one',
      'a@news.club.example',
      { ...none, domains: [domain('club.example'), domain('news.club.example', 'warning')] },
      'news.club.example',
    ],
    ['one the operator vouches for', 'a@club.example', { ...none, domains: [domain('club.example', 'warning')] }, 'club.example'],
    ['one whose records broke', 'a@club.example', { ...none, domains: [domain('club.example', 'broken')] }, 'club.example'],
    [
      'pending but known to be proven',
      'a@club.example',
      { ...none, domains: [domain('club.example', 'pending', true)] },
      'club.example proven',
    ],
    [
      'a pending one above which a usable one stands',
      'a@n.club.example',
      { ...none, domains: [domain('n.club.example', 'pending'), domain('club.example')] },
      'club.example proven',
    ],
    ['a pending one', 'a@club.example', { ...none, domains: [domain('club.example', 'pending')] }, 'no: not verified yet'],
    ['a neighbour that ends alike', 'a@notclub.example', { ...none, domains: [domain('club.example')] }, 'no: is not a sending domain'],
    ['the domain above', 'a@example', { ...none, domains: [domain('club.example')] }, 'no: is not a sending domain'],
    ['a sender at a free mailbox', 'club@gmail.com', { ...none, sender: { verified: true } }, 'sender free'],
    ['a sender elsewhere', 'club@isp.example', { ...none, sender: { verified: true } }, 'sender'],
    ['a sender nobody verified', 'club@gmail.com', { ...none, sender: { verified: false } }, 'no: not verified yet'],
    ['a free mailbox nobody registered', 'club@gmail.com', none, 'no: has to be registered as a sender'],
    ['a stranger', 'a@bank.example', none, 'no: bank.example is not a sending domain'],
    ['nothing', '', none, 'no: is not a sending domain'],
  ];
  for (const [why, address, facts, expected] of rows) {
    const answer = maySend(address, facts);
    if (expected.startsWith('no: ')) {
      assert.ok(!answer.allowed && answer.reason.includes(expected.slice(4)), `${why}: ${JSON.stringify(answer)}`);
    } else {
      assert.ok(answer.allowed, why);
      const said = `${answer.domainId ?? 'sender'}${answer.domainAuthenticated ? ' proven' : ''}${answer.freeMailbox ? ' free' : ''}`;
      assert.equal(said, expected, why);
    }
  }
});

test('Without a registered domain or sender nobody may send, whatever the address', () => {
  fc.assert(fc.property(fc.string(), (address) => !maySend(address, none).allowed));
});

test('The names that cover an address are its domain and what is above, never a single label, and few', () => {
  assert.deepEqual(domainsCovering('x@a.b.c.example'), ['a.b.c.example', 'b.c.example', 'c.example']);
  assert.deepEqual(domainsCovering('x@localhost'), []);
  fc.assert(fc.property(fc.array(fc.constantFrom('a', 'bb', 'c-c')), (labels) => domainsCovering(`x@${labels.join('.')}`).length < 10));
});

test('What receivers learn is said only where the domain asks them to act on mail that cannot be proven', () => {
  const policyOf = (from: string, change: Partial<SendingFacts['domains'][number]>) => {
    const may = maySend(`a@${from}`, { ...none, domains: [{ ...domain('club.example'), ...change }] });
    assert.ok(may.allowed);
    return may.identity && `${may.identity.policy?.p} ${may.identity.signs}`;
  };
  assert.equal(policyOf('club.example', {}), undefined);
  assert.equal(policyOf('club.example', { dmarc: [] }), undefined);
  assert.equal(policyOf('club.example', { dmarc: ['v=DMARC1; p=reject'] }), 'reject true');
  assert.equal(policyOf('club.example', { dmarc: ['v=DMARC1; p=reject; t=y'] }), 'quarantine true');
  assert.equal(policyOf('club.example', { dmarc: ['v=DMARC1; p=reject'], authenticated: false }), 'reject false');
  assert.equal(policyOf('news.club.example', { dmarc: ['v=DMARC1; p=none; sp=reject'] }), 'reject true');
  assert.equal(policyOf('news.club.example', { dmarc: ['v=DMARC1; p=reject; sp=none'] }), undefined);
  // Two records count as none.
  assert.equal(policyOf('club.example', { dmarc: ['v=DMARC1; p=reject', 'v=DMARC1; p=none'] }), undefined);
  assert.equal(policyOf('club.example', { dmarc: [], inherited: '_dmarc.example: v=DMARC1; p=quarantine' }), 'quarantine true');
});

// This file reads stored decisions in both languages, as operators and organisations see them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decisionSaid } from './decision-words.ts';
import { heldBecause } from './held-because.ts';
import type { RouteDecision, RouteJudgement } from './route.ts';
import { decisionForTenant } from './tenant-view.ts';

type Judged = Pick<RouteJudgement, 'code' | 'because' | 'facts'>;

const CODES: readonly (readonly [judged: Judged, operator: RegExp, tenant: RegExp])[] = [
  [{ code: 'chosen', because: 'First.', facts: {} }, /^Der erste/, /^Der erste/],
  [{ code: 'paused', because: 'Paused.', facts: {} }, /^Das Konto ist angehalten/, /^Die Plattform hat diesen Weg/],
  [{ code: 'refused-already', because: 'Refused.', facts: {} }, /^Dieses Konto/, /^Dieser Weg/],
  [
    { code: 'domain-not-authenticated', because: '-', facts: { domain: 'club.test' } },
    /^smtp besteht auf .* club\.test/,
    /club\.test ist nicht/,
  ],
  [
    { code: 'domain-not-authenticated', because: '-', facts: { domain: 'club.test', told: true } },
    /^smtp hat club\.test/,
    /^smtp hat club\.test/,
  ],
  [{ code: 'free-mailbox', because: '-', facts: { domain: 'gmail.com' } }, /^gmail\.com verbietet/, /^gmail\.com verbietet/],
  [{ code: 'too-large', because: '-', facts: { bytes: 20, bytesMax: 10 } }, /20 Bytes; .* 10/, /20 Bytes; .* 10/],
  [{ code: 'cannot-carry', because: 'It is no text.', facts: {} }, /„It is no text\.“/, /„It is no text\.“/],
  [
    { code: 'unwell', because: '-', facts: { health: 'quota', words: 'Backstairs is out.' } },
    /Kontingent.*Backstairs is out/,
    /^Dieser Weg nimmt/,
  ],
  [{ code: 'after-another', because: '-', facts: { first: 'Backstairs' } }, /^Backstairs steht/, /^Ein anderer Weg/],
  [
    { code: 'ip-blocked', because: '-', facts: { incident: 'x', first: 'Backstairs' } },
    /Backstairs nimmt/,
    /^Der Empfänger lehnt diesen Weg/,
  ],
  [{ code: 'only-way', because: '-', facts: { incident: 'x' } }, /Kein anderes Konto/, /keinen anderen/],
  [
    { code: 'unproven', because: '-', facts: { domain: 'club.test', asks: 'refusal', first: 'Backstairs' } },
    /abzuweisen.*Backstairs kann/,
    /ein anderer Weg kann/,
  ],
  [{ code: 'only-way-unproven', because: '-', facts: { domain: 'club.test', asks: 'spam-folder' } }, /Spam-Ordner/, /kein offener Weg/],
  [{ code: 'as-is-not-allowed', because: '-', facts: { domain: 'club.test' } }, /^Der Betreiber hat nicht/, /^Der Betreiber hat nicht/],
  [
    { code: 'key-revoked', because: '-', facts: { domain: 'a.club.test', key: 'club.test', asks: 'refusal' } },
    /von club\.test wurde.*a\.club\.test bittet/,
    /^Der Signaturschlüssel/,
  ],
  [{ code: 'rewritten', because: '-', facts: { address: 'a@b.test' } }, /als a@b\.test/, /als a@b\.test/],
  [{ code: 'rewriting-not-allowed', because: '-', facts: {} }, /^Der Betreiber/, /^Der Betreiber/],
  [{ code: 'rewriting-not-agreed', because: '-', facts: { address: 'a@b.test' } }, /als a@b\.test/, /als a@b\.test/],
  [{ code: 'signed-by-author', because: '-', facts: { signedWith: 'PGP' } }, /mit PGP/, /mit PGP/],
];

const decisionOf = (judged: Judged): RouteDecision => ({
  routeId: null,
  waits: false,
  heldBecause: null,
  heldCode: null,
  judgements: [{ routeId: 1, account: 'Backstairs', provider: 'smtp', pool: 'main', chosen: false, stoppedAt: 'may', ...judged }],
  better: null,
  betterCode: null,
  facts: {},
});

// What `says` is.
const saysOf = (decision: Readonly<Record<string, unknown>> | null, language: 'en' | 'de') =>
  String((decisionSaid(decision ?? {}, language)['judgements'] as { says: string }[])[0]?.says);

for (const [judged, operator, tenant] of CODES) {
  test(`a way that is ${judged.code} is said in German to operators and to organisations`, () => {
    const decision = { ...decisionOf(judged) };
    assert.match(saysOf(decision, 'de'), operator);
    const seen = saysOf(decisionForTenant(decision), 'de');
    assert.match(seen, tenant);
    assert.ok(!/Backstairs|[{}]/.test(seen), seen);
    assert.equal(saysOf(decision, 'en'), judged.because);
  });
}

test('What holds mail and what would be better is said in German, and in stored words where a fact is not there', () => {
  const held = {
    ...decisionOf({ code: 'rewriting-not-agreed', because: '-', facts: { address: 'a@b.test' } }),
    heldCode: 'rewriting-not-agreed' as const,
    heldBecause: 'From can be written anew.',
    better: 'Authenticate.',
    betterCode: 'authenticate-domain' as const,
    facts: { domain: 'club.test', account: 'Backstairs' },
  };
  const said = decisionSaid(held, 'de');
  assert.match(String(said['heldSays']), /^Empfänger würden Post von club\.test abweisen.* als a@b\.test neu/);
  assert.match(String(said['betterSays']), /club\.test nach .* Backstairs nehmen/);
  assert.match(String(decisionSaid(decisionForTenant(held) ?? {}, 'de')['betterSays']), /einen besseren Weg nehmen/);
  const english = decisionSaid(held, 'en');
  assert.deepEqual([english['heldSays'], english['betterSays']], [held.heldBecause, held.better]);
  assert.equal(decisionSaid({ ...held, facts: {} }, 'de')['heldSays'], held.heldBecause);
  const old = {
    judgements: [{ account: 'A', because: 'It was full.' }],
    heldBecause: heldBecause('no-account', { fromDomain: '' }),
    better: null,
  };
  const stored = decisionSaid(old, 'de');
  assert.deepEqual([saysOf(old, 'de'), stored['heldSays'], stored['betterSays']], ['It was full.', old.heldBecause, null]);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HeldFor } from './held-because.ts';
import { LET_GO_SENTENCES, type LetGoCode, type OpenNow, whyLetGo } from './let-go.ts';

const PLAIN: OpenNow = { ofDomain: false, domainAuthenticated: false, rewritten: false, wayNeedsProof: false };
const REWRITTEN = { ...PLAIN, rewritten: true };
const DOMAIN = { ...PLAIN, ofDomain: true };
const PROVEN = { ...DOMAIN, domainAuthenticated: true };

const rows: readonly [HeldFor, OpenNow, LetGoCode, string][] = [
  ['sender-not-allowed', PLAIN, 'sender-confirmed', 'a single address was confirmed'],
  ['sender-not-allowed', REWRITTEN, 'sender-confirmed', 'what held it counts, not how it goes'],
  ['sender-not-allowed', PROVEN, 'domain-verified', 'its domain may be used'],
  ['rewriting-not-agreed', REWRITTEN, 'consent-given', 'the organisation agreed'],
  ['rewriting-not-agreed', PROVEN, 'domain-verified', 'it has a domain of its own now'],
  ['rewriting-not-agreed', PLAIN, 'way-open', 'an account takes it as it is'],
  ['free-mailbox', REWRITTEN, 'rewriting-allowed', 'consent was there before the operator allowed it'],
  ['signed-by-author', PROVEN, 'domain-verified', 'it keeps its From'],
  ['domain-not-authenticated', PROVEN, 'domain-verified', 'its records are right'],
  ['domain-not-authenticated', { ...DOMAIN, wayNeedsProof: true }, 'provider-verified', 'the account says that it knows the domain'],
  ['domain-not-authenticated', DOMAIN, 'way-open', 'another account asks for no proof'],
  ['key-revoked', PROVEN, 'key-published', 'its mail can be signed again'],
  ['every-account-out', PROVEN, 'way-open', 'an account was resumed'],
  ['no-account', PROVEN, 'way-open', 'an account was added'],
  ['rewriting-cap', REWRITTEN, 'room-again', 'another day'],
  ['rewriting-cap', PROVEN, 'way-open', 'it needs no place any more'],
  ['', REWRITTEN, 'way-open', 'nobody knows what held it'],
];

for (const [was, now, expected, because] of rows) {
  test(`${was || 'unknown'} ended: ${expected}, because ${because}`, () => {
    assert.equal(whyLetGo(was, now), expected);
    assert.match(LET_GO_SENTENCES[expected], /^[A-Z].*\.$/);
  });
}

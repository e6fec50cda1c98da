// This file checks that everything about senders and about providers' troubles is said in every language, with the same facts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  PROVIDER_TROUBLE_WORDS,
  providerFailure,
  providerSays,
  providerTrouble,
  providerTroubleText,
} from '../delivery/provider-trouble.ts';
import { LANGUAGES } from '../language.ts';
import { rewritingExplained, SENDER_WORDS } from './sender-words.ts';

const facts = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).toSorted();

for (const [what, lists] of [
  ['senders', SENDER_WORDS],
  ['troubles of providers', PROVIDER_TROUBLE_WORDS],
] as const) {
  test(`every language has a sentence of its own for every code about ${what}`, () => {
    // Codes are checked by the compiler; here they are only walked.
    const { en, de } = lists as Readonly<Record<'en' | 'de', Readonly<Record<string, string>>>>;
    assert.deepEqual(Object.keys(en).toSorted(), Object.keys(de).toSorted());
    for (const [code, english] of Object.entries(en)) {
      const other = de[code] ?? '';
      assert.deepEqual(facts(other), facts(english), code);
      assert.notEqual(other, english, code);
      assert.match(other, /[.]$/, code);
    }
  });
}

test('what a provider says in its own words stays as it said it', () => {
  for (const language of LANGUAGES) {
    assert.equal(providerTroubleText('550 go away', language), '550 go away');
    assert.match(providerTroubleText(providerTrouble('blocked', { provider: 'SparkPost' }), language), /SparkPost/);
    assert.match(rewritingExplained('club.mail.example', language, { unseen: true }), /club\.mail\.example/);
    assert.doesNotMatch(rewritingExplained(null, language, { unseen: true }), /\{/);
  }
});

test('why a provider does not take or remove a domain is a sentence in every language, with its own words quoted', () => {
  const said = '409 Domain is in use elsewhere';
  const rows = [
    ['take', 'forbidden', /does not take this domain/, /nimmt diese Domain nicht/],
    ['take', 'account', /refused the call/, /Aufruf abgelehnt/],
    ['take', 'later', /asked again by itself/, /von selbst noch einmal/],
    ['remove', 'forbidden', /remove it on its pages/, /entfernen Sie sie auf den Seiten/],
    ['remove', 'later', /asked again by itself/, /von selbst noch einmal/],
  ] as const;
  for (const [asked, kind, ...sentences] of rows) {
    const stored = providerFailure(asked, 'SparkPost', { ok: false, kind, reason: said });
    for (const [index, language] of LANGUAGES.entries()) {
      const text = providerTroubleText(stored, language);
      assert.match(text, sentences[index] ?? /never/, `${asked} ${kind} ${language}`);
      assert.ok(text.startsWith('SparkPost ') && text.includes(said), text);
    }
  }
  const ours = providerTrouble('gone-there', { provider: 'SparkPost' });
  assert.equal(providerSays('refused', 'SparkPost', ours), ours, 'a sentence of ours is not quoted');
  const long = providerTroubleText(providerSays('refused', 'SparkPost', 'x'.repeat(5_000)), 'de');
  assert.ok(long.length < 500);
});

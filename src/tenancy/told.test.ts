// This file checks that sentences stored by code come back in every language, and that what was stored as words stays what it was.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fc } from '../../test/support/property.ts';
import { LANGUAGES } from '../language.ts';
import { CHECK_NOTE_WORDS, checkNoteText } from './check-note.ts';
import { atSomeServers, KEY_TROUBLE_WORDS, keyTrouble, keyTroubleText } from './dkim-trouble.ts';
import { filled, readTold, tell, toldText } from './told.ts';

test('what is told is read back, and words stay words', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (code, value) => {
      assert.deepEqual(readTold(tell(code, { value })), { code, facts: { value } });
    }),
  );
  fc.assert(fc.property(fc.string(), (words) => assert.equal(readTold(words), null)));
  for (const words of ['The tracking record is not there yet.', '{"code":"cut', '{}', ''])
    assert.equal(toldText(words, { cut: 'x' }), words);
  assert.equal(toldText(tell('of-a-newer-desk'), {}), tell('of-a-newer-desk'));
  assert.equal(filled('{a} and {b}', { a: '1' }), '1 and {b}');
});

test('every trouble and note has its own sentence in every language, with the same facts', () => {
  const facts = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).toSorted();
  for (const lists of [KEY_TROUBLE_WORDS, CHECK_NOTE_WORDS]) {
    const { en, de } = lists as Readonly<Record<'en' | 'de', Readonly<Record<string, string>>>>;
    assert.deepEqual(Object.keys(en).toSorted(), Object.keys(de).toSorted());
    for (const [code, english] of Object.entries(en)) {
      const other = de[code] ?? '';
      assert.deepEqual(facts(other), facts(english), code);
      assert.notEqual(other, english, code);
      assert.match(other, /[.]$/, code);
    }
  }
  for (const language of LANGUAGES) assert.match(checkNoteText(tell('gave-up', { days: '14' }), language), /14/);
  const some = atSomeServers(keyTrouble('no-record', { host: 's._domainkey.club.example' }));
  assert.match(
    keyTroubleText(some, 'en'),
    /^Some of the domain's name servers .* There is no record at s\._domainkey\.club\.example yet\.$/,
  );
  assert.match(keyTroubleText(some, 'de'), /^Einige Nameserver .* Unter s\._domainkey\.club\.example steht noch kein Eintrag\.$/);
  assert.equal(keyTroubleText('An old sentence.', 'de'), 'An old sentence.');
});

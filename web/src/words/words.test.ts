import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { capital, catalogue, numberWord, pick, plain } from './words.ts';

describe('the string catalogue', () => {
  const texts = catalogue({
    find: ['Find', 'Finden'],
    of: [(count: number) => `${count} of all`, (count: number) => `${count} von allen`],
  });

  it('gives a language its texts, the same object each time', () => {
    assert.equal(pick(texts, 'de').find, 'Finden');
    assert.equal(pick(texts, 'en').of(3), '3 of all');
    assert.equal(pick(texts, 'en'), pick(texts, 'en'));
  });
  it('writes small numbers as words and large ones with their separators', () => {
    assert.deepEqual([numberWord(1, 'en'), numberWord(12, 'de'), numberWord(1_300, 'en')], ['one', 'zwölf', '1,300']);
    assert.equal(capital(numberWord(2, 'de')), 'Zwei');
  });
  it('takes the brackets out of names that stand in a sentence with links', () => {
    assert.equal(plain('[press](/here)'), '·press·(/here)');
  });
});

// This file reads route decisions as they stand in a terminal.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decisionInWords } from './decision-words.ts';

const JUDGEMENTS = [
  { account: 'Main', provider: 'sparkpost', chosen: false, stoppedAt: 'well', says: 'It rests.' },
  { account: 'Spare', provider: 'smtp', treatment: 'rewritten', chosen: true, stoppedAt: null, says: 'It is the next.' },
  { provider: 'mandrill', chosen: false, stoppedAt: 'gate of a newer desk', says: 'This way was not taken.' },
] as const;

test('Every way says in words what became of it, by its account where that may be seen', () => {
  assert.deepEqual(
    decisionInWords({ judgements: JUDGEMENTS, rewrittenFrom: 'a@b.example', betterSays: 'A domain.' }, 'would', 'en').split('\n'),
    [
      'is not well       Main (sparkpost): It rests.',
      'takes it          Spare (smtp, From written anew): It is the next.',
      'does not take it  mandrill: This way was not taken.',
      '',
      'From becomes a@b.example; Reply-To names the person.',
      '',
      'What would make it better: A domain.',
    ],
  );
});

test('What is held or waits says so, of mail that is there and of mail that is only asked about', () => {
  assert.equal(decisionInWords({ heldSays: 'No account.' }, 'is', 'en'), 'It is held: No account.');
  assert.equal(decisionInWords({ heldSays: 'Kein Konto.' }, 'would', 'de'), 'Sie würde angehalten: Kein Konto.');
  assert.match(decisionInWords({ waits: true }, 'is', 'en'), /^It waits: /);
});

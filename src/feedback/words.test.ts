import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LANGUAGES } from '../language.ts';
import { explainReply } from './classify.ts';
import { CLASS_FAULT, type FeedbackClass } from './vocabulary.ts';
import { answerWords, classWords, classWordsEnded } from './words.ts';

// The keys of a const object are its classes.
const CLASSES = Object.keys(CLASS_FAULT) as FeedbackClass[];

test('every class has a sentence for a volunteer, one for a developer and a next step, in every language', () => {
  for (const language of LANGUAGES) {
    for (const name of CLASSES) {
      const { volunteer, developer, next } = classWords(name, language);
      const ended = classWordsEnded(name, language);
      for (const text of [volunteer, developer, next, ended.volunteer, ended.next]) {
        assert.match(text, /^\p{Lu}.{10,260}\.$/u, `${language} ${name}: ${text}`);
        assert.doesNotMatch(text, /\b(?:please|oops|successfully|simply|just|bitte|leider)\b/i, `${language} ${name}: ${text}`);
      }
      assert.notEqual(volunteer, developer);
    }
  }
});

test('no two languages share a sentence, and no two classes tell a volunteer the same', () => {
  for (const name of CLASSES) assert.notEqual(classWords(name, 'en').volunteer, classWords(name, 'de').volunteer);
  for (const language of LANGUAGES) assert.equal(new Set(CLASSES.map((name) => classWords(name, language).volunteer)).size, CLASSES.length);
});

test('a volunteer reads no codes and no protocol words, and is told that the address is fine where the fault is ours', () => {
  for (const language of LANGUAGES) {
    for (const name of CLASSES) {
      const { volunteer } = classWords(name, language);
      assert.doesNotMatch(volunteer, /\d\.\d|SMTP|\bIP\b|DNS|MX|RFC|DKIM|envelope/, `${language} ${name}`);
      const fault = CLASS_FAULT[name];
      if (fault === 'content' || fault === 'sender-reputation' || fault === 'authentication' || fault === 'operator') {
        if (name !== 'message-too-large') assert.match(volunteer, /address is fine|Adresse ist in Ordnung/, `${language} ${name}`);
      }
    }
  }
});

const BY_ITSELF = /by itself|von selbst|only later|nur später|come back in|wiederzukommen\. Das/;

test('whoever reads of a message that came back is never told that it is tried again', () => {
  for (const language of LANGUAGES) {
    for (const name of CLASSES) {
      const { volunteer, next } = classWordsEnded(name, language);
      assert.doesNotMatch(`${volunteer} ${next}`, BY_ITSELF, `${language} ${name}`);
    }
  }
});

test('a permanent answer is explained as an end, a temporary one as a pause, and one that another route may undo as neither', () => {
  const next = (reply: string) => answerWords(explainReply(reply)).next;
  assert.match(next('451 4.3.0 try again'), /by itself/);
  assert.match(next('554 5.3.0 Other mail system problem'), /Send the message again/);
  assert.match(next('550 5.7.1 client host blocked using zen.spamhaus.org'), /another route/);
});

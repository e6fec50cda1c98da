// This file reads the sources of a domain check for sentences and fails when one of them has no other language, and when a list holds one that nobody says any more.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fc } from '../../../test/support/property.ts';
import { GERMAN_CHECK_SENTENCES } from './words/de.ts';
import { GERMAN_POLICY_SENTENCES } from './words/de-policies.ts';
import { sayFinding } from './words.ts';

const LIST = { ...GERMAN_CHECK_SENTENCES, ...GERMAN_POLICY_SENTENCES };
const READERS = ['dkim-record', 'dmarc-record', 'mta-sts-record', 'tls-rpt-record', 'spf-record', 'spf-count'];
const HERE = import.meta.dirname;
const SOURCES = [
  ...readdirSync(HERE)
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && name !== 'words.ts')
    .map((name) => join(HERE, name)),
  ...READERS.map((name) => join(HERE, '../../tenancy/dns', `${name}.ts`)),
];

/** Literals that are read as a sentence: several words, one of them plain English. `${…}` becomes a word, because that is what it is filled with. */
function sentencesIn(file: string): string[] {
  const source = readFileSync(file, 'utf8').replace(/^import .*$|^\s*\/\/.*$|\/\*[\s\S]*?\*\//gm, '');
  const literals = [...source.matchAll(/'((?:[^'\\\n]|\\.)+)'|`((?:[^`\\$]|\\.|\$\{(?:[^{}`]|`[^`]*`|\{[^}]*\})*\})+)`/g)];
  return literals
    .map(([, plain, template]) => (plain ?? template ?? '').replace(/\$\{(?:[^{}`]|`[^`]*`|\{[^}]*\})*\}/g, 'word').replace(/\\(.)/g, '$1'))
    .filter(
      (text) => / (is|are|has|the|it|so|of|no|a|not|needs|stand|to|one|from|goes|names) /.test(` ${text} `) && text.split(' ').length >= 3,
    );
}

/** Refusals of a wrong question (the problem document says them), and pieces that only stand inside a sentence of the list. */
const NO_FINDINGS = [
  /is not a domain name/,
  /Write it as club\.example/,
  /selectors are checked at once/,
  /is not a DKIM selector/,
  /^a name that does$/,
];

test('every sentence of a domain check has words in every language', () => {
  const unsaid = SOURCES.flatMap((file) =>
    sentencesIn(file)
      .filter((sentence) => !NO_FINDINGS.some((known) => known.test(sentence)))
      .filter((sentence) => sayFinding(sentence, 'de') === sentence && !isPiece(sentence))
      .map((sentence) => `${file.split('/').at(-1)}: ${sentence}`),
  );
  assert.deepEqual(unsaid, []);
});

/** Part of a sentence of the list: `with a certificate`, `${n} names that do`, the detail before ", which is an error". */
function isPiece(text: string): boolean {
  const words = text.split('word').map((part) => part.trim());
  return Object.keys(LIST).some((english) => words.every((part) => english.includes(part)));
}

test('each sentence differs, keeps what it speaks of, and is one that somebody says', () => {
  const all = SOURCES.map((file) => readFileSync(file, 'utf8'))
    .join('\n')
    .replace(/\\(.)/g, '$1');
  const places = (text: string) => [...text.matchAll(/\{\d\}/g)].map(([place]) => place).toSorted();
  for (const [english, german] of Object.entries(LIST)) {
    assert.notEqual(german, english);
    assert.deepEqual(places(german), places(english), english);
    const longest = english.split(/\{\d\}/).toSorted((a, b) => b.length - a.length)[0] ?? '';
    const rare = longest.trim().split(' ').slice(0, 4).join(' ');
    assert.ok(all.includes(rare) || COMPOSED.some((known) => known.test(english)), `nobody says: ${english}`);
  }
});

/** Sentences that are put together from pieces. */
const COMPOSED = [/^A picture is published/, /which is an error of the whole record\.$/, /names? that do(es)? not exist\.$/];

test('sentences inside sentences are said too, and what nobody knows stays', () => {
  const rows: readonly [english: string, german: string][] = [
    [
      'The SPF record cannot be read at "ipv4:1": There is no mechanism "ipv4".',
      'Der SPF-Eintrag ist bei „ipv4:1“ nicht lesbar: Es gibt keinen Mechanismus „ipv4“.',
    ],
    [
      '"include:x.example": x.example has no SPF record, which is an error of the whole record.',
      '"include:x.example": x.example hat keinen SPF-Eintrag, und das macht den ganzen Eintrag ungültig.',
    ],
    [
      's1._domainkey.club.example: The key has 1024 bits; 2048 is what to publish.',
      's1._domainkey.club.example: Der Schlüssel hat 1024 Bit; üblich sind 2048.',
    ],
    ['The policy cannot be fetched: the server answers 404.', 'Die Richtlinie ist nicht abrufbar: Der Server antwortet mit 404.'],
    ['Something new.', 'Something new.'],
  ];
  for (const [english, german] of rows) {
    assert.equal(sayFinding(english, 'de'), german);
    assert.equal(sayFinding(english, 'en'), english);
  }
  fc.assert(fc.property(fc.string({ maxLength: 2_000 }), (text) => assert.equal(typeof sayFinding(text, 'de'), 'string')));
});

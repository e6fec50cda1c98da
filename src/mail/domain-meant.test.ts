// This file holds what people write where a domain is asked for, and the domain they mean.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fc } from '../../test/support/property.ts';
import { domainMeant } from './domain-meant.ts';

const MEANT: readonly [written: string, domain: string | null][] = [
  ['club.example', 'club.example'],
  [' CLUB.Example. ', 'club.example'],
  ['www.club.example', 'www.club.example'],
  ['rüderclub.example', 'xn--rderclub-65a.example'],
  ['info@club.example', 'club.example'],
  ['@club.example', 'club.example'],
  ['mailto:info@club.example?subject=Hello', 'club.example'],
  ['Info <info@Club.example>', 'club.example'],
  ['http://club.example', 'club.example'],
  ['https://www.club.example/page?x=1#top', 'club.example'],
  ['//club.example/', 'club.example'],
  ['https://user:secret@news.club.example:8443/a@b', 'news.club.example'],
  ['club.example/contact', 'club.example'],
  ['club.example:443', 'club.example'],
  ['https://rüderclub.example/', 'xn--rderclub-65a.example'],
  ['https://www.com/', 'www.com'],
  ['', null],
  ['com', null],
  ['localhost', null],
  ['192.0.2.1', null],
  ['https://[2001:db8::1]/', null],
  ['club example', null],
  ['*.club.example', null],
  ['a@b.example, c@d.example', null],
];

for (const [written, domain] of MEANT) {
  test(`${JSON.stringify(written)} means ${domain ?? 'no domain'}`, () => assert.equal(domainMeant(written), domain));
}

test('no text breaks it, and what it finds is its own form', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.webUrl(), fc.emailAddress()), (text) => {
      const found = domainMeant(text);
      if (found !== null) assert.equal(domainMeant(found), found);
    }),
  );
});

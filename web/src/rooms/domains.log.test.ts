// This file reads the log lines of Domains in every situation, in both languages, and checks how differences of records are found.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { makeDomains } from '../../mock/domains-world.ts';
import { said } from '../../mock/said.ts';
import type { Domain } from '../api/schema.gen.ts';
import { formats } from '../format.ts';
import { differing } from './dns-diff.ts';
import { domainLine, logLine } from './domains.log.ts';

const NOW = Date.parse('2026-03-12T13:32:05Z');
const [english, german] = [formats('en', 'Europe/Berlin'), formats('de', 'Europe/Berlin')];
const domains = makeDomains(NOW);
const [verified, pending, warning, broken, vouched] = domains;
assert.ok(verified && pending && warning && broken && vouched);

describe('the log line of Domains', () => {
  const rows: readonly (readonly [because: string, data: readonly Domain[], filtered: boolean, expected: RegExp])[] = [
    ['broken comes first', domains, false, /^One domain is broken: receivers cannot prove its mail\.$/],
    ['then what needs care', [verified, pending, warning, vouched], false, /^Two domains need care before anything breaks\.$/],
    ['then what waits', [verified, pending], false, /^One domain waits for its records\. The others are right\.$/],
    ['nothing but waiting', [pending], false, /^One domain waits for its records\.$/],
    ['all right', [verified, verified], false, /^The records of all two domains are right\.$/],
    ['none', [], false, /^No sending domain yet\.$/],
    ['none found', [], true, /^No domain fits\.$/],
  ];
  for (const [because, data, filtered, expected] of rows) {
    it(because, () => {
      const page = { data, next: null };
      assert.match(said(logLine({ page, filtered }, english)), expected);
      assert.notEqual(said(logLine({ page, filtered }, english)), said(logLine({ page, filtered }, german)));
    });
  }
});

describe('the log line of one domain', () => {
  const rows: readonly (readonly [because: string, domain: Domain, expected: RegExp])[] = [
    ['its records are right', verified, /Its records are right; receivers can prove its mail\./],
    ['records are not there yet', pending, /Six of six records are not there yet/],
    ['nobody looked yet', { ...pending, checked_at: null }, /Six records have to be published; we look/],
    ['nobody looks any more', { ...pending, next_check_at: null }, /press “Look now”/],
    ['a required record went wrong', warning, /Two of six records are wrong; unless mended, the domain breaks on 14 March at/],
    ['it is broken', broken, /One of six records is wrong, so receivers cannot prove its mail\./],
    ['a person vouches for it', vouched, /a person vouches for it/],
    ['a recommended record is missing', { ...warning, state: 'verified', breaks_at: null }, /in use, but two of six records are not right/],
  ];
  for (const [because, domain, expected] of rows) {
    it(because, () => {
      assert.match(said(domainLine(domain, english, NOW)), expected);
      assert.notEqual(said(domainLine(domain, english, NOW)), said(domainLine(domain, german, NOW)));
    });
  }
});

describe('where a record differs', () => {
  const rows: readonly (readonly [text: string, other: string, middle: string | null])[] = [
    ['v=spf1 include:a.test ~all', 'v=spf1 include:a.test ~all', null],
    ['v=spf1 include:a.test include:b.test ~all', 'v=spf1 include:a.test ~all', 'include:b.test '],
    ['v=spf1 include:a.test ~all', 'v=spf1 include:a.test include:b.test ~all', ''],
    ['pb1._domainkey.x.test.x.test', 'pb1._domainkey.x.test', '.x.test'],
    ['google-site-verification=abc', 'v=DMARC1; p=none', null],
    ['', 'v=DMARC1', null],
  ];
  for (const [text, other, middle] of rows) {
    it(`${text} beside ${other}`, () => {
      const found = differing(text, other);
      assert.equal(found?.middle.trim() ?? null, middle?.trim() ?? null);
      if (found !== null) assert.equal(`${found.before}${found.middle}${found.after}`, text);
    });
  }
});

// This file holds every mistake people make with DNS records against a small internet: each has to be found and named.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DMARC, MISTAKE_CASES, PLATFORM_ZONE, SPF } from '../../test/support/mistake-cases.ts';
import { zoneLookup } from '../../test/support/zone.ts';
import { MISTAKE_CODES } from '../tenancy/dns/mistake-codes.ts';
import { lookAtRecords } from './look-at-domain.ts';

for (const [name, expected, zone, state, code] of MISTAKE_CASES) {
  test(`${expected.purpose}: ${name} → ${code ?? 'ok'}`, async () => {
    const [compared] = await lookAtRecords(zoneLookup({ ...PLATFORM_ZONE, ...zone }), [expected]);
    assert.deepEqual([compared?.state, compared?.mistake?.code ?? null], [state, code], JSON.stringify(compared));
    for (const sentence of [compared?.mistake?.message, compared?.mistake?.next]) assert.doesNotMatch(sentence ?? '', /[{}]|undefined/);
  });
}

test('every mistake is met by a case', () => {
  const met = new Set(MISTAKE_CASES.map(([, , , , code]) => code));
  assert.deepEqual(
    MISTAKE_CODES.filter((code) => !met.has(code)),
    [],
  );
});

test('a mistake says what to publish instead', async () => {
  const zone = { 'club.example': { TXT: ['v=spf1 mx -all', 'v=spf1 include:_spf.hoster.example ~all'] } };
  const [english] = await lookAtRecords(zoneLookup({ ...PLATFORM_ZONE, ...zone }), [SPF]);
  const merged = 'v=spf1 mx include:_spf.hoster.example include:_spf.platform.example -all';
  assert.equal(english?.mistake?.next, `Replace them by one record: ${merged}`);
  const [german] = await lookAtRecords(zoneLookup({ ...PLATFORM_ZONE, ...zone }), [SPF], { language: 'de' });
  assert.equal(german?.mistake?.next, `Ersetzen Sie sie durch einen: ${merged}`);
  const strict = { [DMARC.host]: { TXT: ['v=DMARC1; p=reject; pct=50; rua=mailto:a@club.example'] } };
  const [dmarc] = await lookAtRecords(zoneLookup(strict), [DMARC]);
  assert.equal(dmarc?.mistake?.facts.better, 'v=DMARC1; p=reject; rua=mailto:a@club.example,mailto:r7@reports.platform.example');
});

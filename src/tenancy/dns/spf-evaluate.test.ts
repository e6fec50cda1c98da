// This file holds SPF evaluation against the rules of RFC 7208, section by section, and checks that no record can break it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fc } from '../../../test/support/property.ts';
import { SPF_CASES } from '../../../test/support/spf-cases.ts';
import { type Zone, zoneLookup } from '../../../test/support/zone.ts';
import { evaluateSpf } from './spf-evaluate.ts';

const spf = (record: string, more: Zone = {}): Zone => ({ 'example.com': { TXT: [record] }, ...more });
const host = (ip: string): Zone => ({ 'h0.example': { A: [ip] } });

for (const {
  section,
  says,
  zone,
  result,
  ip = '192.0.2.1',
  from = 'strong-bad@example.com',
  helo = 'mx.sender.example',
  explanation,
} of SPF_CASES) {
  test(`§${section}: ${says}`, async () => {
    const answer = await evaluateSpf({ lookup: zoneLookup(zone), ip, mailFrom: from, helo });
    assert.equal(answer.result, result, answer.detail);
    if (explanation !== undefined) assert.equal(answer.explanation, explanation);
    assert.ok(answer.lookups <= 11 && answer.voids <= 3);
  });
}

/** §7.4 gives these for strong-bad@email.example.com from 192.0.2.3 and 2001:db8::cb01. */
const EXPANSIONS: readonly [macro: string, text: string, ip?: string][] = [
  ['%{s}', 'strong-bad@email.example.com'],
  ['%{o}', 'email.example.com'],
  ['%{d}', 'email.example.com'],
  ['%{d4}', 'email.example.com'],
  ['%{d3}', 'email.example.com'],
  ['%{d2}', 'example.com'],
  ['%{d1}', 'com'],
  ['%{dr}', 'com.example.email'],
  ['%{d2r}', 'example.email'],
  ['%{l}', 'strong-bad'],
  ['%{l-}', 'strong.bad'],
  ['%{lr}', 'strong-bad'],
  ['%{lr-}', 'bad.strong'],
  ['%{l1r-}', 'strong'],
  ['%{ir}.%{v}._spf.%{d2}', '3.2.0.192.in-addr._spf.example.com'],
  ['%{lr-}.lp._spf.%{d2}', 'bad.strong.lp._spf.example.com'],
  ['%{lr-}.lp.%{ir}.%{v}._spf.%{d2}', 'bad.strong.lp.3.2.0.192.in-addr._spf.example.com'],
  ['%{ir}.%{v}.%{l1r-}.lp._spf.%{d2}', '3.2.0.192.in-addr.strong.lp._spf.example.com'],
  ['%{d2}.trusted-domains.example.net', 'example.com.trusted-domains.example.net'],
  ['%{ir}.%{v}._spf.%{d2}', '1.0.b.c.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6._spf.example.com', '2001:db8::cb01'],
  ['%{h}.%{c}.%{r}.%{t}', 'mx.example.org.192.0.2.3.receiver.example.1760000000'],
  ['one%_two%-three%%', 'one two%20three%'],
];

for (const [macro, text, ip = '192.0.2.3'] of EXPANSIONS) {
  test(`§7.4: ${macro} → ${text}`, async () => {
    const zone: Zone = { 'email.example.com': { TXT: ['v=spf1 exp=why.example -all'] }, 'why.example': { TXT: [macro] } };
    const asked = { lookup: zoneLookup(zone), ip, mailFrom: 'strong-bad@email.example.com', helo: 'mx.example.org' };
    const answer = await evaluateSpf({ ...asked, receiver: 'receiver.example', nowS: 1_760_000_000 });
    assert.equal(answer.explanation, text);
  });
}

test('the way to the match is told', async () => {
  const zone = spf('v=spf1 include:in.example -all', {
    'in.example': { TXT: ['v=spf1 include:deep.example -all'] },
    'deep.example': { TXT: ['v=spf1 ip4:192.0.2.0/24 -all'] },
  });
  const answer = await evaluateSpf({ lookup: zoneLookup(zone), ip: '192.0.2.1', mailFrom: 'a@example.com', helo: 'x.example' });
  assert.deepEqual(answer.matched, [
    'example.com: include:in.example',
    'in.example: include:deep.example',
    'deep.example: ip4:192.0.2.0/24',
  ]);
  assert.equal(answer.lookups, 2);
});

test('evaluation that takes too long is temporary', async () => {
  const zone = spf('v=spf1 a:h.example -all', host('192.0.2.1'));
  const answer = await evaluateSpf({
    lookup: zoneLookup(zone),
    ip: '192.0.2.1',
    mailFrom: 'a@example.com',
    helo: 'x.example',
    expired: () => true,
  });
  assert.equal(answer.result, 'temperror');
});

test('no record breaks evaluation, and none asks more than the limits allow', async () => {
  const names = ['a.example', 'b.example', 'c.example', 'none.example'];
  const name = fc.constantFrom(...names, '%{i}.a.example', '%{p}.b.example', '%{l}');
  const term = fc.oneof(
    fc
      .tuple(fc.constantFrom('', '-', '~', '?', '+'), fc.constantFrom('include', 'a', 'mx', 'ptr', 'exists'), name)
      .map(([q, kind, n]) => `${q}${kind}:${n}`),
    fc.constantFrom('a', 'mx/24', 'ptr', 'ip4:198.51.100.0/24', '-all', 'ip6:2001:db8::/32'),
    name.map((n) => `redirect=${n}`),
    name.map((n) => `exp=${n}`),
    fc.string({ maxLength: 12 }),
  );
  const record = fc.array(term, { maxLength: 8 }).map((terms) => `v=spf1 ${terms.join(' ')}`);
  await fc.assert(
    fc.asyncProperty(fc.array(record, { minLength: 3, maxLength: 3 }), fc.constantFrom('192.0.2.1', '2001:db8::1'), async (records, ip) => {
      const zone: Zone = Object.fromEntries(
        records.map((text, index) => [names[index] ?? '', { TXT: [text], MX: [[1, 'a.example']] as const, A: ['198.51.100.9'] }]),
      );
      const lookup = zoneLookup(zone);
      const answer = await evaluateSpf({ lookup, ip, mailFrom: 'x@a.example', helo: 'a.example' });
      assert.ok(['pass', 'fail', 'softfail', 'neutral', 'none', 'temperror', 'permerror'].includes(answer.result));
      assert.ok(answer.lookups <= 11);
      // Each of ten terms asks once and for at most ten names, plus the records, the names of the address and the explanation.
      assert.ok(lookup.asked.length <= 11 * 11 + 25, `${lookup.asked.length} questions`);
    }),
    { numRuns: 300 },
  );
});

// This file holds our SPF evaluation against one that is not ours (mailauth, strict): on every case written from the RFC, and on thousands of generated records.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { spf } from 'mailauth/lib/spf/index.js';
import { fc } from '../../../test/support/property.ts';
import { SPF_CASES } from '../../../test/support/spf-cases.ts';
import { type Zone, zoneLookup } from '../../../test/support/zone.ts';
import type { DnsAnswer } from './lookup.ts';
import { evaluateSpf } from './spf-evaluate.ts';

/** Where the two differ on purpose, and why. */
const DIFFER: ReadonlyMap<string, string> = new Map([
  [
    'eleven exchangers are an error',
    'ours counts them before it asks for the first address, theirs stops when one before the eleventh matches',
  ],
]);

for (const { section, says, zone, result, ip = '192.0.2.1', from = 'strong-bad@example.com', helo = 'mx.sender.example' } of SPF_CASES) {
  const skip = DIFFER.get(says) ?? false;
  test(`§${section}: ${says}, as mailauth sees it`, { skip }, async () => {
    assert.equal(await theirs(zone, { sender: from, ip, helo }), result);
  });
}

test('generated records come to the same', async () => {
  const names = ['a.example', 'b.example', 'c.example', 'none.example'];
  const name = fc.constantFrom(...names, '%{ir}.a.example', '%{d2}', '%{l}.b.example');
  const qualifier = fc.constantFrom('', '-', '~', '?');
  const bare = fc.constantFrom(
    'a',
    'mx',
    'a/24',
    'mx//64',
    'ip4:192.0.2.0/28',
    'ip4:198.51.100.0/24',
    'ip6:2001:db8::/32',
    'ptr',
    'ip4:1.2.3',
    'x',
    'a/33',
  );
  const term = fc.oneof(
    fc
      .tuple(qualifier, fc.constantFrom('include', 'a', 'mx', 'exists', 'ptr'), name)
      .map(([sign, kind, target]) => `${sign}${kind}:${target}`),
    fc.tuple(qualifier, bare).map(([sign, kind]) => sign + kind),
    fc.constantFrom('-all', '~all', 'redirect=b.example', 'redirect=none.example', 'foo=bar'),
  );
  const record = fc.array(term, { maxLength: 5 }).map((terms) => ['v=spf1', ...terms].join(' '));
  const client = fc.constantFrom('192.0.2.1', '2001:db8::1', '203.0.113.9');
  await fc.assert(
    fc.asyncProperty(fc.tuple(record, record, record), client, fc.boolean(), async ([a, b, c], ip, fails) => {
      const common = { A: ['198.51.100.7'], AAAA: ['2001:db8:ffff::1'], MX: [[1, 'b.example']] as const };
      const zone: Zone = {
        '1.2.0.192.in-addr.arpa': { PTR: ['mx.a.example'] },
        'mx.a.example': { A: ['192.0.2.1'], AAAA: ['2001:db8:2::2'] },
        'a.example': { ...common, TXT: [a] },
        'b.example': { ...common, TXT: [b], A: ['192.0.2.1'] },
        'c.example': { ...common, TXT: [c], MX: [[1, 'mx.a.example']], ...(fails ? { fails: ['A'] } : {}) },
      };
      const ours = await evaluateSpf({ lookup: zoneLookup(zone), ip, mailFrom: 'x@a.example', helo: 'h.example' });
      assert.equal(ours.result, await theirs(zone, { sender: 'x@a.example', ip, helo: 'h.example' }), ours.detail);
    }),
    // The same records in every run.
    { numRuns: 3_000, seed: 7208 },
  );
});

async function theirs(zone: Zone, question: { sender: string; ip: string; helo: string }): Promise<string> {
  const lookup = zoneLookup(zone);
  const resolver = async (name: string, type: string): Promise<unknown[]> => {
    switch (type) {
      case 'TXT':
        return valuesOf(await lookup.txt(name)).map((text) => [text]);
      case 'MX':
        return valuesOf(await lookup.mx(name)).map(({ exchange, preference }) => ({ exchange, priority: preference }));
      case 'A':
        return [...valuesOf(await lookup.a(name))];
      case 'AAAA':
        return [...valuesOf(await lookup.aaaa(name))];
      default: {
        // They ask for the reverse name itself.
        const records = zone[name];
        return [...valuesOf(reverse(records?.fails === true, records?.PTR))];
      }
    }
  };
  // Its types know a resolver by the form of dns.promises.resolve, with an overload for every kind of record.
  const answer = await spf({ ...question, resolver: resolver as never, strict: true });
  return answer.status.result;
}

function reverse(fails: boolean, names: readonly string[] | undefined): DnsAnswer<string> {
  if (names) return { ok: true, values: names, ttlS: 60 };
  return { ok: false, why: fails ? 'unreachable' : 'missing', detail: '' };
}

/** Failures in the form of node:dns. */
function valuesOf<T>(answer: DnsAnswer<T>): readonly T[] {
  if (answer.ok) return answer.values;
  throw Object.assign(new Error(answer.detail), { code: answer.why === 'missing' ? 'ENOTFOUND' : 'ESERVFAIL' });
}

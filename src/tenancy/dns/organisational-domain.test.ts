// This file holds the organisational domain by list and by tree walk (RFC 9989 §4.10), and shows where they differ.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Zone, zoneLookup } from '../../../test/support/zone.ts';
import { organisationalDomain, walkTree } from './organisational-domain.ts';

const dmarc = (records: Readonly<Record<string, string>>): Zone =>
  Object.fromEntries(Object.entries(records).map(([name, tags]) => [`_dmarc.${name}`, { TXT: [`v=DMARC1; ${tags}`] }]));

const BY_LIST: readonly [name: string, domain: string][] = [
  ['example.com', 'example.com'],
  ['a.b.example.com', 'example.com'],
  ['news.club.co.uk', 'club.co.uk'],
  ['co.uk', 'co.uk'],
  // The private part of the list is off: a page at github.io belongs to github.io.
  ['club.github.io', 'github.io'],
  ['Verein.Example.DE.', 'example.de'],
  ['xn--mnchen-3ya.de', 'xn--mnchen-3ya.de'],
  ['localhost', 'localhost'],
];

for (const [name, domain] of BY_LIST) {
  test(`by list: ${name} → ${domain}`, () => assert.equal(organisationalDomain(name), domain));
}

const BY_WALK: readonly [says: string, name: string, zone: Zone, domain: string, record: string | null][] = [
  ['its own record', 'example.com', dmarc({ 'example.com': 'p=none' }), 'example.com', 'example.com'],
  ['the record of the parent', 'mail.example.com', dmarc({ 'example.com': 'p=none' }), 'example.com', 'example.com'],
  [
    'both: the shorter is the domain, its own record counts',
    'mail.example.com',
    dmarc({ 'mail.example.com': 'p=reject', 'example.com': 'p=none' }),
    'example.com',
    'mail.example.com',
  ],
  [
    'psd=n ends the walk',
    'a.mail.example.com',
    dmarc({ 'mail.example.com': 'p=none; psd=n', 'example.com': 'p=none' }),
    'mail.example.com',
    'mail.example.com',
  ],
  [
    'psd=y has the domain one label below',
    'a.giant.bank.example',
    dmarc({ 'bank.example': 'p=reject; psd=y' }),
    'giant.bank.example',
    'bank.example',
  ],
  [
    'psd=y at the name itself does not end the walk',
    'bank.example',
    dmarc({ 'bank.example': 'p=reject; psd=y' }),
    'bank.example',
    'bank.example',
  ],
  ['a record of a top-level domain without psd', 'club.example', dmarc({ example: 'p=none' }), 'example', 'example'],
  ['no record anywhere', 'a.club.example', {}, 'a.club.example', null],
  [
    'two records at a step count as none',
    'mail.example.com',
    { '_dmarc.mail.example.com': { TXT: ['v=DMARC1; p=none', 'v=DMARC1; p=reject'] }, ...dmarc({ 'example.com': 'p=none' }) },
    'example.com',
    'example.com',
  ],
  [
    'a page at github.io: list and walk differ',
    'club.github.io',
    dmarc({ 'club.github.io': 'p=none; psd=n' }),
    'club.github.io',
    'club.github.io',
  ],
];

for (const [says, name, zone, domain, record] of BY_WALK) {
  test(`by walk: ${says}`, async () => {
    const walk = await walkTree(zoneLookup(zone), name);
    assert.deepEqual([walk.domain, walk.record?.host ?? null], [domain, record]);
  });
}

test('a name with many labels is asked for at most eight times', async () => {
  for (const [name, asked] of [
    [
      'a.b.c.d.e.f.g.h.i.j.mail.example.com',
      [
        'a.b.c.d.e.f.g.h.i.j.mail.example.com',
        'g.h.i.j.mail.example.com',
        'h.i.j.mail.example.com',
        'i.j.mail.example.com',
        'j.mail.example.com',
        'mail.example.com',
        'example.com',
        'com',
      ],
    ],
    [
      '1.2.3.4.5.6.example.com',
      [
        '1.2.3.4.5.6.example.com',
        '2.3.4.5.6.example.com',
        '3.4.5.6.example.com',
        '4.5.6.example.com',
        '5.6.example.com',
        '6.example.com',
        'example.com',
        'com',
      ],
    ],
  ] as const) {
    const lookup = zoneLookup({});
    await walkTree(lookup, name);
    assert.deepEqual(
      lookup.asked,
      asked.map((each) => `TXT _dmarc.${each}`),
    );
  }
});

test('a step without an answer leaves it open', async () => {
  const walk = await walkTree(zoneLookup({ '_dmarc.example.com': { fails: true } }), 'mail.example.com');
  assert.deepEqual([walk.domain, walk.record, walk.unreachable], [null, null, '_dmarc.example.com is not answered']);
});

// This file checks the alignment verdict row by row against RFC 9989 §3.1 and §3.2.10.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { fc } from '../../test/support/property.ts';
import type { DomainIdentity } from '../tenancy/domain-identity.ts';
import { type AlignmentVerdict, aligns, judgeAlignment, type RouteIdentity } from './alignment.ts';

const DOMAIN: DomainIdentity = {
  from: 'club.example',
  domain: 'club.example',
  policy: { p: 'reject', adkim: 'relaxed', aspf: 'relaxed' },
  signs: true,
  returnPathHost: 'bounce.club.example',
};
const SMARTHOST: RouteIdentity = {
  capabilities: { preservesMime: true, returnPath: 'address' },
  rewrittenDomain: null,
  atProvider: null,
  platformReturnPathHost: 'bounces.platform.example',
  accountReturnPathDomain: null,
};
const BY_API: RouteIdentity = { ...SMARTHOST, capabilities: { preservesMime: false, returnPath: 'domain' } };
const KNOWN: RouteIdentity = { ...BY_API, atProvider: { state: 'verified', signing: true } };

function inShort({ spf, dkim, dmarc, asks, bulk, publish }: AlignmentVerdict): string {
  return [
    `spf ${spf.aligned} ${spf.code}`,
    `dkim ${dkim.aligned} ${dkim.code}`,
    dmarc,
    asks,
    `bulk ${bulk.kept}`,
    publish.join('+') || '-',
  ].join(' · ');
}

const policy = (change: Partial<NonNullable<DomainIdentity['policy']>>) => ({
  p: 'reject' as const,
  adkim: 'relaxed' as const,
  aspf: 'relaxed' as const,
  ...change,
});

const ROWS: readonly (readonly [name: string, domain: DomainIdentity, route: RouteIdentity, verdict: string])[] = [
  ['everything is published', DOMAIN, SMARTHOST, 'spf true own-return-path · dkim true our-signature · pass · nothing · bulk true · -'],
  [
    'no return path of its own',
    { ...DOMAIN, returnPathHost: null },
    SMARTHOST,
    'spf false platform-return-path · dkim true our-signature · pass · nothing · bulk true · return-path',
  ],
  ['no key', { ...DOMAIN, signs: false }, SMARTHOST, 'spf true own-return-path · dkim false no-key · pass · nothing · bulk false · dkim'],
  [
    'nothing but a policy',
    { ...DOMAIN, signs: false, returnPathHost: null },
    SMARTHOST,
    'spf false platform-return-path · dkim false no-key · fail · refusal · bulk false · dkim+return-path',
  ],
  [
    'a policy of quarantine',
    { ...DOMAIN, signs: false, returnPathHost: null, policy: policy({ p: 'quarantine' }) },
    SMARTHOST,
    'spf false platform-return-path · dkim false no-key · fail · spam-folder · bulk false · dkim+return-path',
  ],
  [
    'a policy of none',
    { ...DOMAIN, signs: false, returnPathHost: null, policy: policy({ p: 'none' }) },
    SMARTHOST,
    'spf false platform-return-path · dkim false no-key · fail · nothing · bulk false · dkim+return-path',
  ],
  [
    'no policy at all',
    { ...DOMAIN, policy: null },
    SMARTHOST,
    'spf true own-return-path · dkim true our-signature · none · nothing · bulk false · dmarc',
  ],
  [
    'a name below, relaxed',
    { ...DOMAIN, from: 'news.club.example' },
    SMARTHOST,
    'spf true own-return-path · dkim true our-signature · pass · nothing · bulk true · -',
  ],
  [
    'a name below, strict for DKIM',
    { ...DOMAIN, from: 'news.club.example', policy: policy({ adkim: 'strict' }) },
    SMARTHOST,
    'spf true own-return-path · dkim false strict-name · pass · nothing · bulk true · -',
  ],
  [
    'strict for SPF',
    { ...DOMAIN, policy: policy({ aspf: 'strict' }) },
    SMARTHOST,
    'spf false strict-name · dkim true our-signature · pass · nothing · bulk true · -',
  ],
  [
    'a provider that does not know it',
    DOMAIN,
    BY_API,
    'spf false provider-return-path · dkim false provider-does-not-know · fail · refusal · bulk false · provider',
  ],
  [
    'a provider that waits for records',
    DOMAIN,
    { ...BY_API, atProvider: { state: 'pending', signing: false } },
    'spf false provider-return-path · dkim false provider-waits · fail · refusal · bulk false · provider',
  ],
  [
    'a provider that signs for it',
    DOMAIN,
    KNOWN,
    'spf false provider-return-path · dkim true provider-signs · pass · nothing · bulk true · -',
  ],
  [
    'a provider with a return path of the domain',
    DOMAIN,
    { ...BY_API, accountReturnPathDomain: 'mail.club.example' },
    'spf true provider-return-path · dkim false provider-does-not-know · pass · nothing · bulk true · provider',
  ],
  [
    'a From written anew',
    { ...DOMAIN, signs: false, policy: null },
    { ...BY_API, rewrittenDomain: 'clubs.example' },
    'spf true rewritten · dkim true rewritten · pass · nothing · bulk true · -',
  ],
];

for (const [name, domain, route, verdict] of ROWS) {
  it(name, () => assert.equal(inShort(judgeAlignment(domain, route)), verdict));
}

it('names of one organisation align when relaxed, and only equal ones when strict', () => {
  assert.ok(aligns('news.club.example', 'bounce.club.example', 'relaxed'));
  assert.ok(!aligns('news.club.example', 'club.example', 'strict'));
  assert.ok(aligns('Club.Example', 'club.example', 'strict'));
  // Two organisations under one public suffix.
  assert.ok(!aligns('one.co.uk', 'other.co.uk', 'relaxed'));
});

it('what is published more never makes a verdict worse', () => {
  const arbitrary = fc.record({
    signs: fc.boolean(),
    own: fc.boolean(),
    policy: fc.option(
      fc.record({
        p: fc.constantFrom('none', 'quarantine', 'reject'),
        adkim: fc.constantFrom('relaxed', 'strict'),
        aspf: fc.constantFrom('relaxed', 'strict'),
      }),
      { nil: null },
    ),
    route: fc.constantFrom(SMARTHOST, BY_API, KNOWN),
    from: fc.constantFrom('club.example', 'news.club.example'),
  });
  const rank = { fail: 0, none: 1, pass: 2 };
  fc.assert(
    fc.property(arbitrary, ({ signs, own, policy: published, route, from }) => {
      const identity: DomainIdentity = { ...DOMAIN, from, signs, returnPathHost: own ? 'bounce.club.example' : null, policy: published };
      const better = { ...identity, signs: true, returnPathHost: 'bounce.club.example' };
      assert.ok(rank[judgeAlignment(better, route).dmarc] >= rank[judgeAlignment(identity, route).dmarc]);
    }),
  );
});

// This file holds cases of SPF evaluation, written from the rules of RFC 7208 section by section: a small internet, who asks, and what has to come out.
// Long because it is one table.
import type { SpfResult } from '../../src/tenancy/dns/spf-evaluate.ts';
import type { Zone } from './zone.ts';

export interface SpfCase {
  readonly section: string;
  readonly says: string;
  readonly zone: Zone;
  readonly result: SpfResult;
  /** Client, 192.0.2.1 where it does not matter. */
  readonly ip?: string;
  readonly from?: string;
  readonly helo?: string;
  readonly explanation?: string | null;
}

const spf = (record: string, more: Zone = {}): Zone => ({ 'example.com': { TXT: [record] }, ...more });
const chain = (length: number): Zone =>
  Object.fromEntries(
    Array.from({ length }, (_, index) => [
      `i${index}.example`,
      { TXT: [index + 1 < length ? `v=spf1 include:i${index + 1}.example -all` : 'v=spf1 -all'] },
    ]),
  );
const hosts = (count: number, ip: string): Zone =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`h${index}.example`, { A: [ip] }]));

export const SPF_CASES: readonly SpfCase[] = [
  // §2.4, §4.3: whose record is read
  {
    section: '2.4',
    says: 'a bounce is checked by its HELO name',
    zone: { 'mail.example.com': { TXT: ['v=spf1 +all'] } },
    from: '',
    helo: 'mail.example.com',
    result: 'pass',
  },
  {
    section: '4.3',
    says: 'a domain of one label has no result',
    zone: { localhost: { TXT: ['v=spf1 +all'] } },
    from: 'a@localhost',
    result: 'none',
  },
  { section: '4.3', says: 'an empty label has no result', zone: {}, from: 'a@bad..example.com', result: 'none' },
  { section: '4.3', says: 'a label over 63 has no result', zone: {}, from: `a@${'x'.repeat(64)}.example.com`, result: 'none' },
  { section: '4.3', says: 'an address literal has no result', zone: {}, from: 'a@[192.0.2.1]', result: 'none' },
  { section: '4.3', says: 'a name that does not exist has no result', zone: {}, result: 'none' },
  {
    section: '4.3',
    says: 'without a local part it is the postmaster',
    zone: spf('v=spf1 exists:%{l}.example.com -all', { 'postmaster.example.com': { A: ['127.0.0.2'] } }),
    from: '@example.com',
    result: 'pass',
  },
  // §4.4, §4.5: which record
  { section: '4.4', says: 'no answer is temporary', zone: { 'example.com': { fails: true } }, result: 'temperror' },
  {
    section: '4.5',
    says: 'other texts do not count',
    zone: { 'example.com': { TXT: ['google=1', 'v=spf10 -all', 'v=spf1-all'] } },
    result: 'none',
  },
  { section: '4.5', says: 'the version is read in any letter case', zone: spf('V=sPf1 +all'), result: 'pass' },
  { section: '4.5', says: 'the bare version is a record', zone: spf('v=spf1'), result: 'neutral' },
  {
    section: '4.5',
    says: 'two records are an error',
    zone: { 'example.com': { TXT: ['v=spf1 +all', 'v=spf1 -all'] } },
    result: 'permerror',
  },
  // §4.6: reading
  { section: '4.6', says: 'an error behind the match is an error', zone: spf('v=spf1 +all ip4:1.2.3'), result: 'permerror' },
  { section: '4.6.1', says: 'mechanisms are read in any letter case', zone: spf('v=spf1 IP4:192.0.2.1 -ALL'), result: 'pass' },
  { section: '4.6.1', says: 'an unknown mechanism is an error', zone: spf('v=spf1 ipv4:192.0.2.1 +all'), result: 'permerror' },
  { section: '4.6.2', says: 'the first match decides', zone: spf('v=spf1 ?ip4:192.0.2.0/24 -all'), result: 'neutral' },
  { section: '4.6.2', says: 'softfail', zone: spf('v=spf1 ~all'), result: 'softfail' },
  { section: '4.6.2', says: 'a qualifier twice is an error', zone: spf('v=spf1 --all'), result: 'permerror' },
  { section: '4.7', says: 'nothing matched is neutral', zone: spf('v=spf1 ip4:198.51.100.1'), result: 'neutral' },
  { section: '4.5', says: 'spaces at the end do no harm', zone: spf('v=spf1  ip4:192.0.2.1   -all  '), result: 'pass' },
  // §4.6.4: limits
  {
    section: '4.6.4',
    says: 'ten look-ups are allowed',
    zone: { ...chain(9), ...spf('v=spf1 include:i0.example a:h0.example -all', hosts(1, '192.0.2.1')) },
    result: 'pass',
  },
  {
    section: '4.6.4',
    says: 'the eleventh is an error',
    zone: { ...chain(10), ...spf('v=spf1 include:i0.example a:h0.example -all', hosts(1, '192.0.2.1')) },
    result: 'permerror',
  },
  { section: '4.6.4', says: 'an include of itself ends', zone: spf('v=spf1 include:example.com -all'), result: 'permerror' },
  { section: '4.6.4', says: 'a redirect to itself ends', zone: spf('v=spf1 redirect=example.com'), result: 'permerror' },
  {
    section: '4.6.4',
    says: 'two empty answers are allowed',
    zone: spf('v=spf1 a:no1.example a:no2.example ip4:192.0.2.1 -all'),
    result: 'pass',
  },
  {
    section: '4.6.4',
    says: 'the third is an error',
    zone: spf('v=spf1 a:no1.example mx:no2.example exists:no3.example ip4:192.0.2.1 -all'),
    result: 'permerror',
  },
  {
    section: '4.6.4',
    says: 'ten exchangers are allowed',
    zone: spf('v=spf1 mx -all', {
      'example.com': { TXT: ['v=spf1 mx -all'], MX: Array.from({ length: 10 }, (_, i) => [10, `h${i}.example`] as const) },
      ...hosts(9, '198.51.100.1'),
      'h9.example': { A: ['192.0.2.1'] },
    }),
    result: 'pass',
  },
  {
    section: '4.6.4',
    says: 'eleven exchangers are an error',
    zone: {
      'example.com': { TXT: ['v=spf1 mx -all'], MX: Array.from({ length: 11 }, (_, i) => [10, `h${i}.example`] as const) },
      ...hosts(11, '192.0.2.1'),
    },
    result: 'permerror',
  },
  {
    section: '4.6.4',
    says: 'ip4, ip6 and all cost nothing',
    zone: spf(`v=spf1 ${Array.from({ length: 40 }, (_, i) => `ip4:198.51.100.${i}`).join(' ')} +all`),
    result: 'pass',
  },
  {
    section: '4.6.4',
    says: 'names of an address beyond ten are passed over',
    zone: spf('v=spf1 ptr:example.com -all', {
      '1.2.0.192.in-addr.arpa': { PTR: [...Array.from({ length: 10 }, (_, i) => `h${i}.example`), 'mail.example.com'] },
      ...hosts(10, '192.0.2.1'),
      'mail.example.com': { A: ['192.0.2.1'] },
    }),
    result: 'fail',
  },
  // §5.1
  {
    section: '5.1',
    says: 'what stands behind all is never asked',
    zone: spf('v=spf1 -all a:fails.example', { 'fails.example': { fails: true } }),
    result: 'fail',
  },
  { section: '5.1', says: 'all takes no domain', zone: spf('v=spf1 -all:example.com'), result: 'permerror' },
  {
    section: '5.1',
    says: 'a redirect beside all is passed over',
    zone: spf('v=spf1 ?all redirect=other.example', { 'other.example': { TXT: ['v=spf1 +all'] } }),
    result: 'neutral',
  },
  // §5.2 include
  {
    section: '5.2',
    says: 'a pass inside matches',
    zone: spf('v=spf1 include:in.example -all', { 'in.example': { TXT: ['v=spf1 ip4:192.0.2.0/24 -all'] } }),
    result: 'pass',
  },
  {
    section: '5.2',
    says: 'the qualifier is ours',
    zone: spf('v=spf1 ~include:in.example +all', { 'in.example': { TXT: ['v=spf1 +all'] } }),
    result: 'softfail',
  },
  {
    section: '5.2',
    says: 'a fail inside is no match',
    zone: spf('v=spf1 include:in.example ?all', { 'in.example': { TXT: ['v=spf1 -all'] } }),
    result: 'neutral',
  },
  {
    section: '5.2',
    says: 'a softfail inside is no match',
    zone: spf('v=spf1 include:in.example -all', { 'in.example': { TXT: ['v=spf1 ~all'] } }),
    result: 'fail',
  },
  { section: '5.2', says: 'no record inside is an error', zone: spf('v=spf1 include:in.example +all'), result: 'permerror' },
  {
    section: '5.2',
    says: 'an error inside is an error',
    zone: spf('v=spf1 include:in.example +all', { 'in.example': { TXT: ['v=spf1 nonsense'] } }),
    result: 'permerror',
  },
  {
    section: '5.2',
    says: 'no answer inside is temporary',
    zone: spf('v=spf1 include:in.example +all', { 'in.example': { fails: true } }),
    result: 'temperror',
  },
  { section: '5.2', says: 'include needs a domain', zone: spf('v=spf1 include +all'), result: 'permerror' },
  {
    section: '5.2',
    says: 'include takes no length',
    zone: spf('v=spf1 include:in.example/24 +all', { 'in.example': { TXT: ['v=spf1 +all'] } }),
    result: 'permerror',
  },
  // §5.3 a
  { section: '5.3', says: 'a is the domain itself', zone: { 'example.com': { TXT: ['v=spf1 a -all'], A: ['192.0.2.1'] } }, result: 'pass' },
  { section: '5.3', says: 'a with a length', zone: { 'example.com': { TXT: ['v=spf1 a/24 -all'], A: ['192.0.2.200'] } }, result: 'pass' },
  {
    section: '5.3',
    says: 'a/0 matches everything of its kind',
    zone: { 'example.com': { TXT: ['v=spf1 a/0 -all'], A: ['8.8.8.8'] } },
    result: 'pass',
  },
  {
    section: '5.3',
    says: 'a for IPv6',
    zone: { 'example.com': { TXT: ['v=spf1 a//64 -all'], AAAA: ['2001:db8::9'] } },
    ip: '2001:db8::1',
    result: 'pass',
  },
  {
    section: '5.3',
    says: 'both lengths',
    zone: { 'h.example': { A: ['198.51.100.9'], AAAA: ['2001:db8::9'] }, ...spf('v=spf1 a:h.example/24//64 -all') },
    ip: '2001:db8::1',
    result: 'pass',
  },
  { section: '5.3', says: 'a length over 32 is an error', zone: spf('v=spf1 a/33 +all'), result: 'permerror' },
  { section: '5.3', says: 'a length over 128 is an error', zone: spf('v=spf1 a//129 +all'), result: 'permerror' },
  { section: '5.3', says: 'a length with a leading zero is an error', zone: spf('v=spf1 a/032 +all'), result: 'permerror' },
  { section: '5.3', says: 'a colon with nothing behind it is an error', zone: spf('v=spf1 a: +all'), result: 'permerror' },
  { section: '5.3', says: 'an address in place of a domain is an error', zone: spf('v=spf1 a:192.0.2.1 +all'), result: 'permerror' },
  {
    section: '5.3',
    says: 'no answer is temporary',
    zone: spf('v=spf1 a:h.example +all', { 'h.example': { fails: true } }),
    result: 'temperror',
  },
  {
    section: '5.3',
    says: 'an alias is followed',
    zone: spf('v=spf1 a:w.example -all', { 'w.example': { CNAME: ['h.example'] }, 'h.example': { A: ['192.0.2.1'] } }),
    result: 'pass',
  },
  // §5.4 mx
  {
    section: '5.4',
    says: 'an exchanger matches',
    zone: { 'example.com': { TXT: ['v=spf1 mx -all'], MX: [[10, 'h0.example']] }, ...hosts(1, '192.0.2.1') },
    result: 'pass',
  },
  {
    section: '5.4',
    says: 'without an exchanger the address does not stand in',
    zone: { 'example.com': { TXT: ['v=spf1 mx -all'], A: ['192.0.2.1'] } },
    result: 'fail',
  },
  {
    section: '5.4',
    says: 'an exchanger with a length for IPv6',
    zone: { 'm.example': { MX: [[0, 'h.example']] }, 'h.example': { AAAA: ['2001:db8:1::1'] }, ...spf('v=spf1 mx:m.example//48 -all') },
    ip: '2001:db8:1:ffff::1',
    result: 'pass',
  },
  {
    section: '5.4',
    says: 'an exchanger without an answer is temporary',
    zone: { 'example.com': { TXT: ['v=spf1 mx +all'], MX: [[10, 'h.example']] }, 'h.example': { fails: true } },
    result: 'temperror',
  },
  {
    section: '5.4',
    says: 'a null MX matches nothing',
    zone: { 'example.com': { TXT: ['v=spf1 mx -all'], MX: [[0, '']] } },
    result: 'fail',
  },
  // §5.5 ptr
  {
    section: '5.5',
    says: 'a name that leads back and lies below the domain',
    zone: spf('v=spf1 ptr -all', { '1.2.0.192.in-addr.arpa': { PTR: ['mail.example.com'] }, 'mail.example.com': { A: ['192.0.2.1'] } }),
    result: 'pass',
  },
  {
    section: '5.5',
    says: 'a name that does not lead back',
    zone: spf('v=spf1 ptr -all', { '1.2.0.192.in-addr.arpa': { PTR: ['mail.example.com'] }, 'mail.example.com': { A: ['192.0.2.2'] } }),
    result: 'fail',
  },
  {
    section: '5.5',
    says: 'a name that only ends alike',
    zone: spf('v=spf1 ptr -all', { '1.2.0.192.in-addr.arpa': { PTR: ['badexample.com'] }, 'badexample.com': { A: ['192.0.2.1'] } }),
    result: 'fail',
  },
  {
    section: '5.5',
    says: 'no answer for the names is no match',
    zone: spf('v=spf1 ptr ip4:192.0.2.1 -all', { '1.2.0.192.in-addr.arpa': { fails: true } }),
    result: 'pass',
  },
  {
    section: '5.5',
    says: 'no answer for one name passes it over',
    zone: spf('v=spf1 ptr -all', {
      '1.2.0.192.in-addr.arpa': { PTR: ['x.example.com', 'y.example.com'] },
      'x.example.com': { fails: true },
      'y.example.com': { A: ['192.0.2.1'] },
    }),
    result: 'pass',
  },
  {
    section: '5.5',
    says: 'IPv6',
    zone: spf('v=spf1 ptr:example.com -all', {
      [`1.${'0.'.repeat(23)}8.b.d.0.1.0.0.2.ip6.arpa`]: { PTR: ['v6.example.com'] },
      'v6.example.com': { AAAA: ['2001:db8::1'] },
    }),
    ip: '2001:db8::1',
    result: 'pass',
  },
  // §5.6 ip4, ip6
  { section: '5.6', says: 'a network', zone: spf('v=spf1 ip4:192.0.2.128/24 -all'), result: 'pass' },
  { section: '5.6', says: 'ip4 does not match IPv6', zone: spf('v=spf1 ip4:0.0.0.0/0 -all'), ip: '2001:db8::1', result: 'fail' },
  { section: '5.6', says: 'ip6', zone: spf('v=spf1 ip6:2001:db8::/32 -all'), ip: '2001:db8:9::1', result: 'pass' },
  { section: '5.6', says: 'ip6 does not match IPv4', zone: spf('v=spf1 ip6:::/0 -all'), result: 'fail' },
  {
    section: '5.6',
    says: 'an IPv4 client in IPv6 clothes is an IPv4 client',
    zone: spf('v=spf1 ip4:192.0.2.1 -all'),
    ip: '::ffff:192.0.2.1',
    result: 'pass',
  },
  { section: '5.6', says: 'three numbers are no address', zone: spf('v=spf1 ip4:192.0.2 +all'), result: 'permerror' },
  { section: '5.6', says: 'a length over 32', zone: spf('v=spf1 ip4:192.0.2.0/33 +all'), result: 'permerror' },
  { section: '5.6', says: 'a port is no address', zone: spf('v=spf1 ip4:192.0.2.1:8080 +all'), result: 'permerror' },
  { section: '5.6', says: 'two slashes', zone: spf('v=spf1 ip4:192.0.2.0//32 +all'), result: 'permerror' },
  { section: '5.6', says: 'nothing behind the colon', zone: spf('v=spf1 ip6: +all'), result: 'permerror' },
  { section: '5.6', says: 'an IPv4 address as ip6', zone: spf('v=spf1 ip6:192.0.2.1 +all'), result: 'permerror' },
  // §5.7 exists
  {
    section: '5.7',
    says: 'any address is a match',
    zone: spf('v=spf1 exists:%{ir}.list.example -all', { '1.2.0.192.list.example': { A: ['127.0.0.2'] } }),
    result: 'pass',
  },
  {
    section: '5.7',
    says: 'IPv4 is asked for IPv6 clients too',
    zone: spf('v=spf1 exists:h.example -all', { 'h.example': { A: ['127.0.0.2'] } }),
    ip: '2001:db8::1',
    result: 'pass',
  },
  {
    section: '5.7',
    says: 'an IPv6 address alone is none',
    zone: spf('v=spf1 exists:h.example -all', { 'h.example': { AAAA: ['2001:db8::1'] } }),
    ip: '2001:db8::1',
    result: 'fail',
  },
  { section: '5.7', says: 'exists needs a domain', zone: spf('v=spf1 exists +all'), result: 'permerror' },
  {
    section: '5.7',
    says: 'no answer is temporary',
    zone: spf('v=spf1 exists:h.example +all', { 'h.example': { fails: true } }),
    result: 'temperror',
  },
  // §6 modifiers
  { section: '6', says: 'unknown modifiers are passed over', zone: spf('v=spf1 x-y_z.1=%{d} +all'), result: 'pass' },
  { section: '6', says: 'an unknown modifier with a broken macro is an error', zone: spf('v=spf1 foo=%abc +all'), result: 'permerror' },
  { section: '6', says: 'a modifier does not begin with a digit', zone: spf('v=spf1 1up=x +all'), result: 'permerror' },
  {
    section: '6',
    says: 'redirect twice is an error',
    zone: spf('v=spf1 redirect=a.example redirect=b.example', { 'a.example': { TXT: ['v=spf1 +all'] } }),
    result: 'permerror',
  },
  { section: '6', says: 'exp twice is an error', zone: spf('v=spf1 exp=a.example exp=b.example +all'), result: 'permerror' },
  {
    section: '6.1',
    says: 'redirect',
    zone: spf('v=spf1 redirect=other.example', { 'other.example': { TXT: ['v=spf1 ip4:192.0.2.1 -all'] } }),
    result: 'pass',
  },
  {
    section: '6.1',
    says: 'redirect stands anywhere and comes last',
    zone: spf('v=spf1 redirect=other.example ip4:192.0.2.1', { 'other.example': { TXT: ['v=spf1 -all'] } }),
    result: 'pass',
  },
  { section: '6.1', says: 'a redirect to nothing is an error', zone: spf('v=spf1 redirect=other.example'), result: 'permerror' },
  {
    section: '6.1',
    says: 'the domain becomes the other one',
    zone: spf('v=spf1 redirect=other.example', { 'other.example': { TXT: ['v=spf1 a -all'], A: ['192.0.2.1'] } }),
    result: 'pass',
  },
  { section: '6.1', says: 'redirect needs a domain', zone: spf('v=spf1 redirect='), result: 'permerror' },
  {
    section: '6.2',
    says: 'the explanation of a fail',
    zone: spf('v=spf1 exp=why.%{d} -all', { 'why.example.com': { TXT: ['%{i} is not one of %{d}%%, see https://example.com/?s=%{S}'] } }),
    from: 'a+b@example.com',
    result: 'fail',
    explanation: '192.0.2.1 is not one of example.com%, see https://example.com/?s=a%2Bb%40example.com',
  },
  {
    section: '6.2',
    says: 'no explanation where there are two',
    zone: spf('v=spf1 exp=why.example -all', { 'why.example': { TXT: ['one', 'two'] } }),
    result: 'fail',
    explanation: null,
  },
  {
    section: '6.2',
    says: 'no explanation that is not ASCII',
    zone: spf('v=spf1 exp=why.example -all', { 'why.example': { TXT: ['warum nicht – so'] } }),
    result: 'fail',
    explanation: null,
  },
  {
    section: '6.2',
    says: 'no explanation with a broken macro',
    zone: spf('v=spf1 exp=why.example -all', { 'why.example': { TXT: ['%{q}'] } }),
    result: 'fail',
    explanation: null,
  },
  {
    section: '6.2',
    says: 'no explanation without an answer',
    zone: spf('v=spf1 exp=why.example -all', { 'why.example': { fails: true } }),
    result: 'fail',
    explanation: null,
  },
  {
    section: '6.2',
    says: 'the explanation of an include is not used',
    zone: spf('v=spf1 include:in.example -all', {
      'in.example': { TXT: ['v=spf1 exp=why.example -all'] },
      'why.example': { TXT: ['inner'] },
    }),
    result: 'fail',
    explanation: null,
  },
  {
    section: '6.2',
    says: 'the explanation of a redirect is',
    zone: spf('v=spf1 exp=outer.example redirect=in.example', {
      'in.example': { TXT: ['v=spf1 exp=why.example -all'] },
      'why.example': { TXT: ['inner'] },
      'outer.example': { TXT: ['outer'] },
    }),
    result: 'fail',
    explanation: 'inner',
  },
  {
    section: '6.2',
    says: 'exp costs no look-up',
    zone: { ...chain(10), ...spf('v=spf1 exp=why.example include:i0.example -all', { 'why.example': { TXT: ['no'] } }) },
    result: 'fail',
    explanation: 'no',
  },
  // §7 macros
  {
    section: '7.3',
    says: 'letters of explanations only are an error elsewhere',
    zone: spf('v=spf1 exists:%{c}.example.com +all'),
    result: 'permerror',
  },
  { section: '7.3', says: 'zero labels are an error', zone: spf('v=spf1 exists:%{d0}.example.com +all'), result: 'permerror' },
  { section: '7.3', says: 'an unknown letter is an error', zone: spf('v=spf1 exists:%{x}.example.com +all'), result: 'permerror' },
  { section: '7.3', says: 'an open brace is an error', zone: spf('v=spf1 exists:%{d.example.com +all'), result: 'permerror' },
  { section: '7.3', says: 'a percent sign alone is an error', zone: spf('v=spf1 exists:a%.example.com +all'), result: 'permerror' },
  {
    section: '7.3',
    says: 'no name for an unknown address',
    zone: spf('v=spf1 exists:%{p}.list.example -all', { 'unknown.list.example': { A: ['127.0.0.2'] } }),
    result: 'pass',
  },
  {
    section: '7.3',
    says: 'the name of the domain before another',
    zone: spf('v=spf1 exists:%{p}.list.example -all', {
      '1.2.0.192.in-addr.arpa': { PTR: ['zz.other.example', 'mx.example.com'] },
      'zz.other.example': { A: ['192.0.2.1'] },
      'mx.example.com': { A: ['192.0.2.1'] },
      'mx.example.com.list.example': { A: ['127.0.0.2'] },
    }),
    result: 'pass',
  },
  {
    section: '7.3',
    says: 'long names lose labels on the left',
    zone: spf(`v=spf1 exists:%{l}.%{l}.%{l}.%{l}.tail.example -all`, {
      [`${'a'.repeat(60)}.${'a'.repeat(60)}.${'a'.repeat(60)}.tail.example`]: { A: ['127.0.0.2'] },
    }),
    from: `${'a'.repeat(60)}@example.com`,
    result: 'pass',
  },
];

// This file holds the reply classifier against the names around a reply: the host that speaks, the product that answers and the link to an explanation must not change what is said.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { classifyReply } from './classify.ts';
import { withoutNames } from './without-names.ts';

/** Every third reply is enough, and takes a third of the time. */
const REPLIES = readFileSync(new URL('samples/replies.txt', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => !line.startsWith('#') && /\|[45]\d\d /.test(line) && !line.includes('\\n'))
  .filter((_, index) => index % 3 === 0)
  .map((line) => line.slice(line.indexOf('|') + 1));

const AROUND: Readonly<Record<string, (reply: string) => string>> = {
  'the host that speaks, behind': (reply) => `${reply} [mx1.antispam-relay.example]`,
  'the host that speaks, in brackets': (reply) => `${reply} (virusgate.blacklist.example)`,
  'the host that speaks, in front': (reply) => reply.replace(/^(\d{3}(?: [45]\.\d\.\d{1,3})?) /, '$1 mx07.spamfilter.example '),
  'a link': (reply) => `${reply} See https://postmaster.firm.example/anti-spam-policy/blacklist.html`,
  'a product': (reply) => `${reply} (Example Spam & Virus Firewall)`,
  'a queue id': (reply) => `${reply} (4Xk2Yz3abcz9Q)`,
  'whom to ask': (reply) => `${reply} If you think this is an error, contact postmaster@firm.example.`,
  'capital letters': (reply) => reply.toUpperCase(),
};

for (const [name, around] of Object.entries(AROUND))
  test(`a reply means the same with ${name}`, () => {
    const changed = REPLIES.filter((reply) => classifyReply(around(reply)).class !== classifyReply(reply).class);
    // Replies of one or two words and a broad code say less than the name beside them; one in forty may.
    assert.ok(
      changed.length <= REPLIES.length / 40,
      changed.map((reply) => `${around(reply)} → ${classifyReply(around(reply)).class}`).join('\n'),
    );
    for (const reply of REPLIES) assert.ok(!classifyReply(around(reply)).suppress || classifyReply(reply).suppress, around(reply));
  });

const NAMES: readonly (readonly [words: string, plain: string])[] = [
  ['550 mx1.spamfilter.example: no such user', '550 name.example: no such user'],
  ['550 see https://example.com/blacklist?ip=1 for more', '550 see http://name.example/ for more'],
  ['550 user unknown (example spam & virus firewall)', '550 user unknown '],
  ['550 5.1.1 192.0.2.1 is listed', '550 5.1.1 192.0.2.1 is listed'],
  ['553 dnsbl:rbl 521< 192.0.2.1 >_is_blocked.for help', '553 dnsbl:rbl 521< 192.0.2.1 >_is_blocked.for help'],
  ['554 invoice.exe is not allowed', '554 invoice.exe is not allowed'],
  ['no names', 'no names'],
];

test('hosts, links and products go, codes, addresses of hosts and files stay', () => {
  for (const [words, plain] of NAMES) assert.equal(withoutNames(words), plain);
});

test('hostile words lose their names in linear time', () => {
  for (const piece of ['a.', '.', 'a-', 'http://', '(spam ', 'www.', 'a.b ']) {
    const long = piece.repeat(2000);
    assert.ok(withoutNames(long).length <= long.length * 8, piece);
  }
});

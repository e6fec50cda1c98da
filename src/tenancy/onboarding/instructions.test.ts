// This file checks how records are told to people: at each DNS host, as a zone file, and in a message.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fc } from '../../../test/support/property.ts';
import { ANOTHER_HOST, DNS_HOSTS, detectDnsHost, findDnsHost } from './dns-hosts.ts';
import { instructions, type PublishedRecord, relativeName } from './instructions.ts';
import { splitText, zoneFile } from './zone-file.ts';

const KEY = `v=DKIM1; k=rsa; p=${'A'.repeat(392)}`;
const record = (given: Partial<PublishedRecord>): PublishedRecord => ({
  ...{ id: 'dkim:pb7', purpose: 'dkim', type: 'TXT', host: 'pb7._domainkey.club.example', value: KEY, needed: 'required' },
  ...{ state: 'missing', found: [] },
  ...given,
});
const alias = record({
  id: 'return-path',
  purpose: 'return-path',
  type: 'CNAME',
  host: 'bounce.club.example',
  value: 'returns.desk.example',
  needed: 'recommended',
});
const spf = record({
  id: 'spf',
  purpose: 'spf',
  host: 'club.example',
  value: 'v=spf1 mx include:x.example ~all',
  state: 'different',
  found: ['v=spf1 mx ~all'],
});
const ask = (host = ANOTHER_HOST, records = [record({}), alias, spf], language: 'en' | 'de' = 'en') =>
  instructions({ domain: 'club.example', zone: 'club.example', records, host, language });
const fieldsOf = (host: (typeof DNS_HOSTS)[number], id: string) =>
  ask(host)
    .steps.find((step) => step.record_id === id)
    ?.fields.map(({ label, value }) => `${label}: ${value}`);

const SERVERS: readonly [nameserver: string, id: string][] = [
  ['amy.ns.cloudflare.com', 'cloudflare'],
  ['ns07.domaincontrol.com', 'godaddy'],
  ['DNS1.registrar-servers.com', 'namecheap'],
  ['ns1076.ui-dns.biz', 'ionos'],
  ['shades01.rzone.de', 'strato'],
  ['dns102.ovh.net', 'ovh'],
  ['helium.ns.hetzner.de', 'hetzner'],
  ['ns-12-a.gandi.net', 'gandi'],
  ['ns-cloud-a1.googledomains.com', 'squarespace'],
  ['ns-1234.awsdns-22.co.uk', 'route53'],
  ['ns1-01.azure-dns.com', 'azure'],
  ['ns2.digitalocean.com', 'digitalocean'],
  ['nsany1.infomaniak.com', 'infomaniak'],
  ['ns5.kasserver.com', 'all-inkl'],
  ['ns.club.example', 'another'],
  ['cloudflare.com.evil.example', 'another'],
];
for (const [nameserver, id] of SERVERS) {
  test(`${nameserver} is run by ${id}`, () => assert.equal(detectDnsHost([nameserver]).id, id));
}

test('every host has words in both languages, an id of its own, and is found by it', () => {
  assert.equal(new Set(DNS_HOSTS.map(({ id }) => id)).size, DNS_HOSTS.length);
  for (const host of DNS_HOSTS) {
    assert.equal(findDnsHost(host.id), host);
    for (const language of ['en', 'de'] as const) {
      const { steps, hosts } = ask(host, undefined, language);
      assert.ok(steps[0]?.text.startsWith(`${host.name}: `) && steps.length >= 6, host.id);
      assert.equal(hosts.length, DNS_HOSTS.length + 1);
    }
  }
  assert.equal(findDnsHost('nobody'), null);
});

test('names are entered without the domain, targets and texts as the host wants them', () => {
  const host = (id: string) => findDnsHost(id) ?? ANOTHER_HOST;
  assert.deepEqual(fieldsOf(host('hetzner'), 'return-path'), ['Type: CNAME', 'Name: bounce', 'Value: returns.desk.example.']);
  assert.deepEqual(fieldsOf(host('cloudflare'), 'return-path'), ['Type: CNAME', 'Name: bounce', 'Target: returns.desk.example']);
  assert.deepEqual(fieldsOf(host('godaddy'), 'spf'), ['Type: TXT', 'Name: @', 'Value: v=spf1 mx include:x.example ~all']);
  assert.deepEqual(fieldsOf(host('ovh'), 'spf')?.[1], 'Sub-domain: ');
  assert.match(fieldsOf(host('route53'), 'dkim:pb7')?.[2] ?? '', /^Value: "v=DKIM1[^"]{248}" "A+"$/);
  assert.ok(ask(host('cloudflare')).steps.some(({ text }) => /proxy off/.test(text)));
  assert.ok(!ask(host('godaddy')).steps.some(({ text }) => /proxy/.test(text)));
});

test('a name below its zone keeps what stands before the zone', () => {
  assert.equal(relativeName('bounce.mail.club.example', 'club.example'), 'bounce.mail');
  assert.equal(relativeName('club.example', 'club.example'), '');
  assert.equal(relativeName('other.example', 'club.example'), 'other.example');
  assert.equal(relativeName('notclub.example', 'club.example'), 'notclub.example');
});

test('a record that exists is changed, never doubled', () => {
  const { steps, message, zone_file } = ask();
  assert.match(
    steps.find(({ record_id }) => record_id === 'spf')?.text ?? '',
    /^Change the record that is there \(v=spf1 mx ~all\); a second one/,
  );
  assert.match(message.text, /It takes the place of the present record: v=spf1 mx ~all/);
  assert.match(zone_file, /present record: v=spf1 mx ~all\nclub\.example\. 3600 IN TXT "v=spf1 mx include:x\.example ~all"\n/);
});

test('what is right is left out, and when all is right there is nothing to do', () => {
  const right = record({ state: 'ok' });
  assert.deepEqual(
    ask(ANOTHER_HOST, [right]).steps.map(({ text }) => text),
    ['All records are right. There is nothing to do.'],
  );
  assert.equal(ask(ANOTHER_HOST, [right]).zone_file, '');
  const { steps, zone_file } = ask(ANOTHER_HOST, [
    right,
    record({ id: 'tls-rpt', purpose: 'tls-rpt', needed: 'optional', value: 'v=TLSRPTv1; rua=mailto:a@b.example' }),
  ]);
  assert.equal(steps.length, 1, 'what is optional asks nobody to do anything');
  assert.match(zone_file, /TLSRPTv1/);
});

test('the message can be forwarded as it is, in both languages', () => {
  const english = ask().message;
  assert.equal(english.subject, 'DNS records for club.example');
  assert.match(
    english.text,
    /1\. TXT: The key by which.*\n {3}Name: pb7\._domainkey\.club\.example \(in most forms only: pb7\._domainkey\)\n {3}Value: v=DKIM1/,
  );
  assert.match(ask(ANOTHER_HOST, undefined, 'de').message.text, /^Guten Tag,[\s\S]*Rücksendeadresse[\s\S]*Vielen Dank!/);
});

test('a zone file splits long texts, and they join to the same text again', () => {
  const file = zoneFile([
    { record: record({}), comment: 'a\nb' },
    { record: alias, comment: null },
  ]);
  assert.match(
    file,
    /^; a b\npb7\._domainkey\.club\.example\. 3600 IN TXT "[^"]{255}" "A+"\nbounce\.club\.example\. 3600 IN CNAME returns\.desk\.example\.\n$/,
  );
  assert.match(
    zoneFile([{ record: record({ value: 'a"\\\n$ORIGIN evil' }), comment: null }]),
    /TXT "a\\"\\\\\\010\$ORIGIN evil"\n$/,
    'nobody ends the line',
  );
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 700 }), (text) => {
      const pieces = splitText(text);
      assert.equal(pieces.join(''), text);
      for (const piece of pieces) assert.ok(Buffer.byteLength(piece) <= 255);
    }),
  );
});

// This file holds every mistake people make with DNS records: what is expected, what stands in the DNS instead, and how it has to be named. Tests lay
// them into a literal zone, and into zones of a real name server.
import { generateKeyPairSync } from 'node:crypto';
import type { ExpectedRecord, RecordPurpose } from '../../src/tenancy/dns/compared.ts';
import type { Zone } from './zone.ts';

const KEY = publicKey();
const OTHER_KEY = publicKey();
const DKIM = `v=DKIM1; k=rsa; p=${KEY}`;

const record = (purpose: RecordPurpose, type: ExpectedRecord['type'], host: string, value: string): ExpectedRecord => ({
  purpose,
  type,
  host,
  value,
});
const OWNERSHIP = record('ownership', 'TXT', 'club.example', 'packetboat-domain=aBcDeF12');
const KEY_TXT = record('dkim', 'TXT', 's1._domainkey.club.example', DKIM);
/** Of a key that others may have. */
const GONE_TXT = record('dkim', 'TXT', 's1._domainkey.club.example', 'v=DKIM1; p=');
const KEY_ALIAS = record('dkim', 'CNAME', 's1._domainkey.club.example', 's1.7.dkim.platform.example');
const BOUNCE = record('return-path', 'CNAME', 'bounce.club.example', 'returns.platform.example');
export const SPF = record('spf', 'TXT', 'club.example', 'v=spf1 include:_spf.platform.example ~all');
export const DMARC = record('dmarc', 'TXT', '_dmarc.club.example', 'v=DMARC1; p=none; rua=mailto:r7@reports.platform.example');
const STS = record('mta-sts', 'TXT', '_mta-sts.club.example', 'v=STSv1; id=20261101');
const TLS = record('tls-rpt', 'TXT', '_smtp._tls.club.example', 'v=TLSRPTv1; rua=mailto:r7@reports.platform.example');
const MX = record('return-path', 'MX', 'returns.club.example', '10 in.platform.example');

export const PLATFORM_ZONE: Zone = {
  '_spf.platform.example': { TXT: ['v=spf1 ip4:192.0.2.0/24 ~all'] },
  'returns.platform.example': { A: ['192.0.2.9'], MX: [[10, 'in.platform.example']], TXT: ['v=spf1 ip4:192.0.2.0/24 -all'] },
  's1.7.dkim.platform.example': { TXT: [DKIM] },
};
const includes = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`s${index}.example`, { TXT: [`v=spf1 ip4:198.51.100.${index} -all`] }]));

export const MISTAKE_CASES: readonly [name: string, expected: ExpectedRecord, zone: Zone, state: string, code: string | null][] = [
  ['a token among other texts', OWNERSHIP, { 'club.example': { TXT: ['google=1', 'packetboat-domain=aBcDeF12'] } }, 'ok', null],
  ['nothing there', OWNERSHIP, {}, 'missing', 'not-published'],
  ['other texts only', OWNERSHIP, { 'club.example': { TXT: ['google=1'] } }, 'missing', 'not-published'],
  ['servers that do not answer', OWNERSHIP, { 'club.example': { fails: true } }, 'unreachable', 'no-answer'],
  ['the domain twice', OWNERSHIP, { 'club.example.club.example': { TXT: [OWNERSHIP.value] } }, 'missing', 'doubled-domain'],
  ['the token at www', OWNERSHIP, { 'www.club.example': { TXT: [OWNERSHIP.value] } }, 'missing', 'wrong-host'],
  ['quotes in the token', OWNERSHIP, { 'club.example': { TXT: [`"${OWNERSHIP.value}"`] } }, 'different', 'quotes-in-value'],
  ['typographic quotes', OWNERSHIP, { 'club.example': { TXT: [`“${OWNERSHIP.value}”`] } }, 'different', 'quotes-in-value'],
  ['a dot behind the token', OWNERSHIP, { 'club.example': { TXT: [`${OWNERSHIP.value}.`] } }, 'different', 'trailing-dot'],
  ['the token in small letters', OWNERSHIP, { 'club.example': { TXT: [OWNERSHIP.value.toLowerCase()] } }, 'different', 'letter-case'],
  ['a blank behind the token', OWNERSHIP, { 'club.example': { TXT: [`${OWNERSHIP.value} `] } }, 'different', 'spaces-in-value'],
  ['a blank in the token', OWNERSHIP, { 'club.example': { TXT: ['packetboat-domain= aBcDeF12'] } }, 'different', 'spaces-in-value'],
  ['an older token', OWNERSHIP, { 'club.example': { TXT: ['packetboat-domain=older'] } }, 'different', 'other-value'],

  ['the key', KEY_TXT, { [KEY_TXT.host]: { TXT: [DKIM] } }, 'ok', null],
  [
    'the key with spaces and without version',
    KEY_TXT,
    { [KEY_TXT.host]: { TXT: [`k=rsa; p=${KEY.slice(0, 100)} ${KEY.slice(100)};`] } },
    'ok',
    null,
  ],
  ['a revoked key that was emptied', GONE_TXT, { [KEY_TXT.host]: { TXT: ['v=DKIM1; k=ed25519; p='] } }, 'ok', null],
  ['a revoked key that was removed', GONE_TXT, {}, 'ok', null],
  ['a revoked key that stands there still', GONE_TXT, { [KEY_TXT.host]: { TXT: [DKIM] } }, 'different', 'key-other'],
  ['the key under the doubled domain', KEY_TXT, { [`${KEY_TXT.host}.club.example`]: { TXT: [DKIM] } }, 'missing', 'doubled-domain'],
  ['the key without _domainkey', KEY_TXT, { 's1.club.example': { TXT: [DKIM] } }, 'missing', 'wrong-host'],
  ['the key at the root', KEY_TXT, { 'club.example': { TXT: [DKIM] } }, 'missing', 'wrong-host'],
  ['the key in quotes', KEY_TXT, { [KEY_TXT.host]: { TXT: [`"${DKIM}"`] } }, 'different', 'quotes-in-value'],
  ['the key in small letters', KEY_TXT, { [KEY_TXT.host]: { TXT: [DKIM.toLowerCase()] } }, 'different', 'letter-case'],
  ['half of the key', KEY_TXT, { [KEY_TXT.host]: { TXT: [DKIM.slice(0, 255)] } }, 'different', 'key-cut'],
  ['a broken key', KEY_TXT, { [KEY_TXT.host]: { TXT: [`v=DKIM1; p=${KEY.slice(0, 80)}–${KEY.slice(81)}`] } }, 'different', 'key-broken'],
  ['semicolons with backslashes', KEY_TXT, { [KEY_TXT.host]: { TXT: [DKIM.replaceAll(';', '\\;')] } }, 'different', 'backslashes-in-value'],
  [
    'quotes between the pieces',
    KEY_TXT,
    { [KEY_TXT.host]: { TXT: [`${DKIM.slice(0, 200)}" "${DKIM.slice(200)}`] } },
    'different',
    'quotes-in-value',
  ],
  [
    'two records with a piece each',
    KEY_TXT,
    { [KEY_TXT.host]: { TXT: [DKIM.slice(0, 255), DKIM.slice(255)] } },
    'different',
    'key-in-pieces',
  ],
  ['the second piece alone', KEY_TXT, { [KEY_TXT.host]: { TXT: [DKIM.slice(255)] } }, 'different', 'key-cut'],
  ['the key without its tags', KEY_TXT, { [KEY_TXT.host]: { TXT: [KEY] } }, 'different', 'key-cut'],
  ['a wildcard text', KEY_TXT, { '*.club.example': { TXT: ['v=spf1 -all'] } }, 'missing', 'wildcard-answers'],
  ['a wildcard alias', KEY_TXT, { '*.club.example': { CNAME: ['www.example'] } }, 'missing', 'wildcard-answers'],
  ['a key that was taken back', KEY_TXT, { [KEY_TXT.host]: { TXT: ['v=DKIM1; k=rsa; p='] } }, 'different', 'key-revoked'],
  ['another key', KEY_TXT, { [KEY_TXT.host]: { TXT: [`v=DKIM1; p=${OTHER_KEY}`] } }, 'different', 'key-other'],
  ['two keys', KEY_TXT, { [KEY_TXT.host]: { TXT: [DKIM, `v=DKIM1; p=${OTHER_KEY}`] } }, 'conflict', 'several-records'],
  ['an alias where the key belongs', KEY_TXT, { [KEY_TXT.host]: { CNAME: ['old.example'] } }, 'different', 'alias-at-host'],

  ['the alias to the key', KEY_ALIAS, { [KEY_ALIAS.host]: { CNAME: ['S1.7.dkim.platform.example'] } }, 'ok', null],
  [
    'the alias to a key that is not there',
    { ...KEY_ALIAS, value: 's9.dkim.platform.example' },
    { [KEY_ALIAS.host]: { CNAME: ['s9.dkim.platform.example'] } },
    'different',
    'key-not-there',
  ],
  ['the key where its alias belongs', KEY_ALIAS, { [KEY_ALIAS.host]: { TXT: [DKIM] } }, 'different', 'records-instead-of-alias'],
  ['the alias without its underscore', KEY_ALIAS, { 's1.domainkey.club.example': { CNAME: [KEY_ALIAS.value] } }, 'missing', 'wrong-host'],
  ['the alias as a text', KEY_ALIAS, { [KEY_ALIAS.host]: { TXT: [KEY_ALIAS.value] } }, 'different', 'wrong-type'],

  ['the return path', BOUNCE, { [BOUNCE.host]: { CNAME: [BOUNCE.value] } }, 'ok', null],
  ['no alias yet', BOUNCE, {}, 'missing', 'not-published'],
  [
    'the alias under the doubled domain',
    BOUNCE,
    { [`${BOUNCE.host}.club.example`]: { CNAME: [BOUNCE.value] } },
    'missing',
    'doubled-domain',
  ],
  ['the domain behind the target', BOUNCE, { [BOUNCE.host]: { CNAME: [`${BOUNCE.value}.club.example`] } }, 'different', 'target-doubled'],
  ['another target', BOUNCE, { [BOUNCE.host]: { CNAME: ['elsewhere.example'] } }, 'different', 'other-target'],
  ['a wildcard address', BOUNCE, { '*.club.example': { A: ['192.0.2.80'] } }, 'missing', 'wildcard-answers'],
  ['a wildcard alias elsewhere', BOUNCE, { '*.club.example': { CNAME: ['www.example'] } }, 'missing', 'wildcard-answers'],
  [
    'an exchanger instead of the alias',
    BOUNCE,
    { [BOUNCE.host]: { MX: [[10, 'returns.platform.example']] } },
    'different',
    'records-instead-of-alias',
  ],
  ['the proxy', BOUNCE, { [BOUNCE.host]: { A: ['104.21.3.4', '172.67.1.2'], AAAA: ['2606:4700:3030::1'] } }, 'different', 'proxied'],
  ['an address instead of the alias', BOUNCE, { [BOUNCE.host]: { A: ['192.0.2.9'] } }, 'different', 'address-instead-of-alias'],
  [
    'a text beside the alias',
    BOUNCE,
    { [BOUNCE.host]: { CNAME: [BOUNCE.value], TXT: ['v=spf1 -all'] } },
    'conflict',
    'alias-beside-records',
  ],

  [
    'SPF with us',
    SPF,
    { 'club.example': { TXT: ['v=spf1 mx include:_spf.platform.example -all'], MX: [[10, 'mx.example']] }, 'mx.example': {} },
    'ok',
    null,
  ],
  ['no SPF', SPF, { 'club.example': { TXT: ['google=1'] } }, 'missing', 'not-published'],
  ['two SPF records', SPF, { 'club.example': { TXT: ['v=spf1 mx -all', SPF.value] } }, 'conflict', 'several-spf'],
  ['SPF without us', SPF, { 'club.example': { TXT: ['v=spf1 ip4:192.0.2.1 -all'] } }, 'different', 'spf-not-included'],
  ['us behind all', SPF, { 'club.example': { TXT: ['v=spf1 -all include:_spf.platform.example'] } }, 'different', 'spf-after-all'],
  ['SPF open to all', SPF, { 'club.example': { TXT: ['v=spf1 include:_spf.platform.example +all'] } }, 'different', 'spf-open'],
  [
    'an error in SPF',
    SPF,
    { 'club.example': { TXT: ['v=spf1 ipv4:192.0.2.1 include:_spf.platform.example ~all'] } },
    'different',
    'spf-syntax',
  ],
  [
    'SPF that reaches us through another name',
    SPF,
    { 'club.example': { TXT: ['v=spf1 include:all.club.example -all'] }, 'all.club.example': { TXT: [SPF.value] } },
    'ok',
    null,
  ],
  [
    'SPF that reaches us through a name it does not trust',
    SPF,
    { 'club.example': { TXT: ['v=spf1 ?include:all.club.example -all'] }, 'all.club.example': { TXT: [SPF.value] } },
    'different',
    'spf-not-included',
  ],
  ['a dot behind the include', SPF, { 'club.example': { TXT: ['v=spf1 include:_spf.platform.example. ~all'] } }, 'ok', null],
  [
    'an include that is gone',
    SPF,
    { 'club.example': { TXT: ['v=spf1 include:gone.example include:_spf.platform.example ~all'] } },
    'different',
    'spf-include-broken',
  ],
  [
    'SPF that includes itself',
    SPF,
    { 'club.example': { TXT: ['v=spf1 include:club.example include:_spf.platform.example ~all'] } },
    'different',
    'spf-include-broken',
  ],
  ['a blank before SPF', SPF, { 'club.example': { TXT: [` ${SPF.value}`] } }, 'different', 'spaces-in-value'],
  ['blanks with backslashes', SPF, { 'club.example': { TXT: [SPF.value.replaceAll(' ', '\\ ')] } }, 'different', 'backslashes-in-value'],
  ['SPF in quotes', SPF, { 'club.example': { TXT: [`"${SPF.value}"`] } }, 'different', 'quotes-in-value'],
  [
    'eleven look-ups',
    SPF,
    {
      ...includes(10),
      'club.example': {
        TXT: [
          `v=spf1 ${Object.keys(includes(10))
            .map((name) => `include:${name}`)
            .join(' ')} include:_spf.platform.example ~all`,
        ],
      },
    },
    'different',
    'spf-lookups',
  ],
  [
    'three names that are gone',
    SPF,
    { 'club.example': { TXT: ['v=spf1 a:x1.example a:x2.example a:x3.example include:_spf.platform.example ~all'] } },
    'different',
    'spf-voids',
  ],

  ['DMARC', DMARC, { [DMARC.host]: { TXT: [DMARC.value] } }, 'ok', null],
  [
    'their own stricter DMARC with our address',
    DMARC,
    { [DMARC.host]: { TXT: ['v=DMARC1; p=reject; rua=mailto:a@club.example,mailto:R7@reports.platform.example'] } },
    'ok',
    null,
  ],
  [
    'DMARC whose reports go elsewhere',
    DMARC,
    { [DMARC.host]: { TXT: ['v=DMARC1; p=reject; pct=100; rua=mailto:a@club.example'] } },
    'different',
    'report-address-missing',
  ],
  ['two DMARC records', DMARC, { [DMARC.host]: { TXT: [DMARC.value, 'v=DMARC1; p=reject'] } }, 'conflict', 'several-dmarc'],
  ['DMARC in small letters', DMARC, { [DMARC.host]: { TXT: ['v=dmarc1; p=quarantine'] } }, 'different', 'letter-case'],
  ['DMARC with a policy that is none', DMARC, { [DMARC.host]: { TXT: ['v=DMARC1; p=refuse'] } }, 'different', 'dmarc-syntax'],
  ['a blank before DMARC', DMARC, { [DMARC.host]: { TXT: [` ${DMARC.value}`] } }, 'different', 'spaces-in-value'],
  ['their own DMARC with backslashes', DMARC, { [DMARC.host]: { TXT: ['v=DMARC1\\; p=reject'] } }, 'different', 'backslashes-in-value'],
  ['DMARC whose version stands last', DMARC, { [DMARC.host]: { TXT: ['p=none; v=DMARC1'] } }, 'different', 'dmarc-syntax'],
  ['SPF where DMARC belongs', DMARC, { [DMARC.host]: { TXT: ['v=spf1 -all'] } }, 'missing', 'other-value'],
  ['a wildcard alias over DMARC', DMARC, { '*.club.example': { CNAME: ['www.example'] } }, 'missing', 'wildcard-answers'],
  ['DMARC at the root', DMARC, { 'club.example': { TXT: ['v=DMARC1; p=none'] } }, 'missing', 'wrong-host'],
  ['DMARC without the underscore', DMARC, { 'dmarc.club.example': { TXT: [DMARC.value] } }, 'missing', 'wrong-host'],
  ['DMARC under the doubled domain', DMARC, { '_dmarc.club.example.club.example': { TXT: [DMARC.value] } }, 'missing', 'doubled-domain'],
  ['DMARC as an alias', DMARC, { [DMARC.host]: { CNAME: ['gone.example'] } }, 'different', 'alias-at-host'],

  ['MTA-STS with an id of their own', STS, { [STS.host]: { TXT: ['v=STSv1; id=1;'] } }, 'ok', null],
  ['MTA-STS without an id', STS, { [STS.host]: { TXT: ['v=STSv1; mode=enforce'] } }, 'different', 'record-syntax'],
  ['TLS-RPT', TLS, { [TLS.host]: { TXT: [TLS.value] } }, 'ok', null],
  ['TLS-RPT to others', TLS, { [TLS.host]: { TXT: ['v=TLSRPTv1; rua=mailto:a@club.example'] } }, 'different', 'report-address-missing'],
  ['TLS-RPT one label short', TLS, { '_tls.club.example': {}, 'club.example': { TXT: [TLS.value] } }, 'missing', 'wrong-host'],

  ['MX', MX, { [MX.host]: { MX: [[5, 'in.platform.example']] } }, 'ok', null],
  ['no MX', MX, {}, 'missing', 'not-published'],
  ['MX elsewhere', MX, { [MX.host]: { MX: [[10, 'mx.hoster.example']] } }, 'different', 'other-exchangers'],
  [
    'MX here and elsewhere',
    MX,
    {
      [MX.host]: {
        MX: [
          [10, 'in.platform.example'],
          [20, 'mx.hoster.example'],
        ],
      },
    },
    'conflict',
    'more-exchangers',
  ],
  ['the domain behind the exchanger', MX, { [MX.host]: { MX: [[10, 'in.platform.example.club.example']] } }, 'different', 'target-doubled'],
  ['MX under the doubled domain', MX, { [`${MX.host}.club.example`]: { MX: [[10, 'in.platform.example']] } }, 'missing', 'doubled-domain'],
];

function publicKey(): string {
  return generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
}

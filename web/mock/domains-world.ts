// This file makes the mock's sending domains in every state, with what was found in DNS, and how their records are published.
import type { DkimKey, Domain } from '../src/api/schema.gen.ts';
import { DAY, HOUR, id, iso, MINUTE, TENANT } from './clockwork.ts';

type DomainRecord = Domain['records'][number];

const KEY = `v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAwS${'x7Qp2'.repeat(30)}`;

/** The records of a domain, all right; `wrong` replaces some by their id. */
export function recordsOf(name: string, wrong: Readonly<Record<string, Partial<DomainRecord>>> = {}): DomainRecord[] {
  const record = (key: string, more: Pick<DomainRecord, 'purpose' | 'type' | 'host' | 'value' | 'needed'>): DomainRecord => ({
    id: key,
    state: 'ok',
    found: [more.value],
    mistake: null,
    ...more,
    ...wrong[key],
  });
  return [
    record('dkim:pb1', {
      purpose: 'dkim',
      type: 'CNAME',
      host: `pb1._domainkey.${name}`,
      value: 'pb1.7.dkim.harbour.example',
      needed: 'required',
    }),
    record('dkim:pb2', { purpose: 'dkim', type: 'TXT', host: `pb2._domainkey.${name}`, value: KEY, needed: 'required' }),
    record('ownership', {
      purpose: 'ownership',
      type: 'TXT',
      host: `_packetboat.${name}`,
      value: 'packetboat-domain=vn7k-4c19e0',
      needed: 'required',
    }),
    record('return-path', {
      purpose: 'return-path',
      type: 'CNAME',
      host: `bounce.${name}`,
      value: 'return.harbour.example',
      needed: 'recommended',
    }),
    record('spf', {
      purpose: 'spf',
      type: 'TXT',
      host: name,
      value: 'v=spf1 include:_spf.webhost.test include:spf.harbour.example ~all',
      needed: 'recommended',
    }),
    record('dmarc', {
      purpose: 'dmarc',
      type: 'TXT',
      host: `_dmarc.${name}`,
      value: 'v=DMARC1; p=none; rua=mailto:vn7k@dmarc.harbour.example',
      needed: 'recommended',
    }),
    record('tls-rpt', {
      purpose: 'tls-rpt',
      type: 'TXT',
      host: `_smtp._tls.${name}`,
      value: 'v=TLSRPTv1; rua=mailto:vn7k@dmarc.harbour.example',
      needed: 'optional',
    }),
  ];
}

const UNSEEN: Partial<DomainRecord> = { state: 'missing', found: [] };
const WRONG: Readonly<Record<string, Partial<DomainRecord>>> = {
  'dkim:pb1': {
    state: 'missing',
    found: [],
    mistake: {
      code: 'doubled-domain',
      message: 'The record stands at pb1._domainkey.verein-nord.example.verein-nord.example: the domain is there twice.',
      next: 'Your DNS host adds the domain by itself: enter only pb1._domainkey as the name.',
    },
  },
  spf: {
    state: 'conflict',
    found: ['v=spf1 include:_spf.webhost.test ~all', 'v=spf1 include:spf.harbour.example ~all'],
    mistake: {
      code: 'two-spf-records',
      message: 'There are two SPF records; only one may exist.',
      next: 'Replace both by the line under “Should say”.',
    },
  },
  dmarc: { state: 'unreachable', found: [], mistake: null },
  'tls-rpt': UNSEEN,
};

export function makeDomains(now: number): Domain[] {
  const row = (number: number, name: string, more: Partial<Domain>): Domain => ({
    id: id(5, number),
    tenant_id: TENANT,
    name,
    authenticated: true,
    vouched: false,
    ed25519: false,
    state: 'verified',
    state_since: iso(now - 38 * DAY),
    created_at: iso(now - 39 * DAY),
    proven_at: iso(now - 38 * DAY),
    breaks_at: null,
    checked_at: iso(now - 3 * HOUR),
    next_check_at: iso(now + 20 * HOUR),
    check_note: null,
    held_messages: 0,
    records: recordsOf(name, { 'tls-rpt': UNSEEN }),
    ...more,
  });
  const all = Object.fromEntries(recordsOf('x').map((record) => [record.id, UNSEEN]));
  return [
    row(1, 'rowing-club.example', {}),
    row(2, 'regatta.example', {
      authenticated: false,
      state: 'pending',
      state_since: iso(now - DAY),
      created_at: iso(now - DAY),
      proven_at: null,
      checked_at: iso(now - 2 * MINUTE),
      next_check_at: iso(now + 13 * MINUTE),
      records: recordsOf('regatta.example', all),
    }),
    row(3, 'verein-nord.example', {
      tenant_id: id(1, 3),
      state: 'warning',
      state_since: iso(now - 20 * HOUR),
      breaks_at: iso(now + 52 * HOUR),
      checked_at: iso(now - 40 * MINUTE),
      next_check_at: iso(now + 20 * MINUTE),
      records: recordsOf('verein-nord.example', WRONG),
    }),
    row(4, 'chess-league.example', {
      tenant_id: id(1, 2),
      authenticated: false,
      state: 'broken',
      state_since: iso(now - 3 * DAY),
      records: recordsOf('chess-league.example', {
        'dkim:pb2': {
          state: 'different',
          found: [KEY.replace('AQ8AMIIBCgKCAQEAwS', 'AQ8AMIIBCgKCAQ')],
          mistake: {
            code: 'key-differs',
            message: 'The key that stands there is not the one we sign with.',
            next: 'Replace the value by the one under “Should say”.',
          },
        },
      }),
    }),
    row(5, 'old-school.example', {
      vouched: true,
      authenticated: false,
      state: 'warning',
      proven_at: null,
      checked_at: null,
      next_check_at: null,
      check_note: 'Its records were not there for 14 days, so nobody looks by itself any more. Check it again once they are published.',
      records: recordsOf('old-school.example', Object.fromEntries(Object.keys(all).map((key) => [key, { state: 'unchecked', found: [] }]))),
    }),
  ];
}

export function keysOf(domain: Pick<Domain, 'name'>, now: number): DkimKey[] {
  const key = (number: number, state: DkimKey['state'], more: Partial<DkimKey> = {}): DkimKey => ({
    id: id(0x24, number),
    selector: `pb${number}`,
    algorithm: 'rsa-sha256',
    state,
    since: iso(now - number * DAY),
    compromised: false,
    publish: { type: 'CNAME', host: `pb${number}._domainkey.${domain.name}`, value: `pb${number}.7.dkim.harbour.example` },
    checked_at: iso(now - 5 * MINUTE),
    trouble: null,
    next_at: null,
    ...more,
  });
  return [
    key(3, 'new', { next_at: iso(now + 10 * MINUTE), trouble: 'Two of three name servers do not have it yet.' }),
    key(2, 'active'),
    key(1, 'retiring', { next_at: iso(now + 4 * DAY) }),
  ];
}

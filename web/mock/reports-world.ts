// This file makes the mock's reports about domains, and what they say.
import type { DmarcView, DomainReport, DomainReportDetail, Source, TlsView } from '../src/api/reports-model.ts';
import { DAY, HOUR, id, iso, TENANT } from './clockwork.ts';

export function makeReports(now: number): DomainReportDetail[] {
  const row = (number: number, more: Partial<DomainReport>): DomainReportDetail => ({
    id: id(0x30, number),
    tenant_id: TENANT,
    kind: 'aggregate',
    state: 'counted',
    why: null,
    domain: 'rowing-club.example',
    domain_id: id(5, 1),
    org_name: 'google.test',
    org_email: 'noreply-dmarc-support@google.test',
    report_id: `1702${number}93847561`,
    begin_at: iso(now - number * DAY),
    end_at: iso(now - (number - 1) * DAY),
    policy: { p: 'none', sp: null, adkim: 'r' },
    records: 3,
    messages: 431,
    passed: 430,
    records_kept: true,
    source: 'mail',
    inbound_mail_id: id(0x20, 1),
    submitter: 'google.test',
    authentication: 'pass',
    duplicates: 0,
    conflict_of: null,
    warnings: [],
    stored_at: iso(now - number * DAY + 9 * HOUR),
    detail:
      more.kind === 'tlsrpt' ? { policies: [{ type: 'sts', failures: [{ 'result-type': 'certificate-expired', sessions: 4 }] }] } : {},
    rows: [
      {
        ip: '198.51.100.24',
        ptr: 'out1.harbour.example',
        messages: 427,
        header_from: 'rowing-club.example',
        dkim_domain: 'rowing-club.example',
        dkim_selector: 'pb2',
        dkim_result: 'pass',
        dkim_aligned: true,
        spf_domain: 'bounce.rowing-club.example',
        spf_result: 'pass',
        spf_aligned: true,
        disposition: 'none',
        reasons: '',
      },
      {
        ip: '2001:db8:4f::17',
        ptr: null,
        messages: 4,
        header_from: 'rowing-club.example',
        dkim_domain: null,
        dkim_selector: null,
        dkim_result: 'none',
        dkim_aligned: false,
        spf_domain: 'scanner.office.example',
        spf_result: 'none',
        spf_aligned: false,
        disposition: 'none',
        reasons: 'local_policy',
      },
    ],
    ...more,
  });
  return [
    row(1, {}),
    row(2, { state: 'forged', why: 'mail-mismatch', org_name: 'yahoo.test', submitter: 'stranger.example', authentication: 'mismatch' }),
    row(3, { kind: 'tlsrpt', org_name: 'Microsoft Corporation', messages: 104, passed: 100, policy: null }),
    row(4, { state: 'quarantined', why: 'domain-unverified', domain: 'regatta.example', domain_id: id(5, 2) }),
    ...Array.from({ length: 54 }, (_, index) => row(5 + index, { duplicates: index === 3 ? 2 : 0 })),
  ];
}

export interface MockJudgement {
  readonly verdict: 'ours' | 'not-ours';
  readonly note: string;
  readonly said_by: string;
  readonly said_at: string;
  readonly holds: boolean;
}

/** Nobody said anything about it. */
const UNJUDGED = { carries_ours: false, judgement: null };

const WELL = { cause: null, why: 'Everything from here is proven.', next_step: '' };

const SCANNER = 'c'.repeat(32);

/** `said`: what people said about sources, by id. */
export function dmarcOf(domain: string, nowMs: number, days: number, said: ReadonlyMap<string, MockJudgement> = new Map()): DmarcView {
  const today = Math.floor(nowMs / DAY) * DAY;
  const day = (at: number) => iso(at).slice(0, 10);
  const quiet = domain === id(5, 2);
  const blocked = domain === id(5, 3);
  const counts = Array.from({ length: days }, (_, index) => {
    const messages = 300 + ((index * 137) % 211);
    return { day: day(today - (days - 1 - index) * DAY), messages, aligned: messages - (index % 7 === 3 ? 9 : 0) };
  });
  const sum = (of: 'messages' | 'aligned') => (quiet ? 0 : counts.reduce((total, row) => total + row[of], 0));
  const sources: readonly Source[] = [
    {
      ...UNJUDGED,
      ...{ id: 'a'.repeat(32), carries_ours: true },
      kind: 'ours',
      name: 'SparkPost EU',
      messages: sum('aligned'),
      aligned: sum('aligned'),
      dkim_aligned: sum('aligned'),
      spf_aligned: sum('aligned'),
      ...WELL,
      ip_count: 2,
      ips: [
        { ip: '198.51.100.24', ptr: 'out1.harbour.example', messages: 8_120 },
        { ip: '198.51.100.25', ptr: 'out2.harbour.example', messages: 2_011 },
      ],
    },
    {
      ...UNJUDGED,
      ...{ id: 'b'.repeat(32) },
      kind: 'forwarder',
      name: 'university.example',
      messages: 32,
      aligned: 30,
      dkim_aligned: 30,
      spf_aligned: 0,
      cause: 'forwarded',
      why: 'Mail was passed on; SPF cannot survive that, the signature mostly does.',
      next_step: '',
      ip_count: 1,
      ips: [{ ip: '203.0.113.9', ptr: 'lists.university.example', messages: 32 }],
    },
    {
      ...{ id: SCANNER, carries_ours: false, judgement: said.get(SCANNER) ?? null },
      kind: 'unknown',
      name: 'scanner.office.example',
      messages: 4,
      aligned: 0,
      dkim_aligned: 0,
      spf_aligned: 0,
      cause: 'nothing',
      why: 'These messages carry no signature, and their envelope is of another domain.',
      next_step: 'If it is a device of yours, let it hand its mail to this desk.',
      ip_count: 1,
      ips: [{ ip: '2001:db8:4f::17', ptr: null, messages: 4 }],
    },
  ];
  const blockers = [
    {
      code: 'own-mail-fails',
      source: 'SparkPost EU',
      messages: 212,
      why: 'Mail of your own is not proven.',
      next_step: 'Put the two records right that stand on the page of the domain.',
    },
    {
      code: 'few-days',
      source: null,
      messages: 0,
      why: 'Reports cover 6 of the last 30 days.',
      next_step: 'Wait; receivers report once a day.',
    },
  ];
  return {
    from: day(today - (days - 1) * DAY),
    to: day(today),
    messages: sum('messages'),
    aligned: sum('aligned'),
    not_ours: said.get(SCANNER)?.verdict === 'not-ours' ? { sources: 1, messages: 4, aligned: 0 } : { sources: 0, messages: 0, aligned: 0 },
    days: quiet ? [] : counts,
    sources: quiet ? [] : sources,
    safe_path: {
      policy: quiet ? null : 'none',
      testing: false,
      next:
        quiet || blocked
          ? null
          : {
              policy: 'quarantine',
              testing: true,
              record: 'v=DMARC1; p=quarantine; t=y; rua=mailto:vn7k@dmarc.harbour.example',
              evidence: 'The other 4 messages are a scanner at the office.',
            },
      blockers: quiet || !blocked ? [] : blockers,
      evidence: quiet ? '' : '30 days, 12,431 messages, 99.97 % of them proven.',
    },
    failures: quiet
      ? []
      : [
          {
            cause: 'nothing',
            kind: 'unknown',
            source: 'scanner.office.example',
            ...{ label: 'scanner.office.example', verdict: null },
            header_from: 'rowing-club.example',
            messages: 4,
            why: 'No signature, and the envelope is of another domain.',
            next_step: 'If it is a device of yours, let it hand its mail to this desk.',
          },
        ],
    uncounted: quiet ? {} : { forged: 1 },
    report_address: 'vn7k@dmarc.harbour.example',
  };
}

export function tlsOf(domain: string, view: DmarcView): TlsView {
  const quiet = domain === id(5, 2);
  const of = { sessions: quiet ? 0 : 1_204, failed: quiet ? 0 : 4 };
  return {
    from: view.from,
    to: view.to,
    ...of,
    days: [],
    policies: quiet ? [] : [{ type: 'sts', ...of }],
    reporters: quiet
      ? []
      : [
          { name: 'Google Inc.', sessions: 1_100, failed: 0 },
          { name: 'Microsoft Corporation', sessions: 104, failed: 4 },
        ],
    failures: quiet
      ? []
      : [
          {
            result_type: 'certificate-expired',
            mx_host: 'mx1.rowing-club.example',
            sessions: 4,
            why: 'The certificate of the mail server had run out.',
            next_step: 'Renew it; most servers can do that by themselves.',
          },
        ],
  };
}

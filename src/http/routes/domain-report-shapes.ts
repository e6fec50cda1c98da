// This file holds the shapes of reports about domains and of what they say, as the API shows them.

import { z } from 'zod';
import { VERDICTS } from '../../mail/domain-analysis/judgement.ts';
import { SOURCE_KINDS } from '../../mail/domain-analysis/source.ts';
import { FAILURE_CAUSES } from '../../mail/domain-analysis/summary.ts';
import { Lang } from '../language.ts';
import { Id, TimeOut } from '../schemas.ts';

export const ReportKindName = z.enum(['aggregate', 'failure', 'tlsrpt']).meta({
  description:
    'aggregate: DMARC, counts by source · failure: DMARC, one message that failed · tlsrpt: connections that could not be encrypted',
});
export const ReportStateName = z.enum(['counted', 'quarantined', 'forged', 'conflict']).meta({
  description:
    'counted · quarantined: it does not count, "why" says what is missing · forged: the mail does not prove that it comes from the reporter · conflict: this reporter told something else under this id before',
});
const Why = z.string().nullable().meta({
  description:
    'domain-unverified: it counts once the domain is verified · domain-missing · range-unusable: its times make no sense · several-owners: one message must not be shown to several organisations · mail-fail, mail-none, mail-unreachable: From of the mail is not proven · mail-mismatch: From is proven, and the report claims to come from elsewhere · other-numbers',
});
export const DomainReport = z
  .object({
    id: Id,
    tenant_id: Id.nullable().meta({ description: 'Null: about a domain of nobody here.' }),
    kind: ReportKindName,
    state: ReportStateName,
    why: Why,
    domain: z.string().nullable(),
    domain_id: Id.nullable(),
    org_name: z.string().nullable().meta({ description: 'Who reports, in its own words.' }),
    org_email: z.string().nullable(),
    report_id: z.string().nullable(),
    begin_at: TimeOut.nullable(),
    end_at: TimeOut.nullable(),
    policy: z.record(z.string(), z.string().nullable()).nullable().meta({ description: 'The policy the receiver saw.' }),
    records: z.number(),
    messages: z.number().meta({ description: 'Messages; connections in a TLS report.' }),
    passed: z.number(),
    records_kept: z.boolean().meta({ description: 'False: too much came that does not count, so this one can never count.' }),
    source: z.enum(['mail', 'mailbox', 'upload']),
    inbound_mail_id: Id.nullable(),
    submitter: z.string().nullable().meta({ description: 'Domain of From of the mail.' }),
    authentication: z.string().meta({ description: 'What the mail proves: pass, fail, none, unreachable, mismatch; uploaded.' }),
    duplicates: z.number().meta({ description: 'How often it came again.' }),
    conflict_of: Id.nullable(),
    warnings: z.array(z.object({ code: z.string(), detail: z.string(), times: z.number() })),
    stored_at: TimeOut,
  })
  .meta({ id: 'DomainReport' });
const ReportRecord = z.object({
  ip: z.string().nullable(),
  ptr: z.string().nullable().meta({ description: 'Name of the address, if it leads back to it.' }),
  messages: z.number(),
  header_from: z.string().nullable(),
  dkim_domain: z.string().nullable(),
  dkim_selector: z.string().nullable(),
  dkim_result: z.string(),
  dkim_aligned: z.boolean(),
  spf_domain: z.string().nullable(),
  spf_result: z.string(),
  spf_aligned: z.boolean(),
  disposition: z.string(),
  reasons: z.string(),
});
export const DomainReportDetail = DomainReport.extend({
  detail: z
    .record(z.string(), z.unknown())
    .meta({ description: 'TLS: policies and failures. Failure reports: headers, without recipients.' }),
  rows: z.array(ReportRecord).meta({ description: 'Its records, those with most messages first; at most 500.' }),
}).meta({ id: 'DomainReportDetail' });
export const ReportsTaken = z
  .object({
    data: z.array(
      z.object({
        id: Id,
        tenant_id: Id.nullable(),
        kind: ReportKindName,
        domain: z.string().nullable(),
        state: ReportStateName,
        why: Why,
        outcome: z.enum(['stored', 'duplicate', 'conflict']),
      }),
    ),
    refused: z.array(z.object({ code: z.string(), message: z.string(), hint: z.string() })),
  })
  .meta({ id: 'DomainReportsTaken' });

const DAY_ERROR = { error: 'REQUEST_INVALID: Write a day such as 2026-03-01.' };
/** Of a time in which there may be reports. */
export const Day = z.iso.date(DAY_ERROR).refine((day) => day >= '1970' && day < '9999', DAY_ERROR);
export const RangeQuery = z.strictObject({
  from: Day.optional().meta({ description: 'First day (UTC); by default 30 days are shown.' }),
  to: Day.optional().meta({ description: 'Last day; by default today.' }),
  lang: Lang,
});
const WhyNext = { why: z.string(), next_step: z.string().meta({ description: 'Empty: nothing to do.' }) };
const SourceKindName = z.enum(SOURCE_KINDS).meta({
  description: 'ours: this desk · provider: a service that sends for many · forwarder: it passed mail on · unknown',
});
export const DmarcView = z
  .object({
    from: z.string(),
    to: z.string(),
    messages: z.number(),
    aligned: z.number().meta({ description: 'Messages that DKIM or SPF proves for the domain in From.' }),
    not_ours: z
      .object({ sources: z.number(), messages: z.number(), aligned: z.number() })
      .meta({ description: 'What of these is from sources that somebody said are not theirs; the safe path does not count it.' }),
    days: z.array(z.object({ day: z.string(), messages: z.number(), aligned: z.number() })),
    sources: z.array(
      z.object({
        id: z.string().nullable().meta({ description: 'The same in every range. Null: not one source, so nothing can be said about it.' }),
        kind: SourceKindName,
        name: z.string(),
        messages: z.number(),
        aligned: z.number(),
        spf_aligned: z.number(),
        dkim_aligned: z.number(),
        cause: z.string().nullable().meta({ description: 'Why most of what failed failed; null: nothing did.' }),
        ...WhyNext,
        ip_count: z.number(),
        ips: z
          .array(z.object({ ip: z.string(), ptr: z.string().nullable(), messages: z.number() }))
          .meta({ description: 'The busiest ten.' }),
        carries_ours: z.boolean().meta({ description: 'It carries mail of this desk, so it cannot be said not to be ours.' }),
        judgement: z
          .object({
            verdict: z.enum(VERDICTS),
            note: z.string(),
            said_by: z.string(),
            said_at: TimeOut,
            holds: z.boolean().meta({ description: 'False: it is said not to be ours but carries mail of this desk, so it counts.' }),
          })
          .nullable()
          .meta({ description: 'What somebody said about it; null: nobody did.' }),
      }),
    ),
    safe_path: z.object({
      policy: z.string().nullable().meta({ description: 'As receivers saw it last; null: nobody reported.' }),
      testing: z.boolean().meta({ description: 'With t=y.' }),
      next: z
        .object({ policy: z.string(), testing: z.boolean(), record: z.string(), evidence: z.string() })
        .nullable()
        .meta({ description: 'The next safe step with its record for _dmarc; null: something is in the way, or the path ends here.' }),
      blockers: z.array(z.object({ code: z.string(), source: z.string().nullable(), messages: z.number(), ...WhyNext })),
      evidence: z.string().meta({ description: 'What the judgement stands on: always the last 30 days.' }),
    }),
    failures: z.array(
      z.object({
        cause: z.enum(FAILURE_CAUSES),
        kind: SourceKindName,
        source: z.string(),
        label: z.string().meta({ description: 'What people call the source: the note of somebody, else its name.' }),
        verdict: z.enum(VERDICTS).nullable(),
        header_from: z.string().nullable(),
        messages: z.number(),
        ...WhyNext,
      }),
    ),
    uncounted: z.record(z.string(), z.number()).meta({ description: 'Reports that came since "from" and do not count, by state.' }),
    report_address: z.string().nullable().meta({ description: 'Where reports come to: for rua. Null: this desk takes none from outside.' }),
  })
  .meta({ id: 'DmarcView' });
const Sessions = { sessions: z.number(), failed: z.number() };
export const TlsView = z
  .object({
    from: z.string(),
    to: z.string(),
    ...Sessions,
    days: z.array(z.object({ day: z.string(), ...Sessions })),
    policies: z.array(z.object({ type: z.string(), ...Sessions })),
    reporters: z.array(z.object({ name: z.string(), ...Sessions })),
    failures: z.array(z.object({ result_type: z.string(), mx_host: z.string().nullable(), sessions: z.number(), ...WhyNext })),
  })
  .meta({ id: 'TlsView', description: 'Connections to the mail servers of the domain.' });

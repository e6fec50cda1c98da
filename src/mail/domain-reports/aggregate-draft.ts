// This file says where each value of an aggregate report stands (RFC 7489 appendix C, RFC 9990 appendix A, and the names of older drafts) and what is done
// with its text: a tree of elements that the reader walks along. What stands elsewhere is foreign and never read.
import { REPORT_LIMITS } from './limits.ts';
import type { AggregateRecord, AggregateReport, DkimResult, OverrideReason, PublishedPolicy, SpfResult } from './model.ts';
import { ReportLimit } from './refusal.ts';
import { readCount, readDomain, readEpoch, readIp } from './values.ts';
import type { WarningList } from './warnings.ts';

type Writable<T> = { -readonly [K in keyof T]: T[K] };
type ReportDraft = Omit<Writable<AggregateReport>, 'policy' | 'errors'> & { policy: Writable<PublishedPolicy>; errors: string[] };
type RecordDraft = Omit<Writable<AggregateRecord>, 'count' | 'reasons' | 'dkimResults' | 'spfResults'> & {
  /** The text of the element; null while there was none. */
  countText: string | null;
  reasons: Writable<OverrideReason>[];
  dkimResults: Writable<DkimResult>[];
  spfResults: Writable<SpfResult>[];
};

export interface Draft {
  readonly report: ReportDraft;
  record: RecordDraft;
  readonly warnings: WarningList;
  /** Called with each complete record. */
  readonly onRecord: (record: AggregateRecord) => void;
}

export interface ElementRule {
  readonly children: ReadonlyMap<string, ElementRule> | null;
  /** Its content is somebody else's: skipped without a warning. */
  readonly skipped?: true;
  enter?(draft: Draft): void;
  leave?(draft: Draft): void;
  text?(draft: Draft, text: string): void;
}

export function makeDraft(namespace: string | null, warnings: WarningList, onRecord: (record: AggregateRecord) => void): Draft {
  const policy = {
    domain: null,
    p: null,
    sp: null,
    np: null,
    adkim: null,
    aspf: null,
    fo: null,
    pct: null,
    testing: null,
    discoveryMethod: null,
  };
  const report: ReportDraft = {
    kind: 'aggregate',
    version: null,
    namespace,
    orgName: null,
    email: null,
    extraContactInfo: null,
    reportId: null,
    beginS: null,
    endS: null,
    errors: [],
    generator: null,
    policy,
    records: 0,
    totalMessages: 0n,
    passMessages: 0n,
  };
  return { report, record: emptyRecord(), warnings, onRecord };
}

function emptyRecord(): RecordDraft {
  return {
    sourceIp: null,
    countText: null,
    disposition: '',
    dkim: '',
    spf: '',
    passed: false,
    reasons: [],
    headerFrom: null,
    envelopeFrom: null,
    envelopeTo: null,
    dkimResults: [],
    spfResults: [],
  };
}

/** A negative count must not lower a total and a word is no number: such a record is left out, with a warning. */
function closeRecord({ record, report, warnings, onRecord }: Draft): void {
  const { countText, ...rest } = record;
  const missing = countText === null || countText === '';
  const count = missing ? 0n : readCount(countText);
  if (missing) warnings.add('count-missing');
  if (count === null) {
    warnings.add('record-left-out', `count ${countText}`);
    return;
  }
  if (rest.sourceIp !== null && rest.sourceIp.ip === null) warnings.add('source-ip-invalid', rest.sourceIp.text);
  if (rest.sourceIp === null) warnings.add('source-ip-missing');
  const passed = rest.dkim === 'pass' || rest.spf === 'pass';
  if (report.records >= REPORT_LIMITS.recordsMax) throw new ReportLimit(`The report has more than ${REPORT_LIMITS.recordsMax} records.`);
  report.records += 1;
  report.totalMessages += count;
  if (passed) report.passMessages += count;
  onRecord({ ...rest, count, passed });
}

function epoch(field: 'beginS' | 'endS'): ElementRule {
  return leaf((draft, text) => {
    if (draft.report[field] !== null) return;
    const read = readEpoch(text);
    if (read === null) return draft.warnings.add('date-invalid', text);
    if (read.bent !== null) draft.warnings.add(`date-${read.bent}`, text);
    draft.report[field] = read.seconds;
  });
}

type TextField = 'version' | 'orgName' | 'email' | 'extraContactInfo' | 'reportId' | 'generator';

/** The first one counts where a reporter repeats an element. */
function meta(field: TextField): ElementRule {
  return leaf(({ report }, text) => {
    report[field] ??= text;
  });
}

function policy(field: Exclude<keyof PublishedPolicy, 'domain'>): ElementRule {
  return leaf(({ report }, text) => {
    report.policy[field] ??= text;
  });
}

function verdict(field: 'disposition' | 'dkim' | 'spf'): ElementRule {
  return leaf(({ record }, text) => {
    if (record[field] === '') record[field] = text.toLowerCase();
  });
}

/** Adds a fresh entry when its element begins; a list that is full goes on with its last. */
function opens<T>(list: (draft: Draft) => T[], fresh: () => T, children: Record<string, ElementRule>): ElementRule {
  const enter = (draft: Draft) => {
    const entries = list(draft);
    if (entries.length < REPORT_LIMITS.resultsMax) entries.push(fresh());
    else draft.warnings.add('results-left-out');
  };
  return { ...group(children), enter };
}

const lastReason = (draft: Draft) => draft.record.reasons.at(-1);
const lastDkim = (draft: Draft) => draft.record.dkimResults.at(-1);
const lastSpf = (draft: Draft) => draft.record.spfResults.at(-1);

function into<T>(last: (draft: Draft) => T | undefined, set: (entry: T, text: string) => void): ElementRule {
  return leaf((draft, text) => {
    const entry = last(draft);
    if (entry !== undefined) set(entry, text);
  });
}

function leaf(text: (draft: Draft, text: string) => void): ElementRule {
  return { children: null, text };
}

function group(children: Record<string, ElementRule>): ElementRule {
  return { children: new Map(Object.entries(children)) };
}

const SKIPPED: ElementRule = { children: null, skipped: true };

const IDENTIFIERS = group({
  header_from: leaf(({ record }, text) => {
    record.headerFrom ??= readDomain(text);
  }),
  envelope_from: leaf(({ record }, text) => {
    record.envelopeFrom ??= text;
  }),
  envelope_to: leaf(({ record }, text) => {
    record.envelopeTo ??= text;
  }),
});

const ROW = group({
  source_ip: leaf(({ record }, text) => {
    record.sourceIp ??= readIp(text);
  }),
  count: leaf(({ record }, text) => {
    record.countText ??= text;
  }),
  policy_evaluated: group({
    disposition: verdict('disposition'),
    dkim: verdict('dkim'),
    spf: verdict('spf'),
    reason: opens(
      ({ record }) => record.reasons,
      () => ({ type: '', comment: null }),
      {
        type: into(lastReason, (reason, text) => {
          reason.type = text.toLowerCase();
        }),
        comment: into(lastReason, (reason, text) => {
          reason.comment = text;
        }),
      },
    ),
  }),
});

const AUTH_RESULTS = group({
  dkim: opens<Writable<DkimResult>>(
    ({ record }) => record.dkimResults,
    () => ({ domain: null, selector: null, result: '', humanResult: null }),
    {
      domain: into(lastDkim, (result, text) => {
        result.domain = readDomain(text);
      }),
      selector: into(lastDkim, (result, text) => {
        result.selector = text;
      }),
      result: into(lastDkim, (result, text) => {
        result.result = text.toLowerCase();
      }),
      human_result: into(lastDkim, (result, text) => {
        result.humanResult = text;
      }),
    },
  ),
  spf: opens<Writable<SpfResult>>(
    ({ record }) => record.spfResults,
    () => ({ domain: null, scope: null, result: '', humanResult: null }),
    {
      domain: into(lastSpf, (result, text) => {
        result.domain = readDomain(text);
      }),
      scope: into(lastSpf, (result, text) => {
        result.scope = text.toLowerCase();
      }),
      result: into(lastSpf, (result, text) => {
        result.result = text.toLowerCase();
      }),
      human_result: into(lastSpf, (result, text) => {
        result.humanResult = text;
      }),
    },
  ),
});

/** The content of `feedback`. */
export const FEEDBACK_RULE: ElementRule = group({
  version: meta('version'),
  report_metadata: group({
    org_name: meta('orgName'),
    email: meta('email'),
    extra_contact_info: meta('extraContactInfo'),
    report_id: meta('reportId'),
    generator: meta('generator'),
    error: leaf(({ report }, text) => {
      if (report.errors.length < REPORT_LIMITS.errorsMax) report.errors.push(text);
    }),
    date_range: group({ begin: epoch('beginS'), end: epoch('endS') }),
  }),
  policy_published: group({
    domain: leaf(({ report }, text) => {
      report.policy.domain ??= readDomain(text);
    }),
    p: policy('p'),
    sp: policy('sp'),
    np: policy('np'),
    adkim: policy('adkim'),
    aspf: policy('aspf'),
    fo: policy('fo'),
    pct: policy('pct'),
    testing: policy('testing'),
    discovery_method: policy('discoveryMethod'),
  }),
  extension: SKIPPED,
  extensions: SKIPPED,
  record: {
    ...group({
      row: ROW,
      identifiers: IDENTIFIERS,
      // The name of the drafts before RFC 7489.
      identities: IDENTIFIERS,
      auth_results: AUTH_RESULTS,
      extension: SKIPPED,
      extensions: SKIPPED,
    }),
    enter(draft) {
      draft.record = emptyRecord();
    },
    leave: closeRecord,
  },
});

// This file stores the reports of one input. It is read twice: first for what the reports are, whose they are and whether they are new, then for the records of those that
// are stored, which go on in batches. Everything is one transaction: an input is stored whole, once, or not at all.
import type pg from 'pg';
import type { Clock } from '../clock.ts';
import type { IdMint } from '../ids.ts';
import type { DomainReport, ReportFinding } from '../mail/domain-reports/model.ts';
import { bytesOf, readReports } from '../mail/domain-reports/read-reports.ts';
import { redactFailure } from '../mail/domain-reports/redact-failure.ts';
import { reportDays } from '../mail/domain-reports/report-days.ts';
import { domainOfReport, makeReportDigest, type ReportDigest, reportKey } from '../mail/domain-reports/report-identity.ts';
import { tlsDetail } from '../mail/domain-reports/tls-detail.ts';
import { traceId, traceOf } from '../mail/domain-reports/trace.ts';
import {
  countDuplicate,
  countReport,
  type DomainOwner,
  findFirstReport,
  insertRecords,
  insertReport,
  lockReports,
  type NewReport,
  ownersOfDomain,
  type RecordRow,
  type ReportState,
  uncountedToday,
} from '../store/domain-reports.ts';
import { inTransaction } from '../store/feedback.ts';

/** Where an input comes from, and what is known of whoever brought it. */
export interface ReportOrigin {
  readonly source: NewReport['source'];
  /** The organisation it was handed in by or addressed to; null: whoever owns the domains. */
  readonly tenantId: string | null;
  readonly inboundMailId: string | null;
  /** Judges a report by the mail it came in: what the mail proves, and whose it is. */
  readonly authenticate: (report: DomainReport) => ReportProof;
}

export interface ReportProof {
  readonly proven: boolean;
  /** For the head: pass, fail, none, unreachable, mismatch, uploaded. */
  readonly authentication: string;
  readonly submitter: string | null;
}

export interface StoredReport {
  readonly id: string;
  readonly tenantId: string | null;
  readonly kind: NewReport['kind'];
  readonly domain: string | null;
  readonly state: ReportState;
  readonly why: string | null;
  readonly outcome: 'stored' | 'duplicate' | 'conflict';
}

export interface ReportsTaken {
  readonly stored: readonly StoredReport[];
  /** Reports that had to be refused, and "no report" when there was none. */
  readonly refused: readonly NonNullable<ReportFinding['error']>[];
  readonly failureReports: number;
}

export interface StoreReportsDeps {
  readonly pool: pg.Pool;
  readonly ids: IdMint;
  readonly clock: Pick<Clock, 'nowMs'>;
}

/** Rows of one statement: enough to be fast, few enough to be small. */
const BATCH_ROWS = 1_000;
/** Records of reports that do not count, kept a day for one organisation: ten large ones. Forged reports must not fill the disk. */
const UNCOUNTED_RECORDS_MAX = 100_000;
const WARNINGS_MAX = 50;

/** Stores what is in `bytes`. `finish` runs at the end of the same transaction. Reports that were refused leave the others as they are. */
export async function storeReports(
  deps: StoreReportsDeps,
  bytes: Buffer,
  origin: ReportOrigin,
  finish: (client: pg.PoolClient, taken: ReportsTaken) => Promise<void> = async () => {},
): Promise<ReportsTaken> {
  const { found, refused } = await survey(bytes);
  return inTransaction(deps.pool, async (client) => {
    await lockReports(client);
    const stored: StoredReport[] = [];
    const kept = new Map<number, NewReport[]>();
    for (const each of found) {
      const placed = await place(deps, client, each, origin);
      stored.push(...placed.map(({ stored: one }) => one));
      const withRecords = placed.flatMap(({ head }) => (head !== null && head.kind === 'aggregate' && head.recordsKept ? [head] : []));
      if (withRecords.length > 0) kept.set(each.index, withRecords);
    }
    if (kept.size > 0) await keepRecords(client, bytes, kept);
    for (const head of [...kept.values()].flat()) await countHead(deps, client, head);
    const taken = { stored, refused, failureReports: found.filter(({ report }) => report.kind === 'failure').length };
    await finish(client, taken);
    return taken;
  });
}

interface Surveyed {
  readonly index: number;
  readonly report: DomainReport;
  readonly digest: Buffer;
  readonly warnings: readonly unknown[];
}

/** The first reading: heads and digests. */
async function survey(bytes: Buffer): Promise<{ found: Surveyed[]; refused: NonNullable<ReportFinding['error']>[] }> {
  const found: Surveyed[] = [];
  const refused: NonNullable<ReportFinding['error']>[] = [];
  const digests = new Map<number, ReportDigest>();
  const digestOf = (index: number): ReportDigest => {
    const digest = digests.get(index) ?? makeReportDigest();
    digests.set(index, digest);
    return digest;
  };
  let index = 0;
  for await (const finding of readReports(bytesOf(bytes), { onRecord: (record, at) => digestOf(at).record(record) })) {
    const { report, error, warnings } = finding;
    if (report === null) refused.push(error);
    else found.push({ index, report, digest: digestOf(index).end(report), warnings: warnings.slice(0, WARNINGS_MAX) });
    digests.delete(index);
    index += 1;
  }
  return { found, refused };
}

interface Placed {
  /** Null: it was there before. */
  readonly head: NewReport | null;
  readonly stored: StoredReport;
}

/** Gives a report to every organisation it is for. */
async function place(deps: StoreReportsDeps, client: pg.PoolClient, surveyed: Surveyed, origin: ReportOrigin): Promise<Placed[]> {
  const { report } = surveyed;
  const domain = domainOfReport(report);
  const owners = domain === null ? [] : await ownersOfDomain(client, domain);
  const placed: Placed[] = [];
  for (const { tenantId, owner, why } of readersOf(report, owners, origin)) {
    const head = await headOf(deps, client, surveyed, { tenantId, owner, why, domain, origin });
    placed.push(await insertOnce(deps, client, head));
  }
  return placed;
}

interface Reader {
  readonly tenantId: string | null;
  readonly owner: DomainOwner | null;
  readonly why: string | null;
}

/**
 * Whom a report is for. By mail: everybody who owns the domain, and whom it was addressed to. Handed in: whoever did. One message of one person (a failure report) never
 * goes to several organisations.
 */
function readersOf(report: DomainReport, owners: readonly DomainOwner[], origin: ReportOrigin): Reader[] {
  const ownerFor = (tenantId: string) => owners.find((owner) => owner.tenantId === tenantId) ?? null;
  const { tenantId, source } = origin;
  if (tenantId !== null && (source === 'upload' || report.kind === 'failure')) return [{ tenantId, owner: ownerFor(tenantId), why: null }];
  if (report.kind === 'failure' && owners.length > 1) return [{ tenantId: null, owner: null, why: 'several-owners' }];
  const readers: Reader[] = owners.map((owner) => ({ tenantId: owner.tenantId, owner, why: null }));
  if (tenantId !== null && ownerFor(tenantId) === null) readers.push({ tenantId, owner: null, why: null });
  return readers.length > 0 ? readers : [{ tenantId: null, owner: null, why: null }];
}

async function headOf(
  deps: StoreReportsDeps,
  client: pg.PoolClient,
  { report, digest, warnings }: Surveyed,
  place: Reader & { readonly domain: string | null; readonly origin: ReportOrigin },
): Promise<NewReport> {
  const { tenantId, owner, domain, origin } = place;
  const proof = origin.authenticate(report);
  const { state, why } = judge(deps, report, place, proof);
  const records = report.kind === 'aggregate' ? report.records : 0;
  const recordsKept = state === 'counted' || (await uncountedToday(client, tenantId)) + records <= UNCOUNTED_RECORDS_MAX;
  return {
    id: deps.ids.next(),
    tenantId,
    kind: report.kind,
    state,
    why,
    domain,
    domainId: owner?.domainId ?? null,
    ...factsOf(report),
    reportId: report.reportId,
    key: reportKey(report, digest),
    digest,
    recordsKept,
    source: origin.source,
    inboundMailId: origin.inboundMailId,
    submitter: proof.submitter,
    authentication: proof.authentication,
    warnings,
    conflictOf: null,
  };
}

/** Whether a report counts, and why not. What is not proven comes first: it must not be taken for one that only waits. */
function judge(
  deps: StoreReportsDeps,
  report: DomainReport,
  { owner, why, domain }: Reader & { readonly domain: string | null },
  proof: ReportProof,
): { state: ReportState; why: string | null } {
  if (!proof.proven) return { state: 'forged', why: `mail-${proof.authentication}` };
  if (why !== null) return { state: 'quarantined', why };
  if (report.kind !== 'failure' && reportDays(report, deps.clock.nowMs() / 1000) === null)
    return { state: 'quarantined', why: 'range-unusable' };
  if (domain === null) return { state: 'quarantined', why: 'domain-missing' };
  return owner === null ? { state: 'quarantined', why: 'domain-unverified' } : { state: 'counted', why: null };
}

type Facts = Pick<NewReport, 'orgName' | 'orgEmail' | 'beginS' | 'endS' | 'policy' | 'records' | 'total' | 'passed' | 'detail'>;

function factsOf(report: DomainReport): Facts {
  switch (report.kind) {
    case 'aggregate': {
      const { domain: _, ...policy } = report.policy;
      const { orgName, email, beginS, endS, records, totalMessages, passMessages } = report;
      const detail = { errors: report.errors, generator: report.generator, contact: report.extraContactInfo };
      return { orgName, orgEmail: email, beginS, endS, policy, records, total: totalMessages, passed: passMessages, detail };
    }
    case 'tlsrpt': {
      const { orgName, contactInfo, beginS, endS, policies, successfulSessions, failedSessions } = report;
      const counts = { records: policies.length, total: successfulSessions + failedSessions, passed: successfulSessions };
      return { orgName, orgEmail: contactInfo, beginS, endS, policy: null, ...counts, detail: { ...tlsDetail(report) } };
    }
    case 'failure': {
      const times = { beginS: report.arrivalS, endS: report.arrivalS };
      return { orgName: null, orgEmail: null, ...times, policy: null, records: 1, total: 1n, passed: 0n, detail: redactFailure(report) };
    }
  }
}

async function insertOnce(deps: StoreReportsDeps, client: pg.PoolClient, head: NewReport): Promise<Placed> {
  const { tenantId, kind, domain, state, why } = head;
  const said = { tenantId, kind, domain };
  if (await insertReport(client, head)) return { head, stored: { id: head.id, ...said, state, why, outcome: 'stored' } };
  const first = await findFirstReport(client, head);
  if (first === null) throw new Error('a report stands in the way of another and is not there');
  if (first.digest.equals(head.digest)) {
    // The same mail read again, after a reader died, is not a second report.
    if (first.inboundMailId === null || first.inboundMailId !== head.inboundMailId) await countDuplicate(client, first.id);
    return { head: null, stored: { id: first.id, ...said, state, why, outcome: 'duplicate' } };
  }
  const conflict: NewReport = {
    ...head,
    id: deps.ids.next(),
    state: 'conflict',
    why: 'other-numbers',
    recordsKept: false,
    conflictOf: first.id,
  };
  const fresh = await insertReport(client, conflict);
  const outcome = fresh ? ('conflict' as const) : ('duplicate' as const);
  return { head: null, stored: { id: fresh ? conflict.id : first.id, ...said, state: 'conflict', why: conflict.why, outcome } };
}

/** The second reading: records of the stored reports, as they are read. */
async function keepRecords(client: pg.PoolClient, bytes: Buffer, kept: ReadonlyMap<number, readonly NewReport[]>): Promise<void> {
  let waiting: RecordRow[] = [];
  let report = -1;
  let line = 0;
  const flush = async () => {
    const heads = kept.get(report) ?? [];
    for (let at = 0; at < waiting.length; at += BATCH_ROWS) await insertRecords(client, heads, waiting.slice(at, at + BATCH_ROWS));
    waiting = [];
  };
  const readings = readReports(bytesOf(bytes), {
    onRecord(record, index) {
      if (!kept.has(index)) return;
      if (index !== report) [report, line] = [index, 0];
      line += 1;
      const trace = traceOf(record);
      waiting.push({ line, ip: record.sourceIp?.ip ?? null, trace, traceId: traceId(trace), messages: record.count });
    },
    async onPiece() {
      if (waiting.length >= BATCH_ROWS) await flush();
    },
  });
  for await (const _ of readings) await flush();
}

async function countHead(deps: StoreReportsDeps, client: pg.PoolClient, head: NewReport): Promise<void> {
  const days = reportDays(head, deps.clock.nowMs() / 1000);
  if (head.state !== 'counted' || head.tenantId === null || head.domainId === null || days === null) return;
  await countReport(client, { id: head.id, tenantId: head.tenantId, domainId: head.domainId }, days);
}

// This file reads aggregate reports in the manners of many receivers and holds every value against what was written.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CARRIED_REPORTS } from '../../../test/support/carried-reports.ts';
import { REPORTER_STYLES } from '../../../test/support/reporter-styles.ts';
import { findAll } from '../../../test/support/reports.ts';
import type { AggregateRecord, AggregateReport } from './model.ts';

for (const { says, bytes, report, first, warnings } of [...REPORTER_STYLES, ...CARRIED_REPORTS]) {
  test(`an aggregate report: ${says}`, async () => {
    const { findings, records } = await findAll(bytes);
    const told = JSON.stringify(findings.map(({ kind, error, warnings: odd }) => ({ kind, error, odd })));
    assert.equal(findings.length, 1, told);
    const [finding] = findings;
    assert.ok(finding?.report?.kind === 'aggregate', told);
    assert.deepEqual(headOf(finding.report), report);
    if (first !== undefined) assert.deepEqual(rowOf(records[0]), first);
    if (warnings !== undefined) assert.deepEqual([...new Set(finding.warnings.map(({ code }) => code))], warnings);
  });
}

function headOf({ orgName, reportId, policy, beginS, endS, records, totalMessages, passMessages }: AggregateReport): unknown[] {
  const { p, sp, adkim, aspf, domain } = policy;
  return [
    orgName,
    reportId,
    domain?.text ?? null,
    beginS,
    endS,
    [p, sp, adkim, aspf].map(String).join(' '),
    records,
    Number(totalMessages),
    Number(passMessages),
  ];
}

function rowOf(record: AggregateRecord | undefined): unknown[] {
  assert.ok(record);
  const { sourceIp, headerFrom, envelopeFrom, disposition, reasons, dkimResults, spfResults } = record;
  return [
    sourceIp?.ip ?? null,
    headerFrom?.domain ?? null,
    envelopeFrom,
    disposition,
    reasons.map(({ type, comment }) => `${type}:${comment ?? ''}`).join(' '),
    dkimResults.map(({ domain, selector, result }) => `${domain?.text}/${selector}/${result}`).join(' '),
    spfResults.map(({ domain, scope, result }) => `${domain?.text}/${scope}/${result}`).join(' '),
  ];
}

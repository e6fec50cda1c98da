// This file reads TLS reports in the manners of many reporters and holds every value against what was written.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findAll } from '../../../test/support/reports.ts';
import { TLS_STYLES } from '../../../test/support/tls-styles.ts';

for (const { says, bytes, report, failures, mx, warnings } of TLS_STYLES) {
  test(`a TLS report: ${says}`, async () => {
    const { findings } = await findAll(bytes);
    const told = JSON.stringify(findings.map(({ kind, error, warnings: odd }) => ({ kind, error, odd })));
    assert.equal(findings.length, 1, told);
    const [finding] = findings;
    assert.ok(finding?.report?.kind === 'tlsrpt', told);
    const { orgName, reportId, policies, beginS, endS, successfulSessions, failedSessions } = finding.report;
    const domain = policies[0]?.domain?.text ?? null;
    assert.deepEqual(
      [orgName, reportId, domain, beginS, endS, policies.length, Number(successfulSessions), Number(failedSessions)],
      report,
    );
    if (mx !== undefined) assert.deepEqual(policies[0]?.mxHosts, mx);
    const seen = policies.flatMap((policy) => policy.failures);
    if (failures !== undefined) {
      assert.deepEqual(
        seen.map((each) => [
          each.resultType,
          each.receivingMxHostname,
          each.receivingIp?.ip ?? null,
          each.sendingMtaIp?.ip ?? null,
          Number(each.failedSessions),
        ]),
        failures,
      );
    }
    if (warnings !== undefined) assert.deepEqual([...new Set(finding.warnings.map(({ code }) => code))], warnings);
  });
}

// This file says whether a mail may hold a report about a domain: it is a failure report, or has a part that looks like one or is packed. Reading it says more; this only
// keeps mail of people out of the queue of reports.
import { openReportMail } from './mail-parts.ts';
import { makeWarnings } from './warnings.ts';

/** Never throws. */
export function mayHoldReport(raw: Buffer): boolean {
  const { failure, candidates } = openReportMail(raw, makeWarnings());
  return failure !== null || candidates.length > 0;
}

// This file writes the log lines of Reports: of the list, of one report, and of what reports say about a domain.
import type { Page } from '../api/model.ts';
import type { DmarcView, DomainReport } from '../api/reports-model.ts';
import type { Format } from '../format.ts';
import { dmarcWords, reportWords } from '../words/reports.words.ts';
import { capital, numberWord, pick } from '../words/words.ts';

export interface ReportsData {
  readonly page: Page<DomainReport>;
  readonly filtered: boolean;
}

/** What came, and does any of it not count? */
export function logLine({ page, filtered }: ReportsData, format: Format): string {
  const say = pick(reportWords, format.lang);
  const all = page.data.length;
  if (all === 0) return filtered ? say.lineNoMatch : say.lineNone;
  const uncounted = page.data.filter((report) => report.state !== 'counted').length;
  return uncounted === 0 ? say.lineAll(all, capital(numberWord(all, format.lang))) : say.lineUncounted(uncounted, format.int(all));
}

/** Does it count, and what does it say? */
export function reportLine(report: Pick<DomainReport, 'state' | 'kind' | 'why' | 'passed' | 'messages'>, format: Format): string {
  const say = pick(reportWords, format.lang);
  if (report.state === 'forged') return say.lineForged;
  if (report.state === 'conflict') return say.lineConflict;
  if (report.state === 'quarantined') return report.why === 'domain-unverified' ? say.lineWaits : say.lineQuarantined;
  if (report.kind === 'failure') return say.lineFailure;
  const [passed, messages] = [format.int(report.passed), format.int(report.messages)];
  return report.kind === 'tlsrpt' ? say.lineTls(passed, messages) : say.lineCounts(passed, messages);
}

/** Who speaks in its name, and may the policy be stricter? */
export function dmarcLine(view: Pick<DmarcView, 'messages' | 'aligned' | 'not_ours' | 'safe_path'>, format: Format): string {
  const say = pick(dmarcWords, format.lang);
  const { safe_path: path, not_ours: foreign } = view;
  if (view.messages === 0) return say.lineNone;
  // What somebody said is not theirs is no mail of theirs.
  const [messages, aligned] = [view.messages - foreign.messages, view.aligned - foreign.aligned];
  const counted = aligned === messages ? say.lineAll(format.int(messages)) : say.linePart(format.int(aligned), format.int(messages));
  const next = path.next !== null ? say.lineNext : path.blockers.length > 0 ? say.lineBlocked(path.blockers.length) : say.lineEnd;
  return `${counted}; ${next}`;
}

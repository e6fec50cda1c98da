// This file collects what is odd about a report, each kind once, however often a hostile report repeats it.
import { REPORT_LIMITS } from './limits.ts';
import type { ReportWarning } from './model.ts';

/** Characters of a reporter's own words that a warning repeats. */
const DETAIL_CHARS_MAX = 100;

export interface WarningList {
  add(code: string, detail?: string): void;
  list(): readonly ReportWarning[];
}

export function makeWarnings(): WarningList {
  const found = new Map<string, { detail: string; times: number }>();
  return {
    add(code, detail = '') {
      const known = found.get(code);
      if (known !== undefined) known.times += 1;
      else if (found.size < REPORT_LIMITS.warningsMax) found.set(code, { detail: detail.slice(0, DETAIL_CHARS_MAX), times: 1 });
    },
    list: () => [...found].map(([code, { detail, times }]) => ({ code, detail, times })),
  };
}

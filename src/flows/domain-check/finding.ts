// This file is the form in which a domain check speaks: one finding for each thing worth a sentence.

export const CHECK_PARTS = ['domain', 'mx', 'spf', 'dkim', 'dmarc', 'mta-sts', 'tls-rpt', 'bimi'] as const;
export type CheckPart = (typeof CHECK_PARTS)[number];

/** ok: as it should be · note: good to know · warning: works, but not for long or not everywhere · problem: mail suffers · unknown: DNS did not tell. */
export const FINDING_STATES = ['ok', 'note', 'warning', 'problem', 'unknown'] as const;
export type FindingState = (typeof FINDING_STATES)[number];

export interface CheckFinding {
  readonly part: CheckPart;
  readonly state: FindingState;
  /** To match on; never changes its meaning. */
  readonly code: string;
  /** One plain sentence. */
  readonly says: string;
  /** What to do next; null where nothing is to be done. */
  readonly next: string | null;
}

/** Makes the functions that state findings of one part. */
export function findings(part: CheckPart) {
  const make =
    (state: FindingState) =>
    (code: string, says: string, next: string | null = null): CheckFinding => ({ part, state, code, says, next });
  return { ok: make('ok'), note: make('note'), warning: make('warning'), problem: make('problem'), unknown: make('unknown') };
}

/** The worst word about the whole: problem before unknown before warning; notes do not count. */
export function verdictOf(all: readonly CheckFinding[]): 'ok' | 'warning' | 'unknown' | 'problem' {
  const has = (state: FindingState) => all.some((finding) => finding.state === state);
  return has('problem') ? 'problem' : has('unknown') ? 'unknown' : has('warning') ? 'warning' : 'ok';
}

/** A DNS failure as a finding. */
export function unanswered(part: CheckPart, detail: string): CheckFinding {
  return findings(part).unknown(
    'no-answer',
    `DNS did not answer: ${detail}.`,
    'Check again later; if it lasts, ask whoever runs the DNS of the domain.',
  );
}

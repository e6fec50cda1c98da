// This file puts a route decision into words for a terminal: every way with what became of it, what holds the mail, and what would be better.

export interface DecisionShown {
  readonly judgements?: readonly {
    /** Only operators see names of accounts. */
    readonly account?: string;
    readonly provider: string;
    readonly treatment?: 'rewritten';
    readonly chosen: boolean;
    readonly stoppedAt: string | null;
    readonly because: string;
  }[];
  readonly heldBecause?: string | null;
  readonly waits?: boolean;
  readonly better?: string | null;
  readonly rewrittenFrom?: string;
}

/** What became of a way, by the gate where it stopped. */
const STOPPED: Readonly<Record<string, string>> = {
  may: 'cannot take it',
  well: 'is not well',
  room: 'has no room',
  preferred: 'comes later',
};

/** Lines without an end of line behind the last; `tense` is "would" for mail that is not written yet. */
export function decisionInWords(decision: DecisionShown, tense: 'would' | 'is'): string {
  const { judgements = [], heldBecause, waits, better, rewrittenFrom } = decision;
  const verdicts = judgements.map(({ chosen, stoppedAt }) => (chosen ? 'takes it' : (STOPPED[stoppedAt ?? ''] ?? 'does not take it')));
  const width = Math.max(0, ...verdicts.map((verdict) => verdict.length));
  const lines = judgements.map(({ account, provider, treatment, because }, index) => {
    const about = [account === undefined ? '' : provider, treatment ? 'From written anew' : ''].filter(Boolean).join(', ');
    return `${(verdicts[index] ?? '').padEnd(width)}  ${account ?? provider}${about ? ` (${about})` : ''}: ${because}`;
  });
  const [held, waiting] = tense === 'would' ? ['It would be held', 'It would wait'] : ['It is held', 'It waits'];
  return [
    ...lines,
    ...(rewrittenFrom ? ['', `From becomes ${rewrittenFrom}; Reply-To names the person.`] : []),
    ...(heldBecause ? [`${held}: ${heldBecause}`] : []),
    ...(waits ? [`${waiting}: an account that may take it is not well now.`] : []),
    ...(better ? ['', `What would make it better: ${better}`] : []),
  ].join('\n');
}

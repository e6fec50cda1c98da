// This file puts a route decision into words for a terminal: every way with what became of it, what holds the mail, and what would be better.
import type { Language } from '../language.ts';

export interface DecisionShown {
  readonly judgements?: readonly {
    /** Only operators see names of accounts. */
    readonly account?: string;
    readonly provider: string;
    readonly treatment?: 'rewritten';
    readonly chosen: boolean;
    readonly stoppedAt: string | null;
    /** In the language that was asked for. */
    readonly says: string;
  }[];
  readonly heldSays?: string | null;
  readonly waits?: boolean;
  readonly betterSays?: string | null;
  readonly rewrittenFrom?: string;
}

interface WordList {
  readonly takes: string;
  /** What became of a way, by the gate where it stopped. */
  readonly stopped: Readonly<Record<string, string>>;
  readonly takesNot: string;
  readonly anew: string;
  readonly becomes: (address: string) => string;
  /** Of mail that is not written yet, and of mail that is. */
  readonly held: Readonly<Record<Tense, string>>;
  readonly waits: Readonly<Record<Tense, string>>;
  readonly unwell: string;
  readonly better: string;
}

type Tense = 'would' | 'is';

const WORDS: Readonly<Record<Language, WordList>> = {
  en: {
    takes: 'takes it',
    stopped: { may: 'cannot take it', well: 'is not well', room: 'has no room', preferred: 'comes later' },
    takesNot: 'does not take it',
    anew: 'From written anew',
    becomes: (address) => `From becomes ${address}; Reply-To names the person.`,
    held: { would: 'It would be held', is: 'It is held' },
    waits: { would: 'It would wait', is: 'It waits' },
    unwell: 'an account that may take it is not well now.',
    better: 'What would make it better',
  },
  de: {
    takes: 'nimmt sie',
    stopped: { may: 'kann sie nicht nehmen', well: 'ist nicht wohlauf', room: 'hat keinen Platz', preferred: 'kommt später' },
    takesNot: 'nimmt sie nicht',
    anew: 'Absender neu geschrieben',
    becomes: (address) => `Der Absender wird ${address}; Reply-To nennt die Person.`,
    held: { would: 'Sie würde angehalten', is: 'Sie ist angehalten' },
    waits: { would: 'Sie würde warten', is: 'Sie wartet' },
    unwell: 'einem Konto, das sie nehmen darf, geht es gerade nicht gut.',
    better: 'Was es besser machte',
  },
};

/** Lines without an end of line behind the last; `tense` is "would" for mail that is not written yet. */
export function decisionInWords(decision: DecisionShown, tense: Tense, language: Language): string {
  const { judgements = [], heldSays, waits, betterSays, rewrittenFrom } = decision;
  const words = WORDS[language];
  const verdicts = judgements.map(({ chosen, stoppedAt }) => (chosen ? words.takes : (words.stopped[stoppedAt ?? ''] ?? words.takesNot)));
  const width = Math.max(0, ...verdicts.map((verdict) => verdict.length));
  const lines = judgements.map(({ account, provider, treatment, says }, index) => {
    const about = [account === undefined ? '' : provider, treatment ? words.anew : ''].filter(Boolean).join(', ');
    return `${(verdicts[index] ?? '').padEnd(width)}  ${account ?? provider}${about ? ` (${about})` : ''}: ${says}`;
  });
  return [
    ...lines,
    ...(rewrittenFrom ? ['', words.becomes(rewrittenFrom)] : []),
    ...(heldSays ? [`${words.held[tense]}: ${heldSays}`] : []),
    ...(waits ? [`${words.waits[tense]}: ${words.unwell}`] : []),
    ...(betterSays ? ['', `${words.better}: ${betterSays}`] : []),
  ].join('\n');
}

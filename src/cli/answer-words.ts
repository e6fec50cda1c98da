// This file holds what the commands about answers of the world (explain, feedback, holds, messages) say around the desk's own sentences, in every
// language we have. Names that other commands take as they stand (classes, faults, states) are shown as they are, with a word beside them where there is one.
import type { FeedbackMailKind } from '../feedback/from-mail.ts';
import type { BounceType, Fault } from '../feedback/vocabulary.ts';
import type { Language } from '../language.ts';
import type { RulesAsked } from './rules-asked.ts';

export interface AnswerCommandWords {
  readonly labels: Readonly<Record<'class' | 'fault' | 'type' | 'hold' | 'rule' | 'asked' | 'codes', string>>;
  readonly faults: Readonly<Record<Fault | 'nobody', string>>;
  readonly types: Readonly<Record<BounceType, string>>;
  readonly holds: string;
  readonly keeps: string;
  readonly none: string;
  readonly asked: (asked: RulesAsked) => string;
  readonly rulesSaid: (asked: RulesAsked) => string;
  readonly kinds: Readonly<Record<FeedbackMailKind, string>>;
  readonly actions: Readonly<Record<string, string>>;
  readonly noAddress: string;
  /** On the line of one recipient. */
  readonly line: Readonly<{ fault: (who: string) => string; holds: string; keeps: string }>;
  readonly message: MessageWords;
  readonly policy: PolicyWords;
}

interface MessageWords {
  readonly noSubject: string;
  readonly head: (facts: { from: string; stream: string; at: string }) => string;
  readonly streams: Readonly<Record<string, string>>;
  readonly columns: Readonly<Record<'recipient' | 'state' | 'reason' | 'tries' | 'next' | 'since' | 'words', string>>;
  readonly why: string;
  readonly more: (count: number) => string;
}

interface PolicyWords {
  readonly columns: Readonly<Record<'classes' | 'failures' | 'over' | 'hold' | 'streams' | 'doubles', string>>;
  readonly forGood: string;
  readonly yes: string;
  readonly no: string;
  readonly streams: Readonly<Record<string, string>>;
  readonly inherited: string;
  readonly reset: string;
  readonly wouldHold: (run: { held: number; of: number; days: number; later: number }) => string;
  readonly sampled: (events: number, since: string) => string;
  readonly found: Readonly<Record<'class' | 'held' | 'later' | 'address' | 'proof', string>>;
}

const ENGLISH: AnswerCommandWords = {
  labels: { class: 'class', fault: 'fault', type: 'type', hold: 'hold', rule: 'rule', asked: 'asked', codes: 'codes' },
  faults: {
    ...{ recipient: 'recipient', receiver: 'receiver', content: 'content', 'sender-reputation': 'sender-reputation' },
    ...{ authentication: 'authentication', policy: 'policy', capacity: 'capacity', operator: 'operator', nobody: 'nobody' },
  },
  types: { hard: 'hard', soft: 'soft', block: 'block' },
  holds: 'this answer alone holds the address',
  keeps: 'this answer alone does not hold the address',
  none: 'none',
  asked: ({ own, from }) => (from === null ? 'our rules alone' : `${own.rules.length} × ${from}, then ours`),
  rulesSaid: ({ own, from }) =>
    from === null ? 'Rules asked: ours alone.' : `Rules asked: ${own.rules.length} own ones of ${from}, then ours.`,
  kinds: {
    bounce: 'bounce',
    delayed: 'delayed',
    delivered: 'delivered',
    complaint: 'complaint',
    'auto-reply': 'auto-reply',
    other: 'other',
  },
  actions: {},
  noAddress: '(no address)',
  line: { fault: (who) => `fault ${who === 'nobody' ? 'none' : who}`, holds: 'holds the address', keeps: 'no hold' },
  message: {
    noSubject: '(no subject)',
    head: ({ from, stream, at }) => `from ${from}, ${stream}, accepted ${at}`,
    streams: {},
    columns: {
      ...{ recipient: 'recipient', state: 'state', reason: 'reason', tries: 'tries' },
      ...{ next: 'next try', since: 'since', words: 'last words' },
    },
    why: 'Why this way',
    more: (count) => `and ${count} more`,
  },
  policy: {
    columns: { classes: 'classes', failures: 'failures', over: 'over days', hold: 'hold days', streams: 'mail', doubles: 'doubles' },
    forGood: 'for good',
    yes: 'yes',
    no: 'no',
    streams: {},
    inherited: 'Inherited:',
    reset: 'The inherited policy counts again.',
    wouldHold: ({ held, of, days, later }) =>
      `This policy would have held ${held} of ${of} addresses in the last ${days} days; ${later} of them took mail later.`,
    sampled: (events, since) => ` Only the newest ${events} events were read, back to ${since}.`,
    found: { class: 'class', held: 'held', later: 'later delivered', address: 'address', proof: 'proof' },
  },
};

const GERMAN: AnswerCommandWords = {
  labels: { class: 'Klasse', fault: 'Wer am Zug ist', type: 'Art', hold: 'Sperre', rule: 'Regel', asked: 'Gefragt', codes: 'Codes' },
  faults: {
    ...{ recipient: 'Empfänger (recipient)', receiver: 'Gegenstelle (receiver)', content: 'Inhalt (content)' },
    ...{ 'sender-reputation': 'unser Ruf (sender-reputation)', authentication: 'Absendernachweis (authentication)' },
    ...{ policy: 'eine Regel dort (policy)', capacity: 'Kapazität (capacity)', operator: 'unser Konto (operator)', nobody: 'niemand' },
  },
  types: { hard: 'endgültig (hard)', soft: 'vorübergehend (soft)', block: 'abgeblockt (block)' },
  holds: 'diese Antwort allein sperrt die Adresse',
  keeps: 'diese Antwort allein sperrt die Adresse nicht',
  none: 'keine',
  asked: ({ own, from }) => (from === null ? 'nur unsere Regeln' : `${own.rules.length} × ${from}, dann unsere`),
  rulesSaid: ({ own, from }) =>
    from === null ? 'Gefragte Regeln: nur unsere.' : `Gefragte Regeln: ${own.rules.length} eigene von ${from}, dann unsere.`,
  kinds: {
    ...{ bounce: 'unzustellbar (bounce)', delayed: 'verzögert (delayed)', delivered: 'zugestellt (delivered)' },
    ...{ complaint: 'Beschwerde (complaint)', 'auto-reply': 'automatische Antwort (auto-reply)', other: 'etwas anderes (other)' },
  },
  actions: {
    ...{ failed: 'abgewiesen (failed)', delayed: 'verzögert (delayed)', delivered: 'zugestellt (delivered)' },
    ...{ relayed: 'weitergereicht (relayed)', expanded: 'verteilt (expanded)' },
  },
  noAddress: '(keine Adresse)',
  line: { fault: (who) => `am Zug: ${who}`, holds: 'sperrt die Adresse', keeps: 'keine Sperre' },
  message: {
    noSubject: '(kein Betreff)',
    head: ({ from, stream, at }) => `von ${from}, ${stream}, angenommen ${at}`,
    streams: { transactional: 'Einzelpost (transactional)', bulk: 'Rundschreiben (bulk)' },
    columns: {
      ...{ recipient: 'Empfänger', state: 'Zustand', reason: 'Grund', tries: 'Versuche' },
      ...{ next: 'nächster Versuch', since: 'seit', words: 'letzte Worte' },
    },
    why: 'Warum dieser Weg',
    more: (count) => `und ${count} weitere`,
  },
  policy: {
    columns: {
      ...{ classes: 'Klassen', failures: 'Fehlschläge', over: 'über Tage', hold: 'gesperrt, Tage' },
      ...{ streams: 'Post', doubles: 'verdoppelt' },
    },
    forGood: 'auf Dauer',
    yes: 'ja',
    no: 'nein',
    streams: { all: 'alle (all)', bulk: 'Rundschreiben (bulk)' },
    inherited: 'Übernommen:',
    reset: 'Die übernommenen Regeln gelten wieder.',
    wouldHold: ({ held, of, days, later }) =>
      `Diese Regeln hätten in den letzten ${days} Tagen ${held} von ${of} Adressen gesperrt; bei ${later} davon kam später Post an.`,
    sampled: (events, since) => ` Nur die neuesten ${events} Ereignisse wurden gelesen, zurück bis ${since}.`,
    found: { class: 'Klasse', held: 'gesperrt', later: 'später zugestellt', address: 'Adresse', proof: 'Beleg' },
  },
};

const WORDS: Readonly<Record<Language, AnswerCommandWords>> = { en: ENGLISH, de: GERMAN };

export function answerCommandWords(language: Language): AnswerCommandWords {
  return WORDS[language];
}

/** Narrower columns of labels look crammed. */
const LABEL_CHARS_MIN = 8;

/** `label   value` lines whose values stand below each other. */
export function labelled(rows: readonly (readonly [label: string, value: string])[]): string[] {
  const width = Math.max(LABEL_CHARS_MIN, ...rows.map(([label]) => label.length));
  return rows.map(([label, value]) => `${label.padEnd(width)}  ${value}`);
}

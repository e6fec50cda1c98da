// This file holds what the commands about domains say around the desk's own sentences, in every language we have.
import type { SpfBranch } from '../flows/domain-check/check-spf.ts';
import type { DomainCheck } from '../flows/domain-check/examine-domain.ts';
import type { CheckPart, FindingState } from '../flows/domain-check/finding.ts';
import type { Language } from '../language.ts';

export interface DomainCommandWords {
  readonly verdicts: Readonly<Record<DomainCheck['verdict'], string>>;
  readonly marks: Readonly<Record<FindingState, string>>;
  readonly parts: Readonly<Record<CheckPart, string>>;
  readonly lookups: (count: number) => string;
  readonly spfProblems: Readonly<Record<NonNullable<SpfBranch['problem']>, string>>;
  readonly organisation: (name: string) => string;
  readonly byWalk: (name: string) => string;
  readonly states: Readonly<Record<'pending' | 'verified' | 'warning' | 'broken', string>>;
  readonly proven: string;
  readonly notProven: string;
  readonly breaks: (at: string) => string;
  readonly notLooked: string;
  readonly looked: (at: string) => string;
  readonly nextLook: (at: string) => string;
  readonly held: (messages: number) => string;
  readonly found: string;
  readonly noProvider: string;
  readonly signs: string;
  readonly otherHosts: string;
  readonly howTo: (name: string) => string;
  readonly dmarcHead: (range: { from: string; to: string; messages: number; aligned: number; policy: string }) => string;
  readonly noPolicy: string;
  readonly policy: (name: string) => string;
  readonly nextStep: string;
  readonly publish: (record: string) => string;
  readonly noReport: string;
  readonly carriesOurs: string;
  readonly tlsHead: (range: { from: string; to: string; sessions: number; failed: number }) => string;
  readonly columns: Readonly<Record<'source' | 'kind' | 'messages' | 'aligned' | 'whose' | 'failed' | 'result' | 'server', string>>;
  readonly judgedOurs: (name: string) => string;
  readonly judgedNotOurs: (name: string) => string;
  readonly unjudged: (name: string) => string;
  readonly noDmarc: string;
  readonly noAccount: string;
  readonly takes: (streams: readonly string[]) => string;
  readonly reported: (messages: number, aligned: number) => string;
  readonly differs: string;
  readonly stays: (why: string) => string;
  readonly better: (what: string) => string;
}

const ENGLISH: DomainCommandWords = {
  verdicts: {
    ok: 'nothing is wrong',
    warning: 'works, with something to look after',
    problem: 'something is wrong',
    unknown: 'DNS did not answer everything, so this is not sure',
  },
  marks: { ok: 'ok     ', note: 'note   ', warning: 'warning', problem: 'PROBLEM', unknown: 'unknown' },
  parts: {
    ...{ domain: 'Domain', mx: 'Mail to it (MX)', spf: 'SPF', dkim: 'DKIM', dmarc: 'DMARC' },
    ...{ 'mta-sts': 'MTA-STS', 'tls-rpt': 'TLS-RPT', bimi: 'BIMI' },
  },
  lookups: (count) => `${count} look-up${count === 1 ? '' : 's'}`,
  spfProblems: {
    ...{
      circle: 'includes itself',
      'depends-on-mail': 'depends on each mail',
      missing: 'no SPF record there',
      several: 'several SPF records there',
    },
    ...{ syntax: 'cannot be read', 'too-deep': 'too deep', unreachable: 'DNS did not answer' },
  },
  organisation: (name) => `organisation: ${name}`,
  byWalk: (name) => ` (by the walk of RFC 9989: ${name})`,
  states: { pending: 'pending', verified: 'verified', warning: 'warning', broken: 'broken' },
  proven: 'proven to receivers',
  notProven: 'not proven to receivers',
  breaks: (at) => `It breaks at ${at} unless it is mended.`,
  notLooked: 'Nobody has looked at its records yet.',
  looked: (at) => `Looked at ${at}.`,
  nextLook: (at) => `Next look ${at}.`,
  held: (messages) =>
    messages === 1
      ? '1 held message waits for this and goes out by itself once it is verified.'
      : `${messages} held messages wait for this and go out by themselves once it is verified.`,
  found: 'found',
  noProvider: 'No provider was told of this domain. Add --register.',
  signs: 'signs with its own key',
  otherHosts: 'Other hosts (--host)',
  howTo: (name) => `How to publish them: packetboat domains instructions ${name} (--message to forward it)`,
  dmarcHead: ({ from, to, messages, aligned, policy }) => `${from} to ${to}: ${messages} messages, ${aligned} aligned; ${policy}.`,
  noPolicy: 'no policy was reported',
  policy: (name) => `policy ${name}`,
  nextStep: 'Next step',
  publish: (record) => `Publish at _dmarc: ${record}`,
  noReport: 'No report counted.',
  carriesOurs: '(but it carries mail of this desk)',
  tlsHead: ({ from, to, sessions, failed }) =>
    `${from} to ${to}: ${sessions} connections, ${failed} of them not encrypted as they should be.`,
  columns: {
    ...{ source: 'source', kind: 'kind', messages: 'messages', aligned: 'aligned', whose: 'whose' },
    ...{ failed: 'failed', result: 'result', server: 'mail server' },
  },
  judgedOurs: (name) => `${name} is yours from now on.`,
  judgedNotOurs: (name) => `${name} does not count from now on.`,
  unjudged: (name) => `Nothing is said about ${name} any more.`,
  noDmarc: 'no DMARC policy',
  noAccount: 'No account may take its mail yet. Add one with: packetboat provider add',
  takes: (streams) => `takes its ${streams.join(' and ')} mail`,
  reported: (messages, aligned) => `Receivers reported ${messages} messages in 30 days, ${aligned} of them aligned`,
  differs: 'which is not what the DNS promises',
  stays: (why) => `It would not leave: ${why}`,
  better: (what) => `What would make it better: ${what}`,
};

const GERMAN: DomainCommandWords = {
  verdicts: {
    ok: 'alles in Ordnung',
    warning: 'geht, mit etwas, worauf zu achten ist',
    problem: 'etwas ist falsch',
    unknown: 'das DNS antwortete nicht auf alles, darum ist es nicht sicher',
  },
  marks: { ok: 'gut    ', note: 'Hinweis', warning: 'Warnung', problem: 'FEHLER ', unknown: 'unklar ' },
  parts: {
    ...{ domain: 'Domain', mx: 'Post an sie (MX)', spf: 'SPF-Eintrag', dkim: 'DKIM-Schlüssel', dmarc: 'DMARC-Richtlinie' },
    ...{ 'mta-sts': 'MTA-STS', 'tls-rpt': 'TLS-RPT', bimi: 'BIMI' },
  },
  lookups: (count) => `${count} Abfrage${count === 1 ? '' : 'n'}`,
  spfProblems: {
    ...{ circle: 'schließt sich selbst ein', 'depends-on-mail': 'hängt von der Mail ab', missing: 'dort steht kein SPF-Eintrag' },
    ...{
      several: 'dort stehen mehrere SPF-Einträge',
      syntax: 'nicht lesbar',
      'too-deep': 'zu tief',
      unreachable: 'das DNS antwortete nicht',
    },
  },
  organisation: (name) => `Organisation: ${name}`,
  byWalk: (name) => ` (nach dem Weg von RFC 9989: ${name})`,
  states: { pending: 'noch nicht geprüft', verified: 'geprüft', warning: 'Warnung', broken: 'defekt' },
  proven: 'für Empfänger nachweisbar',
  notProven: 'für Empfänger nicht nachweisbar',
  breaks: (at) => `Ohne Abhilfe geht sie ab ${at} nicht mehr.`,
  notLooked: 'Noch hat niemand die Einträge angesehen.',
  looked: (at) => `Angesehen ${at}.`,
  nextLook: (at) => `Nächster Blick ${at}.`,
  held: (messages) =>
    messages === 1
      ? '1 angehaltene Nachricht wartet darauf und geht von selbst hinaus, sobald sie geprüft ist.'
      : `${messages} angehaltene Nachrichten warten darauf und gehen von selbst hinaus, sobald sie geprüft ist.`,
  found: 'gefunden',
  noProvider: 'Kein Anbieter kennt diese Domain. Fügen Sie --register an.',
  signs: 'signiert mit eigenem Schlüssel',
  otherHosts: 'Andere Hoster (--host)',
  howTo: (name) => `So werden sie veröffentlicht: packetboat domains instructions ${name} (--message zum Weiterleiten)`,
  dmarcHead: ({ from, to, messages, aligned, policy }) =>
    `${from} bis ${to}: ${messages} Nachrichten, davon ${aligned} nachgewiesen; ${policy}.`,
  noPolicy: 'keine Richtlinie wurde berichtet',
  policy: (name) => `Richtlinie ${name}`,
  nextStep: 'Nächster Schritt',
  publish: (record) => `Bei _dmarc veröffentlichen: ${record}`,
  noReport: 'Kein Bericht zählte.',
  carriesOurs: '(trägt aber Post dieses Pults)',
  tlsHead: ({ from, to, sessions, failed }) =>
    `${from} bis ${to}: ${sessions} Verbindungen, davon ${failed} nicht so verschlüsselt, wie es sein sollte.`,
  columns: {
    ...{ source: 'Quelle', kind: 'Art', messages: 'Nachrichten', aligned: 'nachgewiesen', whose: 'wessen' },
    ...{ failed: 'fehlgeschlagen', result: 'Ergebnis', server: 'Mailserver' },
  },
  judgedOurs: (name) => `${name} gehört von jetzt an Ihnen.`,
  judgedNotOurs: (name) => `${name} zählt von jetzt an nicht mehr.`,
  unjudged: (name) => `Über ${name} ist nichts mehr gesagt.`,
  noDmarc: 'keine DMARC-Richtlinie',
  noAccount: 'Noch darf kein Konto diese Post nehmen. Fügen Sie eines hinzu: packetboat provider add',
  takes: (streams) => `nimmt diese Post: ${streams.join(' und ')}`,
  reported: (messages, aligned) => `Empfänger berichteten in 30 Tagen ${messages} Nachrichten, davon ${aligned} nachgewiesen`,
  differs: 'anders, als das DNS verspricht',
  stays: (why) => `Die Post ginge nicht hinaus: ${why}`,
  better: (what) => `Besser wird es so: ${what}`,
};

const WORDS: Readonly<Record<Language, DomainCommandWords>> = { en: ENGLISH, de: GERMAN };

export function domainCommandWords(language: Language): DomainCommandWords {
  return WORDS[language];
}

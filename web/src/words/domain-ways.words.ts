// This file holds the texts of a domain's ways: what receivers find on each, and what opens the better one.
import { catalogue } from './words.ts';

export const wayWords = catalogue({
  title: ['Ways', 'Wege'],
  question: [
    'Each way as a receiver judges it, from the records as last seen; beside it what receivers reported.',
    'Jeder Weg, wie ein Empfänger ihn beurteilt, nach den zuletzt gesehenen Einträgen; daneben, was Empfänger berichteten.',
  ],
  what: ['the ways of this domain', 'Die Wege dieser Domain'],
  asking: ['Asking what receivers find on its ways …', 'Es wird gefragt, was Empfänger auf ihren Wegen finden …'],
  none: ['No way is open to its mail yet.', 'Ihrer Post steht noch kein Weg offen.'],
  noneHow: [
    'Ways are accounts at providers, in the order of preference. The first account opens one.',
    'Wege sind Konten bei Anbietern, in der Reihenfolge des Vorzugs. Das erste Konto eröffnet einen.',
  ],
  noneHowTenant: [
    'Whoever runs this platform sets up the ways; your records can be published before.',
    'Die Wege richtet ein, wer diese Plattform betreibt; Ihre Einträge können schon vorher angelegt werden.',
  ],
  addAccount: ['Add an account', 'Konto anlegen'],
  // The table
  way: ['Way', 'Weg'],
  smtp: ['Mail server (SMTP)', 'Mailserver (SMTP)'],
  headline: ['What receivers find', 'Was Empfänger finden'],
  takes: ['Takes now', 'Nimmt jetzt'],
  takesNothing: ['nothing', 'nichts'],
  takesBoth: ['all its mail', 'all ihre Post'],
  takesOne: [(stream: string) => `${stream} mail`, (stream: string) => stream],
  seen: ['Receivers reported', 'Empfänger berichteten'],
  seenOf: [(share: string) => `${share} proven`, (share: string) => `${share} bewiesen`],
  seenNothing: ['nothing in 30 days', 'nichts in 30 Tagen'],
  agrees: ['as said here', 'wie hier gesagt'],
  agreesNot: ['receivers find something else', 'Empfänger finden etwas anderes'],
  tooFew: ['too few to compare', 'zu wenige zum Vergleichen'],
  details: ['DKIM, SPF and rules for bulk mail', 'DKIM, SPF und Regeln für Massenpost'],
  dkim: ['Signature (DKIM)', 'Signatur (DKIM)'],
  spf: ['Return path (SPF)', 'Rückweg (SPF)'],
  bulk: ['Bulk mail', 'Massenpost'],
  aligned: ['counts', 'zählt'],
  alignedNot: ['does not count', 'zählt nicht'],
  // Better
  betterWay: [(account: string) => `The better way is ${account}.`, (account: string) => `Der bessere Weg ist ${account}.`],
  records: [
    (count: string, one: boolean) => (one ? 'The record' : `The ${count} records`),
    (count: string, one: boolean) => (one ? 'Der Eintrag' : `Die ${count} Einträge`),
  ],
});

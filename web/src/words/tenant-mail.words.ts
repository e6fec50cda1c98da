// This file holds the texts of an organisation's mail settings: failures told by mail, and where answers of people go.
import { catalogue } from './words.ts';

export const tenantMailWords = catalogue({
  // Bounce notices
  notices: ['Failures told by mail', 'Fehlschläge per E-Mail melden'],
  noticesQuestion: [
    'For applications that only know mail: a notice goes back to the envelope sender, as mail servers do.',
    'Für Anwendungen, die nur E-Mail kennen: Eine Meldung geht an den Absender im Umschlag zurück, wie bei Mailservern.',
  ],
  noticesOn: ['Tell failures by mail', 'Fehlschläge per E-Mail melden'],
  noticesHint: [
    'Only to senders whose domain is verified, never in answer to an automatic mail.',
    'Nur an Absender, deren Domain geprüft ist, und nie als Antwort auf eine automatische Mail.',
  ],
  complaintsToo: ['Tell of complaints as well', 'Auch Beschwerden melden'],
  which: ['Which failures', 'Welche Fehlschläge'],
  whichAll: ['Every one that is not our operator’s to mend', 'Alle, die nicht Sache des Betreibers sind'],
  whichSome: ['Only some', 'Nur einige'],
  whichHint: ['Reasons to tell of', 'Gründe, die gemeldet werden'],
  account: ['Account that carries the notices', 'Konto, das die Meldungen trägt'],
  accountOwn: ['the organisation’s own route', 'der eigene Weg der Organisation'],
  save: ['Save', 'Speichern'],
  saved: ['Saved.', 'Gespeichert.'],
  day: ['In the last day', 'In den letzten 24 Stunden'],
  due: [(count: string) => `${count} about to leave`, (count: string) => `${count} gehen gleich hinaus`],
  handed_over: [(count: string) => `${count} handed over`, (count: string) => `${count} übergeben`],
  dropped: [(count: string) => `${count} left out on purpose`, (count: string) => `${count} mit Absicht weggelassen`],
  dead: [(count: string) => `${count} given up`, (count: string) => `${count} aufgegeben`],
  noneYet: ['No notice left yet.', 'Noch ging keine Meldung hinaus.'],
  last: ['The last notices', 'Die letzten Meldungen'],
  about: ['About', 'Über'],
  noticeTo: ['To', 'An'],
  state: ['State', 'Zustand'],
  stateDue: ['about to leave', 'geht gleich hinaus'],
  stateHanded: ['handed over', 'übergeben'],
  stateDropped: ['left out on purpose', 'mit Absicht weggelassen'],
  stateDead: ['given up', 'aufgegeben'],
  said: ['Why, or what was answered', 'Warum, oder was geantwortet wurde'],
  at: ['When', 'Wann'],
  // Answers of people
  answers: ['Answers of people', 'Antworten von Menschen'],
  answersQuestion: [
    'What somebody answers to a return path, where a message left no better address.',
    'Was jemand an einen Rückweg antwortet, wo eine Nachricht keine bessere Adresse trug.',
  ],
  answersOn: ['Forward them', 'Weiterleiten'],
  answersTo: ['Where to, when the message does not say', 'Wohin, wenn die Nachricht es nicht sagt'],
  answersToHint: [
    'Reply-To and From of the message go first. Empty: then an answer stays here and can be read under Inbound.',
    'Reply-To und From der Nachricht gehen vor. Leer: Dann bleibt die Antwort hier und ist im Eingang zu lesen.',
  ],
  digest: ['Weekly mail about reports', 'Wöchentliche Mail zu Berichten'],
  digestQuestion: [
    'What receivers report about its domains, once a week to the contact address, when there is something to tell.',
    'Was Empfänger über ihre Domains berichten, einmal die Woche an die Kontaktadresse, wenn es etwas zu sagen gibt.',
  ],
  digestOn: ['Wanted', 'Erwünscht'],
  failed: [(why: string) => `That did not work. ${why}`, (why: string) => `Das ist nicht gelungen. ${why}`],
  toInbound: ['Mails that came back', 'Zurückgekommene Mails'],
});

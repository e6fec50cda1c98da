// This file holds the texts of the desk's parts: tables, errors, dialogs, copying.
import { catalogue } from './words.ts';

export const deskWords = catalogue({
  copy: ['Copy', 'Kopieren'],
  copyWhat: [(what: string) => `Copy ${what}`, (what: string) => `${what} kopieren`],
  copied: ['copied', 'kopiert'],
  close: ['Close', 'Schließen'],
  cancel: ['Leave it', 'So lassen'],
  undo: ['Undo', 'Rückgängig'],
  askAgain: ['Ask again', 'Noch einmal fragen'],
  failedLine: ['The desk did not give an answer.', 'Das Pult hat nicht geantwortet.'],
  failedTitle: [(what: string) => `We could not ask for ${what}.`, (what: string) => `${what}: Die Abfrage ist nicht gelungen.`],
  unreachable: [
    'The line to the desk is broken. Mail goes on moving without this page.',
    'Die Verbindung zum Pult ist unterbrochen. Die Post geht ohne diese Seite weiter.',
  ],
  late: ['It did not answer within 20 s.', 'Es kam 20 s lang keine Antwort.'],
  answered: [(status: number) => `The desk answered ${status}.`, (status: number) => `Das Pult antwortete ${status}.`],
  requestId: ['Request', 'Anfrage'],
  staleFrom: [(at: string) => `What you see is from ${at}.`, (at: string) => `Was Sie sehen, ist von ${at} Uhr.`],
  notFoundLine: ['There is nothing at this address.', 'Unter dieser Adresse ist nichts.'],
  notFoundWhat: [
    'It may have been removed, or its address may be mistyped. Objects of other organisations are never shown.',
    'Vielleicht wurde es entfernt, oder die Adresse ist falsch geschrieben. Was anderen Organisationen gehört, wird nie gezeigt.',
  ],
  brokenLine: ['This page stopped with a fault of ours.', 'Diese Seite blieb durch einen Fehler von uns stehen.'],
  brokenWhat: ['Nothing was changed. The other rooms still work.', 'Es wurde nichts verändert. Die anderen Räume gehen weiter.'],
  reload: ['Load it again', 'Neu laden'],
  noData: ['no data', 'keine Daten'],
  print: ['Print', 'Drucken'],
  working: ['Working …', 'Läuft …'],
  required: ['This is needed.', 'Das wird gebraucht.'],
  better: ['What would make it better', 'Was es besser machte'],
  waitingForScript: ['Loading …', 'Wird geladen …'],
});

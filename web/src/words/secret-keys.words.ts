// This file holds the texts about the key that encrypts stored secrets, and its replacement.
import { catalogue } from './words.ts';

export const secretKeyWords = catalogue({
  title: ['Secret key', 'Geheimer Schlüssel'],
  question: [
    'With it keys of provider accounts, passwords and DKIM keys are encrypted where they are stored. It stands in a file outside the database.',
    'Mit ihm sind Schlüssel der Anbieterkonten, Passwörter und DKIM-Schlüssel verschlüsselt gespeichert. Er steht in einer Datei außerhalb der Datenbank.',
  ],
  key: ['Key', 'Schlüssel'],
  state: ['State', 'Zustand'],
  secrets: ['Secrets', 'Geheimnisse'],
  since: ['Since', 'Seit'],
  coming: ['waits for every process to have it', 'wartet, bis jeder Prozess ihn hat'],
  writing: ['encrypts', 'verschlüsselt'],
  reading: ['opens what is not encrypted anew yet', 'öffnet, was noch nicht neu verschlüsselt ist'],
  retired: ['needed by older backups only', 'nur noch für ältere Sicherungen nötig'],
  forgotten: ['taken out of the key files', 'aus den Schlüsseldateien genommen'],
  waiting: ['The new key waits until every process has it.', 'Der neue Schlüssel wartet, bis jeder Prozess ihn hat.'],
  progress: [
    (done: number, total: number) => `${done} of ${total} secrets are encrypted with the new key.`,
    (done: number, total: number) => `${done} von ${total} Geheimnissen sind mit dem neuen Schlüssel verschlüsselt.`,
  ],
  retiring: [
    'Everything is encrypted with the new key; the old one ends within seconds.',
    'Alles ist mit dem neuen Schlüssel verschlüsselt; der alte endet in Sekunden.',
  ],
  lacksKey: [
    'its key file lacks the new key; copy the key file to this machine.',
    'In seiner Schlüsseldatei fehlt der neue Schlüssel; kopieren Sie die Datei auf diesen Rechner.',
  ],
  lacksVersion: ['it is of an older version, or began just now.', 'Er ist von einer älteren Fassung oder hat gerade begonnen.'],
  lacksSwitch: ['it still writes with the old key, for seconds.', 'Er schreibt noch für Sekunden mit dem alten Schlüssel.'],
  stillThere: [
    (key: string, process: string) =>
      `The key ${key} still stands in the key file of ${process}, which the desk may not write: take the line out.`,
    (key: string, process: string) =>
      `Der Schlüssel ${key} steht noch in der Schlüsseldatei von ${process}, die das Pult nicht schreiben darf: Nehmen Sie die Zeile heraus.`,
  ],
  rotate: ['Replace the key', 'Schlüssel ersetzen'],
  rotateBody: [
    'A new key is added to the key file and everything stored is encrypted with it, while mail goes on. With several machines, copy the key file to the others afterwards. Back up the file.',
    'Ein neuer Schlüssel kommt in die Schlüsseldatei, und alles Gespeicherte wird damit verschlüsselt, während die Post weiterläuft. Bei mehreren Rechnern kopieren Sie die Datei danach auf die anderen. Sichern Sie die Datei.',
  ],
  asked: ['A new key is on its way.', 'Ein neuer Schlüssel ist unterwegs.'],
});

// This file holds the texts of On hold: the list, adding one, importing many, letting one go.
import { capital, catalogue, numberWord } from './words.ts';

export const holdsWords = catalogue({
  title: ['On hold', 'Gesperrt'],
  what: ['the addresses on hold', 'Die gesperrten Adressen'],
  asking: ['Asking whom we do not write to …', 'Es wird gefragt, an wen wir nicht schreiben …'],
  // Log line
  nobody: ['Nobody is on hold; everybody may be written to.', 'Niemand ist gesperrt; an alle darf geschrieben werden.'],
  noMatch: ['No address on hold fits these filters.', 'Keine gesperrte Adresse passt zu diesen Filtern.'],
  notThis: [
    (address: string) => `The address ${address} is not on hold.`,
    (address: string) => `Die Adresse ${address} ist nicht gesperrt.`,
  ],
  oneForGood: [
    (address: string, why: string) => `The address ${address} is [on hold](#list) until somebody lets it go: ${why}.`,
    (address: string, why: string) => `Die Adresse ${address} ist [gesperrt](#list), bis jemand sie freigibt: ${why}.`,
  ],
  oneUntil: [
    (address: string, until: string, why: string) => `The address ${address} is [on hold](#list) until ${until}: ${why}.`,
    (address: string, until: string, why: string) => `Die Adresse ${address} ist bis ${until} [gesperrt](#list): ${why}.`,
  ],
  some: [
    (count: number) =>
      `[${capital(numberWord(count, 'en'))} ${count === 1 ? 'address is' : 'addresses are'}](#list) on hold, each with its reason.`,
    (count: number) =>
      count === 1
        ? '[Eine Adresse](#list) ist gesperrt, mit ihrem Grund.'
        : `[${capital(numberWord(count, 'de'))} Adressen](#list) sind gesperrt, jede mit ihrem Grund.`,
  ],
  more: [
    (count: string) => `[${count} addresses and more](#list) are on hold, each with its reason.`,
    (count: string) => `[${count} Adressen und mehr](#list) sind gesperrt, jede mit ihrem Grund.`,
  ],
  // Search
  addressLabel: ['An address, or how it begins', 'Eine Adresse oder ihr Anfang'],
  begins: ['Begins with', 'Beginnt mit'],
  look: ['Look', 'Suchen'],
  address: ['Address', 'Adresse'],
  reason: ['Reason', 'Grund'],
  stream: ['Mail', 'Post'],
  tenant: ['Tenant', 'Organisation'],
  clear: ['Clear all', 'Alle entfernen'],
  // Actions
  add: ['Put an address on hold', 'Adresse sperren'],
  import: ['Import a list', 'Liste einlesen'],
  export: ['Save as a file', 'Als Datei speichern'],
  policy: ['When an address goes on hold', 'Wann eine Adresse gesperrt wird'],
  // Table
  caption: ['Addresses on hold, newest first', 'Gesperrte Adressen, neueste zuerst'],
  why: ['Why', 'Warum'],
  proof: ['Proof', 'Beleg'],
  noProof: ['none given', 'keiner angegeben'],
  since: ['Since', 'Seit'],
  until: ['Until', 'Bis'],
  forGood: ['until let go', 'bis zur Freigabe'],
  all: ['all mail', 'alle Post'],
  bulk: ['bulk only', 'nur Rundschreiben'],
  transactional: ['transactional only', 'nur Einzelpost'],
  times: [(count: string) => `${count} times so far`, (count: string) => `bisher ${count}-mal`],
  source: [(source: string) => `by ${source}`, (source: string) => `durch ${source}`],
  sourceOperator: ['by the operator', 'durch den Betreiber'],
  sourceApi: ['by the organisation', 'durch die Organisation'],
  sourceWebhook: ['told by the provider', 'vom Anbieter gemeldet'],
  sourceHandOver: ['answered at the hand-over', 'Antwort bei der Übergabe'],
  sourceMail: ['told by mail', 'per E-Mail gemeldet'],
  sourceImport: ['from an imported list', 'aus einer eingelesenen Liste'],
  actions: ['What you can do', 'Was Sie tun können'],
  emptyGood: ['Nobody is on hold.', 'Niemand ist gesperrt.'],
  emptyGoodHow: [
    'An address comes here when its mailbox proves to be gone, when somebody presses “spam”, or when you put it here.',
    'Eine Adresse kommt hierher, wenn es ihr Postfach nachweislich nicht mehr gibt, wenn jemand auf „Spam“ drückt oder wenn Sie sie sperren.',
  ],
  emptyMatch: ['Nothing matches.', 'Nichts passt.'],
  emptyMatchHow: [
    'Look for how the address begins, or take a filter away.',
    'Suchen Sie nach dem Anfang der Adresse, oder nehmen Sie einen Filter weg.',
  ],
  // Release
  release: ['Let it go', 'Freigeben'],
  releaseTitle: [(address: string) => `Let ${address} go`, (address: string) => `${address} freigeben`],
  releaseBody: [
    'Mail to this address goes out again. If the reason still holds, the next refusal puts it back.',
    'An diese Adresse wird wieder geschrieben. Besteht der Grund noch, sperrt die nächste Abweisung sie von neuem.',
  ],
  releaseWish: [
    'This person asked for no more such mail. Let it go only if they told you that they want it again.',
    'Diese Person wollte solche Post nicht mehr. Geben Sie sie nur frei, wenn sie es ausdrücklich wieder wünscht.',
  ],
  releaseWhy: ['Why', 'Warum'],
  releaseWhyHint: ['Kept in the audit log: “she cleared her mailbox”.', 'Steht danach im Protokoll: „hat das Postfach geleert“.'],
  resend: [
    'Hand in again what this hold stopped in the last 7 days',
    'Noch einmal aufgeben, was diese Sperre in den letzten 7 Tagen zurückhielt',
  ],
  releaseNeedsWhy: ['Say why; it is kept for whoever asks later.', 'Schreiben Sie, warum; es bleibt für spätere Fragen vermerkt.'],
  notAgain: [
    (count: number) => `${capital(numberWord(count, 'en'))} could not be handed in again.`,
    (count: number) =>
      count === 1
        ? 'Eine ließ sich nicht noch einmal aufgeben.'
        : `${capital(numberWord(count, 'de'))} ließen sich nicht noch einmal aufgeben.`,
  ],
  releaseVerb: ['Let it go', 'Freigeben'],
  released: [
    (address: string, again: number) =>
      `${address} is let go.${again === 0 ? '' : ` ${capital(numberWord(again, 'en'))} ${again === 1 ? 'message goes' : 'messages go'} out again.`}`,
    (address: string, again: number) =>
      `${address} ist freigegeben.${again === 0 ? '' : ` ${again === 1 ? 'Eine Nachricht geht' : `${capital(numberWord(again, 'de'))} Nachrichten gehen`} noch einmal hinaus.`}`,
  ],
  // New
  newLine: ['Mail to this address stops with the next message.', 'An diese Adresse geht ab der nächsten Nachricht nichts mehr.'],
  whose: ['For which organisation', 'Für welche Organisation'],
  newAddress: ['Address', 'Adresse'],
  newStream: ['Which mail', 'Welche Post'],
  newAll: ['All of it', 'Alle'],
  newAllText: ['Nobody can reach the person by e-mail.', 'Die Person ist per E-Mail gar nicht erreichbar.'],
  newBulk: ['Newsletters and other bulk mail', 'Newsletter und andere Rundschreiben'],
  newBulkText: ['Receipts and answers still go out.', 'Quittungen und Antworten gehen weiter hinaus.'],
  newVerb: ['Put it on hold', 'Sperren'],
  added: [(address: string) => `${address} is on hold.`, (address: string) => `${address} ist gesperrt.`],
  // Import
  importTitle: ['Import a list', 'Liste einlesen'],
  importLine: [
    'Each address of the file goes on hold; nothing leaves it again.',
    'Jede Adresse der Datei wird gesperrt; frei wird dadurch keine.',
  ],
  importDone: [
    (added: string, already: string) => `${added} addresses are on hold now; ${already} were before.`,
    (added: string, already: string) => `${added} Adressen sind jetzt gesperrt; ${already} waren es schon.`,
  ],
  importTried: [
    (added: string, already: string) => `The file would put ${added} addresses on hold; ${already} are already. Nothing is changed yet.`,
    (added: string, already: string) => `Die Datei würde ${added} Adressen sperren; ${already} sind es schon. Noch ist nichts geändert.`,
  ],
  importTriedRefused: [
    (added: string, refused: string) =>
      `The file would put ${added} addresses on hold; [${refused} lines](#refused) cannot be read. Nothing is changed yet.`,
    (added: string, refused: string) =>
      `Die Datei würde ${added} Adressen sperren; [${refused} Zeilen](#refused) sind nicht zu lesen. Noch ist nichts geändert.`,
  ],
  columnsTaken: [
    (columns: string) => `No line of the file names its columns; they are taken for: ${columns}.`,
    (columns: string) => `Keine Zeile der Datei benennt ihre Spalten; sie gelten als: ${columns}.`,
  ],
  columnsLeft: [
    (columns: string) => `These columns are not read: ${columns}. Read are address, stream, reason, evidence and expires_at.`,
    (columns: string) => `Diese Spalten werden nicht gelesen: ${columns}. Gelesen werden address, stream, reason, evidence und expires_at.`,
  ],
  importTry: ['See what it would do', 'Zeigen, was sie täte'],
  triedHow: ['Mend them in the file, or go on without them.', 'Berichtigen Sie sie in der Datei, oder machen Sie ohne sie weiter.'],
  importRefused: [
    (added: string, refused: string) => `${added} addresses are on hold now; [${refused} lines](#refused) could not be read.`,
    (added: string, refused: string) => `${added} Adressen sind jetzt gesperrt; [${refused} Zeilen](#refused) waren nicht zu lesen.`,
  ],
  format: ['Where the file comes from', 'Woher die Datei stammt'],
  formatCsv: ['CSV (a column called address or email)', 'CSV (eine Spalte namens address oder email)'],
  file: ['File', 'Datei'],
  fileHint: [(size: string) => `At most ${size}.`, (size: string) => `Höchstens ${size}.`],
  fileBig: [
    (size: string) => `The file is larger than ${size}; split it.`,
    (size: string) => `Die Datei ist größer als ${size}; teilen Sie sie.`,
  ],
  fileNone: ['Choose a file first.', 'Wählen Sie zuerst eine Datei.'],
  preview: ['What the file begins with', 'So beginnt die Datei'],
  previewHow: [
    (lines: string) => `${lines} lines. Nothing is changed until you press the button.`,
    (lines: string) => `${lines} Zeilen. Bis Sie auf den Knopf drücken, ändert sich nichts.`,
  ],
  importVerb: ['Put them on hold', 'Diese sperren'],
  refusedTitle: ['Lines that could not be read', 'Zeilen, die nicht zu lesen waren'],
  refusedHow: [
    'The others are done; mend these in the file and import it again.',
    'Die anderen sind erledigt; berichtigen Sie diese und lesen Sie die Datei noch einmal ein.',
  ],
  refusedMore: [(count: string) => `${count} more lines like these.`, (count: string) => `${count} weitere solche Zeilen.`],
  line: ['Line', 'Zeile'],
  content: ['What stands there', 'Was dort steht'],
  wrong: ['What is wrong', 'Was nicht stimmt'],
  toList: ['To the addresses on hold', 'Zu den gesperrten Adressen'],
  again: ['Import another file', 'Noch eine Datei einlesen'],
});

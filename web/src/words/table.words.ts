// This file holds the texts of tables, their filters and of the ledger bar.
import { catalogue } from './words.ts';

export const tableWords = catalogue({
  sortBy: [(column: string) => `Sort by ${column}`, (column: string) => `Nach ${column} ordnen`],
  shownOf: [
    (shown: string, total: string) => `${shown} of ${total} shown.`,
    (shown: string, total: string) => `${shown} von ${total} gezeigt.`,
  ],
  shownAll: [
    (count: number, shown: string) => (count === 1 ? 'One, and that is all.' : `All ${shown}.`),
    (count: number, shown: string) => (count === 1 ? 'Einer, und das ist alles.' : `Alle ${shown}.`),
  ],
  shownMore: [(shown: string) => `${shown} shown, more follow.`, (shown: string) => `${shown} gezeigt, weitere folgen.`],
  firstPage: ['Newest', 'Neueste'],
  nextPage: ['Older', 'Ältere'],
  toStart: ['First page', 'Erste Seite'],
  onward: ['Next page', 'Nächste Seite'],
  freshRows: [(count: string) => `${count} new, show`, (count: string) => `${count} neue zeigen`],
  csv: ['CSV', 'CSV'],
  csvWorking: ['Gathering the rows …', 'Zeilen werden gesammelt …'],
  keyMove: ['move', 'bewegen'],
  keyOpen: ['open', 'öffnen'],
  keyFilter: ['filter by this cell', 'nach dieser Zelle filtern'],
  keyKeys: ['keys', 'Tasten'],
  removeFilter: [(what: string) => `Remove the filter ${what}`, (what: string) => `Filter ${what} entfernen`],
  all: ['all', 'alle'],
});

export const barWords = catalogue({
  whole: ['Not balanced, look', 'Geht nicht auf, nachsehen'],
  rest: [(count: string) => `The other ${count}, enlarged`, (count: string) => `Die übrigen ${count}, vergrößert`],
  restShare: [(share: string) => `${share} of the whole`, (share: string) => `${share} des Ganzen`],
  barSentence: [
    (parts: string, total: string) => `${parts}; ${total} in all`,
    (parts: string, total: string) => `${parts}; zusammen ${total}`,
  ],
});

// This file holds the texts of a provider's own suppression list: how it is kept in step, and what it says about addresses of ours.
import { catalogue } from './words.ts';

export const accountListWords = catalogue({
  title: ['The provider’s own list', 'Sperrliste des Anbieters'],
  question: [
    'Addresses it does not write to by itself, and how they are kept in step with ours.',
    'Adressen, an die er von sich aus nicht schreibt, und wie sie mit unseren abgeglichen werden.',
  ],
  none: ['This provider has no list that could be read.', 'Dieser Anbieter hat keine Liste, die sich lesen ließe.'],
  what: ['the provider’s list', 'Die Sperrliste des Anbieters'],
  asking: ['Asking what the provider’s list says …', 'Es wird gefragt, was in der Liste des Anbieters steht …'],
  readNow: ['Read it now', 'Jetzt lesen'],
  readWhole: ['Read the whole list', 'Ganze Liste lesen'],
  started: ['It is read within seconds.', 'Sie wird in Sekunden gelesen.'],
  toEntries: ['What it says about our addresses', 'Was sie über unsere Adressen sagt'],
  state: ['State', 'Zustand'],
  waiting: ['in step; read again by itself', 'abgeglichen; wird von selbst wieder gelesen'],
  neverRead: ['not read yet; that begins by itself', 'noch nicht gelesen; das beginnt von selbst'],
  running: ['being read at this moment', 'wird gerade gelesen'],
  failing: ['the last reading did not work', 'die letzte Lesung ist nicht gelungen'],
  needsPerson: [
    'Repeating it changes nothing: look at the key, its permissions or the settings.',
    'Wiederholen ändert nichts: Sehen Sie nach dem Schlüssel, seinen Rechten oder den Einstellungen.',
  ],
  said: ['What it said', 'Was er sagte'],
  lastRead: ['Last read', 'Zuletzt gelesen'],
  lastWhole: ['Whole list read', 'Ganze Liste gelesen'],
  nextRead: ['Next reading', 'Nächste Lesung'],
  found: ['Last reading', 'Letzte Lesung'],
  entries: [(count: string) => `${count} entries`, (count: string) => `${count} Einträge`],
  strangers: [(count: string) => `${count} strangers to us`, (count: string) => `${count} uns fremd`],
  heldNow: [(count: string) => `${count} put on hold`, (count: string) => `${count} gesperrt`],
  heldBefore: [(count: string) => `${count} on hold before`, (count: string) => `${count} schon gesperrt`],
  vanished: [(count: string) => `${count} gone from it`, (count: string) => `${count} nicht mehr darauf`],
  released: [(count: string) => `${count} let go`, (count: string) => `${count} freigegeben`],
  unreadable: [(count: string) => `${count} not readable`, (count: string) => `${count} nicht lesbar`],
  truncated: ['the provider shows a part only', 'der Anbieter zeigt nur einen Teil'],
  changes: ['To change there', 'Dort zu ändern'],
  changesWaiting: [(count: string) => `${count} changes wait`, (count: string) => `${count} Änderungen warten`],
  changesRefused: [(count: string) => `${count} refused`, (count: string) => `${count} abgelehnt`],
  inStep: ['nothing', 'nichts'],
  // Settings
  settings: ['How it is kept in step', 'Wie abgeglichen wird'],
  every: ['Seconds between two readings', 'Sekunden zwischen zwei Lesungen'],
  everyHint: ['Empty: what suits the provider.', 'Leer: was zum Anbieter passt.'],
  pushHolds: ['Holds of ours go on its list too', 'Unsere Sperren kommen auch auf seine Liste'],
  pushNever: ['never', 'nie'],
  pushOwn: ['where the account has a list of its own', 'wo das Konto eine eigene Liste hat'],
  pushAlways: ['always: stops mail of every organisation of the account', 'immer: hält die Post aller Organisationen des Kontos auf'],
  follow: [
    'Let an address go here when it left that list, and that list alone held it',
    'Eine Adresse hier freigeben, wenn sie von jener Liste verschwand und nur diese sie sperrte',
  ],
  save: ['Save', 'Speichern'],
  saved: ['Saved.', 'Gespeichert.'],
  failed: [(why: string) => `That did not work. ${why}`, (why: string) => `Das ist nicht gelungen. ${why}`],
  // Entries
  lineNone: ['The provider’s list says nothing about our addresses.', 'Die Liste des Anbieters sagt nichts über unsere Adressen.'],
  lineNoMatch: ['Nothing on the provider’s list fits.', 'Auf der Liste des Anbieters passt nichts dazu.'],
  lineAll: [
    (count: string) => `The provider’s list names [${count} of our addresses](#list); each is on hold here too.`,
    (count: string) => `Die Liste des Anbieters nennt [${count} unserer Adressen](#list); jede ist auch hier gesperrt.`,
  ],
  lineDiffer: [
    (count: string, differ: string) =>
      `The provider’s list names [${count} of our addresses](#list); ${differ} of them are not on hold here.`,
    (count: string, differ: string) =>
      `Die Liste des Anbieters nennt [${count} unserer Adressen](#list); ${differ} davon sind hier nicht gesperrt.`,
  ],
  search: ['Whole address', 'Ganze Adresse'],
  look: ['Look', 'Suchen'],
  address: ['Address', 'Adresse'],
  verdict: ['What we make of it', 'Was wir daraus machen'],
  why: ['Its reason', 'Sein Grund'],
  listed: ['Listed', 'Gelistet'],
  stops: ['Stops', 'Hält auf'],
  stopsAll: ['all mail', 'alle Post'],
  transactional: ['transactional', 'Einzelpost'],
  bulk: ['bulk', 'Rundschreiben'],
  actions: ['Actions', 'Handlungen'],
  caption: ['Entries of the provider’s list about addresses of ours', 'Einträge der Liste des Anbieters über unsere Adressen'],
  clear: ['Clear all', 'Alles zurücksetzen'],
  emptyHow: [
    'Once the list is read, entries about addresses that our mail went to stand here.',
    'Ist die Liste gelesen, stehen hier Einträge über Adressen, an die unsere Post ging.',
  ],
  emptyMatchHow: ['Take a filter away, or look for another address.', 'Nehmen Sie einen Filter weg, oder suchen Sie eine andere Adresse.'],
  unlist: ['Take it off', 'Streichen'],
  unlistTitle: [
    (address: string) => `Take ${address} off the provider’s list`,
    (address: string) => `${address} von der Liste des Anbieters streichen`,
  ],
  unlistBody: [
    'The provider is told within seconds, and again until it has answered. A hold of ours stays as it is.',
    'Der Anbieter erfährt es in Sekunden, und wieder, bis er geantwortet hat. Eine Sperre bei uns bleibt, wie sie ist.',
  ],
  unlisted: [
    (address: string) => `The provider is told to take ${address} off.`,
    (address: string) => `Dem Anbieter wird gesagt, ${address} zu streichen.`,
  ],
});

export const verdictNames = catalogue({
  hold: ['on hold here too', 'auch hier gesperrt'],
  'not-the-recipient': ['not on hold: not the recipient’s fault', 'nicht gesperrt: liegt nicht am Empfänger'],
  passing: ['not on hold: it passes', 'nicht gesperrt: es geht vorüber'],
  'provider-rule': ['not on hold: a rule of the provider', 'nicht gesperrt: eine Regel des Anbieters'],
  ours: ['not on hold: the fault is ours', 'nicht gesperrt: liegt an uns'],
  'delivered-since': ['not on hold: mail arrived since', 'nicht gesperrt: seither kam Post an'],
  'released-since': ['not on hold: somebody let it go', 'nicht gesperrt: jemand gab sie frei'],
});

export const listedNames = catalogue({
  bounce: ['bounce', 'unzustellbar'],
  complaint: ['complaint', 'Beschwerde'],
  unsubscribe: ['unsubscribed', 'abgemeldet'],
  manual: ['put there by hand', 'von Hand eingetragen'],
  provider: ['the provider’s own reason', 'eigener Grund des Anbieters'],
});

// This file holds the texts around every page: bridge, rail, bottom bar, sign-in, palette, how the screen looks.
import { catalogue } from './words.ts';

export const frameWords = catalogue({
  skip: ['Skip to the page', 'Zur Seite springen'],
  rooms: ['Rooms', 'Räume'],
  roomsShort: ['Rooms, short', 'Räume, kurz'],
  operatorDesk: ['operator desk', 'Betreiberpult'],
  display: ['Display, language, sign out', 'Anzeige, Sprache, abmelden'],
  // Bridge
  takenIn: ['Taken in', 'Angenommen'],
  aMinute: [(count: string) => `${count} a minute`, (count: string) => `${count} je Minute`],
  handedOver: ['Handed over', 'Übergeben'],
  oldest: ['Oldest waiting', 'Wartet am längsten'],
  transactional: ['transactional', 'Einzelpost'],
  bulk: ['bulk', 'Rundschreiben'],
  balanced: ['Ledger balanced', 'Buch geht auf'],
  unbalanced: [(count: string) => `Ledger off by ${count}`, (count: string) => `Im Buch fehlen ${count}`],
  ledgerUnknown: ['Ledger not asked yet', 'Buch noch nicht gefragt'],
  noAnswer: ['The desk does not answer', 'Das Pult antwortet nicht'],
  find: ['Find anything', 'Alles finden'],
  nobodyWaits: ['nobody', 'niemand'],
  // Rail
  mail: ['Mail', 'Post'],
  waysOut: ['Ways out', 'Wege hinaus'],
  senders: ['Senders', 'Absender'],
  home: ['Home', 'Start'],
  messages: ['Messages', 'Nachrichten'],
  accounts: ['Provider accounts', 'Anbieterkonten'],
  accountsShort: ['Accounts', 'Konten'],
  tenants: ['Tenants', 'Organisationen'],
  tenantsShort: ['Tenants', 'Absender'],
  credentials: ['Credentials', 'Zugänge'],
  overview: ['Overview', 'Überblick'],
  findPerson: ['Find a person', 'Person finden'],
  developers: ['For developers', 'Für Entwickler'],
  developersShort: ['Developers', 'Entwickler'],
  more: ['More', 'Mehr'],
  needsPerson: ['needs a person', 'braucht einen Menschen'],
  // Simulator
  simulatorName: ['Where mail goes', 'Wohin die Post geht'],
  simulator: [
    'Mail goes to the simulator on this machine, not to the world. [Add a provider account](/accounts/new) to reach real mailboxes; from then on mail goes there.',
    'Die Post geht an den Simulator auf diesem Rechner, nicht in die Welt. [Legen Sie ein Anbieterkonto an](/accounts/new), um echte Postfächer zu erreichen; von da an geht die Post dorthin.',
  ],
  asking: ['Asking the desk who you are …', 'Das Pult wird gefragt, wer Sie sind …'],
  theSession: ['your session', 'Ihre Sitzung'],
});

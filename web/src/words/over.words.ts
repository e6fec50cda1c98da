// This file holds the texts of what opens over a page or before it: display, sign-in, palette, keys.
import { catalogue } from './words.ts';

export const overWords = catalogue({
  // Display dialog
  displayTitle: ['Display and language', 'Anzeige und Sprache'],
  language: ['Language', 'Sprache'],
  theme: ['Theme', 'Farben'],
  themeSystem: ['as the system', 'wie das System'],
  themeLight: ['light', 'hell'],
  themeDark: ['dark', 'dunkel'],
  density: ['Rows', 'Zeilen'],
  comfortable: ['comfortable', 'bequem'],
  compact: ['compact', 'dicht'],
  signOut: ['Sign out', 'Abmelden'],
  signedInAs: [(login: string) => `Signed in as ${login}.`, (login: string) => `Angemeldet als ${login}.`],
  // Sign-in
  signInTitle: ['Sign in', 'Anmelden'],
  signInLine: ['Sign in to see where the mail is.', 'Melden Sie sich an, um zu sehen, wo die Post ist.'],
  signInOver: ['Your session has ended; sign in to go on.', 'Ihre Sitzung ist zu Ende; melden Sie sich an, um weiterzumachen.'],
  login: ['Login', 'Anmeldename'],
  password: ['Password', 'Passwort'],
  signIn: ['Sign in', 'Anmelden'],
  firstLogin: [
    'The first login stands where the desk was started, and in data/bootstrap.json.',
    'Die erste Anmeldung steht dort, wo das Pult gestartet wurde, und in data/bootstrap.json.',
  ],
  // Palette
  explain: [(text: string) => `What does “${text}” mean?`, (text: string) => `Was heißt „${text}“?`],
  paletteTitle: ['Find anything', 'Alles finden'],
  paletteHint: ['An address, a subject, an id, a room …', 'Eine Adresse, ein Betreff, eine Kennung, ein Raum …'],
  paletteRecent: ['Recent', 'Zuletzt'],
  paletteMessages: ['Messages', 'Nachrichten'],
  paletteRooms: ['Rooms', 'Räume'],
  paletteActions: ['Actions', 'Aktionen'],
  findAddress: [(text: string) => `Messages to or from ${text}`, (text: string) => `Nachrichten an oder von ${text}`],
  findSubject: [(text: string) => `Messages with “${text}” in the subject`, (text: string) => `Nachrichten mit „${text}“ im Betreff`],
  findId: [(text: string) => `Message ${text}`, (text: string) => `Nachricht ${text}`],
  newTenant: ['Add a tenant', 'Organisation anlegen'],
  newCredential: ['Make a credential', 'Zugang anlegen'],
  newAccount: ['Add a provider account', 'Anbieterkonto anlegen'],
  nothing: ['Nothing here has that name.', 'Hier heißt nichts so.'],
  paletteKeys: ['Enter opens, Ctrl Enter in a new tab', 'Enter öffnet, Strg Enter in neuem Tab'],
  // Keys
  keysTitle: ['Keys', 'Tasten'],
  keyDown: ['Next row, row before', 'Nächste Zeile, vorige Zeile'],
  keyAcross: ['Cell to the right, to the left', 'Zelle rechts, links'],
  keyFind: ['Go to the search box', 'Zum Suchfeld'],
  keyBack: ['Back to the list, leave the row', 'Zurück zur Liste, Zeile verlassen'],
  keyPalette: ['Find anything', 'Alles finden'],
  keyOpen: ['Open the row', 'Zeile öffnen'],
  keyFilter: ['Filter by the chosen cell', 'Nach der gewählten Zelle filtern'],
});
